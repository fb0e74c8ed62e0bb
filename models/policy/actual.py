"""What was really paid, held against the caps as the plan was: line by line, never netted, and summed where a cap is
of a sum (A10, A27); and which further signatures it asks for that the plan did not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from models.policy.answer import PlanLine, Step
from models.policy.caps import limits_of
from models.policy.case import Case
from models.policy.excess import Excess, excesses, percent_of_cap
from models.policy.judge import prepared
from models.policy.lines import Line
from models.policy.model import Breach, Policy
from models.policy.own import own_requests
from models.policy.plan import PAYERS, plan
from models.policy.posts import resolved
from models.policy.record import record
from models.policy.request import People, Request
from models.policy.route import asked_by
from models.policy.sums import Limits, money_sum
from models.policy.when import axes


@record
class Spent:
    """What one line really cost: `line` is the plan line's id, None for one that nobody planned, which `item` and the
    `meal` it was for and the day describe; `amount` in minor units, None while it is not known."""

    key: int
    line: str | None
    item: str
    amount: int | None
    quantity: Decimal
    meal: str | None = None
    on: date | None = None


@record
class Ask:
    """A further signature that one line wants: any one of these posts, by which row."""

    posts: tuple[str, ...]
    sign: str | None


@record
class Actual:
    """One line as paid. `over` minor units lie beyond its caps, which `payer` pays; `breach` is the consequence.

    `own`: the guest pays all of it. `measured`: some cap on money or on how often could tell. `asks`: signatures.
    """

    key: int
    over: int
    payer: str
    rule: str | None
    breach: Breach | None
    own: bool
    measured: bool
    asks: tuple[Ask, ...] = ()


def actuals(
    policy: Policy, request: Request, spent: Iterable[Spent], people: People | None = None
) -> tuple[Actual, ...]:
    """Each line as paid; a line whose amount is not known yet counts nothing towards a sum."""
    planned = prepared(policy, request, people)
    plan_lines = {line.id: line for line in plan(planned)[0]}
    known = {line.id: line for line in planned.lines}
    rows = tuple(spent)
    case = Case(policy, replace(request, tier=planned.tier), people, _lines(rows, known, request))
    case.late = planned.late
    case.amounts = {str(row.key): row.amount or 0 for row in rows}
    limits: Limits = {line.id: limits_of(case, line) for line in case.lines}
    lines = {line.id: line for line in case.lines}
    found = [_actual(case, limits, lines[str(row.key)], row) for row in rows]
    case.total = sum(_company(case, each) for each in found)
    asks = _asks(planned, case, rows, plan_lines, {each.key: each for each in found})
    return tuple(replace(each, asks=asks.get(each.key, ())) for each in found)


def _lines(rows: Iterable[Spent], known: dict[str, Line], request: Request) -> tuple[Line, ...]:
    """The lines as they were used: the diners of a meal are those who really dined."""
    bases = {row.key: known.get(row.line or "") or _added(row, request) for row in rows}
    diners = {bases[row.key].group: int(row.quantity) for row in rows if row.item == "meal" and row.amount is not None}
    return tuple(_used(bases[row.key], row, diners) for row in rows)


def _used(line: Line, row: Spent, diners: dict[str, int]) -> Line:
    quantity = Fraction(row.quantity)
    times = line.times * quantity / line.quantity if line.item != "meal" and line.quantity else line.times
    persons = diners.get(line.group, line.persons)
    return replace(line, id=str(row.key), quantity=quantity, persons=persons, times=times)


def _added(row: Spent, request: Request) -> Line:
    quantity = Fraction(row.quantity)
    meal = row.item == "meal"
    return Line(
        id=str(row.key),
        item=row.item,
        unit="person_meal" if meal else "",
        quantity=quantity,
        price=None,
        persons=int(quantity) if meal else request.headcount,
        times=Fraction(1) if meal else quantity,
        group=f"added {row.key}",
        on=row.on,
        meal=row.meal,
    )


def _actual(case: Case, limits: Limits, line: Line, row: Spent) -> Actual:
    own = line.payer == "guest"
    if own or row.amount is None:
        return Actual(row.key, 0, line.payer, None, None, own, own)
    found = [each for each in excesses(case, limits, line) if each.code != "least"]
    percent = percent_of_cap(case, limits, line, found)
    if percent is not None:
        case.of_cap[line.id] = percent
    worst: Excess | None = max(found, key=lambda each: each.over, default=None)
    measured = any(each.count is not None or _counts(case, limits, line) for each in limits[line.id])
    if worst is None or not worst.over:
        return Actual(row.key, 0, "company", None, None, own, measured)
    breach = worst.cap.cap.breach
    return Actual(row.key, worst.over, PAYERS.get(breach, "company"), worst.cap.column.id, breach, own, measured)


def _counts(case: Case, limits: Limits, line: Line) -> bool:
    """Whether some cap on money counts in a unit that the line is counted in."""
    return any(limit.money is not None and money_sum(case, limits, limit, line) for limit in limits[line.id])


def _company(case: Case, each: Actual) -> int:
    amount = case.amounts[str(each.key)]
    return 0 if each.own else amount - (each.over if each.payer != "company" else 0)


def _asks(
    planned: Case, case: Case, rows: tuple[Spent, ...], plan_lines: dict[str, PlanLine], found: dict[int, Actual]
) -> dict[int, tuple[Ask, ...]]:
    """By line the signatures that what was paid asks for, where the plan did not ask for them, or where the line went
    further beyond its cap than was agreed to."""
    asks: dict[int, list[Ask]] = {}
    for sign in case.policy.signs:
        if sign.do != "decide":
            continue
        wanted, ids = asked_by(case, sign)
        agreed, agreed_ids = asked_by(planned, sign)
        if ids:
            keys = [row.key for row in rows if str(row.key) in ids and row.amount is not None]
            fresh = [row for row in rows if row.key in keys and not _agreed(row, agreed_ids, plan_lines, found)]
        else:
            fresh = [row for row in rows if _dearer(row, plan_lines)]
            fresh = fresh if wanted and not agreed and "total" in axes(sign.when) else []
        posts = resolved(case, sign.by)
        if fresh and posts:
            step = own_requests(case, [Step(posts, "sign", sign.id)])[0][0]
            for row in fresh:
                asks.setdefault(row.key, []).append(Ask(step.posts, sign.id))
    return {key: _each_once(wanted) for key, wanted in asks.items()}


def _agreed(row: Spent, agreed: Iterable[str], plan_lines: dict[str, PlanLine], found: dict[int, Actual]) -> bool:
    """Whether who was asked by the plan agreed to no less beyond the cap than there is now."""
    return row.line is not None and row.line in agreed and found[row.key].over <= plan_lines[row.line].over


def _dearer(row: Spent, plan_lines: dict[str, PlanLine]) -> bool:
    """Whether a line cost more than was planned for it."""
    line = plan_lines.get(row.line or "")
    return row.amount is not None and row.amount > ((line.amount or 0) if line else 0)


def _each_once(asks: list[Ask]) -> tuple[Ask, ...]:
    """One signature does for another that any one of the same posts, or of more, may give."""
    kept: list[Ask] = []
    for ask in sorted(asks, key=lambda each: len(each.posts)):
        if not any(set(other.posts) <= set(ask.posts) for other in kept):
            kept.append(ask)
    return tuple(kept)
