"""Several people on one store: what one does the others see where they are, and nobody's work is lost or reverted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from models.form import MealEntry
from models.schema.arrangements import Leg
from models.schema.store import reading
from models.schema.tables import Stage, Task
from models.services import (
    arrangement_verbs,
    booking_verbs,
    client_verbs,
    day_verbs,
    person_verbs,
    resource_verbs,
    task_verbs,
)
from models.services.booking_verbs import WantedBooking
from models.services.resource_verbs import Thing
from screens.kit.dialogs import Dialog
from screens.kit.fields import TextField
from screens.kit.linelist import LineList
from tests.ui.build import at_desk, busy
from tests.unit.life import Company, submitted, visit_of
from tests.unit.life import form as filled

Act = Callable[[Company], object]


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    with busy(tmp_path) as made:
        yield made


def note(who: Company) -> object:
    return day_verbs.note(who.session("林小雨"), 1, "客人来过电话")


def met(who: Company) -> object:
    return day_verbs.met(who.session("林小雨"), 1, expected=visit_of(1).version)


def another_request(who: Company) -> object:
    times = {"arrive": datetime(2026, 12, 10, 9), "depart": datetime(2026, 12, 10, 16)}
    wanted = filled(who, "business", host="李卫东", client="海峡电力", headcount=3, meals=(), lodging=(), **times)
    return submitted(who, wanted)


def first_task() -> Task:
    """The first task of the first visit."""
    with reading():
        return Task.get(Task.visit == 1, Task.state == "open")


def ticked(who: Company) -> object:
    task = first_task()
    return task_verbs.tick(who.session("林小雨"), task.id, expected=task.version)


def planned(who: Company) -> object:
    with reading():
        stage = Stage.get(Stage.visit == 1, Stage.stage == "talks")
    return day_verbs.plan_stage(who.session("林小雨"), stage.id, expected=visit_of(1).version, place="蓝厅")


def delayed(who: Company) -> object:
    number = leg_of(1)
    return day_verbs.delay(who.session("林小雨"), number, "12:34", expected=visit_of(1).version)


def leg_of(visit: int) -> int:
    with reading():
        return int(Leg.get(Leg.visit == visit, Leg.way == "arrival").id)


def handed_over(who: Company) -> object:
    return day_verbs.hand_over(who.session("林小雨"), 1, who.ids["王海峰"], expected=visit_of(1).version)


def booked(who: Company) -> object:
    car = resource_verbs.add_resource(who.session("林小雨"), "car", Thing("浙A·K7777", "BMW", "bmw", 7))
    begin = datetime(2026, 11, 30, 10)
    wanted = WantedBooking(begin, begin + timedelta(hours=1), resource=car, way="arrival")
    return booking_verbs.book(who.session("林小雨"), 1, wanted, expected=visit_of(1).version)


def dined(who: Company) -> object:
    entry = MealEntry(on=date(2026, 11, 30), guests=6, meal="dinner", venue="in_house", place="竹轩")
    return arrangement_verbs.save_meal(who.session("林小雨"), 1, None, entry, expected=visit_of(1).version, reasons={})


def renamed(who: Company) -> object:
    return person_verbs.change_person(who.session("李卫东"), who.ids["方晓静"], expected=1, phone="13355557777")


def another_car(who: Company) -> object:
    return resource_verbs.add_resource(who.session("林小雨"), "car", Thing("浙A·K7777", seats=6))


def liked(who: Company) -> object:
    """Of every client, so that it is said of the chosen one."""
    return [client_verbs.change_client(who.session("林小雨"), n, expected=1, likes="爱喝龙井") for n in range(1, 5)]


OPENED: dict[str, tuple[int, ...]] = {
    "visit": (1,), "resources": (), "clients": (), "notifications": (), "journal": (),
}  # fmt: skip
"""Screens that are opened over another, with what."""
SCREENS = [
    ("today", (), met, "已接"),
    ("calendar", (), delayed, "12:34"),
    ("requests", ("left",), another_request, "海峡电力"),
    ("checklist", (), ticked, "主陪 1/7"),
    ("register", ("right",), renamed, "13355557777"),
    ("today", ("f4",), booked, "K7777"),
    ("today", ("f9",), note, ""),
    ("today", ("f12",), met, "江南智造集团"),
    ("resources", (), another_car, "K7777"),
    ("clients", (), liked, "爱喝龙井"),
    ("notifications", (), delayed, "12:34"),
    ("journal", (), note, "客人来过电话"),
    ("visit", ("1",), met, "接待中"),
    ("visit", ("2",), planned, "蓝厅"),
    ("visit", ("3",), handed_over, "王海峰"),
    ("visit", ("4",), delayed, "12:34"),
    ("visit", ("5",), booked, "K7777"),
    ("visit", ("6",), dined, "竹轩"),
    ("visit", ("7",), ticked, "[x]"),
    ("visit", ("9",), note, "客人来过电话"),
    ("visit", ("0",), note, "客人来过电话"),
]


@pytest.mark.parametrize(("screen", "keys", "act", "says"), SCREENS)
async def test_what_another_did_is_seen_where_one_is(
    who: Company, screen: str, keys: tuple[str, ...], act: Act, says: str
) -> None:
    """Within one look at the journal, with the cursor on its row, whatever came or went."""
    async with at_desk(who, "林小雨", "today" if screen in OPENED else screen) as at:
        if screen in OPENED:
            at.app.open(screen, *OPENED[screen])
            await at.rest()
        before = await at.press(*keys, *(() if screen == "calendar" else ("down",)))
        assert not says or says not in before
        page = at.app.screen
        lists = [(each, each.key, each.top) for each in page.query(LineList) if each.display]
        focused = at.app.focused
        act(who)
        seen = await at.tick()
        assert says in seen
        assert at.app.screen is page
        assert at.app.focused is focused
        for each, key, _ in lists:
            assert each.key == key or key not in {row.key for row in each.rows}


async def test_a_request_appears_while_a_decision_is_typed(who: Company) -> None:
    """The list below the box is read anew; what is typed in the box stays, and so does the cursor in it."""
    async with at_desk(who, "王海峰", "approvals") as at:
        await at.press("enter")
        box = at.app.screen
        assert isinstance(box, Dialog)
        field = box.query_one("#words", TextField)
        field.focus()
        await at.put("请注意")
        focused, typed = at.app.focused, field.value
        another_request(who)
        await at.tick()
        assert at.app.focused is focused
        assert field.value == typed
        assert "海峡电力" in await at.press("escape")


async def test_two_edits_at_once_one_wins_and_the_other_is_told(who: Company) -> None:
    """Also where the page below has been read anew meanwhile: nobody overwrites what they have not seen."""
    async with at_desk(who, "林小雨") as at:
        at.app.open("visit", 1, "stages")
        await at.rest()
        with reading():
            at.list.key = str(Stage.get(Stage.visit == 1, Stage.stage == "talks").id)
        await at.press("enter")
        await at.press("down")
        await at.put("红厅")
        planned(who)
        await at.tick()
        told = await at.press("enter")
        assert "林小雨刚改过这里" in told
        assert "红厅" in told
        with reading():
            assert Stage.get(Stage.visit == 1, Stage.stage == "talks").place == "蓝厅"
        await at.press("enter")
        await at.agree()
        with reading():
            assert "红厅" in Stage.get(Stage.visit == 1, Stage.stage == "talks").place


async def test_two_ticks_at_once_one_wins_and_the_other_is_told(who: Company) -> None:
    async with at_desk(who, "林小雨") as at:
        at.app.open("visit", 1, "tasks")
        await at.rest()
        task = first_task()
        at.list.key = str(task.id)
        await at.rest()
        ticked(who)
        await at.press("space")
        assert "刚改过这项任务（" in at.message()
        with reading():
            assert Task.get_by_id(task.id).state == "done", "the tick of the first stays"


async def test_undo_reverts_nothing_that_another_did(who: Company) -> None:
    """One's own tick was taken back and made again by a colleague: that tick is theirs."""
    async with at_desk(who, "林小雨") as at:
        at.app.open("visit", 1, "tasks")
        await at.rest()
        task = first_task()
        at.list.key = str(task.id)
        await at.rest()
        await at.press("space")
        colleague = who.session("王海峰")
        for verb in (task_verbs.untick, task_verbs.tick):
            with reading():
                now = Task.get_by_id(task.id)
            verb(colleague, task.id, expected=now.version)
        await at.tick()
        await at.press("z")
        assert "王海峰刚改过这项任务" in at.message()
        with reading():
            assert Task.get_by_id(task.id).done_by_id == who.ids["王海峰"]
