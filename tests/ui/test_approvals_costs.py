"""Costs beyond what was agreed to, in Approvals of who must sign them: counted, shown, opened where that is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from models.queries.task_lists import signing, waiting
from models.services.visits import Done
from tests.ui.build import Opened, at_desk
from tests.ui.look import IN_BOTH_LANGUAGES, lines_of
from tests.unit.life import Company, expenses, form, submitted
from tests.unit.test_life_signed import SIGNS, lunch, pay, settling


@pytest.fixture
def over(tmp_path: Path) -> Iterator[tuple[Company, Done]]:
    """A meal went beyond its standard: the deputy in charge must agree to it."""
    with settling(tmp_path, SIGNS, meals=(lunch(bottles=4),)) as made:
        who, done = made
        pay(who, done, "meal1", 200_000, reason="临时加了两道菜")
        yield made


def signed(done: Done) -> list[str]:
    return [each["name"] for each in expenses(done)["meal1"].signatures]


async def opened_costs(at: Opened, language: str) -> str:
    """The visit's costs, opened from the row under the cursor."""
    drawn = await at.press("enter")
    assert ("8费用" if language == "zh" else "8Costs") in drawn
    return drawn


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
@IN_BOTH_LANGUAGES
async def test_who_must_sign_sees_it_and_gets_to_where_it_is_signed(
    over: tuple[Company, Done], language: str, size: tuple[int, int]
) -> None:
    """A10, A27: the further signature stands among what waits for the deputy, with what it is for."""
    who, done = over
    zh = language == "zh"
    async with at_desk(who, "李卫东", "approvals", language=language, size=size) as at:
        drawn = "\n".join(at.fits())
        assert ("4审批 1" if zh else "4Appr 1") in drawn
        assert ("等我 1" if zh else "mine 1 of 1") in drawn.splitlines()[0]
        assert ("费用待同意 1" if zh else "Costs to agree to 1") in drawn
        flat = " ".join(drawn.split())
        for text in ("江南智造集团", "2,000", "超 50" if zh else "over by 50", "+50"):
            assert text in flat, text
        await opened_costs(at, language)
        await at.press("f5")
        await at.press("2")
        assert signed(done) == ["李卫东"]
        drawn = await at.press("escape")
        await at.tick()
        drawn = "\n".join(lines_of(at.app))
        assert ("费用待同意" if zh else "Costs to agree to") not in drawn
        assert ("4审批 1" if zh else "4Appr 1") not in drawn


async def test_the_line_to_sign_is_under_the_cursor_and_read_in_full(over: tuple[Company, Done]) -> None:
    who, done = over
    pay(who, done, "drink1", 150_000)
    async with at_desk(who, "李卫东", "approvals") as at:
        assert "主管副总经理" in await at.press("space")
        await at.press("escape")
        await at.press("f4")
        assert at.list.key == str(expenses(done)["meal1"].id)
        assert at.app.screen.focused is at.list, (at.app.screen.focused, at.app.screen.AUTO_FOCUS)


async def test_others_see_it_among_all_that_waits(over: tuple[Company, Done]) -> None:
    """It stands below the requests, and is none of theirs."""
    who, done = over
    later: dict[str, Any] = {"arrive": datetime(2026, 12, 20, 9), "depart": datetime(2026, 12, 20, 17)}
    submitted(who, replace(form(who, client="天山风电"), meals=(), lodging=(), lodged=False, **later))
    (each,) = signing(who.session("林小雨"))
    assert (each.visit, each.mine, waiting(who.session("林小雨")).costs) == (done.visit, False, 0)
    assert waiting(who.session("李卫东")).costs == 1
    async with at_desk(who, "王海峰", "approvals") as at:
        mine = "\n".join(lines_of(at.app))
        assert "等我 1  全部 2" in mine
        assert "费用待同意" not in mine
        drawn = await at.press("right")
        assert drawn.index("天山风电") < drawn.index("费用待同意 1")
        await at.press("down")
        await at.press("enter")
        assert "不" in await at.press("f5") or "要" in at.message(), "it is not theirs to sign, and that is said"
        assert signed(done) == []
