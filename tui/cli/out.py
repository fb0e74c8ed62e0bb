"""What the commands write: data to stdout, words about it to stderr."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from models.words import Inactive, clean, clean_lines, wrapping
from models.words.wrapping import LINE

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
    return max(LINE, min(500, shutil.get_terminal_size((LINE, 24)).columns))


def narrow(least: int) -> int:
    """The cells of a line that may be read on a telephone: the terminal's, at most those of a line of text; `least`
    where it is narrower still, or where nobody knows."""
    if not sys.stdout.isatty():
        return least
    return max(least, min(LINE, shutil.get_terminal_size((LINE, 24)).columns))


def columns(rows: Sequence[Sequence[str]], holds: Sequence[str]) -> list[str]:
    """Rows of cells below each other, as wide as the terminal; `holds` as in `models.words.width`."""
    return wrapping.columns(rows, holds, room())
