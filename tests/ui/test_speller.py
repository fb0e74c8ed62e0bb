"""Names are spelt behind the screens: once at a time, what is found by them is read anew, an error is an incident."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from models.services import person_verbs
from models.services.person_register import all_spelt
from models.words import pinyin
from screens.kit.linelist import LineList, Row
from tests.ui.build import at_desk
from tests.unit.life import company
from tui.app import ActorBox, Speller
from tui.cli.screens import spell


class Screens:
    """As much of the app as the speller needs."""

    def __init__(self) -> None:
        self.session = "desk"
        self.told: list[str] = []
        self.done = threading.Event()

    def spelt(self) -> None:
        self.told.append("spelt")

    def incident(self, error: BaseException) -> str:
        self.told.append(str(error))
        return "1"

    def call_from_thread(self, after: Callable[[], object]) -> None:
        after()
        self.done.set()


def test_what_was_spelt_is_read_anew_and_an_error_is_kept() -> None:
    for result, told in ((2, ["spelt"]), (ValueError("broken"), ["broken"])):
        screens = Screens()

        def work(session: str, result: object = result) -> int:
            assert session == "desk"
            if isinstance(result, Exception):
                raise result
            return 2

        Speller(screens, work).begin()
        assert screens.done.wait(300)
        assert screens.told == told


def test_it_is_done_once_at_a_time() -> None:
    begun, go_on, times = threading.Event(), threading.Event(), []

    def work(session: str) -> int:
        times.append(session)
        begun.set()
        go_on.wait(300)
        return 1

    screens = Screens()
    speller = Speller(screens, work)
    speller.begin()
    assert begun.wait(300)
    speller.begin()
    go_on.set()
    assert screens.done.wait(300)
    assert len(times) == 1


async def test_who_was_entered_on_a_loaded_machine_is_found_after_all(
    tmp_path: Path, spelling_by_another_process: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with company(tmp_path) as who:
        async with at_desk(who, "林小雨", "register") as at:
            person_verbs.add_person(who.session("林小雨"), "单于明")
            assert not all_spelt()
            monkeypatch.setattr(pinyin, "_ask", pinyin._look_up)
            assert spell(who.session("林小雨")) >= 1
            assert spell(who.session("林小雨")) == 0
            at.app.changed()
            await at.press("right", "f3", *"chanyu")
            assert ["单于明" in row.cells for row in at.list.rows] == [True]


async def test_who_is_spelt_while_one_is_asked_who_acts_is_found(tmp_path: Path) -> None:
    """At the first run everybody has just been entered when the box opens."""
    with company(tmp_path) as who:
        async with at_desk(who, "林小雨") as at:
            rows = [Row("1", ("王海峰",))]
            at.app._acting = ActorBox(at.app, lambda w: tuple(rows))
            at.app.choose_person()
            await at.rest()
            await at.put("wang")
            assert len(at.app.screen.query_one(LineList).rows) == 0
            rows[:] = [Row("1", ("王海峰",), find=("wang hai feng", "w h f"))]
            at.app.spelt()
            assert "王海峰" in await at.rest()
            assert [row.key for row in at.app.screen.query_one(LineList).rows] == ["1"]
