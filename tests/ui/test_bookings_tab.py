"""The tab of bookings by keyboard: take what is proposed, book, move, release; a clash is answered with a reason."""

from __future__ import annotations

import re
from pathlib import Path

from models.form import FormGuest
from models.schema.arrangements import Booking
from models.schema.store import reading
from models.services import day_verbs
from tests.ui.arranged import opened
from tests.ui.look import IN_TWO_WINDOWS, lines_of
from tests.unit.booking import COORDINATOR, NINE, garage, now, row, version
from tests.unit.life import default_text, stages
from tests.unit.test_rebooking import arrival


def booked(visit: int) -> list[Booking]:
    """The bookings of a visit, in order of time."""
    with reading():
        return list(Booking.select().where(Booking.visit == visit).order_by(Booking.starts, Booking.id))


@IN_TWO_WINDOWS
async def test_what_is_proposed_is_booked_and_moved_and_released(
    tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东")
        async with opened(g.who, COORDINATOR, visit, language=language, size=size) as at:
            screen = await at.press("5")
            assert ("还应预订" if language == "zh" else "Should be booked") in screen
            assert "11-30 09:20-11:20 Bus" in screen
            screen = await at.press("space")
            assert ("新增 Bus: 11-30 09:20-11:20" if language == "zh" else "added Bus: 11-30 09:20-11:20") in screen
            await at.press("escape")
            assert booked(visit) == []
            await at.press("space")
            screen = await at.agree()
            assert ("已预订Bus" if language == "zh" else "Bus is booked") in screen
            await at.to("Bus")
            await at.press("home")
            await at.press("f5")
            assert "Bus 11-30 09:20-11:20 -> 10:00-12:00" in await at.type("+40")
            back = await at.press("escape")
            assert "11-30 10:00 - 11-30 12:00" in back
            assert booked(visit)[0].starts == NINE.replace(minute=20)
            await at.press("enter")
            assert "11-30 10:00-12:00 Bus" in await at.agree()
            await at.press("f5")
            await at.type("10:20-12:30")
            assert "11-30 10:20-12:30" in await at.agree()
            assert len(booked(visit)) == 1
            said = "取消 Bus: 11-30 10:20-12:30" if language == "zh" else "dropped Bus: 11-30 10:20-12:30"
            assert said in await at.press("delete")
            await at.press("escape")
            assert len(booked(visit)) == 1
            await at.press("delete")
            await at.agree()
            assert booked(visit) == []


@IN_TWO_WINDOWS
async def test_the_room_booked_for_a_stage_says_where_it_is(
    tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    """R28: the box of the stage says so, and another place is refused with nothing else of the box lost."""
    with garage(tmp_path) as g:
        visit = g.visit()
        g.book(visit, "R1", NINE.replace(hour=13, minute=30), 2, stage="talks")
        async with opened(g.who, COORDINATOR, visit, language=language, size=size) as at:
            await at.press("2")
            await at.to("业务洽谈" if language == "zh" else "Business talks")
            assert "R1" in next(line for line in lines_of(at.app) if line.startswith(">"))
            box = one_line(await at.press("enter"))
            assert ("要换请改预订" if language == "zh" else "for another, change the booking") in box
            await at.press("down", "end")
            await at.put("2")
            await at.press("down")
            await at.put("陈志远")
            box = one_line(await at.press("enter"))
            assert ("地点不能是“R12”：已为这个环节预订R1" if language == "zh" else "Place “R12”: booked is R1") in box
            assert "陈志远" in box
            await at.press("up", "end", "backspace", "enter")
            await at.agree()
            assert (stages(now(visit))["talks"].place, stages(now(visit))["talks"].people) == ("", "陈志远")


def one_line(screen: str) -> str:
    """What a box says, without its frame and the ends of its lines."""
    return " ".join(line.strip(" |") for line in screen.splitlines())


async def test_a_clash_wants_a_reason_which_is_shown(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        other, visit = g.visit(client="鹏程线缆"), g.visit("business", host="李卫东")
        one = g.book(other, "R1", NINE, 4).booking
        mine = g.book(visit, "R1", NINE.replace(hour=14), 1).booking
        async with opened(g.who, COORDINATOR, visit) as at:
            await at.press("5")
            await at.press("home")
            await at.to("14:00-15:00")
            await at.press("f5")
            screen = await at.type("10:00")
            assert "有冲突，要写理由" in screen
            assert "R1：09:00-13:00 另有安排（鹏程线缆）" in screen
            assert "新冲突: R1：09:00-13:00 另有安排（鹏程线缆）" in await at.type("两家一起座谈")
            screen = await at.agree()
            assert row(mine).reasons == {f"twice:{one}": "两家一起座谈"}
            assert "鹏程线缆用到 11-30 13:00（已定）" in screen
            assert "理由：两家一起座谈" in screen


async def test_another_car_is_chosen_and_says_why_one_is_not_free(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        other, visit = g.visit(client="鹏程线缆"), g.visit("business", host="李卫东", headcount=3)
        g.book(other, "Bus", NINE, 4, reasons={"grade:": "no other"})
        async with opened(g.who, COORDINATOR, visit) as at:
            await at.press("5", "f4")
            screen = await at.rest()
            assert "到 11-30 13:00 已定 鹏程线缆" in screen
            await at.type("Passat")
            await at.rest()
            assert "预订 Passat" in await at.rest()
            await at.press("enter")
            screen = await at.agree()
            assert "已预订Passat：11-30 09:20 至 11:20" in screen
            (made,) = booked(visit)
            assert (made.resource_id, made.people, made.guests) == (g.things["Passat"], 3, ["徐明哲"])
            assert made.leg_id == arrival(visit)


async def test_by_hand_it_is_for_what_the_line_under_the_cursor_is_for(tmp_path: Path) -> None:
    """R90: the one for whom no car of the class is free rides in another, which is for the arrival."""
    with garage(tmp_path) as g:
        visit = g.visit(headcount=5, guests=tuple(map(FormGuest, "甲乙丙丁戊")))
        async with opened(g.who, COORDINATOR, visit) as at:
            await at.press("5", "home", "space")
            await at.agree()
            await at.to("没有合适的车")
            await at.press("f4")
            await at.type("Passat")
            assert "帕萨特级，低于标准 宝马级" in await at.press("enter")
            await at.type("别无他车")
            await at.agree()
            made = next(each for each in booked(visit) if each.resource_id == g.things["Passat"])
            assert (made.leg_id, made.people, made.guests) == (arrival(visit), 1, ["戊"])
            await at.to("R1")
            await at.press("f4")
            await at.type("R2")
            await at.press("enter")
            await at.agree()
            made = next(each for each in booked(visit) if each.resource_id == g.things["R2"])
            assert (made.stage, made.people) == ("welcome", None)


async def test_a_room_booked_beside_a_car_is_not_for_the_pick_up(tmp_path: Path) -> None:
    """What it is for is taken over from the line under the cursor only by a thing of its kind, and by people."""
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东", headcount=3)
        g.book(visit, "Bus", NINE.replace(minute=20), 2, leg=arrival(visit))
        async with opened(g.who, COORDINATOR, visit) as at:
            for what in ("R2", "陈志远"):
                await at.press("5", "home")
                await at.to("Bus")
                await at.press("f4")
                await at.type(what)
                await at.press("enter")
                await at.agree()
            made = {each.resource_id: each.leg_id for each in booked(visit)}
            assert made == {g.things["Bus"]: arrival(visit), g.things["R2"]: None, None: arrival(visit)}


@IN_TWO_WINDOWS
async def test_who_has_no_seat_is_seated_in_the_car_that_is_booked(
    tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    """R91: Enter or a blank on the line; the car and its time stay as they are."""
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东", guests=tuple(map(FormGuest, "甲乙丙丁戊己")))
        g.book(visit, "Bus", NINE, 2, leg=arrival(visit), people=4, guests=("甲", "乙", "丙", "丁"))
        async with opened(g.who, COORDINATOR, visit, language=language, size=size) as at:
            assert ("再坐 2 人" if language == "zh" else "2 more") in await at.press("5")
            said = "没有车坐的 2 人坐已订的 Bus" if language == "zh" else "Space seats the 2 without seats in Bus"
            assert said in await at.to("戊 己")
            await at.press("space")
            await at.agree()
            (bus,) = [each for each in booked(visit) if each.leg_id == arrival(visit)]
            assert (bus.people, bus.guests, bus.starts) == (6, [*"甲乙丙丁戊己"], NINE)


async def test_who_rides_and_who_drives_is_changed(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东", headcount=3)
        g.book(visit, "Passat", NINE, 4)
        async with opened(g.who, COORDINATOR, visit) as at:
            await at.press("5", "home", "enter")
            await at.press("tab", "tab", "tab")
            await at.put("2")
            await at.press("tab", "space", "tab")
            await at.put("zds")
            await at.press("enter", "enter")
            await at.agree()
            (line,) = booked(visit)
            assert (line.people, line.guests, line.driver_id) == (2, ["徐明哲"], g.who.ids["张德胜"])
            assert "司机 张德胜" in await at.rest()


async def test_of_a_late_arrival_it_is_held_past_midnight(tmp_path: Path) -> None:
    """Where no line says a time, two hours from the arrival on are offered."""
    nothing_held = re.sub(r"\[\[booking\]\]\nthing = .*\nfor = (?:.*\n)+?\n", "", default_text())
    with garage(tmp_path, nothing_held) as g:
        late = NINE.replace(hour=23, minute=30)
        visit = g.visit("business", host="李卫东", arrive=late, depart=NINE.replace(month=12, day=1))
        async with opened(g.who, COORDINATOR, visit) as at:
            await at.press("5", "f4")
            assert "预订什么（11-30 23:30-12-01 01:30）" in await at.rest()


async def test_a_draft_books_nothing_and_says_why(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = g.visit()
        from models.services import day_verbs

        day_verbs.cancel(g.session, visit, "not coming", expected=version(visit))
        async with opened(g.who, COORDINATOR, visit) as at:
            await at.press("5", "f4")
            assert "已经取消" in at.message()


async def test_what_a_visit_that_is_off_held_is_said_not_to_be_held(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东")
        g.book(visit, "R1")
        day_verbs.cancel(g.session, visit, "not coming", expected=version(visit))
        async with opened(g.who, COORDINATOR, visit) as at:
            screen = await at.press("5")
            assert "不占用" in screen
            assert "待批" not in screen
