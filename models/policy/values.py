"""The single values of a request: texts, times, prices, quantities."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from models.policy.notation.quantities import day_of, money, number
from models.policy.notation.readers import Reading, Wrong, shown
from models.policy.problem import Path
from models.words import Phrase

YEARS = range(2000, 2100)


def free_text(r: Reading, at: Path, value: object) -> str:
    """A text that may be empty."""
    if not isinstance(value, str):
        raise Wrong("bad_text", value=shown(value))
    return value


def not_empty(r: Reading, at: Path, value: object) -> str:
    """A text with something in it."""
    said = free_text(r, at, value)
    if not said.strip():
        r.wrong.append((at, Phrase("request.empty")))
    return said


def moment(r: Reading, at: Path, value: object) -> datetime:
    """A local date and time."""
    if isinstance(value, datetime) and value.tzinfo is None and value.year in YEARS:
        return value
    r.wrong.append((at, Phrase("request.bad_moment", {"value": shown(value)})))
    return datetime(YEARS[0], 1, 1)


def a_day(r: Reading, at: Path, value: object) -> date:
    """A day of our times."""
    day = day_of(value)
    if day.year not in YEARS:
        raise Wrong("far_off_day", value=shown(value))
    return day


def price(r: Reading, at: Path, value: object) -> int:
    """Main units, made minor ones."""
    return int(_not_negative(r, at, value, money(r, value)))


def _not_negative(r: Reading, at: Path, value: object, read: Fraction) -> Fraction:
    if read < 0:
        r.wrong.append((at, Phrase("request.negative", {"value": shown(value)})))
    return read


def any_number(r: Reading, at: Path, value: object) -> object:
    """A number of any kind, as it is."""
    number(value)
    return value


def quantity(r: Reading, at: Path, value: object) -> Decimal:
    """How many; a part of one, too."""
    amount = _not_negative(r, at, value, number(value))
    return Decimal(amount.numerator) / Decimal(amount.denominator)
