"""The papers of a visit by keyboard: from the visit, one after the other, turned and copied."""

from __future__ import annotations

from typing import Any, cast

from models.schema import journal
from models.words import cell_len
from screens.kit.linelist import LineList
from tests.ui.arranged import At
from tests.ui.look import IN_THREE_WINDOWS, lines_of
from tests.unit.life import Company, approved, form
from tui.app import Jiedai
from tui.cli.screens import status


@IN_THREE_WINDOWS
async def test_each_paper_is_read_beside_the_list(who: Company, language: str, size: tuple[int, int]) -> None:
    done = approved(who, form(who))
    app = Jiedai(who.session("林小雨"), start="today", language=language, head=journal.head, status=status,
                 tabs=("today",))  # fmt: skip
    async with app.run_test(size=size) as pilot:
        at = At(app, cast(Any, pilot))
        await at.rest()
        app.open("visit", done.visit)
        await at.rest()
        await at.press("o")
        listed = app.screen.query_one("#papers", LineList)
        seen = {}
        for _ in range(9):
            await at.rest()
            lines = lines_of(app)
            assert all(cell_len(line) <= size[0] for line in lines)
            seen[listed.key] = "\n".join(lines)
            await at.press("down")
        assert [*seen] == ["form", "plan", "brief", "welcome", "plates", "seating", "cars", "meals", "receipts"]
        assert "周建国" in seen["plan"]
        assert "+---" in seen["form"], "the table as it is printed, only narrower"
        assert all(name in seen["form"] for name in ("席卡", "派车单") if language == "zh")
        await at.press("home")
        first = lines_of(app)
        await at.press("right")
        assert lines_of(app) != first, "further down"
        await at.press("left")
        assert lines_of(app) == first
        await at.press("escape")
        assert done.visit == getattr(app.screen, "visit_id", None)
