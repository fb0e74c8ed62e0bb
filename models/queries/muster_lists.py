"""Who is on site now: guests, the colleagues with them, drivers; where, since when, and who answers for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal

from models.frozen import record
from models.queries.common import Ride, parts, people_of, ride
from models.schema.arrangements import Booking, Leg, Resource
from models.schema.journal import details_of
from models.schema.store import reading
from models.schema.tables import Guest, Journal, JournalDetail, Person, Stage, Visit
from models.services.phones import Phones
from models.services.rights import ActorContext, hidden_among
from models.services.session import Session
from models.services.stage_names import booked_rooms, meal_kind, stage_meals, stage_places, with_meal
from models.services.visits import visit_policy
from models.services.whereabouts import due, legs_among, people_in
from models.words import Name

Known = Literal["here", "met", "on_site"]
_PRESENT: tuple[Known, ...] = ("here", "met", "on_site")
LATEST = timedelta(days=14)
"""So long after its last day a visit is looked at of which nobody said that its guests were met."""
_COMING_IN = ("met", "track", "take_back")
"""The journal's verbs that say when guests came, or that they did not after all."""


@record
class Contact:
    """A colleague on site: their part in the visit (`host`, `companion`, a post named per visit, `coordinator` or
    `applicant`), name and phone."""

    role: str
    name: str
    phone: str


@record
class Present:
    """Guests of one visit who are on site, or may be: how many `people`, those of them whose `names` are known.

    `state`: on_site, met (perhaps still on the way from where they were met) or here (at the gate by their own car);
    `since` and `leaves` are local times; `overdue`: they were to have left; `stage` under way at `place`. `drivers`
    whose cars are held for them now; `along` the colleagues with them; `answers` who answers for them, the lead host
    first. `seen`: False for a visit that the actor may not see: how many they are and who answers is told all the same.
    """

    visit: int
    number: str
    client: str
    people: int
    names: tuple[str, ...]
    state: Known
    since: datetime | None
    leaves: datetime | None
    overdue: bool
    stage: Name | None
    place: str
    drivers: tuple[Ride, ...]
    along: tuple[Contact, ...]
    answers: tuple[Contact, ...]
    seen: bool


@record
class Muster:
    """Everybody on site at a local time, who was to have left first, then who is here longest. `guests`, `colleagues`
    and `drivers` are counted once each."""

    at: datetime
    groups: tuple[Present, ...]
    guests: int
    colleagues: int
    drivers: int


def muster(session: Session) -> Muster:
    """Who is on site now, as far as it was said that they came and not that they left."""
    now = session.now()
    with reading():
        found = _Presence(session, now)
        groups = [group for row in found.visits if (group := found.of(row)) is not None]
    groups.sort(key=lambda group: (not group.overdue, group.since or now, group.visit))
    colleagues = {(each.name, each.phone) for group in groups for each in group.along}
    drivers = {(each.driver, each.phone) for group in groups for each in group.drivers}
    return Muster(now, tuple(groups), sum(group.people for group in groups), len(colleagues), len(drivers))


class _Presence:
    """What is read for it, a query a table; inside `reading`."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        rows = _visits(now)
        self.legs = _by_visit(Leg.select().where(Leg.visit.in_([row.id for row in rows])).order_by(Leg.position))
        self.visits = [row for row in rows if _arrived(row, self.legs[row.id])]
        ids = [row.id for row in self.visits]
        self.guests = _by_visit(Guest.select().where(Guest.visit.in_(ids)).order_by(Guest.position))
        self.stages = _by_visit(Stage.select().where(Stage.visit.in_(ids)).order_by(Stage.position))
        self.bookings = _by_visit(Booking.select().where(Booking.visit.in_(ids)).order_by(Booking.starts))
        held = [booking for each in self.bookings.values() for booking in each]
        now_held = {booking.resource_id for booking in held if booking.starts <= now < booking.ends}
        cars = Resource.select().where(Resource.id.in_(now_held), Resource.kind == "car")
        self.cars = {car.id: car for car in cars}
        self.rooms = booked_rooms(held)
        self.meals = stage_meals([stage for each in self.stages.values() for stage in each])
        self.parts = parts(ids)
        self.came = _came(session, ids)
        self.unseen = hidden_among(session, ids)
        self.phones = Phones(ActorContext(session, self.visits))
        self.people = people_of(self._named(held))

    def _named(self, held: Iterable[Booking]) -> Iterable[int | None]:
        for row in self.visits:
            yield from (row.coordinator_id, row.applicant_id)
        for roles in self.parts.values():
            yield from (person for named in roles.values() for person, _ in named)
        for booking in held:
            yield booking.driver_id
        yield from (car.driver_id for car in self.cars.values())

    def of(self, row: Visit) -> Present | None:
        """Those of a visit, None where all who came have left."""
        legs = self.legs[row.id]
        arrived = _arrived(row, legs)
        left = [leg for leg in legs_among(row, legs, "departure") if leg.state == "left"]
        people = _sum(row, arrived, legs) - _sum(row, left, legs)
        if people <= 0 and left:
            return None
        seen = row.id not in self.unseen
        stages = self.stages[row.id]
        under_way = next((stage for stage in stages if stage.state == "under_way"), None)
        leaves = self._leaves(row, legs)
        return Present(
            visit=row.id,
            number=row.number or "",
            client=row.client_name if seen else "",
            people=people,
            names=self._names(row, arrived, left) if seen else (),
            state=max((each for each in _PRESENT if any(leg.state == each for leg in arrived)), key=_PRESENT.index),
            since=self.came.get(row.id) or min((at for leg in arrived if (at := due(row, leg))), default=None),
            leaves=leaves,
            overdue=leaves is not None and leaves < self.now,
            stage=self._stage(row, under_way) if under_way is not None and seen else None,
            place=self._place(row, stages, under_way) if under_way is not None else "",
            drivers=self._drivers(row),
            along=tuple(self._along(row)) if seen else (),
            answers=tuple(self._answers(row)),
            seen=seen,
        )  # fmt: skip

    def _leaves(self, row: Visit, legs: Sequence[Leg]) -> datetime | None:
        """When the next of them are to leave."""
        going = [leg for leg in legs_among(row, legs, "departure") if leg.state != "left"]
        return min((at for leg in going if (at := due(row, leg)) is not None), default=row.goes)

    def _names(self, row: Visit, arrived: Sequence[Leg], left: Sequence[Leg]) -> tuple[str, ...]:
        """Their names, as far as the form has them: a leg without names is that of everybody whom no other names."""
        every = [guest.name for guest in self.guests[row.id] if guest.name]

        def of(legs: Sequence[Leg]) -> set[str]:
            names = {name for leg in legs for name in leg.guests}
            if any(not leg.position for leg in legs):
                way = legs[0].way
                elsewhere = {n for leg in self.legs[row.id] if leg.way == way and leg not in legs for n in leg.guests}
                names |= set(every) - elsewhere
            return names

        here = of(arrived) - of(left)
        return tuple(dict.fromkeys([*(name for name in every if name in here), *sorted(here - set(every))]))

    def _stage(self, row: Visit, stage: Stage) -> Name:
        return with_meal(visit_policy(self.session, row), stage.stage, meal_kind(stage, self.meals))

    def _place(self, row: Visit, stages: Sequence[Stage], stage: Stage) -> str:
        policy = visit_policy(self.session, row)
        return stage_places(policy, stages, self.bookings[row.id], self.rooms, self.meals)[stage.id].text

    def _drivers(self, row: Visit) -> tuple[Ride, ...]:
        """The cars held for them now that have somebody to drive them."""
        held = [each for each in self.bookings[row.id] if each.starts <= self.now < each.ends]
        rides = [ride(each, self.cars[each.resource_id], self.people, self.now, self.phones) for each in held
                 if each.resource_id in self.cars]  # fmt: skip
        return tuple(each for each in rides if each.driver)

    def _along(self, row: Visit) -> Iterable[Contact]:
        """Hosts, companions and whoever is named for the visit, each once."""
        roles = self.parts.get(row.id, {})
        told: set[int] = set()
        for role in sorted(roles, key=lambda role: (role != "host", role != "companion")):
            for person, _ in roles[role]:
                if role != "diner" and person not in told:
                    told.add(person)
                    yield self._contact(row, role, self.people[person])

    def _answers(self, row: Visit) -> Iterable[Contact]:
        host = next(iter(self.parts.get(row.id, {}).get("host", ())), (None, ""))[0]
        answering = {"host": host, "coordinator": row.coordinator_id}
        if not any(answering.values()):
            answering = {"applicant": row.applicant_id}
        for role, person in answering.items():
            if person in self.people:
                yield self._contact(row, role, self.people[person])

    def _contact(self, row: Visit, role: str, person: Person) -> Contact:
        return Contact(role, person.name, self.phones.on(row.id, person.phone, person.id))


def _visits(now: datetime) -> list[Visit]:
    """Visits of which guests may be on site: under way, or about to be, or while a change to them is decided."""
    tonight = datetime.combine(now.date() + timedelta(days=1), time())
    begun = (
        Visit.state.in_(("approved", "submitted")) & (Visit.comes < tonight) & (Visit.goes > now - timedelta(days=14))
    )
    under_way = list(Visit.select().where(Visit.state == "under_way"))
    others = [row for row in Visit.select().where(begun) if row.state == "approved" or row.before is not None]
    return [*under_way, *others]


def _sum(row: Visit, some: Iterable[Leg], legs: Sequence[Leg]) -> int:
    return sum(people_in(row, leg, legs) or 0 for leg in some)


def _arrived(row: Visit, legs: Sequence[Leg]) -> list[Leg]:
    """The groups that are on site: one that is here is at the gate only where it came by its own car."""
    came = [leg for leg in legs_among(row, legs, "arrival") if leg.state in _PRESENT]
    return [leg for leg in came if leg.state != "here" or leg.mode == "car"]


def _came(session: Session, ids: Sequence[int]) -> Mapping[int, datetime]:
    """Since when guests of these visits are here (local time), as the journal has it."""
    rows: Any = (
        Journal.select(Journal.visit, Journal.verb, Journal.at_utc, JournalDetail.details)
        .left_outer_join(JournalDetail, on=(JournalDetail.entry == Journal.id))
        .where(Journal.visit.in_(ids), Journal.verb.in_(_COMING_IN))
        .order_by(Journal.id)
        .tuples()
    )
    zone, since = session.clock().tzinfo, dict[int, datetime]()
    for visit, verb, at_utc, text in rows:
        details = details_of(text) if text is not None else {}
        if verb == "take_back":
            since.pop(visit, None)
        elif verb == "met" or details.get("state") in _PRESENT:
            said = details.get("at")
            local = at_utc.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
            since.setdefault(visit, datetime.fromisoformat(said) if said else local)
    return since


def _by_visit(query: Any) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in query:
        found[row.visit_id].append(row)
    return found
