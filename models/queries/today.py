"""One day at the desk: who comes and goes, what comes next for each, what is late, what clashes, what it costs.

Bounded by the day: visits are found by the days they are on, and all that is read of them by their ids.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from models.policy.model import Policy
from models.queries.common import tier_marks, visits_on
from models.queries.day import Day, Tomorrow
from models.queries.day_lines import DayLines
from models.schema.store import reading
from models.schema.tables import Client, Visit
from models.services.session import Session
from models.services.sight import hidden_among
from models.words import Name

ON_THE_DAY = ("submitted", "approved", "under_way", "done", "no_show", "closed")
FORGOTTEN = timedelta(days=14)
"""So long an approved visit stays on the screen after its last day when nobody has said whether its guests came."""


def today(session: Session, day: date) -> Day:
    """The day as it stands now for the desk's actor, whose visits are `mine`; what they may not see is left out."""
    with reading():
        rows = _visits(session, day)
        facts = DayLines(session, day, rows)
        marks = tier_marks(session.policy)
        lines = [line for row in rows for line in facts.of(row, marks)]
        tomorrow = _tomorrow(session, day + timedelta(days=1))
    return Day(day, tuple(sorted(lines, key=lambda line: (line.at or facts.begin, line.visit, line.group))), tomorrow)


def _visits(session: Session, day: date) -> list[Visit]:
    """Those of the day; up to today those whose guests are still here; today those of which nobody said whether they
    came."""
    start = datetime.combine(day, time())
    staying = (Visit.state == "under_way") & (Visit.comes < start + timedelta(days=1))
    forgotten = (Visit.state == "approved") & Visit.comes.between(start - FORGOTTEN, start) & (Visit.goes < start)
    now = session.now().date()
    left_over = [staying] if day < now else [staying, forgotten] if day == now else []
    found: dict[int, Visit] = {}
    for condition in (Visit.id.in_(visits_on(day)), *left_over):
        rows = Visit.select(Visit, Client).left_outer_join(Client).where(condition)
        found |= {row.id: row for row in rows if row.state in ON_THE_DAY}
    unseen = hidden_among(session, found)
    return [row for row in found.values() if row.id not in unseen]


def _tomorrow(session: Session, day: date) -> Tomorrow:
    start = datetime.combine(day, time())
    rows = list(
        Visit.select(
            Visit.id, Visit.state, Visit.comes, Visit.client_name, Visit.headcount, Visit.tier, Visit.proposed_tier
        )
        .where(Visit.id.in_(visits_on(day)))
        .order_by(Visit.comes)
    )
    rows = [row for row in rows if row.state in ("submitted", "approved") and row.comes and row.comes >= start]
    unseen = hidden_among(session, (row.id for row in rows))
    rows = [row for row in rows if row.id not in unseen]
    first = rows[0] if rows else None
    return Tomorrow(
        day=day,
        visits=len(rows),
        guests=sum(row.headcount or 0 for row in rows),
        first_at=first.comes if first else None,
        first_client=first.client_name if first else "",
        first_tier=_tier(session.policy, first) if first else None,
    )


def _tier(policy: Policy, row: Visit) -> Name | None:
    tier = row.tier or row.proposed_tier
    return policy.name_of(tier) if tier else None
