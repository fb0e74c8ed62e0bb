"""How far the guests of a visit have come and gone, group by group, and what that makes of the visit's state.

The form's own leg (position 0) is that of everybody whom no other leg of its way names; with nobody left it is empty
and counts for nothing. To be used inside `reading` or `write`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from models.schema.arrangements import Leg, VisitDay
from models.schema.tables import Guest, Stage, Visit

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
    row.comes, row.goes = _end(row, legs, "arrival", row.arrive, min), _end(row, legs, "departure", row.depart, max)
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
