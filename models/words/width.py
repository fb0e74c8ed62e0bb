"""How many terminal cells a text takes, and cutting and padding by cells."""

from __future__ import annotations

import unicodedata


class _Cells(dict[str, int]):
    """Cells by character, worked out once each."""

    def __missing__(self, char: str) -> int:
        self[char] = cells = _char_cells(char)
        return cells


def _char_cells(char: str) -> int:
    code = ord(char)
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Mc", "Cc", "Cf") or _joins(code):
        return 0
    if category == "Cn":  # characters newer than this Python's tables, which would call all of them wide
        return 2 if 0x1FA70 <= code <= 0x1FAFF or 0x20000 <= code <= 0x3FFFD else 1
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def _joins(code: int) -> bool:
    """Hangul vowels and tails, and skin tones: drawn into the character before them."""
    return 0x1160 <= code <= 0x11FF or 0xD7B0 <= code <= 0xD7FF or 0x1F3FB <= code <= 0x1F3FF


_cells = _Cells()


def cell_len(text: str) -> int:
    """Terminal cells of a cleaned text: wide characters take 2, combining marks 0."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum([_cells[char] for char in text])


def cut(text: str, width: int, ellipsis: bool = False) -> str:
    """The beginning of `text` in at most `width` cells, never half a wide character; with `ellipsis`
    a text that is cut ends in `…`."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return text
    return _head(text, width - 1) + "…" if ellipsis else _head(text, width)


def pad(text: str, width: int, align: str = "<") -> str:
    """`text` in exactly `width` cells: cut if longer, else filled with spaces after it (`<`) or before it (`>`)."""
    shown = cut(text, width)
    space = " " * (width - cell_len(shown))
    return space + shown if align == ">" else shown + space


def _head(text: str, width: int) -> str:
    taken = 0
    for index, char in enumerate(text):
        taken += _cells[char]
        if taken > width:
            return text[:index]
    return text
