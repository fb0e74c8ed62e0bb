"""How the groups of a visit's guests come and go, as its tab of travel shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.queries.common import COMING, MET, called_one, met_by, registered, ride
from models.queries.day import Ride
from models.schema.arrangements import Leg
from models.schema.store import reading
from models.schema.tables import Person
from models.services.visit_record import VisitRecord
from models.services.whereabouts import legs_among, people_in, planned


@dataclass(frozen=True, slots=True)
class LegLine:
    """A group on its way here, or away. `own`: the form's, of everybody whom no other leg names; `alone`: there is no
    other one of its way. `planned`, `expected`: local times, the latter where it is another; `people` how many they
    are; `meeter` who is named to meet them or see them off, `met_by` who does; `rides` the cars booked for it."""

    id: int
    way: str
    own: bool
    alone: bool
    state: str
    mode: str
    number: str
    place: str
    terminal: str
    planned: datetime | None
    expected: datetime | None
    guests: tuple[str, ...]
    people: int
    meeter: int | None
    met_by: str
    met_phone: str
    phone: str
    plates: str
    rides: tuple[Ride, ...]
    ticket: str
    ticketed_at: datetime | None

    @property
    def at(self) -> datetime | None:
        """When they are to come or go, as it is known now."""
        return self.expected or self.planned


@dataclass(frozen=True, slots=True)
class Meeter:
    """Somebody who may meet guests: name, phone, pinyin and initials."""

    person: int
    name: str
    phone: str
    find: tuple[str, str]


def leg_lines(record: VisitRecord) -> tuple[LegLine, ...]:
    """The groups in order, arrivals first; inside `reading`."""
    row, every, people = record.row, record.all_legs, record.register.persons
    legs = legs_among(row, every)
    hosts = tuple(
        called_one(people.get(each.person_id), row.state in COMING) for each in record.parts if each.role == "host"
    )
    names = registered(people.values()) if row.state in COMING else {}
    rides = _rides(record)

    def line(leg: Leg) -> LegLine:
        meeter = people.get(leg.meeter_id)
        return LegLine(
            id=leg.id,
            way=leg.way,
            own=not leg.position,
            alone=sum(each.way == leg.way for each in legs) == 1,
            state=leg.state,
            mode=leg.mode,
            number=leg.number,
            place=leg.place,
            terminal=leg.terminal,
            planned=planned(row, leg),
            expected=leg.expected,
            guests=tuple(leg.guests),
            people=people_in(row, leg, every) or 0,
            meeter=leg.meeter_id,
            met_by=called_one(meeter, row.state in COMING and leg.state not in MET)
            or met_by(record.stages, leg.way == "departure", hosts, names),
            met_phone=meeter.phone if meeter else "",
            phone=leg.phone,
            plates=leg.plates,
            rides=tuple(rides.get(leg.id, ())),
            ticket=leg.ticket,
            ticketed_at=leg.ticketed_at,
        )

    return tuple(line(leg) for leg in legs)


def _rides(record: VisitRecord) -> dict[int | None, list[Ride]]:
    """The cars booked for each leg, in order of time."""
    rides: dict[int | None, list[Ride]] = {}
    for each in record.bookings:
        car = record.resource(each) if each.leg_id is not None else None
        if car is not None and car.kind == "car":
            rides.setdefault(each.leg_id, []).append(ride(each, car, record.register.persons, record.session.now()))
    return rides


def meeters() -> tuple[Meeter, ...]:
    """Everybody who works here."""
    with reading():
        rows = list(Person.select().where(Person.active).order_by(Person.pinyin, Person.id))
        return tuple(Meeter(each.id, each.name, each.phone, (each.pinyin, each.initials)) for each in rows)
