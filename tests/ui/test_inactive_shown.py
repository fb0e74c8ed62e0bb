"""Who is switched off bears a mark on every screen that names them for what is not over, in any window."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.words import called, cell_len, words
from tests.ui.arranged import opened
from tests.ui.look import IN_BOTH_LANGUAGES
from tests.unit.booking import garage
from tests.unit.leavers import NAMED, everywhere, off

WINDOWS = pytest.mark.parametrize("size", [(80, 24), (60, 20)])
TABS = {"2": "李卫东", "3": "周建国", "4": "赵启航", "5": "张德胜"}
"""By a tab's digit somebody whom its cursor comes by: at a stage, lead host, meeter, driver."""


@WINDOWS
@IN_BOTH_LANGUAGES
async def test_the_tabs_of_a_visit(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    with garage(tmp_path) as g:
        visit, _ = everywhere(g.who, g.things["BMW"])
        off(g.who, *NAMED)
        w = words(language)
        async with opened(g.who, "方晓静", visit, language=language, size=size) as at:
            for tab, name in TABS.items():
                drawn = await at.press(tab, "home")
                assert "!周" in drawn.splitlines()[3], "the head"
                seen = [drawn, *[await at.press("down") for _ in at.list.rows]]
                assert any(f"!{name}" in each for each in seen), tab
                told = "".join("".join(seen).split())
                assert "".join(w.people([called(name, False)]).split()) in told, tab
                assert all(cell_len(line) <= size[0] for each in seen for line in each.splitlines())


@WINDOWS
@IN_BOTH_LANGUAGES
async def test_tasks(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    """In the narrow column the name is shortened, not its mark; the detail says it in words."""
    with garage(tmp_path) as g:
        visit, _ = everywhere(g.who, g.things["BMW"])
        off(g.who, *NAMED)
        said = words(language).people([called("林小雨", False)])
        async with opened(g.who, "方晓静", visit, language=language, size=size) as at:
            await at.press("7")
            assert "!林小" in await at.to("!林小雨")
            assert said in await at.rest()
        async with opened(g.who, "方晓静", language=language, size=size) as at:
            for _ in range(12):
                if any("!林小雨" in cell for row in at.list.rows for cell in row.cells):
                    break
                await at.press("right")
            assert "!林小" in await at.to("!林小雨")
            assert said in await at.rest()
