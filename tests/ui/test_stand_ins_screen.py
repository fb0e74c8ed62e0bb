"""Stand-ins and absences by keyboard: entered, acted on, handed on, taken back; in both languages and both sizes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from models.schema.store import reading
from models.schema.tables import StandIn
from models.services.leaving_verbs import parts_held
from models.services.rights import refusal_code
from models.services.stand_in_verbs import StandInEntry, give_stand_in
from screens.kit.linelist import LineList
from tests.ui.build import at_desk
from tests.ui.look import IN_TWO_WINDOWS
from tests.unit.booking import garage
from tests.unit.leavers import everywhere
from tests.unit.life import Company, decisions, form, route, submitted

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


def rows() -> list[StandIn]:
    """What is entered."""
    with reading():
        return list(StandIn.select().order_by(StandIn.id))


def stands_in(who: Company, name: str = "陈志远", whom: str = "王海峰") -> None:
    """Somebody stands in for somebody this week."""
    give_stand_in(who.session(whom), StandInEntry(who.ids[whom], who.ids[name], MONDAY, FRIDAY))


@IN_TWO_WINDOWS
async def test_a_stand_in_is_entered_and_ended(who: Company, language: str, size: tuple[int, int]) -> None:
    async with at_desk(who, "王海峰", "register", language=language, size=size) as at:
        await at.press("f8", "f4")
        at.fits()
        await at.type("whf")
        await at.press("tab")
        await at.type("czy")
        await at.press("tab", "tab")
        await at.put("周五" if language == "zh" else "fri")
        await at.press("enter")
        screen = await at.rest()
        at.fits()
        assert "王海峰" in screen
        assert "陈志远" in screen
        (row,) = rows()
        assert (row.for_person_id, row.person_id) == (who.ids["王海峰"], who.ids["陈志远"])
        assert (row.since, row.until, row.away, row.tier, row.posts) == (MONDAY, FRIDAY, True, None, [])
        await at.press("delete", "2")
        assert rows()[0].ended_utc is not None


@IN_TWO_WINDOWS
async def test_who_stands_in_finds_it_marked_and_decides_for_them(
    who: Company, language: str, size: tuple[int, int]
) -> None:
    done = submitted(who, form(who))
    stands_in(who)
    async with at_desk(who, "陈志远", "approvals", language=language, size=size) as at:
        screen = await at.rest()
        at.fits()
        assert ("代王海峰审批" if language == "zh" else "You decide for 王海峰") in screen
        screen = await at.press("enter")
        assert ("代王海峰" if language == "zh" else "for 王海峰") in screen
        at.fits()
        await at.press("enter")
    assert decisions(done)[0].for_person_id == who.ids["王海峰"]
    async with at_desk(who, "林小雨", "requests", language=language, size=size) as at:
        assert ("陈志远代王海峰" if language == "zh" else "陈志远 for 王海峰") in await at.rest()


async def test_an_agreement_is_taken_back_by_a_key(who: Company) -> None:
    done = submitted(who, form(who))
    async with at_desk(who, "王海峰", "approvals") as at:
        await at.press("enter", "enter")
        assert route(done)[0][2] == "done"
        assert "已撤回意见" in await at.press("z")
        assert route(done)[0][2] == "current"
        assert "没有可以撤回的意见" in await at.press("z")


async def test_one_request_is_handed_on_and_taken_back_by_keys(who: Company) -> None:
    done = submitted(who, form(who))
    async with at_desk(who, "王海峰", "approvals") as at:
        await at.press("f7")
        await at.type("czy")
        await at.press("tab")
        await at.put("技术为主")
        screen = await at.press("enter")
        assert "已转交陈志远审批" in screen
        assert "王海峰已转交陈志远：" in screen
        assert refusal_code(who.session("陈志远"), "decide", done.visit) is None
        assert "已收回" in await at.press("backspace")
        assert refusal_code(who.session("陈志远"), "decide", done.visit) == "not_approver"


@IN_TWO_WINDOWS
async def test_who_leaves_hands_everything_over_at_once(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    with garage(tmp_path) as g:
        who = g.who
        everywhere(who, g.things["BMW"])
        async with at_desk(who, "方晓静", "register", language=language, size=size) as at:
            await at.press("right")
            at.app.screen.query_one("#register", LineList).key = str(who.ids["林小雨"])
            await at.press("l")
            at.fits()
            await at.type("whf")
            screen = await at.press("enter")
            at.fits()
            assert ("负责接待（1）：王海峰" if language == "zh" else "Looks after (1): 王海峰") in screen
            screen = await at.press("2")
            assert ("已停用林小雨" if language == "zh" else "林小雨 is switched off") in screen
        assert not any(parts_held(g.session, who.ids["林小雨"]).values())


@IN_TWO_WINDOWS
async def test_today_says_for_whom_one_stands_in_and_what_lies_where_nobody_is(
    who: Company, language: str, size: tuple[int, int]
) -> None:
    """R17: who looks after it is told."""
    submitted(who, form(who))
    give_stand_in(who.session("王海峰"), StandInEntry(who.ids["王海峰"], None, MONDAY, FRIDAY))
    give_stand_in(who.session("何志明"), StandInEntry(who.ids["何志明"], who.ids["陈志远"], MONDAY, FRIDAY))
    async with at_desk(who, "陈志远", "today", language=language, size=size) as at:
        assert (
            "您代何志明审批，到 11-27 周五" if language == "zh" else "You stand in for 何志明 until"
        ) in await at.rest()
        at.fits()
    async with at_desk(who, "林小雨", "today", language=language, size=size) as at:
        assert (
            "! 2026-0001：营销部部长不在岗" if language == "zh" else "! 2026-0001: Head of Marketing"
        ) in await at.rest()
        at.fits()
