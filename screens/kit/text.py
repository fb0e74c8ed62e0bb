"""The one path of text to a widget: plain data in, styled cells out, never markup or escape sequences."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter
from textual.strip import Strip

from models.words import cell_len, clean, cut
from models.words.wrapping import wrap

Piece = tuple[str, str]
Line = str | Piece | list[Piece]
"""One line to draw: a text, a text with a style's name, or several such pieces side by side."""

STYLES: dict[str, Style] = {
    "": Style(),
    "dim": Style(dim=True),
    "bold": Style(bold=True),
    "heading": Style(bold=True),
    "alert": Style(bold=True, color="red"),
    "good": Style(color="green"),
    "cursor": Style(reverse=True),
    "mark": Style(underline=True),
}
"""The names of styles; none of them is the only sign of anything."""

_BAD = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def lit(text: str) -> Content:
    """`text` as what it says, for any Textual widget: cleaned, and never read as markup."""
    return Content(clean(text))


@lru_cache(4096)
def _clean(text: str) -> str:
    return clean(text)


def pieces_of(line: Line, width: int) -> tuple[Piece, ...]:
    """The line as cleaned pieces of at most `width` cells together, neighbours of one style joined; one that is cut
    ends in `…`."""
    done: list[Piece] = []
    for text, style in abreast(line):
        whole = _clean(text)
        if done and done[-1][1] == style:
            done[-1] = (done[-1][0] + whole, style)
        elif whole:
            done.append((whole, style))
    return tuple(done) if sum(cell_len(text) for text, _ in done) <= width else _shortened(done, width)


def _shortened(pieces: list[Piece], width: int) -> tuple[Piece, ...]:
    """As much of the pieces as there is room for; blanks may go without a mark."""
    while pieces and not pieces[-1][0].strip():
        pieces.pop()
    if pieces:
        pieces[-1] = (pieces[-1][0].rstrip(), pieces[-1][1])
    done, room, over = list[Piece](), width, sum(cell_len(text) for text, _ in pieces) > width
    for text, style in pieces:
        if over and cell_len(text) >= room:
            shown = cut(text + " " * width, room, ellipsis=True)
            return (*done, (shown, style)) if shown else tuple(done)
        done.append((text, style))
        room -= cell_len(text)
    return tuple(done)


def wrapped(line: Line, width: int) -> list[Line]:
    """A text in as many lines as it takes, each with a blank before it; a line of pieces as it is."""
    return [f" {part}" for part in wrap(line.strip(), width - 2)] if isinstance(line, str) else [line]


def abreast(*lines: Line) -> list[Piece]:
    """Several lines side by side as one."""
    done: list[Piece] = []
    for line in lines:
        done += [(line, "")] if isinstance(line, str) else [line] if isinstance(line, tuple) else line
    return done


def strip_of(pieces: Iterable[Piece], width: int) -> Strip:
    """The pieces as a strip of exactly `width` cells."""
    segments = [Segment(text, STYLES.get(style, STYLES[""])) for text, style in pieces]
    return Strip(segments).adjust_cell_length(width, STYLES[""])


class LastGate(LineFilter):
    """The last gate before the terminal: nothing that is drawn holds a control or direction character."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with every such character replaced."""
        return [
            segment
            if segment.control or segment.text.isprintable() or not _BAD.search(segment.text)
            else Segment(_BAD.sub("\ufffd", segment.text), segment.style)
            for segment in segments
        ]
