"""Verbs on gifts, activities and what else is arranged for money: what, for whom, who decided it, whether it is done.

The standard of gifts and activities is set by the lead host (R93, R94): who did is named with each of them, and the
line of costs takes the name over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal

from models.errors import Refused
from models.form import Cost, Form
from models.schema import arrangements
from models.schema.store import reading
from models.schema.tables import Expense, Visit
from models.services import typed
from models.services.arranging import Reasons, change, keep_beside, place_of, tick, visit_of, with_row
from models.services.session import Session
from models.services.visits import Done


@dataclass(frozen=True, slots=True)
class CostEntry:
    """A gift, an activity or the like as it is arranged: `price` of one `unit`, minor units; `what` it is, `to` whom it
    goes, `at` a local time of day, `decided_by` who set it."""

    item: str
    quantity: Decimal = Decimal(1)
    unit: str = ""
    price: int | None = None
    on: date | None = None
    at: time | None = None
    grade: str | None = None
    what: str = ""
    to: str = ""
    place: str = ""
    decided_by: str = ""


def save_cost(
    session: Session, visit: int, cost: int | None, entry: CostEntry, *, seen: int, reasons: Reasons = None
) -> Done:
    """Arrange a gift, an activity or the like, a new one where `cost` is None."""
    what, where = typed.line("gift_what", entry.what), typed.line("place", entry.place)
    who = typed.line("decided_by", entry.decided_by)
    at = datetime.combine(entry.on, entry.at) if entry.on is not None and entry.at is not None else None
    place = -1

    def shape(form: Form) -> Form:
        nonlocal place
        place = place_of(arrangements.Cost, visit, cost)
        return with_cost(form, visit, cost, entry)

    def keep(row: Visit) -> dict[str, object]:
        beside = {"what": what, "at": at, "place": where, "decided_by": who}
        told = keep_beside(arrangements.Cost, visit, place, entry.item, beside)
        if "decided_by" in told.get("after", {}):
            _name_at_cost(visit, place, str(told["before"]["decided_by"]), who)
        return told

    return change(session, visit, "gift.set", shape, keep, seen=seen, reasons=reasons)


def remove_cost(session: Session, cost: int, *, seen: int, reasons: Reasons = None) -> Done:
    """Take a gift, an activity or the like out of the visit."""
    visit = visit_of(arrangements.Cost, cost)
    return change(
        session, visit, "gift.set", lambda form: with_cost(form, visit, cost, None), seen=seen, reasons=reasons
    )


def with_cost(form: Form, visit: int, cost: int | None, entry: CostEntry | None) -> Form:
    """The form of a visit with a gift or the like as in the entry, a new one where `cost` is None, or without it."""
    place = place_of(arrangements.Cost, visit, cost)
    if entry is None:
        return replace(form, costs=with_row(form.costs, place, None))
    if not entry.quantity:
        raise Refused("out_of_range", field=typed.label("quantity"), value=0, low=1, high=typed.COUNT)
    old = form.costs[place] if cost is not None else Cost(entry.item)
    new = replace(
        old, item=entry.item, quantity=entry.quantity, unit=typed.line("cost_unit", entry.unit),
        price=entry.price, on=entry.on, to=typed.line("cost_to", entry.to), grade=entry.grade,
    )  # fmt: skip
    return replace(form, costs=with_row(form.costs, place, new))


def hand_out(session: Session, cost: int, *, there: bool = True) -> Done:
    """A gift is handed over, or an activity held, now and by whom the actor is; or was not after all."""
    with reading():
        row = arrangements.Cost.get_or_none(arrangements.Cost.id == cost)
    verb = "gift.handed_out" if there else "gift.not_handed_out"
    values = {"done_at": session.now() if there else None, "done_by": session.actor.person if there else None}
    told = {"item": row.item, "text": f"{row.what} {row.to}".strip()} if row else {}
    return tick(session, arrangements.Cost, cost, verb, values, told)


def _name_at_cost(visit: int, place: int, before: str, who: str) -> None:
    """Say at the line of costs who decided it, unless somebody else was named there by hand."""
    line = (Expense.visit == visit) & (Expense.line == f"cost{place + 1}") & Expense.decided_by.in_(["", before])
    Expense.update(decided_by=who, version=Expense.version + 1).where(line).execute()
