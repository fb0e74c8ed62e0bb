"""The standards by keyboard: all tiers at once, each tier's duties, over any screen and away again."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.approvals import Approvals, Decide
from screens.standards import Standards
from tests.ui.build import SIZES, Opened, at_desk
from tests.ui.look import lines_of, shown
from tests.ui.regulations import at_work, organisation
from tests.unit.life import Company, company, default_text, form, submitted


def on_top(at: Opened, screen: type[object]) -> bool:
    """Whether a screen of that kind is what one sees."""
    return isinstance(at.app.screen, screen)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_all_cells_at_once(who: Company, size: tuple[int, int]) -> None:
    """R3, R4, R12, R13, R14, R15, R20, R21, R22, R23, R77, R95, R96, R97: tiers in order with their meaning, limits,
    who decides, who is lead host, how long ahead, what is added and what may be dropped: one screen."""
    async with at_desk(who, "林小雨", "standards", size=size) as at:
        lines = [" ".join(line.replace(">", " ").split()) for line in at.fits()]
        for row in (
            "贵宾级 嘉宾级 商务级 业务级",
            "意思 特别重要 非常重要 重要 一般",
            "用餐 元/人 150 110 80 60",
            "酒 元/瓶 500 300 150 50",
            "烟 元/盒 40 30 25 15",
            "住宿 四星级 三星级 高级商务 一般商务",
            "车辆 宝马级及以上 帕萨特级及以上 帕萨特级及以上 不限",
            "审批 总经理 主管副总经理 主管副总经理 主办部门负责人",
            "从简从繁 加 2 项 全部 (基准) 可减 8 项 可减 8 项",
            "任务(全要) 34 32 32 32",
        ):
            assert row in lines
        assert any(line.startswith("主陪 总经理 副总经理") for line in lines)
        assert any(line.startswith("提前 3 天") for line in lines)
        assert "2014-04-07 版" in lines[0]


@pytest.mark.parametrize("size", SIZES)
async def test_in_english_and_small_every_row_is_reached(who: Company, size: tuple[int, int]) -> None:
    async with at_desk(who, "林小雨", "standards", language="en", size=size) as at:
        seen = set(at.fits())
        for _ in range(40):
            await at.press("down")
            seen |= set(at.fits())
        text = " ".join(" ".join(seen).split())
        for label in ("Means", "Meal yuan/head", "Lodging", "Car", "Lead host", "Notice", "Duties (all)"):
            assert label in text


async def test_left_and_right_show_each_tiers_duties(who: Company) -> None:
    """R36, R38, R54, R95, R96, R97, A25: the duties of a tier by department, what it adds and what it may drop."""
    async with at_desk(who, "林小雨", "standards") as at:
        vip = await at.press("right")
        assert "贵宾级" in vip.splitlines()[0]
        assert "R36      指挥整个接待工作" in vip
        assert "R38 加   亲自接送贵宾" in vip
        assert "贵宾级" not in (await at.press("right")).splitlines()[0]
        assert not any("加" in row.cells[1] for row in at.list.rows if not row.heading)
        await at.press("right")
        assert sum("可减" in row.cells[1] for row in at.list.rows if not row.heading) == 8
        assert "业务级" in (await at.press("right")).splitlines()[0]
        assert "意思" in await at.press("right"), "after the last the table"
        assert "业务级" in (await at.press("left")).splitlines()[0]
        assert "意思" in await at.press("escape")


async def test_over_a_half_made_decision_and_back(who: Company) -> None:
    """F6 opens and closes over anything, and nothing that was typed is lost."""
    submitted(who, form(who))
    async with at_desk(who, "王海峰", "approvals") as at:
        await at.press("enter", "tab")
        await at.put("，请周总审批")
        screen = await at.press("f6")
        assert on_top(at, Standards)
        assert "Esc 关闭" in screen.splitlines()[0]
        assert "用餐 元/人" in screen
        await at.press("escape")
        assert on_top(at, Decide)
        assert "同意，请周总审批" in shown(at.app)
        await at.press("f6", "right", "f6")
        assert on_top(at, Decide)
        await at.press("escape")
        assert on_top(at, Approvals)


async def test_find(who: Company) -> None:
    async with at_desk(who, "林小雨", "standards") as at:
        await at.press("right", "f3")
        await at.put("欢迎")
        assert [row.cells[0] for row in at.list.rows if not row.heading] != []
        assert len(at.list.rows) < 6


async def test_a_changed_policy_changes_the_table(tmp_path: Path) -> None:
    """R3, R77: another name of a tier and another price, with no code touched; hostile text is text."""
    evil = "[/x] [bold] =cmd() 买买提·吐尔逊 𠮷"
    text = default_text().replace("贵宾级", evil)
    assert text != default_text()
    with company(tmp_path, text) as who:
        async with at_desk(who, "林小雨", "standards", size=(120, 40)) as at:
            assert "[/x] [bold] =cmd()" in shown(at.app)
            await at.press("right")
            assert "买买提·吐尔逊 𠮷" in lines_of(at.app)[0]


async def test_the_language_changes_in_place(who: Company) -> None:
    async with at_desk(who, "林小雨", "standards") as at:
        await at.press("down", "down")
        screen = await at.menu("English")
        assert "Meal yuan/head" in screen
        assert ">Drink" in screen


async def test_without_tiers_the_labels_take_half_the_width(tmp_path: Path) -> None:
    with organisation(tmp_path, "authority") as who:
        async with at_work(who, "director", "standards", language="en") as at:
            lines = [" ".join(line.replace(">", " ").split()) for line in lines_of(at.app)]
            assert "Meal yuan/head Breakfast 25" in lines
            assert "Lodging yuan/night Deputy division 460" in lines
