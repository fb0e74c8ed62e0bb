"""What clashes with bookings that are being changed, what of it stands in the way, and which reasons outlive it.

Only what is firm holds anything against others that are; what is tentative is shown as competing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from models.errors import Refused
from models.policy.programme import Clash
from models.schema.arrangements import Booking, BookingDay, Leg, Resource
from models.schema.tables import Visit
from models.services import holds, typed
from models.services.people import name_of
from models.services.session import Session
from models.services.sight import hidden_among
from models.services.visit_record import Pair, VisitRecord
from models.services.whereabouts import WAYS
from models.words import Name, Phrase


def clashes_with(record: VisitRecord, bookings: Collection[int]) -> tuple[Clash, ...]:
    """What clashes with these bookings of a visit, or with who drives them."""
    keys: set[int | str] = {*bookings, *(f"driver:{booking}" for booking in bookings)}
    mine = holds.holds_of(record)
    touched = [hold for hold in mine if hold.key in keys]
    return holds.clashes_among(record, touched, [*mine, *holds.rivals(record, touched)])


def bars(clash: Clash) -> bool:
    """Whether a clash stands in the way: only what is firm holds anything against others that are."""
    if clash.level not in ("reason", "block"):
        return False
    return clash.other is None or clash.other.visit == clash.hold.visit or (clash.hold.firm and clash.other.firm)


def excused(clash: Clash) -> bool:
    """Whether a reason was accepted for it; none is for what blocks."""
    return clash.level == "reason" and bool(holds.reason_of(clash, holds.reasons_of([clash])))


def against_others(record: VisitRecord, booking: int) -> list[Clash]:
    """What of a booking clashes with something else that is held, without a reason that would allow it."""
    found = [clash for clash in clashes_with(record, [booking]) if clash.other is not None]
    return [clash for clash in found if bars(clash) and not excused(clash)]


def whose(session: Session, clashes: Iterable[Clash]) -> tuple[Clash, ...]:
    """The clashes, those with another visit saying which client's it is; inside a transaction.

    What is said is kept in the journal too, so that a visit which only some may see is named to nobody.
    """
    found = tuple(clashes)
    others = {int(each.other.visit) for each in found if each.other is not None and each.other.visit != each.hold.visit}
    if not others:
        return found
    stranger = replace(session, actor=replace(session.actor, person=None))
    shown = others - hidden_among(stranger, others)
    clients = {row.id: row.client_name for row in Visit.select(Visit.id, Visit.client_name).where(Visit.id.in_(shown))}
    return tuple(_named(each, clients) for each in found)


def _named(clash: Clash, clients: Mapping[int, str]) -> Clash:
    other = clash.other
    client = clients.get(int(other.visit), "") if other is not None and other.visit != clash.hold.visit else ""
    if not client:
        return clash
    return replace(clash, text=Phrase("finding.booking.whose", {"text": clash.text, "client": client}))


def clashing(session: Session, clashes: Iterable[Clash]) -> Refused:
    """The refusal for clashes: `clashes` are those that block or want a reason, `list` says them all."""
    found = whose(session, clashes)
    said: list[Name | Phrase] = [clash.text for clash in found]
    code = "clashes_block" if any(clash.level == "block" for clash in found) else "clashes"
    return Refused(code, clashes=found, n=len(found), list=typed.joined(said))


def solved(before: Iterable[Clash], now: Iterable[Clash]) -> tuple[Clash, ...]:
    """The clashes of `before` that are not among those of now."""
    still = {(clash.code, clash.hold.key, clash.other.key if clash.other else None) for clash in now}
    return tuple(
        clash for clash in before if (clash.code, clash.hold.key, clash.other.key if clash.other else None) not in still
    )


def forget(solved: Iterable[Clash]) -> None:
    """Drop the reasons kept for clashes that are no more, on both sides."""
    for clash in solved:
        for hold, key in ((clash.hold, holds.reason_key(clash)), (clash.other, holds.mirrored_key(clash))):
            number = holds.booking_of(hold) if hold is not None else None
            row = Booking.get_or_none(Booking.id == number) if number is not None else None
            if row is not None and key in row.reasons:
                row.reasons = {each: text for each, text in row.reasons.items() if each != key}
                row.save()


def put(booking: Booking, starts: datetime, ends: datetime) -> None:
    """Save a booking with its time, as the one it should have, and the days it is on."""
    booking.starts, booking.ends, booking.wanted = starts, ends, None
    booking.save()
    days = holds.days_held(starts, ends)
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
