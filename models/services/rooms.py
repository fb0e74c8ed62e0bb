"""Verbs on where guests sleep: who, what grade, which hotel, how long, who pays (A12), and whether they are there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from models.errors import Refused
from models.form import Form, Lodging
from models.schema import arrangements
from models.schema.store import reading
from models.schema.tables import Visit
from models.services import typed
from models.services.arranging import Reasons, change, keep_beside, place_of, tick, visit_of, with_row
from models.services.names import guest_names
from models.services.session import Session
from models.services.visits import Done


@dataclass(frozen=True, slots=True)
class RoomEntry:
    """Rooms as they are arranged: `people` over `nights` from the night of `on`; `price` a person and night, minor
    units; `payer` company or guest. `place` is the hotel, `guests` who sleeps there, as far as they are named."""

    on: date
    people: int
    nights: int = 1
    grade: str | None = None
    price: int | None = None
    payer: str = "company"
    place: str = ""
    guests: tuple[str, ...] = ()


def save_room(
    session: Session, visit: int, room: int | None, entry: RoomEntry, *, seen: int, reasons: Reasons = None
) -> Done:
    """Arrange rooms, further ones where `room` is None."""
    hotel = typed.line("place", entry.place)
    place = -1

    def shape(form: Form) -> Form:
        nonlocal place
        place = place_of(arrangements.Lodging, visit, room)
        return with_room(form, visit, room, entry)

    def keep(row: Visit) -> dict[str, object]:
        beside = {"place": hotel, "guests": guest_names(row.id, entry.guests)}
        return keep_beside(arrangements.Lodging, visit, place, "lodging", beside)

    return change(session, visit, "room.set", shape, keep, seen=seen, reasons=reasons)


def remove_room(session: Session, room: int, *, seen: int, reasons: Reasons = None) -> Done:
    """Take rooms out of the visit."""
    visit = visit_of(arrangements.Lodging, room)
    return change(
        session, visit, "room.set", lambda form: with_room(form, visit, room, None), seen=seen, reasons=reasons
    )


def with_room(form: Form, visit: int, room: int | None, entry: RoomEntry | None) -> Form:
    """The form of a visit with rooms as in the entry, further ones where `room` is None, or without them."""
    place = place_of(arrangements.Lodging, visit, room)
    if entry is None:
        return replace(form, lodging=with_row(form.lodging, place, None))
    typed.number("nights", entry.nights, low=1)
    typed.number("lodging_people", entry.people, low=1)
    if len(entry.guests) > entry.people:
        raise Refused("sleepers_more", named=len(entry.guests), n=entry.people)
    old = form.lodging[place] if room is not None else Lodging(entry.on, entry.people)
    new = replace(
        old, on=entry.on, people=entry.people, nights=entry.nights, grade=entry.grade, price=entry.price,
        payer=entry.payer,
    )  # fmt: skip
    return replace(form, lodged=True, lodging=with_row(form.lodging, place, new))


def check_in(session: Session, room: int, *, there: bool = True) -> Done:
    """The guests are in their rooms, now; or were not after all."""
    with reading():
        row = arrangements.Lodging.get_or_none(arrangements.Lodging.id == room)
    verb = "room.checked_in" if there else "room.not_checked_in"
    place = row.place if row else ""
    return tick(
        session, arrangements.Lodging, room, verb, {"checked_in": session.now() if there else None}, {"place": place}
    )  # fmt: skip
