"""How many terminal cells a text takes, and cutting and padding by cells."""

from __future__ import annotations

import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST = 6
"""To so many cells a text may be shortened for the sake of data beside it."""


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
    """`text` in exactly `width` cells, filled with spaces after it (`<`) or before it (`>`). What is longer shows that:
    it ends in `…`, and what stands to the right is a figure, of which a part would be another one: `####`."""
    if align == ">" and cell_len(text) > width:
        return "#" * width
    shown = cut(text, width, ellipsis=True)
    space = " " * (width - cell_len(shown))
    return space + shown if align == ">" else shown + space


def spread(usual: Sequence[int], needs: Sequence[int], holds: Sequence[str], room: int) -> list[int]:
    """Widths of the columns of a table that has `room` cells for them: the `usual` ones (0: what is left), laid out
    anew where what a column holds needs more. Free cells of other columns are used first; then a `figure` or `data`
    that gets whole by it takes from `text`, which may be shortened, down to `LEAST` cells. A text has no more than what
    is left over, so that columns stay in their places while texts change."""
    widths = [each or max(0, room - sum(usual)) for each in usual]
    least = [min(need, LEAST) if kind == "text" else need for need, kind in zip(needs, holds, strict=True)]

    def spare(floors: Sequence[int]) -> int:
        return sum(max(0, width - floor) for width, floor in zip(widths, floors, strict=True))

    def lend(cells: int, floors: Sequence[int]) -> int:
        """So many cells, or as many as there are, one by one from the column that has most above its floor."""
        for lent in range(cells):
            at = max(range(len(widths)), key=lambda at: widths[at] - floors[at])
            if widths[at] <= floors[at]:
                return lent
            widths[at] -= 1
        return cells

    over = max(0, sum(widths) - room)
    lend(over - lend(over, needs), least)
    left_over = [need if not each else max(widths) for need, each in zip(needs, usual, strict=True)]
    for kind, floors in (("figure", needs), ("data", needs), ("text", left_over), ("figure", least), ("data", least)):
        lacking = [at for at, need in enumerate(needs) if holds[at] == kind and need > widths[at]]
        for at in sorted(lacking, key=lambda at: needs[at] - widths[at]):
            lack = needs[at] - widths[at]
            if floors is not least or spare(least) >= lack:
                widths[at] += lend(lack, floors)
    return widths


def _head(text: str, width: int) -> str:
    taken = 0
    for index, char in enumerate(text):
        taken += _cells[char]
        if taken > width:
            return text[:index]
    return text
