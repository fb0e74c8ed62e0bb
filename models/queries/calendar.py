"""The visits of a span of days: on each day who is here, for the month's grid, the week and a day's agenda."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.policy.case import WorkDays
from models.queries.common import parts, sought, tier_marks, visits_on
from models.schema.store import reading
from models.schema.tables import Client, Visit
from models.services.session import Session
from models.services.sight import hidden
from models.words import Name

SHOWN = ("submitted", "approved", "under_way", "done", "no_show", "closed")


@dataclass(frozen=True, slots=True)
class Entry:
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


@dataclass(frozen=True, slots=True)
class Day:
    """One day: its visits in order of time; `off` a holiday, `worked` a shifted working day."""

    day: date
    off: bool
    worked: bool
    entries: tuple[Entry, ...]

    @property
    def guests(self) -> int:
        """How many guests are here."""
        return sum(entry.headcount for entry in self.entries)

    @property
    def pending(self) -> bool:
        """Whether all of the day's visits still wait for approval."""
        return bool(self.entries) and all(entry.asked for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Span:
    """Days in order; `unknown` are years whose public holidays are not known to the program."""

    days: tuple[Day, ...]
    unknown: tuple[int, ...]

    def on(self, day: date) -> Day | None:
        """That day, None outside the span."""
        place = (day - self.days[0].day).days
        return self.days[place] if 0 <= place < len(self.days) else None


def span(session: Session, first: date, last: date) -> Span:
    """The days from `first` to `last` with those of their visits that the desk's actor may see."""
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
        days.append(Day(day, calendar.is_holiday(day), worked, tuple(sorted(entries, key=_time))))
    return Span(tuple(days), tuple(sorted(calendar.unknown)))


def _entry(
    row: Visit, day: date, marks: dict[str, Name], people: dict[str, list[tuple[int, str]]], find: tuple[str, ...]
) -> Entry:
    tier = row.tier or row.proposed_tier
    arrives = row.comes is not None and row.comes.date() == day
    going = not arrives and row.goes is not None and row.goes.date() == day
    return Entry(
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


def _time(entry: Entry) -> tuple[str, int]:
    return f"{entry.at:%H:%M}" if entry.at else "", entry.visit
