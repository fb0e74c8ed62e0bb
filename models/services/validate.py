"""Validation of text that people enter: cleaned, and held to limits that are set here only."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from models.errors import Refused
from models.words import Name, Phrase, clean, clean_lines, words
from models.words.catalogue import LANGUAGES

LINE = 200
TEXT = 4000
ROWS = 300
COUNT = 100_000
MONEY = 10**13  # minor units

_AND = {"zh": "、", "en": ", "}


def line(field: str, text: str, most: int = LINE) -> str:
    """One cleaned line without blanks around it; Refused names `field` (a key of `fields`) when it is too long."""
    return _fitting(field, clean(text).strip(), most)


def text(field: str, text: str, most: int = TEXT) -> str:
    """Cleaned text of several lines; Refused names `field` when it is too long."""
    return _fitting(field, clean_lines(text).rstrip(), most)


def number(field: str, value: int | None, *, low: int = 0, high: int = COUNT) -> int | None:
    """A count or amount as it is; Refused when it is outside `low` to `high`."""
    if value is not None and not low <= value <= high:
        raise Refused("out_of_range", field=label(field), value=value, low=low, high=high)
    return value


def quantity(value: Decimal) -> Decimal:
    """An amount of something as it is; Refused when it is none, or has more than six decimals."""
    if not (value.is_finite() and 0 <= value <= COUNT and value == round(value, 6)):
        raise Refused("out_of_range", field=label("quantity"), value=value, low=0, high=COUNT)
    return value


def rows(field: str, n: int, most: int = ROWS) -> None:
    """Refused when `field` has more than `most` lines."""
    if n > most:
        raise Refused("too_many", field=label(field), n=n, most=most)


def label(field: str) -> Phrase:
    """What the field is called."""
    return Phrase(f"fields.{field}")


def labels(fields: Iterable[str]) -> Name:
    """What several fields are called, as one name."""
    return joined([label(field) for field in fields])


def joined(texts: Iterable[Name | Phrase]) -> Name:
    """Several texts as one, in each language."""
    known = list(texts)
    return Name({code: _AND[code].join([words(code).text(each) for each in known]) for code in LANGUAGES})


def _fitting(field: str, value: str, most: int) -> str:
    if len(value) > most:
        raise Refused("too_long", field=label(field), n=len(value), most=most)
    return value
