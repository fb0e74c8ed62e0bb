"""Reading the screen of a program that runs without a terminal, and the windows it is read in."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App
from textual.events import Key
from textual.pilot import Pilot

IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.long)])
"""The same keys do the same in English: with the long tests."""
_LARGE = pytest.param("zh", (120, 40), marks=pytest.mark.long)
IN_TWO_WINDOWS = pytest.mark.parametrize(
    ("language", "size"), [("zh", (80, 24)), pytest.param("en", (60, 20), marks=pytest.mark.long)]
)
"""Each language in a window of its own, the longer words in the smaller one, that with the long tests: the same keys do
the same there. The snapshots and `test_data_whole` have it in every run."""
IN_THREE_WINDOWS = pytest.mark.parametrize(("language", "size"), [("zh", (80, 24)), ("en", (60, 20)), _LARGE])
"""Both in every run, and a large one."""


def lines_of(app: App[Any]) -> list[str]:
    """The lines on the screen, blanks at the ends dropped."""
    strips = app.screen._compositor.render_strips()
    return [strip.text.rstrip() for strip in strips]


def shown(app: App[Any]) -> str:
    """The screen as one text."""
    return "\n".join(lines_of(app))


def ahead(app: App[Any], *keys: str) -> None:
    """All these keys at once, as a slow line brings them."""
    for key in keys:
        character = " " if key == "space" else key if len(key) == 1 else None
        app.post_message(Key(key, character))


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until the program is at rest and everything is painted."""
    await pilot.pause()
