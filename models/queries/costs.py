"""The lines of costs of a visit, planned and paid, each against its own standard, and what each still lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from models.errors import Refused
from models.policy.model import Policy, item_name
from models.schema.store import reading
from models.schema.tables import Expense, Visit
from models.services import costs
from models.services.measure import (
    Signed,
    fits,
    label_of,
    lacks,
    left_to_someone,
    line_names,
    lines_of,
    measured,
    open_asks,
    signatures,
)
from models.services.paid import paid_by_company
from models.services.rights import acting_posts
from models.services.session import Session
from models.services.visit_record import VisitRecord
from models.words import Name, Phrase


@dataclass(frozen=True, slots=True)
class CostLine:
    """A line of costs in minor units. `label` says which meal, grade or whom; `added`: nobody planned it.

    `left_to_someone`: the standard is what somebody sets, who must be named (R93, R94). `lacks`: what is wanted before
    the visit can be closed, by what it is: actual, reason, decided_by, signature. `asked`: the posts any one of which
    is still to sign it.
    """

    id: int
    version: int
    item: Name
    label: Name
    name: Name
    on: date | None
    quantity: Decimal
    cap: int | None
    planned: int | None
    actual: int | None
    over: int
    payer: str
    company: int
    reason: str
    decided_by: str
    receipt: str
    added: bool
    left_to_someone: bool
    lacks: Mapping[str, Phrase]
    signed: tuple[Signed, ...]
    may_sign: bool = False
    asked: tuple[str, ...] = ()


def percent_over(line: CostLine) -> str:
    """By how many percent a line costs more than was allowed for it; "" where it does not, or nothing was."""
    allowed = (line.actual or 0) - line.over
    if not line.over or allowed <= 0:
        return ""
    return f"{(Decimal(line.over) * 100 / allowed).quantize(Decimal('0.1')).normalize():f}"


def cost_lines(record: VisitRecord) -> tuple[CostLine, ...]:
    """Every line of a visit's costs; inside `reading`."""
    session, row, policy, rows = record.session, record.row, record.policy, lines_of(record.row.id)
    if not rows:
        return ()
    names = line_names(policy, rows)
    try:
        found = measured(record, rows)
    except Refused:  # a draft again, no longer complete: what was paid is still shown
        return tuple(_cost(each, policy, names[each.id]) for each in rows)
    wanted: dict[int, dict[str, Phrase]] = {}
    for lack in lacks(found, rows):
        wanted.setdefault(lack.expense, {})[lack.what] = lack.text
    posts = acting_posts(session, row)
    asks = {each.id: open_asks(policy, each, found.lines[each.id].asks) for each in rows}
    return tuple(
        replace(
            _cost(each, policy, names[each.id], wanted.get(each.id), left=left_to_someone(found.answer, each.item)),
            may_sign=any(fits(policy, posts, ask) for ask in asks[each.id]),
            asked=tuple(dict.fromkeys(post for ask in asks[each.id] for post in ask.posts)),
        )
        for each in rows
    )


def _cost(
    row: Expense, policy: Policy, name: Name, lacking: Mapping[str, Phrase] | None = None, *, left: bool = False
) -> CostLine:
    return CostLine(
        id=row.id,
        version=row.version,
        item=item_name(policy, row.item),
        label=label_of(policy, row.label),
        name=name,
        on=row.on,
        quantity=row.counted,
        cap=row.cap,
        planned=row.planned,
        actual=row.actual,
        over=row.actual_over,
        payer=row.payer,
        company=paid_by_company(row),
        reason=row.reason,
        decided_by=row.decided_by,
        receipt=row.receipt,
        added=row.line is None,
        left_to_someone=left,
        lacks=lacking or {},
        signed=signatures(row),
    )


def lacking(session: Session, expense: int) -> tuple[str, ...]:
    """What a line of costs still lacks: actual, reason, decided_by, signature."""
    with reading():
        row = Expense.get_or_none(Expense.id == expense)
        found = costs.missing(session, Visit.get_by_id(row.visit_id)) if row is not None else ()
        return tuple(lack.what for lack in found if lack.expense == expense)
