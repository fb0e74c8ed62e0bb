"""The plan: what each line costs, against which cap, what is over and who pays that (A10)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from models.policy.answer import Finding, PlanLine, level_of
from models.policy.caps import Limit, limits_of
from models.policy.case import Case
from models.policy.entries import entry_name, item_name
from models.policy.excess import Excess, excesses, percent_of_cap
from models.policy.lines import Line
from models.policy.model import Cap
from models.policy.record import record
from models.policy.sums import OF_MANY, Limits, unit_factor
from models.words import Name, Phrase
from models.words.money import say_money

PAYERS = {"guest_pays": "guest", "applicant_pays": "applicant"}


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


def _own_cap(limits: tuple[Limit, ...], line: Line) -> Own | None:
    found = [own for limit in limits if (own := _as_own(limit, line))]
    return min(found, key=lambda own: own.whole, default=None)


def _as_own(limit: Limit, line: Line) -> Own | None:
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


def _plan_line(case: Case, line: Line, own: Own | None, found: list[Excess], limits: tuple[Limit, ...]) -> PlanLine:
    amount = case.amounts.get(line.id)
    worst = max(found, key=lambda each: each.over, default=None)
    payer = PAYERS.get(worst.cap.cap.breach, line.payer) if worst and worst.code != "least" else line.payer
    over = worst.over if worst else 0
    unpaid = (amount or 0) if line.payer == "guest" else over if payer in PAYERS.values() else 0
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


def _finding(case: Case, line: Line, excess: Excess) -> Finding:
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
    elif breach in PAYERS and excess.code != "least":
        key = f"{key}_{PAYERS[breach]}"
    return Finding(
        "block" if excess.hard else level_of(breach),
        excess.code,
        Phrase(f"finding.{key}", facts),
        excess.cap.column.id,
        line.id,
    )


def _figure(case: Case, line: Line, excess: Excess, value: Fraction | str) -> Name | str:
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


def _unmeasured(case: Case, line: Line, limits: tuple[Limit, ...]) -> list[Finding]:
    """A priced line whose unit no cap of its item counts is said to be unchecked, never passed over."""
    money = [limit for limit in limits if limit.money]
    if line.price is None or not money or line.id in case.of_cap or line.payer == "guest" or not line.quantity:
        return []
    facts = {"item": item_name(case.policy, line.item), "unit": line.unit, "per": _per(money[0].cap)}
    return [Finding("info", "input", Phrase("finding.unit", facts), money[0].column.id, line.id)]
