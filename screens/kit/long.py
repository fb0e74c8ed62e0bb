"""The field for several lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult
from textual.events import Paste
from textual.widgets import TextArea

from models.words import clean_lines
from screens.kit.field import Field
from screens.kit.text import Line


class LongEditor(TextArea):
    """Several lines of text without a blinking cursor; Tab leaves it."""

    takes_text = True
    DEFAULT_CSS = """
    LongEditor, LongEditor:focus { border: none; padding: 0; background: ansi_default; color: ansi_default; }
    """

    async def _on_paste(self, event: Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert(clean_lines(event.text))


class LongText(Field):
    """Several lines of text."""

    DEFAULT_CSS = "LongText { layout: horizontal; }"

    def __init__(
        self,
        label: str = "",
        value: str = "",
        *,
        id: str | None = None,
        label_width: int | None = None,
        height: int = 4,
    ) -> None:
        super().__init__(label, id=id, label_width=label_width)
        self.lines_shown = height
        self.editor = LongEditor(clean_lines(value), compact=True, soft_wrap=True, tab_behavior="focus")
        self.editor.cursor_blink = False
        self.editor.styles.height = height
        self.editor.styles.margin = (0, 0, 0, self.label_width + 1)

    def widen(self, width: int) -> None:
        super().widen(width)
        self.editor.styles.margin = (0, 0, 0, width + 1)

    @property
    def value(self) -> str:
        """What is typed, without blanks around it."""
        return self.editor.text.strip()

    @value.setter
    def value(self, text: str) -> None:
        with self.prevent(TextArea.Changed):
            self.editor.text = clean_lines(text)

    def compose(self) -> ComposeResult:
        yield self.editor

    def rows(self, width: int) -> Sequence[Line]:
        return [""] * self.lines_shown

    def focus(self, scroll_visible: bool = True, **options: Any) -> LongText:
        """Go to where one types."""
        self.editor.focus(scroll_visible, **options)
        return self

    def keep(self) -> Any:
        return (self.editor.text, self.editor.cursor_location, self.editor.has_focus)

    def restore(self, state: Any) -> None:
        text, place, focused = state
        self.value = text
        self.editor.cursor_location = place
        if focused:
            self.editor.focus()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.error = ""
        self.post_message(self.Changed(self))
