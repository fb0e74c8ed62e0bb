"""Text snapshots of the screens of the day, line by line, in both languages and two sizes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from syrupy.assertion import SnapshotAssertion

from models.services import day_verbs
from tests.ui.build import MONDAY, asked, at_desk, busy
from tests.ui.look import shown
from tests.unit.life import Company, form, said, submitted

SCREENS = ("today", "calendar", "requests", "approvals", "standards")


@pytest.fixture(scope="module")
def who(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """A morning with two arrivals and a request at the deputy, one at the head of marketing, one returned."""
    with busy(tmp_path_factory.mktemp("store")) as made:
        made.now = MONDAY.replace(day=24)
        said(made, "王海峰", submitted(made, asked(made)), said_words="请安排技术交流")
        said(made, "王海峰", submitted(made, form(made, client="云岭光伏")), "return", "请写明客户名单")
        done = submitted(made, form(made, "business", host="李卫东", client="远东电缆", headcount=12))
        day_verbs.note(made.session("林小雨"), done.visit, "客户来电：不吃鱼")
        made.now = MONDAY
        yield made


@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=["80x24", "60x20"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("screen", SCREENS)
async def test_a_screen(
    who: Company, screen: str, language: str, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    name = {"approvals": "李卫东", "requests": "刘晓燕"}.get(screen, "林小雨")
    async with at_desk(who, name, screen, language=language, size=size) as at:
        assert shown(at.app) == snapshot


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_decision_line(who: Company, language: str, snapshot: SnapshotAssertion) -> None:
    """A3, R20: raised above the own authority."""
    async with at_desk(who, "李卫东", "approvals", language=language) as at:
        await at.press("enter")
        assert shown(at.app) == snapshot(name="agree")
        await at.press("right", "tab", "tab", "left", "left")
        assert shown(at.app) == snapshot(name="raise")


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_wide(who: Company, language: str, snapshot: SnapshotAssertion) -> None:
    async with at_desk(who, "林小雨", language=language, size=(120, 30)) as at:
        assert shown(at.app) == snapshot
