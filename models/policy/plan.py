"""What a visit is to cost: the lines of a request held against the caps, and the sums that caps look back on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from models.frozen import record
from models.policy.answer import BEYOND, CapAnswer, Finding, PlanLine, level_of
from models.policy.case import Case, CaseLine, Past, holds
from models.policy.model import MEAL, Cap, CapColumn, LimitKind, Linear, Test, entry_name, item_name
from models.policy.workdays import rolled_back
from models.words import Name, Phrase
from models.words.alike import same
from models.words.money import say_money

# Which caps hold for which line: the first row that holds wins, per items, `per` and kind of limit.


@record
class Limit:
    """One column of a cap as it holds for a line, for the kinds of limit this row won."""

    cap: Cap
    column: CapColumn
    kinds: frozenset[LimitKind]

    __eq__, __hash__ = object.__eq__, object.__hash__

    def same(self, other: Limit) -> bool:
        """Whether both are the same column of the same row."""
        return self.cap is other.cap and self.column is other.column

    @property
    def money(self) -> Linear | None:
        """The most it allows, in minor units."""
        return self.column.most if "money" in self.kinds and isinstance(self.column.most, Linear) else None

    @property
    def least_money(self) -> Linear | None:
        """The least it asks for, in minor units."""
        return self.column.least if "money" in self.kinds and isinstance(self.column.least, Linear) else None

    @property
    def count(self) -> int | None:
        """How often it allows something."""
        return self.column.count if "count" in self.kinds else None


def limits_of(case: Case, line: CaseLine) -> tuple[Limit, ...]:
    """The caps that hold for a line, in the file's order. A column left out closes its kinds and is no limit."""
    won: set[tuple[frozenset[str], str, LimitKind]] = set()
    limits: list[Limit] = []
    for cap in case.policy.caps:
        if line.item not in cap.items or not holds(cap.when, case, line, own=True):
            continue
        keys = {(frozenset(cap.items), cap.per, kind) for kind in cap.limits} - won
        won |= keys
        column = column_of(cap, case, line)
        if keys and column is not None:
            limits.append(Limit(cap, column, frozenset(kind for _, _, kind in keys)))
    return tuple(limits)


def column_of(cap: Cap, case: Case, line: CaseLine) -> CapColumn | None:
    """The column of a row that a line falls into; None where it falls into none."""
    if cap.by is None:
        return cap.columns.get(None)
    for key, column in cap.columns.items():
        if key is not None and case.meets(Test(cap.by, frozenset({key})), line, True):
            return column
    return None


def caps_in_force(case: Case) -> tuple[CapAnswer, ...]:
    """The caps of this request: those of its lines, and for an item without a line those that hold anyway."""
    found: list[tuple[Limit, int]] = []
    for line in (*case.lines, *_imagined(case)):
        for limit in limits_of(case, line):
            if not any(limit.same(other) for other, _ in found):
                found.append((limit, line.persons))
    place = {id(cap): number for number, cap in enumerate(case.policy.caps)}
    found.sort(key=lambda each: place[id(each[0].cap)])
    return tuple(_answer(limit, persons) for limit, persons in found)


def _imagined(case: Case) -> Iterator[CaseLine]:
    """A bare line for each item that has caps and no line."""
    planned = {line.item for line in case.lines}
    for item in dict.fromkeys(item for cap in case.policy.caps for item in cap.items):
        if item not in planned:
            yield CaseLine("", item, "", Fraction(0), None, case.request.headcount, Fraction(0), "")


def _answer(limit: Limit, persons: int) -> CapAnswer:
    cap, column = limit.cap, limit.column

    def figure(value: Linear | str | None) -> int | str | None:
        return value.at(persons) if isinstance(value, Linear) else value

    return CapAnswer(
        id=column.id,
        item=cap.items,
        per=cap.per,
        most=figure(column.most),
        least=figure(column.least),
        count=column.count,
        text=column.text,
        breach=cap.breach,
    )


# How a line of the plan measures against one cap: alone, with the other lines of its meal, day, visit or span.

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


def unit_factor(per: str, line: CaseLine) -> Fraction | None:
    """How many units of `per` are in one unit of the line; None where the cap counts something else."""
    if line.unit in (per, "") and per not in OF_MANY:
        return Fraction(1)
    ml, own = _ml(per), BOTTLE_ML if line.unit == "bottle" else _ml(line.unit)
    return Fraction(own, ml) if ml and own else None


def _ml(unit: str) -> int | None:
    found = re.fullmatch(r"([1-9]\d{0,5})ml", unit)
    return int(found[1]) if found else None


def money_sum(case: Case, limits: Limits, limit: Limit, line: CaseLine) -> Sum | None:
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


def count_sum(case: Case, limits: Limits, limit: Limit, line: CaseLine) -> Sum:
    """How often a line happens under a cap on frequency: a meal once, a lodging by nights, all else by quantity;
    over a span each line, now and in the past, once."""
    if limit.cap.count_over is not None:
        return _summed(case, limits, limit, line, lambda each: Fraction(1))
    if limit.cap.per in PER_PERSON:
        return _summed(case, limits, limit, line, lambda each: each.quantity)
    return _summed(case, limits, limit, line, lambda each: each.times)


def _summed(case: Case, limits: Limits, limit: Limit, line: CaseLine, weight: Callable[[CaseLine], Fraction]) -> Sum:
    cap = limit.cap
    if cap.count_over is not None:
        return _over_span(case, limits, limit, line, weight)
    peers = list(_peers(case, limits, limit))
    if cap.per in ("person_meal", "meal"):
        peers = [_at_table(case, peers, each) for each in peers]
        line = next(each for each in peers if each.id == line.id)
    peers = [each for each in peers if _together(case, cap.per, each, line)]
    per_head = cap.per in PER_PERSON

    def share(each: CaseLine) -> Fraction:
        return weight(each) / max(each.persons, 1) if per_head else weight(each)

    before = sum((share(each) for each in _earlier(case, peers, line)), Fraction(0))
    whole = sum(map(share, peers), Fraction(0))
    scale = Fraction(max(line.persons, 1) if per_head else 1)
    return Sum(before, share(line), whole, scale, max(each.persons for each in peers))


def _over_span(case: Case, limits: Limits, limit: Limit, line: CaseLine, weight: Callable[[CaseLine], Fraction]) -> Sum:
    """The worst of the guests, where the cap is per guest; else the one sum of the client or department."""
    whom = _recipients(case, line) if "guest" in limit.cap.count_by else [None]
    sums = (_sum_for(case, limits, limit, line, weight, guest) for guest in whom)
    return max(sums, key=lambda each: each.before + each.own)


def _sum_for(
    case: Case, limits: Limits, limit: Limit, line: CaseLine, weight: Callable[[CaseLine], Fraction], guest: str | None
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


def _recipients(case: Case, line: CaseLine) -> list[str | None]:
    """Who receives a line: the one it names, else every named guest that counts, else somebody unnamed."""
    if line.to:
        return [line.to]
    return [guest.name for guest in case.request.guests if guest.name and guest.counts] or [""]


def _past(case: Case, limit: Limit, first: date, last: date, guest: str | None) -> Iterator[CaseLine]:
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


def _past_line(past: Past) -> CaseLine:
    one = Fraction(1)
    return CaseLine(
        "", past.item or "", "", one, past.amount, past.persons, one, "", on=past.on, meal=past.meal, to=past.guest
    )


def _peers(case: Case, limits: Limits, limit: Limit) -> Iterator[CaseLine]:
    """The lines of the plan under the same column of the same cap, but what the guest pays."""
    for line in case.lines:
        if line.payer != "guest" and any(limit.same(other) for other in limits.get(line.id, ())):
            yield line


def _at_table(case: Case, peers: list[CaseLine], line: CaseLine) -> CaseLine:
    """A bill beside the meals as part of the one of its day that is the dearest a head, by those who dined there: under
    a cap per meal no second bill goes unseen. A bill for a meal is a meal of its own."""
    if line.served or line.item == MEAL:
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


def _together(case: Case, per: str, one: CaseLine, other: CaseLine) -> bool:
    if per in OF_MEAL:
        return one.group == other.group
    if per == "person_day":
        return case.day(one) == case.day(other)
    return True


def _earlier(case: Case, peers: list[CaseLine], line: CaseLine) -> list[CaseLine]:
    """The peers before a line, by day and then in the order of the plan."""
    order = {each.id: (case.day(each), number) for number, each in enumerate(case.lines)}
    return [each for each in peers if order[each.id] < order[line.id]]


def allowed_by(figure: Linear, sums: Sum) -> Fraction:
    """What a limit allows for the number of people a sum is about."""
    return Fraction(figure.at(sums.n))


# What of a line goes beyond its caps: money, grade, count, and what lies below the least.

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


def excesses(case: Case, limits: Limits, line: CaseLine) -> Iterator[Excess]:
    """Every cap that a line does not keep, in the file's order; one that the guest pays keeps them all (A12)."""
    if line.payer == "guest":
        return
    for limit in limits[line.id]:
        yield from _money(case, limits, limit, line)
        yield from _grade(case, limit, line)
        yield from _count(case, limits, limit, line)


def percent_of_cap(case: Case, limits: Limits, line: CaseLine, found: list[Excess]) -> Fraction | None:
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


def _money(case: Case, limits: Limits, limit: Limit, line: CaseLine) -> Iterator[Excess]:
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


def _hard_at_zero(limit: Limit, line: CaseLine) -> bool:
    never = limit.column.never
    return isinstance(never, Linear) and never.at(line.persons) <= 0


def _beyond_never(limit: Limit, sums: Sum) -> bool:
    never = limit.column.never
    return isinstance(never, Linear) and sums.beyond(allowed_by(never, sums)) > 0


def _grade(case: Case, limit: Limit, line: CaseLine) -> Iterator[Excess]:
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


def _count(case: Case, limits: Limits, limit: Limit, line: CaseLine) -> Iterator[Excess]:
    if limit.count is None or not line.quantity:
        return
    sums = count_sum(case, limits, limit, line)
    if sums.before + sums.own > limit.count:
        never = limit.column.never if "money" not in limit.kinds else None
        hard = isinstance(never, Linear) and sums.before + sums.own > allowed_by(never, sums)
        amount = case.amounts.get(line.id, 0)
        yield Excess("count", limit, amount, hard, sums.before + sums.own, Fraction(limit.count))


# The plan: what each line costs, against which cap, what is over and who pays that (A10).

EXCESS_PAYERS = {"guest_pays": "guest", "applicant_pays": "applicant"}
"""Who pays what is over a cap, by the cap's `breach`, where it is not the company."""


@record
class Own:
    """The narrowest money cap in a line's own unit: `cap` minor units for one, `whole` for all of the line."""

    cap: int
    whole: int
    per: str
    limit: Limit


def plan(case: Case) -> tuple[tuple[PlanLine, ...], list[Finding]]:
    """The lines of the plan and what is wrong with them; fills the case's amounts, percentages and total."""
    limits: Limits = {line.id: limits_of(case, line) for line in case.lines}
    own = {line.id: _own_cap(limits[line.id], line) for line in case.lines}
    for line in case.lines:
        narrowest = own[line.id]
        if line.priced is None and narrowest is not None:
            case.amounts[line.id] = narrowest.whole
    planned: list[PlanLine] = []
    findings: list[Finding] = []
    for line in case.lines:
        found = list(excesses(case, limits, line))
        percent = percent_of_cap(case, limits, line, found) if line.payer != "guest" else None
        if percent is not None:
            case.of_cap[line.id] = percent
        planned.append(_plan_line(case, line, own[line.id], found, limits[line.id]))
        findings += [_finding(case, line, each) for each in found]
        findings += _unmeasured(case, line, limits[line.id])
    case.total = sum(each.counted for each in planned)
    return tuple(planned), findings


def _own_cap(limits: tuple[Limit, ...], line: CaseLine) -> Own | None:
    found = [own for limit in limits if (own := _as_own(limit, line))]
    return min(found, key=lambda own: own.whole, default=None)


def _as_own(limit: Limit, line: CaseLine) -> Own | None:
    if limit.money is None or limit.cap.count_over is not None:
        return None
    per, figure = limit.cap.per, max(0, limit.money.at(line.persons))
    if line.unit == "person_meal" and per == "person_meal":
        return Own(figure, int(figure * line.quantity), per, limit)
    if line.unit in ("person_meal", per) and per in ("meal", "event"):
        return Own(figure, figure, per, limit)
    factor = unit_factor(per, line) if per not in OF_MANY else None
    if factor is None:
        return None
    cap = int(figure * factor)
    return Own(cap, int(cap * line.quantity), line.unit or per, limit)


def _plan_line(case: Case, line: CaseLine, own: Own | None, found: list[Excess], limits: tuple[Limit, ...]) -> PlanLine:
    amount = case.amounts.get(line.id)
    worst = max(found, key=lambda each: each.over, default=None)
    payer = EXCESS_PAYERS.get(worst.cap.cap.breach, line.payer) if worst and worst.code != "least" else line.payer
    over = worst.over if worst else 0
    unpaid = (amount or 0) if line.payer == "guest" else over if payer in EXCESS_PAYERS.values() else 0
    decisive = worst.cap if worst else own.limit if own else limits[0] if limits else None
    return PlanLine(
        id=line.id,
        item=line.item,
        on=line.on,
        per=own.per if own else line.unit,
        quantity=_decimal(line.quantity),
        price=line.price,
        cap=own.cap if own else None,
        amount=amount,
        of_cap=case.of_cap.get(line.id),
        over=over,
        payer=payer,
        rule=decisive.column.id if decisive else None,
        counted=(amount or 0) - unpaid,
    )


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _finding(case: Case, line: CaseLine, excess: Excess) -> Finding:
    breach = excess.cap.cap.breach
    facts: dict[str, object] = {
        "item": item_name(case.policy, line.item),
        "per": _per(excess.cap.cap),
        "given": _figure(case, line, excess, excess.given),
        "limit": _figure(case, line, excess, excess.limit),
    }
    if excess.code == "cap":
        facts["over"] = say_money(excess.over, case.policy.currency.minor)
    key: str = "none" if excess.code == "cap" and not excess.over and not excess.limit else excess.code
    if key == "least":
        key = "least_grade" if isinstance(excess.limit, str) else "least_money"
    if excess.hard:
        key = f"{key}_never"
    elif breach in EXCESS_PAYERS and excess.code != "least":
        key = f"{key}_{EXCESS_PAYERS[breach]}"
    return Finding(
        "block" if excess.hard else level_of(breach),
        excess.code,
        Phrase(f"finding.{key}", facts),
        excess.cap.column.id,
        line.id,
    )


def _figure(case: Case, line: CaseLine, excess: Excess, value: Fraction | str) -> Name | str:
    if isinstance(value, str):
        return entry_name(case.policy, line.item, value)
    if excess.code == "count":
        return str(value.numerator) if value.denominator == 1 else f"{float(value):.2f}"
    return say_money(int(value), case.policy.currency.minor)


def _per(cap: Cap) -> Phrase | str:
    """What a cap counts by: a unit, or whose sum over which span."""
    if cap.count_over is None:
        millilitres = cap.per.removesuffix("ml")
        named = millilitres == cap.per
        return Phrase(f"finding.per.{cap.per}") if named else Phrase("finding.per.ml", {"n": millilitres})
    whose, *others = [Phrase(f"listing.whose.{each}") for each in cap.count_by]
    for each in others:
        whose = Phrase("finding.per.both", {"first": whose, "second": each})
    span = Phrase(f"finding.span.{cap.count_over.unit}", {"n": cap.count_over.number})
    return Phrase("finding.per.sum", {"whose": whose, "span": span})


def _unmeasured(case: Case, line: CaseLine, limits: tuple[Limit, ...]) -> list[Finding]:
    """A priced line whose unit no cap of its item counts is said to be unchecked, never passed over."""
    money = [limit for limit in limits if limit.money]
    if line.price is None or not money or line.id in case.of_cap or line.payer == "guest" or not line.quantity:
        return []
    facts = {"item": item_name(case.policy, line.item), "unit": line.unit, "per": _per(money[0].cap)}
    return [Finding("info", "input", Phrase("finding.unit", facts), money[0].column.id, line.id)]
