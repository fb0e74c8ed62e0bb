"""The tab of arrangements by keyboard: what is arranged is read, changed, added, ticked and taken out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from models.form import Form, FormGuest, FormMeal, MealEntry
from models.policy.case import PlannedCost
from models.schema import arrangements
from models.schema.arrangements import Display, Resource
from models.schema.store import reading, write
from models.schema.tables import Guest as GuestRow
from models.services import arrangement_verbs
from models.services.arrangement_verbs import amend
from models.services.person_register import thing_columns
from models.services.visits import Done
from models.words import cell_len
from screens.kit.linelist import LineList
from tests.ui.arranged import EVIL, At, opened
from tests.ui.look import IN_TWO_WINDOWS
from tests.unit.life import Company, approved, form, tasks, visit
from tests.unit.stores import once

DAY = date(2026, 11, 30)
GUESTS = (
    FormGuest("徐明哲", "董事长", principal=True, diet="清真"),
    FormGuest("方圆", "总工程师", diet="素食、花生过敏"),
    FormGuest("买买提·吐尔逊", "部长", diet="halal"),
)
LANGUAGES = ["zh", "en"]
LUNCH = MealEntry(DAY, 6, 7, at=time(12, 0), meal="lunch", venue="in_house", bottles=4, packs=3)


def wide(who: Company, **changes: Any) -> Form:
    costs = (PlannedCost("gift", Decimal(2), price=20000, on=DAY, to="徐明哲"),)
    return replace(form(who), guests=GUESTS, costs=costs, wants=("gifts", "return_tickets"), **changes)


@pytest.fixture
def done(who: Company) -> Done:
    return at_noon(who, approved(who, wide(who)))


@once
def at_noon(who: Company, made: Done) -> Done:
    """Lunch has a time, and diets that nobody by name asked for."""
    lunch = rows(arrangements.Meal, made)[0]
    entry = replace(LUNCH, diet="清真 2")
    arrangement_verbs.save_meal(who.session("林小雨"), made.visit, lunch.id, entry, expected=made.version)
    return replace(made, version=visit(made).version)


def rows(table: Any, done: Done) -> list[Any]:
    with reading():
        return list(table.select().where(table.visit == done.visit).order_by(table.id))


def texts_of(done: Done) -> dict[str, Display]:
    """The visit's texts by what they are."""
    return {row.what: row for row in rows(Display, done)}


async def at_tab(at: At) -> str:
    return await at.press("6")


async def go(at: At, text: str) -> str:
    """To the line, of the tab or of the box over it, that says `text`."""
    box = at.app.screen.query("#box LineList")
    listed = box.first(LineList) if box else at.list
    found = [row for row in listed.rows if not row.heading and any(text in cell for cell in row.cells)]
    listed.key = next((row.key for row in found if text in row.cells), found[0].key)
    return await at.rest()


async def field(at: At, name: str) -> str:
    """To a field of the box."""
    at.app.screen.query_one(f"#{name}").focus()
    return await at.rest()


@IN_TWO_WINDOWS
async def test_everything_arranged_is_read_in_its_window(
    who: Company, done: Done, language: str, size: tuple[int, int]
) -> None:
    """R54, R55, R93, R94: halal are two guests and two more; the unnamed sit there, too."""
    async with opened(who, "林小雨", done.visit, language=language, size=size) as at:
        seen = await at_tab(at)
        seen += "\n" + await at.press("end")
        assert all(cell_len(line) <= size[0] for line in seen.splitlines())
        sum_of_diets = "清真 4、素食 1" if language == "zh" else "halal 4, vegetarian 1"
        texts = ("午餐 公司内", "桌牌", "方圆") if language == "zh" else ("Lunch In house", "Name plates", "方圆")
        for text in (sum_of_diets, "11-30 12:00", "6+7", *texts):
            assert text in seen, text


async def test_who_of_ours_sits_at_a_meal_is_ticked_by_name(who: Company, done: Done) -> None:
    async with opened(who, "林小雨", done.visit) as at:
        await at_tab(at)
        await at.press("enter")
        await field(at, "ours")
        await at.press("1", "2")
        await field(at, "further")
        await at.press("1")
        seen = await at.press("enter")
        assert "周建国" in seen
        assert "6 客 + 7 陪 -> 6 客 + 3 陪" in seen, "the two who are ticked, and one more"
        seen = await at.press("enter")
        assert "陪餐：周建国 刘晓燕" in seen
    assert rows(arrangements.Meal, done)[0].ours == [who.ids["周建国"], who.ids["刘晓燕"]]
    assert rows(arrangements.Meal, done)[0].companions == 3


async def test_a_meal_is_moved_outside_to_a_restaurant_of_the_register(who: Company, done: Done) -> None:
    """A22: another venue, and the duty is another department's; the restaurant brings its price and its name."""
    with write():
        Resource.create(kind="restaurant", price=14000, phone="0512", **thing_columns("restaurant", "松鹤楼"))
        Resource.create(kind="restaurant", active=False, **thing_columns("restaurant", "关了的店"))
        Resource.create(kind="hotel", name="东湖宾馆")
    async with opened(who, "林小雨", done.visit) as at:
        await at_tab(at)
        await at.press("enter", "down", "down", "down", "2", "down")
        await at.put("shl")
        seen = await at.rest()
        assert "松鹤楼" in seen
        assert "0512" in seen
        assert "东湖宾馆" not in seen
        seen = await at.press("enter")
        assert "140___" in seen
        seen = await at.press("enter")
        assert "取消 后勤保障部任务: 安排公司内就餐" in seen
        assert "新增 办公室任务: 安排公司外就餐" in seen
        assert "140___" in await at.press("escape"), "back to it, and nothing is changed yet"
        assert rows(arrangements.Meal, done)[0].venue == "in_house"
        seen = await at.press("enter", "enter")
        assert "公司外" in seen
        assert "松鹤楼" in seen
    (meal,) = rows(arrangements.Meal, done)
    assert (meal.venue, meal.place, meal.price, meal.at) == ("outside", "松鹤楼", 14000, datetime(2026, 11, 30, 12))
    assert "R56" in tasks(done, "open")
    assert "R64" not in tasks(done, "open")


@IN_TWO_WINDOWS
async def test_beyond_the_standard_the_reason_is_asked_for_over_the_box(
    who: Company, done: Done, language: str, size: tuple[int, int]
) -> None:
    async with opened(who, "林小雨", done.visit, language=language, size=size) as at:
        await at_tab(at)
        await at.press("enter")
        for _ in range(8):
            await at.press("down")
        await field(at, "price")
        await at.put("300")
        seen = await at.press("enter")
        assert ("请写理由" if language == "zh" else "Please give the reason") in seen
        await at.press("escape")
        assert "300" in await at.rest(), "what is typed is still there"
        await at.press("enter")
        await at.type("签约宴请")
        await at.press("enter")
        assert not _boxed(at)
    (meal,) = rows(arrangements.Meal, done)
    assert meal.price == 30000


async def test_named_diners_are_summed_alone(who: Company, done: Done) -> None:
    async with opened(who, "林小雨", done.visit) as at:
        await at_tab(at)
        await at.press("enter")
        await field(at, "names")
        await at.press("2")
        assert "方圆" in await at.press("enter")
        seen = await at.agree()
        assert "清真 2、素食 1、花生过敏 1" in seen
        assert "用餐：方圆" in seen
    assert rows(arrangements.Meal, done)[0].diners == ["方圆"]


async def test_a_gift_is_added_handed_over_and_taken_out(who: Company, done: Done) -> None:
    """R93, R94: what it is, for whom, who decided it; the tick says when and by whom."""
    async with opened(who, "林小雨", done.visit) as at:
        await at_tab(at)
        await at.press("f4")
        await go(at, "礼品")
        await at.press("enter")
        await at.put("龙井")
        await field(at, "decided_by")
        await at.put("周建国")
        seen = await at.press("enter", "enter")
        assert "礼品 龙井" in seen
        assert "缺由谁定" in seen, "of the gift that was asked for nobody is named yet"
        assert len(rows(arrangements.Cost, done)) == 2
        await go(at, "礼品 龙井")
        seen = await at.press("space")
        assert "[x] 11-30       礼品 龙井" in seen
        assert "由周建国确定" in seen
        assert rows(arrangements.Cost, done)[1].done_at == who.now
        await at.press("space")
        assert rows(arrangements.Cost, done)[1].done_at is None
        await at.press("delete", "escape")
        assert len(rows(arrangements.Cost, done)) == 2
        await at.press("delete", "enter")
        assert [row.what for row in rows(arrangements.Cost, done)] == [""]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_rooms_are_changed_and_ticked(who: Company, done: Done, language: str) -> None:
    with write():
        Resource.create(kind="hotel", **thing_columns("hotel", "东湖宾馆"), grade="four_star", price=60000)
    async with opened(who, "林小雨", done.visit, language=language) as at:
        await at_tab(at)
        await go(at, "公司付" if language == "zh" else "company pays")
        await at.press("enter")
        await field(at, "place")
        await at.put("dhbg")
        await at.press("enter", "enter", "enter")
        (room,) = rows(arrangements.Lodging, done)
        assert (room.place, room.grade, room.price) == ("东湖宾馆", "four_star", 60000)
        assert "[x]" in await at.press("space")
        assert rows(arrangements.Lodging, done)[0].checked_in == who.now


@IN_TWO_WINDOWS
async def test_a_text_is_written_anew_set_out_and_put_back(
    who: Company, done: Done, language: str, size: tuple[int, int]
) -> None:
    async with opened(who, "林小雨", done.visit, language=language, size=size) as at:
        await at_tab(at)
        await go(at, "桌牌" if language == "zh" else "Name plates")
        seen = await at.press("enter")
        assert "Xu Mingzhe" in seen
        await at.put("徐董\n")
        await at.press("tab", "tab", "enter")
        plates = texts_of(done)["plates"]
        assert plates.edited
        assert plates.zh.startswith("徐董\n徐明哲") or plates.zh.endswith("徐董")
        assert "[x]" in await at.press("space")
        await at.press("f5")
        back = texts_of(done)["plates"]
        assert (back.edited, back.done_at) == (False, None)
        await at.press("f5")
        said = "这段文字没有改过" if language == "zh" else "This text was not changed"
        assert said in at.message()


@IN_TWO_WINDOWS
async def test_a_text_is_seen_whole_with_who_showed_it(
    who: Company, done: Done, language: str, size: tuple[int, int]
) -> None:
    """R54, R55: all four lines of the welcome text; more than has room is read with Enter."""
    name, shown, day = ("欢迎词", "已显示", "11月30日") if language == "zh" else ("Welcome", "Shown", "30 November")
    async with opened(who, "林小雨", done.visit, language=language, size=size) as at:
        await at_tab(at)
        await go(at, name)
        drawn = await at.press("space")
        assert ("欢迎词：已显示" if language == "zh" else "Welcome text: shown") in at.message()
        by, *text = drawn.rsplit("-" * size[0], 1)[1].splitlines()[1:4]
        assert by.startswith(f" {shown}")
        assert by.rstrip().endswith("林小雨")
        assert day in " ".join(text)
    seated = texts_of(done)["seating"]
    long = "\n".join(f"{n}  客人{n} — 主人{n}" for n in range(40))
    arrangement_verbs.edit_text(who.session("林小雨"), seated.id, expected=seated.version, zh=long, en=long)
    async with opened(who, "张德胜", done.visit, language=language, size=size) as at:
        await at_tab(at)
        drawn = await go(at, "座次" if language == "zh" else "Seating")
        assert ("Enter 看全文" if language == "zh" else "Enter: all of it") in drawn
        await at.press("enter")
        assert "客人39" in await at.press("end"), "who may not change it reads it"


@IN_TWO_WINDOWS
async def test_a_text_written_by_hand_says_that_it_is_to_be_checked(
    who: Company, done: Done, language: str, size: tuple[int, int]
) -> None:
    """R54: the plates were written for other guests; saved as they are, they are right."""
    plates, session = texts_of(done)["plates"], who.session("林小雨")
    arrangement_verbs.edit_text(session, plates.id, expected=plates.version, zh="徐董", en="Mr Xu")
    amend(session, done.visit, replace(wide(who), guests=(*GUESTS, FormGuest("新来的"))), expected=visit(done).version)
    async with opened(who, "林小雨", done.visit, language=language, size=size) as at:
        await at_tab(at)
        drawn = await go(at, "桌牌" if language == "zh" else "Name plates")
        mark = "来访有变，请核对" if language == "zh" else "visit changed: ch"
        assert mark in drawn
        assert ("保存后不再提示" if language == "zh" else "check and save") in drawn
        await at.press("enter")
        await at.press("tab", "tab", "enter")
        assert mark not in await at.rest()
        assert ("桌牌：已核对" if language == "zh" else "Name plates: checked") in at.message()


@IN_TWO_WINDOWS
async def test_a_guests_diet_is_ticked_and_written(
    who: Company, done: Done, language: str, size: tuple[int, int]
) -> None:
    async with opened(who, "林小雨", done.visit, language=language, size=size) as at:
        await at_tab(at)
        await at.press("end")
        seen = await at.press("enter")
        assert ("[x] 清真" if language == "zh" else "[x] halal") in seen
        await at.press("2")
        await field(at, "others")
        await at.type("不吃香菜")
        assert ("饮食" if language == "zh" else "diet") in await at.rest()
        await at.agree()
    diet = {row.name: row.diet for row in rows(GuestRow, done)}["买买提·吐尔逊"]
    assert diet == ("清真、素食、不吃香菜" if language == "zh" else "halal, vegetarian, 不吃香菜")


async def test_the_ticket_back_is_written_down(who: Company, done: Done) -> None:
    async with opened(who, "林小雨", done.visit) as at:
        await at_tab(at)
        await go(at, "返程票")
        await at.press("space")
        seen = await at.type("G7021 5车 1A-6F")
        assert "[x] 12-01 15:00 返程票" in seen
        assert "G7021 5车" in seen


@IN_TWO_WINDOWS
async def test_hostile_text_in_every_field_of_every_box(
    who: Company, done: Done, language: str, size: tuple[int, int]
) -> None:
    evil = " ".join(EVIL)
    async with opened(who, "林小雨", done.visit, language=language, size=size) as at:
        await at_tab(at)
        for target, fields in (
            ("午餐" if language == "zh" else "Lunch", ("place", "diet", "note")),
            ("公司付" if language == "zh" else "company pays", ("place",)),
            ("礼品" if language == "zh" else "Gift", ("what", "to", "place", "decided_by")),
            ("方圆", ("others",)),
            ("返程票" if language == "zh" else "Ticket", ("ticket",)),
            ("欢迎词" if language == "zh" else "Welcome", ("zh", "en")),
        ):
            await go(at, target)
            await at.press("enter")
            for name in fields:
                await field(at, name)
                await at.put(evil)
            if "zh" in fields:
                await at.press("tab")
            await at.press("escape" if _open_list(at) else "enter")
            for _ in range(2):
                if _boxed(at):
                    await at.press("enter")
            assert not _boxed(at), target
        seen = await at.press("home")
        assert all(cell_len(row) <= size[0] for row in seen.splitlines())
    meal, gift = rows(arrangements.Meal, done)[0], rows(arrangements.Cost, done)[0]
    texts = texts_of(done)
    kept = [meal.place, meal.diet, meal.note, gift.what, gift.to, gift.place, gift.decided_by, texts["welcome"].zh,
            texts["welcome"].en, rows(arrangements.Lodging, done)[0].place]  # fmt: skip
    assert all("\x1b" not in text and "[/x] [bold] =cmd()" in text and "𠮷" in text for text in kept)


def _boxed(at: At) -> bool:
    return bool(at.app.screen.query("#box"))


def _open_list(at: At) -> bool:
    return any(each.display for each in at.app.screen.query("Pick LineList"))


async def test_what_may_not_be_done_says_why(who: Company, done: Done) -> None:
    async with opened(who, "周建国", done.visit) as at:
        await at_tab(at)
        await at.press("f4")
        assert "只有申请人或主管部门可以这样做" in at.message()
        await at.press("space")
        assert "这一行没有可打的勾" in at.message()
        await at.press("f5")
        assert "只有欢迎词、桌牌、座次能恢复" in at.message()
        await go(at, "欢迎词")
        assert "[x]" in await at.press("space")
        await at.press("delete")
        assert "这一行不能删去" in at.message()


async def test_a_visit_without_anything_says_how_to_add(who: Company) -> None:
    bare = replace(form(who), meals=(), lodging=(), guests=(), dining=False, lodged=False)
    done = approved(who, bare)
    async with opened(who, "林小雨", done.visit) as at:
        seen = await at_tab(at)
        assert "欢迎词、桌牌、座次 3" in seen
        await at.press("f4", "enter", "enter", "enter")
    (meal,) = rows(arrangements.Meal, done)
    assert (meal.on, meal.guests) == (DAY, 6)
    assert FormMeal(meal.on, meal.guests).guests == 6
