"""Changes on the day, and what they touch, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from models.queries.visit_history import waiting_notifications
from models.schema.arrangements import Booking, Resource
from models.schema.store import reading, write
from models.services import day_verbs
from models.services.request_verbs import submit
from models.services.visits import Done
from models.words import cell_len
from tests.ui.arranged import EVIL, At, opened
from tests.ui.build import at_desk
from tests.ui.look import IN_BOTH_LANGUAGES, ahead, lines_of
from tests.ui.morning import MORNING, arranged
from tests.unit.booking import COORDINATOR, NINE, Garage, garage, now, version
from tests.unit.life import Company, company, default_text, leg, said, stages, tasks, visit

# -- day actions -------------------------------------------------------------------------------------------------------
#
# Changes on the day and those to be told, by keyboard: seen before they are saved, nothing typed lost, told one by
# one.


DAY = pytest.mark.parametrize(("language", "size"), [("zh", (80, 24)), ("en", (80, 24)), ("zh", (60, 20))])


@pytest.fixture
def morning(who: Company) -> Done:
    done = arranged(who)
    who.now = MORNING
    assert waiting_notifications(who.session("林小雨")), "what was booked is to be told"
    return done


async def looked(at: At) -> str:
    """The screen, once what was typed has been looked at."""
    await at.pilot.pause(0.3)
    return await at.rest()


async def whole(at: At) -> str:
    """All pages of what the change touches."""
    seen = await looked(at)
    for _ in range(3):
        seen += await at.press("pagedown")
    return seen


@DAY
async def test_five_become_nine_on_the_morning(
    who: Company, morning: Done, language: str, size: tuple[int, int]
) -> None:
    """A33: three keys and the number; everything it touches is seen before it is saved, then what is told."""
    async with at_desk(who, "林小雨", language=language, size=size) as at:
        await at.press("f8", "down", "9")
        seen = await whole(at)
        zh = [
            "要 总经理 再批：来访人数", "人数 5 -> 9", "计划费用 1,800 -> 2,400 (+600)", "浙A B8801 5 人 6 座, 够 -> 9",
            "6 座, 不够", "10 人 20 座, 够", "5 客 + 7 陪 -> 9 客 + 7 陪", "住宿 5 人 1 晚 -> 9 人 1 晚", "桌牌 5 -> 9",
            "跟着人数改：用餐 1 次，住宿 1 次", "要告诉 7 处", "司机 张德胜  13800000002  人数 5 -> 9", "主陪 周建国",
            "办公室  人数 5 -> 9",
        ]  # fmt: skip
        en = [
            "headcount 5 -> 9", "plan total 1,800 -> 2,400 (+600)", "6 seats, fits -> 9 on 6 seats, too small",
            "20 seats, fits", "To tell (7)", "driver 张德胜", "meals 1, rooms 1",
        ]  # fmt: skip
        together = " ".join(line.strip() for line in seen.splitlines())
        assert [text for text in (zh if language == "zh" else en) if text not in together] == []
        assert all(cell_len(line) <= size[0] for line in lines_of(at.app))
        assert visit(morning).headcount == 5
        await at.press("enter")
        assert (visit(morning).state, visit(morning).headcount) == ("submitted", 9)
        assert "2026-0001" in at.message()


@pytest.mark.parametrize("typed", ["+40", "晚点40分钟"])
async def test_a_later_time_moves_car_room_and_tasks(who: Company, morning: Done, typed: str) -> None:
    """A33: the number of minutes is enough; driver, hosts and the guests' contact are told the time."""
    async with opened(who, "林小雨", morning.visit) as at:
        due = tasks(morning)["R53"].due
        await at.press("c")
        await at.put(typed)
        seen = await whole(at)
        for text in ("不需再批", "到达 11-30 10:20 -> 11:00", "浙A B8801 11-30 09:50-10:50 -> 10:30-11:30",
                     "项任务改期限",
                     "客人 徐明哲 董事长  13900000001  到达 11-30 10:20 -> 11:00"):  # fmt: skip
            assert text in seen, text
        await at.press("enter")
        assert tasks(morning)["R53"].due != due
        assert "待告知" in lines_of(at.app)[3]
        seen = await at.press("0")
        assert "到达 11-30 10:20 -> 11:00" in await at.press("enter")
        await at.press("escape", "w")
        assert "司机 张德胜" in seen or "司机 张德胜" in await at.rest()


async def test_another_first_guest_stands_behind_one_key(who: Company, morning: Done) -> None:
    async with at_desk(who, "林小雨") as at:
        await at.press("f8", "up")
        await at.put("李强 / 总工程师")
        seen = await whole(at)
        for text in ("客人 徐明哲 董事长 -> 李强 总工程师", "主宾 徐明哲 -> 李强", "不需再批"):
            assert text in seen, text
        await at.press("enter")
    assert visit(morning).state == "approved"


async def test_a_reason_is_asked_for_where_one_is_wanted(tmp_path: Path) -> None:
    """R81: what goes beyond a limit wants a reason, in a line of its own; what is typed stays until it is given."""
    text = default_text().replace('fields = ["tier", "headcount+", "lead_host"]', 'fields = ["tier", "lead_host"]')
    text += '\n[[check]]\nid = "crowd"\ntext = "太多人"\nbreach = "reason"\nwhen = { headcount = "8.." }\n'
    with company(tmp_path, text) as who:
        morning = arranged(who)
        who.now = MORNING
        async with at_desk(who, "林小雨") as at:
            await at.press("f8", "down", "9")
            assert "! 太多人" in await whole(at)
            await at.press("enter")
            assert "这里要填写" in await at.rest()
            assert visit(morning).headcount == 5
            await at.put("客户加派技术人员")
            await looked(at)
            await at.press("enter")
        assert visit(morning).headcount == 9
        assert "客户加派技术人员" in visit(morning).reasons.values()


async def test_what_cannot_be_read_or_changed_is_said(who: Company, morning: Done) -> None:
    async with at_desk(who, "林小雨") as at:
        await at.press("f8", "enter")
        assert "还没有改什么" in at.message()
        await at.put("abc")
        await looked(at)
        await at.press("enter")
        assert "有一格看不懂" in at.message()
    day_verbs.cancel(who.session("林小雨"), morning.visit, "改期", expected=morning.version)
    async with opened(who, "林小雨", morning.visit) as at:
        await at.press("c")
        assert "已经取消" in at.message()


async def test_what_is_typed_outlives_a_change_by_another(who: Company, morning: Done) -> None:
    async with at_desk(who, "林小雨") as at:
        await at.press("f8", "down", "4")
        await looked(at)
        day_verbs.note(who.session("刘晓燕"), morning.visit, "客人电话")
        met = day_verbs.hand_over(who.session("林小雨"), morning.visit, who.ids["王海峰"], expected=morning.version)
        await at.press("enter")
        assert visit(morning).version == met.version
        await looked(at)
        await at.press("enter")
    assert visit(morning).headcount == 4


async def test_the_time_that_was_read_is_said_in_full(who: Company, morning: Done) -> None:
    async with at_desk(who, "林小雨") as at:
        await at.press("f8")
        await at.put("+40")
        assert " 2026-11-30 11:00_" in await at.press("down")


async def test_nothing_is_saved_before_it_was_shown(who: Company, morning: Done) -> None:
    """A33: Enter right after the number only shows what it touches; a second one saves."""
    async with at_desk(who, "林小雨") as at:
        await at.press("f8", "down")
        ahead(at.app, "9", "enter")
        seen = await looked(at)
        assert "要 总经理 再批：来访人数" in seen
        assert "再按一次 Enter 存" in at.message()
        assert visit(morning).version == morning.version
        await at.press("enter")
        assert "等待再次审批" in at.message()


async def test_what_another_changed_meanwhile_is_listed_anew_and_said(who: Company, morning: Done) -> None:
    async with at_desk(who, "林小雨") as at:
        await at.press("f8", "down", "4")
        await looked(at)
        day_verbs.hand_over(who.session("林小雨"), morning.visit, who.ids["王海峰"], expected=morning.version)
        await at.tick()
        assert "有人刚改过这次接待" in at.message()
        assert "人数 5 -> 4" in await looked(at)


async def test_hostile_names_are_but_text(who: Company) -> None:
    morning = arranged(who, client=EVIL[0])
    async with opened(who, "林小雨", morning.visit) as at:
        await at.press("c", "up")
        for name in EVIL:
            await at.put(name)
            await whole(at)
            assert all(cell_len(line) <= 80 for line in lines_of(at.app))
        await at.press("enter", "w")
        assert all(cell_len(line) <= 80 for line in lines_of(at.app))


@DAY
async def test_those_to_be_told_are_ticked_off_one_by_one(
    who: Company, morning: Done, language: str, size: tuple[int, int]
) -> None:
    n = waiting_notifications(who.session("林小雨"))
    left = "待告知 {}" if language == "zh" else "To tell {}"
    async with at_desk(who, "林小雨", language=language, size=size) as at:
        seen = await at.press("f7")
        assert left.format(n) in seen
        await at.to("张德胜")
        assert "13800000002" in await at.rest()
        await at.press("space")
        assert left.format(n - 1) in await at.rest()
        assert "[x]" in await at.rest()
        await at.press("backspace")
        assert left.format(n) in await at.rest()
        seen = await at.press("f5")
        assert "浙A B8801" in seen
        await at.press("escape", "enter")
        assert "2026-0001" in lines_of(at.app)[0]


async def test_a_change_that_waits_is_taken_back(who: Company, morning: Done) -> None:
    async with opened(who, "林小雨", morning.visit) as at:
        await at.press("c", "down", "9")
        await looked(at)
        await at.press("enter")
        assert visit(morning).state == "submitted"
        await at.menu("撤回修改")
        assert (visit(morning).state, visit(morning).headcount) == ("approved", 5)
        assert "照原批准的安排" in at.message()


async def test_cancelled_and_restored(who: Company, morning: Done) -> None:
    """A26: who knew of the visit is told that it is off, and that it is on again."""
    off = day_verbs.cancel(who.session("林小雨"), morning.visit, "改期", expected=morning.version)
    async with opened(who, "林小雨", morning.visit) as at:
        seen = await at.press("w")
        assert "取消 11-30 10:20 5 人" in seen
        await at.to("张德胜")
        await at.press("space", "escape")
    draft = day_verbs.restore(who.session("林小雨"), morning.visit, expected=off.version)
    again = submit(
        who.session("刘晓燕"), morning.visit, expected=draft.version, reasons={"notice": "改回原期", "late": "改回原期"}
    )
    for name in ("王海峰", "周建国"):
        again = said(who, name, again)
    async with opened(who, "林小雨", morning.visit) as at:
        seen = await at.press("w")
        assert "照常 11-30 10:20 5 人" in seen


async def test_the_form_shows_what_its_change_touches_before_it_is_saved(who: Company, morning: Done) -> None:
    """A33: also of a change made in the wizard; Esc goes back to it, Enter saves."""
    async with opened(who, "林小雨", morning.visit) as at:
        seen = await at.press("e", "pagedown", "pagedown", "pagedown", "pagedown")
        for _ in range(10):
            if "修改的影响" not in seen:
                seen = await at.press("end", "enter")
        assert "修改的影响" in seen
        assert "不需再批" in seen
        await at.press("escape")
        assert visit(morning).version == morning.version
        await at.press("enter")
        await at.press("enter")
        assert "已修改" in at.message()
    assert visit(morning).version == morning.version + 1


# -- impact ------------------------------------------------------------------------------------------------------------
#
# Before an edit of an arranged visit is saved it says what it touches and whom to tell: Esc goes back to what was
# typed, Enter saves (A33). On the tabs of stages, travel and bookings, and for a delay typed on Today.


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
