"""Bookings of a visit with their clashes, what can be booked and when it is free, and a day as lanes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from models.frozen import record
from models.policy.case import Hold
from models.policy.programme import Clash
from models.queries.common import COMING, called_one, tier_marks
from models.schema.arrangements import Booking, Leg, Resource
from models.schema.store import reading
from models.schema.tables import Person, Visit
from models.services import capacity
from models.services.booking_verbs import Proposal, proposals
from models.services.capacity import (
    days_held,
    holds_of,
    holds_on,
    neighbours,
    proper_span,
    reason_of,
    reasons_of,
    rivals,
)
from models.services.phones import Phones
from models.services.rights import ActorContext, hidden_among
from models.services.session import Session
from models.services.visit_record import Pair, VisitRecord
from models.services.visits import visit_policy, visit_row
from models.words import Name, Phrase

HIDDEN = "***"


@record
class Against:
    """One clash: how bad it is and why; `client` whose other visit it is with ("***" where one may not see it), until
    when and whether firmly. `reason`: why it was accepted, "" where it was not. `key` is that of the reason."""

    level: str
    code: str
    text: Phrase
    key: str
    reason: str
    visit: int | None
    client: str
    until: datetime | None
    firm: bool


@record
class BookingLine:
    """A booking. `purpose`: arrival, departure, or a stage's name; `group`: the guests of a leg of their own.

    `retired`: what is booked, or who drives it, was switched off in the register and it is not over yet; `proper`: the
    span that the policy gives for it now, where the booking does not cover it. `sitting`: how many ride
    or sit there: in a room where nothing else is said, all guests.
    """

    id: int
    kind: str
    thing: int
    name: str
    model: str
    starts: datetime
    ends: datetime
    purpose: str | Name
    group: tuple[str, ...]
    people: int | None
    guests: tuple[str, ...]
    sitting: int
    seats: int | None
    grade: Name | None
    driver: int | None
    driver_name: str
    driver_phone: str
    note: str
    leg: int | None
    stage: str | None
    clashes: tuple[Against, ...]
    retired: bool
    proper: Pair | None


@record
class PartClash:
    """Somebody whose part in the visit clashes with another: a host, who meets the guests."""

    name: str
    starts: datetime
    ends: datetime
    clashes: tuple[Against, ...]


@record
class Booked:
    """All that is booked for a visit. `firm`: once it is approved; not `held`: it was called off, returned, or never
    came; `proposals` are what should be booked yet."""

    firm: bool
    held: bool
    lines: tuple[BookingLine, ...]
    parts: tuple[PartClash, ...]
    proposals: tuple[Proposal, ...]

    @property
    def worst(self) -> str:
        """`!` where something clashes for which no reason was given, or nothing is left that would do."""
        clashes = [each for line in self.lines for each in line.clashes]
        clashes += [each for part in self.parts for each in part.clashes]
        open_ = [each for each in clashes if not each.reason]
        bad = (
            any(line.retired for line in self.lines)
            or any(each.level != "info" for each in open_)
            or any(each.wanted is None for each in self.proposals)
        )
        return "!" if bad else ""


def booked(record: VisitRecord, phones: Phones) -> Booked:
    """What is booked for a visit, and what clashes; inside `reading`."""
    row, rows = record.row, record.bookings
    mine = holds_of(record)
    shown = mine or capacity.booked(record, rows)
    clashes = capacity.clashes_among(record, mine, [*mine, *rivals(record, mine)])
    against = _against(record, phones.context, clashes)
    lines = _lines(record, rows, shown, against, phones)
    named = record.register.called_names(int(hold.what) for hold in mine if hold.thing == "person")
    parts = tuple(
        PartClash(
            named.get(int(hold.what), "") if row.state in COMING else hold.name,
            hold.starts,
            hold.ends,
            tuple(against[hold.key]),
        )
        for hold in mine
        if str(hold.key).startswith("part:") and against.get(hold.key)
    )
    return Booked(capacity.firm(row), row.state in capacity.HOLDING, lines, parts, proposals(record))


def _against(record: VisitRecord, context: ActorContext, clashes: Sequence[Clash]) -> Mapping[int | str, list[Against]]:
    """What clashes, by hold; what its driver clashes with is the booking's."""
    reasons = reasons_of(clashes)
    others = {int(clash.other.visit) for clash in clashes if clash.other is not None}
    rows, unseen = neighbours(record), context.hidden_among(others)
    found: dict[int | str, list[Against]] = {}
    for clash in clashes:
        other = clash.other
        visit = int(other.visit) if other is not None and other.visit != clash.hold.visit else None
        client = "" if visit is None else HIDDEN if visit in unseen else rows[visit].client_name
        key = capacity.booking_of(clash.hold)
        found.setdefault(clash.hold.key if key is None else key, []).append(
            Against(
                clash.level, clash.code, clash.text, capacity.reason_key(clash), reason_of(clash, reasons),
                None if visit in unseen else visit, client, other.ends if other is not None else None,
                other.firm if other is not None else True,
            )
        )  # fmt: skip
    return found


def _lines(
    record: VisitRecord,
    rows: Sequence[Booking],
    shown: Iterable[Hold],
    against: Mapping[int | str, list[Against]],
    phones: Phones,
) -> tuple[BookingLine, ...]:
    held = {hold.key: hold for hold in shown}
    people, legs = record.register.persons, {leg.id: leg for leg in record.all_legs}
    found = []
    for row in rows:
        hold, thing = held.get(row.id), record.resource(row)
        if hold is None:  # over before it began
            continue
        leg, driver = legs.get(row.leg_id or 0), people.get(record.driver(row))
        used = [each for each in (thing, driver, people.get(row.person_id)) if each is not None]
        found.append(
            BookingLine(
                id=row.id, kind=hold.thing, thing=row.resource_id or row.person_id or 0,
                name=called_one(people.get(row.person_id), row.ends > record.session.now()) or hold.name,
                model=thing.model if thing else "", starts=row.starts, ends=row.ends,
                purpose=_purpose(record, row, leg),
                group=tuple(leg.guests) if leg is not None and leg.position else (), people=row.people,
                guests=tuple(row.guests), sitting=hold.people or 0, seats=hold.seats,
                grade=record.policy.name_of(hold.grade) if hold.grade else None,
                driver=row.driver_id, driver_name=called_one(driver, row.ends > record.session.now()),
                driver_phone=phones.on(
                    record.row.id, (driver.phone if driver else "") or (thing.phone if thing else ""),
                    driver.id if driver else None,
                ),
                note=row.note, leg=row.leg_id, stage=row.stage, clashes=tuple(against.get(row.id, ())),
                retired=row.ends > record.session.now() and not all(each.active for each in used),
                proper=proper_span(record, row, leg, hold.thing),
            )
        )  # fmt: skip
    return tuple(found)


def _purpose(record: VisitRecord, row: Booking, leg: Leg | None) -> str | Name:
    if leg is not None:
        return leg.way
    return record.policy.name_of(row.stage) if row.stage is not None else ""


# -- what can be booked, and when it is free --------------------------------------------------------------------------


@record
class Bookable:
    """A car, a room or a person. Not `free`: held for a visit of `client` until then, `firm` or tentatively."""

    key: str
    kind: str
    resource: int | None
    person: int | None
    name: str
    grade: Name | None
    seats: int | None
    find: tuple[str, str]
    free: bool
    client: str = ""
    until: datetime | None = None
    firm: bool = True


def bookable(session: Session, visit: int, starts: datetime, ends: datetime) -> tuple[Bookable, ...]:
    """Cars, rooms, then people; of each what is free for that time in front."""
    with reading():
        policy = visit_policy(session, visit_row(visit))
        held = [
            hold for hold in holds_on(session, days_held(starts, ends)) if hold.starts < ends and starts < hold.ends
        ]
        visits = {int(hold.visit) for hold in held}
        clients = {row.id: row.client_name for row in Visit.select().where(Visit.id.in_(visits))} if visits else {}
        unseen = hidden_among(session, visits)
        by = {(hold.thing, hold.what): hold for hold in sorted(held, key=lambda hold: (hold.firm, hold.ends))}
        wanted = Resource.select().where(Resource.active, Resource.kind.in_(["car", "room"]))
        things: list[Any] = list(wanted.order_by(Resource.kind, Resource.pinyin))
        people: list[Any] = list(Person.select().where(Person.active).order_by(Person.pinyin, Person.id))
        found = []
        for kind, row in [*((row.kind, row) for row in things), *(("person", row) for row in people)]:
            hold = by.get((kind, row.id))
            client = "" if hold is None else HIDDEN if hold.visit in unseen else clients.get(int(hold.visit), "")
            car = kind != "person"
            found.append(
                Bookable(
                    f"{kind}:{row.id}", kind, row.id if car else None, None if car else row.id, row.name,
                    policy.name_of(row.grade) if car and row.grade else None, row.seats if car else None,
                    (row.pinyin, row.initials), hold is None, client, hold.ends if hold else None,
                    hold.firm if hold else True,
                )
            )  # fmt: skip
    order = {"car": 0, "room": 1, "person": 2}
    return tuple(sorted(found, key=lambda each: (order[each.kind], not each.free)))


# -- a day as lanes ---------------------------------------------------------------------------------------------------

KINDS = ("car", "room", "person")


@record
class Busy:
    """A span of the day in which something is held (local times, which may be of the day before or after): for whose
    visit ("***" where one may not see it), with its tier's mark, firmly or tentatively."""

    starts: datetime
    ends: datetime
    visit: int | None
    client: str
    mark: Name
    firm: bool


@record
class Lane:
    """A car, a room or a person on one day, what it is held for in order of time; `clashing`: twice at once.

    `about`: class and make of a car, for a room what it has; `driver`: of a car, with the phone.
    """

    key: str
    kind: str
    name: str
    find: tuple[str, str]
    seats: int | None
    about: tuple[Name, ...]
    driver: str
    busy: tuple[Busy, ...]
    clashing: bool


@record
class Lanes:
    """All lanes of a day: cars, rooms, then people who have something to do that day."""

    day: date
    lanes: tuple[Lane, ...]

    def lane(self, key: str) -> Lane | None:
        """The lane with that key."""
        return next((lane for lane in self.lanes if lane.key == key), None)


def lanes(session: Session, day: date) -> Lanes:
    """What is held on a day. Things switched off are there only while something holds them still."""
    still = day >= session.now().date()
    with reading():
        held = holds_on(session, [day])
        rows = {row.id: row for row in Visit.select().where(Visit.id.in_({int(hold.visit) for hold in held}))}
        unseen, phones = hidden_among(session, rows), Phones.of(session)
        by: dict[tuple[str, int | str], list[Hold]] = {}
        for hold in held:
            by.setdefault((hold.thing, hold.what), []).append(hold)
        used = [what for thing, what in by if thing != "person"]
        wanted = Resource.active | Resource.id.in_(used)
        things = list(Resource.select().where(Resource.kind.in_(["car", "room"]), wanted))
        ids = [what for thing, what in by if thing == "person"]
        ids += [row.driver_id for row in things if row.driver_id is not None]
        people = {row.id: row for row in Person.select().where(Person.id.in_(ids))}
        marks = {visit: _mark(session, row) for visit, row in rows.items()}

        def busy(kind: str, what: int) -> tuple[Busy, ...]:
            return tuple(_busy(hold, rows, unseen, marks) for hold in by.get((kind, what), ()))

        found = [
            Lane(
                f"{row.kind}:{row.id}", row.kind, row.name, (row.pinyin, row.initials), row.seats, _about(session, row),
                _driver(people.get(row.driver_id or 0), row, still, phones), busy(row.kind, row.id),
                _twice(by.get((row.kind, row.id), ())),
            )
            for row in sorted(things, key=lambda row: (KINDS.index(row.kind), row.pinyin, row.name))
        ]  # fmt: skip
        found += [
            Lane(f"person:{row.id}", "person", called_one(row, still), (row.pinyin, row.initials), None, (),
                 phones.colleague(row.phone, row.id),
                 busy("person", row.id), _twice(by[("person", row.id)]))
            for row in sorted(people.values(), key=lambda row: (row.pinyin, row.id))
            if ("person", row.id) in by
        ]  # fmt: skip
    return Lanes(day, tuple(found))


def gaps(lane: Lane, day: date, first: time, last: time) -> list[tuple[datetime, datetime]]:
    """When a lane is free between two hours of its day, in order."""
    at, end = datetime.combine(day, first), datetime.combine(day, last)
    found = []
    for each in sorted(lane.busy, key=lambda each: each.starts):
        if each.starts > at:
            found.append((at, min(each.starts, end)))
        at = max(at, each.ends)
    return [*(gap for gap in found if gap[0] < gap[1]), *([(at, end)] if at < end else [])]


def next_free(lane: Lane, at: datetime) -> datetime:
    """From when on a lane is free, seen from a moment of its day: that moment, or the end of what holds it then and of
    what follows without a break."""
    for each in sorted(lane.busy, key=lambda each: each.starts):
        if each.starts <= at < each.ends:
            at = each.ends
    return at


def holding(lane: Lane, at: datetime) -> tuple[Busy, ...]:
    """What holds a lane at a moment."""
    return tuple(each for each in lane.busy if each.starts <= at < each.ends)


def _busy(hold: Hold, rows: dict[int, Visit], unseen: Iterable[int], marks: dict[int, Name]) -> Busy:
    visit = int(hold.visit)
    known = visit not in set(unseen)
    client = rows[visit].client_name if known else HIDDEN
    return Busy(hold.starts, hold.ends, visit if known else None, client, marks[visit], hold.firm)


def _mark(session: Session, row: Visit) -> Name:
    tier = row.tier or row.proposed_tier
    return tier_marks(visit_policy(session, row)).get(tier or "", Name.of("")) if tier else Name.of("")


def _about(session: Session, row: Resource) -> tuple[Name, ...]:
    grade = [session.policy.name_of(row.grade)] if row.grade else []
    return (
        *grade,
        *([Name.of(row.model)] if row.model else []),
        *(session.policy.name_of(each) for each in row.equipment),
    )


def _driver(person: Person | None, row: Resource, still: bool, phones: Phones) -> str:
    if person is None:
        return phones.colleague(row.phone, None)
    phone = phones.colleague(person.phone or row.phone, person.id)
    return " ".join(part for part in (called_one(person, still), phone) if part)


def _twice(held: Sequence[Hold]) -> bool:
    """Whether two visits hold it at the same time."""
    spans = sorted(held, key=lambda hold: hold.starts)
    pairs = [(one, other) for at, one in enumerate(spans) for other in spans[at + 1 :] if other.starts < one.ends]
    return any(one.visit != other.visit for one, other in pairs)
