"""What is held by visits: booked cars, rooms and people, and the hosts, meeters and drivers whose part implies it.

A hold is tentative while its visit is asked for and firm once that is approved; it says so by its visit's state, and a
visit that was called off, returned or never came holds nothing. One that is over holds until now at most.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from models.policy.case import Hold
from models.policy.programme import Clash
from models.schema.arrangements import Booking, BookingDay, Leg, Resource, VisitDay
from models.schema.store import reading
from models.schema.tables import Visit, VisitPerson
from models.services.seating import riders
from models.services.session import Session
from models.services.visit_record import Pair, Shared, VisitRecord, records
from models.services.whereabouts import due

HOLDING = ("submitted", "approved", "under_way", "done", "closed")
DAY = timedelta(days=1)


def firm(row: Visit) -> bool:
    """Whether what the visit holds is firm: it was approved, be it that a change to it is being decided."""
    return row.state in ("approved", "under_way", "done", "closed") or (
        row.state == "submitted" and row.before is not None
    )


def holds_on(session: Session, days: Iterable[date], visit: int | None = None) -> tuple[Hold, ...]:
    """Everything held on some of these days, by all visits or by one; in order of time.

    Cars and rooms by the id of the register, persons by theirs. Looked for by day, so that other days cost nothing.
    """
    wanted = sorted(set(days))
    if not wanted:
        return ()
    with reading():
        around = {day + by for day in wanted for by in (-DAY, timedelta(), DAY)}
        rows = [row for row in Visit.select().where(Visit.id.in_(_visits_of(around))) if row.state in HOLDING]
        asked = records(session, [row for row in rows if visit in (None, row.id)])
        held = [hold for record in asked.values() for hold in holds_of(record)]
    first, last = wanted[0], wanted[-1]
    kept = [hold for hold in held if hold.starts.date() <= last and _last_day(hold.ends) >= first]
    within = [hold for hold in kept if any(hold.starts.date() <= day <= _last_day(hold.ends) for day in wanted)]
    return tuple(sorted(within, key=lambda hold: (hold.starts, hold.ends, str(hold.key))))


@dataclass
class _Around:
    """What visits hold around some days: their bookings then, who is named on each, the records that were asked for."""

    bookings: list[Booking]
    named: set[tuple[int, int]]
    visits: dict[int, Visit]
    records: dict[int, VisitRecord]


def rivals(record: VisitRecord, mine: Collection[Hold]) -> tuple[Hold, ...]:
    """Everything that other visits hold around these holds of a visit and that could clash with one of them: only those
    are looked at that have one of their things or people. Inside `reading`."""
    if not mine:
        return ()
    around = _around(record.shared, days_around(mine))
    people = {int(hold.what) for hold in mine if hold.thing == "person"}
    things = {int(hold.what) for hold in mine if hold.thing != "person"}
    things |= {each.id for each in record.shared.resources.values() if each.driver_id in people}
    bookings: dict[int, list[Booking]] = {}
    for booking in around.bookings:
        if booking.resource_id in things or {booking.person_id, booking.driver_id} & people:
            bookings.setdefault(booking.visit_id, []).append(booking)
    named = {visit for visit, person in around.named if person in people}
    named |= {row.id for row in around.visits.values() if row.before is not None}  # its hosts are those approved
    asked = [visit for visit in around.visits if visit != record.row.id and (visit in named or visit in bookings)]
    fresh = [around.visits[visit] for visit in asked if visit not in around.records]
    around.records |= records(record.session, fresh, record.shared)
    found: list[Hold] = []
    for visit in asked:
        other, here = around.records[visit], bookings.get(visit, [])
        parts = _parts(other) if visit in named else ()
        found += _until_now(other, [*booked(other, here, needs=False), *_drivers(other, here), *parts])
    return tuple(found)


def _around(shared: Shared, days: set[date]) -> _Around:
    """What is held around these days: read once for all that asks for some of them, as no verb changes what other
    visits hold."""
    wanted = frozenset(days)
    found: _Around | None = next((each for known, each in shared.around.items() if wanted <= known), None)
    if found is None:
        bookings = _booked_on(wanted)
        days_here: Any = VisitDay.select(VisitDay.visit).where(VisitDay.day.in_(list(wanted))).tuples()
        near = {visit for (visit,) in days_here} | {booking.visit_id for booking in bookings}
        asked: list[Any] = [
            VisitPerson.select(VisitPerson.visit, VisitPerson.person).where(VisitPerson.visit.in_(near)),
            Leg.select(Leg.visit, Leg.meeter).where(Leg.visit.in_(near), Leg.meeter.is_null(False)),
        ]
        named = {(visit, person) for query in asked for visit, person in query.tuples()}
        rows = [row for row in Visit.select().where(Visit.id.in_(near)).order_by(Visit.id) if row.state in HOLDING]
        found = shared.around[wanted] = _Around(bookings, named, {row.id: row for row in rows}, {})
    return found


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


def holds_of(record: VisitRecord) -> list[Hold]:
    """All that one visit holds."""
    if record.row.state not in HOLDING:
        return []
    rows = record.bookings
    return _until_now(record, [*booked(record, rows), *_parts(record), *_drivers(record, rows)])


def _until_now(record: VisitRecord, held: list[Hold]) -> list[Hold]:
    """Of a visit that is over, what it held so far."""
    if record.row.state not in ("done", "closed"):
        return held
    now = record.session.now()
    return [replace(hold, ends=min(hold.ends, now)) for hold in held if hold.starts < now]


def booked(record: VisitRecord, rows: Sequence[Booking], *, needs: bool = True) -> list[Hold]:
    """Bookings of a visit as holds; without `needs` it is not worked out what rooms must have."""
    return [_held(record, row, needs=needs) for row in rows]


def _held(record: VisitRecord, row: Booking, *, needs: bool) -> Hold:
    """One booking as a hold."""
    resource = record.resource(row)
    room = resource is not None and resource.kind == "room"
    people = riders(row)
    if room and people is None:
        people = record.sitting
    return Hold(
        key=row.id,
        thing=resource.kind if resource is not None else "person",
        what=row.resource_id or row.person_id or 0,
        name=resource.name if resource is not None else record.register.name(row.person_id),
        starts=row.starts,
        ends=row.ends,
        visit=record.row.id,
        firm=firm(record.row),
        people=people,
        seats=resource.seats if resource is not None else None,
        grade=grade_of(resource),
        equipment=frozenset(resource.equipment) if resource is not None else frozenset(),
        needs=record.needs(row.starts, row.ends, row.stage) if room and needs else frozenset(),
    )


def grade_of(resource: Resource | None) -> str | None:
    """The class of what is held; "" for a car that has none in the register."""
    if resource is None:
        return None
    return resource.grade or ("" if resource.kind == "car" else None)


def clashes_among(record: VisitRecord, mine: Iterable[Hold], others: Iterable[Hold]) -> tuple[Clash, ...]:
    """What clashes with some holds of a visit; of two of its own the pair is told once."""
    known, told, found = list(others), set[frozenset[int | str]](), list[Clash]()
    for hold in mine:
        for clash in record.clashes(hold, known):
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


def days_held(starts: datetime, ends: datetime) -> list[date]:
    """Each day on which something is held."""
    first, last = starts.date(), _last_day(ends)
    return [first + timedelta(n) for n in range(max(0, (last - first).days) + 1)]


def days_around(holds: Iterable[Hold]) -> set[date]:
    """The days of some holds, with the one before and after each: a buffer may reach over midnight."""
    return {day + by for hold in holds for day in days_held(hold.starts, hold.ends) for by in (-DAY, timedelta(), DAY)}


def _last_day(ends: datetime) -> date:
    return (ends - timedelta(microseconds=1)).date()


def _parts(record: VisitRecord) -> Iterator[Hold]:
    """Those whose part in the visit holds them: hosts, and who meets a group."""
    spans: dict[int, list[Pair]] = {}
    for purpose in record.purposes("person") if record.hosts else ():
        for _, at in record.times(purpose):
            span = record.span("person", purpose, at)
            if span is not None:
                for host in record.hosts:
                    spans.setdefault(host, []).append(span)
    for leg in record.legs:
        span = _met(record, leg) if leg.meeter_id is not None else None
        if leg.meeter_id is not None and span is not None:
            spans.setdefault(leg.meeter_id, []).append(span)
    for person, each in spans.items():
        for n, found in enumerate(joined(each)):
            yield _person(record, f"part:{record.row.id}:{person}:{n}", person, found)


def _drivers(record: VisitRecord, rows: Sequence[Booking]) -> Iterator[Hold]:
    """Who drives what is booked."""
    for row in rows:
        driver = record.driver(row)
        if driver is not None:
            yield _person(record, f"driver:{row.id}", driver, (row.starts, row.ends))


def _met(record: VisitRecord, leg: Leg) -> Pair | None:
    """When a group is met or seen off: as a person is held for it, else as a car."""
    when = due(record.row, leg)
    if when is None:
        return None
    return record.span("person", leg.way, when) or record.span("car", leg.way, when)


def _person(record: VisitRecord, key: str, person: int, span: Pair) -> Hold:
    name = record.register.name(person)
    return Hold(key, "person", person, name, *span, visit=record.row.id, firm=firm(record.row))


def joined(spans: Iterable[Pair]) -> list[Pair]:
    """Spans that overlap or touch as one: who is at two stages of one visit is in one place."""
    found: list[Pair] = []
    for starts, ends in sorted(spans):
        if found and starts <= found[-1][1]:
            found[-1] = (found[-1][0], max(ends, found[-1][1]))
        else:
            found.append((starts, ends))
    return found
