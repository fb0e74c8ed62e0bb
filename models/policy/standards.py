"""The caps of a policy as data: `jiedai standards --json`. Loads little: a look-up must be quick."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models.policy.model import Cap, CapColumn, Clause, Linear, Policy, Range, Span, Test, When
from models.policy.when import truth
from models.words import words


class TierFacts:
    """All that is known when one asks for a tier alone: that tier, and the kind of visitor where there is only one."""

    lines = None

    def __init__(self, policy: Policy, tier: str | None) -> None:
        self._known = {"tier": tier}
        if len(policy.kinds) == 1:
            self._known["kind"] = policy.kinds[0].id

    def meets(self, test: Test, line: object, own: bool) -> bool | None:
        """Whether a test holds; None where it asks for anything else."""
        if test.axis not in self._known or not isinstance(test.wanted, frozenset):
            return None
        return self._known[test.axis] in test.wanted


def possible(policy: Policy, when: When, tier: str | None) -> bool:
    """Whether a row can hold for some visit of a tier."""
    return truth(when, TierFacts(policy, tier)) is not False


def standards(policy: Policy, tier: str | None = None, lang: str = "zh") -> list[dict[str, Any]]:
    """Every column of every cap, in the file's order; with `tier` those that can hold for it. Money in minor units."""
    return [
        _entry(policy, cap, key, column, lang)
        for cap in policy.caps
        for key, column in cap.columns.items()
        if tier is None or _concerns(policy, cap, key, tier)
    ]


def _concerns(policy: Policy, cap: Cap, key: str | None, tier: str) -> bool:
    return (cap.by != "tier" or key == tier) and possible(policy, cap.when, tier)


def _entry(policy: Policy, cap: Cap, key: str | None, column: CapColumn, lang: str) -> dict[str, Any]:
    minor = policy.currency.minor
    where = when_json(cap.when, minor)
    if cap.by not in (None, "tier"):
        rows = where if isinstance(where, list) else [where]
        added = [{**row, cap.by: key} for row in rows]
        where = added if isinstance(where, list) else added[0]
    return {
        "id": column.id,
        "item": cap.items[0] if len(cap.items) == 1 else list(cap.items),
        "per": cap.per,
        "tier": key if cap.by == "tier" else None,
        "where": where,
        "most": figure_json(column.most),
        "least": figure_json(column.least),
        "count": column.count,
        "text": words(lang).name(column.text) if column.text else None,
        "breach": cap.breach,
    }


def figure_json(value: Linear | str | None) -> int | str | dict[str, Any] | None:
    """Minor units, a grade's id, or the linear form as the file writes it, in minor units."""
    if not isinstance(value, Linear):
        return value
    if not value.each:
        return value.at(0)
    whole = value.each.denominator == 1
    return {"base": int(value.base), "over": value.over, "each": int(value.each) if whole else str(value.each)}


def when_json(when: When, minor: int = 2) -> dict[str, Any] | list[dict[str, Any]]:
    """A `when` as the file writes it: a table, or a list of tables; an empty table is always."""
    clauses = [_clause_json(clause, minor) for clause in when]
    return clauses[0] if len(clauses) == 1 else clauses or {}


def _clause_json(clause: Clause, minor: int) -> dict[str, Any]:
    said: dict[str, Any] = {test.axis: _wanted_json(test, minor) for test in clause.tests}
    nots = [each for inner in clause.nots for each in _as_list(when_json(inner, minor))]
    if nots:
        said["not"] = nots[0] if len(nots) == 1 else nots
    return said


def _as_list(said: dict[str, Any] | list[dict[str, Any]]) -> list[dict[str, Any]]:
    return said if isinstance(said, list) else [said]


def _wanted_json(test: Test, minor: int) -> Any:
    wanted = test.wanted
    if isinstance(wanted, frozenset):
        ids = sorted(wanted)
        return ids[0] if len(ids) == 1 else ids
    if isinstance(wanted, Range):
        return _range_text(test, wanted, minor)
    if isinstance(wanted, Span):
        return span_text(wanted)
    if isinstance(wanted, tuple):
        return dict(wanted) if test.axis == "bands" else list(wanted)  # type: ignore[arg-type] # pairs by the axis
    return wanted


def _range_text(test: Test, wanted: Range, minor: int) -> str:
    low, high = (_end_text(test.axis, end, minor) for end in (wanted.low, wanted.high))
    if low == high and not wanted.low_open and not wanted.high_open:
        return low
    return f"{'>' if wanted.low_open else ''}{low}..{'<' if wanted.high_open else ''}{high}"


def _end_text(axis: str, end: Any, minor: int) -> str:
    if end is None:
        return ""
    if isinstance(end, Span):
        return span_text(end)
    if isinstance(end, tuple):
        return f"{end[0]:02}-{end[1]:02}"
    if axis == "of_cap":
        return f"{float(end):g}%"
    if axis in ("amount", "total"):
        main, rest = divmod(int(end), 10**minor)
        return f"{main}.{rest:0{minor}}" if rest else str(main)
    return str(end)


def span_text(span: Span) -> str:
    """A span as the file writes it."""
    return f"{span.number}{span.unit}"


def tiers_of(policy: Policy) -> Iterator[str | None]:
    """The ids of the tiers, highest first; None alone where the policy has no tiers."""
    if not policy.tiers:
        yield None
    for tier in policy.tiers:
        yield tier.id
