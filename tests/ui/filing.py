"""Filing requests by keyboard: the program on a small company, and what is typed into the wizard."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.events import Paste
from textual.pilot import Pilot

from models.form import Form
from models.schema.store import reading
from models.schema.tables import Visit
from models.services.visit_form import read_form
from screens.kit.page import Page
from screens.wizard.form_table import FormTable
from screens.wizard.wizard_screen import Wizard
from tests.ui.look import settled, shown
from tests.unit.life import Company, company
from tui.app import Jiedai

EVIL = "[/x] [bold] =cmd() \x1b[2J 买买提·吐尔逊 𠮷"


class Below(Page):
    """Whatever the wizard was opened from."""

    WHERE = "below"


@dataclass
class Filing:
    """Somebody at the wizard."""

    who: Company
    app: Jiedai
    pilot: Pilot[Any]

    @property
    def wizard(self) -> Wizard:
        """The wizard, on top."""
        assert isinstance(self.app.screen, Wizard)
        return self.app.screen

    @property
    def place(self) -> object:
        """Which field, row and cell has the focus."""
        focused = self.wizard.focused
        table = next((each for each in (focused, focused and focused.parent) if isinstance(each, FormTable)), None)
        return (table, table.row, table.column) if table is not None else focused

    async def rest(self) -> str:
        """Wait until typing is saved and judged; what is on the screen."""
        await settled(self.pilot)
        assert self.app.incidents == []
        return shown(self.app)

    async def type(self, *texts: str) -> None:
        """Each text into the field one is at, then on to the next field with Enter."""
        for text in texts:
            if text:
                focused = self.app.screen.focused
                assert focused is not None
                focused.post_message(Paste(text))
            await self.pilot.pause()
            await self.pilot.press("enter")
        await self.pilot.pause()

    async def press(self, *keys: str) -> str:
        """Keys one after the other, then rest."""
        await self.pilot.press(*keys)
        return await self.rest()

    async def page(self, number: int) -> str:
        """Turn to a page."""
        by = number - self.wizard.page
        return await self.press(*["pagedown" if by > 0 else "pageup"] * abs(by))

    async def to(self, name: str) -> None:
        """Tab on until the field with this id has the focus."""
        for _ in range(60):
            focused = self.app.screen.focused
            assert focused is not None
            if name in (focused.id, focused.parent.id if focused.parent else None):
                return
            await self.pilot.press("tab")
        raise AssertionError(f"no way to {name}")


@asynccontextmanager
async def filing(
    who: Company,
    visit: int | None = None,
    *,
    name: str = "刘晓燕",
    language: str = "zh",
    size: tuple[int, int] = (80, 24),
    **given: Any,
) -> AsyncIterator[Filing]:
    """The wizard open over another screen."""
    places = {"below": "tests.ui.filing:Below"}
    app = Jiedai(who.session(name), start="below", tabs=(), screens=places, language=language)
    Wizard.judge_after = 0.01
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        app.open("wizard", visit, **given)
        at = Filing(who, app, pilot)
        await at.rest()
        yield at


@contextmanager
def office(path: Path, **options: Any) -> Iterator[Company]:
    """A company on the default regulation, Monday 2026-11-23, 9:00."""
    with company(path, **options) as who:
        yield who


def stored() -> tuple[Visit, Form]:
    """The one visit there is."""
    with reading():
        row = Visit.select().get()
    return row, read_form(row)


def visits() -> int:
    """How many visits are stored."""
    with reading():
        return int(Visit.select().count())
