"""What was paid beyond what was agreed to: sums judged again, further signatures by the policy, names of lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.form import Form, FormMeal
from models.policy.case import PlannedCost, PlannedLodging
from models.queries.visit_detail import visit as whole
from models.schema.store import reading
from models.schema.tables import Expense
from models.services.cost_verbs import add_expense, close, enter_actual, sign_expense
from models.services.visits import Done
from tests.unit.life import Company, approved, came, company, default_text, expenses, form, left, refuses, totals

DAY = date(2026, 11, 30)
SIGNS = """
[[sign]]
id = "dear_meal"
when = { item = "meal", of_cap = ">100%..200%" }
by = "deputy_general_manager_in_charge"

[[sign]]
id = "very_dear_meal"
when = { item = "meal", of_cap = ">200%.." }
by = "general_manager"

[[sign]]
id = "dear_visit"
when = { total = ">5000.." }
by = "office_director"
"""


@contextmanager
def settling(path: Path, more: str = "", **changes: Any) -> Iterator[tuple[Company, Done]]:
    """A visit whose guests have come and gone, under the default regulation with some rows more."""
    with company(path, default_text() + more) as who:
        done = approved(who, replaced(form(who), **changes), cap="标准外", count="次数")
        yield who, left(who, came(who, done))


def replaced(made: Form, **changes: Any) -> Form:
    return replace(made, **{"lodged": False, "lodging": (), **changes})


def lunch(**more: Any) -> FormMeal:
    return FormMeal(DAY, 6, 7, meal="lunch", venue="in_house", **more)


def pay(who: Company, done: Done, line: str, amount: int, **more: Any) -> int:
    """Enter what a planned line cost; what is over."""
    row = expenses(done)[line]
    return enter_actual(who.session("林小雨"), row.id, expected=row.version, amount=amount, **more).over


def sign(who: Company, name: str, done: Done, line: str) -> None:
    row = expenses(done)[line]
    sign_expense(who.session(name), row.id, expected=row.version)


def lacks(who: Company, done: Done) -> list[tuple[str, str]]:
    found = whole(who.session("林小雨"), done.visit)
    assert found is not None
    return [(line.name.say("zh"), what) for line in found.costs for what in line.lacks]


def test_beyond_the_cap_another_must_agree_before_closing(tmp_path: Path) -> None:
    """A10, A27: the meal goes over what was planned, and the row of the policy asks the deputy in charge."""
    with settling(tmp_path, SIGNS, meals=(lunch(),)) as (who, done):
        assert pay(who, done, "meal1", 200_000, reason="加了两道菜") == 5_000
        assert lacks(who, done) == [("用餐 午餐", "signature")]
        with refuses("close_missing") as info:
            close(who.session("林小雨"), done.visit, expected=done.version)
        assert info.value.phrase.facts["n"] == 1
        with refuses("signs_other"):
            sign(who, "林小雨", done, "meal1")
        sign(who, "李卫东", done, "meal1")
        assert lacks(who, done) == []
        with refuses("nothing_to_sign"):
            sign(who, "李卫东", done, "meal1")
        signed = whole(who.session("林小雨"), done.visit)
        assert signed is not None
        assert [(each.name, each.amount) for each in signed.costs[0].signed] == [("李卫东", 200_000)]
        assert close(who.session("林小雨"), done.visit, expected=done.version).state == "closed"


def test_who_is_above_may_agree_and_a_higher_amount_is_agreed_to_anew(tmp_path: Path) -> None:
    """A3: the general manager stands above the deputy; what was agreed to is an amount, not whatever it becomes."""
    with settling(tmp_path, SIGNS, meals=(lunch(),)) as (who, done):
        pay(who, done, "meal1", 200_000, reason="加菜")
        sign(who, "周建国", done, "meal1")
        pay(who, done, "meal1", 199_000)
        assert lacks(who, done) == [], "less than what was agreed to"
        pay(who, done, "meal1", 210_000)
        assert lacks(who, done) == [("用餐 午餐", "signature")]
        pay(who, done, "meal1", 400_000)
        with refuses("signs_other"):
            sign(who, "李卫东", done, "meal1")
        sign(who, "周建国", done, "meal1")
        assert lacks(who, done) == []


def test_what_the_plan_was_signed_for_is_not_signed_again(tmp_path: Path) -> None:
    with settling(tmp_path, SIGNS, meals=(lunch(price=18_000),)) as (who, done):
        assert pay(who, done, "meal1", 234_000, reason="如计划") == 39_000
        assert lacks(who, done) == [], "it was planned and decided so"
        pay(who, done, "meal1", 240_000)
        assert lacks(who, done) == [("用餐 午餐", "signature")]


def test_one_line_over_and_one_under_are_not_netted(tmp_path: Path) -> None:
    """A10: 500 yuan saved on wine do not pay for 50 yuan more of the meal."""
    with settling(tmp_path, SIGNS, meals=(lunch(bottles=4),)) as (who, done):
        assert pay(who, done, "meal1", 200_000) == 5_000
        assert pay(who, done, "drink1", 150_000) == 0
        with reading():
            sums = totals(done.visit)
        assert (sums.planned, sums.actual, sums.over) == (395_000, 350_000, 5_000)
        assert {what for _, what in lacks(who, done)} == {"reason", "signature"}


def test_a_total_beyond_what_was_planned_is_agreed_to_on_the_lines_that_made_it_so(tmp_path: Path) -> None:
    """Two signatures may be wanted for one line, from posts of which neither stands above the other."""
    beside = SIGNS.replace('"deputy_general_manager_in_charge"', '"marketing_head"')
    with settling(tmp_path, beside, meals=(lunch(bottles=4),)) as (who, done):
        pay(who, done, "drink1", 150_000)
        pay(who, done, "meal1", 390_000, reason="临时加人")
        assert lacks(who, done) == [("用餐 午餐", "signature")]
        sign(who, "王海峰", done, "meal1")
        assert lacks(who, done) == [("用餐 午餐", "signature")]
        sign(who, "方晓静", done, "meal1")
        assert lacks(who, done) == []
        add_expense(who.session("林小雨"), done.visit, item="car", amount=30_000)
        assert [what for _, what in lacks(who, done)] == ["signature"]


JOINT = """
[[cap]]
id = "day_car"
item = "car"
per = "person_day"
most = 100
"""


def test_a_cap_of_a_day_is_judged_on_what_was_really_paid(tmp_path: Path) -> None:
    """A10: two trips of a day together; what the first saves the second may use, beyond the sum it is over."""
    trips = (PlannedCost("car", Decimal(1), "trip", 30_000, DAY), PlannedCost("car", Decimal(1), "trip", 30_000, DAY))
    with settling(tmp_path, JOINT, dining=False, meals=(), costs=trips) as (who, done):
        assert pay(who, done, "cost1", 50_000) == 0
        assert pay(who, done, "cost2", 20_000, reason="绕路") == 10_000, "6 guests, 100 yuan each and day"
        pay(who, done, "cost1", 30_000)
        with reading():
            assert totals(done.visit).over == 0, "with the first trip cheaper the second is within the sum"
        pay(who, done, "cost2", 45_000)
        rows = expenses(done)
        assert (rows["cost1"].actual_over, rows["cost2"].actual_over) == (0, 15_000)


def test_the_totals_are_the_sums_of_the_lines(tmp_path: Path) -> None:
    """A10, A12, A27: what the guests pay themselves is in no sum of the company's."""
    rooms = (PlannedLodging(DAY, 2, price=60_000, payer="guest"), PlannedLodging(DAY, 4, price=50_000))
    meals = (lunch(bottles=4), FormMeal(DAY, 6, meal="dinner", venue="in_house", packs=3))
    with settling(tmp_path, meals=meals, lodged=True, lodging=rooms) as (who, done):
        for at, line in enumerate(expenses(done)):
            pay(who, done, line, 77_700 * (at + 1), reason="实际")
        found = whole(who.session("林小雨"), done.visit)
        assert found is not None
        assert found.totals.actual == sum(line.actual or 0 for line in found.costs)
        assert found.totals.over == sum(line.over for line in found.costs) > 0
        assert found.totals.company == sum(line.company for line in found.costs) < found.totals.actual
        guests = next(line for line in found.costs if line.payer == "guest")
        assert (guests.over, guests.company) == (0, 0)


def test_lodging_without_a_price_is_asked_for(tmp_path: Path) -> None:
    """A27: what has no figure cost something all the same, or 0."""
    rooms = (PlannedLodging(DAY, 6),)
    with settling(tmp_path, dining=False, meals=(), lodged=True, lodging=rooms) as (who, done):
        assert lacks(who, done) == [("住宿", "actual")]
        pay(who, done, "lodging1", 0)
        assert lacks(who, done) == []


def test_two_meals_of_one_day_have_names_of_their_own(tmp_path: Path) -> None:
    with settling(tmp_path, meals=(lunch(), lunch(), FormMeal(DAY, 6, meal="dinner", venue="in_house"))) as (who, done):
        names = [name for name, _ in lacks(who, done)]
        assert names == ["用餐 午餐 1", "用餐 午餐 2", "用餐 晚餐"]


@pytest.mark.parametrize("label", ["lunch", "午餐"])
def test_a_meal_nobody_planned_is_held_against_its_own_standard(tmp_path: Path, label: str) -> None:
    """A10, A27: three more ate for 100 yuan each, whose standard is 150."""
    with settling(tmp_path, meals=(lunch(),)) as (who, done):
        session = who.session("林小雨")
        added = add_expense(session, done.visit, item="meal", label=label, amount=60_000, quantity=Decimal(3))
        assert added.over == 60_000 - 3 * 15_000
        with reading():
            assert Expense.get_by_id(added.expense).payer == "company"
