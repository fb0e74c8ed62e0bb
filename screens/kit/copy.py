"""A text to read over a screen and to take along: the terminal is asked to copy it (OSC 52), and it stands there to be
marked by hand, because not every terminal does what it is asked."""

from __future__ import annotations

from typing import Any

from textual.events import Key

from models.words import clean_lines
from screens.kit.dialogs import Dialog, TextDialog
from screens.kit.page import Page

MOST = 48_000
"""So many bytes of text are handed to the terminal at most: several drop a longer sequence without a word."""


def hand_over(place: Page | Dialog[Any], text: str) -> None:
    """Hand a cleaned text to the terminal, and say on the page or dialog that it was, or that it is too long."""
    plain = clean_lines(text)
    if len(plain.encode()) > MOST:
        place.refuse(place.w("kit.copy.too_long"))
        return
    place.app.copy_to_clipboard(plain)
    place.say(place.w("kit.copy.copied"))


class CopyNote(TextDialog):
    """The text, line by line, cleaned as everything that is shown. F5 copies it, for c may never arrive."""

    foot = "kit.copy.foot"

    async def on_key(self, event: Key) -> None:
        if event.key in ("f5", "c"):
            event.stop()
            event.prevent_default()
            hand_over(self, self.text)
