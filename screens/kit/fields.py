"""Form fields in plain ASCII: a label, what is typed, an error below. State never shows by colour alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Generic, TypeVar, cast

from rich.segment import Segment
from textual.app import ComposeResult
from textual.events import Key, Paste, Resize
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input, TextArea

from models.words import Unreadable, Words, cell_len, clean, clean_lines
from screens.kit.lines import Painted
from screens.kit.text import STYLES, Line

T = TypeVar("T")

LABEL = 11
"""The usual width of labels, in cells."""


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
        return [*lines, (" " * self.label_width + "! " + self._error, "alert")] if self._error else lines

    def fit(self) -> None:
        """Take as many lines as the rows and the error need."""
        height = len(self.rows(max(1, self.size.width - self.label_width))) + bool(self._error)
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
        self.repaint()

    def on_resize(self, event: Resize) -> None:
        self.fit()

    def _labelled(self, at: int, line: Line) -> Line:
        from models.words import pad

        label = pad(clean(self.label) if at == 0 else "", self.label_width)
        rest = [(line, "")] if isinstance(line, str) else [line] if isinstance(line, tuple) else line
        return [(label, ""), *rest]


class Editor(Input):
    """One line of text: no blink, `_` where there is room, several pasted lines joined."""

    takes_text = True
    DEFAULT_CSS = """
    Editor, Editor:focus { border: none; height: 1; padding: 0; background: ansi_default; color: ansi_default; }
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
        if self.max_length:
            self.restrict_to(text)
        elif self.selection.is_empty:
            self.insert_text_at_cursor(text)
        else:
            self.replace(text, *self.selection)

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
        width = self.size.width
        typed = cell_len(self.value) - self.scroll_offset.x
        shown = max(0, min(width, typed + (self.has_focus and self.cursor_at_end)))
        strip = super().render_line(y).crop(0, shown)
        return Strip([*strip, Segment("_" * (width - shown), STYLES[""])], width) if y == 0 else strip


class TextField(Field):
    """One line of text. `value` is what is typed; `room` the cells to type in (default: what is left)."""

    DEFAULT_CSS = "TextField { layout: horizontal; }"

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
        self.editor = Editor(value, max_length=max_length, room=room)
        self.editor.styles.margin = (0, 0, 0, self.label_width)

    @property
    def raw(self) -> str:
        """What is typed, as it is."""
        return self.editor.value

    @raw.setter
    def raw(self, text: str) -> None:
        with self.prevent(Input.Changed):
            self.editor.value = clean(text)
            self.editor.cursor_position = len(self.editor.value)

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


class ParsedField(TextField, Generic[T]):
    """Typed text that means something: `value` is that, or None while it is empty or cannot be read.

    What cannot be read stays as it was typed, with the reason below; what can is said in full on leaving.
    """

    def __init__(
        self,
        label: str,
        value: T | None,
        parse: Callable[[str], T],
        say: Callable[[T], str],
        *,
        id: str | None = None,
        label_width: int | None = None,
        room: int | None = 16,
    ) -> None:
        self.parse = parse
        self.say = say
        text = "" if value is None else say(value)
        super().__init__(label, text, id=id, label_width=label_width, room=room)

    @property
    def value(self) -> T | None:
        """What the text means; None when it is empty or cannot be read."""
        return self._read()[0]

    @value.setter
    def value(self, value: T | None) -> None:
        self.raw = "" if value is None else self.say(value)

    @property
    def readable(self) -> bool:
        """False when something is typed that cannot be read."""
        return self._read()[1] is None

    def check(self) -> bool:
        """Show what is wrong, or say the value in full; whether it is readable."""
        value, wrong = self._read()
        if wrong is not None:
            self.error = self.words.text(wrong.phrase)
        elif value is not None:
            self.raw = self.say(value)
        return wrong is None

    def _read(self) -> tuple[T | None, Unreadable | None]:
        text = self.raw.strip()
        if not text:
            return None, None
        try:
            return self.parse(text), None
        except Unreadable as wrong:
            return None, wrong

    def on_descendant_blur(self) -> None:
        self.check()


class DateField(ParsedField[date]):
    """A day: `fri`, `+3`, `12-1`, `周五`; shown as `2026-12-01`."""

    def __init__(self, label: str, value: date | None = None, *, today: Callable[[], date], **options: Any):
        from models.words.dates import parse_date

        super().__init__(label, value, lambda text: parse_date(text, today()), date.isoformat, **options)


class TimeField(ParsedField[time]):
    """A time of day: `930`, `9:30`, `下午3点`; shown as `09:30`."""

    def __init__(self, label: str, value: time | None = None, **options: Any) -> None:
        from models.words.dates import parse_time

        super().__init__(label, value, parse_time, lambda at: at.strftime("%H:%M"), **{"room": 8, **options})


class MoneyField(ParsedField[int]):
    """An amount in main units; `value` in minor units."""

    def __init__(self, label: str, value: int | None = None, *, digits: int = 2, **options: Any) -> None:
        from models.words.money import parse_money, say_money

        super().__init__(
            label,
            value,
            lambda text: parse_money(text, digits),
            lambda minor: say_money(minor, digits),
            **{"room": 12, **options},
        )


class NumberField(ParsedField[int]):
    """A whole number from `least` to `most`."""

    def __init__(
        self, label: str, value: int | None = None, *, least: int = 0, most: int = 9999, **options: Any
    ) -> None:
        def parse(text: str) -> int:
            return parse_number(text, least, most)

        super().__init__(label, value, parse, str, **{"room": 6, **options})


def parse_number(text: str, least: int, most: int) -> int:
    """The whole number typed, full-width digits too; raises Unreadable outside `least`..`most`."""
    from models.words import Phrase

    typed = text.strip()
    if typed.isdecimal() and least <= int(typed) <= most:
        return int(typed)
    raise Unreadable(Phrase("kit.not_a_number", {"value": clean(text), "least": least, "most": most}))


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
        self.editor.styles.margin = (0, 0, 0, self.label_width)

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


def wrong_fields(fields: Iterable[Field]) -> list[Field]:
    """The fields that have an error, in order; the first is where to go."""
    return [field for field in fields if field.error]
