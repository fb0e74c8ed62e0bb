"""`MomentField`: a day and a time typed in one line, with the weekday and the distance said beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from models.words import Unreadable
from models.words.dates import parse_moment, parse_time_on, say_day, say_weekday
from screens.kit.text import Line
from screens.kit.typed import ParsedField

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
