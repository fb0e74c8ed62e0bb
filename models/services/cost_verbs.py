"""Verbs on costs: enter what a line really cost and who pays the excess, close and reopen the visit.

Over-standard is per line, against that line's own cap, and never netted between lines. Amounts are minor units.
`payer` other than the company pays what is over on a line, or all of one that is not over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.errors import Refused
from models.policy.answer import Answer
from models.policy.model import item_name
from models.schema import journal
from models.schema.store import write
from models.schema.tables import Expense, Visit, VisitPerson
from models.services import validate
from models.services.cost_check import (
    Missing,
    cap_of,
    check_costs,
    lacks,
    left_to_someone,
    lines_of,
    may_sign,
    open_asks,
    recheck_costs,
)
from models.services.rights import ActorContext, acting_posts, require
from models.services.session import Session
from models.services.visit_record import VisitRecord
from models.services.visits import (
    Done,
    bump_version,
    company_share,
    done,
    expected_row,
    mark_changed,
    needed_words,
    post_names,
    visit_policy,
    visit_row,
)
from models.services.whereabouts import state_of
from models.words import Phrase
from models.words.money import say_money

# -- verbs ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CostResult:
    """What a verb did to a line of costs: its amount over standard (minor units) and new version."""

    expense: int
    visit: int
    over: int
    version: int
    message: Phrase


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a visit in minor units; `over` adds up the lines' own excesses, `planned` and `company` are what the
    company was to pay and pays, `actual` is what all together paid."""

    planned: int
    actual: int
    over: int
    company: int


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
    with write():
        row = _expected_expense(expense, expected)
        visit = visit_row(row.visit_id)
        require(session, "settle", visit)
        decided = row.decided_by if decided_by is None else decided_by
        _enter(session, visit, row, VisitRecord(session, visit).judged(), amount, quantity, decided)
        row.reason = row.reason if reason is None else validate.text("reason", reason)
        row.receipt = row.receipt if receipt is None else validate.line("receipt", receipt)
        return _kept(session, visit, row, "actual")


def sign_expense(session: Session, expense: int, *, expected: int) -> CostResult:
    """Agree to what a line really cost, where the policy asks one of the actor's posts, or one below, for a further
    signature. It is good for this amount: a higher one is signed anew. Refused `nothing_to_sign`, `signs_other`."""
    with write():
        row = _expected_expense(expense, expected)
        visit = visit_row(row.visit_id)
        require(session, "sign", visit)
        found = check_costs(VisitRecord(session, visit), lines_of(visit.id))
        asks = open_asks(found.policy, row, found.lines[row.id].asks)
        if not asks:
            raise Refused("nothing_to_sign")
        posts = acting_posts(ActorContext(session, (visit,)), visit)
        if not any(may_sign(found.policy, posts, ask) for ask in asks):
            wanted = validate.joined([post_names(found.policy, ask.posts) for ask in asks])
            raise Refused("signs_other", posts=wanted)
        given = {"person": session.actor.person, "name": session.actor.name, "posts": list(posts)}
        row.signatures = [*row.signatures, {**given, "at": session.now().isoformat(), "amount": row.actual or 0}]
        return _kept(session, visit, row, "signed")


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
    with write():
        row = visit_row(visit)
        require(session, "settle", row)
        if item not in [entry.id for entry in visit_policy(session, row).lists.get("item", ())]:
            raise Refused("unknown_item", item=item)
        answer = VisitRecord(session, row).judged()
        cap = cap_of(answer, item)
        line = Expense(
            visit=row.id,
            position=Expense.select().where(Expense.visit == row.id).count() + 1,
            item=item,
            label=validate.line("label", label),
            on=on or session.now().date(),
            cap=cap.most if cap else None,
            per=cap.per if cap else "",
            rule=cap.id if cap else None,
            reason=validate.text("reason", reason),
            receipt=validate.line("receipt", receipt),
            version=0,
        )
        _enter(session, row, line, answer, amount, quantity, decided_by)
        return _kept(session, row, line, "added")


def remove_expense(session: Session, expense: int, *, expected: int) -> Done:
    """Take away a line that was added at settling; a planned one stays and may cost 0."""
    with write():
        row = _expected_expense(expense, expected)
        visit = visit_row(row.visit_id)
        require(session, "settle", visit)
        if row.line is not None:
            raise Refused("expense_planned")
        row.delete_instance()
        recheck_costs(VisitRecord(session, visit))
        mark_changed(session, visit)
        told = {"expense": expense, "item": row.item, "amount": row.actual}
        journal.record(session, "expense.removed", visit.id, told)
        return done(visit, "expense_removed")


def missing(session: Session, visit: Visit) -> tuple[Missing, ...]:
    """What the visit's lines still lack before it can be closed, in their order; inside `reading` or `write`."""
    rows = lines_of(visit.id)
    return lacks(check_costs(VisitRecord(session, visit), rows), rows)


def close(session: Session, visit: int, *, expected: int) -> Done:
    """Settle a visit that is over. Refused("close_missing", missing=…) names every line that lacks something."""
    with write():
        row = expected_row(visit, expected)
        require(session, "close", row)
        lacking = missing(session, row)
        if lacking:
            said = validate.joined([lack.text for lack in lacking])
            raise Refused("close_missing", missing=lacking, n=len(lacking), list=said)
        row.state = "closed"
        bump_version(session, row)
        sums = totals(visit)
        journal.record(session, "close", visit, {"planned": sums.planned, "actual": sums.actual, "over": sums.over})
        digits = visit_policy(session, row).currency.minor
        return done(row, "closed", actual=say_money(sums.actual, digits), over=say_money(sums.over, digits))


def reopen(session: Session, visit: int, why: str, *, expected: int) -> Done:
    """Open a closed visit for a late invoice, with the reason."""
    with write():
        row = expected_row(visit, expected)
        require(session, "reopen", row)
        reason = needed_words(why)
        row.state = "no_show" if state_of(row) == "no_show" else "done"
        bump_version(session, row)
        journal.record(session, "reopen", visit, {"words": reason})
        return done(row, "reopened")


def totals(visit: int) -> Totals:
    """The sums of a visit's lines; inside `reading` or `write`."""
    rows = list(Expense.select().where(Expense.visit == visit))
    return Totals(
        planned=visit_row(visit).total,
        actual=sum(each.actual or 0 for each in rows),
        over=sum(each.actual_over for each in rows),
        company=sum(company_share(each) for each in rows),
    )


def _enter(
    session: Session, visit: Visit, row: Expense, answer: Answer, amount: int, quantity: Decimal | None, decided_by: str
) -> None:
    validate.number("amount", amount, high=validate.MONEY)
    counted = validate.quantity(quantity) if quantity is not None else row.counted
    row.actual, row.actual_quantity = amount, counted
    row.decided_by = validate.line("decided_by", decided_by) or _lead_host(session, visit, answer, row)


def _lead_host(session: Session, visit: Visit, answer: Answer, row: Expense) -> str:
    """The actor's name where they are a lead host who enters an amount that is theirs to set."""
    hosts = VisitPerson.select().where(
        VisitPerson.visit == visit.id, VisitPerson.role == "host", VisitPerson.person == session.actor.person
    )
    return session.actor.name if left_to_someone(answer, row.item) and hosts.exists() else ""


def _expected_expense(expense: int, expected: int) -> Expense:
    row = Expense.get_or_none(Expense.id == expense)
    if row is None:
        raise Refused("no_expense")
    if row.version != expected:
        raise Refused("stale_expense")
    return row


def _kept(session: Session, visit: Visit, row: Expense, what: str) -> CostResult:
    """Store a line; what any line of the visit has over may be another now, where a cap is of a sum."""
    row.version += 1
    row.save()
    each = recheck_costs(VisitRecord(session, visit)).lines[row.id]
    mark_changed(session, visit)
    details = {"item": row.item, "amount": row.actual, "over": each.over, "reason": row.reason}
    journal.record(session, f"expense.{what}", visit.id, {"expense": row.id, **details, "decided_by": row.decided_by})
    policy = visit_policy(session, visit)
    facts = {"item": item_name(policy, row.item), "over": say_money(each.over, policy.currency.minor)}
    message = "expense_signed" if what == "signed" else "expense_over" if each.over else "expense_entered"
    return CostResult(row.id, visit.id, each.over, row.version, Phrase(f"done.{message}", facts))
