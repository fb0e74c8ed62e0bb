"""Figures as text: the table of groups with a bar each, the strip of a month, the line of a year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal, get_args

from models.queries.figures import IN_TIME, Axis, Counted, FigureGroup, Figures, figures
from models.services.validate import joined
from models.words import Phrase, Words
from models.words.dates import say_weekday
from models.words.money import say_money

Measure = Literal["paid", "carried_out", "guests", "over"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
"""What bars, strip and line may show."""

SHADES = " .:+*"
"""From nothing to the most, in a strip."""
BAR = "="


HEADS = ("visits", "guests", "planned", "paid", "over", "percent", "late", "cancelled")
"""The columns of figures; titles are `statistics.head.<one>`."""


def amounts(found: Figures, digits: int) -> tuple[str, ...]:
    """What stands in the columns of `HEADS`: nothing where there was no visit, nor for nought late and the like."""
    if not found.filed:
        return ("",) * len(HEADS)
    percent = found.over_percent
    return (
        str(found.carried_out),
        str(found.guests),
        say_money(found.planned, digits),
        say_money(found.paid, digits),
        say_money(found.over, digits) if found.over else "",
        f"{percent}%" if percent is not None else "",
        str(found.late or ""),
        str(found.cancelled + found.no_shows or ""),
    )


def group_name(group: FigureGroup, by: Axis, w: Words) -> str:
    """What a group is called: `2026-12`, a tier's name, `-` for who has none."""
    return group.key if by in IN_TIME else w.name(group.name)


def bars(groups: Iterable[FigureGroup], measure: Measure, width: int) -> list[str]:
    """A bar for each group, the longest of so many cells; what is not nought has at least one cell."""
    values = [value_of(group.figures, measure) for group in groups]
    most = max([1, *values])
    return [BAR * max(round(value * width / most), 1 if value else 0) for value in values]


def value_of(found: Figures, measure: Measure) -> int:
    """The figure that a measure looks at."""
    return int(getattr(found, measure))


def details(found: Figures, w: Words, digits: int) -> list[str]:
    """In sentences what columns have no room for: how the requests went, over standard, how long a decision took."""
    went = [("carried_out", found.carried_out), ("coming", found.coming), ("cancelled", found.cancelled),
            ("no_shows", found.no_shows), ("refused", found.refused)]  # fmt: skip
    said = joined([Phrase(f"statistics.went.{key}", {"n": n}) for key, n in went if n])
    lines = [w("statistics.filed", n=found.filed, list=w.name(said) or "-")]
    if found.over:
        percent = found.over_percent
        rate = w("statistics.rate", percent=percent) if percent is not None else ""
        lines.append(w("statistics.over", n=found.over_visits, amount=say_money(found.over, digits), rate=rate))
    more = [w("statistics.late", n=found.late, percent=found.late_percent)] if found.late else []
    more += [w("statistics.decided", span=say_minutes(found.decided, w))] if found.decided is not None else []
    more += [w("statistics.again", n=found.again)] if found.again else []
    more += [w("statistics.unsettled", n=found.unsettled)] if found.unsettled else []
    return [*lines, *(["   ".join(more)] if more else [])]


def say_minutes(minutes: int, w: Words) -> str:
    """A span in the largest unit that says it well: minutes, hours, days."""
    if minutes < 120:
        return w("statistics.minutes", n=minutes)
    hours = round(minutes / 60)
    return w("statistics.hours", n=hours) if hours < 48 else w("statistics.days", n=round(hours / 24))


def strip(group: FigureGroup, measure: Measure, first: date, last: date, w: Words) -> list[str]:
    """A month day by day: a shade for each, above it the days' numbers; below what the fullest day was."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    values = [_on(group.visits, measure, day) for day in days]
    most = max([1, *values])
    shades = "".join(f" {SHADES[-(-value * (len(SHADES) - 1) // most)]}" for value in values)
    numbers = "".join(f"{day.day:>2}" if day.day % 5 == 0 or day.day == 1 else "  " for day in days)
    full = max(days, key=lambda day: _on(group.visits, measure, day))
    said = w("statistics.fullest", day=f"{full:%m-%d} {say_weekday(full, w)}") if any(values) else ""
    return [numbers, shades, said]


def line(values: Sequence[int], names: Sequence[str], height: int, step: int) -> list[str]:
    """Values as a line from left to right, `step` cells each, in so many rows, their names below."""
    most = max([1, *values])
    tops = [round(value * (height - 1) / most) for value in values]
    rows = [
        "".join(f"{'*' if top == row else '|' if top > row else ' ':>{step}}" for top in tops)
        for row in range(height - 1, -1, -1)
    ]
    return [*(row.rstrip() for row in rows), "".join(f"{name:>{step}}" for name in names)]


def _on(visits: Iterable[Counted], measure: Measure, day: date) -> int:
    return value_of(figures(each for each in visits if each.begins.date() == day), measure)
