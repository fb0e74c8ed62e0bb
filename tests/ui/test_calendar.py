"""The calendar and the lanes by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from models.queries.booking_lists import Busy, gaps, lanes, next_free
from models.schema.store import reading
from models.schema.tables import Visit
from models.services import day_verbs
from models.services.arrangement_verbs import amend
from models.words import Name, cell_len
from screens.calendar import Calendar, MonthGrid
from screens.lanes import bar
from screens.wizard.wizard_screen import Wizard
from tests.ui.arranged import EVIL
from tests.ui.build import MONDAY, SIZES, Opened, at_desk, busy, evil
from tests.ui.look import IN_THREE_WINDOWS, IN_TWO_WINDOWS, lines_of, shown
from tests.unit.booking import COORDINATOR, NINE, Garage, garage, version
from tests.unit.life import Company, company, form, submitted

# -- calendar ----------------------------------------------------------------------------------------------------------
#
# The Calendar by keyboard: month, day, week, dates that are typed.


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    with busy(tmp_path) as made:
        yield made


def day(at: Opened) -> date:
    """The day under the cursor."""
    return at.app.screen.query_one("#grid", MonthGrid).day


WORDS = {
    "zh": ("日历 2026 年 11 月", "11-30 周一  3 批", "待审批 1 批"),
    "en": ("Calendar 2026-11", "11-30 Mon  3 visits", "1 waits"),
}


@IN_THREE_WINDOWS
async def test_the_month_beside_the_day(who: Company, language: str, size: tuple[int, int]) -> None:
    """R3, R29: each day with its highest tier and how many visits; beside it who comes on the chosen day."""
    title, sums, pending = WORDS[language]
    async with at_desk(who, "林小雨", "calendar", language=language, size=size) as at:
        lines = at.fits()
        screen = "\n".join(lines)
        assert title in lines[0]
        assert sums in screen
        assert pending in screen
        assert ">30" in screen
        assert {"zh": "贵" if size[0] < 78 else "贵3", "en": "V3"}[language] in screen
        assert [row.cells[0] for row in at.list.rows] == ["10:20", "13:05", "16:30"]
        assert "周建国" in screen


async def test_days_weeks_and_months_by_key(who: Company) -> None:
    async with at_desk(who, "林小雨", "calendar") as at:
        await at.press("left")
        assert day(at) == date(2026, 11, 29)
        assert "*30" in shown(at.app), "today is marked when the cursor is elsewhere"
        await at.press("right", "right")
        assert day(at) == date(2026, 12, 1)
        assert "2026 年 12 月" in lines_of(at.app)[0]
        assert "天山风电" in shown(at.app)
        await at.press("pageup")
        assert day(at) == date(2026, 11, 1)
        await at.press("t")
        assert day(at) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("typed", "found"),
    [("+3", date(2026, 12, 3)), ("周五", date(2026, 12, 4)), ("12-1", date(2026, 12, 1)), ("fri", date(2026, 12, 4))],
)
async def test_a_date_is_typed(who: Company, typed: str, found: date) -> None:
    async with at_desk(who, "林小雨", "calendar") as at:
        await at.press("f5")
        await at.type("不是日子")
        assert "看不懂日期" in shown(at.app)
        await at.press(*["backspace"] * 4)
        await at.type(typed)
        assert day(at) == found


async def test_enter_goes_to_the_day_and_then_to_the_visit_and_esc_back(who: Company) -> None:
    async with at_desk(who, "林小雨", "calendar") as at:
        await at.press("enter")
        assert at.list.has_focus
        await at.press("enter")
        assert not isinstance(at.app.screen, Calendar)
        await at.press("escape")
        assert isinstance(at.app.screen, Calendar)
        await at.press("escape")
        assert at.app.screen.query_one("#grid").has_focus


@pytest.mark.parametrize("size", SIZES)
async def test_the_week_day_by_day(who: Company, size: tuple[int, int]) -> None:
    async with at_desk(who, "林小雨", "calendar", size=size) as at:
        screen = "\n".join((await at.press("f4"), *at.fits()))
        for text in ("11-30 周一  3 批", "12-01 周二", "12-05 周六", "待审批", "李卫东"):
            assert text in screen
        await at.press("down")
        await at.press("enter")
        assert not isinstance(at.app.screen, Calendar)
        await at.press("escape", "right")
        assert "12-07 周一" in shown(at.app)
        await at.press("f4")
        assert day(at) == date(2026, 12, 7)
        assert at.app.screen.query_one("#grid").has_focus


async def test_a_visit_whose_change_is_decided_is_a_running_one(who: Company) -> None:
    """A26, A33: it does not count among what waits for approval."""
    with reading():
        row = Visit.get(Visit.client_name == "江南智造集团")
    amend(who.session("林小雨"), row.id, form(who, headcount=12), expected=row.version)
    async with at_desk(who, "林小雨", "calendar") as at:
        assert "待审批 1 批" in shown(at.app)
        assert "2026-0001 改动待批" in shown(at.app)


async def test_holidays_and_shifted_working_days_are_marked(who: Company) -> None:
    """A4: the calendar knows the public holidays and the weekends that are worked for them; else says it does not."""
    who.now = datetime(2026, 10, 1, 9)
    async with at_desk(who, "林小雨", "calendar") as at:
        screen = shown(at.app)
        assert "休" in screen
        assert "放假" in screen
        await at.press("f5")
        await at.type("2050-5-1")
        assert "本程序没有2050年的放假安排" in "".join(shown(at.app).split())


async def test_a_new_request_for_the_day(who: Company) -> None:
    async with at_desk(who, "刘晓燕", "calendar") as at:
        await at.press("right", "right", "n")
        assert isinstance(at.app.screen, Wizard)
        assert "12-02" in await at.press("pagedown")


async def test_midnight_and_others(who: Company) -> None:
    async with at_desk(who, "林小雨", "calendar") as at:
        await at.press("left")
        who.now = datetime(2026, 12, 1, 0, 0, 3)
        assert "*30" not in await at.tick()
        assert day(at) == date(2026, 11, 29), "the cursor stays"
        await at.press("right")
        with reading():
            row = Visit.get(Visit.client_name == "苏能装备")
        day_verbs.cancel(who.session("林小雨"), row.id, "客户改期", expected=row.version)
        assert "苏能装备" not in await at.tick()


async def test_the_language_changes_and_the_cursor_stays(who: Company) -> None:
    async with at_desk(who, "林小雨", "calendar") as at:
        await at.press("left", "left")
        assert "Calendar 2026-11" in await at.menu("English")
        assert day(at) == date(2026, 11, 28)


@IN_THREE_WINDOWS
async def test_hostile_text_is_text(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    with company(tmp_path) as who:
        evil(who)
        who.now = MONDAY
        async with at_desk(who, "林小雨", "calendar", language=language, size=size) as at:
            assert "[/x]" in "\n".join(at.fits())
            await at.press("f4")
            assert EVIL[0][:11] in "\n".join(at.fits())


# -- lanes -------------------------------------------------------------------------------------------------------------
#
# A day as lanes by keyboard: what is free, what is not and why, in both languages and sizes.


DAY = date(2026, 11, 30)
WHY = {
    "zh": "现在 鹏程线缆用到 13:00  下次空 13:00",
    "en": "now held for 鹏程线缆 until 13:00  next free 13:00",
}


def morning(g: Garage) -> int:
    """A bus from nine to one, and asked for by somebody else from three; at ten past nine."""
    visit = g.visit("business", host="李卫东", client="鹏程线缆")
    g.book(visit, "Bus", NINE, 4)
    asked = submitted(g.who, form(g.who, "business", host="何志明", client="远东电缆")).visit
    g.book(asked, "Bus", NINE.replace(hour=15), 4)
    g.who.now = NINE.replace(minute=10)
    return visit


@IN_TWO_WINDOWS
async def test_what_is_free_and_why_not(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    with garage(tmp_path) as g:
        morning(g)
        async with at_desk(g.who, COORDINATOR, language=language, size=size) as at:
            await at.press("v", "home", "down")
            screen = await at.rest()
            at.fits()
            bus = next(line for line in screen.splitlines() if "Bus " in line)
            assert "[鹏程线" in bus
            assert "(远东电" in bus
            assert WHY[language] in screen
            assert "06:00-09:00 13:00-15:00 19:00-22:00" in screen
            screen = await at.press("right", "home", "down")
            assert "[" not in next(line for line in screen.splitlines() if "Bus " in line)
            screen = await at.press("left", "home", "down", "enter", "enter")
            assert "2026-0001" in screen
            assert "Bus" in screen


async def test_from_the_calendar_and_from_a_visit_on_its_day(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        morning(g)
        async with at_desk(g.who, COORDINATOR, "calendar") as at:
            assert "占用  今天" in await at.press("v")
            assert "占用  明天" in await at.press("right")
            await at.press("f5")
            await at.put("12-4")
            assert "占用  12-04" in await at.press("enter")
            assert "占用  今天" in await at.press("t")
            await at.press("home", "down", "enter")
            assert "占用  今天" in await at.press("v")


async def test_others_text_is_shown_as_text(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        text = " ".join(EVIL)
        g.book(g.visit("business", host="李卫东", client=text), "Bus", NINE, 9)
        g.add("room", EVIL[0][:40])
        g.who.now = NINE
        async with at_desk(g.who, COORDINATOR) as at:
            await at.press("v")
            at.fits()
            assert "[[/x] [bold] =cmd()" in "\n".join(lines_of(at.app))


def test_a_bar_has_a_cell_for_every_part_of_an_hour_whatever_is_in_it() -> None:
    spans = [(8, 12), (11, 13), (13, 13), (14, 15), (5, 7), (21, 26)]
    busy = tuple(Busy(_at(a), _at(b), n, "江南智造", Name.of(""), n % 2 == 0) for n, (a, b) in enumerate(spans))
    for each in (1, 2, 3, 4, 6):
        drawn = bar(busy, DAY, 6, 22, each)
        assert cell_len(drawn) == each * 16
        assert all(ord(char) < 128 or char in "江南智造" for char in drawn)
    assert "!" in bar(busy, DAY, 6, 22, 3)


def _at(hour: int) -> datetime:
    return datetime(2026, 11, 30, hour) if hour < 24 else datetime(2026, 12, 1, hour - 24)


def test_gaps_and_next_free(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东")
        g.book(visit, "Bus", NINE, 2)
        g.book(visit, "Bus", NINE.replace(hour=11), 1)
        lane = lanes(g.session, DAY).lane(f"car:{g.things['Bus']}")
        assert lane is not None
        hours = [(a.hour, b.hour) for a, b in gaps(lane, DAY, NINE.time(), datetime(2026, 1, 1, 18).time())]
        assert hours == [(12, 18)]
        assert next_free(lane, NINE.replace(minute=30)) == NINE.replace(hour=12)
        assert next_free(lane, NINE.replace(hour=14)) == NINE.replace(hour=14)
        day_verbs.cancel(g.session, visit, "off", expected=version(visit))
        assert all(not lane.busy for lane in lanes(g.session, DAY).lanes)


def test_only_what_is_held_at_the_same_time_is_marked() -> None:
    """Two visits that share a cell one after the other are no clash."""

    def held(start: int, end: int, visit: int) -> Busy:
        at = datetime(2026, 11, 30)
        return Busy(at.replace(hour=start // 60, minute=start % 60), at.replace(hour=end // 60, minute=end % 60), visit,
                    "客户", Name.of(""), True)  # fmt: skip

    after = (held(480, 610, 1), held(610, 720, 2))
    assert "!" not in bar(after, DAY, 6, 22, 2)
    assert bar((held(480, 610, 1), held(600, 720, 2)), DAY, 6, 22, 3).count("!") == 1
    assert "!" not in bar((held(480, 610, 1), held(540, 720, 1)), DAY, 6, 22, 2)
