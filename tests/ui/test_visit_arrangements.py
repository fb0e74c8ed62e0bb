"""What is arranged, booked and settled of a visit, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.form import Form, FormGuest, FormMeal, MealEntry
from models.policy.case import PlannedCost
from models.schema import arrangements
from models.schema.arrangements import Booking, Display, Resource
from models.schema.store import reading, write
from models.schema.tables import Guest as GuestRow
from models.schema.tables import Note
from models.services import arrangement_verbs, day_verbs
from models.services.arrangement_verbs import amend
from models.services.cost_verbs import add_expense
from models.services.person_register import thing_columns
from models.services.visits import Done
from models.words import cell_len
from screens.kit.linelist import LineList
from tests.ui.arranged import EVIL, At, opened
from tests.ui.look import IN_BOTH_LANGUAGES, IN_TWO_WINDOWS, lines_of
from tests.unit.booking import COORDINATOR, NINE, garage, now, row, version
from tests.unit.life import Company, approved, default_text, expenses, form, stages, tasks, totals, visit
from tests.unit.stores import once
from tests.unit.test_life_requests import SIGNS, lunch, settling
from tests.unit.test_rebooking import arrival

# -- visit arrangements ------------------------------------------------------------------------------------------------
#
# The tab of arrangements by keyboard: what is arranged is read, changed, added, ticked and taken out.


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


# -- bookings tab ------------------------------------------------------------------------------------------------------
#
# The tab of bookings by keyboard: take what is proposed, book, move, release; a clash is answered with a reason.


def booked(visit: int) -> list[Booking]:
    """The bookings of a visit, in order of time."""
    with reading():
        return list(Booking.select().where(Booking.visit == visit).order_by(Booking.starts, Booking.id))


@IN_TWO_WINDOWS
async def test_what_is_proposed_is_booked_and_moved_and_released(
    tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东")
        async with opened(g.who, COORDINATOR, visit, language=language, size=size) as at:
            screen = await at.press("5")
            assert ("还应预订" if language == "zh" else "Should be booked") in screen
            assert "11-30 09:20-11:20 Bus" in screen
            screen = await at.press("space")
            assert ("新增 Bus: 11-30 09:20-11:20" if language == "zh" else "added Bus: 11-30 09:20-11:20") in screen
            await at.press("escape")
            assert booked(visit) == []
            await at.press("space")
            screen = await at.agree()
            assert ("已预订Bus" if language == "zh" else "Bus is booked") in screen
            await at.to("Bus")
            await at.press("home")
            await at.press("f5")
            assert "Bus 11-30 09:20-11:20 -> 10:00-12:00" in await at.type("+40")
            back = await at.press("escape")
            assert "11-30 10:00 - 11-30 12:00" in back
            assert booked(visit)[0].starts == NINE.replace(minute=20)
            await at.press("enter")
            assert "11-30 10:00-12:00 Bus" in await at.agree()
            await at.press("f5")
            await at.type("10:20-12:30")
            assert "11-30 10:20-12:30" in await at.agree()
            assert len(booked(visit)) == 1
            said = "取消 Bus: 11-30 10:20-12:30" if language == "zh" else "dropped Bus: 11-30 10:20-12:30"
            assert said in await at.press("delete")
            await at.press("escape")
            assert len(booked(visit)) == 1
            await at.press("delete")
            await at.agree()
            assert booked(visit) == []


@IN_TWO_WINDOWS
async def test_the_room_booked_for_a_stage_says_where_it_is(
    tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    """R28: the box of the stage says so, and another place is refused with nothing else of the box lost."""
    with garage(tmp_path) as g:
        visit = g.visit()
        g.book(visit, "R1", NINE.replace(hour=13, minute=30), 2, stage="talks")
        async with opened(g.who, COORDINATOR, visit, language=language, size=size) as at:
            await at.press("2")
            await at.to("业务洽谈" if language == "zh" else "Business talks")
            assert "R1" in next(line for line in lines_of(at.app) if line.startswith(">"))
            box = one_line(await at.press("enter"))
            assert ("要换请改预订" if language == "zh" else "for another, change the booking") in box
            await at.press("down", "end")
            await at.put("2")
            await at.press("down")
            await at.put("陈志远")
            box = one_line(await at.press("enter"))
            assert ("地点不能是“R12”：已为这个环节预订R1" if language == "zh" else "Place “R12”: booked is R1") in box
            assert "陈志远" in box
            await at.press("up", "end", "backspace", "enter")
            await at.agree()
            assert (stages(now(visit))["talks"].place, stages(now(visit))["talks"].people) == ("", "陈志远")


def one_line(screen: str) -> str:
    """What a box says, without its frame and the ends of its lines."""
    return " ".join(line.strip(" |") for line in screen.splitlines())


async def test_a_clash_wants_a_reason_which_is_shown(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        other, visit = g.visit(client="鹏程线缆"), g.visit("business", host="李卫东")
        one = g.book(other, "R1", NINE, 4).booking
        mine = g.book(visit, "R1", NINE.replace(hour=14), 1).booking
        async with opened(g.who, COORDINATOR, visit) as at:
            await at.press("5")
            await at.press("home")
            await at.to("14:00-15:00")
            await at.press("f5")
            screen = await at.type("10:00")
            assert "有冲突，要写理由" in screen
            assert "R1：09:00-13:00 另有安排（鹏程线缆）" in screen
            assert "新冲突: R1：09:00-13:00 另有安排（鹏程线缆）" in await at.type("两家一起座谈")
            screen = await at.agree()
            assert row(mine).reasons == {f"twice:{one}": "两家一起座谈"}
            assert "鹏程线缆用到 11-30 13:00（已定）" in screen
            assert "理由：两家一起座谈" in screen


async def test_another_car_is_chosen_and_says_why_one_is_not_free(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        other, visit = g.visit(client="鹏程线缆"), g.visit("business", host="李卫东", headcount=3)
        g.book(other, "Bus", NINE, 4, reasons={"grade:": "no other"})
        async with opened(g.who, COORDINATOR, visit) as at:
            await at.press("5", "f4")
            screen = await at.rest()
            assert "到 11-30 13:00 已定 鹏程线缆" in screen
            await at.type("Passat")
            await at.rest()
            assert "预订 Passat" in await at.rest()
            await at.press("enter")
            screen = await at.agree()
            assert "已预订Passat：11-30 09:20 至 11:20" in screen
            (made,) = booked(visit)
            assert (made.resource_id, made.people, made.guests) == (g.things["Passat"], 3, ["徐明哲"])
            assert made.leg_id == arrival(visit)


async def test_by_hand_it_is_for_what_the_line_under_the_cursor_is_for(tmp_path: Path) -> None:
    """R90: the one for whom no car of the class is free rides in another, which is for the arrival."""
    with garage(tmp_path) as g:
        visit = g.visit(headcount=5, guests=tuple(map(FormGuest, "甲乙丙丁戊")))
        async with opened(g.who, COORDINATOR, visit) as at:
            await at.press("5", "home", "space")
            await at.agree()
            await at.to("没有合适的车")
            await at.press("f4")
            await at.type("Passat")
            assert "帕萨特级，低于标准 宝马级" in await at.press("enter")
            await at.type("别无他车")
            await at.agree()
            made = next(each for each in booked(visit) if each.resource_id == g.things["Passat"])
            assert (made.leg_id, made.people, made.guests) == (arrival(visit), 1, ["戊"])
            await at.to("R1")
            await at.press("f4")
            await at.type("R2")
            await at.press("enter")
            await at.agree()
            made = next(each for each in booked(visit) if each.resource_id == g.things["R2"])
            assert (made.stage, made.people) == ("welcome", None)


async def test_a_room_booked_beside_a_car_is_not_for_the_pick_up(tmp_path: Path) -> None:
    """What it is for is taken over from the line under the cursor only by a thing of its kind, and by people."""
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东", headcount=3)
        g.book(visit, "Bus", NINE.replace(minute=20), 2, leg=arrival(visit))
        async with opened(g.who, COORDINATOR, visit) as at:
            for what in ("R2", "陈志远"):
                await at.press("5", "home")
                await at.to("Bus")
                await at.press("f4")
                await at.type(what)
                await at.press("enter")
                await at.agree()
            made = {each.resource_id: each.leg_id for each in booked(visit)}
            assert made == {g.things["Bus"]: arrival(visit), g.things["R2"]: None, None: arrival(visit)}


@IN_TWO_WINDOWS
async def test_who_has_no_seat_is_seated_in_the_car_that_is_booked(
    tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    """R91: Enter or a blank on the line; the car and its time stay as they are."""
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东", guests=tuple(map(FormGuest, "甲乙丙丁戊己")))
        g.book(visit, "Bus", NINE, 2, leg=arrival(visit), people=4, guests=("甲", "乙", "丙", "丁"))
        async with opened(g.who, COORDINATOR, visit, language=language, size=size) as at:
            assert ("再坐 2 人" if language == "zh" else "2 more") in await at.press("5")
            said = "没有车坐的 2 人坐已订的 Bus" if language == "zh" else "Space seats the 2 without seats in Bus"
            assert said in await at.to("戊 己")
            await at.press("space")
            await at.agree()
            (bus,) = [each for each in booked(visit) if each.leg_id == arrival(visit)]
            assert (bus.people, bus.guests, bus.starts) == (6, [*"甲乙丙丁戊己"], NINE)


async def test_who_rides_and_who_drives_is_changed(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东", headcount=3)
        g.book(visit, "Passat", NINE, 4)
        async with opened(g.who, COORDINATOR, visit) as at:
            await at.press("5", "home", "enter")
            await at.press("tab", "tab", "tab")
            await at.put("2")
            await at.press("tab", "space", "tab")
            await at.put("zds")
            await at.press("enter", "enter")
            await at.agree()
            (line,) = booked(visit)
            assert (line.people, line.guests, line.driver_id) == (2, ["徐明哲"], g.who.ids["张德胜"])
            assert "司机 张德胜" in await at.rest()


async def test_of_a_late_arrival_it_is_held_past_midnight(tmp_path: Path) -> None:
    """Where no line says a time, two hours from the arrival on are offered."""
    nothing_held = re.sub(r"\[\[booking\]\]\nthing = .*\nfor = (?:.*\n)+?\n", "", default_text())
    with garage(tmp_path, nothing_held) as g:
        late = NINE.replace(hour=23, minute=30)
        visit = g.visit("business", host="李卫东", arrive=late, depart=NINE.replace(month=12, day=1))
        async with opened(g.who, COORDINATOR, visit) as at:
            await at.press("5", "f4")
            assert "预订什么（11-30 23:30-12-01 01:30）" in await at.rest()


async def test_a_draft_books_nothing_and_says_why(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = g.visit()
        from models.services import day_verbs

        day_verbs.cancel(g.session, visit, "not coming", expected=version(visit))
        async with opened(g.who, COORDINATOR, visit) as at:
            await at.press("5", "f4")
            assert "已经取消" in at.message()


async def test_what_a_visit_that_is_off_held_is_said_not_to_be_held(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东")
        g.book(visit, "R1")
        day_verbs.cancel(g.session, visit, "not coming", expected=version(visit))
        async with opened(g.who, COORDINATOR, visit) as at:
            screen = await at.press("5")
            assert "不占用" in screen
            assert "待批" not in screen


# -- settling ----------------------------------------------------------------------------------------------------------
#
# Settling by keyboard: one line over and one under, who agrees to it, the receipt list, and promises to the guests.


@pytest.fixture
def over(tmp_path: Path) -> Iterator[tuple[Company, Done]]:
    """Guests have left; a meal beyond its standard wants the deputy to agree."""
    with settling(tmp_path, SIGNS, meals=(lunch(bottles=4),)) as made:
        yield made


@IN_TWO_WINDOWS
async def test_one_line_over_and_one_under_are_not_netted(
    over: tuple[Company, Done], language: str, size: tuple[int, int]
) -> None:
    """A10, A27: 500 yuan less on wine do not pay for 50 yuan more of the meal: a reason, a signature, then closed."""
    who, done = over
    zh = language == "zh"
    async with opened(who, "林小雨", done.visit, language=language, size=size) as at:
        await at.press("8", "enter")
        await at.put("0.2万" if zh else "2 000")
        drawn = await at.press("enter")
        assert ("请补上" if zh else "Still wanted") in drawn
        await at.put("临时加了两道菜")
        await at.press("enter")
        await at.press("enter")
        await at.put("1500块" if zh else "1.5k")
        await at.press("enter")
        rows = expenses(done)
        assert [(rows[line].actual, rows[line].actual_over) for line in ("meal1", "drink1")] == [
            (200_000, 5_000), (150_000, 0)
        ]  # fmt: skip
        with reading():
            assert totals(done.visit).over == 5_000
        drawn = "\n".join(lines_of(at.app))
        assert ("差 -450" if zh else "diff -450") in drawn
        assert all(cell_len(line) <= size[0] for line in lines_of(at.app))
        drawn = await at.press("f9")
        assert ("主管副总经理" if zh else "cannot be closed yet, 1 missing") in drawn
        assert visit(done).state == "done"
        await at.press("escape")
        await at.press("f5")
        assert visit(done).state == "done"
        assert ("同意" if zh else "Deputy general manager") in at.message()
    async with opened(who, "李卫东", done.visit, language=language, size=size) as at:
        await at.press("8")
        await at.to("午餐" if zh else "Lunch")
        drawn = await at.press("f5")
        assert "2,000" in drawn
        assert "临时加了两道菜" in drawn
        await at.press("2")
        assert expenses(done)["meal1"].signatures[0]["name"] == "李卫东"
        drawn = await at.press("r")
        assert all(cell_len(line) <= size[0] for line in lines_of(at.app))
        listed = [line for line in drawn.splitlines() if line.startswith(("!", ">!", " !"))]
        assert listed
        assert not [line for line in listed if "临时加了" in line], "the reason is no receipt"
        assert ("超出 50（2.6%）" if zh else "over by 50 (2.6%)") in drawn
        assert ("可以结算关闭" if zh else "can be closed") in drawn
        assert "2,000" in drawn
        assert "1,500" in drawn
        await at.press("f5")
        await at.press("f5")
        text = at.app.clipboard
        for part in ("2026-0001", "2,000", "50", "李卫东", "临时加了两道菜"):
            assert part in text
        assert ("合计  计划 3,950  实际 3,500  差 -450  超标准 50" if zh else "over 50") in text
    async with opened(who, "林小雨", done.visit, language=language, size=size) as at:
        await at.press("8", "f9")
        assert visit(done).state == "closed"


async def test_the_list_says_what_blocks_closing(over: tuple[Company, Done]) -> None:
    who, done = over
    async with opened(who, "林小雨", done.visit) as at:
        await at.press("8")
        drawn = await at.press("r")
        assert "还不能关闭，缺 2 项" in drawn
        assert "用餐 午餐 11-30 未填实际费用" in drawn
        assert "实际 -" in await at.press("enter")
        await at.press("escape", "escape")
        assert at.list.id == "costs"


@IN_TWO_WINDOWS
async def test_a_promise_stays_open_until_it_is_kept(
    over: tuple[Company, Done], language: str, size: tuple[int, int]
) -> None:
    who, done = over
    async with opened(who, "林小雨", done.visit, language=language, size=size) as at:
        await at.press("9", "f7")
        await at.type("客人很满意")
        await at.press("space")
        assert ("不是承诺" if language == "zh" else "no promise") in at.message()
        await at.press("f4")
        await at.type(f"寄样品 {EVIL[0]}")
        drawn = await at.press("home")
        assert "[ ]" in drawn
        assert ("还没有做到" if language == "zh" else "not kept yet") in drawn
        assert "2!" in lines_of(at.app)[1]
        assert all(cell_len(line) <= size[0] for line in lines_of(at.app))
        await at.press("space")
        assert "[x]" in await at.rest()
        assert "2!" not in lines_of(at.app)[1]
        with reading():
            assert Note.select().where(Note.promise, Note.kept_at.is_null(False)).count() == 1
        await at.press("space")
        with reading():
            assert not Note.select().where(Note.kept_at.is_null(False)).exists()


@IN_TWO_WINDOWS
async def test_a_cost_nobody_planned_is_for_so_many_and_says_at_once_what_it_wants(
    over: tuple[Company, Done], language: str, size: tuple[int, int]
) -> None:
    """A10: seven bowls of noodles are held against seven meals; where that is over, the reason is asked for."""
    who, done = over
    zh = language == "zh"
    async with opened(who, "林小雨", done.visit, language=language, size=size) as at:
        drawn = await at.press("8")
        assert ("未填 2 项" if zh else "2 open") in drawn
        await at.press("f4", "tab")
        await at.put("夜宵")
        await at.press("tab")
        await at.put("1000")
        await at.press("tab")
        await at.put("7")
        drawn = await at.press("enter")
        assert ("请补上" if zh else "Still wanted") not in drawn
        assert at.list.key == str(max(row.id for row in expenses(done).values()))
        await at.press("enter")
        await at.put("1100")
        drawn = await at.press("enter")
        assert ("请补上" if zh else "Still wanted") in drawn
        await at.press("escape", "f4", "tab")
        await at.put("加菜")
        await at.press("tab")
        await at.put("490")
        drawn = await at.press("enter")
        assert ("请补上" if zh else "Still wanted") in drawn
        await at.type("客人临时加菜")
        assert {row.reason for row in expenses(done).values()} >= {"客人临时加菜"}
        drawn = await at.rest()
        assert ("超标准" if zh else "over") in drawn
        assert all(cell_len(line) <= size[0] for line in lines_of(at.app))


async def test_a_receipt_number_can_be_taken_away(over: tuple[Company, Done]) -> None:
    who, done = over
    async with opened(who, "林小雨", done.visit) as at:
        await at.press("8", "enter", "tab", "tab")
        await at.type("8812")
        await at.press("home", "enter", "tab", "tab", "backspace", "backspace", "backspace", "backspace", "enter")
        assert expenses(done)["meal1"].receipt == ""
        assert expenses(done)["meal1"].actual is not None


@IN_BOTH_LANGUAGES
async def test_more_that_blocks_closing_than_there_is_room_for_is_hinted_at(
    over: tuple[Company, Done], language: str
) -> None:
    who, done = over
    for n in range(8):
        add_expense(who.session("林小雨"), done.visit, item="gift", amount=10_000, label=f"第 {n} 份礼品的用途")
    async with opened(who, "林小雨", done.visit, language=language, size=(60, 20)) as at:
        await at.press("8", "r")
        assert sum(line.endswith("…") for line in lines_of(at.app)[-8:-2]) == 1
        assert all(cell_len(line) <= 60 for line in lines_of(at.app))
