"""The width of what commands print, and text beside a head."""

from __future__ import annotations

from models.words import cell_len
from models.words.wrapping import wrap

WIDTH = 80


def hanging(head: str, text: str, width: int = WIDTH) -> list[str]:
    """`head` and `text` beside it, on as many lines as it takes."""
    indent = cell_len(head)
    first, *rest = wrap(text, width - indent)
    return [(head + first).rstrip(), *(" " * indent + line for line in rest)]
