"""Verbs on costs: enter what a line really cost and who pays the excess, close and reopen the visit.

Over-standard is per line, against that line's own cap, and never netted between lines. Amounts are minor units.
`payer` other than the company pays what is over on a line, or all of one that is not over.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from models.errors import Refused
from models.frozen import record
from models.policy.model import item_name
from models.schema.tables import Expense
from models.services import validate
from models.services.cost_check import (
    cap_of,
    check_costs,
    left_to_someone,
    may_sign,
    missing,
    open_asks,
    recheck_costs,
    totals,
)
from models.services.frame import MarkedChange, changing, marking
from models.services.rights import ActorContext, acting_posts
from models.services.session import Session
from models.services.visit_record import VisitRecord
from models.services.visits import (
    Done,
    needed_words,
    post_names,
)
from models.services.whereabouts import state_of
from models.words import Phrase
from models.words.money import say_money

# -- verbs ------------------------------------------------------------------------------------------------------------


@record
class CostResult:
    """What a verb did to a line of costs: its amount over standard (minor units) and new version."""

    expense: int
    visit: int
    over: int
    version: int
    message: Phrase


def enter_actual(
    session: Session,
    expense: int,
    *,
    expected: int,
    amount: int,
    quantity: Decimal | None = None,
    reason: str | None = None,
    receipt: str | None = None,
    decided_by: str | None = None,
) -> CostResult:
    """Enter what a line really cost. Over its cap it is marked; the reason may follow, closing asks for it.

    What is None stays as it was, "" takes it away. `decided_by`: who set an amount that the standard leaves to them
    (R93, R94); a lead host who enters it is named.
    """
    with marking(session, (Expense, expense), "expense.actual", right="settle", expected=expected) as v:
        row = v.found(Expense)
        _enter(v, row, amount, quantity, row.decided_by if decided_by is None else decided_by)
        row.reason = row.reason if reason is None else validate.text("reason", reason)
        row.receipt = row.receipt if receipt is None else validate.line("receipt", receipt)
        over = _keep(v, row)
    return _result(v, row, over)


def sign_expense(session: Session, expense: int, *, expected: int) -> CostResult:
    """Agree to what a line really cost, where the policy asks one of the actor's posts, or one below, for a further
    signature. It is good for this amount: a higher one is signed anew. Refused `nothing_to_sign`, `signs_other`."""
    with marking(session, (Expense, expense), "expense.signed", right="sign", expected=expected) as v:
        row, found = v.found(Expense), check_costs(v.record, v.record.expenses)
        asks = open_asks(found.policy, row, found.lines[row.id].asks)
        if not asks:
            raise Refused("nothing_to_sign")
        posts = acting_posts(ActorContext(session, (v.row,), v.record), v.row)
        if not any(may_sign(found.policy, posts, ask) for ask in asks):
            wanted = validate.joined([post_names(found.policy, ask.posts) for ask in asks])
            raise Refused("signs_other", posts=wanted)
        given = {"person": session.actor.person, "name": session.actor.name, "posts": list(posts)}
        row.signatures = [*row.signatures, {**given, "at": session.now().isoformat(), "amount": row.actual or 0}]
        over = _keep(v, row)
    return _result(v, row, over)


def add_expense(
    session: Session,
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
) -> CostResult:
    """Add a line that nobody planned, checked against the cap of its item; `quantity` in that cap's unit, default 1."""
    with marking(session, visit, "expense.added", right="settle") as v:
        record = v.record
        if item not in [entry.id for entry in record.policy.lists.get("item", ())]:
            raise Refused("unknown_item", item=item)
        cap = cap_of(record.judged(), item)
        line = Expense(
            visit=visit,
            position=len(record.expenses) + 1,
            item=item,
            label=validate.line("label", label),
            on=on or session.now().date(),
            cap=cap.most if cap else None,
            per=cap.per if cap else "",
            rule=cap.id if cap else None,
            reason=validate.text("reason", reason),
            receipt=validate.line("receipt", receipt),
            version=1,
        )
        _enter(v, line, amount, quantity, decided_by)
        over = _keep(v, line)
    return _result(v, line, over)


def remove_expense(session: Session, expense: int, *, expected: int) -> Done:
    """Take away a line that was added at settling; a planned one stays and may cost 0."""
    with marking(session, (Expense, expense), "expense.removed", right="settle", expected=expected) as v:
        row = v.found(Expense)
        if row.line is not None:
            raise Refused("expense_planned")
        v.remove()
        recheck_costs(v.record)
        v.details = {"expense": expense, "item": row.item, "amount": row.actual}
    return v.done("expense_removed")


def close(session: Session, visit: int, *, expected: int) -> Done:
    """Settle a visit that is over. Refused("close_missing", missing=…) names every line that lacks something."""
    with changing(session, visit, "close", right="close", expected=expected, plain=True) as v:
        lacking = missing(v.record)
        if lacking:
            said = validate.joined([lack.text for lack in lacking])
            raise Refused("close_missing", missing=lacking, n=len(lacking), list=said)
        v.row.state = "closed"
        sums, digits = totals(v.row, v.record.expenses), v.record.policy.currency.minor
        v.details = {"planned": sums.planned, "actual": sums.actual, "over": sums.over}
    return v.done("closed", actual=say_money(sums.actual, digits), over=say_money(sums.over, digits))


def reopen(session: Session, visit: int, why: str, *, expected: int) -> Done:
    """Open a closed visit for a late invoice, with the reason."""
    with changing(session, visit, "reopen", right="reopen", expected=expected, plain=True) as v:
        v.details = {"words": needed_words(why)}
        v.row.state = "no_show" if state_of(v.row, v.record.all_legs) == "no_show" else "done"
    return v.done("reopened")


def _enter(v: MarkedChange, row: Expense, amount: int, quantity: Decimal | None, decided_by: str) -> None:
    validate.number("amount", amount, high=validate.MONEY)
    counted = validate.quantity(quantity) if quantity is not None else row.counted
    row.actual, row.actual_quantity = amount, counted
    row.decided_by = validate.line("decided_by", decided_by) or _lead_host(v.record, row)


def _lead_host(record: VisitRecord, row: Expense) -> str:
    """The actor's name where they are a lead host who enters an amount that is theirs to set."""
    actor = record.session.actor
    hosts = [part.person_id for part in record.parts if part.role == "host"]
    return actor.name if actor.person in hosts and left_to_someone(record.judged(), row.item) else ""


def _keep(v: MarkedChange, row: Expense) -> int:
    """Store a line, and say in the journal how it stands; what any line of the visit has over may be another now, where
    a cap is of a sum. What this one has over."""
    row.save()
    over = recheck_costs(v.record.renewed()).lines[row.id].over
    told = {"item": row.item, "amount": row.actual, "over": over, "reason": row.reason}
    v.details = {"expense": row.id, **told, "decided_by": row.decided_by}
    return over


def _result(v: MarkedChange, row: Expense, over: int) -> CostResult:
    policy = v.record.policy
    facts = {"item": item_name(policy, row.item), "over": say_money(over, policy.currency.minor)}
    message = "signed" if v.verb == "expense.signed" else "over" if over else "entered"
    return CostResult(row.id, v.row.id, over, row.version, Phrase(f"done.expense_{message}", facts))
