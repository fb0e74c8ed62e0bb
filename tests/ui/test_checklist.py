"""The Checklist by keyboard: departments, ticks and their undoing, parts, who does it, what is left out."""

from __future__ import annotations

import pytest

from models.services import task_verbs as verbs
from models.services.visits import Done
from models.words import cell_len
from tests.ui.arranged import EVIL, opened
from tests.ui.look import lines_of
from tests.unit.life import Company, approved, form, tasks


@pytest.fixture
def vip(who: Company) -> Done:
    return approved(who, form(who))


@pytest.mark.usefixtures("vip")
@pytest.mark.parametrize(
    ("language", "size", "title"),
    [
        ("zh", (80, 24), "办公室 5 项未完成"),
        ("en", (60, 20), "Office: 5 to do"),
        ("zh", (120, 30), "办公室 5 项未完成"),
    ],
)
async def test_it_opens_at_ones_own_department(who: Company, language: str, title: str, size: tuple[int, int]) -> None:
    async with opened(who, "方晓静", language=language, size=size) as at:
        drawn = lines_of(at.app)
        assert title in drawn[0]
        assert len(at.list.rows) == 5
        assert all(cell_len(line) <= size[0] for line in drawn)
        assert "江南智造集团"[:4] in drawn[4]


async def test_left_and_right_change_the_department(who: Company, vip: Done) -> None:
    async with opened(who, "方晓静") as at:
        assert "后勤保障部 " in await at.press("right")
        assert "办公室 5 项" in await at.press("left")
        assert "我的" in (await at.press("m")).splitlines()[0]
        assert "办公室 5 项" in await at.press("m")
        screens = [(await at.press("right")).splitlines()[0] for _ in range(12)]
        assert any("全部 29 项" in line for line in screens)
        assert "办公室 5 项" in screens[-1], "twelve stops, then again the first"


async def test_the_lead_host_sees_what_is_theirs(who: Company, vip: Done) -> None:
    """R36, R37, R38: whoever has no department starts at their own duties."""
    async with opened(who, "周建国") as at:
        assert "我的 3 项未完成" in (await at.rest()).splitlines()[0]
        assert "主陪领导"[:2] in lines_of(at.app)[4]


async def test_tick_and_take_it_back(who: Company, vip: Done) -> None:
    """R52: ticked with who and when."""
    async with opened(who, "方晓静") as at:
        await at.to("车辆")
        drawn = await at.press("space")
        assert tasks(vip)["R52"].state == "done"
        row = next(line for line in drawn.splitlines() if line.startswith(">"))
        assert "[x]" in row
        assert "方晓静" in row
        assert "09:00" in row
        assert at.message().startswith("已完成")
        assert "办公室 4 项" in drawn
        await at.press("z")
        assert tasks(vip)["R52"].done_by is None
        await at.press("z")
        assert at.message() == "! 没有可以撤回的勾选"
        await at.press("space", "space")
        assert tasks(vip)["R52"].state == "open", "again: it is not done"


async def test_who_does_it_is_asked_for_where_it_must_be_known(who: Company, vip: Done) -> None:
    """A31: the attendant at the meal has a name before the tick."""
    async with opened(who, "林小雨") as at:
        drawn = await at.to("专人服务")
        assert "要先指定负责人" in drawn
        drawn = await at.press("space")
        assert "先指定由谁负责" in drawn
        assert "王海峰" in drawn
        assert "营销部部长" in drawn
        await at.press("escape")
        assert tasks(vip)["R43"].state == "open"
        await at.press("space")
        await at.type("wanghaifeng")
        row = tasks(vip)["R43"]
        assert (row.state, row.assignee_id) == ("done", who.ids["王海峰"])


async def test_assign_and_name_nobody_again(who: Company, vip: Done) -> None:
    async with opened(who, "方晓静") as at:
        await at.to("车辆")
        await at.press("f5")
        await at.type("zds")
        assert tasks(vip)["R52"].assignee_id == who.ids["张德胜"]
        assert "张德胜" in next(line for line in lines_of(at.app) if line.startswith(">"))
        await at.press("a")
        await at.type("不指定")
        assert tasks(vip)["R52"].assignee_id is None


async def test_the_parts_of_a_task_are_ticked_one_by_one(who: Company, vip: Done) -> None:
    """R53: six things, each with its own tick; the task is done with the last of them."""
    row = tasks(vip)["R53"]
    verbs.assign(who.session("方晓静"), row.id, who.ids["方晓静"], expected=row.version)
    async with opened(who, "方晓静") as at:
        await at.to("会议室")
        assert "(0/6)" in await at.press("enter")
        assert len(at.list.rows) == 11
        drawn = await at.press("down", "space")
        assert "(1/6)" in drawn
        assert drawn.count("[x]") == 1
        assert "(0/6)" in await at.press("backspace")
        for _ in range(6):
            drawn = await at.press("space", "down")
        assert tasks(vip)["R53"].state == "done"
        drawn = await at.press("up", "enter")
        assert len(at.list.rows) == 5
        assert "会议室" in next(line for line in drawn.splitlines() if line.startswith(">"))


async def test_what_may_be_left_out_is_left_out_with_a_reason(who: Company) -> None:
    """A25: a Business visit does without some things; the reason is kept."""
    done = approved(who, form(who, "business", host="李卫东"))
    async with opened(who, "方晓静") as at:
        await at.to("车辆")
        await at.press("delete")
        assert at.message() == "! 这项任务不能从简"
        await at.to("欢迎词")
        await at.press("d", "enter")
        assert tasks(done)["R55"].state == "open", "a reason must be given"
        await at.type("客户不要")
        assert tasks(done)["R55"].dropped_for == "客户不要"
        drawn = await at.rest()
        assert "[-]" in drawn
        assert "从简" in drawn
        assert "不再要求：客户不要" in drawn
        await at.press("space")
        assert "先按 Del 恢复" in at.message()
        await at.press("delete")
        assert tasks(done)["R55"].state == "open"


async def test_a_part_may_be_left_out_too(who: Company) -> None:
    """R53, A25: the attendant, of a Business visit."""
    done = approved(who, form(who, "business", host="李卫东"))
    async with opened(who, "方晓静") as at:
        await at.to("会议室")
        await at.press("enter")
        await at.to("茶水")
        await at.press("delete")
        assert at.message() == "! 这项任务不能从简"
        await at.to("服务")
        await at.press("delete")
        await at.type("人手不够")
        assert [part["dropped"] for part in tasks(done)["R53"].parts].count(True) == 1
        await at.press("delete")
        assert not any(part["dropped"] for part in tasks(done)["R53"].parts)


async def test_others_tasks_say_whose_they_are(who: Company, vip: Done) -> None:
    async with opened(who, "陈志远") as at:
        await at.press("right", "right", "right", "right")
        await at.to("车辆")
        await at.press("space")
        assert at.message() == "! 这项任务由办公室办理"
        await at.press("f5")
        assert at.message() == "! 这项任务由办公室办理"


async def test_conduct_is_shown_where_staff_read_their_duties(who: Company, vip: Done) -> None:
    """R71, R72, R73, R74: the sixteen phrases of the policy."""
    async with opened(who, "方晓静") as at:
        drawn = await at.press("i")
        for phrase in ("着装整洁", "准备充分", "思路清晰", "保守秘密"):
            assert phrase in drawn


async def test_others_changes_come_and_the_cursor_stays(who: Company, vip: Done) -> None:
    async with opened(who, "方晓静") as at:
        await at.to("欢迎词")
        key = at.list.key
        row = tasks(vip)["R52"]
        verbs.tick(who.session("林小雨"), row.id, expected=row.version)
        await at.pilot.pause(1.8)
        assert "办公室 4 项" in await at.rest()
        assert at.list.key == key


async def test_what_changed_meanwhile_is_told_and_read_anew(who: Company, vip: Done) -> None:
    async with opened(who, "方晓静") as at:
        await at.to("车辆")
        row = tasks(vip)["R52"]
        verbs.assign(who.session("林小雨"), row.id, who.ids["张德胜"], expected=row.version)
        await at.press("space")
        assert "林小雨刚改过这项任务（指定负责人）" in at.message()
        assert "张德胜" in next(line for line in lines_of(at.app) if line.startswith(">"))
        await at.press("space")
        assert tasks(vip)["R52"].state == "done"


async def test_find_by_initials_and_language_at_run_time(who: Company, vip: Done) -> None:
    approved(who, form(who, client="华为科技"))
    async with opened(who, "方晓静") as at:
        assert len(at.list.rows) == 10
        await at.press("f3", "h", "w", "k", "j", "enter")
        assert len(at.list.rows) == 5
        key = at.list.key
        await at.app.do_language()
        drawn = await at.rest()
        assert "Office: 10 to do" in drawn
        assert at.list.key == key


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_hostile_text_is_only_text(who: Company, size: tuple[int, int]) -> None:
    for text in EVIL:
        approved(who, form(who, client=text))
    async with opened(who, "方晓静", size=size) as at:
        drawn = await at.rest()
        assert "[/x] [bold"[:10] in drawn
        assert "买买提" in drawn
        assert "𠮷" in drawn
        await at.press("enter", "escape", "i", "escape", "end", "f5", "escape")


async def test_the_visit_opens_at_its_tasks(who: Company, vip: Done) -> None:
    async with opened(who, "方晓静") as at:
        drawn = await at.press("f4")
        assert "2026-0001" in drawn.splitlines()[0]
        assert len(at.list.rows) == 29
        assert "办公室 5 项" in (await at.press("escape")).splitlines()[0]
