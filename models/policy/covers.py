"""Whether one condition holds wherever another does, as far as can be told from the two alone.

A yes is certain; a no may be wrong. Each axis has one value on a visit or line, or several of which any will do, so
that a test holds wherever one for fewer values does.
"""

from __future__ import annotations

from models.policy.model import Clause, Range, Span, Test, When
from models.policy.when import LINE_AXES, about_a_line, axes

SINGLE = frozenset({"tier", "kind", "applicant"})
"""Axes of ids that have one value on a visit, so that two tests for different ids never hold together."""


def covers(wide: When, narrow: When) -> bool:
    """Whether `wide` holds for everything that `narrow` holds for."""
    if not wide:
        return True
    return bool(narrow) and all(any(clause_covers(each, clause) for each in wide) for clause in narrow)


def clause_covers(wide: Clause, narrow: Clause) -> bool:
    """Whether one clause holds wherever another does."""
    tests = all(any(_test_covers(test, each) for each in narrow.tests) for test in wide.tests)
    return tests and all(any(covers(each, inner) for each in _nots_for(wide, narrow)) for inner in wide.nots)


def never(when: When) -> bool:
    """Whether a condition can hold for nothing, because it excludes what it asks for."""
    return bool(when) and all(_never(clause) for clause in when)


def apart(one: When, other: When) -> bool:
    """Whether two conditions never hold for the same visit: they ask for different tiers, kinds or applicants."""
    return bool(one) and bool(other) and all(_apart(a, b) for a in one for b in other)


def _never(clause: Clause) -> bool:
    return any(covers(inner, (Clause(clause.tests),)) for inner in clause.nots)


def _apart(one: Clause, other: Clause) -> bool:
    return any(
        a.axis == b.axis and a.axis in SINGLE and _ids(a).isdisjoint(_ids(b)) for a in one.tests for b in other.tests
    )


def _ids(test: Test) -> frozenset[str]:
    return test.wanted if isinstance(test.wanted, frozenset) else frozenset()


def _nots_for(wide: Clause, narrow: Clause) -> tuple[When, ...]:
    """What `narrow` excludes, as far as it is judged for the same lines as what `wide` excludes."""
    if about_a_line(wide) == about_a_line(narrow):
        return narrow.nots
    return tuple(inner for inner in narrow.nots if not axes(inner) & LINE_AXES)


def _test_covers(wide: Test, narrow: Test) -> bool:
    if wide.axis != narrow.axis:
        return False
    one, other = wide.wanted, narrow.wanted
    if one == other:
        return True
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return other <= one
    if isinstance(one, Range) and isinstance(other, Range):
        return not _season(one) and not _season(other) and _reaches(one, other)
    if isinstance(one, Span) and isinstance(other, Span):  # working days around a holiday
        return one.number >= other.number
    if isinstance(one, tuple) and isinstance(other, tuple):
        return _asks_less(wide.axis, one, other)
    return False


def _asks_less(axis: str, one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Fewer attributes in a band, or more words of which any will do."""
    if axis == "words":
        return set(other) <= set(one)
    least: dict[object, int] = dict(other)  # type: ignore[arg-type]  # pairs of band and number by the axis
    pairs: dict[object, int] = dict(one)  # type: ignore[arg-type]  # the same
    return all(least.get(band, 0) >= number for band, number in pairs.items())


def _season(range_: Range) -> bool:
    return isinstance(range_.low, tuple) or isinstance(range_.high, tuple)


def _reaches(wide: Range, narrow: Range) -> bool:
    """Whether both ends of `wide` lie at or beyond those of `narrow`."""
    return _beyond(wide.low, narrow.low, wide.low_open and not narrow.low_open, lower=True) and _beyond(
        wide.high, narrow.high, wide.high_open and not narrow.high_open, lower=False
    )


def _beyond(wide: object, narrow: object, stricter: bool, *, lower: bool) -> bool:
    if wide is None or narrow is None:
        return wide is None
    if isinstance(wide, Span) and isinstance(narrow, Span):
        if wide.unit != narrow.unit:
            return False
        wide, narrow = wide.number, narrow.number
    if wide == narrow:
        return not stricter
    return (wide < narrow) is lower  # type: ignore[operator]  # one type by the axis
