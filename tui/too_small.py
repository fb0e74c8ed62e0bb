"""The one line that is shown while the window is too small to work in."""

from __future__ import annotations

from typing import Any, cast

from textual.events import Key
from textual.screen import Screen

SMALLEST = (60, 20)
"""Columns and rows below which nothing is drawn."""


class TooSmall(Screen[None]):
    """Shown while the window is too small to work in."""

    def render(self) -> str:
        """The one line."""
        return str(cast(Any, self.app).w("kit.small"))

    def on_key(self, event: Key) -> None:
        if event.key == "f10":
            cast(Any, self.app).do_leave()
