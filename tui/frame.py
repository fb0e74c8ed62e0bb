"""What the terminal shows now, so that an update writes only the cells that differ.

Textual repaints the whole screen when the focus moves, a dialog opens or a layout changes: 2 to 10 kB each, of which
a few hundred bytes are news.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.control import Control
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from models.words import cell_len

Cell = tuple[str, Style | None]
Drawn = tuple[int, int, list[Cell]]
"""Row, column, cells."""
Written = tuple[int, int, list[Cell], bool]
"""The same, and whether all behind them is to be erased."""

_GAP = 8
"""So many unchanged cells between two changed ones are cheaper written than jumped over."""
_ERASE = "\x1b[K"


class News(CompositorUpdate):
    """An update that writes some spans of some rows."""

    def __init__(self, spans: list[Written]) -> None:
        self.spans = spans

    def render_segments(self, console: Console) -> str:
        """The spans as raw data for the terminal."""
        return "".join(
            Control.move_to(x, y).segment.text
            + (Strip(list(_segments(cells))).render(console) if cells else "")
            + (_ERASE if erase else "")
            for y, x, cells, erase in self.spans
        )


class Frame:
    """The cells of the terminal as last written; `whole_rows` where cells and columns may disagree."""

    def __init__(self, *, whole_rows: bool = False) -> None:
        self.whole_rows = whole_rows
        self._rows: dict[int, list[Cell]] = {}
        self._width = 0

    def forget(self) -> None:
        """The terminal may show anything: the next update is written whole."""
        self._rows.clear()
        self._width = 0

    def news(self, update: LayoutUpdate | ChopsUpdate) -> News:
        """What of an update differs from what is shown; from now on it is shown."""
        spans: list[Written] = []
        for y, x, cells in _layout(update) if isinstance(update, LayoutUpdate) else _chops(update):
            spans += self._write(y, x, cells)
        return News(spans)

    def _write(self, y: int, x: int, cells: list[Cell]) -> Iterator[Written]:
        row = self._rows.setdefault(y, [])
        row += [("?", None)] * (x + len(cells) - len(row))
        self._width = max(self._width, len(row))
        changed = [at for at, cell in enumerate(cells) if row[x + at] != cell]
        row[x : x + len(cells)] = cells
        if changed and self.whole_rows:
            yield y, 0, row[:], False
            return
        while changed:
            start = end = changed[0]
            while changed and changed[0] - end <= _GAP:
                end = changed.pop(0)
            while start and not cells[start][0]:
                start -= 1
            while end + 1 < len(cells) and not cells[end + 1][0]:
                end += 1
            span = cells[start : end + 1]
            blanks = next((n for n, cell in enumerate(reversed(span)) if not _plain(cell)), len(span))
            erase = blanks > len(_ERASE) and len(row) == self._width and all(map(_plain, row[x + end + 1 :]))
            yield y, x + start, span[: len(span) - blanks] if erase else span, erase


def _plain(cell: Cell) -> bool:
    """Whether a cell looks like one that was erased."""
    char, style = cell
    plain = style is None or not (style.reverse or style.underline or style.strike)
    return char == " " and plain and (style is None or style.bgcolor is None or style.bgcolor.is_default)


def _layout(update: LayoutUpdate) -> Iterator[Drawn]:
    for y, strips in enumerate(update.strips, update.region.y):
        yield y, update.region.x, [cell for strip in strips for cell in _cells(strip)]


def _chops(update: ChopsUpdate) -> Iterator[Drawn]:
    for y, left, right in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x < right and end > left:
                yield y, x, _cells(strip)


def _cells(strip: Strip) -> list[Cell]:
    """One entry a cell; the second half of a wide character is empty, a combining mark joins its letter."""
    cells: list[Cell] = []
    for text, style, control in strip:
        if control:
            continue
        for char in text:
            width = cell_len(char)
            if width:
                cells += [(char, style), ("", style)][:width]
            elif cells:
                cells[-1] = (cells[-1][0] + char, cells[-1][1])
    return cells


def _segments(cells: list[Cell]) -> Iterator[Segment]:
    text, style = "", cells[0][1]
    for char, other in cells:
        if other != style:
            yield Segment(text, style)
            text, style = "", other
        text += char
    yield Segment(text, style)
