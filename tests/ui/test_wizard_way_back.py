"""Out of a table of the wizard the way one came: up from its first row, Shift+Tab from its first cell."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from textual.widget import Widget

from models.policy.case import PlannedCost
from models.services.request_verbs import new_draft
from screens.wizard.form_table import FormTable
from tests.ui.filing import Filing, filing, office
from tests.unit.life import Company, form


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    with office(tmp_path) as made:
        yield made


def field(at: Filing) -> Widget:
    """The field one is at, of a table the table."""
    focused = at.wizard.focused
    assert focused is not None
    inside = [each for each in focused.ancestors_with_self if isinstance(each, FormTable)]
    return inside[0] if inside else focused


@pytest.mark.parametrize("size", [(80, 24), pytest.param((60, 20), marks=pytest.mark.long)])
@pytest.mark.parametrize(("page", "table"), [(1, "guests"), (3, "meals"), (3, "lodging"), (3, "costs")])
@pytest.mark.parametrize("key", ["up", "shift+tab"])
async def test_out_of_a_table_backwards(who: Company, page: int, table: str, key: str, size: tuple[int, int]) -> None:
    """Also from its second row, and again after having come in from below; what was typed stays."""
    visit = new_draft(who.session("刘晓燕"), form(who, costs=(PlannedCost("gift", Decimal(2)),))).visit
    async with filing(who, visit, size=size) as at:
        await at.page(page)
        await at.to(table)
        await at.press("f4")
        here = at.wizard.query_one(f"#{table}", FormTable)
        assert field(at) is here
        for _ in range(40):
            if field(at) is not here:
                break
            await at.pilot.press(key)
            await at.rest()
        assert field(at) is not here
        chain = at.wizard.focus_chain
        assert chain.index(at.wizard.focused) < chain.index(here)  # type: ignore[arg-type]  # something has the focus
        assert len(here.texts) >= 2
