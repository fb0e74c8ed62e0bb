"""The terms a policy is written in: spans, moments, ranges, limits, and the conditions of `when`."""

from __future__ import annotations

from datetime import time
from fractions import Fraction
from typing import Literal

from models.policy.record import record

Breach = Literal["info", "warn", "reason", "block", "guest_pays", "applicant_pays"]
Do = Literal["opinion", "decide", "report"]
LimitKind = Literal["money", "grade", "count", "text"]
SpanUnit = Literal["m", "h", "d", "wd", "w", "mo", "y"]
NeedType = Literal["text", "number", "date", "choice", "document"]
Ask = Literal["decide", "notify", "refuse"]


@record
class Span:
    """A length of time as written: `3d`, `30m`, `2w`; negative where the notation allows it."""

    number: int
    unit: SpanUnit


@record
class Moment:
    """A point in time relative to a visit: anchor (arrive, depart, submit, close or a stage), offset, clock."""

    anchor: str
    offset: Span | None = None
    clock: time | None = None


@record
class Range:
    """`low..high`, either end absent or open (`low_open`: low itself is outside). A single value is low == high.

    Both ends have one type, which the axis fixes (see `Test`).
    """

    low: object | None = None
    high: object | None = None
    low_open: bool = False
    high_open: bool = False


@record
class Linear:
    """`base + each × max(0, n − over)`, rounded down; a plain limit is `base` alone (minor units or a count)."""

    base: Fraction
    over: int = 0
    each: Fraction = Fraction(0)

    def at(self, n: int) -> int:
        """The limit for `n` diners or guests."""
        value = self.base + self.each * max(0, n - self.over)
        return value.numerator // value.denominator


@record
class Test:
    """One axis of a `when` and what it must be. The axis alone fixes what `wanted` holds:

    - tier kind purpose service want guest_rank host_rank item meal venue: frozenset of ids, any of them; a range
      over the list (`"bureau.."`) is already the ids in it
    - any other list's id (a choice field): the same, to be sought in the request's `fields` under that id
    - host applicant: frozenset of post ids
    - area city: frozenset of words as written (ids where a list `area` or `city` is declared)
    - headcount day: Range of int
    - amount total: Range of int, minor units
    - of_cap: Range of Fraction, percent (`">100%.."` is low = 100, low_open)
    - lead: Range of Span; the two ends may have different units
    - date: Range of date, or a season: Range of (month, day), which runs over the year's end where low > high
    - late: bool
    - holiday: bool (on one, on none), or Span in `wd`: from that many working days before one to as many after
    - bands: tuple of (band, n): at least n attributes in that band or a higher one, for every pair
    - words: tuple of str, any of which occurs in the free text

    A list of numbers or ranges (`headcount = ["..3", 10]`) has become several clauses, so `wanted` is never one.
    """

    __test__ = False
    axis: str
    wanted: frozenset[str] | Range | Span | bool | tuple[tuple[str, int], ...] | tuple[str, ...]


@record
class Clause:
    """All tests hold, and none of `nots` (each a whole `When`; one that is `()` always holds, so the clause never)."""

    tests: tuple[Test, ...]
    nots: tuple[tuple[Clause, ...], ...] = ()


When = tuple[Clause, ...]
"""Any clause holds; the empty tuple is always."""
