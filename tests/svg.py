"""A screen as a small SVG: one text for each run of one style and width, so that any font keeps the columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from rich.segment import Segment
from rich.style import Style

from models.words import cell_len

CELL, LINE, FONT, EDGE = 9, 20, 15, 12
INK, PAPER, FAINT = "#d8dee9", "#14181f", "#8b95a5"
INKS = {"red": "#ff7b72", "green": "#7ee787"}
FAMILY = "ui-monospace, 'Noto Sans Mono CJK SC', 'Sarasa Mono SC', monospace"


def svg(rows: Sequence[Iterable[Segment]], columns: int, title: str) -> str:
    """The picture of the rows, each of at most so many cells."""
    width, height = columns * CELL + 2 * EDGE, len(rows) * LINE + 2 * EDGE
    drawn = "\n".join(line for y, row in enumerate(rows) for line in _row(row, EDGE + y * LINE))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' font-family="{FAMILY}" font-size="{FONT}" xml:space="preserve">\n<title>{escape(title)}</title>\n'
        f'<rect width="{width}" height="{height}" rx="6" fill="{PAPER}"/>\n{drawn}\n</svg>\n'
    )


def _row(row: Iterable[Segment], top: int) -> Iterator[str]:
    x = EDGE
    for text, style, control in row:
        if control:
            continue
        style = style or Style.null()
        width = cell_len(text) * CELL
        if style.reverse:
            yield f'<rect x="{x}" y="{top}" width="{width}" height="{LINE}" fill="{INK}"/>'
        for wide, chars in groupby(text, lambda char: cell_len(char) == 2):
            run = "".join(chars)
            span = cell_len(run) * CELL
            if run.strip():
                yield from _text(run, x, top + LINE - 5, span, style, wide)
            x += span


def _text(run: str, x: int, y: int, span: int, style: Style, wide: bool) -> Iterator[str]:
    """Words apart by two blanks or more are placed each on its own."""
    for part, at in _words(run):
        at = x + at * CELL * (2 if wide else 1)
        cells = cell_len(part) * CELL
        yield f'<text x="{at}" y="{y}" textLength="{cells}"{_look(style)}>{escape(part)}</text>'


def _words(run: str) -> Iterator[tuple[str, int]]:
    at = 0
    for part in run.split("  "):
        kept = part.strip()
        if kept:
            yield kept, at + part.index(kept)
        at += len(part) + 2


def _look(style: Style) -> str:
    name = style.color.name if style.color else ""
    ink = PAPER if style.reverse else INKS.get(name, FAINT if style.dim else INK)
    return f' fill="{ink}"' + (' font-weight="bold"' if style.bold else "")
