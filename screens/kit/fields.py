"""Form fields in plain ASCII; state never shows by colour alone. The base of all of them and the line of text; then
fields whose typed text means something: a day, a time, both, an amount, a number, plates, names; several lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Generic, TypeVar, cast

from rich.segment import Segment
from textual.app import ComposeResult
from textual.events import Key, Paste, Resize
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input, TextArea

from models.words import Phrase, Unreadable, Words, alike, cell_len, clean, clean_lines, pad
from models.words.dates import parse_moment, parse_time_on, say_day, say_weekday
from models.words.listed import people
from models.words.wrapping import wrap
from screens.kit.text import LABEL, STYLES, Line, Painted

# -- the base of all fields, and the line of text ----------------------------------------------------------------------


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


# -- a day, a time, an amount, a number --------------------------------------------------------------------------------


T = TypeVar("T")


class ParsedField(TextField, Generic[T]):
    """Typed text that means something: `value` is that, or None while it is empty or cannot be read.

    What cannot be read stays as it was typed, with the reason below; what can is said in full on leaving. The first
    key typed after coming here replaces a value that stands here, unless an arrow was pressed before.
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
        self.editor.select_on_focus = True

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

    def restore(self, state: Any) -> None:
        *_, here = state
        self.editor.select_on_focus = not here  # one is in the midst of typing
        super().restore(state)

    def on_descendant_focus(self) -> None:
        if not self.readable:  # half typed: one goes on with it
            self.editor.cursor_position = len(self.editor.value)

    def on_descendant_blur(self) -> None:
        self.editor.select_on_focus = True
        self.check()


class DayField(ParsedField[date]):
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
    """The whole number typed, as `plain_number`; raises Unreadable outside `least`..`most`."""
    number = parse_quantity(text, least, most)
    if number != int(number):
        raise _no_number(text, least, most)
    return int(number)


def parse_quantity(text: str, least: int, most: int) -> Decimal:
    """The number typed, halves too, as `plain_number`; raises Unreadable outside `least`..`most`."""
    from models.words.money import plain_number

    number = plain_number(text)
    if number is None or not least <= Decimal(number) <= most:
        raise _no_number(text, least, most)
    return Decimal(number)


def _no_number(text: str, least: int, most: int) -> Unreadable:
    return Unreadable(Phrase("kit.not_a_number", {"value": clean(text), "least": least, "most": most}))


# -- a day and a time in one line --------------------------------------------------------------------------------------


ROOM = 18
HALF = timedelta(hours=12)


Rank = Callable[[datetime], Any]
Anchor = Callable[[], "tuple[date, Rank] | None"]


def nearest(at: datetime | None) -> tuple[date, Rank] | None:
    """What a time typed alone is meant of that is soon before or after a moment: the one nearest to it."""
    return (at.date(), lambda moment: abs(moment - at)) if at else None


def after(at: datetime | None) -> tuple[date, Rank] | None:
    """The same of something that follows on a moment: the first such time after it."""
    return (at.date(), lambda moment: (moment <= at, moment)) if at else None


def within(at: datetime | None, first: datetime | None, last: datetime | None) -> tuple[date, Rank] | None:
    """The same of something that is now at a moment, from about `first` to `last`: of the same day, but not where that
    is more than half a day off."""
    if at is None:
        return None
    day = at.date()

    def rank(moment: datetime) -> tuple[bool, timedelta]:
        early = first is not None and moment < first - HALF
        late = last is not None and moment > last + HALF
        return early or late, abs(moment.date() - day)

    return day, rank


class MomentField(ParsedField[datetime]):
    """A moment, naive local: `12-1 9:30`, `周五下午3点`; a time alone is of the day that `anchor` gives, or the one
    before or after it: which ranks lowest."""

    def __init__(
        self,
        label: str,
        value: datetime | None = None,
        *,
        today: date,
        anchor: Anchor = lambda: None,
        assumed: Callable[[], bool] = lambda: False,
        **options: Any,
    ) -> None:
        """`assumed`: whether what stands here was not typed by anybody, which is said beside it."""
        self.today = today
        self.assumed = assumed

        def parse(text: str) -> datetime:
            found = anchor()
            if found is not None:
                day, rank = found
                try:
                    return min((parse_time_on(text, day + timedelta(days=n)) for n in (0, 1, -1)), key=rank)
                except Unreadable:
                    pass  # not a time alone: read it as day and time
            return parse_moment(text, today)

        super().__init__(label, value, parse, say, **{"room": ROOM, **options})

    def rows(self, width: int) -> Sequence[Line]:
        value = self.value if self.is_attached else None
        if value is None:
            return [""]
        said = say_day(value.date(), self.today, self.words)
        weekday = say_weekday(value.date(), self.words)
        days = (value.date() - self.today).days
        hint = f"{weekday}, {self.words('wizard.days', n=days)}" if days > 1 else said
        mark = f", {self.words('wizard.assumed')}" if self.assumed() else ""
        return [f"{' ' * (ROOM + 3)}{hint}{mark}"]

    def changed(self) -> None:
        super().changed()
        self.repaint()

    def check(self) -> bool:
        readable = super().check()
        self.repaint()
        return readable


def say(moment: datetime) -> str:
    """As it is typed in full: `2026-12-03 09:00`."""
    return moment.strftime("%Y-%m-%d %H:%M")


# -- number plates -----------------------------------------------------------------------------------------------------


class PlateField(TextField):
    """One or several number plates in a line."""

    def on_mount(self) -> None:
        self._judge()

    def on_descendant_blur(self) -> None:
        self._judge()

    def _judge(self) -> None:
        self.error = odd_plates(self.raw, self.words)


def odd_plates(text: str, w: Words) -> str:
    """The warning of plates with a wrong number of characters, "" where all are right."""
    return w("kit.odd_plates", plates=", ".join(alike.odd_plates(text))) if alike.odd_plates(text) else ""


# -- names of several people -------------------------------------------------------------------------------------------


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


# -- several lines of text ---------------------------------------------------------------------------------------------


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
