"""Another version of a policy file: the same text with a few values replaced, each in its own lines.

Values are written by tomli-w; everything else, comments and line ends too, stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from models.policy.load import load_text, parsed
from models.policy.model import Policy
from models.policy.notation.positions import line_of, positions, spans
from models.policy.problem import Path, PolicyErrors, Problem, spelt
from models.policy.record import record
from models.words import Phrase

Raw = int | Decimal | str | date | list[str]
"""A value as the file has it: money in main units, ids and not names."""
Cut = tuple[int, int, str]
"""From where to where something else is put."""

EFFECTIVE: Path = ("effective",)


@record
class LineChange:
    """One line of the file that is not the same: its number in the old text, what stood there and what does now."""

    line: int
    before: str
    after: str


def edited(text: str, edits: Mapping[Path, Raw], effective: date, name: str = "config.toml") -> Policy:
    """The version with these values in the place of its own, in force from `effective`; `.text` is its file.

    `edits` are by key path, rows counted from 0: ("cap", 3, "most", "x"). Raises PolicyErrors where the text has no
    such value, and where what comes out is no policy.
    """
    return load_text(replaced(text, {**edits, EFFECTIVE: effective}, name), name)


def replaced(text: str, edits: Mapping[Path, Raw], name: str = "config.toml") -> str:
    """The text with these values in the place of its own, not yet checked. Raises PolicyErrors for a value that the
    text does not have."""
    data, found = _read(text)
    missing = [path for path in edits if path not in found]
    if missing:
        lines = positions(text.removeprefix("\ufeff"))
        problems = [Problem(line_of(lines, at), spelt(at), Phrase("edit.absent", {"key": spelt(at)})) for at in missing]
        raise PolicyErrors(problems, name)
    cuts = [cut for path, value in edits.items() for cut in _cuts(text, found, path, value_at(data, path), value)]
    for start, end, new in sorted(cuts, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def value_at(data: Any, path: Path) -> Any:
    """What stands at a path of a parsed file."""
    for step in path:
        data = data[step]
    return data


def data_of(text: str) -> Mapping[str, Any]:
    """The parsed file of a text that was read before; not to be changed."""
    return _read(text)[0]


def line_changes(before: str, after: str) -> tuple[LineChange, ...]:
    """The lines in which two texts of as many lines differ."""
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    return tuple(LineChange(line, old, new) for line, (old, new) in enumerate(pairs, 1) if old != new)


@lru_cache(maxsize=4)
def _read(text: str) -> tuple[dict[str, Any], Mapping[Path, tuple[int, int]]]:
    """A file's data, and where in the whole text each value stands: a form asks at every key."""
    body = text.removeprefix("\ufeff")
    by = len(text) - len(body)
    return parsed(text, ""), {path: (start + by, end + by) for path, (start, end) in spans(body).items()}


def _cuts(text: str, found: Mapping[Path, tuple[int, int]], path: Path, old: object, new: Raw) -> Iterator[Cut]:
    """What to put where, so that the value at `path` is the new one; nothing where it is that already."""
    if type(old) is type(new) and old == new:
        return
    start, end = found[path]
    if isinstance(old, list) and isinstance(new, list) and ("\n" in text[start:end] or "#" in text[start:end]):
        yield from _entries(text, found, path, old, new)
    else:
        yield start, end, written(new)


def _entries(
    text: str, found: Mapping[Path, tuple[int, int]], path: Path, old: list[object], new: list[str]
) -> Iterator[Cut]:
    """The same within an array over several lines, which keeps its comments: each entry where one stood."""
    for at, was in enumerate(old):
        start, end = found[(*path, at)]
        if at >= len(new):
            yield start, end, ""
            yield from _comma(text, end)
        elif at == len(old) - 1 and len(new) > len(old):
            yield start, end, ", ".join(map(written, new[at:]))
        elif was != new[at]:
            yield start, end, written(new[at])


def _comma(text: str, at: int) -> Iterator[Cut]:
    """Takes away the comma after an entry, blanks and comments between them stay."""
    found = re.compile(r"(?:\s|#[^\n]*\n)*,").match(text, at)
    if found:
        yield found.end() - 1, found.end(), ""


def written(value: Raw) -> str:
    """A value as TOML, on one line."""
    import tomli_w

    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return tomli_w.dumps({"v": value}).removeprefix("v = ").rstrip("\n")
