"""Which fields of a request a part of an answer depends on: what waits for a field not filled in yet is not said.

Worked out from what the policy's rows ask about, so that a part waits for no field that could not change it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from models.policy.answer import Finding
from models.policy.model import Policy
from models.policy.when import axes
from models.words import Phrase

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "tier": ("tier",), "of_cap": ("tier",), "amount": ("tier",), "total": ("tier",), "kind": ("kind",),
    "headcount": ("headcount",), "date": ("arrive",), "day": ("arrive",), "lead": ("arrive",), "late": ("arrive",),
    "holiday": ("arrive", "depart"),
}  # fmt: skip
"""The fields that an axis looks at; one that is not here looks at none that a request must have."""
_OF_CODE = {
    "late": "notice", "lead_host": "hosts", "companions": "companions", "cap": "plan", "grade": "plan", "least": "plan",
    "count": "plan", "need": "needs", "check": "checks", "own_request": "route", "vacancy": "route",
}  # fmt: skip
_OF_TEXT = {
    "finding.names": ("headcount",), "finding.depart": ("arrive", "depart"), "finding.applicant": ("kind",),
    "finding.no_tier": ("tier",), "finding.calendar": ("arrive", "depart"),
    "finding.lands_late": ("arrive", "depart"), "finding.leaves_early": ("arrive", "depart"),
    "finding.day_outside": ("arrive", "depart"),
}  # fmt: skip


_OF_ORGANISER = ("route", "hosts", "companions", "tasks")
"""Parts that name posts of the department which owns the visit."""


def waits(policy: Policy, missing: Collection[str]) -> dict[str, tuple[str, ...]]:
    """For each part of an answer (notice route hosts companions plan needs checks tasks) those of the missing fields
    without which it cannot be said."""
    tables: dict[str, tuple[Iterable[Any], ...]] = {
        "notice": (policy.notices,),
        "route": (policy.routes, policy.signs),
        "hosts": (policy.lead_hosts,),
        "companions": (policy.companions,),
        "plan": (policy.caps,),
        "needs": (policy.needs,),
        "checks": (policy.checks,),
        "tasks": (policy.duties, policy.stages),
    }
    tier = _looked_at(policy.propose)
    found = {}
    for part, rows in tables.items():
        asked = _looked_at(row for table in rows for row in table)
        asked |= {cap.by for cap in policy.caps if cap.by} if part == "plan" else set()
        fields = {field for axis in asked for field in _FIELDS.get(axis, ())}
        fields |= {"arrive"} if part == "notice" and policy.notices else set()
        if "tier" in fields and "tier" in missing:
            fields |= {field for axis in tier for field in _FIELDS.get(axis, ())}
        fields |= {"department"} if part in _OF_ORGANISER else set()
        found[part] = tuple([field for field in missing if field in fields])
    return found


def unsaid(finding: Finding, waiting: Mapping[str, tuple[str, ...]], missing: Collection[str]) -> bool:
    """Whether a finding is of a part that waits."""
    key = finding.text.key if isinstance(finding.text, Phrase) else ""
    of_text = _OF_TEXT.get(key)
    if of_text is not None:
        return not set(of_text).isdisjoint(missing)
    return bool(waiting.get(_OF_CODE.get(finding.code, ""), ()))


def _looked_at(rows: Iterable[Any]) -> set[str]:
    return {axis for row in rows for axis in axes(row.when)}
