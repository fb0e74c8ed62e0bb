"""Verbs on what is booked for a visit: book, change, move, release, follow what moved; clashes as the policy says.

Where two visits hold the same thing firmly a clash that blocks refuses, one that asks for a reason wants it; it is
kept with the booking. What is only tentative is held by nobody against others, and is shown as competing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.errors import Refused
from models.policy.programme import Clash
from models.schema import journal
from models.schema.arrangements import Booking, Leg, Resource
from models.schema.store import write
from models.schema.tables import Visit
from models.services import holds, typed
from models.services.choices import WAYS, not_one_of, one_of
from models.services.clashing import bars, clashes_with, clashing, excused, forget, put, solved, thing_name
from models.services.effects import watched
from models.services.fact import moment, until
from models.services.names import guest_names
from models.services.people import insist_active
from models.services.rights import allow
from models.services.session import Session
from models.services.visit_record import VisitRecord
from models.services.visits import Done, done, seen_row, touch

LONGEST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Booked:
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


@dataclass(frozen=True, slots=True)
class Kept:
    """What a verb did: the sentence, the booking (None: released), what clashes with it, and what it solved."""

    done: Done
    booking: int | None
    clashes: tuple[Clash, ...] = ()
    solved: tuple[Clash, ...] = ()


def book(session: Session, visit: int, wanted: Booked, *, seen: int, reasons: Mapping[str, str] | None = None) -> Kept:
    """Hold a thing or a person for a visit. `reasons` by `holds.reason_key` of the clashes that ask for one.

    Refused (`clashes`): what blocks, or wants a reason that is not given.
    """
    with write():
        row = seen_row(visit, seen)
        allow(session, "book", row)
        with watched(session, row) as change:
            booking = Booking(visit=row.id, version=0)
            record = VisitRecord(session, row)
            _fill(record, booking, wanted)
            clashes = _accepted(record, [booking], reasons or {})
        return _kept(session, row, "add", booking, change.said, clashes)


def change_booking(
    session: Session, booking: int, wanted: Booked, *, seen: int, reasons: Mapping[str, str] | None = None
) -> Kept:
    """Make a booking what `wanted` says; reasons for clashes that are no more are forgotten. Refused as `book`."""
    with write():
        found, row = _booking(session, booking, seen)
        with watched(session, row) as change:
            record = VisitRecord(session, row)
            before = clashes_with(record, [booking])
            _fill(record, found, wanted)
            clashes = _accepted(record, [found], reasons or {})
            gone = solved(before, clashes)
            forget(gone)
        return _kept(session, row, "change", found, change.said, clashes, gone)


def move(
    session: Session, booking: int, starts: datetime, ends: datetime | None = None, *, seen: int,
    reasons: Mapping[str, str] | None = None,
) -> Kept:  # fmt: skip
    """Hold it at another time, as long as before where `ends` is not given. Refused as `book`."""
    with write():
        found, _ = _booking(session, booking, seen)
        wanted = as_booked(found)
        last = ends or starts + (found.ends - found.starts)
        return change_booking(session, booking, _at(wanted, starts, last), seen=seen, reasons=reasons)


def release(session: Session, booking: int, *, seen: int) -> Kept:
    """Hold it no longer."""
    with write():
        found, row = _booking(session, booking, seen)
        with watched(session, row) as change:
            gone = clashes_with(VisitRecord(session, row), [booking])
            what = thing_name(found)
            found.delete_instance()
            forget(gone)
        touch(session, row)
        journal.record(session, "booking.release", row.id, {"text": what, "changed": change.said})
        return Kept(done(row, "booking_release", thing=what), None, (), gone)


def as_booked(booking: Booking) -> Booked:
    """A booking as it would be typed."""
    return Booked(
        booking.starts, booking.ends, booking.resource_id, booking.person_id, booking.leg_id, "", booking.stage,
        booking.people, tuple(booking.guests), booking.driver_id, booking.note,
    )  # fmt: skip


def _booking(session: Session, booking: int, seen: int) -> tuple[Booking, Visit]:
    found = Booking.get_or_none(Booking.id == booking)
    if found is None:
        raise Refused("no_booking")
    row = seen_row(found.visit_id, seen)
    allow(session, "book", row)
    return found, row


def _at(wanted: Booked, starts: datetime, ends: datetime) -> Booked:
    values = {name: getattr(wanted, name) for name in Booked.__dataclass_fields__}
    return Booked(**{**values, "starts": starts, "ends": ends})


def _fill(record: VisitRecord, booking: Booking, wanted: Booked) -> None:
    """Put what is wanted into a booking and save it with its days."""
    resource = _thing(booking, wanted)
    if wanted.ends <= wanted.starts:
        raise Refused("ends_before_starts", starts=moment(wanted.starts), ends=moment(wanted.ends))
    if wanted.ends - wanted.starts > LONGEST:
        raise Refused("booked_too_long", most=LONGEST.days)
    if wanted.driver is not None and wanted.driver != booking.driver_id:
        insist_active(wanted.driver)
    booking.resource_id, booking.person_id = wanted.resource, wanted.person
    known = {stage.id: stage.name for stage in record.policy.stages}
    if wanted.stage is not None and wanted.stage not in known and wanted.stage != booking.stage:
        raise not_one_of("stage", wanted.stage, known.values())
    booking.leg_id, booking.stage = _leg(record.row, wanted), wanted.stage
    booking.people = typed.number("headcount", wanted.people)
    booking.guests = guest_names(record.row.id, wanted.guests)
    booking.driver_id = wanted.driver if resource is not None and resource.kind == "car" else None
    booking.note = typed.line("note", wanted.note)
    booking.version += 1
    put(booking, wanted.starts, wanted.ends)


def _thing(booking: Booking, wanted: Booked) -> Resource | None:
    """The car or room that is wanted; Refused where it cannot be booked (any more)."""
    if (wanted.resource is None) == (wanted.person is None):
        raise Refused("nothing_to_book")
    if wanted.person is not None:
        if wanted.person != booking.person_id:
            insist_active(wanted.person)
        return None
    resource = Resource.get_or_none(Resource.id == wanted.resource)
    if resource is None or resource.kind not in ("car", "room"):
        raise Refused("no_resource")
    if not resource.active and resource.id != booking.resource_id:
        raise Refused("resource_off", name=resource.name)
    return resource


def _leg(row: Visit, wanted: Booked) -> int | None:
    """The leg it is for; that of everybody where the visit has none of that way yet."""
    if wanted.leg is not None:
        leg = Leg.get_or_none(Leg.id == wanted.leg, Leg.visit == row.id)
        if leg is None:
            raise Refused("no_leg")
        return int(leg.id)
    if not one_of("leg_way", wanted.way, ("", *WAYS)):
        return None
    leg = Leg.get_or_none(Leg.visit == row.id, Leg.way == wanted.way, Leg.position == 0)
    return int((leg or Leg.create(visit=row.id, way=wanted.way)).id)


def _accepted(record: VisitRecord, rows: Sequence[Booking], reasons: Mapping[str, str]) -> tuple[Clash, ...]:
    """What clashes with bookings as they are now, the reasons given kept; Refused where that is not enough."""
    given = {key: typed.text("reason", text).strip() for key, text in reasons.items()}
    clashes = clashes_with(record.renewed(), [row.id for row in rows])
    for row in rows:
        keys = {holds.reason_key(clash) for clash in clashes if holds.booking_of(clash.hold) == row.id}
        row.reasons = {key: text for key, text in {**row.reasons, **given}.items() if key in keys and text}
        row.save()
    owed = [clash for clash in clashes if bars(clash) and not excused(clash)]
    if owed:
        raise clashing(record.session, owed)
    return clashes


def _kept(
    session: Session, row: Visit, verb: str, booking: Booking, changed: object, clashes: tuple[Clash, ...],
    gone: tuple[Clash, ...] = (),
) -> Kept:  # fmt: skip
    touch(session, row)
    what = thing_name(booking)
    told = {"booking": booking.id, "text": what, "at": booking.starts, "reasons": booking.reasons, "changed": changed}
    journal.record(session, f"booking.{verb}", row.id, told)
    ends = until(booking.starts, booking.ends)
    facts = {"thing": what, "starts": moment(booking.starts), "ends": ends, "n": len(gone)}
    said = f"booking_{verb}_solved" if gone and not clashes else f"booking_{verb}"
    return Kept(done(row, said, **facts), booking.id, clashes, gone)
