"""One day at the desk: the lines of Today and what of each is next, late or wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from models.frozen import record
from models.policy.model import Policy
from models.queries.common import (
    ARRANGED,
    COMING,
    MET,
    Ride,
    called_one,
    met_by,
    parts,
    people_of,
    pieces,
    register,
    ride,
    sought,
    tier_marks,
    visits_on,
)
from models.schema.arrangements import Booking, Leg, Notification, Resource
from models.schema.store import reading
from models.schema.tables import Client, Decision, Expense, Guest, Note, Person, Stage, Task, Visit
from models.services.phones import Phones
from models.services.rights import ActorContext, hidden_among, refusals
from models.services.seating import serves
from models.services.session import Session
from models.services.stage_names import meal_kind, stage_meals, stage_places
from models.services.visit_diff import sentence, unpack_difference
from models.services.visits import company_share, visit_policy
from models.services.whereabouts import people_among, time_of
from models.words import Name, Phrase, called

# -- a day and its troubles -------------------------------------------------------------------------------------------

Where = Literal["asked", "planned", "on_way", "here", "met", "on_site", "left", "no_show"]
STEPS: Mapping[Where, tuple[Where, str]] = {
    "planned": ("on_way", "track"),
    "on_way": ("here", "track"),
    "here": ("met", "track"),
    "met": ("on_site", "track"),
    "on_site": ("left", "seen_off"),
}
"""Where guests are → where they are next, and the verb that says so."""
VERBS = ("track", "seen_off", "take_back", "miss")
"""What is said of guests on their day."""


@record
class Next:
    """The next stage of a visit: what, when (local time), where, with whom; for which kind of `meal`, if any."""

    stage: str
    at: datetime | None
    place: str
    people: str
    meal: str | None = None


@record
class Due:
    """An open task: whose, what, by when (local time), for whom it is."""

    task: int
    party: str
    text: Name
    due: datetime
    assignee: str


@record
class Remark:
    """A note: when (local time), who, what."""

    at: datetime
    who: str
    text: str


@record
class WaitingNotification:
    """Somebody who has not been told of a change yet: `role` driver department host contact, a department's id in
    `party` or a name; `what` has changed, in sentences."""

    role: str
    party: str
    name: str
    what: tuple[Phrase, ...]


@record
class Trouble:
    """A clash: its `code`, of which `thing` (car room person), from when on (local time), in a sentence; `other`: the
    client of the visit with which it clashes.

    `code`: twice seats grade ungraded gap equipment midnight; none: no car, short: not everybody has a seat, off: the
    car is booked for another time.
    """

    code: str
    thing: str
    at: datetime
    text: Phrase
    other: str


@record
class Alert:
    """Something wrong: what (a key of `today.alert`), how many, and from when on it hurts (local time)."""

    code: str
    n: int
    at: datetime


@record
class DayLine:
    """Guests who come or go on this day: a visit, or one group of it (`group`: the place of its leg, 0 for the visit).

    `due` is when they come, or go when `going`, as it is known now; `at` the same where it is on this day, None of
    those who do neither on it; `by` how (mode, number); `where` they are; `stays`: they are to have come before this
    day, and to be here all of it; `headcount` those of the group. `planned`, `actual` are what the company pays for
    the visit, minor units; `late` and `soon` open tasks overdue and due by the end of the day; `changing`: a change of
    substance is being decided, the visit goes on meanwhile; `alerts` what is wrong, what hurts first in front;
    `gone` who stands on the visit and is switched off; `may`: by verb of `VERBS` None, or the code of why the actor may
    not (see `rights.refusal_code`).
    """

    visit: int
    leg: int | None
    group: int
    version: int
    number: str
    state: str
    where: Where
    client: str
    find: tuple[str, ...]
    headcount: int
    names: tuple[str, ...]
    tier: str | None
    mark: Name | None
    at: datetime | None
    due: datetime
    going: bool
    stays: bool
    by: tuple[str, str]
    place: str
    met_by: str
    rides: tuple[Ride, ...]
    principal: str
    principal_post: str
    hosts: tuple[str, ...]
    mine: bool
    done: int
    total: int
    late: tuple[Due, ...]
    soon: tuple[Due, ...]
    unassigned: int
    to_notify: tuple[WaitingNotification, ...]
    clashes: tuple[Trouble, ...]
    alerts: tuple[Alert, ...]
    changing: bool
    next: Next | None
    planned: int
    actual: int
    note: Remark | None
    refusals: Mapping[str, str | None]
    gone: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the line is known by: the visit's id, that of a group behind it."""
        return f"{self.visit}.{self.leg}" if self.group else f"{self.visit}"


@record
class Tomorrow:
    """What the day after holds: visits and guests that arrive, and the earliest of them."""

    day: date
    visits: int
    guests: int
    first_at: datetime | None
    first_client: str
    first_tier: Name | None


@record
class Day:
    """All of one day, in order of time."""

    day: date
    lines: tuple[DayLine, ...]
    tomorrow: Tomorrow


# -- the lines of a day -----------------------------------------------------------------------------------------------

EXPECTED = ("planned", "on_way")
FRESH = timedelta(minutes=30)
"""So long after its time a stage that nobody began is still the next one."""


class DayLines:
    """Makes the lines of one day. To be used inside `reading`."""

    def __init__(self, session: Session, day: date, rows: Sequence[Visit], *, whole: bool = False) -> None:
        self.day, self.now, self.person = day, session.now(), session.actor.person
        self.begin, self.end = (datetime.combine(day + timedelta(days=n), time()) for n in (0, 1))
        ids = [row.id for row in rows]
        self.parts = parts(ids)
        self.guests = _by_visit(Guest, ids, Guest.principal.desc(), Guest.position)
        self.find = sought(rows)
        self.legs = _by_visit(Leg, ids, Leg.position)
        self.stages = _by_visit(Stage, ids, Stage.at.is_null(), Stage.at)
        self.meals = stage_meals(_all(self.stages))
        self.tasks = _by_visit(Task, ids, Task.due, Task.position, only=Task.state != "gone")
        self.expenses = _by_visit(Expense, ids, Expense.position)
        self.notes = _by_visit(Note, ids, Note.at.desc(), Note.id.desc())
        self.to_notify = _by_visit(Notification, ids, Notification.id, only=Notification.told_at.is_null())
        self.bookings = _by_visit(Booking, ids, Booking.starts, only=Booking.resource.is_null(False))
        unconfirmed = Decision.recorded_by.is_null(False) & Decision.confirmed_utc.is_null()
        unconfirmed &= Decision.outcome != "taken_back"
        self.unconfirmed = _by_visit(Decision, ids, Decision.id, only=unconfirmed)
        booked = {booking.resource_id for booking in _all(self.bookings)}
        things = list(Resource.select().where(Resource.id.in_(booked)))
        self.cars = {row.id: row for row in things if row.kind == "car"}
        self.rooms: dict[int | None, str] = {row.id: row.name for row in things if row.kind == "room"}
        own = {row.policy_id: row for row in rows}
        self.policies = {policy: visit_policy(session, row) for policy, row in own.items()}
        self.people = people_of([*self._named(), *(row.coordinator_id for row in rows)])
        self.register = register()
        context = ActorContext(session, rows)
        self.phones = Phones(context, whole=whole)
        self.refusals = {row.id: refusals(context, row, VERBS) for row in rows}

    def _named(self) -> Iterable[int | None]:
        for task in _all(self.tasks):
            yield task.assignee_id
        for note in _all(self.notes):
            yield note.person_id
        for roles in self.parts.values():
            yield from (person for named in roles.values() for person, _ in named)
        for leg in _all(self.legs):
            yield leg.meeter_id
        for told in _all(self.to_notify):
            yield told.person_id
        for booking in _all(self.bookings):
            yield booking.driver_id
        for car in self.cars.values():
            yield car.driver_id

    def of(self, row: Visit, marks: dict[str, Name]) -> list[DayLine]:
        """The lines of a visit: its guests as a whole, and each group that comes or goes on its own on this day."""
        legs = self.legs.get(row.id, [])
        own = {leg.way: leg for leg in legs if leg.position == 0}
        groups = [leg for leg in legs if leg.position]
        grouped = any(leg.way == "arrival" for leg in groups)
        arrival, departure = own.get("arrival"), own.get("departure")
        where = _where(row, arrival, grouped)
        due, going = self._time(arrival, departure, row, where)
        if departure is not None and departure.state == "left" and not groups:
            where = "left"  # also while a change is still being decided
        main = self._line(row, marks, departure if going else arrival, where, due, going)
        lines = []
        for leg in groups:
            group, going = time_of(row, leg), leg.way == "departure"
            if group is not None and group.date() == self.day:
                place = _where(row, leg, True) if not going else "left" if leg.state == "left" else where
                lines.append(self._line(row, marks, leg, place, group, going))
        return lines if lines and not main.headcount else [main, *lines]

    def _time(self, arrival: Any, departure: Any, row: Visit, where: Where) -> tuple[datetime, bool]:
        """When the guests come, or were to; when they go (True) where that is on this day and they do not come on
        it."""
        comes = (time_of(row, arrival) if arrival is not None else None) or row.comes or self.begin
        goes = (time_of(row, departure) if departure is not None else None) or row.goes
        overdue = where in EXPECTED and comes < self.now
        on_day = [at is not None and at.date() == self.day for at in (comes, goes)]
        if goes is not None and on_day[1] and not overdue and (not on_day[0] or where in ("on_site", "left")):
            return goes, True
        return comes, False

    def _line(self, row: Visit, marks: dict[str, Name], leg: Any, where: Where, due: datetime, going: bool) -> DayLine:
        people = self.parts.get(row.id, {})
        hosts = tuple(name for _, name in people.get("host", ()))
        tasks, stages = self.tasks.get(row.id, []), self.stages.get(row.id, [])
        todo = [task for task in tasks if task.state == "open"] if row.state in ARRANGED else []
        late, soon = self._due(todo)
        tier = row.tier or row.proposed_tier
        principal = next(iter(self.guests.get(row.id, ())), None)
        line = DayLine(
            visit=row.id,
            leg=leg.id if leg is not None else None,
            group=leg.position if leg is not None else 0,
            version=row.version,
            number=row.number or "",
            state=row.state,
            where=where,
            client=row.client_name,
            find=self.find[row.id],
            headcount=self._headcount(row, leg),
            names=tuple(leg.guests) if leg is not None else (),
            tier=tier,
            mark=marks.get(tier, Name.of(tier[:1])) if tier else None,
            at=due if due.date() == self.day else None,
            due=due,
            going=going,
            stays=due < self.begin and (where not in EXPECTED or due > self.now),
            by=(leg.mode, leg.number) if leg is not None else ("", ""),
            place=" ".join(part for part in (leg.place, leg.terminal) if part) if leg is not None else "",
            met_by=self._meeter(row, leg) or met_by(stages, going, hosts, self._register(row)),
            rides=self._rides(row, leg, "departure" if going else "arrival", due),
            principal=principal.name if principal else "",
            principal_post=principal.post if principal else "",
            hosts=hosts,
            mine=self._mine(row, people, tasks),
            done=sum(task.state == "done" for task in tasks),
            total=sum(task.state != "dropped" for task in tasks),
            late=late,
            soon=soon,
            unassigned=sum(_unassigned(task) for task in todo),
            to_notify=tuple(_to_notify(each, self.people.get(each.person_id)) for each in self._to_notify(row)),
            clashes=(),
            alerts=(),
            changing=row.before is not None,
            next=self._next(row, where) if row.state in ("submitted", "approved", "under_way") else None,
            planned=row.total,
            actual=sum(company_share(each) for each in self.expenses.get(row.id, ())),
            note=self.phones.about(row.id, self._note(row.id)),
            refusals=self.refusals[row.id],
        )
        line = replace(line, gone=self._gone(row, line))
        return replace(line, alerts=tuple(sorted(self._alerts(row, line, todo), key=lambda alert: alert.at)))

    def _gone(self, row: Visit, line: DayLine) -> tuple[str, ...]:
        """Who has a part in a visit that is not over, and is switched off in the register."""
        if line.where in ("left", "no_show") or row.state not in ("submitted", "approved", "under_way"):
            return ()
        roles, bookings = self.parts.get(row.id, {}), self.bookings.get(row.id, [])
        cars = {booking.id: self.cars.get(booking.resource_id) for booking in bookings}
        ids = [
            *(person for named in roles.values() for person, _ in named),
            row.coordinator_id,
            *(leg.meeter_id for leg in self.legs.get(row.id, ()) if leg.state not in MET),
            *(each.driver_id or getattr(cars[each.id], "driver_id", None) for each in bookings if each.ends > self.now),
            *(task.assignee_id for task in self.tasks.get(row.id, ()) if task.state == "open"),
        ]
        rows = [self.people[each] for each in dict.fromkeys(ids) if each in self.people]
        return tuple(person.name for person in rows if not person.active)

    def _headcount(self, row: Visit, leg: Any) -> int:
        """How many come with this leg: the main one brings all that no other leg of its way does."""
        every = row.headcount or 0
        return every if leg is None else people_among(every, leg, self.legs.get(row.id, ()))

    def _rides(self, row: Visit, leg: Any, way: str, at: datetime) -> tuple[Ride, ...]:
        """The cars booked for a leg; those for no leg in particular at its time."""
        found = []
        for booking in self.bookings.get(row.id, ()):
            car = self.cars.get(booking.resource_id)
            if car is not None and serves(booking, leg.id if leg is not None else None, way, at):
                found.append(ride(booking, car, self.people, self.now, self.phones))
        return tuple(found)

    def _alerts(self, row: Visit, line: DayLine, tasks: Sequence[Any]) -> Iterable[Alert]:
        """What is wrong and when it hurts: mostly when the guests come, or go, all day of those who stay; of the same
        hour the worse in front."""
        over, expected = line.where in ("left", "no_show"), line.where in EXPECTED
        at = line.at or self.begin
        late = min([due.due for due in line.late], default=self.now)
        unassigned = [task.due or at for task in tasks if _unassigned(task)]
        days_over = row.goes is not None and row.goes.date() < self.now.date()
        facts: dict[str, tuple[int, datetime]] = {
            "overdue_guest": (int(expected and line.due < self.now), line.due),
            "forgotten": (int(expected and days_over), line.due),
            "unmet": (int(line.where == "here" and days_over), line.due),
            "changing": (int(line.changing), at),
            "no_host": (int(not line.hosts and not over), at),
            "gone": (len(line.gone), at),
            "late": (len(line.late), max(late, at)),
            "untold": (len(line.to_notify), at),
            "unassigned": (len(unassigned), max(min(unassigned, default=self.now), at)),
            "unconfirmed": (len(self.unconfirmed.get(row.id, ())), row.goes or self.end),
        }
        return [Alert(code, n, at) for code, (n, at) in facts.items() if n]

    def _to_notify(self, row: Visit) -> list[Any]:
        return self.to_notify.get(row.id, []) if row.state in ("submitted", "approved", "under_way") else []

    def _due(self, tasks: list[Any]) -> tuple[tuple[Due, ...], tuple[Due, ...]]:
        open_ones = [task for task in tasks if task.due is not None and task.due < self.end]
        dues = [
            Due(task.id, task.party, Name(task.text), task.due, called_one(self.people.get(task.assignee_id), True))
            for task in open_ones
        ]
        return tuple(d for d in dues if d.due < self.now), tuple(d for d in dues if d.due >= self.now)

    def _mine(self, row: Any, people: dict[str, list[tuple[int, str]]], tasks: list[Any]) -> bool:
        named: set[int | None] = {person for role in people.values() for person, _ in role}
        named |= {row.applicant_id, row.coordinator_id} | {task.assignee_id for task in tasks}
        named |= {leg.meeter_id for leg in self.legs.get(row.id, ())}
        for booking in self.bookings.get(row.id, ()):
            car = self.cars.get(booking.resource_id)
            named.add(booking.driver_id or (car.driver_id if car else None))
        return self.person is not None and self.person in named

    def _next(self, row: Visit, where: Where) -> Next | None:
        stages = self.stages.get(row.id, [])
        step = _next(stages, self.now, where)
        if step is None:
            return None
        bookings = self.bookings.get(row.id, [])
        places = stage_places(self.policies[row.policy_id], stages, bookings, self.rooms, self.meals)
        people = "".join(pieces(step.people, self.register))
        return Next(step.stage, step.at, places[step.id].text, people, meal_kind(step, self.meals))

    def _note(self, visit: int) -> Remark | None:
        notes = self.notes.get(visit)
        return Remark(notes[0].at, self._name(notes[0].person_id), notes[0].text) if notes else None

    def _meeter(self, row: Visit, leg: Any) -> str:
        """Who is named to meet them or to see them off."""
        named = self.people.get(leg.meeter_id) if leg is not None else None
        return called_one(named, row.state in COMING and leg.state not in MET) if named else ""

    def _register(self, row: Visit) -> dict[str, bool]:
        return self.register if row.state in COMING else {}

    def _name(self, person: int | None) -> str:
        found = self.people.get(person)
        return found.name if found else ""


def _by_visit(table: Any, ids: Sequence[int], *order: Any, only: Any = None) -> dict[int, list[Any]]:
    """Rows of a table for these visits, by visit."""
    query = table.select().where(table.visit.in_(ids))
    if only is not None:
        query = query.where(only)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in query.order_by(*order):
        found[row.visit_id].append(row)
    return found


def _all(rows: dict[int, list[Any]]) -> Iterable[Any]:
    return (row for each in rows.values() for row in each)


def _to_notify(row: Any, person: Person | None) -> WaitingNotification:
    name = called(row.name, person is None or person.active)
    return WaitingNotification(row.role, row.party, name, tuple(sentence(unpack_difference(each)) for each in row.what))


def _unassigned(task: Any) -> bool:
    return bool(task.needs_assignee and task.assignee_id is None)


def _where(row: Visit, leg: Any, grouped: bool) -> Where:
    """Where guests are: what their arrival says, as far as the visit's state lets them be there; of a visit whose
    guests come in groups each has a state of its own."""
    if row.state == "submitted" and row.before is None:
        return "asked"
    if row.state == "no_show":
        return "no_show"
    if row.state in ("done", "closed"):
        return "left"
    state = leg.state if leg is not None else "planned"
    if row.state == "under_way" and not grouped:
        return "on_site" if state == "on_site" else "met"
    known: tuple[Where, ...] = ("planned", "on_way", "here")
    if grouped or row.before is not None:
        known = (*known, "met", "on_site", "no_show")
    return next((place for place in known if place == state), "planned")


def _next(stages: list[Stage], now: datetime, where: Where) -> Stage | None:
    """The stage under way, else the first still planned. Once the guests are met the one that met them is over, and a
    planned one whose time is long past is none any more."""
    first = min((stage.position for stage in stages), default=0)
    here = where in ("met", "on_site")
    ahead = [stage for stage in stages if not (here and stage.position == first)]
    rows = [stage for stage in ahead if stage.state == "under_way"]
    if not rows:
        rows = [stage for stage in ahead if stage.state == "planned"]
        if here:
            rows = [stage for stage in rows if stage.at is None or stage.at >= now - FRESH] or rows[-1:]
    return rows[0] if rows else None


# -- the day as read --------------------------------------------------------------------------------------------------

ON_THE_DAY = ("submitted", "approved", "under_way", "done", "no_show", "closed")
FORGOTTEN = timedelta(days=14)
"""So long an approved visit stays on the screen after its last day when nobody has said whether its guests came."""


def today(session: Session, day: date, *, whole: bool = False) -> Day:
    """The day as it stands now for the session's actor, whose visits are `mine`; what they may not see is left out.
    With `whole` no phone is masked."""
    with reading():
        rows = _visits(session, day)
        facts = DayLines(session, day, rows, whole=whole)
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
