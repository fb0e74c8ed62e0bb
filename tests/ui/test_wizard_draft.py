"""Drafts in the wizard: kept, noticed, opened again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from textual.events import Paste

from models.form import Form, FormGuest
from models.schema import journal
from models.services.request_verbs import discard_draft, new_draft, save_draft
from tests.ui.build import at_desk
from tests.ui.filing import EVIL, filing, office, stored, visits
from tests.unit.life import Company, form, said, submitted
from tests.unit.life import form as example

# -- wizard draft ------------------------------------------------------------------------------------------------------
#
# What the wizard keeps: drafts at every field, half-typed values, the page left; what others did meanwhile.


async def test_an_abrupt_end_loses_nothing(tmp_path: Path) -> None:
    """The line drops in the middle of a word: the draft has it, half a date included, and opens at that page."""
    with office(tmp_path) as who:
        async with filing(who) as at:
            await at.type("鹏程线缆")
            await at.press("pagedown")
            await at.to("arrive")
            await at.pilot.press("1", "2", "-")
            at.app.save_now()
        row, form = stored()
        assert row.state == "draft"
        assert form.client == "鹏程线缆"
        assert form.arrive is None
        assert form.raw["arrive"] == "12-"
        async with filing(who, row.id) as at:
            page = await at.rest()
            assert "2/5" in page
            assert "12-____" in page
            assert "看不懂日期和时间“12-”" in page
            await at.to("arrive")
            await at.press("3", "space", "9")
            assert at.wizard.form.arrive == datetime(2026, 12, 3, 9)
            assert "arrive" not in at.wizard.form.raw


async def test_every_field_is_saved_when_it_is_left(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with filing(who) as at:
            assert visits() == 0
            await at.type("苏能装备")
            page = await at.rest()
            assert "已存草稿 09:00" in page
            assert stored()[1].client == "苏能装备"
            await at.press("enter")
            await at.type("5")
            await at.rest()
            assert stored()[1].headcount == 5


async def test_opening_and_closing_leaves_no_draft(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with filing(who) as at:
            await at.press("pagedown", "pageup", "escape")
            assert type(at.app.screen).__name__ == "Below"
        assert visits() == 0


async def test_esc_puts_the_request_down(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with filing(who) as at:
            await at.type("苏能装备")
            assert "草稿已存下" in await at.press("escape")
        assert stored()[1].client == "苏能装备"


async def test_errors_stand_beside_their_field(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with filing(who) as at:
            await at.press("tab", "tab")
            await at.type("六个")
            lines = (await at.rest()).splitlines()
            wrong = next(number for number, line in enumerate(lines) if "看不懂数字“六个”" in line)
            assert "来访人数" in lines[wrong - 1]
            review = await at.page(5)
            assert "看不懂：“六个”" in review
            assert "! 还没有填写" in await at.press("enter")
            assert stored()[0].state == "draft"


async def test_hostile_text_is_text_everywhere(tmp_path: Path) -> None:
    """Markup, escape sequences, formulas, rare characters: shown as what they are in every field of every page."""
    with office(tmp_path) as who:
        async with filing(who) as at:
            for page in range(1, 5):
                await at.page(page)
                place: object = None
                while at.place != place:
                    place = at.place
                    if getattr(at.wizard.focused, "takes_text", False):
                        await at.type(EVIL)
                    if at.place == place:
                        await at.pilot.press("tab")
            shown = await at.page(5)
            assert "\x1b" not in shown
            assert "[/x] [bold] =cmd()" in shown
            assert "买买提·吐尔逊 𠮷" in shown
            form = at.wizard.form
            assert form.client == EVIL.replace("\x1b", "␛")
            assert form.arrangements.startswith("[/x] [bold]")
            assert form.departure.plates == form.guests[0].phone == form.client
            await at.press("escape")
        assert stored()[1] == form


async def test_a_draft_changed_elsewhere_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    """Two at one draft: the second is asked which to keep, and keeping one's own makes it a draft of its own."""
    with office(tmp_path) as who:
        session = who.session("刘晓燕")
        draft = new_draft(session, Form(client="甲公司"))
        async with filing(who, draft.visit) as at:
            theirs = save_draft(session, draft.visit, Form(client="乙公司"), expected=draft.version)
            await at.press("end", "x")
            page = await at.press("tab")
            assert "这份草稿刚在别处改过" in page
            await at.press("1")
            assert at.wizard.form.client == "甲公司x"
            assert visits() == 2
        async with filing(who, draft.visit) as at:
            save_draft(session, draft.visit, Form(client="丙公司"), expected=theirs.version)
            await at.press("end", "x", "tab")
            page = await at.press("2")
            assert "丙公司" in page
            assert at.wizard.form.client == "丙公司"


async def test_a_returned_request_is_mended_and_handed_in_again(tmp_path: Path) -> None:
    """A32: returned with words, which are shown; the same pages, the same number."""
    with office(tmp_path) as who:
        done = submitted(who, example(who))
        back = said(who, "王海峰", done, "return", "人数写错了")
        async with filing(who, back.visit) as at:
            page = await at.rest()
            assert "申请 2026-0001 1/5" in page
            assert "退回：人数写错了" in page
            await at.to("headcount")
            await at.press("backspace", "8")
            assert "等 8 人" in await at.page(5)
            assert "2026-0001" in await at.press("enter")
        row, form = stored()
        assert (row.state, row.number, form.headcount) == ("submitted", "2026-0001", 8)


async def test_a_moved_arrival_takes_everything_dated_along(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        saved = new_draft(who.session("刘晓燕"), example(who))
        async with filing(who, saved.visit) as at:
            await at.press("pagedown")
            await at.to("arrive")
            await at.press(*["backspace"] * 16)
            await at.type("12-7 10:20")
            page = await at.rest()
            form = at.wizard.form
    assert "2026-12-08 15:00" in page
    assert form.depart == datetime(2026, 12, 8, 15)
    assert [meal.on for meal in form.meals] == [date(2026, 12, 7)]
    assert [room.on for room in form.lodging] == [date(2026, 12, 7)]


async def test_the_language_changes_under_the_hand(tmp_path: Path) -> None:
    """What is typed and the place of the cursor stay."""
    with office(tmp_path) as who:
        async with filing(who) as at:
            await at.type("苏能装备")
            await at.press("enter")
            await at.pilot.press("5", "x")
            await at.app.do_language()
            page = await at.rest()
            assert "New request 1/5 Client" in page
            assert "苏能装备" in page
            assert "5x" in page
            assert await at.press("backspace", "tab", "pagedown")
            assert at.wizard.form.headcount == 5


async def test_a_draft_is_thrown_away_only_when_one_says_so(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with filing(who) as at:
            await at.type("苏能装备")
            await at.rest()
            at.wizard.do_discard()
            await at.press("enter")
            assert visits() == 1
            at.wizard.do_discard()
            assert "草稿已丢弃" in await at.press("2")
        assert visits() == 0


async def test_no_two_saves_of_the_same(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        guests = (FormGuest("徐明哲", principal=True),)
        saved = new_draft(
            who.session("刘晓燕"), replace(example(who), guests=guests, raw={"page": "1", "furthest": "5"})
        )
        async with filing(who, saved.visit) as at:
            await at.press("tab", "tab", "tab", "tab")
            await at.press("escape")
        assert stored()[0].version == saved.version


async def test_a_request_that_lies_elsewhere_does_not_open(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        done = submitted(who, example(who))
        async with filing(who, done.visit) as at:
            assert type(at.app.screen).__name__ == "Below"
            assert "!" not in (await at.rest()).splitlines()[-1]
            assert (await at.rest()).splitlines()[-2].strip() != ""


async def test_a_day_chosen_elsewhere_is_the_day_of_arrival(tmp_path: Path) -> None:
    """R100: opened from the calendar on a day."""
    with office(tmp_path) as who:
        async with filing(who, day=date(2026, 12, 3)) as at:
            assert "2026-12-03 09:00" in await at.press("pagedown")
            await at.press("escape")
        assert visits() == 0


async def test_a_line_that_drops_on_a_draft_changed_elsewhere_keeps_both(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        session = who.session("刘晓燕")
        draft = new_draft(session, Form(client="甲公司"))
        async with filing(who, draft.visit) as at:
            await at.pilot.press("end", "x")
            save_draft(session, draft.visit, Form(client="乙公司"), expected=draft.version)
            at.app.save_now()
            assert visits() == 2


# -- draft noticed -----------------------------------------------------------------------------------------------------
#
# A draft is in the lists as soon as it is kept: one's own at once, another process's when it is looked at next.


async def test_ones_own_draft_is_listed_at_once(who: Company) -> None:
    async with at_desk(who, "刘晓燕", "requests") as at:
        await at.rest()
        await at.press("f4")
        focused = at.app.screen.focused
        assert focused is not None
        focused.post_message(Paste("远东电缆"))
        await at.rest()
        assert "远东电缆" in await at.press("down", "escape")


def test_what_lists_show_of_a_draft_is_counted_and_nothing_else(who: Company) -> None:
    session, made = who.session("刘晓燕"), form(who)
    seen = [journal.changes()]
    saved = new_draft(session, made)
    seen.append(journal.changes())
    saved = save_draft(session, saved.visit, replace(made, client="远东电缆"), expected=saved.version)
    seen.append(journal.changes())
    assert seen == sorted(set(seen))
    saved = save_draft(
        session, saved.visit, replace(made, client="远东电缆", arrangements="参观"), expected=saved.version
    )
    assert journal.changes() == seen[-1]
    discard_draft(session, saved.visit, expected=saved.version)
    assert journal.changes() > seen[-1]
    assert journal.head() == 1, "drafts write no entry"
