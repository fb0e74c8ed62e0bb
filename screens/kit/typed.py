"""Fields whose typed text means something: a day, a time, both, an amount, a number, plates, names; several lines of
text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Generic, TypeVar

from textual.app import ComposeResult
from textual.events import Paste
from textual.widgets import TextArea

from models.words import Phrase, Unreadable, Words, alike, clean, clean_lines
from models.words.dates import parse_moment, parse_time_on, say_day, say_weekday
from models.words.listed import people
from screens.kit.field import Editor, Field, TextField
from screens.kit.text import Line

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
