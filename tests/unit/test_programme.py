"""When the stages of a visit are by default: one for each meal at its hour, the others laid around them (A36)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.policy.answer import StageAnswer
from models.policy.case import PlannedMeal
from models.policy.judge import judge
from models.policy.load import load_text
from models.policy.model import PolicyErrors
from models.words import words
from tests.unit.asked import DEFAULT, example
from tests.unit.drawn import drawn

POLICY = load_text(DEFAULT)
HOURS = {"breakfast": time(7, 30), "lunch": time(12), "dinner": time(18)}
LASTS = {
    "pick_up": 50, "welcome": 10, "introduction": 15, "talks": 45, "tour": 45, "dining": 90, "lodging": 30,
    "activities": 60, "gifts": 15, "send_off": 0,
}  # fmt: skip
ARRIVE = datetime(2026, 12, 3, 10, 20)


def stages(arrive: datetime, depart: datetime, *meals: PlannedMeal) -> list[StageAnswer]:
    """The stages that apply to a visit with every wish."""
    asked = example(
        arrive=arrive, depart=depart, meals=meals, services=("car", "tour"), wants=("activities", "gifts"), tier="vip"
    )
    return [stage for stage in judge(POLICY, asked).stages if stage.applies]


def meal(day: date, kind: str | None) -> PlannedMeal:
    """A meal of two."""
    return PlannedMeal(day, 2, meal=kind)


def test_one_dining_stage_for_each_meal_at_its_hour() -> None:
    found = stages(ARRIVE, ARRIVE.replace(hour=20), meal(ARRIVE.date(), "dinner"), meal(ARRIVE.date(), "lunch"))
    said = [(stage.id, f"{stage.at:%H:%M}") for stage in found if stage.id != "lodging"]
    assert said == [
        ("pick_up", "10:20"), ("welcome", "11:10"), ("introduction", "11:20"), ("dining", "12:00"), ("talks", "13:30"),
        ("tour", "14:15"), ("activities", "17:00"), ("dining", "18:00"), ("gifts", "19:30"), ("send_off", "20:20"),
    ]  # fmt: skip
    assert [stage.meal for stage in found if stage.id == "dining"] == [1, 0]


def test_a_meal_before_the_guests_are_there_is_when_they_have_come() -> None:
    late = ARRIVE.replace(hour=12, minute=30)
    found = stages(late, late + timedelta(days=1), meal(late.date(), "lunch"))
    assert [stage.at for stage in found if stage.id == "dining"] == [late + timedelta(minutes=50)]


def test_the_dining_stage_is_there_once_without_a_meal() -> None:
    asked = example(arrive=ARRIVE, depart=ARRIVE.replace(hour=20), meals=())
    found = [stage for stage in judge(POLICY, asked).stages if stage.id == "dining"]
    assert [(stage.applies, stage.meal) for stage in found] == [(False, None)]


@st.composite
def visits(draw: st.DrawFn) -> tuple[datetime, datetime, list[PlannedMeal]]:
    """A visit of minutes to days, with meals that lie within it."""
    arrive = datetime(2026, 12, 3) + timedelta(minutes=5) * draw(st.integers(0, 287))
    depart = arrive + timedelta(minutes=5) * draw(st.integers(1, 900))
    days = [arrive.date() + timedelta(n) for n in range((depart.date() - arrive.date()).days + 1)]
    every = [(day, kind) for day in days for kind in HOURS]
    first, last = arrive + timedelta(minutes=LASTS["pick_up"]), depart - timedelta(minutes=LASTS["dining"])
    fitting = [(day, kind) for day, kind in every if first <= datetime.combine(day, HOURS[kind]) <= last]
    chosen = draw(st.lists(st.sampled_from(fitting), unique=True)) if fitting else []
    return arrive, depart, [meal(*each) for each in chosen]


@drawn(80, 300)
@given(visits())
def test_default_stages_are_in_order_around_the_meals(visit: tuple[datetime, datetime, list[PlannedMeal]]) -> None:
    arrive, depart, meals = visit
    found = stages(arrive, depart, *meals)
    times = [stage.at for stage in found]
    assert None not in times
    # each meal has its stage, at its hour
    assert {stage.meal: stage.at for stage in found if stage.meal is not None} == {
        n: datetime.combine(each.on, HOURS[each.meal or ""]) for n, each in enumerate(meals)
    }
    # the others are in the file's order, from the arrival to the departure
    rest = [stage for stage in found if stage.meal is None]
    assert [stage.id for stage in rest] == [each.id for each in POLICY.stages if each.id in {s.id for s in rest}]
    assert (rest[0].at, rest[-1].at) == (arrive, depart)
    told = [at for at in times if at is not None]
    assert told == sorted(told)
    # none lasts into another; where the visit is too short for all of them they take less, but never of a meal
    takes = timedelta(minutes=sum(LASTS[stage.id] for stage in rest))
    enough = depart - arrive >= (timedelta(hours=36) if meals else takes)
    for (one, at), (_, then) in pairwise(zip(found, told, strict=True)):
        if one.id == "dining" or enough:
            assert at + timedelta(minutes=LASTS[one.id]) <= then


@pytest.mark.parametrize(
    ("had", "wrong", "said"),
    [
        ('at = "12:00" }', 'at = "25:00" }', "25:00"),
        ('per = "meal"', 'per = "day"', "day"),
        ('lasts = "90m"', 'lasts = "-90m"', "-90m"),
        ('{ id = "passat",', '{ id = "passat", at = "12:00",', "at"),
    ],
)
def test_what_is_wrong_in_the_regulation_is_named(had: str, wrong: str, said: str) -> None:
    with pytest.raises(PolicyErrors) as refused:
        load_text(DEFAULT.replace(had, wrong, 1))
    assert [said in problem.what(words("en")) for problem in refused.value.problems] == [True]


def test_without_hours_and_lengths_the_stages_are_when_their_rows_say() -> None:
    text = re.sub(r'^lasts = .*\n|^per = "meal"\n|, at = "\d\d:\d\d"', "", DEFAULT, flags=re.MULTILINE)
    asked = example(arrive=ARRIVE, depart=ARRIVE + timedelta(days=1), meals=(meal(ARRIVE.date(), "lunch"),))
    found = {stage.id: stage.at for stage in judge(load_text(text), asked).stages}
    assert found["talks"] == ARRIVE + timedelta(minutes=75)
    assert found["dining"] == ARRIVE + timedelta(hours=2)
