"""A text to read over a screen and to take along: the terminal is asked to copy it (OSC 52), and it stands there to be
marked by hand, because not every terminal does what it is asked."""

from __future__ import annotations

from textual.events import Key, Mount

from models.words import clean_lines
from screens.kit.dialogs import Note

MOST = 48_000
"""So many bytes of text are handed to the terminal at most: several drop a longer sequence without a word."""


class CopyNote(Note):
    """The text, line by line, cleaned as everything that is shown. F5 copies it, for c may never arrive."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title, clean_lines(text))

    def on_mount(self, event: Mount) -> None:  # type: ignore[override]  # Textual gives the event to who asks for it
        event.prevent_default()
        self.say(self.w("kit.copy.foot"))

    async def on_key(self, event: Key) -> None:
        if event.key in ("f5", "c"):
            event.stop()
            if len(self.text.encode()) > MOST:
                self.refuse(self.w("kit.copy.too_long"))
                return
            self.app.copy_to_clipboard(self.text)
            self.say(self.w("kit.copy.copied"))
