"""What a policy may say but hardly means: rows that are never reached, posts and tiers left out, limits
that contradict each other. Each is a warning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain

from models.policy.case import LINE_AXES, about_a_line, axes, possible
from models.policy.keys import RULES
from models.policy.load import line_of, positions
from models.policy.model import (
    Cap,
    CapColumn,
    Clause,
    Linear,
    Path,
    Policy,
    Problem,
    Range,
    RouteStep,
    Sign,
    Span,
    Test,
    When,
    spelt,
)
from models.words import Phrase

# Whether one condition holds wherever another does, as far as can be told from the two alone.
#
# A yes is certain; a no may be wrong. Each axis has one value on a visit or line, or several of which any will do, so
# that a test holds wherever one for fewer values does.

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


# What a policy may say but hardly means: rows that are never reached, posts and tiers left out, limits
# that contradict each other. Each is a warning.

Odd = tuple[Path, Phrase]


def lint(policy: Policy) -> list[Problem]:
    """Every warning about a policy that can be used, in the order of its lines."""
    kinds = (_unreached, _impossible, _outside, _bare_tiers, _after, _crossed)
    found = list(chain.from_iterable(each(policy) for each in kinds))
    if not found:
        return []
    lines = positions(policy.text.removeprefix("\ufeff"))
    problems = [Problem(line_of(lines, at), spelt(at), what, "warn") for at, what in found]
    return sorted(problems, key=lambda problem: problem.line)


def _odd(at: Path, what: str, **facts: object) -> Odd:
    return at, Phrase(f"policy.odd.{what}", facts)


# rows that are never reached


class _Earlier:
    """The conditions of the rows before one; found by one of the ids they ask for, so that a long table is quick."""

    def __init__(self) -> None:
        self.always: int | None = None
        self.by_id: dict[tuple[str, str], list[tuple[int, Clause]]] = {}
        self.others: list[tuple[int, Clause]] = []

    def add(self, row: int, when: When) -> None:
        """One more row."""
        if not when and self.always is None:
            self.always = row
        for clause in when:
            asked = next((test for test in clause.tests if isinstance(test.wanted, frozenset)), None)
            if asked is None or not isinstance(asked.wanted, frozenset):
                self.others.append((row, clause))
                continue
            for one in asked.wanted:
                self.by_id.setdefault((asked.axis, one), []).append((row, clause))

    def before(self, when: When) -> int | None:
        """A row that wins wherever `when` holds; for several clauses, the row that wins for the first."""
        if self.always is not None:
            return self.always
        rows = [self._row(clause) for clause in when]
        return rows[0] if rows and None not in rows else None

    def _row(self, clause: Clause) -> int | None:
        ids = ((test.axis, min(test.wanted)) for test in clause.tests if isinstance(test.wanted, frozenset))
        near = chain(self.others, *(self.by_id.get(one, ()) for one in ids))
        return next((row for row, wide in near if clause_covers(wide, clause)), None)


def _unreached(policy: Policy) -> Iterator[Odd]:
    for name, table in RULES.items():
        earlier = _Earlier()
        for at, row in enumerate(table.of(policy) if table.chosen and name not in ("cap", "booking") else ()):
            before = earlier.before(row.when)
            if before is not None:
                yield _odd((name, at), "unreached", row=spelt((name, before)))
            earlier.add(at, row.when)
    yield from _unreached_caps(policy.caps)
    yield from _unreached_bookings(policy)


def _unreached_caps(caps: Sequence[Cap]) -> Iterator[Odd]:
    """A cap counts for each kind of limit by itself; its columns do not matter, as one left out is no limit."""
    known: dict[tuple[object, ...], _Earlier] = {}
    for at, cap in enumerate(caps):
        keys = [known.setdefault((frozenset(cap.items), cap.per, kind), _Earlier()) for kind in sorted(cap.limits)]
        rows = [earlier.before(cap.when) for earlier in keys]
        if None not in rows:
            yield _odd(("cap", at), "unreached", row=spelt(("cap", rows[0] or 0)))
        for earlier in keys:
            earlier.add(at, cap.when)


def _unreached_bookings(policy: Policy) -> Iterator[Odd]:
    """A booking row counts for each thing and purpose, or thing and clash, by itself."""
    known: dict[tuple[str, str], _Earlier] = {}
    for at, row in enumerate(policy.bookings):
        about = [row.clash] if row.clash else row.purposes
        keys = [known.setdefault((thing, each), _Earlier()) for thing in row.things for each in about]
        rows = [earlier.before(row.when) for earlier in keys]
        if rows and None not in rows:
            yield _odd(("booking", at), "unreached", row=spelt(("booking", rows[0] or 0)))
        for earlier in keys:
            earlier.add(at, row.when)


def _impossible(policy: Policy) -> Iterator[Odd]:
    for name, table in RULES.items():
        yield from (_odd((name, at, "when"), "never") for at, row in enumerate(table.of(policy)) if never(row.when))


# posts, tiers, duties


def _outside(policy: Policy) -> Iterator[Odd]:
    """Posts that decide but are not tied by `up` to the posts that are: nobody above them can step in."""
    tied = _tied(policy)
    rows: list[tuple[Path, Sequence[RouteStep | Sign]]] = [
        (("route", at, "steps"), route.steps) for at, route in enumerate(policy.routes)
    ]
    rows += [(("sign", at, "by"), [sign]) for at, sign in enumerate(policy.signs)]
    for at, steps in rows if len(tied) > 1 else ():
        posts = dict.fromkeys(by for step in steps if step.do == "decide" for by in step.by)
        for post in posts:
            if not post.startswith("@") and post not in tied:
                yield _odd(at, "outside", post=post)


def _tied(policy: Policy) -> set[str]:
    """The largest group of posts that are tied by `up`; of several the first in the file."""
    up = {post.id: post.up for post in policy.posts}
    tops: dict[str, list[str]] = {}
    for post in up:
        top = post
        while (above := up[top]) is not None:
            top = above
        tops.setdefault(top, []).append(post)
    largest = max(len(group) for group in tops.values())
    return set(next(group for group in tops.values() if len(group) == largest))


def _bare_tiers(policy: Policy) -> Iterator[Odd]:
    """Tiers of which no cap speaks, where caps speak of others."""
    named = {tier.id: any(_speaks_of(policy, cap, tier.id) for cap in policy.caps) for tier in policy.tiers}
    if any(named.values()):
        yield from (_odd(("tier", at), "bare_tier") for at, tier in enumerate(policy.tiers) if not named[tier.id])


def _speaks_of(policy: Policy, cap: Cap, tier: str) -> bool:
    if cap.by == "tier" and tier not in cap.columns:
        return False
    return (cap.by == "tier" or "tier" in axes(cap.when)) and possible(policy, cap.when, tier)


def _after(policy: Policy) -> Iterator[Odd]:
    """Duties that wait for one that is never done on the same visit."""
    whens = {duty.id: duty.when for duty in policy.duties}
    for at, duty in enumerate(policy.duties):
        for place, first in enumerate(duty.after):
            if apart(duty.when, whens[first]):
                yield _odd(("duty", at, "after", place), "after", duty=first)


# limits that contradict each other


def _crossed(policy: Policy) -> Iterator[Odd]:
    """Rows in which the lower of two limits is the greater: nothing fits, or what fits is refused."""
    for at, cap in enumerate(policy.caps):
        for less, more in (("least", "most"), ("most", "never"), ("count", "never")):
            if any(_greater(policy, cap, column, less, more) for column in cap.columns.values()):
                yield _odd(("cap", at, more), "crossed", less=less, more=more)
    for at, row in enumerate(policy.companions):
        if _above(row.most, row.never):
            yield _odd(("companions", at, "never"), "crossed", less="most", more="never")
    for at, need in enumerate(policy.needs):
        if _above(need.least, need.most):
            yield _odd(("need", at, "most"), "crossed", less="least", more="most")
    for at, notice in enumerate(policy.notices):
        if _above(notice.never, notice.least):
            yield _odd(("notice", at, "never"), "crossed", less="never", more="least")


def _greater(policy: Policy, cap: Cap, column: CapColumn, less: str, more: str) -> bool:
    one, other = getattr(column, less), getattr(column, more)
    if less == "count" and column.most is not None:  # `never` is then of the kind of `most`
        return False
    if isinstance(one, str) and isinstance(other, str):  # grades, highest first
        grades = [entry.id for entry in policy.lists.get(cap.items[0], ())]
        return one in grades and other in grades and grades.index(one) < grades.index(other)
    return _above(one, other)


def _above(one: object, other: object) -> bool:
    """Whether a limit is surely above another: plain figures, and spans of the same unit."""
    if isinstance(one, Span) and isinstance(other, Span):
        return one.unit == other.unit and one.number > other.number
    first, second = _plain(one), _plain(other)
    return first is not None and second is not None and first > second


def _plain(limit: object) -> Fraction | None:
    if isinstance(limit, Linear):
        return None if limit.each else limit.base
    return Fraction(limit) if isinstance(limit, int) else None
