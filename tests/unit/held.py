"""What a policy holds for a made-up request, and what clashes with it: `models.policy.programme`, asked in one call."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from models.policy.case import Hold, Request
from models.policy.judge import prepared
from models.policy.model import Policy
from models.policy.programme import Clash, Pair, clashes_of, equipment_of, least_of, purposes_of, span_of


def clashes(policy: Policy, request: Request, hold: Hold, others: Iterable[Hold]) -> tuple[Clash, ...]:
    """All that clashes with a hold of the request's visit."""
    return clashes_of(prepared(policy, request), hold, others)


def span(policy: Policy, request: Request, thing: str, purpose: str, at: datetime) -> Pair | None:
    """From when until when a thing is held for a purpose."""
    return span_of(prepared(policy, request), thing, purpose, at)


def least_grade(policy: Policy, request: Request, thing: str = "car") -> str | None:
    """The lowest class that the caps allow."""
    return least_of(prepared(policy, request), thing)[0]


def purposes(policy: Policy, request: Request, thing: str) -> tuple[str, ...]:
    """For what such a thing is held."""
    return purposes_of(prepared(policy, request), thing)


def needed(policy: Policy, request: Request, stage: str) -> frozenset[str]:
    """What the room of a stage must have."""
    return equipment_of(prepared(policy, request), stage)
