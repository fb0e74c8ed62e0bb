"""`NamesField`: the names of several people in a line."""

from __future__ import annotations

import re

from textual.events import Paste

from models.words.listed import people
from screens.kit.field import Editor, TextField

_BETWEEN = re.compile(r"[、，,;；]")


class NamesEditor(Editor):
    """A pasted list of people becomes their names, one after the other."""

    def _on_paste(self, event: Paste) -> None:
        names = [person.get("name", "") for person in people(event.text)]
        if any(names):
            event.prevent_default()
            event.stop()
            before = "、" if self.value[: self.cursor_position].strip() else ""
            self.insert_text_at_cursor(before + "、".join(filter(None, names)))


class NamesField(TextField):
    """`names` are told apart by commas of any kind."""

    EDITOR = NamesEditor

    @property
    def names(self) -> tuple[str, ...]:
        """The names typed."""
        return tuple([name.strip() for name in _BETWEEN.split(self.raw) if name.strip()])
