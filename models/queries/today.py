"""One day at the desk: who comes and goes, what comes next for each, what is late, what it costs.

Bounded by the day: visits that began more than `LONGEST` ago and are over are not looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from models.policy.model import Policy
from models.queries.common import parts, person_names, tier_marks
from models.schema.arrangements import Leg
from models.schema.store import reading
from models.schema.tables import Client, Decision, Expense, Guest, Note, Stage, Task, Visit
from models.services.costs import paid_by_company
from models.services.desk import Desk
from models.services.rights import may_all
from models.words import Name

LONGEST = timedelta(days=45)
"""No visit that is over lasted longer."""

ON_THE_DAY = ("submitted", "approved", "under_way", "done", "no_show", "closed")
Where = Literal["asked", "planned", "on_way", "here", "met", "on_site", "left", "no_show"]
STEPS: Mapping[Where, tuple[Where, str]] = {
    "planned": ("on_way", "track"),
    "on_way": ("here", "track"),
    "here": ("met", "met"),
    "met": ("on_site", "track"),
    "on_site": ("left", "seen_off"),
}
"""Where guests are → where they are next, and the verb that says so."""
FRESH = timedelta(minutes=30)
"""So long after its time a stage that nobody began is still the next one."""


@dataclass(frozen=True, slots=True)
class Next:
    """The next stage of a visit: what, when (local time), where, with whom."""

    stage: str
    at: datetime | None
    place: str
    people: str


@dataclass(frozen=True, slots=True)
class Due:
    """An open task: whose, what, by when (local time), for whom it is."""

    task: int
    party: str
    text: Name
    due: datetime
    assignee: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A note: when (local time), who, what."""

    at: datetime
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A visit on this day. `at` is when its guests come, or go when `going`; `by` how (mode, number); `where` they are.

    `planned`, `actual` are what the company pays, minor units; `late` and `soon` open tasks overdue and due by the end
    of the day; `unassigned` tasks that need somebody named; `unconfirmed` decisions recorded for somebody (R19);
    `changing`: a change of substance is being decided, the visit goes on meanwhile.
    """

    visit: int
    version: int
    number: str
    state: str
    where: Where
    client: str
    find: tuple[str, str]
    headcount: int
    tier: str | None
    mark: Name | None
    at: datetime
    going: bool
    by: tuple[str, str]
    met_by: str
    principal: str
    principal_post: str
    hosts: tuple[str, ...]
    mine: bool
    done: int
    total: int
    late: tuple[Due, ...]
    soon: tuple[Due, ...]
    unassigned: int
    unconfirmed: int
    changing: bool
    next: Next | None
    planned: int
    actual: int
    note: Remark | None


@dataclass(frozen=True, slots=True)
class Tomorrow:
    """What the day after holds: visits and guests that arrive, and the earliest of them."""

    day: date
    visits: int
    guests: int
    first_at: datetime | None
    first_client: str
    first_tier: Name | None


@dataclass(frozen=True, slots=True)
class Day:
    """All of one day, in order of time."""

    day: date
    lines: tuple[Line, ...]
    tomorrow: Tomorrow


def today(day: date, now: datetime, policy: Policy, person: int | None = None, hidden: Collection[int] = ()) -> Day:
    """The day as it stands at `now` (local time); `person` is whose visits are `mine`, `hidden` are left out."""
    start = datetime.combine(day, time())
    end = start + timedelta(days=1)
    with reading():
        rows = _visits(start, end, hidden)
        ids = [row.id for row in rows]
        facts = _Facts(ids, now, end, person)
        marks = tier_marks(policy)
        lines = [facts.line(row, day, marks) for row in rows]
        tomorrow = _tomorrow(end, policy, hidden)
    return Day(day, tuple(sorted(lines, key=lambda line: (line.at, line.visit))), tomorrow)


def allowed(desk: Desk, line: Line) -> Mapping[str, str | None]:
    """What the desk's actor may say of these guests now: by verb None, or the code of why not (see `rights.may`)."""
    return may_all(desk, line.visit)


def _visits(start: datetime, end: datetime, hidden: Collection[int]) -> list[Visit]:
    return list(
        Visit.select(Visit, Client)
        .left_outer_join(Client)
        .where(
            Visit.state.in_(ON_THE_DAY),
            Visit.id.not_in(hidden),
            Visit.arrive < end,
            (Visit.arrive >= start - LONGEST) & (Visit.depart >= start) | (Visit.state == "under_way"),
        )
    )


def _tomorrow(start: datetime, policy: Policy, hidden: Collection[int]) -> Tomorrow:
    rows = list(
        Visit.select(Visit.arrive, Visit.client_name, Visit.headcount, Visit.tier, Visit.proposed_tier)
        .where(
            Visit.state.in_(("submitted", "approved")),
            Visit.id.not_in(hidden),
            Visit.arrive >= start,
            Visit.arrive < start + timedelta(days=1),
        )
        .order_by(Visit.arrive)
    )
    first = rows[0] if rows else None
    tier = (first.tier or first.proposed_tier) if first else None
    return Tomorrow(
        day=start.date(),
        visits=len(rows),
        guests=sum(row.headcount or 0 for row in rows),
        first_at=first.arrive if first else None,
        first_client=first.client_name if first else "",
        first_tier=policy.name_of(tier) if tier else None,
    )


def _grouped(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.visit_id].append(row)
    return found


class _Facts:
    """What the tables beside the visits' own say of these visits, read with one query a table."""

    def __init__(self, ids: Sequence[int], now: datetime, end: datetime, person: int | None) -> None:
        self.now, self.end, self.person = now, end, person
        self.parts = parts(ids)
        self.guests = _grouped(
            Guest.select().where(Guest.visit.in_(ids)).order_by(Guest.principal.desc(), Guest.position)
        )
        self.legs = _grouped(Leg.select().where(Leg.visit.in_(ids)))
        self.stages = _grouped(Stage.select().where(Stage.visit.in_(ids)).order_by(Stage.at.is_null(), Stage.at))
        self.tasks = _grouped(
            Task.select().where(Task.visit.in_(ids), Task.state != "gone").order_by(Task.due, Task.position)
        )
        self.expenses = _grouped(Expense.select().where(Expense.visit.in_(ids)))
        self.notes = _grouped(Note.select().where(Note.visit.in_(ids)).order_by(Note.at.desc(), Note.id.desc()))
        self.unconfirmed = _grouped(
            Decision.select().where(
                Decision.visit.in_(ids), Decision.recorded_by.is_null(False), Decision.confirmed_utc.is_null()
            )
        )
        assignees = [task.assignee_id for tasks in self.tasks.values() for task in tasks]
        authors = [note.person_id for notes in self.notes.values() for note in notes]
        self.names = person_names([*assignees, *authors])

    def line(self, row: Visit, day: date, marks: dict[str, Name]) -> Line:
        """The visit's line on this day."""
        legs = {leg.way: leg for leg in self.legs.get(row.id, ())}
        at, going = _time_on(row, day)
        leg = legs.get("departure" if going else "arrival")
        where = _where(row, legs.get("arrival"))
        if leg is not None and leg.expected and where in ("planned", "on_way"):
            at = leg.expected
        people = self.parts.get(row.id, {})
        hosts = tuple(name for _, name in people.get("host", ()))
        tasks = self.tasks.get(row.id, [])
        late, soon = self._due(tasks)
        tier = row.tier or row.proposed_tier
        principal = next(iter(self.guests.get(row.id, ())), None)
        stages = self.stages.get(row.id, [])
        return Line(
            visit=row.id,
            version=row.version,
            number=row.number or "",
            state=row.state,
            where=where,
            client=row.client_name,
            find=(row.client.pinyin, row.client.initials) if row.client else ("", ""),
            headcount=row.headcount or 0,
            tier=tier,
            mark=marks.get(tier, Name.of(tier[:1])) if tier else None,
            at=at,
            going=going,
            by=(leg.mode, leg.number) if leg is not None else ("", ""),
            met_by=_met_by(stages, going, hosts),
            principal=principal.name if principal else "",
            principal_post=principal.post if principal else "",
            hosts=hosts,
            mine=self._mine(row, people, tasks),
            done=sum(task.state == "done" for task in tasks),
            total=sum(task.state != "dropped" for task in tasks),
            late=late,
            soon=soon,
            unassigned=sum(t.state == "open" and t.needs_assignee and t.assignee_id is None for t in tasks),
            unconfirmed=len(self.unconfirmed.get(row.id, ())),
            changing=row.before is not None,
            next=_next(stages, self.now, where) if row.state in ("submitted", "approved", "under_way") else None,
            planned=row.total,
            actual=sum(paid_by_company(each) for each in self.expenses.get(row.id, ())),
            note=self._note(row.id),
        )

    def _due(self, tasks: list[Any]) -> tuple[tuple[Due, ...], tuple[Due, ...]]:
        open_ones = [task for task in tasks if task.state == "open" and task.due is not None and task.due < self.end]
        dues = [
            Due(task.id, task.party, Name(task.text), task.due, self.names.get(task.assignee_id, ""))
            for task in open_ones
        ]
        return tuple(d for d in dues if d.due < self.now), tuple(d for d in dues if d.due >= self.now)

    def _mine(self, row: Any, people: dict[str, list[tuple[int, str]]], tasks: list[Any]) -> bool:
        named = {person for role in people.values() for person, _ in role}
        named |= {row.applicant_id, row.coordinator_id} | {task.assignee_id for task in tasks}
        return self.person is not None and self.person in named

    def _note(self, visit: int) -> Remark | None:
        notes = self.notes.get(visit)
        return Remark(notes[0].at, self.names.get(notes[0].person_id, ""), notes[0].text) if notes else None


def _time_on(row: Visit, day: date) -> tuple[datetime, bool]:
    """When the visit's guests come on this day, or else go; one in between stands at the day's beginning."""
    if row.arrive is not None and row.arrive.date() == day and row.state not in ("done", "closed"):
        return row.arrive, False
    if row.depart is not None and row.depart.date() == day:
        return row.depart, True
    if row.arrive is not None and row.arrive.date() == day:
        return row.arrive, False
    return datetime.combine(day, time()), False


def _where(row: Visit, arrival: Any) -> Where:
    if row.state == "submitted" and row.before is None:
        return "asked"
    if row.state == "no_show":
        return "no_show"
    if row.state in ("done", "closed"):
        return "left"
    state = arrival.state if arrival is not None else "planned"
    if row.state == "under_way":
        return "on_site" if state == "on_site" else "met"
    known: tuple[Where, ...] = ("planned", "on_way", "here")
    if row.before is not None:
        known = (*known, "met", "on_site")
    return next((place for place in known if place == state), "planned")


def _met_by(stages: list[Any], going: bool, hosts: tuple[str, ...]) -> str:
    """Who meets the guests, or takes them away: the people of the first or last stage that names any, else the host."""
    named = [stage.people for stage in sorted(stages, key=lambda stage: stage.position) if stage.people]
    if named and stages:
        return str(named[-1] if going else named[0])
    return hosts[0] if hosts else ""


def _next(stages: list[Any], now: datetime, where: Where) -> Next | None:
    """The stage under way, else the first still planned. Once the guests are met the one that met them is over, and a
    planned one whose time is long past is none any more."""
    rows = [stage for stage in stages if stage.state == "under_way"]
    if not rows:
        rows = [stage for stage in stages if stage.state == "planned"]
        if where in ("met", "on_site"):
            first = min((stage.position for stage in stages), default=0)
            rows = [stage for stage in rows if stage.position != first]
            rows = [stage for stage in rows if stage.at is None or stage.at >= now - FRESH] or rows[-1:]
    return Next(rows[0].stage, rows[0].at, rows[0].place, rows[0].people) if rows else None
