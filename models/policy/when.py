"""Whether a `when` holds: a table is AND, a list of tables is OR, `not` inside, absent is always.

Answers are True, False or None (not known), so that the same walk serves a request, of which all is known,
and a tier alone, of which the rest is open (the look-up of standards).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from models.policy.model import Clause, Test, When

LINE_AXES = frozenset({"item", "meal", "venue", "amount", "of_cap"})
"""Axes that only a line of the plan has."""

LINE_OWN_AXES = frozenset({"date", "day", "city", "holiday"})
"""Axes of the visit that a row judged for a line takes from that line, where it has them."""

LineT = TypeVar("LineT")


class Facts(Protocol[LineT]):
    """What a `when` is judged by. `lines` None: it is not known which there are."""

    @property
    def lines(self) -> tuple[LineT, ...] | None:
        """The lines of the plan."""

    def meets(self, test: Test, line: LineT | None, own: bool) -> bool | None:
        """Whether one test holds, with the facts of `line` where given; `own`: its date, day and city too."""


def truth(when: When, facts: Facts[LineT], line: LineT | None = None, *, own: bool = False) -> bool | None:
    """Whether `when` holds. With `line` it is judged for that line (`own`: by its own date, day and city);
    without, a clause with axes of a line holds if all of them hold for one and the same line."""
    if not when:
        return True
    return _any(_clause(clause, facts, line, own) for clause in when)


def holds(when: When, facts: Facts[LineT], line: LineT | None = None, *, own: bool = False) -> bool:
    """`truth` where all is known: what is not known does not hold."""
    return truth(when, facts, line, own=own) is True


def _clause(clause: Clause, facts: Facts[LineT], line: LineT | None, own: bool) -> bool | None:
    if line is None and facts.lines is not None and about_a_line(clause):
        return _any(_all_of(clause, facts, each, own) for each in facts.lines)
    return _all_of(clause, facts, line, own)


def _all_of(clause: Clause, facts: Facts[LineT], line: LineT | None, own: bool) -> bool | None:
    tests = (facts.meets(test, line, own) for test in clause.tests)
    nots = (_not(truth(inner, facts, line, own=own)) for inner in clause.nots)
    return _not(_any(_not(each) for group in (tests, nots) for each in group))


def _any(answers: Iterable[bool | None]) -> bool | None:
    known: bool | None = False
    for answer in answers:
        if answer:
            return True
        if answer is None:
            known = None
    return known


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def about_a_line(clause: Clause) -> bool:
    """Whether a clause asks for a line of the plan; what it has inside `not` does not make it so."""
    return any(test.axis in LINE_AXES for test in clause.tests)


def axes(when: When) -> frozenset[str]:
    """Every axis a `when` asks about, also inside `not`."""
    own = {test.axis for clause in when for test in clause.tests}
    inner = (axes(each) for clause in when for each in clause.nots)
    return frozenset(own).union(*inner)
