"""A day as lanes by keyboard: what is free, what is not and why, in both languages and sizes."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from models.queries.booking_lists import Busy, gaps, lanes, next_free
from models.services import day_verbs
from models.words import Name, cell_len
from screens.lanes import bar
from tests.ui.arranged import EVIL
from tests.ui.build import at_desk
from tests.ui.look import IN_TWO_WINDOWS, lines_of
from tests.unit.booking import COORDINATOR, NINE, Garage, garage, version
from tests.unit.life import form, submitted

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
