"""Today by keyboard: what hurts first, where the guests are, the day that turns, others at work meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from models.queries.day_lists import Alert, WaitingNotification
from models.schema.arrangements import Booking, Leg, Resource
from models.schema.store import reading, write
from models.schema.tables import Note, Visit, VisitPerson
from models.services import day_verbs
from models.services.arrangement_verbs import amend
from models.services.decision_verbs import decide
from models.services.visit_form import read_form
from models.words import Phrase, cell_len
from screens.kit.text import abreast
from screens.today import Today
from tests.ui.arranged import EVIL
from tests.ui.build import MONDAY, at_desk, busy, evil
from tests.ui.look import IN_BOTH_LANGUAGES, IN_THREE_WINDOWS, lines_of
from tests.unit.life import Company, company, form, said, submitted
from tests.unit.many import more_visits
from tui.app import Jiedai


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    with busy(tmp_path) as made:
        yield made


def row(client: str) -> Visit:
    """The visit of that client as it is stored now."""
    with reading():
        return Visit.get(Visit.client_name == client)


WORDS = {
    "zh": ("今日 2026-11-30 周一 07:50", "还有 2 小时 30 分钟", "明天 1 批 5 人", "在途", "待批", "空格 在途"),
    "en": ("Today 2026-11-30 Mon 07:50", "2 h 30 min left", "tomorrow: 1 visit", "on way", "asked", "Space on way"),
}


@IN_THREE_WINDOWS
async def test_at_ten_to_eight_it_says_what_comes_next(who: Company, language: str, size: tuple[int, int]) -> None:
    """R16: arrivals in order of time, the first under the cursor with its next stage; a request asked for is dim."""
    title, left, ahead, _, asked, key = WORDS[language]
    async with at_desk(who, "林小雨", language=language, size=size) as at:
        lines = at.fits()
        assert title in lines[0]
        assert [line[1:6] for line in lines[4:7]] == ["10:20", "13:05", "16:30"]
        assert lines[4].startswith(">10:20")
        assert "江南智造集团" in lines[4]
        assert asked in lines[6]
        screen = "\n".join(lines)
        assert left in screen
        assert ahead in screen
        assert key in lines[-1]
        assert "徐明哲 董事长" in screen
        assert "4,070" in screen, "13 diners at 150, 4 bottles at 500, 3 packets at 40"


async def test_space_takes_the_guests_on_and_backspace_back(who: Company) -> None:
    """R26, R28, R35: due, on way, here, met, on site, left; what was said by mistake is taken back."""
    async with at_desk(who, "林小雨") as at:
        for place in ("在途", "已到", "已接", "在访", "已离"):
            assert place in (await at.press("space")).splitlines()[4]
        assert row("江南智造集团").state == "done"
        assert "已撤回上一步" in await at.press("backspace")
        assert row("江南智造集团").state == "under_way"
        assert lines_of(at.app)[4].startswith(">"), "the cursor stays"


async def test_a_step_before_the_guests_are_met_is_taken_back_too(who: Company) -> None:
    async with at_desk(who, "林小雨") as at:
        await at.press("space", "space")
        assert "已到" in lines_of(at.app)[4]
        assert "在途" in (await at.press("backspace")).splitlines()[4]
        assert "预计" in (await at.press("z")).splitlines()[4]


async def test_who_has_no_part_in_it_is_told_so(who: Company) -> None:
    async with at_desk(who, "何志明") as at:
        assert "空格" not in lines_of(at.app)[-1]
        assert "只有参与这次接待的人可以这样做" in await at.press("space")
        assert "空格" not in lines_of(at.app)[-1]


async def test_what_the_hour_has_passed_is_said(who: Company) -> None:
    """A26: guests who are not there after their time are pointed out, in the row, before what else is wrong, and in
    whole words; and by how much they are late."""
    who.now = MONDAY.replace(hour=11, minute=0)
    async with at_desk(who, "林小雨") as at:
        lines = at.fits()
        assert "过时 +" in lines[4]
        assert any("10:20 接机接站  已过 40 分钟" in line for line in lines)
        assert "客人还没报到达" in at.message()
        assert "没有人来" in await at.press("f2")
        await at.press("escape")
        assert "记为客人未到" in await at.menu("没有人来")
        assert "未到" in lines_of(at.app)[4]


async def test_who_is_not_due_yet_cannot_have_stayed_away(who: Company) -> None:
    """A26: the menu says so before it is tried."""
    async with at_desk(who, "林小雨") as at:
        await at.press("f2")
        seen = await at.press("end")
        assert any("没有人来" in line and "还没到" in line for line in seen.splitlines())


async def test_a_later_time_of_arrival(who: Company) -> None:
    async with at_desk(who, "林小雨") as at:
        await at.press("d")
        await at.type("下午")
        assert "看不懂时间" in await at.rest()
        await at.press(*["backspace"] * 2)
        await at.type("+40")
        await at.agree()
        assert lines_of(at.app)[4].startswith(">11:00")
    with reading():
        assert Leg.get(Leg.visit == row("江南智造集团").id, Leg.way == "arrival").expected == datetime(2026, 11, 30, 11)


async def test_a_recorded_decision_waits_to_be_confirmed(tmp_path: Path) -> None:
    """R19: what was recorded for somebody counts, and is pointed out until that person confirms it."""
    with company(tmp_path) as who:
        done = submitted(who, form(who))
        done = said(who, "王海峰", done)
        decide(
            who.session("林小雨"), done.visit, expected=done.version, outcome="agree", words="同意",
            for_person=who.ids["周建国"], medium="电话",
        )  # fmt: skip
        who.now = MONDAY
        async with at_desk(who, "林小雨", size=(150, 40)) as at:
            assert "未派2 +2" in lines_of(at.app)[4], "no car, and a decision to be confirmed"
            assert "1 个代录的决定待本人确认" in at.message()


async def test_a_visit_whose_change_is_decided_goes_on(who: Company) -> None:
    """A26, A33: a change of substance is being decided; the visit is a running one with its tasks meanwhile."""
    visit = row("江南智造集团")
    with reading():
        made = read_form(visit)
    amend(who.session("林小雨"), visit.id, replace(made, headcount=12), expected=visit.version)
    assert row("江南智造集团").state == "submitted"
    async with at_desk(who, "林小雨") as at:
        line = at.fits()[4]
        assert "预计" in line
        assert "改动待批" in line
        assert "/29" in line
        assert "改动正在等审批" in at.message()
        assert "在途" in (await at.press("space")).splitlines()[4], "its guests are received all the same"


async def test_only_mine(who: Company) -> None:
    """R20: where must I be? The general manager is lead host of one visit of three."""
    async with at_desk(who, "周建国") as at:
        assert len(at.list.rows) == 3
        assert "只看我的" in (await at.press("m")).splitlines()[0]
        assert [row.cells[2] for row in at.list.rows] == ["江南智造集团"]
        await at.press("m")
        assert len(at.list.rows) == 3


async def test_other_days_by_key_and_by_date(who: Company) -> None:
    async with at_desk(who, "林小雨") as at:
        tomorrow = await at.press("right")
        assert "明天 2026-12-01 周二" in tomorrow.splitlines()[0]
        assert "天山风电" in tomorrow
        assert " 送 " in tomorrow, "who came yesterday leaves today"
        assert "到当天" in tomorrow
        page = cast(Today, at.app.screen)
        assert page.shown is not None
        flying = replace(page.shown.lines[0], going=True, where="on_site", by=("plane", "MU5192"))
        assert page.teller.by(flying) == "送MU5192", "a number is written closer before it is cut"
        await at.press("g")
        await at.type("11-23")
        assert "2026-11-23 周一" in lines_of(at.app)[0]
        assert "这一天没有来访" in lines_of(at.app)[4]
        assert "没有选中的来访" in await at.press("space")
        assert "今日 2026-11-30" in await at.press("t")


async def test_the_day_turns_at_midnight_by_itself(who: Company) -> None:
    async with at_desk(who, "林小雨") as at:
        who.now = MONDAY.replace(hour=23, minute=59)
        assert "23:59" in await at.tick()
        who.now = datetime(2026, 12, 1, 0, 0, 5)
        screen = await at.tick()
        assert "今日 2026-12-01 周二 00:00" in screen.splitlines()[0]
        assert "天山风电" in screen
        assert "鹏程线缆" not in screen


async def test_what_others_do_appears_and_the_cursor_stays(who: Company) -> None:
    async with at_desk(who, "林小雨") as at:
        await at.press("down")
        assert lines_of(at.app)[5].startswith(">13:05")
        visit = row("江南智造集团")
        day_verbs.track(who.session("刘晓燕"), visit.id, "on_way", expected=visit.version)
        screen = await at.tick()
        assert "在途" in screen.splitlines()[4]
        assert screen.splitlines()[5].startswith(">13:05")


async def test_who_is_slower_is_told(who: Company) -> None:
    """Of two people acting on what they saw, one wins and the other is told the new state."""
    async with at_desk(who, "林小雨") as at:
        visit = row("江南智造集团")
        day_verbs.track(who.session("刘晓燕"), visit.id, "here", expected=visit.version)
        screen = await at.press("space")
        assert "刘晓燕刚改过这次接待" in screen
        assert "已到" in screen.splitlines()[4]
        assert "已接" in (await at.press("space")).splitlines()[4]


async def test_a_note_is_written_and_seen(who: Company) -> None:
    async with at_desk(who, "林小雨") as at:
        await at.press("o")
        screen = await at.type("客人来电：不吃鱼")
        assert "备注 07:50 客人来电：不吃鱼" in screen
    with reading():
        assert Note.get().text == "客人来电：不吃鱼"


async def test_a_screen_that_was_covered_while_it_painted_goes_on_to_be_read(
    who: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is to be called after its paint is then never called; what others do is seen all the same."""
    monkeypatch.setattr(Jiedai, "call_after_refresh", lambda *_, **__: True)
    async with asyncio.timeout(60), at_desk(who, "林小雨") as at:
        number = row("江南智造集团").id
        other = who.session("林小雨")
        for words in ("第一句话", "第二句话"):
            day_verbs.note(other, number, words)
            at.app.tick()
            assert words in await at.rest()


async def test_the_language_changes_and_the_cursor_stays(who: Company) -> None:
    async with at_desk(who, "林小雨") as at:
        await at.press("down")
        screen = await at.menu("English")
        assert "Today 2026-11-30" in screen
        assert screen.splitlines()[5].startswith(">13:05")


@pytest.mark.parametrize("tab", "23459")
async def test_esc_leads_to_today_from_every_tab(who: Company, tab: str) -> None:
    async with at_desk(who, "林小雨") as at:
        await at.press(tab)
        assert not isinstance(at.app.screen, Today)
        await at.press("f2", "escape", "escape", "escape", "escape")
        assert isinstance(at.app.screen, Today)
        assert "按 F10 离开" in at.message()
        assert at.app.is_running


@pytest.mark.parametrize("keys", ["f3 f3", "5 f3 f3", "3 / f3", "1 f3 tab f3", "3 f3 4 3 f3", "1 f3 5 enter 3 f3 f3"])
async def test_f3_again_is_the_same_field(who: Company, keys: str) -> None:
    """On any screen, however often."""
    async with at_desk(who, "林小雨") as at:
        await at.press(*keys.split(), "escape")
        assert at.app.is_running
        assert len(at.app.screen.query("#find")) == 1


async def test_find_by_initials(who: Company) -> None:
    async with at_desk(who, "林小雨") as at:
        await at.press("slash", "s", "n", "z", "b")
        assert [row.cells[2] for row in at.list.rows] == ["苏能装备"]
        await at.press("escape")
        assert len(at.list.rows) == 3


@IN_THREE_WINDOWS
async def test_hostile_text_is_text(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    with company(tmp_path) as who:
        done = evil(who)
        for name in ("王海峰", "周建国"):
            done = said(who, name, done, said_words=" ".join(EVIL))
        day_verbs.note(who.session("林小雨"), done.visit, " ".join(EVIL))
        who.now = MONDAY + timedelta(hours=1)
        async with at_desk(who, "林小雨", language=language, size=size) as at:
            screen = "\n".join(at.fits())
            assert "[/x] [bold] =cmd()"[:12] in screen
            assert EVIL[1] in screen
            assert "[/x] [bold]" in await at.press("d"), "the title of a dialog"


async def test_forty_visits_on_one_day_stay_readable(who: Company) -> None:
    """R16: the list says where one is in it, the chosen visit stands below, and the end is one key away."""
    visit = row("苏能装备")
    more_visits(visit.id, 37, lambda at: MONDAY.date(), MONDAY.date())
    async with at_desk(who, "林小雨") as at:
        lines = at.fits()
        assert "/40" in lines[3]
        assert sum("苏能装备" in line for line in lines[4:14]) >= 5
        assert "/40" in (await at.press("end")).splitlines()[3]
        assert at.list.key == at.list.rows[-1].key
        assert "下一步" in "\n".join(at.fits())


async def test_a_clash_is_said_in_the_row_and_in_a_sentence(who: Company) -> None:
    """R20, R21: the host of one visit is wanted at another at the same time."""
    with write():
        host = VisitPerson.get(VisitPerson.visit == row("江南智造集团"), VisitPerson.role == "host").person_id
        VisitPerson.update(person=host).where(
            VisitPerson.visit == row("苏能装备"), VisitPerson.role == "host"
        ).execute()
        Visit.update(arrive=datetime(2026, 11, 30, 10, 30)).where(Visit.client_name == "苏能装备").execute()
        Leg.update(planned=datetime(2026, 11, 30, 10, 30)).where(Leg.visit == row("苏能装备")).execute()
    async with at_desk(who, "林小雨") as at:
        lines = at.fits()
        assert "人冲" in lines[4]
        assert "人冲" in lines[5]
        assert "周建国" in at.message()
        assert "另有安排 苏能装备" in at.message()


async def test_guests_without_a_seat_are_pointed_out(who: Company) -> None:
    """R52, R90: as soon as the policy holds cars for them, and until everybody has a seat."""
    async with at_desk(who, "林小雨") as at:
        assert "车还没订" in at.message()
    begin = datetime(2026, 11, 30, 9, 20)
    with write():
        car = Resource.create(kind="car", name="浙A B8801", grade="bmw", seats=4)
        leg = Leg.get(Leg.visit == row("江南智造集团"), Leg.way == "arrival")
        span = {"starts": begin, "ends": begin + timedelta(hours=2)}
        Booking.create(visit=leg.visit_id, resource=car, leg=leg, people=4, **span)
    async with at_desk(who, "林小雨") as at:
        assert "2 人没有车坐" in at.message()
        assert "浙A B8801" in at.fits()[4]


@IN_BOTH_LANGUAGES
@pytest.mark.parametrize("size", [(120, 30), (160, 45), (200, 50)])
async def test_much_of_one_kind_pushes_nothing_out_of_the_pane(
    who: Company, language: str, size: tuple[int, int]
) -> None:
    """R16: what is overdue, due, to be told and the cost stand beside the list, however much there is of one."""
    async with at_desk(who, "林小雨", language=language, size=size) as at:
        page = cast(Today, at.app.screen)
        assert page.shown is not None
        line = page.shown.lines[0]
        told = WaitingNotification("driver", "", "张德胜", (Phrase("today.label.next", {}),))
        late = line.soon[0]
        many = replace(line, to_notify=(told,) * 30, late=(late,) * 9, soon=(late,) * 30)
        lines = ["".join(text for text, _ in abreast(each)) for each in page.teller.pane(many, 38, size[1] - 8)]
        assert len(lines) <= size[1] - 8
        for label, n in (("late", 9), ("soon", 30), ("tell", 30)):
            place = lines.index(f"{page.w(f'today.label.{label}')} {n}")
            assert lines[place + 1].strip(), "one of them at least"
        assert "4,070" in "\n".join(lines)
        few = replace(many, to_notify=(told,), late=())
        assert len(page.teller.pane(few, 38, size[1] - 8)) >= size[1] - 9, "what one leaves the others take"


async def test_what_hurts_first_says_how_much_more_there_is(who: Company) -> None:
    """R16: a sign that is too long for its column is cut, not the number of those behind it."""
    async with at_desk(who, "林小雨", language="en") as at:
        page = cast(Today, at.app.screen)
        assert page.shown is not None
        line = page.shown.lines[0]
        for code in ("unconfirmed", "clash.gap.room", "unassigned"):
            alert = Alert(code, 1, line.due)
            assert cell_len(page.teller.alerts(replace(line, alerts=(alert,)), 9)) <= 9
            many = page.teller.alerts(replace(line, alerts=(alert, alert, alert)), 9)
            assert many.endswith(" +2")
            assert cell_len(many) <= 9


async def test_what_has_no_room_is_left_out_not_cut_short(who: Company) -> None:
    async with at_desk(who, "林小雨", language="en", size=(60, 20)) as at:
        page = cast(Today, at.app.screen)
        assert page.shown is not None
        long = replace(
            page.shown.lines[0], principal="Anna Maria Lindqvist", principal_post="Vice President Purchasing"
        )
        head = page.teller.detail(long, 60, 1)[0]
        assert isinstance(head, str)
        assert head.rstrip().endswith("lead host 周建国")
        assert cell_len(head) <= 60
        ahead = page.shown.tomorrow
        assert page.teller.tomorrow(ahead, 80).endswith("Distinguished guest")
        assert page.teller.tomorrow(ahead, 50).endswith("天山风电")
