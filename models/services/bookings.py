"""Verbs on what is booked for a visit: book, change, move, release, follow what moved; clashes as the policy says.

Where two visits hold the same thing firmly a clash that blocks refuses, one that asks for a reason wants it; it is
kept with the booking. What is only tentative is held by nobody against others, and is shown as competing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.errors import Refused
from models.policy.holding import Clash
from models.schema import journal
from models.schema.arrangements import Booking, BookingDay, Leg, Resource
from models.schema.store import write
from models.schema.tables import Person, Visit
from models.services import holds, typed
from models.services.desk import Desk
from models.services.effects import watched
from models.services.holds import Plan
from models.services.people import name_of
from models.services.rights import allow
from models.services.visits import Done, done, seen_row, touch
from models.words import Name, Phrase

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
class Followed:
    """What became of bookings whose leg or stage moved: those that moved along, those that could not because of what
    clashes then, and what clashed before and does no more."""

    moved: tuple[int, ...] = ()
    stuck: tuple[int, ...] = ()
    fresh: tuple[Clash, ...] = ()
    solved: tuple[Clash, ...] = ()


@dataclass
class _Edit:
    """One change of bookings, with what clashed before."""

    desk: Desk
    row: Visit
    plan: Plan = field(init=False)

    def __post_init__(self) -> None:
        self.plan = Plan(self.desk, self.row)

    def clashes(self, bookings: Collection[int]) -> tuple[Clash, ...]:
        """What clashes with these bookings, or with who drives them, now."""
        keys: set[int | str] = {*bookings, *(f"driver:{booking}" for booking in bookings)}
        mine = holds.holds_of(self.desk, self.plan)
        touched = [hold for hold in mine if hold.key in keys]
        others = [each for each in holds.holds_on(self.desk, holds.days_around(touched)) if each.visit != self.row.id]
        return holds.clashes_among(self.plan, touched, [*mine, *others])


def book(desk: Desk, visit: int, wanted: Booked, *, seen: int, reasons: Mapping[str, str] | None = None) -> Kept:
    """Hold a thing or a person for a visit. `reasons` by `holds.reason_key` of the clashes that ask for one.

    Refused (`clashes`): what blocks, or wants a reason that is not given.
    """
    with write():
        row = seen_row(visit, seen)
        allow(desk, "book", row)
        with watched(desk, row) as change:
            booking = Booking(visit=row.id, version=0)
            edit = _Edit(desk, row)
            _fill(edit, booking, wanted)
            clashes = _accepted(edit, [booking], reasons or {})
        return _kept(desk, row, "add", booking, change.said, clashes)


def change_booking(
    desk: Desk, booking: int, wanted: Booked, *, seen: int, reasons: Mapping[str, str] | None = None
) -> Kept:
    """Make a booking what `wanted` says; reasons for clashes that are no more are forgotten. Refused as `book`."""
    with write():
        found, row = _booking(desk, booking, seen)
        with watched(desk, row) as change:
            edit = _Edit(desk, row)
            before = edit.clashes([booking])
            _fill(edit, found, wanted)
            clashes = _accepted(edit, [found], reasons or {})
            solved = _solved(before, clashes)
            _forget(solved)
        return _kept(desk, row, "change", found, change.said, clashes, solved)


def move(
    desk: Desk, booking: int, starts: datetime, ends: datetime | None = None, *, seen: int,
    reasons: Mapping[str, str] | None = None,
) -> Kept:  # fmt: skip
    """Hold it at another time, as long as before where `ends` is not given. Refused as `book`."""
    with write():
        found, _ = _booking(desk, booking, seen)
        wanted = as_booked(found)
        until = ends or starts + (found.ends - found.starts)
        return change_booking(desk, booking, _at(wanted, starts, until), seen=seen, reasons=reasons)


def release(desk: Desk, booking: int, *, seen: int) -> Kept:
    """Hold it no longer."""
    with write():
        found, row = _booking(desk, booking, seen)
        with watched(desk, row) as change:
            solved = _Edit(desk, row).clashes([booking])
            what = thing_name(found)
            found.delete_instance()
            _forget(solved)
        touch(desk, row)
        journal.record(desk, "booking.release", row.id, {"text": what, "changed": change.said})
        return Kept(done(row, "booking_release", thing=what), None, (), solved)


def times(desk: Desk, row: Visit) -> dict[int, datetime]:
    """When the leg or stage is for which each booking of a visit is made: what `follow` compares with."""
    plan, found = Plan(desk, row), {}
    for booking in Booking.select().where(Booking.visit == row.id):
        at = purpose_time(plan, booking)
        if at is not None:
            found[booking.id] = at
    return found


def follow(desk: Desk, row: Visit, before: Mapping[int, datetime]) -> Followed:
    """Move bookings along with the leg or stage they are made for, inside the caller's transaction; `before`: what
    `times` gave before it moved.

    One that would then clash beyond what is allowed without a reason stays where it is, to be seen to by hand.
    """
    edit = _Edit(desk, row)
    rows = [each for each in Booking.select().where(Booking.visit == row.id) if each.id in before]
    late = [(each, purpose_time(edit.plan, each)) for each in rows]
    moving = [(each, at - before[each.id]) for each, at in late if at is not None and at != before[each.id]]
    if not moving:
        return Followed()
    ids = [each.id for each, _ in moving]
    had = edit.clashes(ids)
    stuck: list[int] = []
    kept: list[Clash] = []
    for each, by in moving:
        _hold(each, each.starts + by, each.ends + by)
    for each, by in moving:
        wrong = _against_others(edit, each)
        if wrong:
            _hold(each, each.starts - by, each.ends - by)
            stuck.append(each.id)
            kept += wrong
    now = edit.clashes(ids)
    solved = _solved(had, now)
    _forget(solved)
    moved = tuple(each for each in ids if each not in stuck)
    return Followed(moved, tuple(stuck), (*kept, *_solved(now, had)), solved)


def settle(desk: Desk, row: Visit) -> tuple[str, ...]:
    """A visit is approved: its bookings become firm, inside the caller's transaction. Those that clash with others'
    firm ones, against the policy and without a reason, are released; gives what they were."""
    edit, gone = _Edit(desk, row), list[str]()
    for booking in Booking.select().where(Booking.visit == row.id).order_by(Booking.id):
        wrong = _against_others(edit, booking)
        if wrong:
            gone.append(thing_name(booking))
            booking.delete_instance()
            _forget(wrong)
    return tuple(gone)


def as_booked(booking: Booking) -> Booked:
    """A booking as it would be typed."""
    return Booked(
        booking.starts, booking.ends, booking.resource_id, booking.person_id, booking.leg_id, "", booking.stage,
        booking.people, tuple(booking.guests), booking.driver_id, booking.note,
    )  # fmt: skip


def purpose_time(plan: Plan, booking: Booking) -> datetime | None:
    """When the leg or stage of a booking is; None where it is for none."""
    if booking.leg_id is not None:
        timed = [
            at for way in holds.WAYS for leg, at in plan.times(way) if leg is not None and leg.id == booking.leg_id
        ]
        return next(iter(timed), None)
    return plan.stages.get(booking.stage) if booking.stage is not None else None


def thing_name(booking: Booking) -> str:
    """What is booked: the plate, the room, the person."""
    if booking.resource_id is not None:
        return str(Resource.get_by_id(booking.resource_id).name)
    return name_of(booking.person_id or 0)


def _booking(desk: Desk, booking: int, seen: int) -> tuple[Booking, Visit]:
    found = Booking.get_or_none(Booking.id == booking)
    if found is None:
        raise Refused("no_booking")
    row = seen_row(found.visit_id, seen)
    allow(desk, "book", row)
    return found, row


def _at(wanted: Booked, starts: datetime, ends: datetime) -> Booked:
    values = {name: getattr(wanted, name) for name in Booked.__dataclass_fields__}
    return Booked(**{**values, "starts": starts, "ends": ends})


def _fill(edit: _Edit, booking: Booking, wanted: Booked) -> None:
    """Put what is wanted into a booking and save it with its days."""
    resource = _thing(booking, wanted)
    if wanted.ends <= wanted.starts:
        raise Refused("ends_before_starts", starts=_clock(wanted.starts), ends=_clock(wanted.ends))
    if wanted.ends - wanted.starts > LONGEST:
        raise Refused("booked_too_long", most=LONGEST.days)
    if wanted.driver is not None and wanted.driver != booking.driver_id:
        _active(wanted.driver)
    typed.rows("guest", len(wanted.guests))
    booking.resource_id, booking.person_id = wanted.resource, wanted.person
    booking.leg_id, booking.stage = _leg(edit.row, wanted), wanted.stage
    booking.people = typed.number("headcount", wanted.people)
    booking.guests = [typed.line("guest_name", name) for name in wanted.guests]
    booking.driver_id = wanted.driver if resource is not None and resource.kind == "car" else None
    booking.note = typed.line("note", wanted.note)
    booking.version += 1
    _hold(booking, wanted.starts, wanted.ends)


def _thing(booking: Booking, wanted: Booked) -> Resource | None:
    """The car or room that is wanted; Refused where it cannot be booked (any more)."""
    if (wanted.resource is None) == (wanted.person is None):
        raise Refused("nothing_to_book")
    if wanted.person is not None:
        if wanted.person != booking.person_id:
            _active(wanted.person)
        return None
    resource = Resource.get_or_none(Resource.id == wanted.resource)
    if resource is None or resource.kind not in ("car", "room"):
        raise Refused("no_resource")
    if not resource.active and resource.id != booking.resource_id:
        raise Refused("resource_off", name=resource.name)
    return resource


def _active(person: int) -> None:
    row = Person.get_or_none(Person.id == person)
    if row is None:
        raise Refused("unknown_person", name=f"#{person}")
    if not row.active:
        raise Refused("inactive_person", name=row.name)


def _leg(row: Visit, wanted: Booked) -> int | None:
    """The leg it is for; that of everybody where the visit has none of that way yet."""
    if wanted.leg is not None:
        leg = Leg.get_or_none(Leg.id == wanted.leg, Leg.visit == row.id)
        if leg is None:
            raise Refused("no_leg")
        return int(leg.id)
    if wanted.way not in holds.WAYS:
        return None
    leg = Leg.get_or_none(Leg.visit == row.id, Leg.way == wanted.way, Leg.position == 0)
    return int((leg or Leg.create(visit=row.id, way=wanted.way)).id)


def _hold(booking: Booking, starts: datetime, ends: datetime) -> None:
    """Save a booking with its time, and the days it is on."""
    booking.starts, booking.ends = starts, ends
    booking.save()
    days = holds.days_of(starts, ends)
    BookingDay.delete().where(BookingDay.booking == booking.id).execute()
    BookingDay.insert_many([{"booking": booking.id, "day": day} for day in days]).execute()


def _bars(clash: Clash) -> bool:
    """Whether a clash stands in the way: only what is firm holds anything against others that are."""
    if clash.level not in ("reason", "block"):
        return False
    return clash.other is None or clash.other.visit == clash.hold.visit or (clash.hold.firm and clash.other.firm)


def _excused(clash: Clash) -> bool:
    """Whether a reason was accepted for it; none is for what blocks."""
    return clash.level == "reason" and bool(holds.reason_of(clash, holds.reasons_of([clash])))


def _against_others(edit: _Edit, booking: Booking) -> list[Clash]:
    """What of a booking clashes with something else that is held, without a reason that would allow it."""
    found = [clash for clash in edit.clashes([booking.id]) if clash.other is not None]
    return [clash for clash in found if _bars(clash) and not _excused(clash)]


def _accepted(edit: _Edit, rows: Sequence[Booking], reasons: Mapping[str, str]) -> tuple[Clash, ...]:
    """What clashes with bookings as they are now, the reasons given kept; Refused where that is not enough."""
    given = {key: typed.text("reason", text).strip() for key, text in reasons.items()}
    clashes = edit.clashes([row.id for row in rows])
    for row in rows:
        keys = {holds.reason_key(clash) for clash in clashes if holds.booking_of(clash.hold) == row.id}
        row.reasons = {key: text for key, text in {**row.reasons, **given}.items() if key in keys and text}
        row.save()
    owed = [clash for clash in clashes if _bars(clash) and not _excused(clash)]
    if owed:
        raise clashing(owed)
    return clashes


def clashing(clashes: Iterable[Clash]) -> Refused:
    """The refusal for clashes: `clashes` are those that block or want a reason, `list` says them all."""
    found = tuple(clashes)
    said: list[Name | Phrase] = [clash.text for clash in found]
    code = "clashes_block" if any(clash.level == "block" for clash in found) else "clashes"
    return Refused(code, clashes=found, n=len(found), list=typed.joined(said))


def _solved(before: Iterable[Clash], now: Iterable[Clash]) -> tuple[Clash, ...]:
    """The clashes of `before` that are not among those of now."""
    still = {(clash.code, clash.hold.key, clash.other.key if clash.other else None) for clash in now}
    return tuple(
        clash for clash in before if (clash.code, clash.hold.key, clash.other.key if clash.other else None) not in still
    )


def _forget(solved: Iterable[Clash]) -> None:
    """Drop the reasons kept for clashes that are no more, on both sides."""
    for clash in solved:
        for hold, key in ((clash.hold, holds.reason_key(clash)), (clash.other, holds.mirrored_key(clash))):
            number = holds.booking_of(hold) if hold is not None else None
            row = Booking.get_or_none(Booking.id == number) if number is not None else None
            if row is not None and key in row.reasons:
                row.reasons = {each: text for each, text in row.reasons.items() if each != key}
                row.save()


def _clock(at: datetime) -> str:
    return f"{at:%m-%d %H:%M}"


def _kept(
    desk: Desk, row: Visit, verb: str, booking: Booking, changed: object, clashes: tuple[Clash, ...],
    solved: tuple[Clash, ...] = (),
) -> Kept:  # fmt: skip
    touch(desk, row)
    what = thing_name(booking)
    told = {"booking": booking.id, "text": what, "at": booking.starts, "reasons": booking.reasons, "changed": changed}
    journal.record(desk, f"booking.{verb}", row.id, told)
    facts = {"thing": what, "starts": _clock(booking.starts), "ends": _clock(booking.ends), "n": len(solved)}
    said = f"booking_{verb}_solved" if solved and not clashes else f"booking_{verb}"
    return Kept(done(row, said, **facts), booking.id, clashes, solved)
