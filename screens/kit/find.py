"""The find field: one line that filters a list as you type."""

from __future__ import annotations

from typing import Protocol, cast

from textual.events import Key

from screens.kit.field import Field, TextField
from screens.kit.linelist import LineList


class _Finder(Protocol):
    def find_ended(self) -> None:
        """The field was closed."""
        ...


class FindField(TextField):
    """Typing filters the list at once; up and down move in it, Enter and Tab keep the filter, Esc drops it."""

    def __init__(self, source: LineList, label: str) -> None:
        super().__init__(label, source.sought, id="find", max_length=40)
        self.source = source

    def on_mount(self) -> None:
        self.editor.focus()

    def look_in(self, source: LineList) -> None:
        """Open again, or go on, for this list."""
        self.source = source
        self.raw = source.sought
        self.display = True
        self.editor.focus()

    def changed(self) -> None:
        self.source.sought = self.raw.strip()

    def on_field_entered(self, event: Field.Entered) -> None:
        event.stop()
        self._end()

    def on_key(self, event: Key) -> None:
        if event.key in ("up", "down", "pageup", "pagedown"):
            self.source.on_key(event)
        elif event.key in ("tab", "shift+tab"):
            event.stop()
            event.prevent_default()
            self._end()
        elif event.key == "escape":
            event.stop()
            self.source.sought = ""
            self._end()

    def _end(self) -> None:
        cast(_Finder, self.screen).find_ended()
