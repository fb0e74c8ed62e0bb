"""The program on each example regulation: every screen opens sensibly, in both languages and at both sizes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from models.policy.model import words_of
from models.schema.store import reading
from models.schema.tables import Step
from models.words import cell_len
from tests.ui.arranged import At
from tests.ui.look import lines_of
from tests.ui.regulations import NAMES, Organisation, applicant, at_work, busy, form, organisation

AT_ONCE = ("branch", "briefing_centre", "us_university")
"""Those that differ most, by city, scores and versions; all of them in the long run."""
pytestmark = pytest.mark.parametrize(
    "name", [name if name in AT_ONCE else pytest.param(name, marks=pytest.mark.long) for name in NAMES]
)
TABS = ("today", "calendar", "requests", "approvals", "checklist", "standards", "statistics", "register")
TIER = {"zh": re.compile("级别|等级"), "en": re.compile(r"\btiers?\b", re.IGNORECASE)}


@contextmanager
def working(path: Path, name: str) -> Iterator[tuple[Organisation, dict[str, int]]]:
    """The organisation of an example on a morning with visits."""
    with organisation(path, name) as who:
        yield who, busy(who)


def decider(who: Organisation, visit: int) -> str:
    """A post at which the request lies; where nobody decides it, the head of the department that looks after it."""
    with reading():
        step = Step.get_or_none(Step.visit == visit, Step.state == "current")
    owner = who.policy.kind(str(form(who).kind)).owner
    return str(step.posts[0] if step else who.policy.department(owner).head)


class Look:
    """Somebody at the program, and every page they saw: in one language at 80×24, then in the other at 60×20."""

    def __init__(self, at: At, who: Organisation) -> None:
        self.at, self.who = at, who
        self.seen: dict[str, list[str]] = {"zh": [], "en": []}

    async def turn(self) -> None:
        """The other language, and a small window."""
        await self.at.app.do_language()
        await self.at.pilot.resize_terminal(60, 20)
        await self.at.rest()

    async def press(self, *keys: str) -> str:
        """What is in sight after these keys; it fits its window and speaks of tiers only where there are some."""
        await self.at.press(*keys)
        lines = lines_of(self.at.app)
        text = "\n".join(lines)
        assert all(cell_len(line) <= self.at.app.size.width for line in lines), text
        language = self.at.app.w.language
        assert self.who.policy.tiers or not TIER[language].search(text), text
        self.seen[language].append(text)
        return text

    async def tabs(self, over: str) -> None:
        """Every tab, and its help or menu."""
        for screen in TABS:
            self.at.app.go(screen)
            await self.at.rest()
            await self.press()
            await self.press(over)
            await self.at.press("escape")
            if screen == "standards":
                await self.press("f5")
                await self.press("f5")
                await self.at.press("escape", "escape")

    async def visit(self, number: int) -> None:
        """Every tab of a visit."""
        self.at.app.open("visit", number)
        await self.at.rest()
        first = await self.press()
        while await self.press("right") != first:
            pass
        await self.at.press("escape")


@asynccontextmanager
async def looking(who: Organisation, post: str, start: str, name: str) -> AsyncIterator[Look]:
    """The holder of a post at the program; every other example begins in English."""
    language = ("zh", "en")[NAMES.index(name) % 2]
    async with at_work(who, post, start, language=language) as at:
        yield Look(at, who)


async def test_every_screen(tmp_path: Path, name: str) -> None:
    """Tabs, help and menus, a visit in each of some states, the first run, the wizard; in the organisation's words."""
    with working(tmp_path, name) as (who, found):
        async with looking(who, decider(who, found["submitted"]), "today", name) as one:
            await one.tabs("f1")
            for state in ("submitted", "approved", "done"):
                await one.visit(found[state])
            await one.turn()
            await one.tabs("f2")
            await one.visit(found["under_way"])
        async with looking(who, applicant(who, str(form(who).kind)), "first_run", name) as other:
            await wizard(other, found["draft"])
        for language, asked in other.seen.items():
            assert_asked(who, language, "\n".join(asked))
        said = {language: "\n".join(one.seen[language] + other.seen[language]) for language in one.seen}
        for label in who.policy.labels.values():
            assert any(label.say(language).casefold() in text.casefold() for language, text in said.items()), label


async def wizard(look: Look, draft: int) -> None:
    """The first run, then the pages of a draft: forth in one language, back in the other."""
    await look.press()
    look.at.app.open("wizard", draft)
    await look.at.rest()
    await look.press()
    for _ in range(4):
        await look.press("pagedown")
    await look.turn()
    await look.press()
    for _ in range(4):
        await look.press("pageup")


def assert_asked(who: Organisation, language: str, text: str) -> None:
    """City and scores are asked for by who makes use of them, and by nobody else."""
    w = words_of(who.policy, language)
    assert w("wizard.page.plan") in text
    assert (f" {w('extra.city')} " in text) == (who.name == "branch")
    assert ({"zh": "商机金额", "en": "Size of the deal"}[language] in text) == (who.name == "briefing_centre")
