"""Seats: who has one in which booked car, and who has none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from models.frozen import record as frozen
from models.schema.arrangements import Booking, Leg, Resource
from models.services.whereabouts import people_among

# -- seats ------------------------------------------------------------------------------------------------------------

if TYPE_CHECKING:
    from models.services.visit_record import VisitRecord

Seats = tuple[Booking, Resource]
"""A booked car."""


@frozen
class Party:
    """Guests who come, go or are driven together: of which leg (None: all), when, how many, in which booked cars."""

    leg: Leg | None
    at: datetime
    people: int
    cars: tuple[Seats, ...]

    @property
    def left(self) -> int:
        """How many have no seat."""
        return max(0, self.people - sum(riding(row, car) for row, car in self.cars))


def parties(record: VisitRecord, purpose: str) -> list[Party]:
    """The parties of a purpose (arrival, departure or a stage) and the cars they ride in; inside `reading`."""
    rows, legs = record.bookings, record.all_legs
    cars = {row.resource_id: car for row in rows if (car := record.resource(row)) is not None and car.kind == "car"}
    found = []
    for leg, at in record.times(purpose):
        number = leg.id if leg is not None else None
        mine = [row for row in rows if row.resource_id in cars and serves(row, number, purpose, at)]
        every = record.row.headcount or 0  # as Today has it, also while another number is being decided
        people = people_among(every, leg, legs) if leg is not None else every
        found.append(Party(leg, at, people, tuple((row, cars[row.resource_id or 0]) for row in mine)))
    return found


def cars_of(rows: Iterable[Booking]) -> Mapping[int | None, Resource]:
    """The cars among what is booked, by id."""
    ids = {row.resource_id for row in rows}
    return {car.id: car for car in Resource.select().where(Resource.id.in_(ids), Resource.kind == "car")}


def riders(row: Booking) -> int | None:
    """How many are said to ride or sit there; None where nobody said so: the whole party, or as many as there are
    seats."""
    return max(row.people or 0, len(row.guests)) if row.people is not None or row.guests else None


def riding(row: Booking, car: Resource) -> int:
    """How many ride in a booked car: as many as are said to, else as many as it seats."""
    said = riders(row)
    return car.seats or 0 if said is None else said


def serves(row: Booking, leg: int | None, purpose: str, at: datetime) -> bool:
    """Whether a booked car is for these guests: by its leg or stage, else by its time."""
    if row.leg_id is not None:
        return row.leg_id == leg
    return row.stage == purpose or row.starts <= at < row.ends


def spread(cars: Iterable[Seats], people: int, names: Sequence[str] = ()) -> list[tuple[Seats, int, tuple[str, ...]]]:
    """So many people put on the free seats of booked cars, in their order: into which, how many, who of them."""
    found, rest = list[tuple[Seats, int, tuple[str, ...]]](), list(names)
    for row, car in cars:
        taken = min(people, (car.seats or 0) - riding(row, car))
        if taken > 0:
            found.append(((row, car), taken, tuple(rest[:taken])))
            people, rest = people - taken, rest[taken:]
    return found
