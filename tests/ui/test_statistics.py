"""Statistics by keyboard: groups, what is behind a figure, other spans and axes; both languages, both sizes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, cast

import pytest

from models.schema import journal
from models.schema.store import write
from models.words import cell_len
from screens.kit.linelist import LineList
from tests.ui.arranged import At
from tests.ui.look import IN_THREE_WINDOWS, lines_of
from tests.unit.life import Company
from tests.unit.test_figures import month_by_hand
from tui.app import Jiedai
from tui.cli.screens import status


@asynccontextmanager
async def opened(who: Any, *, language: str = "zh", size: tuple[int, int] = (80, 24)) -> AsyncIterator[At]:
    """The figures, as the coordinator sees them."""
    app = Jiedai(who.session("林小雨"), start="statistics", language=language, head=journal.head, status=status,
                 tabs=("today", "statistics"))  # fmt: skip
    async with app.run_test(size=size) as pilot:
        at = At(app, cast(Any, pilot))
        await at.rest()
        yield at


@pytest.fixture
def month(who: Company) -> Company:
    """A month as a desk added it up."""
    who.now = datetime(2026, 12, 31, 9)
    with write():
        month_by_hand()
    return who


def seen(at: At) -> str:
    return "\n".join(lines_of(at.app))


async def test_a_month_its_visits_and_one_of_them(month: Company) -> None:
    async with opened(month) as at:
        await at.press("end", "up")
        assert at.app.screen.query_one("#figures", LineList).key == "2026-12"
        assert "11,410" in seen(at)
        assert "11,406" in seen(at)
        assert "超标 2 批，各项超出合计 426，超标准 12%" in seen(at)
        await at.press("enter")
        assert "统计 2026 2026-12 8 批" in seen(at)
        await at.press("down", "enter")
        assert "2026-0002" in lines_of(at.app)[0]
        await at.press("escape", "escape")
        assert at.app.screen.query_one("#figures", LineList).key == "2026-12", "the cursor is where it was"


async def test_other_axes_and_spans(month: Company) -> None:
    async with opened(month) as at:
        await at.press("f4", *"级别", "enter")
        assert [row.cells[0] for row in at.app.screen.query_one("#figures", LineList).rows] == [
            "贵宾级", "嘉宾级", "商务级", "业务级", "合计",
        ]  # fmt: skip
        await at.press("f7")
        assert "统计 2026-Q4 按级别" in seen(at)
        await at.press("left")
        assert "统计 2026-Q3 按级别" in seen(at)
        assert "这段时间没有来访" in seen(at)
        await at.press("right", "f7")
        assert "统计 2026-12 按级别" in seen(at)
        before = seen(at)
        await at.press("f5")
        assert seen(at) != before, "the picture shows another figure"


async def test_nothing_behind_a_row_says_so(month: Company) -> None:
    async with opened(month) as at:
        await at.press("home", "enter")
        assert "这一行没有来访" in seen(at)


@IN_THREE_WINDOWS
async def test_every_figure_is_whole(month: Company, language: str, size: tuple[int, int]) -> None:
    async with opened(month, language=language, size=size) as at:
        await at.press("end")
        text = seen(at)
        assert "11,406" in text
        assert "29" in text
        assert "####" not in text
        assert all(cell_len(line) <= size[0] for line in lines_of(at.app))
        await at.press("enter")
        assert "5,640" in seen(at)
        assert "####" not in seen(at)
