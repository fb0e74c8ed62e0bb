"""What is held by visits: booked cars, rooms and people, and the hosts, meeters and drivers whose part implies it.

A hold is tentative while its visit is asked for and firm once that is approved; it says so by its visit's state, and a
visit that was called off, returned or never came holds nothing. One that is over holds until now at most.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from models.errors import Refused
from models.form import Form
from models.policy.case import Case
from models.policy.holding import Clash, equipment_of, purposes_of, span_of
from models.policy.holding import clashes_of as clashes_of_hold
from models.policy.judge import prepared
from models.policy.model import Policy
from models.policy.programme import programme
from models.policy.request import Hold
from models.schema.arrangements import Booking, BookingDay, Leg, Resource, VisitDay
from models.schema.store import reading
from models.schema.tables import Stage, Visit, VisitPerson
from models.services.desk import Desk
from models.services.forms import read_form
from models.services.people import person_names
from models.services.seating import riders
from models.services.snapshot import unpacked
from models.services.visits import asked, tier_now, visit_policy
from models.services.whereabouts import due, legs_of

WAYS = ("arrival", "departure")
HOLDING = ("submitted", "approved", "under_way", "done", "closed")
DAY = timedelta(days=1)
Pair = tuple[datetime, datetime]


def firm(row: Visit) -> bool:
    """Whether what the visit holds is firm: it was approved, be it that a change to it is being decided."""
    return row.state in ("approved", "under_way", "done", "closed") or (
        row.state == "submitted" and row.before is not None
    )


@dataclass
class Plan:
    """A visit as its policy holds things for it: when what is, by the form that was approved.

    While a change of substance is being decided that is not the form as asked for. `request`, `case` are None where
    the form lacks what the policy must know.
    """

    desk: Desk
    row: Visit

    @cached_property
    def policy(self) -> Policy:
        """The visit's own."""
        return visit_policy(self.desk, self.row)

    @cached_property
    def form(self) -> Form:
        """The form that holds."""
        return unpacked(self.row.before) if self.row.before is not None else read_form(self.row)

    @cached_property
    def case(self) -> Case | None:
        """Everything the policy asks about; None where it cannot be asked."""
        tier = self.form.tier if self.row.before is not None else tier_now(self.row)
        try:
            return prepared(self.policy, asked(self.desk, self.policy, self.row, self.form, tier))
        except Refused:
            return None

    @property
    def sitting(self) -> int | None:
        """How many sit in a room: the guests, as cars count them also while another number is being decided, and those
        of ours who receive them; None where nobody knows how many guests come."""
        guests = self.row.headcount
        return guests + len({*self.form.hosts, *self.form.companions}) if guests is not None else None

    @cached_property
    def legs(self) -> list[Leg]:
        """The groups in which the guests come and go; who does not come any more is not among them."""
        return [leg for leg in legs_of(self.row) if leg.state != "no_show"]

    @cached_property
    def stages(self) -> list[tuple[str, datetime]]:
        """The stages that apply and have a time: as planned, else as the policy proposes. One that there is for each
        meal has several."""
        rows = list(Stage.select().where(Stage.visit == self.row.id).order_by(Stage.at))
        if rows:
            return [(row.stage, row.at) for row in rows if row.at is not None and row.state != "not_applicable"]
        found = programme(self.case) if self.case is not None else ()
        return [(stage.id, stage.at) for stage in found if stage.applies and stage.at is not None]

    def times(self, purpose: str) -> list[tuple[Leg | None, datetime]]:
        """When a purpose (arrival, departure or a stage) is: of each group of guests for itself."""
        if purpose not in WAYS:
            return [(None, at) for stage, at in self.stages if stage == purpose]
        timed = [(leg, due(self.row, leg)) for leg in self.legs if leg.way == purpose]
        found: list[tuple[Leg | None, datetime]] = [(leg, at) for leg, at in timed if at is not None]
        at = self.form.arrive if purpose == "arrival" else self.form.depart
        known = Leg.select().where(Leg.visit == self.row.id, Leg.way == purpose).exists()
        return found if known else ([(None, at)] if at is not None else [])

    def purposes(self, thing: str) -> tuple[str, ...]:
        """For what such a thing is held."""
        return purposes_of(self.case, thing) if self.case is not None else ()

    def span(self, thing: str, purpose: str, at: datetime) -> Pair | None:
        """From when until when it is held for a purpose at that time."""
        return span_of(self.case, thing, purpose, at) if self.case is not None else None

    def needs(self, starts: datetime, ends: datetime, stage: str | None = None) -> frozenset[str]:
        """What a room must have that is held so long: what its stage needs, and those that fall in wholly."""
        if self.case is None:
            return frozenset()
        wanted = {stage} if stage is not None else set()
        for each, at in self.stages:
            span = self.span("room", each, at)
            if span is not None and starts <= span[0] and span[1] <= ends:
                wanted.add(each)
        return frozenset(item for each in wanted for item in equipment_of(self.case, each))

    def clashes(self, hold: Hold, others: Iterable[Hold]) -> tuple[Clash, ...]:
        """All that clashes with a hold of this visit."""
        return clashes_of_hold(self.case, hold, others) if self.case is not None else ()


def holds_on(desk: Desk, days: Iterable[date], visit: int | None = None) -> tuple[Hold, ...]:
    """Everything held on some of these days, by all visits or by one; in order of time.

    Cars and rooms by the id of the register, persons by theirs. Looked for by day, so that other days cost nothing.
    """
    wanted = sorted(set(days))
    if not wanted:
        return ()
    with reading():
        around = {day + by for day in wanted for by in (-DAY, timedelta(), DAY)}
        rows = [row for row in Visit.select().where(Visit.id.in_(_visits_of(around))) if row.state in HOLDING]
        held = [hold for row in rows if visit in (None, row.id) for hold in holds_of(desk, Plan(desk, row))]
    first, last = wanted[0], wanted[-1]
    kept = [hold for hold in held if hold.starts.date() <= last and _last_day(hold.ends) >= first]
    within = [hold for hold in kept if any(hold.starts.date() <= day <= _last_day(hold.ends) for day in wanted)]
    return tuple(sorted(within, key=lambda hold: (hold.starts, hold.ends, str(hold.key))))


def rivals(desk: Desk, mine: Collection[Hold]) -> tuple[Hold, ...]:
    """Everything held around these holds that could clash with one of them: only visits that have one of their things
    or people are looked at. Inside `reading`."""
    if not mine:
        return ()
    near = _visits_of(days_around(mine))
    people = {int(hold.what) for hold in mine if hold.thing == "person"}
    things = {int(hold.what) for hold in mine if hold.thing != "person"}
    things |= {row.id for row in Resource.select(Resource.id).where(Resource.driver.in_(people))}
    bookings: dict[int, list[Booking]] = {}
    for booking in _booked_on(days_around(mine)):
        if booking.resource_id in things or {booking.person_id, booking.driver_id} & people:
            bookings.setdefault(booking.visit_id, []).append(booking)
    asked: list[Any] = [
        VisitPerson.select(VisitPerson.visit, VisitPerson.person).where(VisitPerson.visit.in_(near)),
        Leg.select(Leg.visit, Leg.meeter).where(Leg.visit.in_(near)),
    ]
    named = {visit for query in asked for visit, person in query.tuples() if person in people}
    changing: Any = Visit.select(Visit.id).where(Visit.id.in_(near), Visit.before.is_null(False)).tuples()
    named |= {visit for (visit,) in changing}  # its hosts are those approved
    found = [row for row in Visit.select().where(Visit.id.in_(named | bookings.keys())) if row.state in HOLDING]
    rivals: list[Hold] = []
    for row in found:
        plan, here = Plan(desk, row), bookings.get(row.id, [])
        held = [*booked(plan, here, needs=False), *_drivers(plan, here), *(_parts(plan) if row.id in named else ())]
        rivals += _until_now(desk, plan, held)
    return tuple(rivals)


def _booked_on(days: Iterable[date]) -> list[Booking]:
    """The bookings of these days, found by them and by nothing else: a car is booked on many others."""
    ids: Any = BookingDay.select(BookingDay.booking).where(BookingDay.day.in_(list(days))).tuples()
    return list(Booking.select().where(Booking.id.in_({booking for (booking,) in ids})))


def _visits_of(days: Iterable[date]) -> set[int]:
    """The visits of these days and those with a booking on them. Ids alone are asked for: together with a state SQLite
    would go through all visits in that state."""
    wanted = list(days)
    here: Any = VisitDay.select(VisitDay.visit).where(VisitDay.day.in_(wanted)).tuples()
    booked: Any = Booking.select(Booking.visit).join(BookingDay).where(BookingDay.day.in_(wanted)).tuples()
    return {visit for query in (here, booked) for (visit,) in query}


def holds_of(desk: Desk, plan: Plan) -> list[Hold]:
    """All that one visit holds; inside `reading`."""
    if plan.row.state not in HOLDING:
        return []
    rows = list(Booking.select().where(Booking.visit == plan.row.id).order_by(Booking.starts, Booking.id))
    return _until_now(desk, plan, [*booked(plan, rows), *_parts(plan), *_drivers(plan, rows)])


def _until_now(desk: Desk, plan: Plan, held: list[Hold]) -> list[Hold]:
    """Of a visit that is over, what it held so far."""
    if plan.row.state not in ("done", "closed"):
        return held
    now = desk.now()
    return [replace(hold, ends=min(hold.ends, now)) for hold in held if hold.starts < now]


def booked(plan: Plan, rows: Sequence[Booking], *, needs: bool = True) -> list[Hold]:
    """The bookings as holds; without `needs` it is not worked out what rooms must have."""
    things = _resources(rows)
    names = person_names([row.person_id for row in rows])
    return [held(plan, row, things, names, needs=needs) for row in rows]


def held(
    plan: Plan, row: Booking, things: dict[int, Resource], names: dict[int | None, str], *, needs: bool = True
) -> Hold:
    """One booking as a hold."""
    resource = things.get(row.resource_id or 0)
    room = resource is not None and resource.kind == "room"
    people = riders(row)
    if room and people is None:
        people = plan.sitting
    return Hold(
        key=row.id,
        thing=resource.kind if resource is not None else "person",
        what=row.resource_id or row.person_id or 0,
        name=resource.name if resource is not None else names.get(row.person_id, ""),
        starts=row.starts,
        ends=row.ends,
        visit=plan.row.id,
        firm=firm(plan.row),
        people=people,
        seats=resource.seats if resource is not None else None,
        grade=grade_of(resource),
        equipment=frozenset(resource.equipment) if resource is not None else frozenset(),
        needs=plan.needs(row.starts, row.ends, row.stage) if room and needs else frozenset(),
    )


def grade_of(resource: Resource | None) -> str | None:
    """The class of what is held; "" for a car that has none in the register."""
    if resource is None:
        return None
    return resource.grade or ("" if resource.kind == "car" else None)


def clashes_among(plan: Plan, mine: Iterable[Hold], others: Iterable[Hold]) -> tuple[Clash, ...]:
    """What clashes with some holds of a visit; of two of its own the pair is told once."""
    known, told, found = list(others), set[frozenset[int | str]](), list[Clash]()
    for hold in mine:
        for clash in plan.clashes(hold, known):
            pair = frozenset([clash.code, hold.key, clash.other.key]) if clash.other is not None else None
            if clash.other is not None and clash.other.visit == hold.visit and (pair in told or one_place(clash)):
                continue
            if pair is not None:
                told.add(pair)
            found.append(clash)
    return tuple(found)


def one_place(clash: Clash) -> bool:
    """Whether both holds are of one person with the same guests: in two places is only who drives two cars."""
    keys = (clash.hold.key, clash.other.key if clash.other is not None else "")
    return clash.hold.thing == "person" and not all(str(key).startswith("driver:") for key in keys)


def reason_key(clash: Clash) -> str:
    """Under which key the reason for a clash is kept with its booking: `code:other booking`."""
    return f"{clash.code}:{clash.other.key if clash.other is not None else ''}"


def mirrored_key(clash: Clash) -> str:
    """Under which key the other booking would keep it."""
    return f"{clash.code}:{clash.hold.key}"


def booking_of(hold: Hold) -> int | None:
    """The booking that a hold comes from, be it by its driver; None for a part in the visit."""
    if isinstance(hold.key, int):
        return hold.key
    return int(hold.key.removeprefix("driver:")) if hold.key.startswith("driver:") else None


def reason_of(clash: Clash, reasons: Mapping[int, Mapping[str, str]]) -> str:
    """Why a clash was accepted, on either side; "" where it was not. `reasons` by booking."""
    sides = [(clash.hold, reason_key(clash)), (clash.other, mirrored_key(clash))]
    kept = [reasons.get(booking_of(hold) or 0, {}).get(key, "") for hold, key in sides if hold is not None]
    return next((text for text in kept if text), "")


def reasons_of(clashes: Iterable[Clash]) -> dict[int, dict[str, str]]:
    """The reasons kept with the bookings of these clashes."""
    found = list(clashes)
    both = [hold for clash in found for hold in (clash.hold, clash.other) if hold is not None]
    ids = {booking for booking in map(booking_of, both) if booking is not None}
    if not ids:
        return {}
    return {row.id: dict(row.reasons) for row in Booking.select(Booking.id, Booking.reasons).where(Booking.id.in_(ids))}


def days_of(starts: datetime, ends: datetime) -> list[date]:
    """Each day on which something is held."""
    first, last = starts.date(), _last_day(ends)
    return [first + timedelta(n) for n in range(max(0, (last - first).days) + 1)]


def days_around(holds: Iterable[Hold]) -> set[date]:
    """The days of some holds, with the one before and after each: a buffer may reach over midnight."""
    return {day + by for hold in holds for day in days_of(hold.starts, hold.ends) for by in (-DAY, timedelta(), DAY)}


def _last_day(ends: datetime) -> date:
    return (ends - timedelta(microseconds=1)).date()


def _parts(plan: Plan) -> Iterator[Hold]:
    """Those whose part in the visit holds them: hosts, and who meets a group."""
    spans: dict[int, list[Pair]] = {}
    for purpose in plan.purposes("person") if plan.form.hosts else ():
        for _, at in plan.times(purpose):
            span = plan.span("person", purpose, at)
            if span is not None:
                for host in plan.form.hosts:
                    spans.setdefault(host, []).append(span)
    for leg in plan.legs:
        span = _met(plan, leg)
        if leg.meeter_id is not None and span is not None:
            spans.setdefault(leg.meeter_id, []).append(span)
    names = person_names(spans)
    for person, each in spans.items():
        for n, (starts, ends) in enumerate(joined(each)):
            yield _person(plan, f"part:{plan.row.id}:{person}:{n}", person, names, (starts, ends))


def _drivers(plan: Plan, rows: Sequence[Booking]) -> Iterator[Hold]:
    """Who drives what is booked."""
    things = _resources(rows)
    driven = [(row, row.driver_id or _driver(things.get(row.resource_id or 0))) for row in rows]
    names = person_names([driver for _, driver in driven])
    for row, driver in driven:
        if driver is not None:
            yield _person(plan, f"driver:{row.id}", driver, names, (row.starts, row.ends))


def _met(plan: Plan, leg: Leg) -> Pair | None:
    """When a group is met or seen off: as a person is held for it, else as a car."""
    when = due(plan.row, leg)
    if when is None:
        return None
    return plan.span("person", leg.way, when) or plan.span("car", leg.way, when)


def _person(plan: Plan, key: str, person: int, names: dict[int | None, str], span: Pair) -> Hold:
    return Hold(key, "person", person, names.get(person, ""), *span, visit=plan.row.id, firm=firm(plan.row))


def joined(spans: Iterable[Pair]) -> list[Pair]:
    """Spans that overlap or touch as one: who is at two stages of one visit is in one place."""
    found: list[Pair] = []
    for starts, ends in sorted(spans):
        if found and starts <= found[-1][1]:
            found[-1] = (found[-1][0], max(ends, found[-1][1]))
        else:
            found.append((starts, ends))
    return found


def _resources(rows: Iterable[Booking]) -> dict[int, Resource]:
    ids = {row.resource_id for row in rows if row.resource_id is not None}
    return {row.id: row for row in Resource.select().where(Resource.id.in_(ids))} if ids else {}


def _driver(resource: Resource | None) -> int | None:
    return resource.driver_id if resource is not None and resource.kind == "car" else None
