"""What becomes of bookings when what they are made for moves, or when their visit becomes firm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.policy.answer import Finding
from models.policy.programme import Clash
from models.schema import journal
from models.schema.arrangements import Booking, Leg
from models.schema.tables import Visit
from models.services.clashing import (
    against_others,
    bars,
    clashes_with,
    excused,
    forget,
    purpose_time,
    put,
    solved,
    thing_name,
)
from models.services.difference import Effect
from models.services.fact import Recipient, person_recipient, span
from models.services.holds import clashes_among, holds_of, rivals
from models.services.seating import cars_of, riding, spread
from models.services.tell import notify
from models.services.visit_record import VisitRecord
from models.services.whereabouts import people_in
from models.words import Name, Phrase


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of bookings whose leg or stage moved: those that moved along, those that could not because of what
    clashes then, and what clashed before and does no more."""

    moved: tuple[int, ...] = ()
    stuck: tuple[int, ...] = ()
    fresh: tuple[Clash, ...] = ()
    solved: tuple[Clash, ...] = ()


@dataclass(frozen=True, slots=True)
class Stood:
    """A booking before something moved: when the leg or stage was that it is made for, and when it should begin."""

    at: datetime
    starts: datetime


def stood(record: VisitRecord) -> dict[int, Stood]:
    """Where the bookings of a visit stand that are made for a leg or a stage: what `follow` compares with."""
    found = dict[int, Stood]()
    for booking in record.bookings:
        at = purpose_time(record, booking)
        if at is not None:
            found[booking.id] = Stood(at, booking.wanted or booking.starts)
    return found


def follow(record: VisitRecord, before: Mapping[int, Stood]) -> tuple[VisitRecord, Followed]:
    """Move bookings along with the leg or stage they are made for, inside the caller's transaction; `before`: what
    `stood` gave before it moved. Gives the visit as it is then, too.

    One that would then clash with another beyond what is allowed without a reason stays where it is, to be seen to.
    """
    moving: list[tuple[Booking, datetime, datetime]] = []
    for each in sorted(record.bookings, key=lambda each: each.id):
        at, was = purpose_time(record, each), before.get(each.id)
        if at is not None and was is not None and at != was.at:
            moving.append((each, each.starts, was.starts + (at - was.at)))
    if not moving:
        return record, Followed()
    ids = [each.id for each, _, _ in moving]
    had = clashes_with(record, ids)
    stuck: list[int] = []
    kept: list[Clash] = []
    for each, _, starts in moving:
        put(each, starts, starts + (each.ends - each.starts))
    record = record.renewed(Booking)
    for each, old, starts in moving:
        wrong = against_others(record, each.id)
        if wrong:
            put(each, old, old + (each.ends - each.starts))
            each.wanted = starts
            each.save()
            stuck.append(each.id)
            kept += wrong
            record = record.renewed(Booking)
    now = clashes_with(record, ids)
    gone = solved(had, now)
    forget(gone)
    moved = tuple(each.id for each, old, _ in moving if each.starts != old)
    return record, Followed(moved, tuple(stuck), (*kept, *solved(now, had)), gone)


def rejoin(record: VisitRecord, leg: Leg) -> None:
    """A group is about to come or go with the others: inside the caller's transaction, before `follow`.

    Its cars are released where all of it finds a seat with them, or they have the same car already; anything else that
    is booked for it becomes theirs.
    """
    row = record.row
    home = Leg.get_or_none(Leg.visit == row.id, Leg.way == leg.way, Leg.position == 0)
    home = home or Leg.create(visit=row.id, way=leg.way)
    mine = list(Booking.select().where(Booking.leg == leg.id).order_by(Booking.id))
    theirs = list(Booking.select().where(Booking.leg == home.id).order_by(Booking.id))
    cars = cars_of([*mine, *theirs])
    legs = record.all_legs
    people = sum(people_in(row, each, legs) or 0 for each in (home, leg))
    seats = [(each, cars[each.resource_id]) for each in theirs if each.resource_id in cars]
    seated = bool(seats) and people <= sum(max(riding(*each), each[1].seats or 0) for each in seats)
    if seated:
        lacking = people - sum(riding(*each) for each in seats)
        order = {guest.name: place for place, guest in enumerate(record.asked_form.guests)}
        for (booking, car), more, names in spread(seats, lacking, leg.guests):
            booking.people = riding(booking, car) + more
            booking.guests = sorted([*booking.guests, *names], key=lambda name: order.get(name, len(order)))
            booking.version += 1
            booking.save()
    had = {each.resource_id for each in theirs}
    for booking in mine:
        if booking.resource_id in cars and (seated or booking.resource_id in had):
            gone = clashes_with(record, [booking.id])
            booking.delete_instance()
            forget(gone)
            record = record.renewed(Booking)
        else:
            booking.leg = home
            booking.version += 1
            booking.save()


def settle(record: VisitRecord) -> tuple[str, ...]:
    """A visit is approved: its bookings become firm, inside the caller's transaction. Those that clash with others'
    firm ones, against the policy and without a reason, are released, and whoever looks after the visit is to hear of it
    to book others; gives what they were."""
    session, row, gone = record.session, record.row, list[str]()
    told: list[Effect] = []
    for booking in sorted(record.bookings, key=lambda each: each.id):
        wrong = against_others(record, booking.id)
        if wrong:
            name = thing_name(booking)
            gone.append(name)
            told.append(_released(booking, name, wrong[0]))
            booking.delete_instance()
            forget(wrong)
            record = record.renewed(Booking)
    if gone:
        journal.record(session, "booking.settle", row.id, {"text": ", ".join(gone)})
        notify(session, row, [_coordinator(row)], told, himself=True)
    return tuple(gone)


def _released(booking: Booking, name: str, clash: Clash) -> Effect:
    """That a booking gave way, and to what."""
    facts = {"what": name, "span": span(booking.starts, booking.ends), "why": clash.text}
    return Effect(f"released:{booking.id}", "state", Name.of(name), None, Phrase("effects.given_way", facts))


def _coordinator(row: Visit) -> Recipient:
    """Who looks after a visit; nobody by name while that is nobody."""
    person = row.coordinator_id
    return Recipient("coordinator", row.owner or "") if person is None else person_recipient("coordinator", person)


def let_go(record: VisitRecord) -> None:
    """A visit is about to hold nothing any more: reasons for what clashed with it are forgotten, so that all of it is
    looked at again should it come back."""
    forget(clashes_with(record, [each.id for each in record.bookings]))


HOST_BUSY = "host_busy"
"""The code of the finding that a host or who meets the guests is firmly needed elsewhere, and of the reason for it."""


def part_findings(record: VisitRecord) -> tuple[Finding, ...]:
    """Where somebody with a part in a visit that is firm now is firmly held for another: what the policy does not
    allow, or wants a reason for that the visit does not have (`row.reasons`, by HOST_BUSY)."""
    mine = [hold for hold in holds_of(record) if str(hold.key).startswith("part:")]
    others = rivals(record, mine)
    found = [clash for clash in clashes_among(record, mine, others) if bars(clash) and not excused(clash)]
    reasoned = bool(record.row.reasons.get(HOST_BUSY))
    return tuple(
        Finding(clash.level, HOST_BUSY, clash.text, clash.rule)
        for clash in found
        if clash.level == "block" or not reasoned
    )
