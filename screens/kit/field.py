"""The base of all form fields, and the line of text: a label, what is typed, an error below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from rich.segment import Segment
from textual.app import ComposeResult
from textual.events import Key, Paste, Resize
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from models.words import Words, cell_len, clean, clean_lines, pad
from models.words.wrapping import wrap
from screens.kit.text import LABEL, STYLES, Line, Painted

MOST_WRONG = 3
"""How many lines are taken, at most, to say what is wrong."""


class Field(Painted):
    """The base of all fields: `label` left in `label_width` cells, `error` as a line below."""

    DEFAULT_CSS = "Field { height: 1; width: 1fr; }"

    @dataclass
    class Changed(Message):
        """A person changed the field's value."""

        field: Field

        @property
        def control(self) -> Field:
            """The field."""
            return self.field

    @dataclass
    class Entered(Message):
        """Enter was pressed in a text field; nothing happens unless the screen says so."""

        field: Field

        @property
        def control(self) -> Field:
            """The field."""
            return self.field

    def __init__(self, label: str = "", *, id: str | None = None, label_width: int | None = None) -> None:
        super().__init__(id=id)
        self.label = label
        self.label_width = (LABEL if label else 0) if label_width is None else label_width
        self._error = ""

    def widen(self, width: int) -> None:
        """Give the label so many cells, before the field is shown: as many as those beside it."""
        self.label_width = width

    @property
    def error(self) -> str:
        """What is wrong with the value, "" when nothing is."""
        return self._error

    @error.setter
    def error(self, text: str) -> None:
        if text != self._error:
            self._error = text
            self.fit()

    @property
    def words(self) -> Words:
        """The sentences in the reader's language."""
        return cast(Words, cast(Any, self.app).w)

    def keep(self) -> Any:
        """The value as typed."""
        raise NotImplementedError

    def restore(self, state: Any) -> None:
        """Take back what `keep` gave, without a `Changed`."""
        raise NotImplementedError

    def rows(self, width: int) -> Sequence[Line]:
        """What the field itself draws right of the label."""
        return [""]

    def draw(self, width: int, height: int) -> Sequence[Line]:
        lines = [self._labelled(at, line) for at, line in enumerate(self.rows(width - self.label_width))]
        said = [(" " * (self.label_width + 1) + line, "alert") for line in self._said_wrong()]
        return [*lines, *said]

    def fit(self) -> None:
        """Take as many lines as the rows and the error need."""
        height = len(self.rows(max(1, self.size.width - self.label_width))) + len(self._said_wrong())
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
        self.repaint()

    def on_resize(self, event: Resize) -> None:
        self.fit()

    def _said_wrong(self) -> list[str]:
        """What is wrong, on as many lines as it needs and there may be."""
        if not self._error:
            return []
        room = self.size.width - self.label_width - 1
        said = f"! {self._error}"
        return wrap(said, room)[:MOST_WRONG] if room > LABEL else [said]

    def _labelled(self, at: int, line: Line) -> Line:
        label = pad(f" {clean(self.label)}" if at == 0 else "", self.label_width)
        rest = [(line, "")] if isinstance(line, str) else [line] if isinstance(line, tuple) else line
        return [(label, ""), *rest]


class Editor(Input):
    """One line of text: no blink, `_` where there is room, several pasted lines joined."""

    takes_text = True
    DEFAULT_CSS = """
    Editor, Editor:focus { border: none; height: 1; padding: 0; background: ansi_default; color: ansi_default; }
    Editor > .input--selection { background: ansi_default; color: ansi_default; text-style: reverse; }
    """

    def __init__(self, value: str = "", *, max_length: int = 0, room: int | None = None) -> None:
        super().__init__(clean(value), max_length=max_length, select_on_focus=False, compact=True)
        self.cursor_blink = False
        if room:
            self.styles.width = room

    def _on_paste(self, event: Paste) -> None:
        event.prevent_default()
        event.stop()
        self._put(" ".join(line.strip() for line in clean_lines(event.text).splitlines() if line.strip()))

    async def _on_key(self, event: Key) -> None:
        if event.is_printable and event.character is not None:
            event.prevent_default()
            event.stop()
            self._put(clean(event.character))

    def _put(self, text: str) -> None:
        self._initial_value = False  # Textual does not scroll to the end of the first text otherwise
        if self.max_length:
            self.restrict_to(text)
        elif self.selection.is_empty:
            self.insert_text_at_cursor(text)
        else:
            self.replace(text, *self.selection)

    @property
    def untouched(self) -> bool:
        """Whether one came here and typed nothing yet, where the first key replaces what stands here."""
        start, end = self.selection
        return self.has_focus and self.select_on_focus and abs(end - start) == len(self.value)

    def restrict_to(self, text: str) -> None:
        """Put in as much of `text` as `max_length` leaves room for."""
        start, end = sorted(self.selection)
        room = max(0, (self.max_length or 0) - len(self.value) + (end - start))
        self.replace(text[:room], start, end)

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the terminal's own cursor belongs; Textual is one cell too far right at the end."""
        x, y, _, _ = self.content_region
        return Offset(x + self._position_to_cell(self.cursor_position) - self.scroll_offset.x, y)

    def render_line(self, y: int) -> Strip:
        """What is typed, from its beginning while one is elsewhere; `…` stands where more of it is out of sight."""
        width = self.size.width
        if y == 0 and not self.has_focus:
            free = max(0, width - cell_len(self.value))
            return Strip([Segment(pad(self.value, width - free) + "_" * free, STYLES[""])], width)
        before = self.scroll_offset.x
        typed = cell_len(self.value) - before
        cells = max(0, min(width, typed + (self.has_focus and self.cursor_at_end)))
        strip = super().render_line(y).crop(0, cells)
        if y > 0:
            return strip
        cursor = self._position_to_cell(self.cursor_position) - before
        mark = Segment("…", STYLES[""])
        if before and cells > 1 and cursor > 0:
            strip = Strip([mark, *strip.crop(1)], cells)
        if typed > width and cursor != width - 1:
            strip = Strip([*strip.crop(0, width - 1), mark], cells)
        return Strip([*strip, Segment("_" * (width - cells), STYLES[""])], width)


class TextField(Field):
    """One line of text. `value` is what is typed; `room` the cells to type in (default: what is left)."""

    DEFAULT_CSS = "TextField { layout: horizontal; }"
    EDITOR: type[Editor] = Editor

    def __init__(
        self,
        label: str = "",
        value: str = "",
        *,
        id: str | None = None,
        label_width: int | None = None,
        max_length: int = 200,
        room: int | None = None,
    ) -> None:
        super().__init__(label, id=id, label_width=label_width)
        self.editor = self.EDITOR(value, max_length=max_length, room=room)
        self.editor.styles.margin = (0, 0, 0, self.label_width + 1)
        self._typed = self.editor.value

    @property
    def raw(self) -> str:
        """What is typed, as it is."""
        return self.editor.value

    @raw.setter
    def raw(self, text: str) -> None:
        untouched = self.editor.untouched
        with self.prevent(Input.Changed):
            self.editor.value = clean(text)
            self.editor.cursor_position = len(self.editor.value)
        if untouched:
            self.editor.select_all()
        self._typed = self.editor.value

    def widen(self, width: int) -> None:
        super().widen(width)
        self.editor.styles.margin = (0, 0, 0, width + 1)

    @property
    def value(self) -> Any:
        """What is typed, without blanks around it."""
        return self.raw.strip()

    @value.setter
    def value(self, value: Any) -> None:
        self.raw = value

    def compose(self) -> ComposeResult:
        yield self.editor

    def focus(self, scroll_visible: bool = True, **options: Any) -> TextField:
        """Go to where one types."""
        self.editor.focus(scroll_visible, **options)
        return self

    def keep(self) -> Any:
        return (self.raw, self.editor.cursor_position, self.editor.has_focus)

    def restore(self, state: Any) -> None:
        self.raw, self.editor.cursor_position, focused = state
        if focused:
            self.editor.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        # Textual says so of what stood there from the start, too
        if event.value != self._typed:
            self._typed = event.value
            self.changed()

    def changed(self) -> None:
        """The person typed something."""
        self.error = ""
        self.post_message(self.Changed(self))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Entered(self))

    def on_key(self, event: Key) -> None:
        if event.key in ("up", "down"):
            event.stop()
            event.prevent_default()
            self.leave(forward=event.key == "down")

    def leave(self, *, forward: bool) -> None:
        """To the next or previous field."""
        (self.screen.focus_next if forward else self.screen.focus_previous)()
