"""`LineList`: the one list of the program, drawn by lines, with a cursor row and a filter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from textual.events import Key
from textual.message import Message

from models.frozen import record
from models.words import Words, cell_len, clean, cut, pad, spread
from models.words.alike import found
from models.words.wrapping import wrap
from screens.kit.commands import plain_key
from screens.kit.text import Line, Painted, Piece

Holds = Literal["text", "data", "figure"]


@record
class Column:
    """A column: title, usual width in cells (0: what is left), what it holds, and from which terminal width on it is
    shown. `text` may be shortened where it is too long; `data` (times, phones, plates, numbers) and `figure`s, which
    stand to the right, get the room they need from the other columns."""

    title: str = ""
    width: int = 0
    holds: Holds = "text"
    wide: int = 0


@record
class Row:
    """A row: its key, a text for each column, a style's name; `find` is what the filter looks through besides
    the cells (pinyin, initials); a `heading` spans the width and takes no cursor, a single cell among several columns
    spans it and does."""

    key: str
    cells: tuple[str, ...]
    style: str = ""
    heading: bool = False
    find: tuple[str, ...] = ()


class LineList(Painted, can_focus=True):
    """Rows under column titles. A step of the cursor writes two rows; new rows keep the cursor on its key."""

    @dataclass
    class Moved(Message):
        """The cursor stands on another row (`key` is "" when there is none); `by_hand`: somebody moved it there."""

        source: LineList
        key: str
        by_hand: bool = False

    @dataclass
    class Scrolled(Message):
        """Other rows are in sight: `where` says which of how many, "" where all are or the head says so."""

        source: LineList
        where: str

    @dataclass
    class Chosen(Message):
        """Enter was pressed on a row."""

        source: LineList
        key: str

    def __init__(
        self,
        columns: Iterable[Column] = (),
        rows: Iterable[Row] | None = None,
        *,
        empty: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`empty` is said in place of rows when there are none; nothing is, until rows are given."""
        super().__init__(id=id, classes=classes)
        self._columns = tuple(columns)
        self._all: tuple[Row, ...] = ()
        self._rows: tuple[Row, ...] = ()
        self._laid: list[int] = []
        self._laid_for = (0, 0)
        self._place = -1
        self._top = 0
        self._sought = ""
        self._wanted = ""
        self.where = ""
        """Which rows are in sight of how many, "" where all are or the head says so."""
        self.empty, self.within = empty, ""
        self._given = False
        if rows is not None:
            self.set_rows(rows)

    @property
    def key(self) -> str:
        """The key of the cursor's row, "" when there is none."""
        return self._rows[self._place].key if self._place >= 0 else ""

    @key.setter
    def key(self, key: str) -> None:
        places = [at for at, row in enumerate(self._rows) if row.key == key and not row.heading]
        if places:
            self._go(places[0])
        elif not self._given:
            self._wanted = key  # until there are rows

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows that pass the filter."""
        return self._rows

    @property
    def sought(self) -> str:
        """What the rows are filtered by; "" shows all."""
        return self._sought

    @sought.setter
    def sought(self, text: str) -> None:
        if text != self._sought:
            self._sought = text
            self._sift()

    @property
    def top(self) -> int:
        """The number of the first row in sight."""
        return self._top

    def set_columns(self, columns: Iterable[Column]) -> None:
        """Other columns, from now on."""
        self._columns = tuple(columns)
        self._laid_for = (0, 0)
        self.repaint()

    def set_rows(self, rows: Iterable[Row], *, empty: str | None = None, within: str = "") -> None:
        """Show these rows. The cursor stays on its key, else on the row now at its place. `within` names what they
        are where they are not all."""
        self._all, self._given, self.within = tuple(rows), True, within
        self._laid_for = (0, 0)
        self.empty = self.empty if empty is None else empty
        self._sift()

    def keep(self) -> Any:
        """The cursor's key and the filter."""
        return (self.key, self._sought)

    def restore(self, state: Any) -> None:
        """Take back what `keep` gave; the cursor waits for rows."""
        self._wanted, self._sought = state

    def _sift(self) -> None:
        had, place = self.key, self._place
        key = had or self._wanted
        shown = [row for row in self._all if row.heading or self._passes(row)]
        self._rows = tuple(row for at, row in enumerate(shown) if not _lonely(shown, at))
        same = [at for at, row in enumerate(self._rows) if row.key == key and not row.heading]
        free = [at for at, row in enumerate(self._rows) if not row.heading]
        if same:
            if self._top and had:  # rows that came or went above move nothing under the reader's eyes
                self._top += same[0] - place
            self._place = same[0]
            self._wanted = ""
        else:
            self._place = min(free, key=lambda at: abs(at - place)) if free else -1
        self._scroll()
        self.repaint()
        if self.key != had and self.is_attached:
            self.post_message(self.Moved(self, self.key))

    def _passes(self, row: Row) -> bool:
        return bool(row.key and not self._sought) or found(self._sought, *row.cells, *row.find, spelt=row.find)

    def _go(self, place: int, *, by_hand: bool = False) -> None:
        if place != self._place and 0 <= place < len(self._rows):
            self._place = place
            self._scroll()
            self.repaint()
            if self.is_attached:
                self.post_message(self.Moved(self, self.key, by_hand))

    def _step(self, by: int) -> None:
        """Move by so many rows, over headings, stopping at the ends."""
        free = [at for at, row in enumerate(self._rows) if not row.heading]
        if free:
            at = free.index(self._place) if self._place in free else 0
            self._go(free[max(0, min(len(free) - 1, at + by))], by_hand=True)

    @property
    def _titled(self) -> int:
        return int(any(column.title for column in self._columns))

    def _scroll(self) -> None:
        """Bring the cursor's row in sight: by half a page, so that most steps write two rows only."""
        if not self.size.height:
            return
        room = max(1, self.size.height - self._titled)
        if not self._top <= self._place < self._top + room:
            self._top = self._place - room // 2
        if self._place >= 0 and not any(not row.heading for row in self._rows[: self._place]):
            self._top = 0
        self._top = max(0, min(self._top, len(self._rows) - room))

    def on_key(self, event: Key) -> None:
        page = max(1, self.size.height - self._titled - 1)
        steps = {"up": -1, "k": -1, "down": 1, "j": 1, "pageup": -page, "pagedown": page}
        ends = {"home": -len(self._rows), "end": len(self._rows)}
        key = plain_key(event.key, event.character)
        if key in steps or key in ends:
            self._step({**steps, **ends}[key])
        elif key == "enter" and self.key:
            self.post_message(self.Chosen(self, self.key))
        else:
            return
        event.stop()
        event.prevent_default()

    def draw(self, width: int, height: int) -> Sequence[Line]:
        self._scroll()
        widths = self._widths(width)
        lines: list[Line] = []
        if self._titled:
            lines.append(self._head(widths, width, height - 1))
        if not self._rows:
            self._tell("")
            return [*lines, *((f" {line}", "dim") for line in wrap(self._nothing(), width - 2))]
        room = height - len(lines)
        more = len(self._rows) > room
        self._tell(f"{self._top + 1}-{self._top + room}/{len(self._rows)}" if more and not self._titled else "")
        for at, row in enumerate(self._rows[self._top : self._top + room], self._top):
            lines.append(self._line(row, at == self._place, widths, width))
        return lines

    def _nothing(self) -> str:
        """What is said where there is no row: that none is there, or that none of those there matches."""
        if not self._given:
            return ""
        if not self._sought or not self._all:
            return self.empty
        words = cast(Words, cast(Any, self.app).w)
        return words("kit.no_match_in" if self.within else "kit.no_match", text=self._sought, where=self.within)

    def shortened(self) -> list[str]:
        """What the cursor's row has of data and figures for which there is no room, each with its title."""
        row = self._rows[self._place] if self._place >= 0 else None
        if row is None or len(row.cells) != len(self._columns) or not self.size.width:
            return []
        told = zip(self._columns, row.cells, self._widths(self.size.width), strict=True)
        return [f"{c.title} {cell}".strip() for c, cell, width in told
                if c.holds != "text" and 0 < width < cell_len(clean(cell))]  # fmt: skip

    def _tell(self, where: str) -> None:
        if where != self.where:
            self.where = where
            self.post_message(self.Scrolled(self, where))

    def _widths(self, width: int) -> list[int]:
        """The width of each column, 0 where it is not shown."""
        if (width, self.app.size.width) != self._laid_for:
            self._laid_for = (width, self.app.size.width)
            self._laid = laid_out(self._columns, self._all, *self._laid_for)
        return self._laid

    def _head(self, widths: list[int], width: int, room: int) -> Line:
        shown = [cut(c.title, each, ellipsis=True) for c, each in zip(self._columns, widths, strict=True)]
        titles = f" {self._cells(tuple(shown), widths)}"
        if len(self._rows) <= room:
            return titles
        whole = f" {self._top + 1}-{self._top + room}/{len(self._rows)}"
        short = f" {self._place + 1}/{len(self._rows)}"
        span = next((span for span in (whole, short) if cell_len(titles) + cell_len(span) <= width), "")
        return pad(titles, width - cell_len(span)) + span

    def _line(self, row: Row, here: bool, widths: list[int], width: int) -> Line:
        if row.heading:
            return (f" {clean(row.cells[0])}", row.style or "heading")
        spans = len(row.cells) == 1 < len(self._columns)
        text = f" {clean(row.cells[0]) if spans else self._cells(row.cells, widths)}"
        if not here:
            return (text, row.style)
        style = "cursor" if self.has_focus else row.style
        piece: Piece = (pad(f">{text[1:]}", width), style)
        return piece

    def _cells(self, cells: tuple[str, ...], widths: list[int]) -> str:
        shown = [
            pad(clean(cell), width, ">" if column.holds == "figure" else "<")
            for cell, width, column in zip(cells, widths, self._columns, strict=False)
            if width
        ]
        return " ".join(shown).rstrip()


def laid_out(columns: Sequence[Column], rows: Iterable[Row], width: int, window: int) -> list[int]:
    """The width of each column of a list of `width` cells in a window of so many, 0 where it is not shown."""
    shown = [at for at, column in enumerate(columns) if column.wide <= window]
    cells = [row.cells for row in rows if len(row.cells) == len(columns) and not row.heading]
    cells.append(tuple(column.title for column in columns))
    needs = [max(cell_len(clean(row[at])) for row in cells) for at in shown]
    usual, holds = [columns[at].width for at in shown], [columns[at].holds for at in shown]
    margin = 1 if 0 in usual else 0
    laid = spread(usual, needs, holds, width - len(shown) - margin)
    widths = [0] * len(columns)
    for at, each in zip(shown, laid, strict=True):
        widths[at] = each
    return widths


def _lonely(rows: Sequence[Row], at: int) -> bool:
    """A heading with nothing under it."""
    return rows[at].heading and (at + 1 == len(rows) or rows[at + 1].heading)
