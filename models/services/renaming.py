"""A guest's name where it stands beside the list of guests: groups, cars, meals, rooms, gifts, whom to tell.

The list is where a guest is named; everywhere else the same name is meant, and follows it. Inside a write transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models.schema.arrangements import Booking, Cost, Leg, Lodging, Meal, ToTell
from models.schema.tables import Guest, Visit
from models.words import alike

Listed = Sequence[tuple[str, bool]]
"""The guests of a visit in order: their names, and who is the principal."""


def listed(visit: int) -> Listed:
    """The guests of a visit as they are stored."""
    rows = Guest.select(Guest.name, Guest.principal).where(Guest.visit == visit).order_by(Guest.position)
    return [(row.name, row.principal) for row in rows]


def became(before: Listed, after: Listed) -> dict[str, str | None]:
    """What the guests who are no longer on the list by their name are called there now, None who is gone.

    Who is written in another way is the same one; so is who stands in the place of one who is gone: the principal
    guest, or, of as many as there were, the one at that place.
    """
    now, were = {name for name, _ in after}, {alike.key(name) for name, _ in before}
    fresh = {name for name, _ in after if name and alike.key(name) not in were}
    found: dict[str, str | None] = {}
    for place, (name, principal) in enumerate(before):
        if not name or name in now:
            continue
        same = [other for other, _ in after if alike.same(other, name)]
        first = [other for other, chief in after if principal and chief and other in fresh]
        there = [after[place][0]] if len(before) == len(after) and after[place][0] in fresh else []
        found[name] = next(iter([*same, *first, *there]), None)
        fresh.discard(found[name] or "")
    return found


def follow(visit: Visit, before: Listed) -> None:
    """Let every place follow the list of guests, which was `before`. Who is gone is named nowhere; how many ride or
    sit somewhere stays, as somebody else may come instead."""
    names = became(before, listed(visit.id))
    if not names:
        return
    for leg in Leg.select().where(Leg.visit == visit.id):
        fresh = _renamed(leg.guests, names)
        if fresh != leg.guests:
            people = leg.people if leg.people is not None else len(leg.guests)
            leg.guests, leg.people = fresh, people if len(fresh) < len(leg.guests) else leg.people
            leg.save()
    for booking in Booking.select().where(Booking.visit == visit.id):
        fresh = _renamed(booking.guests, names)
        if fresh != booking.guests:
            people = max(booking.people or 0, len(booking.guests))
            booking.people = people if len(fresh) < len(booking.guests) else booking.people
            booking.guests = fresh
            booking.version += 1
            booking.save()
    for meal in Meal.select().where(Meal.visit == visit.id):
        Meal.update(diners=_renamed(meal.diners, names)).where(Meal.id == meal.id).execute()
    for room in Lodging.select().where(Lodging.visit == visit.id):
        Lodging.update(guests=_renamed(room.guests, names)).where(Lodging.id == room.id).execute()
    for old, new in names.items():
        if new:
            Cost.update(to=new).where(Cost.visit == visit.id, Cost.to == old).execute()
            _contact(visit, old, new)


def in_packed(form: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """A form as `snapshot.packed` keeps it, with a guest named anew."""
    guests = [{**guest, "name": new} if alike.same(guest["name"], old) else guest for guest in form["guests"]]
    costs = [{**cost, "to": new} if cost["to"] == old else cost for cost in form["costs"]]
    return {**form, "guests": guests, "costs": costs}


def _renamed(guests: Iterable[str], names: Mapping[str, str | None]) -> list[str]:
    return [name for each in guests if (name := names.get(each, each))]


def _contact(visit: Visit, old: str, new: str) -> None:
    """Who is still to be told on the guests' side."""
    waiting = ToTell.select().where(ToTell.visit == visit.id, ToTell.role == "contact", ToTell.told_at.is_null())
    for row in waiting:
        name, _, post = row.name.partition(" ")
        if name == old or row.name == old:
            row.name = new if row.name == old else f"{new} {post}"
            row.save()
