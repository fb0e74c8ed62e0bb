"""What several queries need: short marks of tiers, people by id, who takes part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from models.frozen import record
from models.policy.model import Policy
from models.schema.arrangements import Booking, Resource, VisitDay
from models.schema.tables import ClientPerson, Guest, Person, Step, Visit, VisitPerson
from models.services.phones import Phones
from models.services.seating import riding
from models.services.step_holders import Voice
from models.words import Name, acting, alike, called
from models.words.catalogue import LANGUAGES

ARRANGED = ("approved", "under_way", "done", "submitted")
"""Visits that may have tasks to do; a submitted one has any only while a change to it is being decided (R16)."""


MET = ("met", "on_site", "left")
"""How a group stands whom somebody has met, or seen off."""
COMING = ("draft", "returned", "submitted", "approved", "under_way")
"""Visits that are not over."""


def tier_marks(policy: Policy) -> dict[str, Name]:
    """For each tier the shortest beginning of its name that no other tier's name has, in each language.

    One character where that is enough; the list column is as wide as the longest.
    """
    return {
        tier.id: Name({code: _mark(tier.name.say(code), [t.name.say(code) for t in policy.tiers if t is not tier])
                       for code in LANGUAGES})
        for tier in policy.tiers
    }  # fmt: skip


def _mark(name: str, others: list[str]) -> str:
    for length in range(1, len(name)):
        if not any(other.startswith(name[:length]) for other in others):
            return name[:length]
    return name


@record
class Stop:
    """One stop of a visit's way: any one of these posts; `what` is opinion, decide, sign or report (only told);
    `state` waiting, current or done."""

    posts: tuple[str, ...]
    what: str
    state: str


def stops(visit: int, round: int) -> tuple[Stop, ...]:
    """The way of a visit in its present round. To be called inside `reading`."""
    rows = Step.select().where(Step.visit == visit, Step.round == round).order_by(Step.position)
    return tuple(Stop(tuple(row.posts), row.what, row.state) for row in rows)


def visits_on(first: date, last: date | None = None) -> list[int]:
    """The visits of a day, or of the days to `last`. To be asked for by their ids alone: together with a state SQLite
    would go through all visits in that state."""
    days = VisitDay.day.between(first, last or first)
    rows: Any = VisitDay.select(VisitDay.visit).where(days).distinct().tuples()
    return [visit for (visit,) in rows]


def people_of(ids: Iterable[int | None]) -> dict[int | None, Person]:
    """These people by id."""
    return {row.id: row for row in Person.select().where(Person.id.in_({i for i in ids if i is not None}))}


def at_whom(found: Iterable[Voice], names: Mapping[int | None, str]) -> tuple[str, ...]:
    """The names of who may act at a step: of those who are there, where anybody is; with for whom they stand in."""
    here = [each for each in found if each.here]
    return tuple(
        dict.fromkeys(
            acting(names.get(each.person, ""), names.get(each.of, "") if each.of is not None else "")
            for each in here or found
        )
    )


def called_one(person: Person | None, still: bool) -> str:
    """Somebody's name, "" for nobody; `still`: it is for what is not over, where who is switched off bears the mark."""
    return called(person.name, person.active or not still) if person else ""


def register() -> dict[str, bool]:
    """The names of all people, and whether somebody called so is not switched off; inside `reading`."""
    return registered(Person.select())


def registered(people: Iterable[Person]) -> dict[str, bool]:
    """The same of people who are read already."""
    found: dict[str, bool] = {}
    for each in people:
        if each.name:
            found[each.name] = found.get(each.name, False) or each.active
    return found


def pieces(text: str, names: Mapping[str, bool]) -> tuple[str, ...]:
    """A text that names people as it was typed, in pieces: those that are the name of who is switched off bear the
    mark. `names`: of the `register`."""
    if not text or all(names.values()):
        return (text,)
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    parted = re.split(f"(?<![a-z])({known})(?![a-z])", text, flags=re.IGNORECASE)
    return tuple(called(part, names.get(part, True)) for part in parted if part)


def ride(booking: Booking, car: Resource, people: Mapping[int | None, Person], now: datetime, phones: Phones) -> Ride:
    """A car booked for guests, with who drives it for this booking, else its own driver (one of `people`)."""
    driver = people.get(booking.driver_id or car.driver_id)
    name, phone = called_one(driver, booking.ends > now), driver.phone if driver else ""
    seen = phones.on(booking.visit_id, phone or car.phone, driver.id if driver else None)
    return Ride(car.name, name, seen, booking.starts, booking.ends, riding(booking, car))


def parts(visits: Iterable[int]) -> dict[int, dict[str, list[tuple[int, str]]]]:
    """Who takes part in these visits: by visit, by role, (person, name) in order. Where a visit is not over, who is
    switched off bears the mark."""
    still = Person.active | Visit.state.not_in(COMING)
    rows: Any = (
        VisitPerson.select(VisitPerson.visit, VisitPerson.role, Person.id, Person.name, still)
        .join(Person)
        .switch(VisitPerson)
        .join(Visit)
        .where(VisitPerson.visit.in_(list(visits)))
        .order_by(VisitPerson.visit, VisitPerson.role, VisitPerson.position)
        .tuples()
    )
    found: dict[int, dict[str, list[tuple[int, str]]]] = {}
    for visit, role, person, name, active in rows:
        found.setdefault(visit, {}).setdefault(role, []).append((person, called(name, bool(active))))
    return found


def met_by(stages: Iterable[Any], going: bool, hosts: tuple[str, ...], names: Mapping[str, bool]) -> str:
    """Who meets the guests, or takes them away, where nobody is named for that: the people of the first or last stage
    that names any, else the host. `names`: of the `register`, to mark who is switched off; empty where it is over."""
    named = [stage.people for stage in sorted(stages, key=lambda stage: stage.position) if stage.people]
    if named:
        said = pieces(str(named[-1] if going else named[0]), names)
        return said[0] if len(said) == 1 else "".join(said)
    return hosts[0] if hosts else ""


def sought(rows: Iterable[Visit]) -> dict[int, tuple[str, ...]]:
    """By what these visits are found beside their client's name: how that sounds, their guests and how those sound.
    `rows` with their clients; inside `reading`."""
    visits = list(rows)
    guests: Any = Guest.select(Guest.visit, Guest.name).where(Guest.visit.in_([row.id for row in visits])).tuples()
    names: dict[int, list[str]] = {}
    for visit, name in guests:
        names.setdefault(visit, []).append(name)
    people = sought_people({row.client_id for row in visits if row.client_id is not None and row.id in names})
    found: dict[int, tuple[str, ...]] = {}
    for row in visits:
        spelt = people.get(row.client_id or 0, {})
        mine = [text for name in names.get(row.id, ()) if name for text in (name, *spelt.get(alike.key(name), ()))]
        found[row.id] = (*((row.client.pinyin, row.client.initials) if row.client is not None else ()), *mine)
    return found


def sought_people(clients: Iterable[int]) -> dict[int, dict[str, tuple[str, str]]]:
    """How the people of these clients sound, by client and by the key of their name; inside `reading`."""
    known = ClientPerson
    rows: Any = known.select(known.client, known.key, known.pinyin, known.initials).where(known.client.in_(clients))
    found: dict[int, dict[str, tuple[str, str]]] = {}
    for client, key, *spelt in rows.tuples():
        found.setdefault(client, {})[key] = (spelt[0], spelt[1])
    return found


@record
class Ride:
    """A car that carries guests: its plate, who drives it under which number, from when until when (local time); how
    many `people` ride in it."""

    car: str
    driver: str
    phone: str
    starts: datetime
    ends: datetime
    people: int
