"""`MonthGrid`: a month in weeks, a cell a day, with a cursor on one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from textual.events import Key
from textual.message import Message

from models.words import cell_len, pad
from screens.kit.keys import plain_key
from screens.kit.lines import Painted
from screens.kit.text import Line, Piece

WEEKS = 6


def grid_start(day: date) -> date:
    """The Monday with which the grid of `day`'s month begins."""
    first = day.replace(day=1)
    return first - timedelta(days=first.weekday())


def other_month(day: date, by: int) -> date:
    """The same day `by` months on, or the last of that month."""
    months = day.year * 12 + day.month - 1 + by
    first = date(months // 12, months % 12 + 1, 1)
    following = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    return min(first.replace(day=1) + timedelta(days=day.day - 1), following - timedelta(days=1))


class MonthGrid(Painted, can_focus=True):
    """Seven columns of days. `say` gives a day's text and style; `titles` the names of the weekdays. `>` stands before
    the cursor's day, `*` before today."""

    @dataclass
    class Moved(Message):
        """The cursor stands on another day."""

        day: date

    def __init__(self, day: date, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.day = day
        self.titles: Sequence[str] = ("",) * 7
        self.today: Callable[[], date | None] = lambda: None
        self.say: Callable[[date], tuple[Sequence[str], str]] = lambda _: ([""], "")
        """What a day's cell says, the longest first, and in which style."""

    def go(self, day: date) -> None:
        """Put the cursor on a day, of whatever month."""
        if day != self.day:
            self.day = day
            self.repaint()
            self.post_message(self.Moved(day))

    def keep(self) -> date:
        """The cursor's day."""
        return self.day

    def restore(self, state: date) -> None:
        """Take it back."""
        self.day = state

    def on_key(self, event: Key) -> None:
        key = plain_key(event.key, event.character)
        days = {"left": -1, "right": 1, "up": -7, "down": 7, "h": -1, "l": 1, "k": -7, "j": 7}
        if key in days:
            self.go(self.day + timedelta(days=days[key]))
        elif key in ("pageup", "pagedown"):
            self.go(other_month(self.day, 1 if key == "pagedown" else -1))
        elif key in ("home", "end"):
            self.go(self.day + timedelta(days=-self.day.weekday() + (6 if key == "end" else 0)))
        else:
            return
        event.stop()
        event.prevent_default()

    def draw(self, width: int, height: int) -> Sequence[Line]:
        cell = width // 7
        first = grid_start(self.day)
        lines: list[Line] = ["".join(pad(f" {title}", cell) for title in self.titles)]
        for week in range(WEEKS):
            days = [first + timedelta(days=week * 7 + n) for n in range(7)]
            lines.append([self._cell(day, cell) for day in days])
        return lines

    def _cell(self, day: date, cell: int) -> Piece:
        if day.month != self.day.month:
            return (" " * cell, "")
        texts, style = self.say(day)
        here = day == self.day
        sign = ">" if here else "*" if day == self.today() else " "
        lead = f"{sign}{day.day:<2}{' ' if cell >= 7 else ''}"
        text = next((each for each in texts if cell_len(lead + each) <= cell), texts[-1])
        shown = lead + text
        return (pad(shown, cell), "cursor" if here and self.has_focus else "bold" if here else style)
