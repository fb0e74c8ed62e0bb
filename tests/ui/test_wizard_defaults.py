"""What the wizard assumes, and what it asks only where it is of use: departure, and the texts of something else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from models.form import FormMeal, dining_with
from models.services.request_verbs import new_draft
from screens.kit.choices import Checks
from screens.kit.fields import Field
from tests.ui.filing import Filing, filing, office, stored
from tests.unit.life import Company, form


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    with office(tmp_path) as made:
        yield made


async def arriving(at: Filing, typed: str) -> str:
    """Page 2 with an arrival typed anew, and left."""
    await at.page(1)
    await at.page(2)
    await at.to("arrive")
    await at.type(typed)
    return await at.rest()


@pytest.mark.parametrize(
    ("language", "size", "mark", "said"),
    [("zh", (80, 24), "假定", "（离开为假定）"), ("en", (60, 20), "assumed", "(departure assumed)")],
)
async def test_a_departure_is_assumed_and_said_to_be(
    who: Company, language: str, size: tuple[int, int], mark: str, said: str
) -> None:
    """The same day, 17:00; it follows the arrival until somebody types one."""
    async with filing(who, language=language, size=size) as at:
        assert mark in await arriving(at, "12-3 9:30")
        assert at.wizard.form.depart == datetime(2026, 12, 3, 17)
        assert said in " ".join((await at.page(5)).split())
        await arriving(at, "12-4 10:00")
        assert at.wizard.form.depart == datetime(2026, 12, 4, 17)
        assert "2026-12-04 17:00" in await at.rest()
        await at.to("depart")
        await at.type("12-5 15:00")
        assert mark not in await at.rest()
        assert said not in " ".join((await at.page(5)).split())
        await arriving(at, "12-7 10:00")
        assert at.wizard.form.depart == datetime(2026, 12, 8, 15)
    assert stored()[1].depart == datetime(2026, 12, 8, 15)


async def test_who_comes_in_the_evening_is_not_assumed_to_have_left(who: Company) -> None:
    async with filing(who) as at:
        await arriving(at, "12-3 9:30")
        seen = await arriving(at, "12-3 18:00")
        assert at.wizard.form.depart is None
        assert "17:00" not in seen


async def test_what_is_taken_out_stays_out(who: Company) -> None:
    """A departure that somebody cleared is missing, not assumed again."""
    async with filing(who) as at:
        await arriving(at, "12-3 9:30")
        await at.to("depart")
        await at.press("delete", "tab")
        assert at.wizard.form.depart is None
        assert at.wizard.facts.verdict.missing.count("depart") == 1


def there(at: Filing, name: str) -> bool:
    return bool(at.wizard.query_one(f"#{name}", Field).display)


@pytest.mark.parametrize(("page", "boxes", "text"), [(2, "purposes", "purpose_text"), (3, "services", "services_text")])
async def test_the_text_of_something_else_is_asked_where_that_is_ticked(
    who: Company, page: int, boxes: str, text: str
) -> None:
    async with filing(who) as at:
        await at.page(page)
        assert not there(at, text)
        await at.to(boxes)
        field = at.wizard.query_one(f"#{boxes}", Checks)
        await at.press(*["right"] * (len(field.options) - 1), "space")
        assert field.value == {"other"}
        assert there(at, text)
        await at.to(text)
        await at.type("看样机")
        assert getattr(at.wizard.form, text) == "看样机"
        await at.page(page + 1)
        await at.page(page)
        assert there(at, text)


async def test_who_is_named_as_dining_is_counted_at_the_meals(who: Company) -> None:
    """R107: people are ticked once and sit at each meal; of a higher number they are some; no longer when unticked."""
    meal = FormMeal(date(2026, 11, 30), 6, 0, meal="lunch", venue="in_house")
    visit = new_draft(who.session("刘晓燕"), form(who, meals=(meal, replace(meal, companions=5, meal="dinner")))).visit
    async with filing(who, visit) as at:
        await at.page(4)
        await at.to("diners")
        await at.press("space", "right", "space")
        assert len(at.wizard.form.diners) == 2
        assert [each.companions for each in at.wizard.form.meals] == [2, 5]
        assert [line.quantity for line in at.wizard.facts.verdict.answer.plan if line.item == "meal"] == [8, 11]
        await at.press("space")
        assert [each.companions for each in at.wizard.form.meals] == [1, 5]
        assert [each.ours for each in at.wizard.form.meals] == [at.wizard.form.diners] * 2


async def test_a_number_below_those_named_is_that_of_those_named(who: Company) -> None:
    """R107: the number is never lower than how many are ticked; a further meal has them, too."""
    meal = FormMeal(date(2026, 11, 30), 6, 0, meal="lunch", venue="in_house")
    named = dining_with(form(who, meals=(meal,)), [who.ids["周建国"], who.ids["刘晓燕"]])
    visit = new_draft(who.session("刘晓燕"), named).visit
    async with filing(who, visit) as at:
        await at.page(3)
        await at.to("meals")
        await at.press("right", "right", "right", "right", *"1", "enter", "f4")
        assert [each.companions for each in at.wizard.form.meals] == [2, 2]
        assert [each.ours for each in at.wizard.form.meals] == [named.diners] * 2
        assert at.wizard.form.diners == named.diners
        assert [line.quantity for line in at.wizard.facts.verdict.answer.plan if line.item == "meal"] == [8, 8]
