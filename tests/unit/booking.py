"""A company with cars and rooms, for the tests of bookings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from models.form import Form
from models.policy.programme import Clash
from models.queries.booking_lists import Booked as AllBooked
from models.queries.booking_lists import booked
from models.schema.arrangements import Booking
from models.schema.store import reading
from models.schema.tables import Visit
from models.services import booking_verbs
from models.services.booking_verbs import BookingResult, WantedBooking
from models.services.capacity import clashes_among, holds_of, rivals
from models.services.phones import Phones
from models.services.resource_verbs import Thing, add_resource
from models.services.session import Session
from models.services.visit_record import VisitRecord
from models.services.visits import Done
from tests.unit.life import Company, approved, company, default_text, form
from tests.unit.stores import once

NINE = datetime(2026, 11, 30, 9)
COORDINATOR = "林小雨"


@dataclass
class Garage:
    """A company, and the ids of its cars and rooms by name."""

    who: Company
    things: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, name: str, **known: Any) -> int:
        """One thing more."""
        self.things[name] = added(self.who, kind, Thing(name, **known))
        return self.things[name]

    def visit(self, tier: str = "vip", **changes: Any) -> int:
        """A visit approved, of the worked example's day unless it says otherwise."""
        return approved(self.who, form(self.who, tier, **changes)).visit

    def book(self, visit: int, name: str, starts: datetime = NINE, hours: float = 2, **more: Any) -> BookingResult:
        """Book a thing by its name."""
        reasons = more.pop("reasons", None)
        until = starts + (datetime(2026, 1, 1, 1) - datetime(2026, 1, 1)) * hours
        wanted = WantedBooking(starts, until, resource=self.things[name], **more)
        return made_booking(self.who, visit, wanted, reasons)

    @property
    def session(self) -> Any:
        """The coordinator's."""
        return self.who.session(COORDINATOR)

    def clashes(self, visit: int) -> list[tuple[str, str, str]]:
        """What clashes with a visit's holds, by its own policy: code, level, what."""
        with reading():
            record = VisitRecord(self.session, Visit.get_by_id(visit))
            mine = holds_of(record)
            found = clashes_among(record, mine, [*mine, *rivals(record, mine)])
        return [(clash.code, clash.level, clash.hold.name) for clash in found]


@once
def added(who: Company, kind: str, thing: Thing) -> int:
    """One thing more in the register; its id."""
    return add_resource(who.session(COORDINATOR), kind, thing)


@once
def made_booking(who: Company, visit: int, wanted: WantedBooking, reasons: Mapping[str, str] | None) -> BookingResult:
    """Something booked for a visit by the coordinator."""
    return booking_verbs.book(who.session(COORDINATOR), visit, wanted, expected=version(visit), reasons=reasons)


@once
def furnished(who: Company) -> dict[str, int]:
    """Two cars (a BMW of 4, a Passat of 4), a bus, and two rooms, one with a projector; their ids by name."""
    things = [
        ("car", Thing("BMW", grade="bmw", seats=4, driver=who.ids["张德胜"])),
        ("car", Thing("Passat", grade="passat", seats=4)),
        ("car", Thing("Bus", grade="passat", seats=18)),
        ("room", Thing("R1", seats=20, equipment=("projector",))),
        ("room", Thing("R2", seats=40)),
    ]
    return {thing.name: add_resource(who.session(COORDINATOR), kind, thing) for kind, thing in things}


@contextmanager
def garage(path: Path, text: str | None = None) -> Iterator[Garage]:
    """A company with the cars and rooms of `furnished`."""
    with company(path, text) as who:
        yield Garage(who, furnished(who))


def strict(level: str, clash: str = "twice") -> str:
    """The default regulation with one more row, before the others: a clash of cars at another level."""
    text = default_text()
    row = f'[[booking]]\nthing = ["car", "room"]\nclash = "{clash}"\nbreach = "{level}"\n\n'
    at = text.index("[[booking]]")
    return text[:at] + row + text[at:]


def version(visit: int) -> int:
    """The visit's version now."""
    with reading():
        return int(Visit.get_by_id(visit).version)


def whole_booked(session: Session, visit: int) -> AllBooked:
    """What is booked for a visit, as its screen has it."""
    with reading():
        return booked(VisitRecord(session, Visit.get_by_id(visit)), Phones.of(session))


def row(booking: int | None) -> Booking:
    """A booking as stored."""
    with reading():
        return Booking.get_by_id(booking)


def now(visit: int) -> Done:
    """What the last verb left of a visit, to go on from."""
    with reading():
        found = Visit.get_by_id(visit)
        return Done(found.id, found.number, found.state, found.version, (), None)  # type: ignore[arg-type]  # not said


def codes(clashes: tuple[Clash, ...]) -> set[str]:
    """The codes of clashes."""
    return {clash.code for clash in clashes}


__all__ = [
    "COORDINATOR",
    "NINE",
    "Form",
    "Garage",
    "codes",
    "garage",
    "now",
    "row",
    "strict",
    "version",
    "whole_booked",
]
