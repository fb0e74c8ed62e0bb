"""The journal by keyboard: opened from anywhere, filtered, turned, and a visit opened from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.services import day_verbs
from models.words import cell_len, words
from screens.visit.visit_screen import VisitScreen
from tests.ui.build import at_desk, busy
from tests.ui.look import IN_TWO_WINDOWS, lines_of
from tests.unit.life import Company


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    with busy(tmp_path) as made:
        yield made


@IN_TWO_WINDOWS
async def test_it_is_read_filtered_and_a_visit_opened(who: Company, language: str, size: tuple[int, int]) -> None:
    day_verbs.note(who.session("林小雨"), 1, "客人来过电话")
    w = words(language)
    async with at_desk(who, "林小雨", language=language, size=size) as at:
        drawn = await at.press("f11")
        assert w("journal.title") in drawn.splitlines()[0]
        assert "客人来过电话" in drawn
        assert all(cell_len(line) <= size[0] for line in lines_of(at.app))
        await at.press("f4")
        await at.put("周建国")
        drawn = await at.press("enter")
        while w("journal.filter") in drawn:
            drawn = await at.press("enter")
        assert "周建国" in drawn.splitlines()[0]
        assert "客人来过电话" not in drawn
        await at.press("enter")
        assert isinstance(at.app.screen, VisitScreen)


async def test_what_is_written_meanwhile_appears_and_the_cursor_stays(who: Company) -> None:
    async with at_desk(who, "林小雨") as at:
        await at.press("f11", "down", "down")
        key = at.list.key
        day_verbs.note(who.session("刘晓燕"), 1, "刚刚写的")
        assert "刚刚写的" in await at.tick()
        assert at.list.key == key
