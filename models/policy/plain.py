"""A policy as plain data, which a cache can keep, and back: what was read and checked once need not be parsed again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from models.policy import model
from models.words import Name

_RECORDS: Mapping[str, Any] = {name: each for name, each in vars(model).items() if hasattr(each, "_names")}
_SAME = (str, int, float, bool, type(None))


def packed(value: Any) -> Any:
    """A policy, or anything in one, as what `marshal` can write. Raises TypeError for what no policy holds."""
    kind = type(value)
    if kind in _SAME:
        return value
    if kind in (tuple, frozenset):
        return kind(map(packed, value))
    if kind is dict:
        return {key: packed(each) for key, each in value.items()}
    if _RECORDS.get(kind.__name__) is kind:
        return [kind.__name__, *(packed(value.__dict__[name]) for name in kind._names)]
    if kind is Name:
        return ["Name", dict(value._texts)]
    if kind is Fraction:
        return ["Fraction", value.numerator, value.denominator]
    if kind in (date, time):
        return [kind.__name__, value.isoformat()]
    if kind is Decimal:
        return ["Decimal", str(value)]
    raise TypeError(f"{kind.__name__} is nothing that a policy holds")


_MADE: Mapping[str, Any] = {
    "Name": Name,
    "Fraction": Fraction,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "Decimal": Decimal,
}


def unpacked(data: Any) -> Any:
    """What was packed."""
    kind = type(data)
    if kind is tuple:
        return tuple([unpacked(each) for each in data]) if data else data
    if kind is dict:
        return {key: unpacked(each) for key, each in data.items()}
    if kind is frozenset:
        return frozenset(map(unpacked, data))
    if kind is not list:
        return data
    record = _RECORDS.get(data[0])
    if record is None:
        return _MADE[data[0]](*data[1:])
    made = record.__new__(record)
    made.__dict__.update(zip(record._names, [unpacked(each) for each in data[1:]], strict=True))
    return made
