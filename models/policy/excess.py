"""What of a line goes beyond its caps: money, grade, count, and what lies below the least."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from models.policy.answer import BEYOND
from models.policy.caps import Limit
from models.policy.case import Case
from models.policy.lines import Line
from models.policy.model import Linear
from models.policy.record import record
from models.policy.sums import Limits, Sum, allowed_by, count_sum, money_sum

Code = Literal["cap", "grade", "least", "count"]


@record
class Excess:
    """One cap a line does not keep. `over` minor units of the line lie beyond it; `hard`: also beyond `never`.

    `given` and `limit` are minor units in the cap's own unit, times, or ids of grades.
    """

    code: Code
    cap: Limit
    over: int
    hard: bool
    given: Fraction | str
    limit: Fraction | str


def excesses(case: Case, limits: Limits, line: Line) -> Iterator[Excess]:
    """Every cap that a line does not keep, in the file's order; one that the guest pays keeps them all (A12)."""
    if line.payer == "guest":
        return
    for limit in limits[line.id]:
        yield from _money(case, limits, limit, line)
        yield from _grade(case, limit, line)
        yield from _count(case, limits, limit, line)


def percent_of_cap(case: Case, limits: Limits, line: Line, found: list[Excess]) -> Fraction | None:
    """The line's (or its sum's) share of its narrowest money cap; beyond all percentages for a grade, a count or
    a 0 exceeded; None where there is nothing to measure by."""
    if any(each.code in ("grade", "count") or (each.code == "cap" and each.limit == 0) for each in found):
        return BEYOND
    shares = []
    for limit in limits[line.id]:
        sums = money_sum(case, limits, limit, line) if limit.money else None
        if limit.money and sums:
            allowed = allowed_by(limit.money, sums)
            shares.append(sums.whole * 100 / allowed if allowed > 0 else Fraction(0))
    return max(shares, default=None)


def _money(case: Case, limits: Limits, limit: Limit, line: Line) -> Iterator[Excess]:
    if limit.money and not limit.money.at(line.persons) and line.quantity and line.id not in case.amounts:
        yield Excess("cap", limit, 0, _hard_at_zero(limit, line), Fraction(0), Fraction(0))
    sums = money_sum(case, limits, limit, line) if limit.money or limit.least_money else None
    if sums is None:
        return
    given = sums.before + sums.own
    if limit.money:
        allowed = max(Fraction(0), allowed_by(limit.money, sums))
        over = sums.beyond(allowed)
        if over or (not allowed and line.quantity):
            yield Excess("cap", limit, int(over), _beyond_never(limit, sums), given, allowed)
    if limit.least_money and line.price is not None and sums.whole < allowed_by(limit.least_money, sums):
        yield Excess("least", limit, 0, False, sums.whole, allowed_by(limit.least_money, sums))


def _hard_at_zero(limit: Limit, line: Line) -> bool:
    never = limit.column.never
    return isinstance(never, Linear) and never.at(line.persons) <= 0


def _beyond_never(limit: Limit, sums: Sum) -> bool:
    never = limit.column.never
    return isinstance(never, Linear) and sums.beyond(allowed_by(never, sums)) > 0


def _grade(case: Case, limit: Limit, line: Line) -> Iterator[Excess]:
    """Grades are highest first in the list named like the item (A9, A11)."""
    order = [entry.id for entry in case.policy.lists.get(line.item, ())]
    column = limit.column
    if "grade" not in limit.kinds or line.grade not in order:
        return
    place = order.index(line.grade)
    if isinstance(column.most, str) and column.most in order and place < order.index(column.most):
        hard = isinstance(column.never, str) and column.never in order and place < order.index(column.never)
        yield Excess("grade", limit, 0, hard, line.grade, column.most)
    if isinstance(column.least, str) and column.least in order and place > order.index(column.least):
        yield Excess("least", limit, 0, False, line.grade, column.least)


def _count(case: Case, limits: Limits, limit: Limit, line: Line) -> Iterator[Excess]:
    if limit.count is None or not line.quantity:
        return
    sums = count_sum(case, limits, limit, line)
    if sums.before + sums.own > limit.count:
        never = limit.column.never if "money" not in limit.kinds else None
        hard = isinstance(never, Linear) and sums.before + sums.own > allowed_by(never, sums)
        amount = case.amounts.get(line.id, 0)
        yield Excess("count", limit, amount, hard, sums.before + sums.own, Fraction(limit.count))
