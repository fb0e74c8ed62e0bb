"""Caps per meal over what was not written as part of the meal: a second bill of the same day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.policy.answer import Answer
from models.policy.case import PlannedCost, PlannedMeal
from models.policy.judge import Spent, actuals, judge
from tests.unit.asked import MONDAY, codes, plain, small

JOINT = """
[[cap]]
id = "table"
item = ["meal", "drink"]
per = "person_meal"
most = 100
"""
TUESDAY = MONDAY + timedelta(days=1)


def meal(**changes: Any) -> PlannedMeal:
    """A dinner of ten at 80 each on the first day."""
    made = PlannedMeal(meal="lunch", venue=None, place="", on=MONDAY, guests=4, companions=6, price=8000)
    return replace(made, **changes)


def wine(price: int = 3000, **changes: Any) -> PlannedCost:
    """Ten bottles on a bill of their own, of the first day."""
    return replace(PlannedCost(item="drink", quantity=Decimal(10), price=price, on=MONDAY), **changes)


def over(answer: Answer) -> dict[str, int]:
    """By line what lies beyond its cap."""
    return {line.id: line.over for line in answer.plan if line.over}


def asked(*costs: PlannedCost, meals: tuple[PlannedMeal, ...] = (meal(),), rows: str = JOINT) -> Answer:
    """What a small policy says to these meals and bills."""
    return judge(small(rows), plain(meals=meals, costs=costs))


def test_a_second_bill_of_the_day_counts_to_the_meal() -> None:
    """10 × 80 + 10 × 30 against 10 × 100: the bill for the wine is 100 over, by the ten who dined."""
    answer = asked(wine())
    assert over(answer) == {"cost1": 10000}
    assert codes(answer) == [("reason", "cap", "table")]
    assert {line.id: line.of_cap for line in answer.plan} == {"meal1": 110, "cost1": 110}


@pytest.mark.parametrize(
    "bill",
    [
        pytest.param(wine(on=TUESDAY), id="of another day"),
        pytest.param(wine(item="gift"), id="of another item"),
        pytest.param(wine(price=2000), id="within what is left"),
    ],
)
def test_what_does_not_count_to_it(bill: PlannedCost) -> None:
    assert over(asked(bill)) == {}


def test_a_bill_without_a_day_is_of_the_first() -> None:
    assert over(asked(wine(on=None))) == {"cost1": 10000}
    assert over(asked(wine(on=None), meals=(meal(on=TUESDAY),))) == {}


def test_of_several_meals_it_counts_to_the_dearest() -> None:
    """Nobody orders wine for the breakfast: the bill is held against the meal of the day that cost most a head."""
    cheap = meal(price=2000)
    answer = asked(wine(), meals=(cheap, meal(), cheap))
    assert over(answer) == {"cost1": 10000}
    assert {line.id: line.of_cap for line in answer.plan}["meal2"] == 110


def test_bills_are_of_one_meal_under_a_cap_on_them_alone() -> None:
    """A cap on drinks per meal takes the bottles of the meal and a bill of that day together."""
    rows = '[[cap]]\nitem = "drink"\nper = "meal"\nmost = 300\n'
    table = meal(bottles=2, bottle_price=10000)
    assert over(asked(wine(price=1000), meals=(table,), rows=rows)) == {}
    assert over(asked(wine(price=1500), meals=(table,), rows=rows)) == {"cost1": 5000}


def test_a_meal_on_a_bill_of_its_own_stays_one() -> None:
    assert over(asked(PlannedCost(item="meal", quantity=Decimal(4), price=9000, on=MONDAY))) == {}


@pytest.mark.parametrize(("on", "beyond"), [(MONDAY, 10000), (None, 10000), (TUESDAY, 0)])
def test_paid_without_being_planned(on: date | None, beyond: int) -> None:
    """Settling: a bill that nobody planned counts to the meal of its day, too."""
    spent = [
        Spent(1, "meal1", "meal", 80000, Decimal(10)),
        Spent(2, None, "drink", 30000, Decimal(10), on=on),
    ]
    found = actuals(small(JOINT), plain(meals=(meal(),)), spent)
    assert [each.over for each in found] == [0, beyond]


@pytest.mark.parametrize(
    ("lead", "days", "holds"),
    [
        ("..2w", 14, True), ("..2w", 15, False), ("..2w", 19, False), (">2w..", 14, False), (">2w..", 15, True),
        ("2w..", 13, False), ("..1mo", 30, True), ("..1mo", 31, False), (">1mo..", 31, True), ("1mo..", 29, False),
        ("..1y", 365, True), ("..1y", 366, False), ("..<1w", 6, True), ("..<1w", 7, False), ("..13d", 13, True),
        ("..10wd", 14, True), ("..10wd", 15, False),
    ],
)  # fmt: skip
def test_a_lead_is_compared_exactly(lead: str, days: int, holds: bool) -> None:
    """From Monday 2026-11-02: 19 days are more than two weeks, 31 days more than the month to 2 December."""
    policy = small(f'[[check]]\nid = "hurry"\nwhen = {{ lead = "{lead}" }}\n')
    arrive = datetime(2026, 11, 2, 8) + timedelta(days=days)
    answer = judge(policy, plain(arrive=arrive, depart=arrive + timedelta(hours=5)))
    assert bool(codes(answer)) == holds


@pytest.mark.parametrize(
    ("lead", "minutes", "holds"), [("..24h", 1440, True), ("..24h", 1441, False), ("..30m", 31, False)]
)
def test_a_lead_in_hours_and_minutes(lead: str, minutes: int, holds: bool) -> None:
    policy = small(f'[[check]]\nid = "hurry"\nwhen = {{ lead = "{lead}" }}\n')
    arrive = datetime(2026, 11, 2, 9) + timedelta(minutes=minutes)
    assert bool(codes(judge(policy, plain(arrive=arrive, depart=arrive + timedelta(hours=5))))) == holds
