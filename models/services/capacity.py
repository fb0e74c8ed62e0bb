"""Holds, clashes and seats: what each visit holds, what overlaps, who has no seat, and which reasons are required.

A hold is tentative while its visit is asked for and firm once that is approved; it says so by its visit's state, and a
visit that was called off, returned or never came holds nothing. One that is over holds until now at most.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from models.errors import Refused
from models.form import Form
from models.policy.answer import Answer, Finding
from models.policy.case import Hold
from models.policy.programme import Clash, days_of, odd_times
from models.schema.arrangements import Booking, BookingDay, Leg, Resource, VisitDay
from models.schema.store import reading
from models.schema.tables import Visit, VisitPerson
from models.services import validate
from models.services.person_register import name_of
from models.services.rights import hidden_among
from models.services.seating import parties, riders
from models.services.session import Session
from models.services.visit_record import Pair, Shared, VisitRecord, records, span
from models.services.whereabouts import WAYS, due
from models.words import Name, Phrase

# -- holds ------------------------------------------------------------------------------------------------------------

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


def neighbours(record: VisitRecord) -> Mapping[int, Visit]:
    """The other visits around the holds for which `rivals` were asked, by id."""
    return {number: row for each in record.shared.around.values() for number, row in each.visits.items()}


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
    """Clashes of some holds of a visit with others; a pair of its own is given once."""
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
    """The key under which the reason for a clash is kept with its booking: `code:other booking`."""
    return f"{clash.code}:{clash.other.key if clash.other is not None else ''}"


def mirrored_key(clash: Clash) -> str:
    """The same key as the other booking would have it."""
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


# -- clashes of bookings ----------------------------------------------------------------------------------------------


def clashes_with(record: VisitRecord, bookings: Collection[int]) -> tuple[Clash, ...]:
    """What clashes with these bookings of a visit, or with who drives them."""
    keys: set[int | str] = {*bookings, *(f"driver:{booking}" for booking in bookings)}
    mine = holds_of(record)
    touched = [hold for hold in mine if hold.key in keys]
    return clashes_among(record, touched, [*mine, *rivals(record, touched)])


def bars(clash: Clash) -> bool:
    """Whether a clash stands in the way: only what is firm holds anything against others that are."""
    if clash.level not in ("reason", "block"):
        return False
    return clash.other is None or clash.other.visit == clash.hold.visit or (clash.hold.firm and clash.other.firm)


def excused(clash: Clash) -> bool:
    """Whether a reason was accepted for the clash; none is accepted for what blocks."""
    return clash.level == "reason" and bool(reason_of(clash, reasons_of([clash])))


def against_others(record: VisitRecord, booking: int) -> list[Clash]:
    """Clashes of a booking with others' holds for which no reason was accepted."""
    found = [clash for clash in clashes_with(record, [booking]) if clash.other is not None]
    return [clash for clash in found if bars(clash) and not excused(clash)]


def whose(record: VisitRecord, clashes: Iterable[Clash]) -> tuple[Clash, ...]:
    """The clashes, those with another visit saying which client's it is; inside a transaction.

    What is said is kept in the journal too, so that a visit which only some may see is named to nobody.
    """
    found = tuple(clashes)
    others = {int(each.other.visit) for each in found if each.other is not None and each.other.visit != each.hold.visit}
    if not others:
        return found
    session = record.session
    stranger = replace(session, actor=replace(session.actor, person=None))
    shown = others - hidden_among(stranger, others, frozenset(), record.shared.policies)
    near = neighbours(record)
    clients = {number: near[number].client_name for number in shown}
    return tuple(_named(each, clients) for each in found)


def _named(clash: Clash, clients: Mapping[int, str]) -> Clash:
    other = clash.other
    client = clients.get(int(other.visit), "") if other is not None and other.visit != clash.hold.visit else ""
    if not client:
        return clash
    return replace(clash, text=Phrase("finding.booking.whose", {"text": clash.text, "client": client}))


def clashing(record: VisitRecord, clashes: Iterable[Clash]) -> Refused:
    """The refusal for clashes: `clashes` are those that block or want a reason, `list` says them all."""
    found = whose(record, clashes)
    said: list[Name | Phrase] = [clash.text for clash in found]
    code = "clashes_block" if any(clash.level == "block" for clash in found) else "clashes"
    return Refused(code, clashes=found, n=len(found), list=validate.joined(said))


def solved(before: Iterable[Clash], now: Iterable[Clash]) -> tuple[Clash, ...]:
    """The clashes of `before` that are not among those of now."""
    still = {(clash.code, clash.hold.key, clash.other.key if clash.other else None) for clash in now}
    return tuple(
        clash for clash in before if (clash.code, clash.hold.key, clash.other.key if clash.other else None) not in still
    )


def forget(solved: Iterable[Clash]) -> None:
    """Drop the reasons kept for clashes that are no more, on both sides."""
    for clash in solved:
        for hold, key in ((clash.hold, reason_key(clash)), (clash.other, mirrored_key(clash))):
            number = booking_of(hold) if hold is not None else None
            row = Booking.get_or_none(Booking.id == number) if number is not None else None
            if row is not None and key in row.reasons:
                row.reasons = {each: text for each, text in row.reasons.items() if each != key}
                row.save()


def put(booking: Booking, starts: datetime, ends: datetime) -> None:
    """Save a booking with its time, as the one it should have, and the days it is on."""
    booking.starts, booking.ends, booking.wanted = starts, ends, None
    booking.save()
    days = days_held(starts, ends)
    BookingDay.delete().where(BookingDay.booking == booking.id).execute()
    BookingDay.insert_many([{"booking": booking.id, "day": day} for day in days]).execute()


def purpose_time(record: VisitRecord, booking: Booking) -> datetime | None:
    """When the leg or stage of a booking is; None where it is for none. Of a stage that is several times, the nearest
    to the booking."""
    if booking.leg_id is not None:
        timed = [at for way in WAYS for leg, at in record.times(way) if leg is not None and leg.id == booking.leg_id]
        return next(iter(timed), None)
    timed = [at for _, at in record.times(booking.stage)] if booking.stage is not None else []
    return min(timed, key=lambda at: abs(at - booking.starts), default=None)


def proper_span(record: VisitRecord, booking: Booking, leg: Leg | None, thing: str) -> Pair | None:
    """The span of what a booking is for (`leg` its leg, if any), where it does not cover it: the guests come, or the
    stage is, at another time by now."""
    at = purpose_time(record, booking)
    purpose = leg.way if leg is not None else booking.stage
    if at is None or purpose is None:
        return None
    if thing == "person":
        return None if booking.starts <= at <= booking.ends else (at, at)
    span = record.span(thing, purpose, at)
    return None if span is None or (booking.starts <= span[0] and span[1] <= booking.ends) else span


def thing_name(booking: Booking) -> str:
    """What is booked: the plate, the room, the person."""
    if booking.resource_id is not None:
        return str(Resource.get_by_id(booking.resource_id).name)
    return name_of(booking.person_id or 0)


# -- seats and clashes of a visit -------------------------------------------------------------------------------------

Found = tuple[str, str, Name | Phrase, Phrase]
"""A key, the kind of fact, what it is about, and how it is said."""


def seats_and_clashes(record: VisitRecord) -> Iterator[Found]:
    """Seats against people for each car and room, times that do not go together, then each clash."""
    mine = holds_of(record)
    others = rivals(record, mine)
    for hold in mine:
        if hold.seats is not None:
            people = hold.people if hold.people is not None else record.form.headcount or 0
            fits = Phrase(
                f"effects.{'fits' if people <= hold.seats else 'too_small'}", {"n": people, "seats": hold.seats}
            )
            yield f"fit:{hold.key}", "fit", Name.of(hold.name), fits
    for text in odd_hours(record):
        yield f"odd:{text.key}:{text.facts.get('day', '')}", "clash", Phrase("effects.what.clash"), text
    yield from _seated(record)
    yield from _elsewhen(record, {hold.key: hold for hold in mine})
    clashes = dict[str, Phrase]()
    found = clashes_among(record, mine, [*mine, *others])
    for clash in whose(record, found):
        if clash.code != "seats":
            clashes.setdefault(_key(clash), clash.text)
    for key, text in clashes.items():
        yield f"clash:{key}", "clash", Phrase("effects.what.clash"), text


def odd_hours(record: VisitRecord, form: Form | None = None) -> tuple[Phrase, ...]:
    """What of a visit's times, as they are known now, does not go together, by the form that holds or another."""
    row, form = record.row, form or record.form
    if row.comes is None or row.goes is None:
        return ()
    days = days_of(record.policy, form.meals if form.dining else (), form.lodging if form.lodged else ())
    lands, leaves = ([due(row, leg) for leg in record.legs if leg.way == way] for way in WAYS)
    return tuple(odd_times(row.comes, row.goes, lands, leaves, days))


def _seated(record: VisitRecord) -> Iterator[Found]:
    """How many of the guests have a seat, where cars are booked for them."""
    for way in WAYS:
        found = parties(record, way)
        if any(party.cars for party in found):
            people, left = sum(party.people for party in found), sum(party.left for party in found)
            said = Phrase(f"effects.{'unseated' if left else 'seated'}", {"n": people, "seats": people - left})
            yield f"seated:{way}", "fit", Phrase(f"effects.leg.{way}_cars"), said


def _elsewhen(record: VisitRecord, held: Mapping[int | str, Hold]) -> Iterator[Found]:
    """Each booking that is not there when what it is for is: it could not follow, or was booked for another time."""
    legs = {leg.id: leg for leg in record.legs}
    for row in sorted(record.bookings, key=lambda row: row.id):
        hold = held.get(row.id)
        proper = proper_span(record, row, legs.get(row.leg_id or 0), hold.thing) if hold is not None else None
        if hold is not None and proper is not None:
            facts = {"thing": hold.name, "span": span(*proper)}
            said = Phrase("effects.elsewhen", facts)
            taken = _taken(record, replace(hold, starts=proper[0], ends=proper[1]))
            if taken is not None:
                said = Phrase("effects.elsewhen_taken", {**facts, "why": taken.text})
            yield f"off:{row.id}", "clash", Phrase("effects.what.clash"), said


def _taken(record: VisitRecord, hold: Hold) -> Clash | None:
    """What stands in the way of holding it then: another visit has it."""
    found = [clash for clash in record.clashes(hold, rivals(record, [hold])) if clash.other is not None]
    return next(iter(whose(record, [clash for clash in found if bars(clash)])), None)


def _key(clash: Clash) -> str:
    """The same for all that a visit holds of one thing and that clashes with one hold of another visit: where one of
    them moves away, nothing is resolved while another still clashes."""
    hold, other = clash.hold, clash.other
    if other is None or other.visit == hold.visit:
        return ":".join([clash.code, *sorted([str(hold.key), str(other.key if other is not None else "")])])
    return f"{clash.code}:{hold.thing}:{hold.what}:{other.key}"


# -- findings of the policy -------------------------------------------------------------------------------------------


def given(reasons: Mapping[str, str]) -> dict[str, str]:
    """Reasons by finding code as they are stored: cleaned, without the empty ones; Refused where one is too long."""
    texts = {code: validate.text("reason", text).strip() for code, text in reasons.items()}
    return {code: text for code, text in texts.items() if text}


def missing_reasons(
    answer: Answer, before: Answer | None = None, fresh: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """The findings that block, and those whose reason is not given.

    With `before`, the answer until now: a reason counts for what it was given for, so a finding that is new needs one
    among the `fresh` reasons (R20: a raised tier breaks another lead host rule than the one excused).
    """
    known = {(f.code, f.rule, f.line) for f in before.findings} if before else set()
    return tuple(
        [
            finding
            for finding in answer.findings
            if finding.level == "block"
            or (
                finding.level == "reason"
                and not (
                    finding.reasoned
                    and (before is None or _finding_key(finding) in known or finding.code in (fresh or {}))
                )
            )
        ]
    )


def require_reasons(findings: tuple[Finding, ...]) -> None:
    """Refused("findings", findings=…) unless there is none; `list` says them all, `n` how many."""
    if findings:
        raise Refused("findings", findings=findings, n=len(findings), list=validate.joined([f.text for f in findings]))


def _finding_key(finding: Finding) -> tuple[str, str | None, str | None]:
    return (finding.code, finding.rule, finding.line)
