"""The travel of a visit by keyboard: groups, their steps, delays, tickets; the line of tabs where not all fit."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from models.form import FormGuest, FormLeg
from models.schema.arrangements import Booking, Resource
from models.schema.store import write
from models.services.day_verbs import Journey, add_leg
from models.services.visits import Done
from models.words import cell_len
from tests.ui.arranged import EVIL, At, opened
from tests.ui.look import IN_THREE_WINDOWS, IN_TWO_WINDOWS, lines_of, shown
from tests.unit.booking import COORDINATOR, garage, now
from tests.unit.life import Company, approved, form, leg, stages, tasks, visit

DAY = datetime(2026, 11, 30)
GUESTS = (FormGuest("徐明哲", "董事长", principal=True), FormGuest("何丽"), FormGuest("宋平"))


@pytest.fixture
def vip(who: Company) -> Done:
    flight = FormLeg("plane", "MU5187", "虹桥机场", DAY.replace(hour=10, minute=20))
    done = approved(who, form(who, guests=GUESTS, arrival=flight))
    by_train = Journey(
        "train", "G7351", "杭州东站", "3 号出口", DAY.replace(hour=13, minute=10), ("何丽", "宋平"), None,
        who.ids["张德胜"], "13800001111",
    )  # fmt: skip
    done = add_leg(who.session("林小雨"), done.visit, "arrival", by_train, expected=done.version)
    who.now = DAY.replace(hour=10)
    return done


def line_of(at: At, text: str) -> str:
    """The line of the list that says so."""
    return next(line for line in lines_of(at.app)[4:16] if text in line)


@IN_THREE_WINDOWS
async def test_who_comes_how(who: Company, vip: Done, language: str, size: tuple[int, int]) -> None:
    """R26, R35, R104: each group with its train, time, state and car, in a window of any size."""
    with write():
        car = Resource.create(kind="car", name="浙A·12345", driver=who.ids["张德胜"])
        held = DAY.replace(hour=12)
        Booking.create(visit=vip.visit, resource=car, leg=leg(vip, position=1), starts=held, ends=held.replace(hour=14))
    async with opened(who, "林小雨", vip.visit, language=language, size=size) as at:
        drawn = await at.press("4")
        assert all(cell_len(line) <= size[0] for line in drawn.splitlines())
        tabs = drawn.splitlines()[1]
        assert ("4行程" if language == "zh" else "4Travel") in tabs
        assert "11-30 10:20" in line_of(at, "MU5187")
        assert "11-30 13:10" in line_of(at, "G7351")
        await at.to("G7351")
        screen = "\n".join(lines_of(at.app))
        assert "杭州东站  3 号出口" in screen
        assert "张德胜" in screen
        assert "浙A·12345" in screen


@IN_TWO_WINDOWS
async def test_the_line_of_tabs_goes_with_the_tab(
    who: Company, vip: Done, language: str, size: tuple[int, int]
) -> None:
    """Where not all tabs fit the one that is shown always does, and an arrow says on which side there are more."""
    async with opened(who, "林小雨", vip.visit, language=language, size=size) as at:
        for key in "1234567890":
            tabs = (await at.press(key)).splitlines()[1]
            assert f"{key}{at.app.w(f'visit.tab.{at.app.screen.tab}')}" in tabs  # type: ignore[attr-defined]  # Visit's
            assert cell_len(tabs) <= size[0]
            assert tabs[0] in " <"
            assert (tabs.rstrip()[-1] == ">") == (at.app.w("visit.tab.history") not in tabs)


async def test_one_group_after_the_other_by_space(who: Company, vip: Done) -> None:
    """R26, R28, R35: one key takes a group on; what was said by mistake is taken back."""
    async with opened(who, "林小雨", vip.visit) as at:
        await at.press("4")
        assert "空格 在途" in lines_of(at.app)[-1]
        for state in ("在途", "已到", "已接", "在访"):
            await at.press("space")
            assert state in line_of(at, "MU5187")
        assert visit(vip).state == "under_way"
        assert "4 人：在访" in at.message()
        assert "没有下一步" in await at.press("space")
        assert "已接" in line_of(at, "MU5187") or "已接" in (await at.press("backspace"))
        await at.to("G7351")
        await at.press("space")
        assert "何丽、宋平：在途" in at.message()
        await at.to("返")
        await at.press("end", "space")
        assert visit(vip).state == "done"
        await at.press("backspace")
        assert visit(vip).state == "under_way"


async def test_a_delay_moves_the_stages_and_the_tasks(who: Company, vip: Done) -> None:
    """R26, R68: typed as minutes more; what nobody set by hand goes along."""
    welcome, due = stages(vip)["welcome"].at, tasks(vip)["R68"].due
    async with opened(who, "林小雨", vip.visit) as at:
        await at.press("4", "f5")
        assert "看不懂时间" in await at.type("bald")
        await at.press(*["backspace"] * 4)
        await at.type("+40")
        await at.agree()
        assert "11-30 10:20>11:00" in line_of(at, "MU5187")
        assert "4 人改到 11-30 11:00" in at.message()
    assert welcome is not None
    assert due is not None
    assert stages(vip)["welcome"].at == welcome.replace(hour=11, minute=50)
    assert tasks(vip)["R68"].due == due.replace(hour=11, minute=50)


@pytest.mark.parametrize(
    ("language", "before", "said"),
    [("zh", "冲突已解: ", "解除冲突 1 处"), ("en", "clash solved: ", "1 clash solved")],
)
async def test_a_delay_says_which_clash_it_solves(tmp_path: Path, language: str, before: str, said: str) -> None:
    """A26: before and after it is saved; the car booked for the arrival follows, and is no longer wanted while another
    visit has it."""
    with garage(tmp_path) as g:
        mine, other = g.visit("business", host="李卫东"), g.visit("business", host="何志明", client="鹏程线缆")
        g.book(other, "Bus", DAY.replace(hour=8), 1.5)
        arrival = leg(now(mine)).id
        g.book(mine, "Bus", DAY.replace(hour=9, minute=20), 2, leg=arrival, reasons={"twice:1": "同车"})
        async with opened(g.who, COORDINATOR, mine, language=language) as at:
            await at.press("4", "f5")
            box = await at.type("+40")
            assert box.count(before) == 1
            await at.agree()
            assert said in at.message()


@IN_TWO_WINDOWS
async def test_a_group_is_added_changed_and_joined_again(
    who: Company, vip: Done, language: str, size: tuple[int, int]
) -> None:
    """A19: how many are left for the others is said; a name in two groups is refused, and nothing typed is lost."""
    async with opened(who, "林小雨", vip.visit, language=language, size=size) as at:
        await at.press("4", "end", "f4")
        assert "[ ] 徐明哲  [ ] 何丽  [ ] 宋平" in "\n".join(lines_of(at.app))
        await at.press("2", "3", "tab")
        await at.type("3")
        await at.agree()
        going = leg(vip, "departure", 1)
        assert (going.guests, going.people) == (["何丽", "宋平"], 3)
        await at.press("end", "home", "down")
        await at.press("enter")
        await at.press("home", "1")
        await at.press("tab", "tab", "right", "space", "tab")
        await at.type("/G20")
        await at.agree()
        assert leg(vip, position=1).guests == ["徐明哲", "何丽", "宋平"]
        assert (leg(vip, position=1).number, leg(vip, position=1).mode) == ("G7351/G20", "car")
        await at.press("delete")
        await at.agree()
        assert len(at.list.rows) == 3
        await at.press("home", "delete")
        assert at.message().startswith("!")


async def test_a_group_that_does_not_come_and_a_ticket(who: Company, vip: Done) -> None:
    """A26, R59: nobody of the group came; the tickets for the way back are noted with the time."""
    who.now = DAY.replace(hour=15)
    async with opened(who, "林小雨", vip.visit) as at:
        await at.press("4")
        await at.to("G7351")
        await at.menu("这批没有来")
        assert "未到" in line_of(at, "G7351")
        assert "只有返程可以记票" in await at.press("b")
        await at.press("end", "b")
        await at.type("G21 6 张")
        assert "返程票 G21 6 张（今天 15:00 已买）" in "\n".join(lines_of(at.app))
        history = await at.press("0")
        assert "记为未到 何丽、宋平" in history
        assert "返程票" in history


async def test_who_has_no_part_is_told_so(who: Company, vip: Done) -> None:
    async with opened(who, "何志明", vip.visit) as at:
        await at.press("4")
        for key in ("space", "f5", "enter", "f4"):
            assert "只有参与这次接待的人可以这样做" in await at.press(key)


async def test_hostile_text_is_text(who: Company, vip: Done) -> None:
    text = " ".join(EVIL)
    nasty = Journey("car", EVIL[0], text, text, DAY.replace(hour=16), (EVIL[1], EVIL[2]), None, None, EVIL[0], text)
    session = who.session("林小雨")
    add_leg(session, vip.visit, "arrival", nasty, expected=vip.version)
    async with opened(who, "林小雨", vip.visit) as at:
        await at.press("4")
        await at.to("[/x]")
        screen = "\n".join(lines_of(at.app))
        assert "买买提·吐尔逊" in screen
        assert "[/x] [bold]" in await at.press("enter")


async def test_long_labels_are_shown_in_full_and_the_choice_is_explained(who: Company, vip: Done) -> None:
    """The labels of a box stand one under the other, as wide as the widest; Space is said where one chooses."""
    async with opened(who, "林小雨", vip.visit, language="en") as at:
        await at.press("4", "enter")
        drawn = "\n".join(lines_of(at.app))
        assert re.search(r"Train or flight +MU5187_", drawn)
        assert re.search(r"Guests’ phone +_", drawn)
        assert "Space chooses" in drawn
        assert "Space chooses" not in await at.press("escape", "f5")


async def test_a_pasted_list_names_the_guests_of_a_group(who: Company) -> None:
    """Where the form has no names they are typed, or pasted line by line with whatever stands beside them."""
    done = approved(who, form(who, guests=(FormGuest("", "部长", principal=True),)))
    async with opened(who, "林小雨", done.visit) as at:
        await at.press("4", "f4")
        await at.put("徐明哲")
        await at.put("何丽\t部长\t138 0000 1111\r宋平\t科长")
        assert "徐明哲、何丽、宋平" in shown(at.app)
        await at.press("enter")
        await at.agree()
        assert leg(done, position=1).guests == ["徐明哲", "何丽", "宋平"]
