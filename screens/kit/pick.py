"""`Pick`: a text field that offers what matches, as you type: a person, a client."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual.app import ComposeResult
from textual.events import Key

from models.words import alike
from screens.kit.field import Field, TextField
from screens.kit.linelist import Column, LineList, Row

MOST_SHOWN = 6


class Pick(TextField):
    """Choose one row of many by typing part of its name, pinyin or initials; Enter opens the list and takes the
    row under its cursor. `value` is the row's key, "" when none is taken; `raw` is what is typed. With `free`
    a text that is no row's will do; else leaving the field with one shows an error."""

    DEFAULT_CSS = """
    Pick { layout: vertical; }
    Pick > LineList { overlay: screen; constrain: none inside; display: none; border: ascii ansi_default; }
    """

    def __init__(
        self,
        label: str = "",
        rows: Iterable[Row] = (),
        value: str = "",
        *,
        columns: Iterable[Column] = (Column(),),
        free: bool = False,
        text: str = "",
        id: str | None = None,
        label_width: int | None = None,
        room: int | None = None,
    ) -> None:
        """`text` is what stands in the field when `value` is "" (free text)."""
        self._choices = tuple(rows)
        self._key = value
        super().__init__(label, self.name_of(value) or text, id=id, label_width=label_width, room=room)
        self.free = free
        self.drop = LineList(columns, self._choices)
        self.drop.can_focus = False
        self.drop.styles.margin = (0, 0, 0, max(0, self.label_width - 1))

    def widen(self, width: int) -> None:
        super().widen(width)
        self.drop.styles.margin = (0, 0, 0, max(0, width - 1))

    @property
    def value(self) -> str:
        """The key of the row taken, "" when none is."""
        return self._key

    @value.setter
    def value(self, key: str) -> None:
        self._key = key
        self.raw = self.name_of(key)

    def compose(self) -> ComposeResult:
        yield self.editor
        yield self.drop

    @property
    def is_open(self) -> bool:
        """Whether the list is in sight."""
        return self.drop.display

    def changed(self) -> None:
        self._key = self._named()
        if self._key:
            self.close()
        else:
            self._show(self.raw.strip())
        super().changed()

    def _show(self, text: str) -> None:
        self.drop.sought = text
        found = len(self.drop.rows)
        self.drop.styles.height = min(MOST_SHOWN, found) + 2
        self.drop.display = found > 0

    def close(self) -> None:
        """Put the list away."""
        self.drop.display = False

    def check(self) -> bool:
        """Take the row whose name is typed in full; whether what is typed will do."""
        typed = self.raw.strip()
        if typed and not self._key:
            if named := self._named():
                self._take(named)
            elif not self.free:
                self.error = self.words("kit.not_in_list", value=typed)
                return False
        return True

    def _named(self) -> str:
        """The key of the only row that is called as is typed, in this or another way of writing it; else ""."""
        typed = self.raw.strip()
        exact = [row.key for row in self._choices if row.cells[0] == typed]
        same = exact or [row.key for row in self._choices if alike.same(row.cells[0], typed)]
        return same[0] if typed and len(same) == 1 else ""

    def _take(self, key: str) -> None:
        self.value = key
        self.close()
        self.error = ""
        self.post_message(Field.Changed(self))

    def name_of(self, key: str) -> str:
        """What the row of that key is called, "" when there is none."""
        return next((row.cells[0] for row in self._choices if row.key == key and key), "")

    def on_key(self, event: Key) -> None:
        if self.is_open and event.key in ("up", "down", "pageup", "pagedown"):
            self.drop.on_key(event)
            event.prevent_default()
        elif self.is_open and event.key == "escape":
            event.stop()
            self.close()

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        event.stop()

    def on_line_list_scrolled(self, event: LineList.Scrolled) -> None:
        event.stop()
        self.drop.border_subtitle = event.where or None

    def on_field_entered(self, event: Field.Entered) -> None:
        if self.is_open and self.drop.key:
            event.stop()
            self._take(self.drop.key)
        elif not self._key and not (self.free and self.raw.strip()):
            event.stop()
            self._show(self.raw.strip())
            if not self.is_open:
                self.check()

    def on_descendant_focus(self) -> None:
        if self._key and not self.free:
            self.editor.select_all()  # another name typed replaces the one taken

    def on_descendant_blur(self) -> None:
        self.close()
        self.check()

    def keep(self) -> Any:
        return (self._key, super().keep())

    def restore(self, state: Any) -> None:
        self._key, typed = state
        super().restore(typed)
