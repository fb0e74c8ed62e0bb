"""Rows and fields of the wizard: added, pasted, gone through backwards, where an input method opens its window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from textual.events import Paste

from models.form import FormGuest, FormMeal
from models.services.request_verbs import new_draft
from models.words import cell_len
from tests.ui.filing import EVIL, Filing, filing, office, stored
from tests.ui.look import lines_of
from tests.unit.life import Company, approved, default_text, form, submitted
from tests.unit.life import form as example

# -- wizard rows -------------------------------------------------------------------------------------------------------
#
# Rows in the wizard: guests, meals, lodging, costs; adding, removing, putting back.


TIMES: dict[str, Any] = {"arrive": datetime(2026, 12, 3, 9), "depart": datetime(2026, 12, 5, 17)}


async def plan_page(at: Filing) -> None:
    """The page of meals, with the box of meals ticked."""
    await at.press("pagedown", "pagedown")
    await at.to("categories")
    await at.press("space")


async def test_each_further_meal_is_the_next(tmp_path: Path) -> None:
    """R107: lunch and dinner of the day of arrival, then the next day's breakfast; guests are the headcount."""
    with office(tmp_path) as who:
        async with filing(who, headcount=8, **TIMES) as at:
            await plan_page(at)
            await at.press("f4", "f4")
            meals = at.wizard.form.meals
    assert [(meal.on, meal.meal, meal.guests) for meal in meals] == [
        (date(2026, 12, 3), "lunch", 8),
        (date(2026, 12, 3), "dinner", 8),
        (date(2026, 12, 4), "breakfast", 8),
    ]


@pytest.mark.parametrize(("language", "size"), [("zh", (80, 24)), ("zh", (60, 20)), ("en", (60, 20))])
async def test_data_stands_whole_in_a_table(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    """Phones and amounts longer than their columns usually are; the cells come from what else is free."""
    guests = (FormGuest("John Fitzgerald Kennedy", "总经理", phone="+86 139 0000 2001 - 80216"), FormGuest("李明"))
    meals = (FormMeal(date(2026, 12, 3), 8, 2, price=123456789, bottle_price=98765432),)
    with office(tmp_path) as who:
        given: dict[str, Any] = {**TIMES, "guests": guests, "meals": meals, "dining": True}
        async with filing(who, language=language, size=size, headcount=8, **given) as at:
            await at.to("guests")
            assert guests[0].phone in await at.rest()
            await at.press("pagedown", "pagedown")
            await at.to("meals")
            screen = await at.press(*["tab"] * 8)
            assert "1,234,567.89" in screen
            assert "987,654.32" in screen


async def test_a_row_is_removed_and_put_back(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with filing(who, headcount=8, **TIMES) as at:
            await plan_page(at)
            assert "光标不在可删的行上" in await at.press("f5")
            await at.press("f4")
            assert "F9" in await at.press("f5")
            assert len(at.wizard.form.meals) == 1
            await at.press("f9")
            assert [meal.meal for meal in at.wizard.form.meals] == ["lunch", "dinner"]
            assert "没有可恢复的行" in await at.press("f9")


async def test_what_the_policy_finds_stands_below_its_row(tmp_path: Path) -> None:
    """R77, A10: a price typed in main units, over the tier's; said at the meal, asked for on the review."""
    with office(tmp_path) as who:
        async with filing(who, headcount=8, client="甲", kind="customer", tier="business", **TIMES) as at:
            await plan_page(at)
            await at.to("meals")
            await at.press("tab", "tab", "tab", "tab", "tab", "tab", "tab", "tab")
            await at.type("88.50")
            page = await at.rest()
            assert at.wizard.form.meals[0].price == 8850
            lines = page.splitlines()
            row = next(number for number, line in enumerate(lines) if "12-03 周四" in line)
            assert any("用餐超标准" in line for line in lines[row : row + 5])


async def test_a_cell_that_cannot_be_read_says_so_and_is_kept(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with filing(who, headcount=8, **TIMES) as at:
            await plan_page(at)
            await at.to("meals")
            await at.press(*["backspace"] * 10)
            await at.type("2-31")
            page = await at.rest()
            assert "! 日期:" in page
            assert at.wizard.form.raw["meals.0.on"] == "2-31"
            await at.press("escape")
        row, form = stored()
        assert form.meals[0].on == date(2026, 12, 3)
        async with filing(who, row.id) as at:
            assert "2-31" in await at.rest()


async def test_lodging_begins_with_headcount_nights_and_the_tier_s_class(tmp_path: Path) -> None:
    """R108, A11, A12: people and nights from the form, the class from the standard, the company pays unless said."""
    with office(tmp_path) as who:
        async with filing(who, headcount=8, tier="business", client="甲", kind="customer", **TIMES) as at:
            await at.press("pagedown", "pagedown")
            await at.to("categories")
            await at.press("right", "space")
            room = at.wizard.form.lodging[0]
            assert (room.people, room.nights, room.grade, room.payer) == (8, 2, "superior_business", "company")
            await at.to("lodging")
            await at.press("tab", "tab", "tab", "tab", "tab", "space")
            assert at.wizard.form.lodging[0].payer == "guest"


async def test_other_has_text_start_and_end(tmp_path: Path) -> None:
    """R109, A18: the category other with its times; R111: arrangements are long text."""
    with office(tmp_path) as who:
        async with filing(who, **TIMES) as at:
            await at.press("pagedown", "pagedown")
            await at.to("categories")
            await at.press("right", "right", "space")
            await at.to("other_text")
            await at.type("参加展会", "14:00", "12-4 12:00")
            await at.press("pagedown")
            await at.to("arrangements")
            await at.pilot.press("a", "enter", "b")
            await at.rest()
            form = at.wizard.form
    assert form.other
    assert (form.other_text, form.other_from) == ("参加展会", datetime(2026, 12, 3, 14))
    assert form.other_until == datetime(2026, 12, 4, 12)
    assert form.arrangements == "a\nb"


async def test_a_gift_is_a_row_of_further_costs(tmp_path: Path) -> None:
    """R94: the lead host sets it; amount, number and for whom are entered."""
    with office(tmp_path) as who:
        async with filing(who, tier="vip", **TIMES) as at:
            await at.press("pagedown", "pagedown")
            await at.to("costs")
            await at.press("f4", "right", "tab", "backspace", "6", "tab", "tab")
            await at.type("200", "徐明哲")
            await at.rest()
            cost = at.wizard.form.costs[0]
    assert (cost.item, cost.quantity, cost.price, cost.to) == ("gift", Decimal(6), 20000, "徐明哲")
    assert cost.on == date(2026, 12, 3)


async def test_a_colleague_is_found_by_pinyin(tmp_path: Path) -> None:
    """R21: another lead host than offered, by initials; R107: who dines with the guests."""
    with office(tmp_path) as who:
        async with filing(who, tier="distinguished", client="甲", kind="customer", headcount=3, **TIMES) as at:
            await at.page(4)
            await at.to("hosts")
            await at.press("f4")
            await at.pilot.press("h", "z", "m")
            await at.press("enter")
            assert at.wizard.form.hosts == (who.ids["何志明"],)
            await at.to("diners")
            await at.press("space")
            assert at.wizard.form.diners == (who.ids["何志明"],)


async def test_a_known_client_is_found_by_pinyin(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        approved(who, example(who))
        async with filing(who) as at:
            await at.pilot.press("j", "n", "z", "z")
            assert "江南智造集团" in await at.rest()
            await at.press("enter")
            assert at.wizard.form.client == "江南智造集团"
            assert at.wizard.form.client_id is not None


NEEDS = """
[[need]]
id = "official_letter"
name = { zh = "公函", en = "Official letter" }
type = "document"
when = { tier = "vip" }
breach = "reason"

[[need]]
id = "letter_number"
name = { zh = "函号", en = "Letter number" }
type = "text"
when = { tier = "vip" }
breach = "block"
"""


async def test_what_else_the_policy_asks_for_is_asked_for(tmp_path: Path) -> None:
    """A need's field appears with the tier it belongs to, is stored, and blocks or wants a reason while missing."""
    with office(tmp_path, text=default_text() + NEEDS) as who:
        saved = new_draft(who.session("刘晓燕"), example(who, "routine", hosts=()))
        async with filing(who, saved.visit) as at:
            page = await at.page(3)
            assert "公函" not in page
            await at.to("tier")
            await at.press("up", "up", "up", "space")
            await at.rest()
            review = await at.press("pagedown", "pagedown")
            assert "缺少：函号" in review
            await at.page(3)
            await at.to("need-official_letter")
            await at.press("space", "tab", "tab")
            await at.type("2026-17")
            review = await at.page(5)
            assert "缺少" not in review
            await at.press("enter")
        row, form = stored()
    assert row.state == "submitted"
    assert form.documents == ("official_letter",)
    assert form.fields == {"letter_number": "2026-17"}


async def test_an_approved_visit_is_changed_on_the_same_pages(tmp_path: Path) -> None:
    """A22, A33: one meal outside more: what it adds to the tasks is listed before it is saved; the visit stays
    approved."""
    with office(tmp_path) as who:
        done = approved(who, example(who))
        async with filing(who, done.visit) as at:
            await at.press("pagedown", "pagedown")
            await at.to("meals")
            await at.press("f4", "tab", "tab", "space")
            await at.page(5)
            assert "保存更改" in await at.rest()
            await at.press("tab", "tab", "tab", "tab", "tab", "tab", "tab", "tab")
            page = await at.press("enter")
            assert "修改的影响" in page
            assert "新增 办公室任务" in page
            await at.press("enter")
        row, form = stored()
    assert row.state == "approved"
    assert [meal.venue for meal in form.meals] == ["in_house", "outside"]


# -- wizard paste ------------------------------------------------------------------------------------------------------
#
# A pasted list of guests becomes rows of the wizard's table; nothing that was typed or pasted is lost.


LIST = "姓名\t职务\t手机\r\n徐明哲\t董事长\t138 0000 1111\r\n方圆\t秘书\r\n买买提·吐尔逊\t部长\t+86 13900002001"
ROWS = [("徐明哲", "董事长", "138 0000 1111"), ("方圆", "秘书", ""), ("买买提·吐尔逊", "部长", "+86 13900002001")]


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    with office(tmp_path) as made:
        yield made


async def paste(at: Filing, text: str) -> str:
    """Paste into whatever has the focus, as a terminal does."""
    focused = at.app.screen.focused
    assert focused is not None
    focused.post_message(Paste(text))
    return await at.rest()


def guests(at: Filing) -> list[tuple[str, str, str]]:
    return [(each.name, each.post, each.phone) for each in at.wizard.form.guests]


@pytest.mark.parametrize(("language", "size"), [("zh", (80, 24)), ("en", (60, 20))])
async def test_a_pasted_list_becomes_rows(who: Company, language: str, size: tuple[int, int]) -> None:
    """R103, A19: the first of an empty table is the principal guest, and one goes on below the last."""
    async with filing(who, language=language, size=size) as at:
        await at.to("guests")
        seen = await paste(at, LIST)
        assert guests(at) == ROWS
        assert [each.principal for each in at.wizard.form.guests] == [True, False, False]
        assert "买买提" in seen
        assert all(cell_len(line) <= size[0] for line in lines_of(at.app))
        await at.press("f4")
        await at.type("李明")
        await at.rest()
        assert [name for name, *_ in guests(at)] == ["徐明哲", "方圆", "买买提·吐尔逊", "李明"]


@pytest.mark.parametrize(
    "text",
    ["徐明哲，董事长，138 0000 1111\n方圆，秘书\n买买提·吐尔逊，部长，+86 13900002001",
     "1、徐明哲、董事长、138 0000 1111\n2、方圆、秘书\n3、买买提·吐尔逊、部长、+86 13900002001"],
)  # fmt: skip
async def test_commas_of_any_kind_part_the_cells(who: Company, text: str) -> None:
    async with filing(who) as at:
        await at.to("guests")
        await paste(at, text)
        assert guests(at) == ROWS


async def test_what_was_typed_stays_above_what_is_pasted(who: Company) -> None:
    made = (FormGuest("何平", "总工", principal=True), FormGuest("赵刚"))
    async with filing(who, client="江南智造集团", guests=made) as at:
        await at.to("guests")
        await at.press("end", *"ab")
        await paste(at, LIST)
        assert guests(at) == [("何平ab", "总工", ""), *ROWS, ("赵刚", "", "")]
        assert [each.principal for each in at.wizard.form.guests] == [True, False, False, False, False]


async def test_a_key_just_before_the_paste_is_kept(who: Company) -> None:
    async with filing(who, client="江南智造集团", guests=(FormGuest("何平", principal=True),)) as at:
        await at.to("guests")
        focused = at.app.screen.focused
        assert focused is not None
        await at.pilot.press("x")
        focused.post_message(Paste(LIST))
        await at.rest()
        assert guests(at) == [("何平x", "", ""), *ROWS]


async def test_into_another_column_only_a_table_becomes_rows(who: Company) -> None:
    async with filing(who, client="江南智造集团", guests=(FormGuest("何平"),)) as at:
        await at.to("guests")
        await at.press("tab")
        await paste(at, "总工、教授")
        assert guests(at) == [("何平", "总工、教授", "")]
        await paste(at, LIST)
        assert guests(at) == [("何平", "总工、教授", ""), *ROWS]


async def test_what_is_no_list_goes_into_the_cell(who: Company) -> None:
    async with filing(who) as at:
        await at.to("guests")
        await paste(at, "Berg, Anna")
        assert guests(at) == [("Berg, Anna", "", "")]


async def test_known_and_hostile_names_are_rows_like_others(who: Company) -> None:
    submitted(who, form(who))
    async with filing(who) as at:
        await at.to("guests")
        await paste(at, f"{EVIL}\t甲\n=1+1\t乙\n\u202e倒\t丙")
        assert [post for _, post, _ in guests(at)] == ["甲", "乙", "丙"]
        assert "\x1b" not in guests(at)[0][0]
        assert guests(at)[2][0] == "倒"


async def test_a_table_without_rows_takes_a_list_too(who: Company) -> None:
    async with filing(who, client="江南智造集团", guests=()) as at:
        await at.to("guests")
        await at.press("delete")
        await paste(at, LIST)
        assert guests(at) == ROWS
