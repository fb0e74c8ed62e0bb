"""Before an edit of an arranged visit is saved it says what it touches and whom to tell: Esc goes back to what was
typed, Enter saves (A33). On the tabs of stages, travel and bookings, and for a delay typed on Today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from models.schema.arrangements import Booking, Resource
from models.schema.store import reading, write
from models.services import day_verbs
from tests.ui.arranged import At, opened
from tests.ui.build import at_desk
from tests.ui.look import IN_BOTH_LANGUAGES
from tests.unit.booking import COORDINATOR, NINE, Garage, garage, now, version
from tests.unit.life import leg, stages

SAID = {
    "title": ("修改的影响", "What the change touches"),
    "again": ("有人刚改过，请再看", "changed meanwhile, look again"),
    "tell": ("要告诉", "To tell"),
    "nobody": ("不需再批", "Nobody has to decide again"),
    "foot": ("Enter 存，Esc 回去再改", "Enter saves, Esc goes back to it"),
    "place": ("迎宾入室地点 - -> 三楼", "place of Welcome - -> 三楼"),
    "time": ("迎宾入室时间 11-30 11:10 -> 11:30", "time of Welcome 11-30 11:10 -> 11:30"),
    "off": ("取消 环节: 迎宾入室", "dropped stage: Welcome"),
    "late": ("接站时间 11-30 10:20 -> 11:00", "pick-up time 11-30 10:20 -> 11:00"),
    "bus": ("Bus 11-30 09:20-11:20 -> 10:00-12:00", "Bus 11-30 09:20-11:20 -> 10:00-12:00"),
    "riders": ("Bus 9 人 -> 6 人", "Bus 9 on board -> 6 on board"),
}


@pytest.fixture
def g(tmp_path: Path) -> Iterator[Garage]:
    with garage(tmp_path) as made:
        with write():
            Resource.update(driver=made.who.ids["张德胜"]).where(Resource.name == "Bus").execute()
        yield made


def says(screen: str, language: str, *keys: str) -> None:
    """The box says each of these, in the reader's language."""
    text = " ".join(line.strip(" |") for line in screen.splitlines())
    for key in keys:
        assert SAID[key][language == "en"] in text, f"{SAID[key][language == 'en']}\n{screen}"


def booked(visit: int) -> Booking:
    """The only booking of a visit."""
    with reading():
        return Booking.get(Booking.visit == visit)


async def unboxed(at: At, language: str) -> None:
    """No box is left."""
    assert SAID["title"][language == "en"] not in await at.rest()


@IN_BOTH_LANGUAGES
async def test_a_stage(g: Garage, language: str) -> None:
    """R26, R35: another hour and place; left out, of which hosts and guests are told."""
    visit = g.visit()
    async with opened(g.who, COORDINATOR, visit, language=language) as at:
        await at.press("2")
        await at.to("迎宾" if language == "zh" else "Welcome")
        await at.press("enter")
        await at.put("11:30")
        await at.press("down")
        box = await at.type("三楼")
        says(box, language, "title", "nobody", "place", "time", "tell", "foot")
        assert "周建国" in box
        back = await at.press("escape")
        assert "三楼" in back
        assert "11:30" in back
        assert (stages(now(visit))["welcome"].place, version(visit)) == ("", now(visit).version)
        await at.press("enter", "enter")
        assert stages(now(visit))["welcome"].place == "三楼"
        await unboxed(at, language)
        says(await at.press("delete"), language, "title", "off", "tell")
        await at.press("escape")
        assert stages(now(visit))["welcome"].state == "planned"
        await at.press("delete", "enter")
        assert stages(now(visit))["welcome"].state == "not_applicable"


@IN_BOTH_LANGUAGES
async def test_a_stage_that_stays_as_it_is_asks_nothing(g: Garage, language: str) -> None:
    visit = g.visit()
    async with opened(g.who, COORDINATOR, visit, language=language) as at:
        await at.press("2", "enter", "enter")
        await unboxed(at, language)
        assert at.message()


@IN_BOTH_LANGUAGES
async def test_a_delay_on_the_tab_of_travel(g: Garage, language: str) -> None:
    """R26, R52: the car and its driver go along."""
    visit = g.visit("business", host="李卫东")
    g.book(visit, "Bus", NINE.replace(minute=20), 2, leg=leg(now(visit)).id)
    async with opened(g.who, COORDINATOR, visit, language=language) as at:
        await at.press("4", "f5")
        box = await at.type("+40")
        says(box, language, "title", "late", "bus", "tell")
        assert "张德胜" in box
        assert "2026-11-30 11:00" in await at.press("escape"), "what was typed, said in full"
        assert leg(now(visit)).expected is None
        await at.press("enter", "enter")
        await unboxed(at, language)
        assert leg(now(visit)).expected == datetime(2026, 11, 30, 11)
        assert booked(visit).starts == NINE.replace(hour=10)


@IN_BOTH_LANGUAGES
async def test_a_delay_on_today(g: Garage, language: str) -> None:
    """R26: the same box over Today."""
    visit = g.visit("business", host="李卫东")
    g.book(visit, "Bus", NINE.replace(minute=20), 2, leg=leg(now(visit)).id)
    g.who.now = NINE
    async with at_desk(g.who, COORDINATOR, language=language) as at:
        await at.press("d")
        says(await at.type("+40"), language, "title", "late", "bus", "tell")
        assert "2026-11-30 11:00" in await at.press("escape")
        await at.press("escape")
        assert leg(now(visit)).expected is None
        await at.press("d")
        await at.type("+40")
        await at.press("enter")
        await unboxed(at, language)
        assert leg(now(visit)).expected == datetime(2026, 11, 30, 11)


@IN_BOTH_LANGUAGES
async def test_another_time_of_a_booking_in_its_box(g: Garage, language: str) -> None:
    """R90: Enter on a booking: who rides in it."""
    visit = g.visit("business", host="李卫东")
    g.book(visit, "Bus", NINE, 2, people=9)
    async with opened(g.who, COORDINATOR, visit, language=language) as at:
        await at.press("5", "home", "enter", "tab", "tab", "tab")
        box = await at.type("6")
        says(box, language, "title", "riders", "tell")
        assert "张德胜" in box
        await at.press("escape")
        assert (booked(visit).people, at.app.screen.query_one("#people").value) == (9, 6)  # type: ignore[attr-defined]  # a NumberField
        await at.press("enter", "enter")
        await unboxed(at, language)
        assert booked(visit).people == 6


async def test_a_delay_is_not_lost_when_another_was_faster(g: Garage) -> None:
    """It is said who was faster, what is typed stays, and Enter goes on from what the visit is now."""
    visit = g.visit("business", host="李卫东")
    g.who.now = NINE
    async with at_desk(g.who, COORDINATOR) as at:
        await at.press("d")
        await at.put("+40")
        day_verbs.hand_over(g.session, visit, g.who.ids["王海峰"], expected=version(visit))
        assert "刚改过这次接待" in await at.press("enter")
        says(await at.press("enter"), "zh", "title", "late")
        await at.press("enter")
        await unboxed(at, "zh")
        assert leg(now(visit)).expected == datetime(2026, 11, 30, 11)


@IN_BOTH_LANGUAGES
async def test_what_another_changed_meanwhile_is_shown_before_it_is_agreed_to(g: Garage, language: str) -> None:
    """The box left open says anew what is touched where that is no longer the same, and saves nothing till then."""
    visit = g.visit("business", host="李卫东")
    g.who.now = NINE
    async with at_desk(g.who, COORDINATOR, language=language) as at:
        await at.press("d")
        says(await at.type("+40"), language, "title", "late", "tell")
        g.book(visit, "Bus", NINE.replace(minute=20), 2, leg=leg(now(visit)).id)
        await at.tick()
        says(await at.press("enter"), language, "again", "late", "bus", "tell")
        assert leg(now(visit)).expected is None
        await at.press("enter")
        await unboxed(at, language)
        assert leg(now(visit)).expected == datetime(2026, 11, 30, 11)


async def test_what_another_changed_does_not_ask_twice_where_it_makes_no_difference(g: Garage) -> None:
    visit = g.visit("business", host="李卫东")
    g.who.now = NINE
    async with at_desk(g.who, COORDINATOR) as at:
        await at.press("d")
        await at.type("+40")
        day_verbs.note(g.session, visit, "客人电话")
        await at.tick()
        await at.press("enter")
        await unboxed(at, "zh")
        assert leg(now(visit)).expected == datetime(2026, 11, 30, 11)
