"""A desk, commands and names for the stand-in screens. Run in a terminal by `run_stand_in.py`; imports no Textual."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from models.words import Words, words
from screens.kit import commands
from screens.kit.commands import Command
from screens.kit.shell import Status

EVIL = "[/x] [bold] =cmd() \x1b[2J\x1b]0;owned\x07"
NAMES = ("江南智造集团", EVIL, "买买提·吐尔逊", "𠮷野家", "华为科技")


@dataclass
class FakeSession:
    """A desk with a clock that can be set."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 26, 8, 2, 10, tzinfo=UTC))
    names: tuple[str, ...] = NAMES
    office: bool = False
    saved: str = ""
    """The file that the form saves to."""

    def clock(self) -> datetime:
        """The present."""
        return self.at


TAILS = (("open", "enter"), ("ask", "a"), ("drop", "x"), ("never", "n"), ("refused", "r"), ("broken", "b"))
KEYS = (*TAILS, ("crash", "c"), ("form", "f"))


@contextmanager
def stand_in_commands() -> Iterator[None]:
    """The stand-in's own commands in place of those of the screen `today`."""
    before = commands.BY_SCREEN["today"]
    rows = tuple(_row(tail, key) for tail, key in KEYS)
    commands.BY_SCREEN["today"] = rows
    known = [_said(language, tail) for language in ("zh", "en") for tail, _ in KEYS]
    try:
        yield
    finally:
        commands.BY_SCREEN["today"] = before
        for forget in known:
            forget()


def _row(tail: str, key: str) -> Command[Any]:
    """The stand-in's command of that name; one of them never applies."""
    needs = (lambda page: page.never(),) if tail == "never" else ()
    return Command(f"today.{tail}", (key,), lambda page: getattr(page, f"do_{tail}")(), needs, footer=key == "enter")


def _said(language: str, tail: str) -> Callable[[], None]:
    """Give a stand-in's command its words; what takes them away again."""
    w = words(language)
    w("commands.app.menu.name")
    area = w._areas["commands"]
    keys = [f"commands.today.{tail}.{part}" for part in ("name", "help", "short")]
    before = {key: area.get(key) for key in keys}
    area.update(dict.fromkeys(keys, f"试{tail}"))

    def forget() -> None:
        for key, text in before.items():
            area.pop(key, None)
            if text is not None:
                area[key] = text

    return forget


SCREENS = {"today": "tests.ui.stand_in:Board", "form": "tests.ui.stand_in:Form"}


def status(session: FakeSession, w: Words) -> Status:
    """What the title line and the tabs say."""
    return Status("林小雨 营销部", 3, {"today": 5})


def main() -> int:
    """Open the stand-in in this terminal: `run_stand_in.py [start [file that the form saves to]]`."""
    from tui import terminal

    refusal = terminal.refusal()
    if refusal is not None:
        print(words("zh").text(refusal))
        return 1
    session = FakeSession(saved=sys.argv[2] if len(sys.argv) > 2 else "")
    start = sys.argv[1] if len(sys.argv) > 1 else "today"
    with stand_in_commands():
        return terminal.run(session, start=start, screens=SCREENS, tabs=("today",), status=status)
