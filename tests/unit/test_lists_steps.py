"""The work of a list is that of what it shows: what SQLite does is counted, in a small and a big store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from models.queries.calendar_lists import span
from models.queries.client_records import record
from models.queries.handover_facts import handover
from models.queries.request_lists import request_lines
from models.queries.task_lists import checklist, reminders, waiting
from models.queries.visit_detail import visit
from models.queries.visit_history import notifications, waiting_notifications
from models.schema import tables
from models.schema.arrangements import Notification
from models.schema.store import reading, write
from models.services.session import Session
from tests.ui.regulations import ARRIVE, approved, form, organisation
from tests.unit.many import more_visits, steps

DAY = ARRIVE.date()
VISITS = 20
FEW, MANY = 1_000, 10_000
NEIGHBOUR = 2
"""The client of the second visit."""


def reminded(session: Session) -> object:
    with reading():
        open_ones = [row.id for row in tables.Task.select(tables.Task.id).where(tables.Task.visit_id == 1)]
    return reminders(session, open_ones)


def another(session: Session) -> object:
    """The record of a client who was here once."""
    return record(session, NEIGHBOUR)


LISTS: dict[str, Callable[[Session], object]] = {
    "what waits": waiting,
    "checklist": checklist,
    "handover": handover,
    "reminders": reminded,
    "notifications": lambda session: (notifications(session), waiting_notifications(session)),
    "requests": lambda session: request_lines(session, tables.Visit.state == "approved"),
    "calendar": lambda session: span(session, DAY, DAY),
    "visit": lambda session: visit(session, 1),
    "another client": another,
}


def test_closed_visits_cost_nothing(tmp_path: Path) -> None:
    """Twenty visits at hand that only some may see, 1,000 in the store and then 10,000."""
    with organisation(tmp_path, "authority") as who:
        asked = form(who, "inspectors", applicant=who.ids["clerk"], headcount=2, depart=ARRIVE + timedelta(hours=5))
        base = approved(who, asked).visit
        approved(who, replace(asked, client="北江电器"))
        with write():
            tables.Task.delete().where(tables.Task.position > 1).execute()
            long_ago = ARRIVE - timedelta(days=60)
            Notification.create(
                visit=base, role="department", party="office", what=[], made_at=long_ago, told_at=long_ago
            )
        more_visits(base, VISITS - 2, lambda at: DAY, DAY)
        who.now = ARRIVE
        session = who.session("clerk")
        assert len({line.visit for line in checklist(session).lines}) == VISITS
        done, found = VISITS, dict[str, list[int]]()
        for wanted in (FEW, MANY):
            more_visits(base, wanted - done, lambda at: DAY - timedelta(days=at % 250 + 2), DAY)
            done = wanted
            for name, read in LISTS.items():
                found.setdefault(name, []).append(steps(partial(read, session)))
        assert len({line.visit for line in checklist(session).lines}) == VISITS
        grown = {name: counts for name, counts in found.items() if counts[1] > counts[0] * 1.2}
        assert not grown, found
