"""The register of things as it is shown: cars, rooms, restaurants, hotels, with their grades and drivers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from models.queries.common import people_of
from models.schema.arrangements import Booking, BookingDay, Resource
from models.schema.store import reading
from models.schema.tables import Person, Visit
from models.services.holds import HOLDING
from models.services.names import thing_key
from models.services.resources import GRADES, KINDS, Thing
from models.services.rights import may
from models.services.session import Session
from models.words import Name


@dataclass(frozen=True, slots=True)
class ThingLine:
    """A thing of the register. `driver`: the name, `driver_phone` theirs; `grade`, `equipment`: as the policy calls
    them now; `ahead`: how many bookings of it are not over yet."""

    id: int
    version: int
    kind: str
    thing: Thing
    grade: Name | None
    equipment: tuple[Name, ...]
    driver: str
    driver_phone: str
    ahead: int
    find: tuple[str, str]
    active: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What a thing may be given: grades by kind, equipment, drivers (id, name, phone, pinyin, initials)."""

    grades: dict[str, tuple[tuple[str, Name], ...]]
    equipment: tuple[tuple[str, Name], ...]
    people: tuple[tuple[int, str, str, tuple[str, str]], ...]


@dataclass(frozen=True, slots=True)
class Things:
    """All things by kind, in the order of their names, switched off ones last; `refused`: why the actor may not
    change them, None where they may."""

    by_kind: dict[str, tuple[ThingLine, ...]]
    choices: Choices
    refused: str | None

    def line(self, id: int) -> ThingLine | None:
        """The thing with that id."""
        return next((line for lines in self.by_kind.values() for line in lines if line.id == id), None)

    def twin(self, line: ThingLine) -> ThingLine | None:
        """The same thing, entered in another way of writing as former versions allowed, while both can be booked."""
        key = thing_key(line.kind, line.thing.name)
        others = [each for each in self.by_kind[line.kind] if each.id != line.id and each.active and line.active]
        return next((each for each in others if thing_key(line.kind, each.thing.name) == key), None)


def things(session: Session) -> Things:
    """The register of things today."""
    policy = session.policy
    with reading():
        refused = may(session, "people")
        rows = list(Resource.select().order_by(Resource.active.desc(), Resource.pinyin, Resource.name))
        drivers = people_of(row.driver_id for row in rows)
        ahead = _ahead(session)
        people = list(Person.select().where(Person.active).order_by(Person.pinyin, Person.id))
    lines = [
        ThingLine(
            id=row.id,
            version=row.version,
            kind=row.kind,
            thing=thing_of(row),
            grade=policy.name_of(row.grade) if row.grade else None,
            equipment=tuple(policy.name_of(each) for each in row.equipment),
            driver=drivers[row.driver_id].name if row.driver_id in drivers else "",
            driver_phone=drivers[row.driver_id].phone if row.driver_id in drivers else "",
            ahead=ahead.get(row.id, 0),
            find=(row.pinyin, row.initials),
            active=row.active,
        )
        for row in rows
    ]
    choices = Choices(
        {kind: _entries(session, list_id) for kind, list_id in GRADES.items()},
        _entries(session, "equipment"),
        tuple((row.id, row.name, row.phone, (row.pinyin, row.initials)) for row in people),
    )
    by_kind = {kind: tuple(line for line in lines if line.kind == kind) for kind in KINDS}
    return Things(by_kind, choices, refused)


def _ahead(session: Session) -> Counter[int]:
    """How many bookings of each thing hold it now or later; looked for by day, so that those that are over cost
    nothing."""
    now = session.now()
    days = BookingDay.select(BookingDay.booking).where(BookingDay.day >= now.date())
    held: Any = (
        Booking.select(Booking.resource, Booking.ends, Visit.state)
        .join(Visit)
        .where(Booking.id.in_(days), Booking.resource.is_null(False))
        .tuples()
    )
    return Counter(thing for thing, ends, state in held if ends > now and state in HOLDING)


def thing_of(row: Resource) -> Thing:
    """What is known of a thing."""
    return Thing(
        row.name, row.model, row.grade, row.seats, row.driver_id, row.phone, row.address, tuple(row.equipment),
        row.price, row.note,
    )  # fmt: skip


def _entries(session: Session, list_id: str) -> tuple[tuple[str, Name], ...]:
    return tuple((entry.id, entry.name) for entry in session.policy.lists.get(list_id, ()))
