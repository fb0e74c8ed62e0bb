"""Reading of `when`: one notation for every condition of a policy, made into `When`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any, TypeVar

from models.policy.model import Clause, Range, Span, Test, When
from models.policy.notation.quantities import day_of, ends, money, number, span_of, whole
from models.policy.notation.readers import (
    Key,
    Reader,
    Reading,
    Wrong,
    attempt,
    flag,
    known,
    listed,
    may,
    nearest,
    one_or_many,
    shown,
    table,
    text,
)
from models.policy.problem import Path
from models.words import Name, clean, words
from models.words.catalogue import LANGUAGES

T = TypeVar("T")
Ids = frozenset[str]

LIST_AXES = {
    "purpose": "purpose",
    "service": "service",
    "want": "want",
    "guest_rank": "rank",
    "host_rank": "rank",
    "meal": "meal",
    "venue": "venue",
}
"""The axes whose ids are a list of the file, and which."""

COLUMN_AXES = ("tier", "kind", *LIST_AXES, "host", "applicant", "area", "city", "item")
"""The axes of ids or words, which every file has; a cap may have columns by them."""

OWN_LISTS = frozenset([*LIST_AXES.values(), "lodging", "car", "item", "band", "score", "area", "city", "equipment"])
"""Lists with a meaning of their own; any other list is a choice field and an axis by its id."""

ITEMS = ("meal", "drink", "tobacco", "lodging")
"""Items that a plan has by itself, also where the list `item` does not name them."""


def known_item(item: str) -> Name:
    """What we call an item that every plan has, where the organisation does not say what it is called."""
    return Name({language: words(language)(f"listing.item.{item}") for language in LANGUAGES})


MOST_CLAUSES = 200


def when(r: Reading, at: Path, value: object) -> When:
    """A table (AND) or a list of tables (OR) as clauses, any of which holds."""
    if isinstance(value, dict):
        return tuple(_clauses(r, at, value))
    if not isinstance(value, list):
        raise Wrong("bad_when", value=shown(value))
    if not value:
        raise Wrong("empty_list")
    found: list[Clause] = []
    for index, item in enumerate(value):
        found += attempt(r, (*at, index), _clauses, item, [])
    if len(found) > MOST_CLAUSES:
        raise Wrong("too_many_clauses", most=MOST_CLAUSES)
    return tuple(found)


def always_or_when(r: Reading, at: Path, value: object) -> When | None:
    """A `when`, or `true` for always and `false` for never."""
    if isinstance(value, bool):
        return () if value else None
    return when(r, at, value)


def axes(r: Reading) -> tuple[str, ...]:
    """Every key that a `when` of this file may have."""
    return (*COLUMN_AXES, *OTHER_AXES, *choice_fields(r), "not")


def choice_fields(r: Reading) -> list[str]:
    """The lists that are choice fields of the organisation."""
    return [name for name in r.lists if name not in OWN_LISTS]


def id_axis(r: Reading, axis: str) -> bool:
    """Whether the values of this axis are ids or words, so that a cap may have columns by it."""
    return axis in COLUMN_AXES or axis in choice_fields(r)


def ids_of(r: Reading, axis: str) -> tuple[str, ...] | None:
    """The ids an axis takes, highest first where they have an order; None where any word will do."""
    if axis in ("tier", "kind"):
        return r.ids[axis]
    if axis in ("host", "applicant"):
        return r.ids["post"]
    if axis == "item":
        return items(r)
    if axis in ("area", "city"):
        return r.lists.get(axis)
    return r.lists.get(LIST_AXES.get(axis, axis), ())


def items(r: Reading) -> tuple[str, ...]:
    """The items a cost may be for."""
    own = r.lists.get("item", ())
    return (*own, *(item for item in ITEMS if item not in own))


def axis_ids(axis: str) -> Reader[Ids]:
    """A reader of one id, a list of ids, or a range over the axis's list, as the ids meant."""

    def read(r: Reading, at: Path, value: object) -> Ids:
        return frozenset().union(*one_or_many(one)(r, at, value))

    def one(r: Reading, at: Path, value: object) -> Ids:
        allowed = ids_of(r, axis)
        if isinstance(value, str) and ".." in value and axis not in ("host", "applicant", "kind"):
            return _between(value, allowed, axis)
        if allowed is None:
            return frozenset([text(r, at, value)])
        return frozenset([known(value, allowed, _declared_in(axis))])

    return read


def _declared_in(axis: str) -> str:
    if axis in ("tier", "kind"):
        return f"[[{axis}]]"
    if axis in ("host", "applicant"):
        return "[[post]]"
    return f"[list] {LIST_AXES.get(axis, axis)}"


def _between(value: str, allowed: tuple[str, ...] | None, axis: str) -> Ids:
    """The ids of a range; lists are written highest first, so the low end stands later in the list."""
    if allowed is None:
        raise Wrong("not_ordered", value=shown(value), axis=axis)
    both = ends(value)
    if both is None:
        raise Wrong("bad_range", value=shown(value))
    where = _declared_in(axis)
    last = allowed.index(known(both.low, allowed, where)) - both.low_open if both.low else len(allowed) - 1
    first = allowed.index(known(both.high, allowed, where)) + both.high_open if both.high else 0
    if first > last:
        raise Wrong("reversed_range", value=shown(value))
    return frozenset(allowed[first : last + 1])


def _clauses(r: Reading, at: Path, value: object) -> list[Clause]:
    """The clauses of one table: one, or as many as its lists of numbers and ranges have combinations."""
    if not isinstance(value, dict):
        raise Wrong("bad_when", value=shown(value))
    nots: tuple[When, ...] = ()
    tests: list[tuple[Test, ...]] = []
    for axis, wanted in value.items():
        here = (*at, axis)
        if axis == "not":
            nots = (attempt(r, here, when, wanted, ()),)
        elif id_axis(r, axis):
            tests.append((Test(axis, attempt(r, here, axis_ids(axis), wanted, frozenset())),))
        elif axis in OTHER_AXES:
            read = attempt(r, here, OTHER_AXES[axis], wanted, ())
            tests.append(tuple(Test(axis, one) for one in read))
        else:
            names = axes(r)
            r.note(here, "unknown_key", value=clean(axis), allowed=listed(names), nearest=nearest(axis, names))
    count = 1
    for alternatives in tests:
        count *= max(1, len(alternatives))
    if count > MOST_CLAUSES:
        raise Wrong("too_many_clauses", most=MOST_CLAUSES)
    return [Clause(combination, nots) for combination in product(*tests)]


# the axes that are not ids: each gives its alternatives


def _ranges(of: Callable[[Reading, object], T], plain: Callable[[str], object]) -> Reader[tuple[Range, ...]]:
    """A reader of values or ranges of them: `of` reads one end, `plain` makes a text's end a raw value."""

    def one(r: Reading, at: Path, value: object) -> Range:
        both = ends(value) if isinstance(value, str) else None
        if both is None:
            end = of(r, plain(value) if isinstance(value, str) else value)
            return Range(end, end)
        low = of(r, plain(both.low)) if both.low else None
        high = of(r, plain(both.high)) if both.high else None
        _in_order(low, high, both.low_open or both.high_open, value)
        return Range(low, high, both.low_open, both.high_open)

    return one_or_many(one)


def _in_order(low: object, high: object, opened: bool, value: object) -> None:
    if low is None or high is None:
        return
    if isinstance(low, Span) and isinstance(high, Span):
        if low.unit != high.unit:
            return
        low, high = low.number, high.number
    if isinstance(low, date) is not isinstance(high, date):
        raise Wrong("mixed_range", value=shown(value))
    if isinstance(low, tuple):  # a season may run over the year's end
        return
    if low > high or (low == high and opened):  # type: ignore[operator]  # both ends came from one reader
        raise Wrong("reversed_range", value=shown(value))


def _numeral(value: str) -> object:
    """The number a text spells, else the text, for its reader to refuse."""
    from decimal import Decimal

    return Decimal(value) if re.fullmatch(r"-?\d{1,15}(\.\d{1,10})?", value) else value


def _whole(r: Reading, value: object) -> int:
    found = number(value)
    if found.denominator != 1:
        raise Wrong("not_whole", value=shown(value))
    return found.numerator


def _minor(r: Reading, value: object) -> int:
    return money(r, value).numerator


def _percent(r: Reading, value: object) -> Fraction:
    return number(value)


def _percent_numeral(value: str) -> object:
    return _numeral(value.removesuffix("%").strip())


def _span(r: Reading, value: object) -> Span:
    return span_of(value)


def _day_or_season(r: Reading, value: object) -> date | tuple[int, int]:
    found = re.fullmatch(r"(\d\d)-(\d\d)", value) if isinstance(value, str) else None
    if not found:
        return day_of(value)
    try:
        season = date(2000, int(found[1]), int(found[2]))
    except ValueError:
        raise Wrong("no_such_day", value=shown(value)) from None
    return season.month, season.day


def _flag(r: Reading, at: Path, value: object) -> tuple[bool]:
    return (flag(r, at, value),)


def _holiday(r: Reading, at: Path, value: object) -> tuple[bool | Span]:
    if isinstance(value, bool):
        return (value,)
    try:
        span = span_of(value)
    except Wrong:
        raise Wrong("bad_holiday", value=shown(value)) from None
    if span.unit != "wd":
        raise Wrong("bad_holiday", value=shown(value))
    return (span,)


def _bands(r: Reading, at: Path, value: object) -> tuple[tuple[tuple[str, int], ...]]:
    keys = {band: may(whole(1)) for band in r.lists.get("band", ())}
    if not keys:
        raise Wrong("none_declared", value=shown(value), what="[list] band")
    counts = table(r, at, value, keys)
    found = tuple((band, count) for band, count in counts.items() if count is not None)
    if not value:
        raise Wrong("empty_list")
    return (found,)


def _words(r: Reading, at: Path, value: object) -> tuple[tuple[str, ...]]:
    return (one_or_many(text)(r, at, value),)


OTHER_AXES: dict[str, Reader[Iterable[Any]]] = {
    "headcount": _ranges(_whole, _numeral),
    "day": _ranges(_whole, _numeral),
    "amount": _ranges(_minor, _numeral),
    "total": _ranges(_minor, _numeral),
    "of_cap": _ranges(_percent, _percent_numeral),
    "lead": _ranges(_span, str),
    "date": _ranges(_day_or_season, str),
    "late": _flag,
    "holiday": _holiday,
    "bands": _bands,
    "words": _words,
}
WHEN: Key = may(when, ())
"""The key `when` of any row."""
