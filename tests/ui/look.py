"""Reading the screen of a program that runs without a terminal, and the windows it is read in."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

IN_TWO_WINDOWS = pytest.mark.parametrize(("language", "size"), [("zh", (80, 24)), ("en", (60, 20))])
"""Each language in a window of its own, the longer words in the smaller one; the snapshots have every pair."""
IN_THREE_WINDOWS = pytest.mark.parametrize(
    ("language", "size"), [("zh", (80, 24)), ("en", (60, 20)), ("zh", (120, 40))]
)
"""The same, and a large one."""


def lines_of(app: App[Any]) -> list[str]:
    """The lines on the screen, blanks at the ends dropped."""
    strips = app.screen._compositor.render_strips()
    return [strip.text.rstrip() for strip in strips]


def shown(app: App[Any]) -> str:
    """The screen as one text."""
    return "\n".join(lines_of(app))


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until reading threads are done and everything is painted."""
    for _ in range(2):
        while any(not worker.is_finished and worker.group != "do" for worker in pilot.app.workers):
            await pilot.pause(0.01)
        await pilot.pause()
