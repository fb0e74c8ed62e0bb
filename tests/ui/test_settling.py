"""Settling by keyboard: one line over and one under, who agrees to it, the receipt list, and promises to the guests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.schema.store import reading
from models.schema.tables import Note
from models.services.cost_verbs import add_expense
from models.services.visits import Done
from models.words import cell_len
from tests.ui.arranged import EVIL, opened
from tests.ui.look import IN_BOTH_LANGUAGES, IN_TWO_WINDOWS, lines_of
from tests.unit.life import Company, expenses, totals, visit
from tests.unit.test_life_signed import SIGNS, lunch, settling


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
