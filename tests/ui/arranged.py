"""Screens on a company with approved visits, worked by keyboard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from textual.events import Paste
from textual.pilot import Pilot

from models.schema import journal
from screens.kit.linelist import LineList
from screens.kit.page import Page
from tests.ui.look import lines_of, settled, shown
from tests.unit.life import Company
from tui.app import Jiedai
from tui.cli.screens import status

EVIL = ("[/x] [bold] =cmd() \x1b[2J", "买买提·吐尔逊", "𠮷")


@dataclass
class At:
    """The program on the screen, and the hands on its keys."""

    app: Jiedai
    pilot: Pilot[Any]

    @property
    def list(self) -> LineList:
        """The list of the page."""
        page = next(screen for screen in reversed(self.app.screen_stack) if isinstance(screen, Page))
        return next(each for each in page.query(LineList) if each.display)

    async def rest(self) -> str:
        """Wait until everything is read and written; what is on the screen."""
        await settled(self.pilot)
        assert self.app.incidents == []
        seen = shown(self.app)
        assert "\x1b" not in seen
        assert "\u202e" not in seen
        return seen

    async def press(self, *keys: str) -> str:
        """Press the keys, one after the other."""
        seen = "" if keys else shown(self.app)
        for key in keys:
            await self.pilot.press(key)
            seen = await self.rest()
        return seen

    async def put(self, text: str) -> None:
        """Type a text where the cursor is."""
        focused = self.app.screen.focused
        assert focused is not None
        focused.post_message(Paste(text))
        await self.rest()

    async def type(self, text: str) -> str:
        """Type a text where the cursor is, then Enter."""
        await self.put(text)
        return await self.press("enter")

    async def agree(self) -> str:
        """Enter in the box that says what an edit touches, which must be there; what is on the screen then."""
        assert self.app.w("change.impact") in shown(self.app)
        return await self.press("enter")

    async def menu(self, name: str) -> str:
        """Choose by name in the F2 menu."""
        await self.press("f2")
        box = self.app.screen.query_one(LineList)
        box.key = next(row.key for row in box.rows if row.cells[1].startswith(name))
        await self.rest()
        return await self.press("enter")

    async def to(self, text: str) -> str:
        """Move the list's cursor to the row that says `text`."""
        key = next(row.key for row in self.list.rows if any(text in cell for cell in row.cells))
        self.list.key = key
        return await self.rest()

    def message(self) -> str:
        """The message line."""
        return lines_of(self.app)[-2].strip()


@asynccontextmanager
async def opened(
    who: Company, name: str, visit: int = 0, *, language: str = "zh", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[At]:
    """The Checklist as one of the people opens it, with a visit opened over it where one is given."""
    session = who.session(name)

    def act_as(key: str) -> Any:
        return who.session(next(each for each, person in who.ids.items() if str(person) == key))

    app = Jiedai(
        session, start="checklist", language=language, head=journal.head, status=status, act_as=act_as,
        tabs=("checklist",),
    )  # fmt: skip
    async with app.run_test(size=size) as pilot:
        at = At(app, pilot)
        await at.rest()
        if visit:
            app.open("visit", visit)
            await at.rest()
        yield at
