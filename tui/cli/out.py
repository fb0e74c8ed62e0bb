"""What the commands write: data to stdout, words about it to stderr."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from models.words import cell_len, clean, clean_lines, cut, pad
from tui.cli.wrap import WIDTH


def give(lines: str | Iterable[str]) -> None:
    """Data, as text, to stdout; cleaned, wherever it comes from."""
    text = clean_lines(lines) if isinstance(lines, str) else text_of(lines)
    if text:
        sys.stdout.write(text + "\n")


def text_of(lines: Iterable[str]) -> str:
    """Cleaned lines as one text."""
    return "\n".join([clean(line) for line in lines])


def give_json(value: object) -> None:
    """Data, as JSON, to stdout."""
    sys.stdout.write(json_text(value) + "\n")


def json_text(value: object) -> str:
    """Plain data as JSON. What would be cleaned out of a text is escaped instead: data stay as they are."""
    return re.sub(r"[^\n -~]", lambda found: _escaped(found[0]), json.dumps(value, ensure_ascii=False, indent=2))


@lru_cache(5000)
def _escaped(char: str) -> str:
    return char if clean_lines(char) == char else json.dumps(char)[1:-1]


def iso(at: date | None) -> str | None:
    """A day or a moment as JSON has it."""
    return at.isoformat() if at else None


def tell(text: str) -> None:
    """A sentence to the user, to stderr; cleaned, for it may name what was typed."""
    sys.stderr.write(clean(text) + "\n")


def room() -> int:
    """The cells of a line: the terminal's where it is wide, else 80."""
    return max(WIDTH, min(500, shutil.get_terminal_size((WIDTH, 24)).columns))


def columns(rows: Sequence[Sequence[str]], most: Sequence[int], width: int = WIDTH) -> list[str]:
    """Rows of cells below each other: each column as wide as its widest cell, at most `most`; the last, free,
    column gets what is left of `width` and is cut there. Cells are cleaned."""
    safe = [[clean(cell) for cell in row] for row in rows]
    widths = [min(limit, max((cell_len(row[at]) for row in safe), default=0)) for at, limit in enumerate(most)]
    left = width - sum(widths) - len(widths)
    return [" ".join(_padded(row, [*widths, left])).rstrip() for row in safe]


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [pad(cell, width) for cell, width in zip(row, widths, strict=True)]


def fitted(text: str, width: int = WIDTH) -> str:
    """One cleaned line of at most so many cells."""
    return cut(clean(text), width, ellipsis=True)
