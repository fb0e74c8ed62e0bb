"""Names and places of stages; a stage that there is for each meal is held with its meal (A36)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from models.frozen import record
from models.policy.model import Policy
from models.schema.arrangements import Booking, Meal, Resource
from models.schema.tables import Stage
from models.words import Name
from models.words.catalogue import LANGUAGES

# -- names and places -------------------------------------------------------------------------------------------------

Meals = Mapping[int | None, Meal]
"""Meals by their ids: None, of a stage without one, has none."""


@record
class StagePlace:
    """Where a stage is held; `by` whose place that is: of a room booked for it, of its meal, or "" as typed."""

    text: str
    by: Literal["booking", "meal", ""] = ""


def stage_meals(stages: Iterable[Stage]) -> Meals:
    """The meals of some stages: of what kind, where, who of ours sits there. Inside `reading` or a transaction."""
    ids = {stage.meal for stage in stages if stage.meal is not None}
    known = Meal.select(Meal.id, Meal.meal, Meal.place, Meal.ours).where(Meal.id.in_(ids))
    return {meal.id: meal for meal in known} if ids else {}


def stage_names(policy: Policy, stages: Iterable[Stage], meals: Meals) -> dict[int, Name]:
    """The names of some stages, by id."""
    return {stage.id: with_meal(policy, stage.stage, meal_kind(stage, meals)) for stage in stages}


def meal_kind(stage: Stage, meals: Meals) -> str | None:
    """Which kind of meal it is whose stage this is."""
    meal = meals.get(stage.meal)
    return meal.meal if meal is not None else None


def booked_rooms(bookings: Iterable[Booking]) -> dict[int | None, str]:
    """The names of the rooms among what is booked, by id. Inside `reading` or a transaction."""
    ids = {booking.resource_id for booking in bookings}
    rooms = Resource.select(Resource.id, Resource.name).where(Resource.id.in_(ids), Resource.kind == "room")
    return {room.id: room.name for room in rooms}


def places_of(policy: Policy, visit: int, stages: Sequence[Stage], meals: Meals) -> dict[int, StagePlace]:
    """`stage_places` with what is booked for the visit. Inside `reading` or a transaction."""
    bookings = list(Booking.select().where(Booking.visit == visit).order_by(Booking.starts, Booking.id))
    return stage_places(policy, stages, bookings, booked_rooms(bookings), meals)


def stage_places(
    policy: Policy, stages: Sequence[Stage], bookings: Iterable[Booking], rooms: Mapping[int | None, str], meals: Meals
) -> dict[int, StagePlace]:
    """Where the stages of one visit are held, by id: all of them are given, since each room that is booked for a stage
    is that of the nearest in time of those with its name.

    The room booked for the stage comes first, then the place of its meal, then what is typed. A stage of which nothing
    is said is in the room that the visit has at its time, if the policy holds rooms for it at all: stages that overlap
    are booked one room together. `bookings`: the visit's; `rooms`: names of the rooms among what they hold, by id.
    """
    held = [booking for booking in bookings if booking.resource_id in rooms]
    own: dict[int, list[Booking]] = {}
    for booking in held:
        named = [(each.state == "not_applicable", _away(booking, each.at), each.id) for each in stages
                 if each.stage == booking.stage]  # fmt: skip
        if named:
            own.setdefault(min(named)[-1], []).append(booking)
    shared = {purpose for row in policy.bookings if "room" in row.things for purpose in row.purposes}

    def place(stage: Stage) -> StagePlace:
        meal = meals.get(stage.meal)
        if stage.id in own:
            return StagePlace(_nearest(own[stage.id], stage.at, rooms), "booking")
        if meal is not None and meal.place:
            return StagePlace(meal.place, "meal")
        here = [each for each in held if not _away(each, stage.at)] if stage.stage in shared else []
        return StagePlace(stage.place or (_nearest(here, stage.at, rooms) if here else ""))

    return {stage.id: place(stage) for stage in stages}


def _nearest(bookings: Sequence[Booking], at: datetime | None, rooms: Mapping[int | None, str]) -> str:
    """The room held nearest to a time; both, where two are held as near."""
    least = min(_away(each, at) for each in bookings)
    return " / ".join(dict.fromkeys(rooms[each.resource_id] for each in bookings if _away(each, at) == least))


def _away(booking: Booking, at: datetime | None) -> timedelta:
    """How far a time is from what is booked; nothing within it."""
    if at is None:
        return timedelta.max
    return max(booking.starts - at, at - booking.ends + timedelta.resolution, timedelta())


def with_meal(policy: Policy, stage: str, meal: str | None) -> Name:
    """A stage's name with that of a kind of meal, if it has one."""
    name = policy.name_of(stage)
    kind = next((entry.name for entry in policy.lists.get("meal", ()) if entry.id == meal), None)
    if kind is None:
        return name
    return Name({code: f"{name.say(code)} {kind.say(code)}" for code in LANGUAGES})
