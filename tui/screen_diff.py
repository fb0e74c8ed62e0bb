"""What the terminal shows now, so that an update writes only the cells that differ, in as few bytes as it takes.

Textual repaints the whole screen when the focus moves, a dialog opens or a layout changes: 2 to 10 kB each, of which
a few hundred bytes are news.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from rich.color import ColorSystem
from rich.console import Console, RenderableType
from rich.control import Control
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.driver import Driver
from textual.events import Event, Resize
from textual.filter import LineFilter
from textual.screen import Screen
from textual.strip import Strip

from models.words import cell_len
from screens.kit.text import LastGate

Cell = tuple[str, Style | None]
Drawn = tuple[int, int, list[Cell]]
"""Row, column, cells."""
Span = tuple[int, int, list[Cell], bool]
"""The same, and whether all behind them is to be erased."""

_JUMP = 5
"""Bytes of a move within a row: unchanged cells that take no more are written instead."""
_RESTYLE = 4
"""Bytes of a change of style, at least."""
_ERASE = "\x1b[K"


class News:
    """Some spans of some rows, from top to bottom."""

    def __init__(self, spans: list[Span]) -> None:
        self.spans = spans

    def text(self, console: Console) -> str:
        """The spans as raw data for the terminal, whose cursor may stand anywhere and whose style is plain before and
        after."""
        colors = console._color_system or ColorSystem.TRUECOLOR
        parts: list[str] = []
        row, shown = -1, None
        for y, x, cells, erase in self.spans:
            parts.append(_move(row, y, x))
            for cell in cells:
                char, style = cell
                if style != shown and not (_plain(cell) and _blank(shown) is None):
                    parts.append(_restyle(shown, style, colors))
                    shown = style
                parts.append(char)
            if erase:
                if _blank(shown):
                    parts.append(_restyle(shown, None, colors))
                    shown = None
                parts.append(_ERASE)
            row = y
        return "".join([*parts, _restyle(shown, None, colors)])


class ScreenDiff:
    """The cells of the terminal as last written; `whole_rows` where cells and columns may disagree."""

    def __init__(self, *, whole_rows: bool = False) -> None:
        self.whole_rows = whole_rows
        self._rows: dict[int, list[Cell]] = {}
        self._width = 0

    def forget(self) -> None:
        """The terminal may show anything: the next update is written whole."""
        self._rows.clear()
        self._width = 0

    def fills(self, width: int, height: int) -> bool:
        """Whether all of a terminal of that size was written, and no more."""
        return (self._width, len(self._rows)) == (width, height)

    def news(self, update: LayoutUpdate | ChopsUpdate) -> News:
        """What of an update differs from what is shown; from now on it is shown."""
        spans: list[Span] = []
        for y, x, cells in _layout(update) if isinstance(update, LayoutUpdate) else _chops(update):
            spans += self._write(y, x, cells)
        return News(spans)

    def _write(self, y: int, x: int, cells: list[Cell]) -> Iterator[Span]:
        row = self._rows.setdefault(y, [])
        row += [("?", None)] * (x + len(cells) - len(row))
        self._width = max(self._width, len(row))
        changed = [at for at, cell in enumerate(cells) if row[x + at] != cell]
        row[x : x + len(cells)] = cells
        if changed and self.whole_rows:
            yield y, 0, row[:], False
            return
        while changed:
            start = end = changed.pop(0)
            while changed and (changed[0] == end + 1 or _bytes(cells[end : changed[0] + 1]) <= _JUMP):
                end = changed.pop(0)
            while start and not cells[start][0]:
                start -= 1
            while end + 1 < len(cells) and not cells[end + 1][0]:
                end += 1
            span = cells[start : end + 1]
            blanks = next((n for n, cell in enumerate(reversed(span)) if not _plain(cell)), len(span))
            erase = blanks > len(_ERASE) and len(row) == self._width and all(map(_plain, row[x + end + 1 :]))
            yield y, x + start, span[: len(span) - blanks] if erase else span, erase
            if erase:
                return


def _bytes(cells: list[Cell]) -> int:
    """About what it takes to write what lies between the first and the last of these cells."""
    styles = [cell[1] for cell in cells if not _plain(cell)]
    restyled = sum(one != other for one, other in pairwise(styles)) - (cells[0][1] != cells[-1][1])
    return sum(len(char.encode()) for char, _ in cells[1:-1]) + _RESTYLE * restyled


def _plain(cell: Cell) -> bool:
    """Whether a cell looks like one that was erased."""
    return cell == (" ", None)


@lru_cache(1024)
def _blank(style: Style | None) -> Style | None:
    """What of a style is to be seen in a blank: None when it looks like one that was erased."""
    if style is None or style.reverse or style.underline or style.strike:
        return style
    return None if style.bgcolor is None or style.bgcolor.is_default else style


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
        style = style or None
        blank = _blank(style)
        for char in text:
            if char == " ":
                cells.append((" ", blank))
            elif " " < char <= "~":
                cells.append((char, style))
            elif width := cell_len(char):
                cells += [(char, style), ("", style)][:width]
            elif cells:
                cells[-1] = (cells[-1][0] + char, cells[-1][1])
    return cells


def _move(row: int, y: int, x: int) -> str:
    """To column `x` of row `y` from somewhere in `row`."""
    if y == row and x:
        return f"\x1b[{x + 1}G"
    return f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"


def _restyle(shown: Style | None, wanted: Style | None, colors: ColorSystem) -> str:
    """From one style to another."""
    had, codes = ("" if style is None else Strip.render_ansi(style, colors) for style in (shown, wanted))
    if had == codes:
        return ""
    return f"\x1b[{'0;' if had and codes else ''}{codes}m"


# -- the program that writes so ----------------------------------------------------------------------------------------


PACKET = 1_000
"""What is longer may come in pieces: the terminal is asked to show it only when all of it is there."""


class DiffedApp(App[int]):
    """A program that writes as little as it can. `whole_rows`: see `tui.screen_diff.ScreenDiff`."""

    def __init__(self, *, driver_class: Any = None, whole_rows: bool = False) -> None:
        super().__init__(driver_class=driver_class)
        self._frame = ScreenDiff(whole_rows=whole_rows)
        self._gate = LastGate()
        self._sized = 0

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, and the last gate behind them."""
        return [*super().get_line_filters(), self._gate]

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Write only the cells that differ from what the terminal shows."""
        if not isinstance(renderable, (LayoutUpdate, ChopsUpdate)):
            super()._display(screen, renderable)
            return
        self._follow_typing()
        if self._batch_count or not self._running or self._closed:
            return
        try:
            if not self.is_headless and self._driver is not None:
                self._write(self._driver, self._frame.news(renderable).text(self.console))
        except Exception as error:
            self._handle_exception(error)
        finally:
            self.post_display_hook()

    def _follow_typing(self) -> None:
        """Put the cursor where one types, as it is laid out now: Textual moves it with the text, not with the field."""
        typing = getattr(self.screen.focused, "cursor_screen_offset", None)
        if typing is not None:
            self.cursor_position = typing

    def _write(self, driver: Driver, news: str) -> None:
        """Send `news` and put the cursor, which nobody sees, to where an input method is to open its window."""
        cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
        if cursor != (0, 0) and (news or cursor != self._previous_cursor_position):
            news += Control.move_to(*cursor).segment.text
        self._previous_cursor_position = cursor
        if not news:
            return
        whole = len(news) > PACKET
        if whole:
            self._begin_update()
        driver.write(news)
        if whole:
            self._end_update()
        driver.flush()

    def do_redraw(self) -> None:
        """ctrl+l: write the whole screen, whatever the terminal shows."""
        self._frame.forget()
        self.screen.refresh()

    async def on_event(self, event: Event) -> None:
        """Lay out anew for another size. At the start Textual tells the size twice."""
        if isinstance(event, Resize):
            self._sized += 1
            if self._sized == 2 and self._frame.fills(*event.size):
                return
            self._frame.forget()
        await super().on_event(event)
