"""The visits of a span of days, for month, week and agenda; where a person of the register still stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from models.frozen import record
from models.policy.workdays import WorkDays
from models.queries.common import COMING, parts, sought, tier_marks, visits_on
from models.schema.store import reading
from models.schema.tables import Client, Visit
from models.services.leaving_verbs import parts_of
from models.services.rights import ActorContext, hidden, hidden_among
from models.services.session import Session
from models.words import Name, Phrase

SHOWN = ("submitted", "approved", "under_way", "done", "no_show", "closed")


@record
class CalendarEntry:
    """A visit that is here on a day. `at` is when it comes, or goes when `going`; None in between (local time).

    `asked`: it waits for approval; a visit of which only a change does is a running one.
    """

    visit: int
    number: str
    state: str
    asked: bool
    client: str
    find: tuple[str, ...]
    headcount: int
    tier: str | None
    mark: Name | None
    at: datetime | None
    going: bool
    arrives: bool
    hosts: tuple[str, ...]
    purposes: tuple[str, ...]


@record
class CalendarDay:
    """One day: its visits in order of time; `off` a holiday, `worked` a shifted working day."""

    day: date
    off: bool
    worked: bool
    entries: tuple[CalendarEntry, ...]

    @property
    def guests(self) -> int:
        """How many guests are here."""
        return sum(entry.headcount for entry in self.entries)

    @property
    def pending(self) -> bool:
        """Whether all of the day's visits still wait for approval."""
        return bool(self.entries) and all(entry.asked for entry in self.entries)


@record
class CalendarSpan:
    """Days in order; `unknown` are years whose public holidays are not known to the program."""

    days: tuple[CalendarDay, ...]
    unknown: tuple[int, ...]

    def on(self, day: date) -> CalendarDay | None:
        """That day, None outside the span."""
        place = (day - self.days[0].day).days
        return self.days[place] if 0 <= place < len(self.days) else None


def span(session: Session, first: date, last: date) -> CalendarSpan:
    """The days from `first` to `last` with those of their visits that the session's actor may see."""
    policy = session.policy
    with reading():
        among = Visit.id.in_(visits_on(first, last))
        unseen = hidden(session, among)
        found = Visit.select(Visit, Client).left_outer_join(Client).where(among)
        rows = [row for row in found if row.state in SHOWN and row.id not in unseen]
        people, find = parts([row.id for row in rows]), sought(rows)
    marks = tier_marks(policy)
    calendar = WorkDays(policy.calendar)
    days = []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        here = [row for row in rows if _is_here(row, day)]
        entries = [_entry(row, day, marks, people.get(row.id, {}), find[row.id]) for row in here]
        worked = calendar.is_workday(day) and day.weekday() >= 5
        days.append(CalendarDay(day, calendar.is_holiday(day), worked, tuple(sorted(entries, key=_time))))
    return CalendarSpan(tuple(days), tuple(sorted(calendar.unknown)))


def _entry(
    row: Visit, day: date, marks: dict[str, Name], people: dict[str, list[tuple[int, str]]], find: tuple[str, ...]
) -> CalendarEntry:
    tier = row.tier or row.proposed_tier
    arrives = row.comes is not None and row.comes.date() == day
    going = not arrives and row.goes is not None and row.goes.date() == day
    return CalendarEntry(
        visit=row.id,
        number=row.number or "",
        state=row.state,
        asked=row.state == "submitted" and row.before is None,
        client=row.client_name,
        find=find,
        headcount=row.headcount or 0,
        tier=tier,
        mark=marks.get(tier, Name.of(tier[:1])) if tier else None,
        at=row.comes if arrives else row.goes if going else None,
        going=going,
        arrives=arrives,
        hosts=tuple(name for _, name in people.get("host", ())),
        purposes=tuple(row.purposes),
    )


def _is_here(row: Visit, day: date) -> bool:
    """Also where the guests come, by what is known now, after they were to leave."""
    return row.comes is not None and row.comes.date() <= day <= max(row.comes, row.goes or row.comes).date()


def _time(entry: CalendarEntry) -> tuple[str, int]:
    return f"{entry.at:%H:%M}" if entry.at else "", entry.visit


# -- where a person still stands --------------------------------------------------------------------------------------

FEW = 3
"""So many visits are named."""


def stands(session: Session, person: int, most: int = FEW) -> tuple[Phrase, ...]:
    """Each part that somebody has in visits which are not over, in their bookings and tasks, in decisions that nobody
    else can make, the cars they usually drive and stand-ins; with how many, and at most so many of the visits: by their
    number alone where the actor may not see them (R74)."""
    with reading():
        rows = {row.id: row for row in Visit.select().where(Visit.state.in_(COMING)).order_by(Visit.comes, Visit.id)}
        parts = parts_of(session, person)
        parts["decides"] = _alone(session, person, rows.values())
        visits = {kind: ids for kind, ids in parts.items() if kind not in ("post", "stand_in", "car")}
        unseen = hidden_among(session, {visit for ids in visits.values() for visit in ids})
    aside = [Phrase(f"register.stands.{kind}", {"n": len(parts[kind])}) for kind in ("car", "stand_in") if parts[kind]]
    names = {
        row.id: f"{row.number or ''} {'' if row.id in unseen else row.client_name}".strip() for row in rows.values()
    }
    said = [_said(kind, [names[each] for each in ids if each in names], most) for kind, ids in visits.items()]
    return (*[each for each in said if each is not None], *aside)


def _alone(session: Session, person: int, rows: Iterable[Visit]) -> list[int]:
    """The requests that lie at them and at nobody else."""
    asked = [row for row in rows if row.state == "submitted"]
    context = ActorContext(session, asked)
    steps = [(row, context.step(row)) for row in asked]
    return [row.id for row, step in steps if step is not None and context.step_holders(row, step) == (person,)]


def _said(part: str, visits: list[str], most: int) -> Phrase | None:
    if not visits:
        return None
    names = list(dict.fromkeys(visits))
    which = ", ".join(names[:most]) + (" …" if len(names) > most else "")
    return Phrase(f"register.stands.{part}", {"n": len(visits), "visits": which})
