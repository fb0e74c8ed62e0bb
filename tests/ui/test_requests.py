"""Requests by keyboard: what became of mine, urging, taking back, copying, going on with drafts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from models.form import Form
from models.schema.store import reading
from models.schema.tables import Step, Visit
from models.services import day_verbs
from models.services.arrangement_verbs import amend
from models.services.request_verbs import new_draft, submit
from screens.wizard.wizard_screen import Wizard
from tests.ui.arranged import EVIL
from tests.ui.build import at_desk, evil
from tests.ui.look import IN_THREE_WINDOWS, lines_of, shown
from tests.unit.life import Company, approved, company, form, said, submitted, visit


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    """Three requests of the sales lead: one returned, one at the general manager, one draft; one of a colleague."""
    with company(tmp_path) as made:
        done = submitted(made, form(made, "business", host="李卫东", client="苏能装备", meals=()))
        done = said(made, "王海峰", done)
        said(made, "李卫东", done, "return", "主陪写何总，我当天在外地，请改好后再报，并请写明客户一行到厂后的用车安排")
        said(made, "王海峰", submitted(made, form(made)))
        new_draft(made.session("刘晓燕"), Form(client="鹏程线缆", applicant=made.ids["刘晓燕"]))
        colleague = form(made, "routine", host="王海峰", client="长河水务", applicant=made.ids["赵启航"], meals=())
        saved = new_draft(made.session("林小雨"), colleague)
        submit(
            made.session("林小雨"), saved.visit, expected=saved.version, reasons={"applicant": "项目组", "lodging": ""}
        )
        made.wait(hours=3)
        yield made


WORDS = {
    "zh": ("我的 3 / 全部 4", "已退回", "待审批", "草稿", "退回 今天 09:00 李卫东"),
    "en": ("mine 3 of 4", "returned", "submitted", "draft", "Returned today 09:00 李卫东"),
}


@IN_THREE_WINDOWS
async def test_what_became_of_mine(who: Company, language: str, size: tuple[int, int]) -> None:
    """A32, R18: what was returned is on top with its reason; at whom the others lie, and for how long."""
    title, returned, waits, draft, words = WORDS[language]
    async with at_desk(who, "刘晓燕", "requests", language=language, size=size) as at:
        lines = at.fits()
        assert title in lines[0]
        assert [state in line for state, line in zip((returned, draft, waits), lines[4:7], strict=True)] == [True] * 3
        assert "周建国" in lines[6]
        screen = " ".join(shown(at.app).split())
        assert words in screen
        assert "用车安排" in screen.replace(" ", ""), "the reason is wrapped, not cut"
        if size[0] >= 80:
            assert "3 " in lines[6]


async def test_all_or_mine(who: Company) -> None:
    async with at_desk(who, "刘晓燕", "requests") as at:
        assert "全部 4 / 我的 3" in await at.press("m")
        assert "长河水务" in shown(at.app)
        assert "长河水务" not in await at.press("left")
    async with at_desk(who, "陈志远", "requests") as at:
        assert "全部 3 / 我的 0" in lines_of(at.app)[0], "who has none sees all, but for drafts of others"
        assert "鹏程线缆" not in shown(at.app)


async def test_urging_is_written_down_and_seen(who: Company) -> None:
    """R18: whoever the request lies at is asked for it, once an hour."""
    async with at_desk(who, "刘晓燕", "requests") as at:
        await at.to("江南智造集团")
        assert "2026-0002 已催办：总经理" in await at.press("f5")
        assert "已催 周建国" in shown(at.app)
        assert "刚催办过，60 分钟后才能再催" in await at.press("u")
        await at.to("苏能装备")
        assert "这份申请的状态是“已退回”" in await at.press("f5")
    with reading():
        assert Step.select().where(Step.urged_utc.is_null(False)).count() == 1


async def test_who_did_not_ask_may_not_withdraw(who: Company) -> None:
    async with at_desk(who, "陈志远", "requests") as at:
        await at.to("江南智造集团")
        assert "只有申请人或主管部门可以这样做" in await at.press("w")


async def test_withdrawn_it_is_a_draft_again(who: Company) -> None:
    """A32: taken back before it is decided; the number stays."""
    async with at_desk(who, "刘晓燕", "requests") as at:
        await at.to("江南智造集团")
        screen = await at.press("w")
        assert "别人已经签过，撤回后作废" in screen
        assert "王海峰" in screen, "what was signed is named"
        await at.press("enter")
        assert "草稿" not in next(row for row in at.list.rows if "江南智造集团" in row.cells).cells, "no comes first"
        screen = await at.press("w", "2")
        assert "2026-0002 已撤回为草稿" in screen
        row = next(row for row in at.list.rows if "江南智造集团" in row.cells)
        assert row.cells[0] == "2026-0002"
        assert "草稿" in row.cells


async def test_what_nobody_signed_is_withdrawn_at_once(who: Company) -> None:
    done = submitted(who, form(who, client="长江电气"))
    async with at_desk(who, "刘晓燕", "requests") as at:
        await at.to("长江电气")
        assert "已撤回为草稿" in await at.press("w")
    assert visit(done).state == "draft"


async def test_a_copy_and_a_draft_open_the_wizard(who: Company) -> None:
    """R9, R99: what was asked once is asked again with other dates."""
    async with at_desk(who, "刘晓燕", "requests") as at:
        await at.to("苏能装备")
        screen = await at.press("c")
        assert isinstance(at.app.screen, Wizard)
        assert "苏能装备" in screen
        assert at.app.screen.form.arrive is None
        await at.press("escape")
        await at.to("鹏程线缆")
        await at.press("enter")
        assert isinstance(at.app.screen, Wizard)


async def test_a_draft_is_thrown_away_after_asking(who: Company) -> None:
    async with at_desk(who, "刘晓燕", "requests") as at:
        await at.to("鹏程线缆")
        assert "丢掉鹏程线缆的草稿吗" in await at.press("delete")
        await at.press("enter")
        assert "鹏程线缆" in shown(at.app), "the cursor stood on the safe side"
        await at.press("delete", "2")
        assert "草稿已丢掉" in shown(at.app)
        await at.to("江南智造集团")
        assert "这份申请的状态是“待审批”" in await at.press("delete")
    with reading():
        assert not Visit.select().where(Visit.client_name == "鹏程线缆").exists()


async def test_a_vacant_post_is_named(tmp_path: Path) -> None:
    """A request that lies at a post which nobody holds says so."""
    posts = {"王海峰": ["marketing_head"], "刘晓燕": ["project_sales_lead"], "何志明": ["deputy_general_manager"],
             "赵启航": ["project_technical_lead"], "林小雨": ["coordinator"]}  # fmt: skip
    with company(tmp_path, posts=posts) as who:
        said(who, "王海峰", submitted(who, form(who, host="何志明"), lead_host="总经理空缺"))
        async with at_desk(who, "刘晓燕", "requests") as at:
            assert "总经理(空缺)" in shown(at.app)


async def test_a_change_being_decided_is_told_from_a_request(who: Company) -> None:
    """A26: an approved visit of which a change waits is no new request."""
    done = approved(who, form(who, client="天山风电"))
    amend(who.session("林小雨"), done.visit, form(who, client="天山风电", headcount=12), expected=visit(done).version)
    async with at_desk(who, "林小雨", "requests") as at:
        await at.to("天山风电")
        assert (
            "改动待批"
            in lines_of(at.app)[at.list.rows.index(next(r for r in at.list.rows if "天山风电" in r.cells)) + 4]
        )


async def test_what_others_decide_appears_and_the_cursor_stays(who: Company) -> None:
    async with at_desk(who, "刘晓燕", "requests") as at:
        await at.to("江南智造集团")
        with reading():
            row = Visit.get(Visit.client_name == "江南智造集团")
        day_verbs.note(who.session("林小雨"), row.id, "记一笔")
        submitted(who, form(who, client="云岭光伏", arrive=datetime(2026, 11, 29, 9)))
        screen = await at.tick()
        assert "云岭光伏" in screen
        assert at.list.rows[[r.key for r in at.list.rows].index(at.list.key)].cells[3] == "江南智造集团"
        assert "Requests  mine 4" in await at.menu("English")
        assert at.list.rows[[r.key for r in at.list.rows].index(at.list.key)].cells[3] == "江南智造集团"


@IN_THREE_WINDOWS
async def test_hostile_text_is_text(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    with company(tmp_path) as who:
        said(who, "王海峰", evil(who), "return", " ".join(EVIL))
        async with at_desk(who, "刘晓燕", "requests", language=language, size=size) as at:
            screen = "\n".join(at.fits())
            assert "[/x] [bold]" in screen
            assert EVIL[1] in screen
            await at.press("enter")
