"""Reading the screen of a program that runs without a terminal."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.pilot import Pilot


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
