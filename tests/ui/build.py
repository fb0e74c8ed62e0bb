"""The screens of the day on a company living by the default regulation, worked by keyboard; a day to look at."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from models.form import Form, FormGuest, FormLeg
from models.schema import journal
from models.services.request_verbs import new_draft, submit
from models.services.visits import Done
from models.words import cell_len
from tests.ui.arranged import EVIL, At
from tests.ui.look import lines_of
from tests.unit.life import Company, approved, company, form, submitted
from tui.app import Jiedai
from tui.cli.screens import status

MONDAY = datetime(2026, 11, 30, 7, 50)
"""The morning of the day to look at, a week after everything was filed."""
SIZES = [(80, 24), (60, 20), (120, 40)]


class Opened(At):
    """The program on one of the screens of the day."""

    async def tick(self) -> str:
        """Let the program look at the clock and at what others did, as it does every other second."""
        self.app.tick()
        return await self.rest()

    def fits(self) -> list[str]:
        """The lines of the screen, none of them longer than it is wide."""
        lines = lines_of(self.app)
        assert all(cell_len(line) <= self.app.size.width for line in lines)
        return lines


@asynccontextmanager
async def at_desk(
    who: Company, name: str, start: str = "today", *, language: str = "zh", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Opened]:
    """One of the people at the program, which begins with the screen `start`."""
    app = Jiedai(
        who.session(name), start=start, language=language, head=journal.changes, status=status,
        tabs=("today", "calendar", "requests", "approvals", "checklist", "standards", "register"),
    )  # fmt: skip
    async with app.run_test(size=size) as pilot:
        at = Opened(app, cast(Any, pilot))
        await at.rest()
        yield at


@contextmanager
def busy(path: Path) -> Iterator[Company]:
    """A company with a morning before it: three visits approved, one asked for, at 7:50 on the day."""
    with company(path) as who:
        approved(who, form(who, arrival=FormLeg("plane", "MU5187", "虹桥机场")))
        approved(who, at_noon(who))
        approved(who, next_day(who))
        submitted(who, asked(who))
        who.now = MONDAY
        yield who


def at_noon(who: Company) -> Form:
    """A visit of the same day that needs only the deputy."""
    times = {"arrive": MONDAY.replace(hour=13, minute=5), "depart": MONDAY.replace(hour=17, minute=0)}
    return form(who, "business", host="李卫东", client="苏能装备", headcount=9, meals=(), lodging=(), **times)


def next_day(who: Company) -> Form:
    """A visit of the day after."""
    times = {"arrive": datetime(2026, 12, 1, 9), "depart": datetime(2026, 12, 1, 16)}
    return form(who, "distinguished", host="何志明", client="天山风电", headcount=5, meals=(), lodging=(), **times)


def asked(who: Company) -> Form:
    """A request for the same afternoon."""
    times = {"arrive": MONDAY.replace(hour=16, minute=30), "depart": MONDAY.replace(hour=18)}
    return form(who, "business", host="李卫东", client="鹏程线缆", headcount=3, meals=(), lodging=(), **times)


def evil(who: Company) -> Done:
    """A request with hostile text in every field of text; the principal guest has a name of rare characters."""
    text = " ".join(EVIL)
    guests = (FormGuest(EVIL[1], text, text, text, principal=True), FormGuest(EVIL[2], EVIL[0], EVIL[0]))
    plain = form(who)
    made = replace(
        plain, client=text, reason=text, guests=guests, purpose_text=text, services_text=text, other_text=text,
        arrangements=text, arrival=FormLeg("plane", EVIL[0], text),
        departure=FormLeg("car", EVIL[0], text, plates=text),
        meals=tuple(replace(meal, place=text, note=text) for meal in plain.meals),
    )  # fmt: skip
    session = who.session("刘晓燕")
    saved = new_draft(session, made)
    return submit(session, saved.visit, expected=saved.version)
