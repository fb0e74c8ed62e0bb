"""Numbers of visits: a sequence for each year in the policy's format, given once and never again."""

from __future__ import annotations

import re
from string import Formatter
from typing import Any

from models.schema.tables import Visit


def next_number(form: str, year: int) -> str:
    """The next free number of `year` in a format such as `{year}-{n:04}`; inside a write transaction only."""
    pattern = re.compile(_pattern(form, year))
    start = form[: form.index("{n")].replace("{year}", str(year))
    rows: Any = Visit.select(Visit.number).where(Visit.number.startswith(start)).tuples()
    used = [int(found[1]) for (number,) in rows if (found := pattern.fullmatch(number))]
    return form.format(year=year, n=max(used, default=0) + 1)


def _pattern(form: str, year: int) -> str:
    parts = []
    for text, field, _, _ in Formatter().parse(form):
        parts.append(re.escape(text))
        if field is not None:
            parts.append(r"0*(\d+)" if field == "n" else str(year))
    return "".join(parts)
