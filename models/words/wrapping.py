"""Text in lines of at most so many terminal cells."""

from __future__ import annotations

import re

from models.words.clean import clean_lines
from models.words.width import cell_len, cut

_WIDE, _CLOSING = r"\u2e80-\u9fff\uf900-\ufaff", "，。、；：？！”’）》〉】"
_WORDS = (
    rf"[“‘（《〈【]*[{_WIDE}][{_CLOSING},.;:?!)]*"
    rf"|[^\s{_WIDE}]+[{_CLOSING}]*\s*|\s+"
)
"""What may not be broken: a Chinese character with the marks around it, a word with the blanks behind it."""


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells: broken at blanks, and between Chinese characters, where a
    closing mark does not begin a line and an opening one does not end it."""
    lines: list[str] = []
    for paragraph in clean_lines(text).split("\n"):
        line = ""
        for word in re.findall(_WORDS, paragraph):
            while cell_len(word) > width and not line:
                head = cut(word, width)
                lines.append(head)
                word = word[len(head) :]
            if line and cell_len(line) + cell_len(word.rstrip()) > width:
                lines.append(line.rstrip())
                line = word.lstrip()
            else:
                line += word
        lines.append(line.rstrip())
    return lines
