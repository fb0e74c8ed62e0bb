"""Verbs of settling: what each line really cost, who pays beyond the standard, close and reopen.

Over-standard is per line, against that line's own cap, and never netted between lines. Amounts are minor units.
`payer` other than the company pays what is over on a line, or all of one that is not over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.errors import Refused
from models.policy.answer import Answer, CapAnswer
from models.policy.model import Policy
from models.schema import journal
from models.schema.arrangements import Leg
from models.schema.store import write
from models.schema.tables import Expense, Visit, VisitPerson
from models.services import typed
from models.services.desk import Desk
from models.services.rights import allow
from models.services.visits import Done, done, judged, mark, needed_words, seen_row, touch, visit_policy, visit_row
from models.words import Phrase
from models.words.money import say_money

PAYERS = {"guest_pays": "guest", "applicant_pays": "applicant"}
ONCE = frozenset(["meal", "event", "visit"])
"""What a cap counts once for a whole line, whatever its quantity."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a verb did to a line of costs: its amount over standard (minor units) and new version."""

    expense: int
    visit: int
    over: int
    version: int
    message: Phrase


@dataclass(frozen=True, slots=True)
class Missing:
    """What a line still lacks before the visit can be closed: `actual`, `reason` or `decided_by`."""

    expense: int
    what: str
    text: Phrase


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a visit in minor units; `over` adds up the lines' own excesses, `planned` and `company` are what the
    company was to pay and pays, `actual` is what all together paid."""

    planned: int
    actual: int
    over: int
    company: int


def enter_actual(
    desk: Desk,
    expense: int,
    *,
    seen: int,
    amount: int,
    quantity: Decimal | None = None,
    reason: str = "",
    receipt: str = "",
    decided_by: str = "",
) -> Settled:
    """Enter what a line really cost. Over its cap it is marked; the reason may follow, closing asks for it.

    `decided_by`: who set an amount that the standard leaves to them (R93, R94); a lead host who enters it is named.
    """
    with write():
        row = _seen_expense(expense, seen)
        visit = visit_row(row.visit_id)
        allow(desk, "settle", visit)
        _enter(desk, visit, row, judged(desk, visit), amount, quantity, decided_by)
        row.reason = typed.text("reason", reason) or row.reason
        row.receipt = typed.line("receipt", receipt) or row.receipt
        return _kept(desk, visit, row, "actual")


def add_expense(
    desk: Desk,
    visit: int,
    *,
    item: str,
    amount: int,
    label: str = "",
    on: date | None = None,
    quantity: Decimal | None = None,
    reason: str = "",
    receipt: str = "",
    decided_by: str = "",
) -> Settled:
    """Add a line that nobody planned, checked against the cap of its item; `quantity` in that cap's unit, default 1."""
    with write():
        row = visit_row(visit)
        allow(desk, "settle", row)
        if item not in [entry.id for entry in visit_policy(desk, row).lists.get("item", ())]:
            raise Refused("unknown_item", item=item)
        answer = judged(desk, row)
        cap = next((cap for cap in answer.caps if item in cap.item and isinstance(cap.most, int)), None)
        line = Expense(
            visit=row.id,
            position=Expense.select().where(Expense.visit == row.id).count() + 1,
            item=item,
            label=typed.line("label", label),
            on=on or desk.now().date(),
            cap=cap.most if cap else None,
            per=cap.per if cap else "",
            rule=cap.id if cap else None,
            reason=typed.text("reason", reason),
            receipt=typed.line("receipt", receipt),
            version=0,
        )
        _enter(desk, row, line, answer, amount, quantity, decided_by)
        return _kept(desk, row, line, "added")


def remove_expense(desk: Desk, expense: int, *, seen: int) -> Done:
    """Take away a line that was added at settling; a planned one stays and may cost 0."""
    with write():
        row = _seen_expense(expense, seen)
        visit = visit_row(row.visit_id)
        allow(desk, "settle", visit)
        if row.line is not None:
            raise Refused("expense_planned")
        row.delete_instance()
        mark(desk, visit)
        journal.record(desk, "expense.removed", visit.id, {"item": row.item, "amount": row.actual})
        return done(visit, "expense_removed")


def missing(desk: Desk, visit: Visit, answer: Answer | None = None) -> tuple[Missing, ...]:
    """What the visit's lines still lack before it can be closed, in their order; inside `reading` or `write`."""
    answer = answer or judged(desk, visit)
    policy = visit_policy(desk, visit)
    rows = Expense.select().where(Expense.visit == visit.id).order_by(Expense.position)
    return tuple([lack for row in rows for lack in _lacks(policy, answer, row)])


def close(desk: Desk, visit: int, *, seen: int) -> Done:
    """Settle a visit that is over. Refused("close_missing", missing=…) names every line that lacks something."""
    with write():
        row = seen_row(visit, seen)
        allow(desk, "close", row)
        lacks = missing(desk, row)
        if lacks:
            said = typed.joined([lack.text for lack in lacks])
            raise Refused("close_missing", missing=lacks, n=len(lacks), list=said)
        row.state = "closed"
        touch(desk, row)
        sums = totals(visit)
        journal.record(desk, "close", visit, {"planned": sums.planned, "actual": sums.actual, "over": sums.over})
        digits = visit_policy(desk, row).currency.minor
        return done(row, "closed", actual=say_money(sums.actual, digits), over=say_money(sums.over, digits))


def reopen(desk: Desk, visit: int, why: str, *, seen: int) -> Done:
    """Open a closed visit for a late invoice, with the reason."""
    with write():
        row = seen_row(visit, seen)
        allow(desk, "reopen", row)
        reason = needed_words(why)
        row.state = "no_show" if Leg.select().where(Leg.visit == visit, Leg.state == "no_show").exists() else "done"
        touch(desk, row)
        journal.record(desk, "reopen", visit, {"words": reason})
        return done(row, "reopened")


def totals(visit: int) -> Totals:
    """The sums of a visit's lines; inside `reading` or `write`."""
    rows = list(Expense.select().where(Expense.visit == visit))
    return Totals(
        planned=visit_row(visit).total,
        actual=sum(row.actual or 0 for row in rows),
        over=sum(row.actual_over for row in rows),
        company=sum(paid_by_company(row) for row in rows),
    )


def paid_by_company(row: Expense) -> int:
    """What of a line's actual cost the company pays, minor units."""
    if row.payer == "company":
        return row.actual or 0
    return (row.actual or 0) - row.actual_over if row.actual_over else 0


def _lacks(policy: Policy, answer: Answer, row: Expense) -> list[Missing]:
    left_to = _left_to_someone(answer, row)
    facts = {"item": policy.name_of(row.item), "on": row.on.strftime("%m-%d") if row.on else ""}
    needs_actual = row.actual is None and not _guests_own(row) and (row.planned is not None or left_to)
    breach = _breach(answer, row)
    lacks = {
        "actual": needs_actual,
        "reason": row.actual_over > 0 and breach in ("reason", "block") and not row.reason,
        "decided_by": left_to and bool(row.actual) and not row.decided_by,
    }
    return [Missing(row.id, what, Phrase(f"done.missing.{what}", facts)) for what, lack in lacks.items() if lack]


def _enter(
    desk: Desk, visit: Visit, row: Expense, answer: Answer, amount: int, quantity: Decimal | None, decided_by: str
) -> None:
    typed.number("amount", amount, high=typed.MONEY)
    counted = typed.quantity(quantity) if quantity is not None else Decimal(row.actual_quantity or row.quantity)
    row.actual, row.actual_quantity = amount, f"{counted:f}"
    measure(row, answer)
    row.decided_by = typed.line("decided_by", decided_by) or row.decided_by or _lead_host(desk, visit, answer, row)


def measure(row: Expense, answer: Answer) -> None:
    """Work out what a line's actual cost has over its cap, and who pays that."""
    if row.actual is None or _guests_own(row):
        row.actual_over = 0
        return
    counted = Decimal(row.actual_quantity or row.quantity)
    row.actual_over = 0 if row.cap is None else max(0, row.actual - _allowed(row, counted))
    row.payer = PAYERS.get(_breach(answer, row) or "", "company") if row.actual_over else "company"


def _allowed(row: Expense, quantity: Decimal) -> int:
    cap = row.cap or 0
    return cap if row.per in ONCE else int(cap * quantity)


def _guests_own(row: Expense) -> bool:
    """Whether the guest (or applicant) pays the whole line, not only what is over."""
    return row.payer != "company" and not row.planned_over and not row.actual_over


def _cap(answer: Answer, row: Expense) -> CapAnswer | None:
    """The standard that a line's money is checked against."""
    money = [cap for cap in answer.caps if row.item in cap.item and isinstance(cap.most, int)]
    return next((cap for cap in money if cap.id == row.rule), next(iter(money), None))


def _breach(answer: Answer, row: Expense) -> str | None:
    cap = _cap(answer, row)
    return cap.breach if cap else None


def _left_to_someone(answer: Answer, row: Expense) -> bool:
    """Whether the standard of the line's item is said in words: somebody sets the amount (R93, R94)."""
    return any(row.item in cap.item and cap.text is not None and cap.most is None for cap in answer.caps)


def _lead_host(desk: Desk, visit: Visit, answer: Answer, row: Expense) -> str:
    """The actor's name where they are a lead host who enters an amount that is theirs to set."""
    hosts = VisitPerson.select().where(
        VisitPerson.visit == visit.id, VisitPerson.role == "host", VisitPerson.person == desk.actor.person
    )
    return desk.actor.name if _left_to_someone(answer, row) and hosts.exists() else ""


def _seen_expense(expense: int, seen: int) -> Expense:
    row = Expense.get_or_none(Expense.id == expense)
    if row is None:
        raise Refused("no_expense")
    if row.version != seen:
        raise Refused("stale_expense")
    return row


def _kept(desk: Desk, visit: Visit, row: Expense, what: str) -> Settled:
    row.version += 1
    row.save()
    mark(desk, visit)
    details = {"item": row.item, "amount": row.actual, "over": row.actual_over, "reason": row.reason}
    journal.record(desk, f"expense.{what}", visit.id, {"expense": row.id, **details, "decided_by": row.decided_by})
    policy = visit_policy(desk, visit)
    facts = {"item": policy.name_of(row.item), "over": say_money(row.actual_over, policy.currency.minor)}
    message = "expense_over" if row.actual_over else "expense_entered"
    return Settled(row.id, visit.id, row.actual_over, row.version, Phrase(f"done.{message}", facts))
