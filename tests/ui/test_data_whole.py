"""Data is shown whole, or with a mark: every list of every screen with long data in every field."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from models.policy.table_text import TABLES
from models.schema.store import reading
from models.schema.tables import Visit
from screens.kit.choices import Pick
from screens.visit.tab import TABS
from tests.sample import Sample
from tests.ui.build import Opened, at_desk
from tests.ui.look import IN_BOTH_LANGUAGES, shown
from tests.ui.overlong import cut_without_a_mark, overlong
from tests.unit.life import Company

ALL_WINDOWS = pytest.mark.parametrize(
    ("language", "size"),
    [
        ("en", (60, 20)),
        pytest.param("zh", (80, 24), marks=pytest.mark.long),
        pytest.param("zh", (60, 20), marks=pytest.mark.long),
        pytest.param("en", (80, 24), marks=pytest.mark.long),
    ],
)
STARTS = ("today", "calendar", "requests", "approvals", "checklist", "standards", "register")
KEYS: dict[str, tuple[str, ...]] = {
    "today": ("down", "down", "right", "f2"),
    "calendar": ("enter", "down", "f4", "down", "f2"),
    "requests": ("down", "right", "down", "f2"),
    "approvals": ("right", "down", "space", "escape", "f2"),
    "checklist": ("down", "right", "f2"),
    "register": ("right", "down", "f2"),
}


@pytest.fixture(scope="module")
def who(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with overlong(sample, tmp_path_factory.mktemp("overlong") / "store.db") as made:
        yield made


async def walked(at: Opened, keys: tuple[str, ...]) -> None:
    """Nothing is cut without a mark, now and after each key."""
    for key in ("", *keys):
        await at.press(*[key] if key else [])
        screen = shown(at.app)
        assert not (bad := cut_without_a_mark(screen)), f"{key}: {bad}\n{screen}"


@ALL_WINDOWS
@pytest.mark.parametrize("start", STARTS)
async def test_on_every_screen(who: Company, start: str, language: str, size: tuple[int, int]) -> None:
    async with at_desk(who, coordinator(who), start, language=language, size=size) as at:
        await walked(at, KEYS.get(start, ()))


@ALL_WINDOWS
@pytest.mark.parametrize("screen", ["clients", "resources", "lanes", "notifications", "handover"])
async def test_on_every_page_over_a_screen(who: Company, screen: str, language: str, size: tuple[int, int]) -> None:
    async with at_desk(who, coordinator(who), language=language, size=size) as at:
        at.app.open(screen)
        await at.rest()
        keys = {"resources": ("2", "3", "4"), "clients": ("down", "tab", "end")}.get(screen, ())
        await walked(at, ("down", *keys, "f2"))


@ALL_WINDOWS
async def test_in_every_table_of_the_regulation(who: Company, language: str, size: tuple[int, int]) -> None:
    """The Standards stand above; behind them each table, with what stands below its chosen row."""
    async with at_desk(who, coordinator(who), language=language, size=size) as at:
        for table in TABLES:
            at.app.open("tables", table)
            await at.rest()
            await walked(at, ("down", "end", "f2", "escape"))
            at.app.screen.dismiss()
            await at.rest()


@ALL_WINDOWS
async def test_on_every_tab_of_a_visit(who: Company, language: str, size: tuple[int, int]) -> None:
    for visit in visits():
        async with at_desk(who, coordinator(who), language=language, size=size) as at:
            at.app.open("visit", visit)
            await at.rest()
            for tab in TABS:
                at.app.screen.go_tab(tab)  # type: ignore[attr-defined]  # the screen of a visit
                await at.rest()
                await walked(at, ("down", "end", "f2", "escape"))
            at.app.open("receipts", visit)
            await at.rest()
            await walked(at, ("down", "end", "enter", "escape", "f5"))


BOXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "stages": (("enter",),),
    "travel": (("enter",), ("f4",)),
    "bookings": (("enter",), ("f4",)),
    "arrangements": (("enter",), ("f4", "1"), ("f4", "2"), ("f4", "3")),
    "costs": (("enter",), ("f4",)),
}
"""The keys that open each box of a tab."""


@ALL_WINDOWS
async def test_in_the_lists_that_boxes_choose_from(who: Company, language: str, size: tuple[int, int]) -> None:
    """Whatever drops down below a field of a box of a visit: a car, a place, a person, a guest."""
    dropped = set()
    async with at_desk(who, coordinator(who), language=language, size=size) as at:
        at.app.open("visit", visits()[0])
        await at.rest()
        page = at.app.screen
        for tab, boxes in BOXES.items():
            for keys in boxes:
                page.go_tab(tab)  # type: ignore[attr-defined]  # the screen of a visit
                await at.rest()
                await at.press(*keys)
                for field in at.app.screen.query(Pick):
                    field.editor.focus()
                    field.raw = ""
                    await at.press("enter")
                    if field.is_open:
                        dropped.add((tab, field.id))
                        await walked(at, ("down", "end"))
                        await at.press("escape")
                while at.app.screen is not page:
                    at.app.screen.dismiss(None)
                    await at.rest()
    assert {tab for tab, _ in dropped} == {"travel", "bookings", "arrangements"}, dropped


@IN_BOTH_LANGUAGES
@pytest.mark.parametrize("start", [start for start in STARTS if start != "standards"])
async def test_a_filter_without_a_hit(who: Company, start: str, language: str) -> None:
    """It says what was looked for, on every screen, and no screen says that there is nothing yet."""
    async with at_desk(who, coordinator(who), start, language=language) as at:
        screen = await at.press("f3", *"zzz")
        said = "没有与“zzz”相符的" if language == "zh" else "Nothing matches “zzz”"
        assert said in screen
        if start == "requests":
            assert ("只找了我的申请" if language == "zh" else "looked only through my requests") in screen
        assert at.app.w("register.empty") not in screen


def coordinator(who: Company) -> str:
    """Who has to do with every visit."""
    return next(name for name in who.ids if name == "林小雨")


def visits() -> list[int]:
    """One that is on, and one that is being settled."""
    with reading():
        return [Visit.get(Visit.state == state).id for state in ("under_way", "done")]
