"""Verbs on what is booked for a visit: book, change, move, release, follow what moved; clashes as the policy says.

Where two visits hold the same thing firmly a clash that blocks refuses, one that asks for a reason wants it; it is
kept with the booking. What is only tentative is held by nobody against others, and is shown as competing.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from models.errors import Refused
from models.policy.programme import Clash
from models.schema.arrangements import Booking, Leg, Resource
from models.services import holds, typed
from models.services.choices import not_one_of, one_of
from models.services.clashing import bars, clashes_with, clashing, excused, forget, put, solved, thing_name
from models.services.fact import moment, until
from models.services.frame import Change, Owned, changing
from models.services.names import guest_names
from models.services.people import insist_active
from models.services.session import Session
from models.services.visit_record import VisitRecord
from models.services.visits import Done
from models.services.whereabouts import WAYS

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


@dataclass(frozen=True, slots=True)
class _Made:
    """A booking as it is now, the name of what is booked, what clashes with it and what it solved."""

    booking: Booking
    thing: str
    clashes: tuple[Clash, ...]
    solved: tuple[Clash, ...]


def book(session: Session, visit: int, wanted: Booked, *, seen: int, reasons: Mapping[str, str] | None = None) -> Kept:
    """Hold a thing or a person for a visit. `reasons` by `holds.reason_key` of the clashes that ask for one.

    Refused (`clashes`): what blocks, or wants a reason that is not given.
    """
    with _changing(session, visit, "booking.add", seen) as v:
        booking = Booking(visit=visit, version=0)
        made = _made(v, booking, wanted, reasons or {})
    return _kept(v, made)


def change_booking(
    session: Session, booking: int, wanted: Booked, *, seen: int, reasons: Mapping[str, str] | None = None
) -> Kept:
    """Make a booking what `wanted` says; reasons for clashes that are no more are forgotten. Refused as `book`."""
    with _changing(session, (Booking, booking), "booking.change", seen) as v:
        made = _made(v, v.found(Booking), wanted, reasons or {})
    return _kept(v, made)


def move(
    session: Session, booking: int, starts: datetime, ends: datetime | None = None, *, seen: int,
    reasons: Mapping[str, str] | None = None,
) -> Kept:  # fmt: skip
    """Hold it at another time, as long as before where `ends` is not given. Refused as `book`."""
    with _changing(session, (Booking, booking), "booking.change", seen) as v:
        found = v.found(Booking)
        wanted = replace(as_booked(found), starts=starts, ends=ends or starts + (found.ends - found.starts))
        made = _made(v, found, wanted, reasons or {})
    return _kept(v, made)


def release(session: Session, booking: int, *, seen: int) -> Kept:
    """Hold it no longer."""
    with _changing(session, (Booking, booking), "booking.release", seen) as v:
        found = v.found(Booking)
        gone = clashes_with(v.record, [booking])
        what = thing_name(found)
        found.delete_instance()
        forget(gone)
        v.details = {"text": what}
    return Kept(v.done("booking_release", thing=what), None, (), gone)


def as_booked(booking: Booking) -> Booked:
    """A booking as it would be typed."""
    return Booked(
        booking.starts, booking.ends, booking.resource_id, booking.person_id, booking.leg_id, "", booking.stage,
        booking.people, tuple(booking.guests), booking.driver_id, booking.note,
    )  # fmt: skip


def _changing(session: Session, visit: int | Owned, verb: str, seen: int) -> AbstractContextManager[Change]:
    """The frame of a verb on what is booked: nothing else moves along with it."""
    return changing(session, visit, verb, may="book", expected=seen, reschedule=False, writes=(Leg, Booking))


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
    booking.leg_id, booking.stage = _leg(record, wanted), wanted.stage
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


def _leg(record: VisitRecord, wanted: Booked) -> int | None:
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


def _made(v: Change, booking: Booking, wanted: Booked, reasons: Mapping[str, str]) -> _Made:
    """Make a booking what is wanted, inside the frame."""
    before = clashes_with(v.record, [booking.id]) if booking.id is not None else ()
    _fill(v.record, booking, wanted)
    clashes = _accepted(v.record.renewed(Leg, Booking), booking, reasons)
    gone = solved(before, clashes)
    forget(gone)
    what = thing_name(booking)
    v.details = {"booking": booking.id, "text": what, "at": booking.starts, "reasons": booking.reasons}
    return _Made(booking, what, clashes, gone)


def _kept(v: Change, made: _Made) -> Kept:
    starts, ends = made.booking.starts, made.booking.ends
    facts = {"thing": made.thing, "starts": moment(starts), "ends": until(starts, ends), "n": len(made.solved)}
    said = v.verb.replace(".", "_") + ("_solved" if made.solved and not made.clashes else "")
    return Kept(v.done(said, **facts), made.booking.id, made.clashes, made.solved)


def _accepted(record: VisitRecord, booking: Booking, reasons: Mapping[str, str]) -> tuple[Clash, ...]:
    """What clashes with a booking of a visit as it is now, the reasons given kept; Refused where that is not enough."""
    given = {key: typed.text("reason", text).strip() for key, text in reasons.items()}
    clashes = clashes_with(record, [booking.id])
    keys = {holds.reason_key(clash) for clash in clashes if holds.booking_of(clash.hold) == booking.id}
    booking.reasons = {key: text for key, text in {**booking.reasons, **given}.items() if key in keys and text}
    booking.save()
    owed = [clash for clash in clashes if bars(clash) and not excused(clash)]
    if owed:
        raise clashing(record.session, owed)
    return clashes
