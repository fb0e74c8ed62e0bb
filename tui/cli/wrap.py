"""Lines of at most so many terminal cells."""

from __future__ import annotations

from models.words import cell_len

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH = 80
_NEVER_FIRST = frozenset("，。；：、）」”！？,.;:)!?")


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, broken at spaces and between Chinese characters."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and cell_len((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()]


def _pieces(text: str) -> Iterable[str]:
    """What may not be broken: a word with the spaces behind it, a wide character with the marks behind it."""
    piece = ""
    for char in text:
        sticks = char in _NEVER_FIRST or char == " " or (char.isascii() and piece[-1:].isascii() and piece[-1:] != " ")
        if piece and not sticks:
            yield piece
            piece = ""
        piece += char
    yield piece


def hanging(head: str, text: str, width: int = WIDTH) -> list[str]:
    """`head` and `text` beside it, on as many lines as it takes."""
    indent = cell_len(head)
    first, *rest = wrap(text, width - indent)
    return [(head + first).rstrip(), *(" " * indent + line for line in rest)]
