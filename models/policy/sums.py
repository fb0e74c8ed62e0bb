"""How a line of the plan measures against one cap: alone, with the other lines of its meal, day, visit or span."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction

from models.policy.caps import Limit, column_of
from models.policy.case import Case
from models.policy.lines import Line
from models.policy.model import Linear
from models.policy.record import record
from models.policy.request import Past
from models.policy.spans import rolled_back
from models.policy.when import holds
from models.words.alike import same

BOTTLE_ML = 500
"""What a bottle holds where a cap counts millilitres and the request counts bottles."""

OF_MEAL = frozenset({"person_meal", "meal", "event"})
PER_PERSON = frozenset({"person_meal", "person_day", "person_visit"})
OF_MANY = OF_MEAL | PER_PERSON | {"visit"}

Limits = dict[str, tuple[Limit, ...]]
"""By the id of a line: the caps that hold for it."""


@record
class Sum:
    """A line's `own` share of what is summed under a cap, what came `before` it, and the `whole` sum, per head
    where the cap is; `scale` makes the share an amount again, `n` is what a linear limit counts."""

    before: Fraction
    own: Fraction
    whole: Fraction
    scale: Fraction
    n: int

    def beyond(self, allowed: Fraction) -> Fraction:
        """The part of the line's own share that lies beyond `allowed`, in minor units (or times)."""
        return max(Fraction(0), min(self.own, self.before + self.own - allowed)) * self.scale


def unit_factor(per: str, line: Line) -> Fraction | None:
    """How many units of `per` are in one unit of the line; None where the cap counts something else."""
    if line.unit in (per, "") and per not in OF_MANY:
        return Fraction(1)
    ml, own = _ml(per), BOTTLE_ML if line.unit == "bottle" else _ml(line.unit)
    return Fraction(own, ml) if ml and own else None


def _ml(unit: str) -> int | None:
    found = re.fullmatch(r"([1-9]\d{0,5})ml", unit)
    return int(found[1]) if found else None


def money_sum(case: Case, limits: Limits, limit: Limit, line: Line) -> Sum | None:
    """What a line costs under a money cap; None where its amount is open or the cap counts another unit."""
    amount = case.amounts.get(line.id)
    if amount is None:
        return None
    cap = limit.cap
    if cap.count_over is None and cap.per not in OF_MANY:
        factor = unit_factor(cap.per, line)
        units = line.quantity * factor if factor is not None else Fraction(0)
        return Sum(Fraction(0), amount / units, amount / units, units, line.persons) if units else None
    return _summed(case, limits, limit, line, lambda each: Fraction(case.amounts.get(each.id, each.priced) or 0))


def count_sum(case: Case, limits: Limits, limit: Limit, line: Line) -> Sum:
    """How often a line happens under a cap on frequency: a meal once, a lodging by nights, all else by quantity;
    over a span each line, now and in the past, once."""
    if limit.cap.count_over is not None:
        return _summed(case, limits, limit, line, lambda each: Fraction(1))
    if limit.cap.per in PER_PERSON:
        return _summed(case, limits, limit, line, lambda each: each.quantity)
    return _summed(case, limits, limit, line, lambda each: each.times)


def _summed(case: Case, limits: Limits, limit: Limit, line: Line, weight: Callable[[Line], Fraction]) -> Sum:
    cap = limit.cap
    if cap.count_over is not None:
        return _over_span(case, limits, limit, line, weight)
    peers = list(_peers(case, limits, limit))
    if cap.per in ("person_meal", "meal"):
        peers = [_at_table(case, peers, each) for each in peers]
        line = next(each for each in peers if each.id == line.id)
    peers = [each for each in peers if _together(case, cap.per, each, line)]
    per_head = cap.per in PER_PERSON

    def share(each: Line) -> Fraction:
        return weight(each) / max(each.persons, 1) if per_head else weight(each)

    before = sum((share(each) for each in _earlier(case, peers, line)), Fraction(0))
    whole = sum(map(share, peers), Fraction(0))
    scale = Fraction(max(line.persons, 1) if per_head else 1)
    return Sum(before, share(line), whole, scale, max(each.persons for each in peers))


def _over_span(case: Case, limits: Limits, limit: Limit, line: Line, weight: Callable[[Line], Fraction]) -> Sum:
    """The worst of the guests, where the cap is per guest; else the one sum of the client or department."""
    whom = _recipients(case, line) if "guest" in limit.cap.count_by else [None]
    sums = (_sum_for(case, limits, limit, line, weight, guest) for guest in whom)
    return max(sums, key=lambda each: each.before + each.own)


def _sum_for(
    case: Case, limits: Limits, limit: Limit, line: Line, weight: Callable[[Line], Fraction], guest: str | None
) -> Sum:
    cap = limit.cap
    last = case.day(line)
    first = rolled_back(last, cap.count_over, case.days) if cap.count_over else date.min
    frequency = limit.count is not None and limit.money is None
    whole = guest is None or frequency
    parts = Fraction(1) if whole or line.to else Fraction(max(line.persons, 1))
    before = _past(case, limit, first, last, guest)
    past = sum((weight(each) / (1 if whole else max(each.persons, 1)) for each in before), Fraction(0))
    peers = [each for each in _peers(case, limits, limit) if first < case.day(each) <= last]
    peers = [each for each in peers if guest is None or not each.to or same(each.to, guest) or each is line]
    earlier = sum((weight(each) / parts for each in _earlier(case, peers, line)), Fraction(0))
    now = sum((weight(each) / parts for each in peers), Fraction(0))
    return Sum(past + earlier, weight(line) / parts, past + now, parts, line.persons if guest is None else 1)


def _recipients(case: Case, line: Line) -> list[str | None]:
    """Who receives a line: the one it names, else every named guest that counts, else somebody unnamed."""
    if line.to:
        return [line.to]
    return [guest.name for guest in case.request.guests if guest.name and guest.counts] or [""]


def _past(case: Case, limit: Limit, first: date, last: date, guest: str | None) -> Iterator[Line]:
    """Earlier expenses under the same column of the same cap, of the same client, department or guest."""
    cap, request = limit.cap, case.request
    for past in request.history:
        if not first < past.on <= last or past.item not in cap.items:
            continue
        if "client" in cap.count_by and not same(past.client, request.client):
            continue
        if "department" in cap.count_by and (past.department is None or past.department != case.department()):
            continue
        if guest is not None and not any(same(guest, each) for each in (past.guest, *past.guests)):
            continue
        line = _past_line(past)
        if holds(cap.when, case, line, own=True) and column_of(cap, case, line) is limit.column:
            yield line


def _past_line(past: Past) -> Line:
    one = Fraction(1)
    return Line(
        "", past.item or "", "", one, past.amount, past.persons, one, "", on=past.on, meal=past.meal, to=past.guest
    )


def _peers(case: Case, limits: Limits, limit: Limit) -> Iterator[Line]:
    """The lines of the plan under the same column of the same cap, but what the guest pays."""
    for line in case.lines:
        if line.payer != "guest" and any(limit.same(other) for other in limits.get(line.id, ())):
            yield line


def _at_table(case: Case, peers: list[Line], line: Line) -> Line:
    """A bill beside the meals as part of the one of its day that is the dearest a head, by those who dined there: under
    a cap per meal no second bill goes unseen. A bill for a meal is a meal of its own."""
    if line.served or line.item == "meal":
        return line
    heads = {
        each.group: each.persons
        for each in peers
        if each.served and case.day(each) == case.day(line) and line.meal in (None, each.meal)
    }

    def dear(group: str) -> Fraction:
        spent = sum(case.amounts.get(each.id, 0) for each in peers if each.group == group)
        return Fraction(spent, max(heads[group], 1))

    group = max(heads, key=dear, default=None)
    return line if group is None else replace(line, group=group, persons=heads[group])


def _together(case: Case, per: str, one: Line, other: Line) -> bool:
    if per in OF_MEAL:
        return one.group == other.group
    if per == "person_day":
        return case.day(one) == case.day(other)
    return True


def _earlier(case: Case, peers: list[Line], line: Line) -> list[Line]:
    """The peers before a line, by day and then in the order of the plan."""
    order = {each.id: (case.day(each), number) for number, each in enumerate(case.lines)}
    return [each for each in peers if order[each.id] < order[line.id]]


def allowed_by(figure: Linear, sums: Sum) -> Fraction:
    """What a limit allows for the number of people a sum is about."""
    return Fraction(figure.at(sums.n))
