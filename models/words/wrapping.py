"""Text in lines of at most so many terminal cells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.words.clean import clean, clean_lines
from models.words.width import cell_len, cut, pad, spread

LINE = 80
"""Cells of a line of plain text, unless the terminal is wider."""

_WIDE, _CLOSING = r"\u2e80-\u9fff\uf900-\ufaff", "，。、；：？！”’）》〉】"
_PLATE = rf"[{_WIDE}][A-Z][·. -]?[A-Z0-9]{{4,7}}(?![A-Z0-9])[学警港澳挂领试超]?"
_WORDS = (
    rf"[“‘（《〈【]*(?:{_PLATE}|[{_WIDE}])[{_CLOSING},.;:?!)]*"
    rf"|[^\s{_WIDE}]+[{_CLOSING}]*\s*|\s+"
)
"""What may not be broken: a Chinese character, or a number plate, with the marks around it; a word with the blanks
behind it."""


def wrap(text: str, width: int, *, hyphens: bool = False) -> list[str]:
    """The text in lines of at most `width` cells: broken at blanks, and between Chinese characters, where a
    closing mark does not begin a line and an opening one does not end it. A word longer than a line is broken behind a
    hyphen or a stroke where it has one; `hyphens`: it is no datum, and gets a hyphen between two letters.

    Nothing is narrower than the two cells of a character: a widget that has no room yet asks for one, or for none."""
    width = max(width, 2)
    lines: list[str] = []
    for paragraph in clean_lines(text).split("\n"):
        line = ""
        for word in re.findall(_WORDS, paragraph):
            while cell_len(word.rstrip()) > width and not line:
                head, word = _broken(word, width, hyphens)
                lines.append(head)
            if line and cell_len(line) + cell_len(word.rstrip()) > width:
                lines.append(line.rstrip())
                line = word.lstrip()
            else:
                line += word
        lines.append(line.rstrip())
    return lines


def _broken(word: str, width: int, hyphens: bool) -> tuple[str, str]:
    """What of a word longer than a line stands in it, and the rest."""
    head = cut(word, width)
    joint = max(head.rfind("-"), head.rfind("/")) + 1
    if joint:
        return word[:joint], word[joint:]
    short = cut(word, min(width - 1, len(word.rstrip()) - 2))
    if hyphens and len(short) > 1 and short.isascii() and word[len(short) - 1 : len(short) + 1].isalpha():
        return f"{short}-", word[len(short) :]
    return head, word[len(head) :]


def columns(rows: Sequence[Sequence[str]], holds: Sequence[str], width: int) -> list[str]:
    """Rows of cells below each other, each column as wide as its widest cell, in lines of at most `width` cells: what a
    column holds by `holds` (`data`, `figure` or `text`) decides where a text is shortened for want of room, and figures
    stand to the right. Cells are cleaned."""
    safe = [[clean(cell) for cell in row] for row in rows]
    needs = [max(map(cell_len, column)) for column in zip(*safe, strict=True)]
    widths = spread(needs, needs, holds, width - len(needs) + 1)
    sides = [">" if each == "figure" else "<" for each in holds]
    return [" ".join(map(pad, row, widths, sides)).rstrip() for row in safe]


def hanging(head: str, text: str, width: int = LINE) -> list[str]:
    """`head` and `text` beside it, on as many lines as it takes."""
    indent = cell_len(head)
    first, *rest = wrap(text, width - indent)
    return [(head + first).rstrip(), *(" " * indent + line for line in rest)]
