"""Whereabouts of guests, group by group, and the state of the visit that follows from them.

The form's own leg (position 0) is that of everybody whom no other leg of its way names; with nobody left it is empty
and counts for nothing. To be used inside `reading` or `write`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from models.schema.arrangements import Booking, Cost, Leg, Lodging, Meal, Notification, VisitDay
from models.schema.tables import Guest, Stage, Visit
from models.words import alike

# -- groups, and the state of the visit -------------------------------------------------------------------------------

Way = Literal["arrival", "departure"]
WAYS: tuple[Way, Way] = ("arrival", "departure")
PATHS: dict[str, tuple[str, ...]] = {
    "arrival": ("planned", "on_way", "here", "met", "on_site"),
    "departure": ("planned", "left"),
}
"""The states of a group in order; one that does not come is `no_show` instead."""
WAITING = ("planned", "on_way", "here")
MET = ("met", "on_site")
LONGEST = timedelta(days=366)
"""No visit is noted on more days than these."""


def legs_among(row: Visit, found: Sequence[Leg], way: Way | None = None) -> list[Leg]:
    """Of all legs of a visit those with somebody in them, arrivals first, in order of time."""
    counted = [leg for leg in found if way in (None, leg.way) and (leg.position or people_in(row, leg, found) != 0)]
    at = {leg.id: due(row, leg) for leg in counted}
    return sorted(counted, key=lambda leg: (leg.way, str(at[leg.id] or "~"), leg.position))


def people_in(row: Visit, leg: Leg, legs: Sequence[Leg]) -> int | None:
    """How many come or go with a leg; with the form's own all the others do not. None where nobody knows."""
    return None if row.headcount is None and not leg.position else people_among(row.headcount or 0, leg, legs)


def people_among(headcount: int, leg: Leg, legs: Iterable[Leg]) -> int:
    """The same of so many guests in all."""
    if leg.position:
        return leg.people if leg.people is not None else len(leg.guests)
    groups = [each for each in legs if each.way == leg.way and each.position]
    return max(0, headcount - sum(people_among(headcount, each, ()) for each in groups))


def due(row: Visit, leg: Leg) -> datetime | None:
    """When a group is to come or go, as it is known now (local time)."""
    return leg.expected or planned(row, leg)


def planned(row: Visit, leg: Leg) -> datetime | None:
    """When a group was to come or go: its own time, else the visit's."""
    own: datetime | None = leg.planned
    return own or (row.arrive if leg.way == "arrival" else row.depart)


def late_by(row: Visit, leg: Leg | None) -> timedelta:
    """By how much a group is expected later than it was planned; negative where it is earlier."""
    base = planned(row, leg) if leg is not None else None
    return leg.expected - base if leg is not None and base is not None and leg.expected is not None else timedelta()


def time_of(row: Visit, leg: Leg) -> datetime | None:
    """When a group comes to the visit, or leaves it (local time): the form's own one when the form says, later by what
    it is late, for it may land long before the visit begins; any other by its own time."""
    own = row.arrive if leg.way == "arrival" else row.depart
    return due(row, leg) if leg.position or own is None else own + late_by(row, leg)


def note_times(row: Visit, legs: Sequence[Leg] | None = None) -> None:
    """Write down when the visit begins and ends as it is known now, and its days: whatever changes a group or the
    form's times does so afterwards. It begins when its first group comes, and ends when its last one leaves.
    `legs`: all of the visit, where they are read already."""
    legs = list(Leg.select().where(Leg.visit == row.id)) if legs is None else legs
    was = (row.comes, row.goes)
    row.comes, row.goes = _end(row, legs, "arrival", row.arrive, min), _end(row, legs, "departure", row.depart, max)
    if (row.comes, row.goes) == was:
        return
    Visit.update(comes=row.comes, goes=row.goes).where(Visit.id == row.id).execute()
    days = []
    if row.comes is not None:
        first = row.comes.date()
        last = max(first, (row.goes or row.comes).date())
        days = [first + timedelta(n) for n in range(min(last - first, LONGEST).days + 1)]
    if days != [each.day for each in VisitDay.select().where(VisitDay.visit == row.id).order_by(VisitDay.day)]:
        VisitDay.delete().where(VisitDay.visit == row.id).execute()
        if days:
            VisitDay.insert_many([{"visit": row.id, "day": day} for day in days]).execute()


def _end(
    row: Visit, legs: Sequence[Leg], way: Way, asked: datetime | None, pick: Callable[[Sequence[datetime]], datetime]
) -> datetime | None:
    """The first arrival or the last departure of those who come; as the form says where nobody does."""
    coming = [leg for leg in legs_among(row, legs, way) if leg.state != "no_show"] if asked is not None else []
    found = [at for at in (time_of(row, leg) for leg in coming) if at is not None]
    return pick(found) if found else asked


def guests_met(row: Visit, legs: Sequence[Leg]) -> bool:
    """Whether any guests are met, of all legs of a visit: it is under way, or will be when a change to it is
    decided."""
    return any(leg.state in MET for leg in legs_among(row, legs, "arrival"))


def state_of(row: Visit, legs: Sequence[Leg] | None = None) -> str:
    """What the groups make of an approved visit: approved, under way, done, no-show. `legs`: all of the visit, where
    they are read already."""
    legs = list(Leg.select().where(Leg.visit == row.id)) if legs is None else legs
    arrivals, departures = legs_among(row, legs, "arrival"), legs_among(row, legs, "departure")
    if departures and all(leg.state == "left" for leg in departures):
        return "done"
    if any(leg.state in MET for leg in arrivals):
        return "under_way"
    return "no_show" if arrivals and all(leg.state == "no_show" for leg in arrivals) else "approved"


def move(row: Visit, legs: Sequence[Leg], moved: Iterable[Leg], state: str, at: datetime) -> None:
    """Put some of all legs of a visit into a state at a local time: the first met makes it under way, the last that
    left makes it done and ends what was going on; while a change to it is decided it stays submitted. The row is the
    caller's to save."""
    for leg in moved:
        leg.state = state
        leg.save()
    note_times(row, legs)
    now = state_of(row, legs)
    if now == "done":
        Stage.update(state="done", ended=at).where(Stage.visit == row.id, Stage.state == "under_way").execute()
    if row.before is None:
        row.state = now


def leads(row: Visit, way: Way, all_legs: Sequence[Leg], guests: Iterable[Guest]) -> Leg | None:
    """The group whose time is the visit's: the principal guest's, else the form's own, else the first."""
    legs = legs_among(row, all_legs, way)
    principal = next((guest.name for guest in guests if guest.principal and guest.name), None)
    his = [leg for leg in legs if principal is not None and principal in leg.guests]
    return next(iter([*his, *(leg for leg in legs if leg.position == 0), *legs]), None)


def anchors(row: Visit, legs: Sequence[Leg], guests: Sequence[Guest]) -> dict[str, datetime]:
    """When the programme begins and ends, by the policy's anchors: as the form says, later by what the leading group
    is late."""
    ways: tuple[tuple[str, Way, datetime | None], ...] = (
        ("arrive", "arrival", row.arrive), ("depart", "departure", row.depart),
    )  # fmt: skip
    return {anchor: at + late_by(row, leads(row, way, legs, guests)) for anchor, way, at in ways if at is not None}


# -- names of guests on other lists -----------------------------------------------------------------------------------

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
    """A form as `visit_form.packed` keeps it, with a guest named anew."""
    guests = [{**guest, "name": new} if alike.same(guest["name"], old) else guest for guest in form["guests"]]
    costs = [{**cost, "to": new} if cost["to"] == old else cost for cost in form["costs"]]
    return {**form, "guests": guests, "costs": costs}


def _renamed(guests: Iterable[str], names: Mapping[str, str | None]) -> list[str]:
    return [name for each in guests if (name := names.get(each, each))]


def _contact(visit: Visit, old: str, new: str) -> None:
    """Who is still to be told on the guests' side."""
    waiting = Notification.select().where(
        Notification.visit == visit.id, Notification.role == "contact", Notification.told_at.is_null()
    )
    for row in waiting:
        name, _, post = row.name.partition(" ")
        if name == old or row.name == old:
            row.name = new if row.name == old else f"{new} {post}"
            row.save()
