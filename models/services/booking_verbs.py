"""Verbs on bookings of cars, rooms and people: book, change, move, release; what is proposed and what is free.

Where two visits hold the same thing firmly a clash that blocks refuses, one that asks for a reason wants it; it is
kept with the booking. What is only tentative is held by nobody against others, and is shown as competing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta

from models.errors import Refused
from models.frozen import record
from models.policy.case import Hold
from models.policy.programme import Clash, least_of
from models.schema.arrangements import Booking, Leg, Resource
from models.schema.store import reading
from models.services import capacity, validate
from models.services.capacity import bars, clashes_with, clashing, excused, forget, put, solved, thing_name
from models.services.frame import Owned, VisitChange, changing
from models.services.person_register import called_names, guest_names, require_active
from models.services.seating import Seats, parties, riding, spread
from models.services.session import Session
from models.services.visit_form import not_one_of, one_of
from models.services.visit_record import Pair, VisitRecord, moment, until
from models.services.visits import Done, visit_row
from models.services.whereabouts import WAYS

# -- verbs ------------------------------------------------------------------------------------------------------------

LONGEST = timedelta(days=60)


@record
class WantedBooking:
    """What is booked: a thing of the register or a person, from when until when (local), for a leg or a stage.

    `people` ride or sit there, `guests` by name; `driver` instead of the car's own. `way`: for the arrival or departure
    of a visit of whose legs nothing is known yet.
    """

    starts: datetime
    ends: datetime
    resource: int | None = None
    person: int | None = None
    leg: int | None = None
    way: str = ""
    stage: str | None = None
    people: int | None = None
    guests: tuple[str, ...] = ()
    driver: int | None = None
    note: str = ""


@record
class BookingResult:
    """What a verb did: the sentence, the booking (None: released), what clashes with it, and what it solved."""

    done: Done
    booking: int | None
    clashes: tuple[Clash, ...] = ()
    solved: tuple[Clash, ...] = ()


@record
class _Made:
    """A booking as it is now, the name of what is booked, what clashes with it and what it solved."""

    booking: Booking
    thing: str
    clashes: tuple[Clash, ...]
    solved: tuple[Clash, ...]


def book(
    session: Session, visit: int, wanted: WantedBooking, *, expected: int, reasons: Mapping[str, str] | None = None
) -> BookingResult:
    """Hold a thing or a person for a visit. `reasons` by `holds.reason_key` of the clashes that ask for one.

    Refused (`clashes`): what blocks, or wants a reason that is not given.
    """
    with _changing(session, visit, "booking.add", expected) as v:
        booking = Booking(visit=visit, version=0)
        made = _made(v, booking, wanted, reasons or {})
    return _kept(v, made)


def change_booking(
    session: Session, booking: int, wanted: WantedBooking, *, expected: int, reasons: Mapping[str, str] | None = None
) -> BookingResult:
    """Make a booking what `wanted` says; reasons for clashes that are no more are forgotten. Refused as `book`."""
    with _changing(session, (Booking, booking), "booking.change", expected) as v:
        made = _made(v, v.found(Booking), wanted, reasons or {})
    return _kept(v, made)


def move(
    session: Session, booking: int, starts: datetime, ends: datetime | None = None, *, expected: int,
    reasons: Mapping[str, str] | None = None,
) -> BookingResult:  # fmt: skip
    """Hold it at another time, as long as before where `ends` is not given. Refused as `book`."""
    with _changing(session, (Booking, booking), "booking.change", expected) as v:
        found = v.found(Booking)
        wanted = replace(as_booked(found), starts=starts, ends=ends or starts + (found.ends - found.starts))
        made = _made(v, found, wanted, reasons or {})
    return _kept(v, made)


def release(session: Session, booking: int, *, expected: int) -> BookingResult:
    """Hold it no longer."""
    with _changing(session, (Booking, booking), "booking.release", expected) as v:
        found = v.found(Booking)
        gone = clashes_with(v.record, [booking])
        what = thing_name(found)
        found.delete_instance()
        forget(gone)
        v.details = {"text": what}
    return BookingResult(v.done("booking_release", thing=what), None, (), gone)


def as_booked(booking: Booking) -> WantedBooking:
    """A booking as it would be typed."""
    return WantedBooking(
        booking.starts, booking.ends, booking.resource_id, booking.person_id, booking.leg_id, "", booking.stage,
        booking.people, tuple(booking.guests), booking.driver_id, booking.note,
    )  # fmt: skip


def _changing(session: Session, visit: int | Owned, verb: str, expected: int) -> AbstractContextManager[VisitChange]:
    """The frame of a verb on what is booked: nothing else moves along with it."""
    return changing(session, visit, verb, right="book", expected=expected, reschedule=False)


def _fill(record: VisitRecord, booking: Booking, wanted: WantedBooking) -> None:
    """Put what is wanted into a booking and save it with its days."""
    resource = _thing(booking, wanted)
    if wanted.ends <= wanted.starts:
        raise Refused("ends_before_starts", starts=moment(wanted.starts), ends=moment(wanted.ends))
    if wanted.ends - wanted.starts > LONGEST:
        raise Refused("booked_too_long", most=LONGEST.days)
    if wanted.driver is not None and wanted.driver != booking.driver_id:
        require_active(wanted.driver)
    booking.resource_id, booking.person_id = wanted.resource, wanted.person
    known = {stage.id: stage.name for stage in record.policy.stages}
    if wanted.stage is not None and wanted.stage not in known and wanted.stage != booking.stage:
        raise not_one_of("stage", wanted.stage, known.values())
    booking.leg_id, booking.stage = _leg(record, wanted), wanted.stage
    booking.people = validate.number("headcount", wanted.people)
    booking.guests = guest_names(record.guests, wanted.guests)
    booking.driver_id = wanted.driver if resource is not None and resource.kind == "car" else None
    booking.note = validate.line("note", wanted.note)
    booking.version += 1
    put(booking, wanted.starts, wanted.ends)


def _thing(booking: Booking, wanted: WantedBooking) -> Resource | None:
    """The car or room that is wanted; Refused where it cannot be booked (any more)."""
    if (wanted.resource is None) == (wanted.person is None):
        raise Refused("nothing_to_book")
    if wanted.person is not None:
        if wanted.person != booking.person_id:
            require_active(wanted.person)
        return None
    resource = Resource.get_or_none(Resource.id == wanted.resource)
    if resource is None or resource.kind not in ("car", "room"):
        raise Refused("no_resource")
    if not resource.active and resource.id != booking.resource_id:
        raise Refused("resource_off", name=resource.name)
    return resource


def _leg(record: VisitRecord, wanted: WantedBooking) -> int | None:
    """The leg it is for; that of everybody where the visit has none of that way yet."""
    legs = record.all_legs
    if wanted.leg is not None:
        if not any(leg.id == wanted.leg for leg in legs):
            raise Refused("no_leg")
        return wanted.leg
    if not one_of("leg_way", wanted.way, ("", *WAYS)):
        return None
    leg = next((leg for leg in legs if leg.way == wanted.way and not leg.position), None)
    return int((leg or Leg.create(visit=record.row.id, way=wanted.way)).id)


def _made(v: VisitChange, booking: Booking, wanted: WantedBooking, reasons: Mapping[str, str]) -> _Made:
    """Make a booking what is wanted, inside the frame."""
    before = clashes_with(v.record, [booking.id]) if booking.id is not None else ()
    _fill(v.record, booking, wanted)
    clashes = _accepted(v.record.renewed(), booking, reasons)
    gone = solved(before, clashes)
    forget(gone)
    what = thing_name(booking)
    v.details = {"booking": booking.id, "text": what, "at": booking.starts, "reasons": booking.reasons}
    return _Made(booking, what, clashes, gone)


def _kept(v: VisitChange, made: _Made) -> BookingResult:
    starts, ends = made.booking.starts, made.booking.ends
    facts = {"thing": made.thing, "starts": moment(starts), "ends": until(starts, ends), "n": len(made.solved)}
    said = v.verb.replace(".", "_") + ("_solved" if made.solved and not made.clashes else "")
    return BookingResult(v.done(said, **facts), made.booking.id, made.clashes, made.solved)


def _accepted(record: VisitRecord, booking: Booking, reasons: Mapping[str, str]) -> tuple[Clash, ...]:
    """What clashes with a booking of a visit as it is now, the reasons given kept; Refused where that is not enough."""
    given = {key: validate.text("reason", text).strip() for key, text in reasons.items()}
    clashes = clashes_with(record, [booking.id])
    keys = {capacity.reason_key(clash) for clash in clashes if capacity.booking_of(clash.hold) == booking.id}
    booking.reasons = {key: text for key, text in {**booking.reasons, **given}.items() if key in keys and text}
    booking.save()
    owed = [clash for clash in clashes if bars(clash) and not excused(clash)]
    if owed:
        raise clashing(record, owed)
    return clashes


# -- proposals --------------------------------------------------------------------------------------------------------


@record
class Proposal:
    """One thing to book. `name` "" and `wanted` None: there is none left that will do; `people` are then without.

    `purpose`: arrival, departure or a stage's id, `leg` of which group; `clashes`: what is to be said of it though it
    can be booked. `booking`: a car that is booked already, where `people` more, `guests` among them, are to ride along.
    """

    purpose: str
    thing: str
    starts: datetime
    ends: datetime
    people: int
    guests: tuple[str, ...] = ()
    name: str = ""
    seats: int | None = None
    driver: str = ""
    wanted: WantedBooking | None = None
    clashes: tuple[Clash, ...] = ()
    booking: int | None = None
    leg: int | None = None

    @property
    def way(self) -> str:
        """The arrival or departure it is for, where nothing is known yet of how the guests come or go."""
        return self.purpose if self.leg is None and self.purpose in WAYS else ""

    @property
    def stage(self) -> str | None:
        """The stage it is for."""
        return self.purpose if self.purpose not in WAYS else None


def propose(session: Session, visit: int) -> tuple[Proposal, ...]:
    """What is not booked yet and should be, in order of time: cars for every group that comes or goes, the principal
    guest in the first; a room for each stage that is held one, or one room for stages that overlap."""
    with reading():
        return proposals(VisitRecord(session, visit_row(visit)))


def proposals(record: VisitRecord) -> tuple[Proposal, ...]:
    """The same for a visit that is read already; inside `reading`."""
    if record.row.state not in ("submitted", "approved", "under_way"):
        return ()
    search = _Search(record)
    found = [*_cars(search), *_rooms(search)]
    return tuple(sorted(found, key=lambda each: (each.starts, each.thing, each.purpose)))


class _Search:
    """What there is, what is held already, and what has been proposed meanwhile."""

    def __init__(self, record: VisitRecord) -> None:
        self.record = record
        self.mine = capacity.holds_of(record)
        self.taken: list[Hold] = []
        known = [each for each in record.shared.resources.values() if each.active and each.kind in ("car", "room")]
        self.things = sorted(known, key=lambda each: (each.seats is not None, each.seats or 0, each.name))
        self.names = record.register.called_names(row.driver_id for row in self.things)
        self.others: dict[Pair, tuple[Hold, ...]] = {}

    def of(self, kind: str) -> list[Resource]:
        """All things of a kind, the smallest first."""
        return [row for row in self.things if row.kind == kind]

    def hold(self, thing: Resource, span: Pair, people: int, stage: str | None = None) -> Hold:
        """The thing as it would be held."""
        row = self.record.row
        return Hold(
            f"proposed:{thing.id}:{span[0]}", thing.kind, thing.id, thing.name, *span, visit=row.id,
            firm=capacity.firm(row), people=people, seats=thing.seats, grade=capacity.grade_of(thing),
            equipment=frozenset(thing.equipment),
            needs=self.record.needs(*span, stage) if thing.kind == "room" else frozenset(),
        )  # fmt: skip

    def clashes(self, hold: Hold, driver: int | None = None) -> tuple[Clash, ...]:
        """What would clash with it, or with who drives it."""
        span = (hold.starts, hold.ends)
        if span not in self.others:
            self.others[span] = capacity.rivals(self.record, self._all(span))
        others = [*self.mine, *self.others[span], *self.taken]
        found = self.record.clashes(hold, others)
        if driver is None:
            return found
        drives = Hold(f"driver:{hold.key}", "person", driver, self.names.get(driver, ""), *span, visit=hold.visit)
        return found + tuple(each for each in self.record.clashes(drives, others) if not capacity.one_place(each))

    def _all(self, span: Pair) -> list[Hold]:
        """Every thing there is, and everybody who drives one, as they would be held."""
        known: list[tuple[str, int]] = [(thing.kind, thing.id) for thing in self.things]
        known += [("person", driver) for driver in {thing.driver_id for thing in self.things} if driver is not None]
        return [Hold(f"{kind}{what}", kind, what, "", *span, visit=self.record.row.id) for kind, what in known]

    def take(self, hold: Hold, driver: int | None) -> None:
        """It is proposed, and not to be proposed for anything else at that time."""
        self.taken.append(hold)
        if driver is not None:
            key = f"driver:{hold.key}"
            self.taken.append(Hold(key, "person", driver, "", hold.starts, hold.ends, visit=hold.visit))


def _free(clashes: Iterable[Clash]) -> bool:
    """Whether it is nobody else's then, and who drives it has time: a proposal is never taken from anybody."""
    return not any(clash.code in ("twice", "gap") and clash.level != "info" for clash in clashes)


def _fits(clashes: Iterable[Clash], *codes: str) -> bool:
    return not any(clash.code in codes for clash in clashes)


# -- cars -------------------------------------------------------------------------------------------------------------


def _cars(search: _Search) -> list[Proposal]:
    """Whoever has no seat yet: on the free seats of a car that is booked for them, else in another one."""
    record, found = search.record, list[Proposal]()
    for purpose in record.purposes("car"):
        for party in parties(record, purpose):
            span, left = record.span("car", purpose, party.at), party.left
            if span is None or not left:
                continue
            ridden = {name for row, _ in party.cars for name in row.guests}
            rest = [name for name in _names(record, party.leg, purpose) if name not in ridden]
            seats = spread(party.cars, left, rest)
            found += [_seat(search, purpose, *each) for each in seats]
            taken = sum(people for _, people, _ in seats)
            if left > taken:
                found += _fleet(search, purpose, party.leg, span, left - taken, rest[taken:])
    return found


def _seat(search: _Search, purpose: str, booked: Seats, people: int, names: tuple[str, ...]) -> Proposal:
    """So many more in a car that is booked already."""
    row, car = booked
    wanted = replace(as_booked(row), people=riding(row, car) + people, guests=(*row.guests, *names))
    driver = row.driver_id or car.driver_id
    name = called_names([driver]).get(driver, "")
    return Proposal(
        purpose, "car", row.starts, row.ends, people, names, car.name, car.seats, name, wanted,
        booking=row.id, leg=row.leg_id,
    )  # fmt: skip


def _names(record: VisitRecord, leg: Leg | None, purpose: str) -> list[str]:
    """Who comes or goes together, the principal guest first."""
    guests = sorted([guest for guest in record.guests if guest.name], key=lambda guest: not guest.principal)
    if leg is not None and leg.position:
        return [guest.name for guest in guests if guest.name in leg.guests]
    elsewhere = {name for each in record.legs if each.way == purpose and each.position for name in each.guests}
    return [guest.name for guest in guests if guest.name not in elsewhere]


def _fleet(
    search: _Search, purpose: str, leg: Leg | None, span: Pair, people: int, names: Sequence[str]
) -> list[Proposal]:  # fmt: skip
    """One car that holds them all, else several; of the lowest class that the standards allow."""
    order = [entry.id for entry in search.record.policy.lists.get("car", ())]
    least = least_of(search.record.case, "car")[0] if search.record.case is not None else None
    rank = {grade: place for place, grade in enumerate(order)}
    fleet = [car for car in search.of("car") if least is None or rank.get(car.grade or "", len(order)) <= rank[least]]
    able = [car for car in fleet if car.seats and _able(search, car, span)]
    able.sort(key=lambda car: (-rank.get(car.grade or "", len(order)), car.seats or 0))
    found, left, rest = list[Proposal](), people, list(names)
    while left > 0 and able:
        whole = [car for car in able if (car.seats or 0) >= left]
        lowest = [car for car in able if car.grade == able[0].grade]
        car = whole[0] if whole else max(lowest, key=lambda each: each.seats or 0)
        able.remove(car)
        taken = min(left, car.seats or 0)
        hold = search.hold(car, span, taken)
        clashes = search.clashes(hold, car.driver_id)
        if not _free(clashes):  # the same driver drives a car proposed before
            continue
        search.take(hold, car.driver_id)
        wanted = WantedBooking(
            *span, resource=car.id, leg=leg.id if leg is not None else None, people=taken, guests=tuple(rest[:taken]),
            way=purpose if leg is None and purpose in WAYS else "",
            stage=purpose if purpose not in WAYS else None,
        )  # fmt: skip
        driver = search.names.get(car.driver_id, "")
        found.append(
            Proposal(purpose, "car", *span, taken, wanted.guests, car.name, car.seats, driver, wanted, clashes,
                     leg=wanted.leg)
        )  # fmt: skip
        left, rest = left - taken, rest[taken:]
    none = Proposal(purpose, "car", *span, left, tuple(rest), leg=leg.id if leg is not None else None)
    return [*found, none] if left > 0 else found


def _able(search: _Search, car: Resource, span: Pair) -> bool:
    return _free(search.clashes(search.hold(car, span, 1), car.driver_id))


# -- rooms ------------------------------------------------------------------------------------------------------------


def _rooms(search: _Search) -> list[Proposal]:
    """A room for what is not in one yet; stages that overlap are in one room."""
    record = search.record
    people = record.sitting or 0
    wanted: list[tuple[str, Pair]] = []
    for purpose in record.purposes("room"):
        for _, at in record.times(purpose):
            span = record.span("room", purpose, at)
            if span is not None and not any(_covers(search, row, span) for row in search.record.bookings):
                wanted.append((purpose, span))
    found = []
    for purpose, span in _together(wanted):
        rooms = [room for room in search.of("room") if (room.seats or people) >= people]
        tried = [(room, search.hold(room, span, people, purpose)) for room in rooms]
        judged = [(room, hold, search.clashes(hold)) for room, hold in tried]
        able = [each for each in judged if _free(each[2]) and _fits(each[2], "equipment")]
        if not able:
            found.append(Proposal(purpose, "room", *span, people))
            continue
        room, hold, clashes = able[0]
        search.take(hold, None)
        booked = WantedBooking(*span, resource=room.id, stage=purpose)  # for all guests, however many there will be
        found.append(Proposal(purpose, "room", *span, people, (), room.name, room.seats, "", booked, clashes))
    return found


def _covers(search: _Search, row: Booking, span: Pair) -> bool:
    thing = search.record.resource(row)
    return thing is not None and thing.kind == "room" and row.starts <= span[0] and span[1] <= row.ends


def _together(wanted: Iterable[tuple[str, Pair]]) -> list[tuple[str, Pair]]:
    """Spans that overlap as one, under the first one's purpose."""
    found: list[tuple[str, Pair]] = []
    for purpose, span in sorted(wanted, key=lambda each: each[1]):
        if found and span[0] < found[-1][1][1]:
            first, (starts, ends) = found[-1]
            found[-1] = (first, (starts, max(ends, span[1])))
        else:
            found.append((purpose, span))
    return found


def take_proposal(session: Session, visit: int, proposal: Proposal, *, expected: int) -> BookingResult:
    """Book what is proposed, or have those ride along in what is booked. Refused where nothing is (`nothing_free`),
    or as `book` where it was taken meanwhile."""
    if proposal.wanted is None:
        raise Refused("nothing_free")
    if proposal.booking is not None:
        return change_booking(session, proposal.booking, proposal.wanted, expected=expected)
    return book(session, visit, proposal.wanted, expected=expected)
