"""What a change after approval asks for: the deciding step again, telling people, or nothing doing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from models.policy.case import Case
from models.policy.judge import prepared
from models.policy.model import Ask, Policy
from models.policy.request import Request
from models.policy.when import holds


def change_asks(
    policy: Policy, before: Request, after: Request, now: datetime | None = None
) -> list[tuple[Ask, tuple[str, ...]]]:
    """Every row of the change table that holds for `after`, with those of its fields that changed, as the row writes
    them (`headcount+`: only when raised). `lead` in a row is measured from `now` (local time), else from
    the request."""
    was, case = prepared(policy, before), prepared(policy, after)
    judged = prepared(policy, replace(after, requested_at=now)) if now else case
    asks: list[tuple[Ask, tuple[str, ...]]] = []
    for row in policy.changes:
        changed = tuple(field for field in row.fields if _changed(field, was, case))
        if changed and holds(row.when, judged):
            asks.append((row.ask, changed))
    return asks


def _changed(field: str, before: Case, after: Case) -> bool:
    key = field.removesuffix("+")
    was, new = _value(key, before), _value(key, after)
    if not field.endswith("+"):
        return bool(was != new)
    if key == "tier":
        was, new = _height(before), _height(after)
    return new is not None and (was is None or bool(new > was))


def _value(key: str, case: Case) -> Any:
    match key:
        case "lead_host":
            return frozenset(case.request.host)
        case "total":
            return case.total
        case "tier":
            return case.tier
    value: Any = getattr(case.request, key) if key in _KEYS else case.request.fields.get(key)
    return frozenset(value) if key in _UNORDERED else value


def _height(case: Case) -> int | None:
    """How high the tier is: more is higher."""
    order = [tier.id for tier in reversed(case.policy.tiers)]
    return order.index(case.tier) if case.tier in order else None


_KEYS = frozenset(Request.__dataclass_fields__)
_UNORDERED = frozenset({"purposes", "services", "wants", "host", "documents"})
