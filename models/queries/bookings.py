"""What is booked for a visit, what clashes and with whom, and what should be booked yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.policy.case import Hold
from models.policy.programme import Clash
from models.queries.common import COMING, called_one
from models.schema.arrangements import Booking, Leg
from models.schema.tables import Visit
from models.services import holds
from models.services.clashing import proper_span
from models.services.holds import holds_of, reason_of, reasons_of, rivals
from models.services.people import called_names
from models.services.proposals import Proposal, proposals
from models.services.session import Session
from models.services.sight import hidden_among
from models.services.visit_record import Pair, VisitRecord
from models.words import Name, Phrase

HIDDEN = "***"


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class PartLine:
    """Somebody whose part in the visit clashes with another: a host, who meets the guests."""

    name: str
    starts: datetime
    ends: datetime
    clashes: tuple[Against, ...]


@dataclass(frozen=True, slots=True)
class Booked:
    """All that is booked for a visit. `firm`: once it is approved; not `held`: it was called off, returned, or never
    came; `proposals` are what should be booked yet."""

    firm: bool
    held: bool
    lines: tuple[BookingLine, ...]
    parts: tuple[PartLine, ...]
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


def booked(record: VisitRecord) -> Booked:
    """What is booked for a visit, and what clashes; inside `reading`."""
    session, row, rows = record.session, record.row, record.bookings
    mine = holds_of(record)
    shown = mine or holds.booked(record, rows)
    clashes = holds.clashes_among(record, mine, [*mine, *rivals(record, mine)])
    against = _against(session, clashes)
    lines = _lines(record, rows, shown, against)
    named = called_names(int(hold.what) for hold in mine if hold.thing == "person")
    parts = tuple(
        PartLine(
            named.get(int(hold.what), "") if row.state in COMING else hold.name,
            hold.starts,
            hold.ends,
            tuple(against[hold.key]),
        )
        for hold in mine
        if str(hold.key).startswith("part:") and against.get(hold.key)
    )
    return Booked(holds.firm(row), row.state in holds.HOLDING, lines, parts, proposals(record))


def _against(session: Session, clashes: Sequence[Clash]) -> Mapping[int | str, list[Against]]:
    """What clashes, by hold; what its driver clashes with is the booking's."""
    reasons = reasons_of(clashes)
    others = {int(clash.other.visit) for clash in clashes if clash.other is not None}
    rows = {row.id: row for row in Visit.select().where(Visit.id.in_(others))} if others else {}
    unseen = hidden_among(session, others)
    found: dict[int | str, list[Against]] = {}
    for clash in clashes:
        other = clash.other
        visit = int(other.visit) if other is not None and other.visit != clash.hold.visit else None
        client = "" if visit is None else HIDDEN if visit in unseen else rows[visit].client_name
        key = holds.booking_of(clash.hold)
        found.setdefault(clash.hold.key if key is None else key, []).append(
            Against(
                clash.level, clash.code, clash.text, holds.reason_key(clash), reason_of(clash, reasons),
                None if visit in unseen else visit, client, other.ends if other is not None else None,
                other.firm if other is not None else True,
            )
        )  # fmt: skip
    return found


def _lines(
    record: VisitRecord, rows: Sequence[Booking], shown: Iterable[Hold], against: Mapping[int | str, list[Against]]
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
                driver_phone=(driver.phone if driver else "") or (thing.phone if thing else ""),
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
