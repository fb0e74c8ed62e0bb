"""What stages are called: one that there is for each meal with its meal (A36)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models.policy.model import Policy
from models.schema.arrangements import Meal
from models.schema.tables import Stage
from models.words import Name
from models.words.catalogue import LANGUAGES


def stage_names(policy: Policy, stages: Sequence[Stage]) -> dict[int, Name]:
    """The names of some stages of one visit, by id. Inside `reading` or a transaction."""
    kinds = meal_kinds(stages)
    return {stage.id: with_meal(policy, stage.stage, kinds.get(stage.meal)) for stage in stages}


def meal_kinds(stages: Iterable[Stage]) -> dict[int | None, str | None]:
    """Which kind of meal the meals of some stages are, by the meals' ids."""
    ids = {stage.meal for stage in stages if stage.meal is not None}
    return {meal.id: meal.meal for meal in Meal.select(Meal.id, Meal.meal).where(Meal.id.in_(ids))} if ids else {}


def with_meal(policy: Policy, stage: str, meal: str | None) -> Name:
    """A stage's name with that of a kind of meal, if it has one."""
    name = policy.name_of(stage)
    kind = next((entry.name for entry in policy.lists.get("meal", ()) if entry.id == meal), None)
    if kind is None:
        return name
    return Name({code: f"{name.say(code)} {kind.say(code)}" for code in LANGUAGES})
