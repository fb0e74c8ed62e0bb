"""What should be booked for a visit: the lowest class of car that will do and holds the party, a room that has what
its stages need; each free for as long as the policy holds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from models.errors import Refused
from models.policy.case import Hold
from models.policy.programme import Clash, least_of
from models.schema.arrangements import Booking, Leg, Resource
from models.schema.store import reading
from models.services import holds
from models.services.bookings import Booked, Kept, as_booked, book, change_booking
from models.services.people import called_names
from models.services.seating import Seats, parties, riding, spread
from models.services.session import Session
from models.services.visit_record import Pair, VisitRecord
from models.services.visits import visit_row
from models.services.whereabouts import WAYS


@dataclass(frozen=True, slots=True)
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
    wanted: Booked | None = None
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
        self.mine = holds.holds_of(record)
        self.taken: list[Hold] = []
        known = [each for each in record.shared.resources.values() if each.active and each.kind in ("car", "room")]
        self.things = sorted(known, key=lambda each: (each.seats is not None, each.seats or 0, each.name))
        self.names = called_names(row.driver_id for row in self.things)
        self.others: dict[Pair, tuple[Hold, ...]] = {}

    def of(self, kind: str) -> list[Resource]:
        """All things of a kind, the smallest first."""
        return [row for row in self.things if row.kind == kind]

    def hold(self, thing: Resource, span: Pair, people: int, stage: str | None = None) -> Hold:
        """The thing as it would be held."""
        row = self.record.row
        return Hold(
            f"proposed:{thing.id}:{span[0]}", thing.kind, thing.id, thing.name, *span, visit=row.id,
            firm=holds.firm(row), people=people, seats=thing.seats, grade=holds.grade_of(thing),
            equipment=frozenset(thing.equipment),
            needs=self.record.needs(*span, stage) if thing.kind == "room" else frozenset(),
        )  # fmt: skip

    def clashes(self, hold: Hold, driver: int | None = None) -> tuple[Clash, ...]:
        """What would clash with it, or with who drives it."""
        span = (hold.starts, hold.ends)
        if span not in self.others:
            self.others[span] = holds.rivals(self.record, self._all(span))
        others = [*self.mine, *self.others[span], *self.taken]
        found = self.record.clashes(hold, others)
        if driver is None:
            return found
        drives = Hold(f"driver:{hold.key}", "person", driver, self.names.get(driver, ""), *span, visit=hold.visit)
        return found + tuple(each for each in self.record.clashes(drives, others) if not holds.one_place(each))

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


# -- cars ----------------------------------------------------------------------------------------------------------


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
        wanted = Booked(
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


# -- rooms ---------------------------------------------------------------------------------------------------------


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
        booked = Booked(*span, resource=room.id, stage=purpose)  # for all guests, however many there will be
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


def take_proposal(session: Session, visit: int, proposal: Proposal, *, seen: int) -> Kept:
    """Book what is proposed, or have those ride along in what is booked. Refused where nothing is (`nothing_free`),
    or as `book` where it was taken meanwhile."""
    if proposal.wanted is None:
        raise Refused("nothing_free")
    if proposal.booking is not None:
        return change_booking(session, proposal.booking, proposal.wanted, seen=seen)
    return book(session, visit, proposal.wanted, seen=seen)
