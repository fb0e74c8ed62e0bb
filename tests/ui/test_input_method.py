"""Where an input method opens its window: at the terminal's cursor, which stands where one types, as it is laid out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from textual.widgets import Input

from models.policy.case import PlannedCost
from models.services.request_verbs import new_draft
from tests.ui.filing import Filing, filing, office
from tests.unit.life import Company, form


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    with office(tmp_path) as made:
        yield made


def typing(at: Filing) -> Input | None:
    """The editor one is in; None in a field of another kind."""
    return at.wizard.focused if isinstance(at.wizard.focused, Input) else None


@pytest.mark.parametrize("size", [(60, 20), pytest.param((80, 24), marks=pytest.mark.long)])
@pytest.mark.parametrize("page", [1, 2, 3, 4])
async def test_before_the_first_letter_of_every_field_and_cell(who: Company, page: int, size: tuple[int, int]) -> None:
    visit = new_draft(who.session("刘晓燕"), form(who, costs=(PlannedCost("gift", Decimal(2)),))).visit
    async with filing(who, visit, size=size) as at:
        await at.page(page)
        seen = set()
        for _ in range(40):
            await at.press("tab")
            editor = typing(at)
            if editor is not None:
                assert editor.content_region.area
                assert at.app.cursor_position == editor.cursor_screen_offset
                seen.add(at.app.cursor_position)
        assert len(seen) > 1


async def test_after_what_is_above_has_grown_or_the_window_is_another(who: Company) -> None:
    """A row more, a smaller window: the cursor goes with the cell."""
    async with filing(who) as at:
        await at.to("guests")
        for keys in (["f4"], ["f4"], ["a"], ["backspace"]):
            await at.press(*keys)
            editor = typing(at)
            assert editor is not None
            assert at.app.cursor_position == editor.cursor_screen_offset
        await at.pilot.resize_terminal(60, 20)
        await at.rest()
        editor = typing(at)
        assert editor is not None
        assert at.app.cursor_position == editor.cursor_screen_offset
