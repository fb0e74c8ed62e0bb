"""`MomentField`: a day and a time typed in one line, with the weekday and the distance said beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from models.words import Unreadable
from models.words.dates import parse_moment, parse_time_on, say_day, say_weekday
from screens.kit.text import Line
from screens.kit.typed import ParsedField

ROOM = 18


class MomentField(ParsedField[datetime]):
    """A moment, naive local: `12-1 9:30`, `周五下午3点`; a time alone is that of the day `anchor` gives."""

    def __init__(
        self,
        label: str,
        value: datetime | None = None,
        *,
        today: date,
        anchor: Callable[[], date | None] = lambda: None,
        **options: Any,
    ) -> None:
        self.today = today

        def parse(text: str) -> datetime:
            day = anchor()
            if day is not None:
                try:
                    return parse_time_on(text, day)
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
        return [f"{' ' * (ROOM + 3)}{hint}"]

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
