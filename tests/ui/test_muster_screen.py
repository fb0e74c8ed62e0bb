"""Who is on site by keyboard: one key from Today and from under a box's page, read only, up to date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.services import day_verbs
from models.words import cell_len, words
from tests.ui.build import Opened, at_desk, busy
from tests.ui.look import IN_TWO_WINDOWS, lines_of
from tests.unit.life import Company, visit_of


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    with busy(tmp_path) as made:
        yield made


def met(who: Company, visit: int) -> None:
    """The guests of a visit are met, by somebody else."""
    day_verbs.met(who.session("林小雨"), visit, expected=visit_of(visit).version)


def title(at: Opened) -> str:
    """What stands in the first line."""
    return lines_of(at.app)[0].split("  ")[1]


@IN_TWO_WINDOWS
async def test_one_key_opens_it_and_it_is_copied(who: Company, language: str, size: tuple[int, int]) -> None:
    met(who, 1)
    w = words(language)
    async with at_desk(who, "林小雨", language=language, size=size) as at:
        drawn = await at.press("f12")
        assert title(at).startswith(w("muster.head", at="07:50")[:4])
        assert "江南智造集团" in drawn
        assert "周建国" in drawn
        assert all(cell_len(line) <= size[0] for line in lines_of(at.app))
        await at.press("f5")
        assert "徐明哲" in at.app.clipboard
        await at.press("f12")
        assert at.message() == f"! {w('muster.open_already')}"
        assert w("commands.app.muster.name") not in await at.press("escape")
        await at.menu(w("commands.app.muster.name"))
        assert title(at).startswith(w("muster.head", at="07:50")[:4])


async def test_who_comes_meanwhile_appears_where_one_reads_on(who: Company) -> None:
    met(who, 1)
    async with at_desk(who, "林小雨", size=(60, 20)) as at:
        await at.press("f12")
        assert "苏能装备" not in await at.press("pagedown")
        met(who, 2)
        await at.tick()
        assert "苏能装备" in await at.press("end")
