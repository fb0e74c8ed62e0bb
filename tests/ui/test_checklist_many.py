"""Several tasks at once by keyboard, on the Checklist and in a visit: marked, ticked, taken back, reminded of."""

from __future__ import annotations

from datetime import datetime

import pytest

from models.services import task_verbs as verbs
from models.services.visits import Done
from models.words import cell_len
from screens.kit import dialogs
from tests.ui.arranged import opened
from tests.ui.look import IN_TWO_WINDOWS, lines_of
from tests.unit.life import Company, approved, form, tasks


@pytest.fixture
def vip(who: Company) -> Done:
    return approved(who, form(who))


def done(visit: Done) -> list[str]:
    return [duty for duty, row in tasks(visit).items() if row.state == "done"]


@IN_TWO_WINDOWS
async def test_marked_ones_are_ticked_together_and_taken_back(
    who: Company, vip: Done, language: str, size: tuple[int, int]
) -> None:
    async with opened(who, "方晓静", language=language, size=size) as at:
        car, plates = (next(row.key for row in at.list.rows if key in row.key) for key in keys(vip, "R52", "R55"))
        for key in (car, plates):
            at.list.key = key
            drawn = await at.press("f8")
        assert drawn.count("[+]") == 2
        assert all(cell_len(line) <= size[0] for line in lines_of(at.app))
        await at.press("space")
        assert done(vip) == ["R52", "R55"]
        assert "2" in at.message()
        await at.press("backspace")
        assert done(vip) == []
        await at.press("x", "x")
        assert "[+]" not in at.message()


async def test_marks_and_ticks_outlive_a_change_of_language(who: Company, vip: Done) -> None:
    async with opened(who, "方晓静") as at:
        at.list.key = next(key for key in keys(vip, "R52"))
        await at.press("space")
        at.list.key = next(key for key in keys(vip, "R55"))
        await at.press("x")
        await at.app.do_language()
        assert "[+]" in await at.rest()
        await at.press("z")
        assert done(vip) == [], "one's own tick is still known"


def keys(visit: Done, *duties: str) -> list[str]:
    return [str(tasks(visit)[duty].id) for duty in duties]


async def test_all_that_is_due_is_asked_for_once(who: Company, vip: Done) -> None:
    """R52: on the day before, all of the office that is due and wants nobody named."""
    who.now = datetime(2026, 11, 30, 18, 0)
    async with opened(who, "方晓静") as at:
        drawn = await at.press("f9")
        assert "都完成了吗" in drawn
        assert done(vip) == []
        await at.press("escape")
        assert done(vip) == []
        await at.press("f9", "2")
        ticked = done(vip)
        assert "R52" in ticked
        assert "R53" not in ticked, "somebody must be named first"
        await at.press("z")
        assert done(vip) == []


async def test_one_that_somebody_must_be_named_for_is_gone_to_first(who: Company, vip: Done) -> None:
    """A31."""
    async with opened(who, "方晓静") as at:
        at.list.key = keys(vip, "R53")[0]
        await at.press("f8", "space")
        assert "要先指定负责人" in at.message()
        assert done(vip) == []


async def test_what_waits_for_another_is_marked(who: Company, vip: Done) -> None:
    """A21: the flowers are bought before they are set out."""
    async with opened(who, "方晓静") as at:
        row = next(row for row in at.list.rows if row.key == keys(vip, "R54")[0])
        assert row.cells[0] == "[~]"
        at.list.key = row.key
        assert "先要完成：采购" in await at.rest()
        bought = tasks(vip)["R63"]
        verbs.tick(who.session("林小雨"), bought.id, expected=bought.version)
        await at.pilot.pause(1.8)
        await at.rest()
        assert next(each for each in at.list.rows if each.key == row.key).cells[0] == "[ ]"


@pytest.mark.parametrize(
    ("language", "size", "copied"), [("zh", (80, 24), "已交给终端复制"), ("en", (60, 20), "Handed to the terminal")]
)
async def test_a_reminder_is_shown_and_copied(
    who: Company, vip: Done, language: str, copied: str, size: tuple[int, int]
) -> None:
    row = tasks(vip)["R52"]
    verbs.assign(who.session("方晓静"), row.id, who.ids["张德胜"], expected=row.version)
    async with opened(who, "方晓静", language=language, size=size) as at:
        at.list.key = str(row.id)
        drawn = await at.press("f7")
        assert "张德胜" in drawn
        drawn = await at.press("1")
        assert all(cell_len(line) <= size[0] for line in lines_of(at.app))
        assert "张德胜" in drawn
        assert "江南智造集团" in drawn
        assert copied in await at.press("f5")
        assert at.app.clipboard.count("\n- ") == 1
        await at.press("escape", "f7", "3", "f5")
        assert at.app.clipboard.count("\n- ") == 5, "all that the office has to do"
        await at.press("escape")
        await at.press("f7", "2", "c")
        assert at.app.clipboard.count("\n- ") == 1, "all that the driver has to do"


async def test_a_text_too_long_for_a_terminal_is_only_shown(
    who: Company, vip: Done, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, "MOST", 100)
    async with opened(who, "方晓静") as at:
        await at.press("f7", "2")
        assert "太长" in await at.press("f5")
        assert at.app.clipboard == ""


async def test_only_ones_own_in_a_visit(who: Company, vip: Done) -> None:
    async with opened(who, "周建国", vip.visit) as at:
        at.app.screen.go_tab("tasks")  # type: ignore[attr-defined]  # the visit's
        await at.rest()
        assert len(at.list.rows) == 29
        await at.press("m")
        assert len(at.list.rows) == 3
        await at.press("m")
        assert len(at.list.rows) == 29
        await at.press("r")
        assert "周建国" in await at.press("2")
