"""Fields whose typed text means something: a day, a time, an amount, a number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any, Generic, TypeVar

from models.words import Phrase, Unreadable, clean
from screens.kit.field import TextField

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
