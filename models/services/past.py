"""What other visits cost, for standards that hold over a span: so much a year for one client, so often a month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any

from models.errors import Refused
from models.policy.case import Case, Past, Request, rolled_back
from models.policy.model import Cap, Policy
from models.schema.store import reading
from models.schema.tables import Expense, Guest, Visit
from models.services.form_rows import known_client
from models.services.forms import as_request, read_form

COUNTED = ("approved", "under_way", "done", "closed", "no_show")


def with_history(policy: Policy, request: Request, visit: int | None = None) -> Request:
    """The request with what was spent on other visits than `visit` as far as its caps look back; nothing is read where
    none does. What was paid counts, as long as that is not known what is planned; not what the guests pay (R75)."""
    caps = [cap for cap in policy.caps if cap.count_over]
    if not caps:
        return request
    with reading():
        found = [_Other(policy, caps, row) for row in _visits(policy, request, caps, visit)]
        past = tuple(each for other in found for each in other.spent())
    return replace(request, history=past)


def _visits(policy: Policy, request: Request, caps: Sequence[Cap], visit: int | None) -> Iterable[Visit]:
    days = Case(policy, request).days
    first = min(rolled_back(request.arrive.date(), cap.count_over, days) for cap in caps if cap.count_over)
    last = datetime.combine(request.depart.date() + timedelta(days=1), time())
    arranged = Visit.state.in_(COUNTED) | ((Visit.state == "submitted") & Visit.before.is_null(False))
    near = (Visit.goes >= datetime.combine(first, time())) & (Visit.comes < last)
    rows = Visit.select().where(arranged & near, Visit.id != (visit or 0))
    if all("client" in cap.count_by for cap in caps):
        known = known_client(request.client)
        rows = rows.where(Visit.client == (known.id if known else None))
    return list(rows.order_by(Visit.comes, Visit.id))


@dataclass
class _Other:
    """Another visit, by what caps ask about it."""

    policy: Policy
    caps: Sequence[Cap]
    row: Visit

    def spent(self) -> list[Past]:
        """Its lines under these caps, as far as the company pays them."""
        items = {item for cap in self.caps for item in cap.items}
        lines: Any = Expense.select().where(Expense.visit == self.row.id, Expense.item.in_(items))
        return [self._past(line) for line in lines.order_by(Expense.position) if not _by_others(line)]

    def _past(self, line: Expense) -> Past:
        whom = line.label if (line.line or "").startswith("cost") else ""
        meals = {entry.id for entry in self.policy.lists.get("meal", ())}
        arrive = self.row.comes
        assert arrive is not None  # it was asked for by its days
        return Past(
            on=line.on or arrive.date(),
            client=self.row.client_name,
            guest=whom,
            department=self.department,
            item=line.item,
            meal=line.label if line.label in meals else None,
            amount=_company(line),
            guests=() if whom else self.guests,
            persons=1 if whom else max(1, self.row.headcount or 1),
        )

    @cached_property
    def guests(self) -> tuple[str, ...]:
        """Who came by name, where some cap counts by guest."""
        if not any("guest" in cap.count_by for cap in self.caps):
            return ()
        rows = Guest.select().where(Guest.visit == self.row.id, Guest.name != "", Guest.counts)
        return tuple(row.name for row in rows.order_by(Guest.position))

    @cached_property
    def department(self) -> str | None:
        """Whose visit it was, where some cap counts by department: its own, else that of who asked for it."""
        if self.row.department or not any("department" in cap.count_by for cap in self.caps):
            return self.row.department
        asked = self.row.submitted_at or self.row.comes
        try:
            assert asked is not None  # it has days
            form = read_form(self.row)
            tier = self.row.tier or self.row.proposed_tier
            return Case(self.policy, as_request(self.policy, form, requested_at=asked, tier=tier)).department()
        except Refused:
            return None


def _by_others(line: Expense) -> bool:
    over = line.planned_over if line.actual is None else line.actual_over
    return line.payer != "company" and not over


def _company(line: Expense) -> int:
    """What of a line the company pays: as paid, else as planned."""
    amount, over = (line.planned, line.planned_over) if line.actual is None else (line.actual, line.actual_over)
    return (amount or 0) - (over if line.payer != "company" else 0)
