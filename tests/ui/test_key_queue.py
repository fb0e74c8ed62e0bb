"""What is typed ahead of the screen goes where it would have gone had one waited."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from textual.app import ComposeResult
from textual.events import Key
from textual.pilot import Pilot

from models.queries.request_lists import RequestPreview, preview
from models.schema import journal
from models.services.session import Session
from models.services.task_verbs import assign
from screens.approvals import Decide
from screens.kit.dialogs import Ask, Menu
from screens.kit.fields import TextField
from screens.kit.linelist import LineList
from screens.kit.page import Page
from screens.wizard.wizard_screen import Wizard
from tests.ui.build import at_desk
from tests.ui.filing import filing, office
from tests.ui.look import ahead, lines_of, settled, shown
from tests.unit.life import Company, approved, came, company, form, leg, submitted, tasks, visit
from tui.app import Jiedai
from tui.key_queue import READ


class Slow(Page):
    """Space takes its time and then gives way to a field; `a` asks something."""

    WHERE = "below"
    AUTO_FOCUS = ""

    def body(self) -> ComposeResult:
        yield TextField("x", id="x")

    async def on_key(self, event: Key) -> None:
        if self.focused is None:
            event.prevent_default()
            self.run_worker(self.do_slowly() if event.key == "space" else self.do_ask(), group="do")

    async def do_slowly(self) -> None:
        """Takes longer than a person needs for the next key."""
        await asyncio.sleep(0.8)
        self.query_one(TextField).focus()

    async def do_ask(self) -> None:
        """Waits for a person."""
        self.query_one(TextField).value = await self.answer(Ask("?")) or ""


def slow() -> Jiedai:
    """The program with nothing but a slow screen."""
    session = SimpleNamespace(clock=lambda: datetime(2026, 11, 23, 9, tzinfo=UTC))
    return Jiedai(session, start="slow", tabs=(), screens={"slow": "tests.ui.test_key_queue:Slow"})


async def test_what_is_typed_waits_for_what_takes_its_time() -> None:
    app = slow()
    async with app.run_test() as pilot:
        await settled(pilot)
        ahead(app, "space", "b", "c")
        await pilot.pause(1.2)
        await settled(pilot)
        assert app.screen.query_one(TextField).value == "bc"


async def test_what_is_typed_for_a_dialog_does_not_wait_for_its_end() -> None:
    app = slow()
    async with app.run_test() as pilot:
        await settled(pilot)
        ahead(app, "a", "b", "c", "enter")
        await pilot.pause(0.3)
        await settled(pilot)
        assert app.screen.query_one(TextField).value == "bc"


async def test_keys_typed_ahead_wait_for_a_table_that_a_box_opens(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with filing(who, headcount=6) as at:
            await at.page(3)
            ahead(at.app, "space", *["tab"] * 3, "space", *["tab"] * 5, "7", "enter", "4", "enter", "3", "f4", "tab",
                        "tab", "space", "tab", "tab", "5", "f4", "tab", "3", "tab", "tab", "tab", "9")  # fmt: skip
            await at.rest()
            await at.pilot.pause(0.2)
            meals = at.wizard.form.meals
    assert [(each.meal, each.venue, each.companions, each.bottles, each.packs) for each in meals] == [
        ("lunch", "in_house", 7, 4, 3),
        ("dinner", "outside", 5, 0, 0),
        ("dinner", "outside", 9, 0, 0),
    ]


async def test_the_review_asks_for_what_is_owed_by_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the lead host was put there by page 4 a reason for another one was asked for; the late one's text went
    into its field and was lost."""
    with office(tmp_path) as who:
        async with filing(
            who, headcount=6, client="南岭变压器厂", arrive=datetime(2026, 11, 25, 9), depart=datetime(2026, 11, 25, 17)
        ) as at:
            await at.page(3)
            monkeypatch.setattr(Wizard, "judge_after", 30)
            ahead(at.app, "1", "pagedown", "pagedown", "x", "y")
            await at.rest()
            form = at.wizard.form
    assert form.reasons == {"late": "xy"}
    assert form.hosts == (who.ids["周建国"],)


async def test_one_may_decide_before_the_preview_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow_preview(session: Session, visit: int) -> RequestPreview | None:
        time.sleep(0.3)
        return preview(session, visit)

    with company(tmp_path) as who:
        submitted(who, form(who))
        second = submitted(who, form(who, client="苏能装备", arrive=datetime(2026, 12, 7, 9)))
        monkeypatch.setattr("screens.approvals.preview", slow_preview)
        async with at_desk(who, "王海峰", "approvals") as at:
            ahead(at.app, "down", "enter")
            await at.pilot.pause(1)
            assert isinstance(at.app.screen, Decide)
            assert at.app.screen.asked.visit == second.visit


async def test_the_parts_of_a_task_are_ticked_as_fast_as_one_types(tmp_path: Path) -> None:
    """R53: the second tick came before the screen knew of the first, and was refused as somebody else's change."""
    with company(tmp_path) as who:
        done = approved(who, form(who))
        row = tasks(done)["R53"]
        assign(who.session("方晓静"), row.id, who.ids["方晓静"], expected=row.version)
        async with at_desk(who, "方晓静", "checklist") as at:
            at.app.screen.query_one(LineList).key = str(row.id)
            await at.rest()
            ahead(at.app, "enter", "down", "space", "down", "space")
            await at.pilot.pause(0.4)
            await at.rest()
        parts = tasks(done)["R53"].parts
    assert [part["done"] for part in parts] == [True, True, False, False, False, False]


async def test_the_guests_go_on_as_fast_as_one_types(tmp_path: Path) -> None:
    """Due, on way, here, met: the second step was refused because somebody, oneself, had changed the visit."""
    with company(tmp_path) as who:
        done = approved(who, form(who))
        who.now = datetime(2026, 11, 30, 10, 20)
        async with at_desk(who, "林小雨") as at:
            ahead(at.app, "space", "space", "space")
            await at.pilot.pause(0.6)
            await at.rest()
    assert visit(done).state == "under_way"


class Hands:
    """Keys at set times on the screens of a company."""

    def __init__(self, who: Company, start: str = "today", name: str = "林小雨") -> None:
        self.seconds = 100.0
        self.app = Jiedai(
            who.session(name), start=start, head=journal.head, tabs=("today", "calendar", "requests", "approvals"),
            seconds=lambda: self.seconds,
        )  # fmt: skip

    @property
    def on_top(self) -> str:
        """What kind of screen is on top."""
        return type(self.app.screen).__name__

    async def type(self, pilot: Pilot[int], *keys: str, after: float = 0.0, each: float = 0.0) -> None:
        """So many seconds after what was typed last, at once or with so many between the keys."""
        self.seconds += after
        for key in keys:
            ahead(self.app, key)
            if each:
                await pilot.pause()
                await settled(pilot)
                self.seconds += each
        await pilot.pause()
        await settled(pilot)


@pytest.fixture
def a_person_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.key_queue.READ", READ)


@pytest.mark.usefixtures("a_person_reads")
@pytest.mark.parametrize("each", [0.0, 0.25])
async def test_what_follows_a_refused_key_is_swallowed(tmp_path: Path, each: float) -> None:
    """Guests who were met have no new time of arrival; `d` says so, and +40 with Enter is no walk through the tabs."""
    with company(tmp_path) as who:
        done = approved(who, form(who))
        came(who, done)
        hands = Hands(who)
        async with hands.app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await hands.type(pilot, "d", "+", "4", "0", "enter", each=each)
            assert hands.on_top == "Today"
            assert "!" in lines_of(hands.app)[-2], "the reason still stands there"
            await hands.type(pilot, "3", after=READ - each - 0.1)
            assert hands.on_top == "Today", "not read yet"
            await hands.type(pilot, "3", after=READ)
            assert hands.on_top == "Requests"


@pytest.mark.usefixtures("a_person_reads")
async def test_a_key_that_means_nothing_here_is_refused_too(tmp_path: Path) -> None:
    """`d` and +40 on the Calendar, where nobody can be late."""
    with company(tmp_path) as who:
        hands = Hands(who, "calendar")
        async with hands.app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await hands.type(pilot, "d", "4", "enter")
            assert hands.on_top == "Calendar"
            assert "这里没有 d 键" in lines_of(hands.app)[-2]
            await hands.type(pilot, "d", "f2", after=READ)
            assert hands.on_top == "Calendar"
            await hands.type(pilot, "f2", "x", "1", after=READ)
            assert hands.on_top == "Menu"
            assert "这里没有 x 键" in shown(hands.app)


@pytest.mark.usefixtures("a_person_reads")
async def test_what_cannot_be_chosen_swallows_what_follows(tmp_path: Path) -> None:
    """A number of the F2 menu that is barred, and keys meant for the box it would have opened."""
    with company(tmp_path) as who:
        hands = Hands(who)
        async with hands.app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await hands.type(pilot, "f2")
            menu = cast(Menu, hands.app.screen)
            barred = next(at for at, (*_, why) in enumerate(menu.entries) if why)
            await hands.type(pilot, *["down"] * barred, "enter", "1", "enter")
            assert hands.app.screen is menu
            await hands.type(pilot, "escape", after=READ)
            assert hands.on_top == "Today"


async def test_what_the_policy_of_digits_is_stands_in_f1(tmp_path: Path) -> None:
    """A digit means one thing on a screen: the tabs that stand there, the screen's own pages, or what has the focus."""
    with company(tmp_path) as who:
        done = approved(who, form(who))
        async with at_desk(who, "林小雨") as at:
            for screen, args, said in (
                ("today", (), "数字键换画面"),
                ("visit", (done.visit,), "数字键是这个画面自己的"),
                ("resources", (), "数字键是这个画面自己的"),
                ("wizard", (), "数字键选有光标的那一项"),
            ):
                if screen != "today":
                    at.app.open(screen, *args)
                await at.rest()
                assert said in (await at.press("f1")).replace("\n", "")
                await at.press("escape")
                page = at.app.screen
                assert isinstance(page, Page)
                kinds = {command.opens != "" for command in page.offered() if any(map(str.isdecimal, command.keys))}
                assert len(kinds) <= 1, "one meaning"


async def test_digits_of_the_wizard_are_its_fields(tmp_path: Path) -> None:
    """A flight typed at a choice turned pages and went into the client's name."""
    with office(tmp_path) as who:
        async with filing(who, client="江南", headcount=6) as at:
            await at.page(2)
            await at.to("arrival-mode")
            for key in "MU5187":
                await at.press(key)
            assert at.wizard.page == 2
            assert at.wizard.form.client == "江南"
            await at.page(3)
            await at.to("tier")
            await at.press("2")
            assert (at.wizard.page, at.wizard.form.tier) == (3, "distinguished")
            assert "这里只有 4 项" in await at.press("9")
            assert at.wizard.page == 3


@pytest.mark.usefixtures("a_person_reads")
async def test_enter_twice_in_one_burst_does_not_agree_to_what_nobody_has_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A delay typed on Today shows what it touches; the second Enter of one packet is swallowed, one of later saves."""
    monkeypatch.setattr("tui.key_queue.PAINTED", 0.01)  # as people have it; other tests agree at once
    with company(tmp_path) as who:
        done = approved(who, form(who))
        who.now = datetime(2026, 11, 30, 9)
        hands = Hands(who)
        async with hands.app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await hands.type(pilot, "d", "+", "4", "0", "enter", "enter", "enter")
            assert hands.on_top == "Impact"
            assert leg(done).expected is None
            await hands.type(pilot, "enter", after=READ + 0.1)
            assert hands.on_top == "Today"
            assert leg(done).expected == datetime(2026, 11, 30, 11)


async def test_what_stands_behind_the_ninth_is_not_chosen_by_a_letter(tmp_path: Path) -> None:
    """F2: a letter chooses nothing, such as to leave the program; with the arrows everything is reached."""
    with company(tmp_path) as who:
        async with at_desk(who, "林小雨") as at:
            await at.press("f2")
            menu = cast(Menu, at.app.screen)
            named = [command.id for command, *_ in menu.entries]
            assert len(named) > 9
            assert "app.leave" in named[9:]
            for key in "abcdefghi":
                await at.press(key)
                assert at.app.screen is menu
            assert at.app.is_running
            await at.press(*["down"] * named.index("app.leave"))
            assert menu.query_one(LineList).key == str(named.index("app.leave"))
