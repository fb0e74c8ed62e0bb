"""What the commands write: data to stdout, words about it to stderr."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from models.words import Inactive, cell_len, clean, clean_lines, pad, spread
from tui.cli.wrap import WIDTH

ENDLESS = 1_000_000
"""More cells than any line has."""


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
    return re.sub(
        r"[^\n -~]", lambda found: _escaped(found[0]), json.dumps(_plain(value), ensure_ascii=False, indent=2)
    )


def _plain(value: object) -> object:
    """Data with plain names; an object that names somebody who is switched off lists who of its names that are."""
    if isinstance(value, Inactive):
        return value.plain
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    named = [name for each in value.values() for name in (each if isinstance(each, (list, tuple)) else [each])]
    gone = list(dict.fromkeys(name.plain for name in named if isinstance(name, Inactive)))
    plain = {key: _plain(each) for key, each in value.items()}
    return {**plain, "inactive": gone} if gone else plain


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
    """The cells of a line: the terminal's where it is wide, else 80; as many as it takes where the lines go into a pipe
    or a file."""
    if not sys.stdout.isatty():
        return ENDLESS
    return max(WIDTH, min(500, shutil.get_terminal_size((WIDTH, 24)).columns))


def columns(rows: Sequence[Sequence[str]], holds: Sequence[str]) -> list[str]:
    """Rows of cells below each other, each column as wide as its widest cell. In a terminal what a column holds by
    `holds` (`data` or `text`) decides where a text is shortened for want of room. Cells are cleaned."""
    safe = [[clean(cell) for cell in row] for row in rows]
    needs = [max(map(cell_len, column)) for column in zip(*safe, strict=True)]
    widths = spread(needs, needs, holds, room() - len(needs) + 1)
    return [" ".join(map(pad, row, widths)).rstrip() for row in safe]
