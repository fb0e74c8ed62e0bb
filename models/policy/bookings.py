"""How long cars, rooms and persons are held for a visit, and what clashes with that (R90, R91, R92, A8, A9).

Times are naive local; a hold is half-open: at `ends` its thing is free again. Things are "car", "room", "person"
(hosts, meeters, drivers). Who holds what is given, and nothing is read or kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from models.policy.holding import Clash, clashes_of, equipment_of, least_of, purposes_of, span_of
from models.policy.judge import prepared
from models.policy.model import Policy
from models.policy.request import Hold, Request

__all__ = ["Clash", "Hold", "clashes", "least_grade", "needed", "purposes", "span"]


def clashes(policy: Policy, request: Request, hold: Hold, others: Iterable[Hold]) -> tuple[Clash, ...]:
    """All that clashes with `hold`, a hold of the request's visit: twice, seats, grade, gap, equipment, midnight, in
    this order; what the policy has no row for is not looked for.

    `others`: any holds, also this one, those of other things and of the same visit. Of the same visit they clash only
    where they overlap.
    """
    return clashes_of(prepared(policy, request), hold, others)


def span(policy: Policy, request: Request, thing: str, purpose: str, at: datetime) -> tuple[datetime, datetime] | None:
    """From when until when a thing is held for a purpose (arrival, departure or a stage's id) that is at `at`; None
    where it is not held for it."""
    return span_of(prepared(policy, request), thing, purpose, at)


def least_grade(policy: Policy, request: Request, thing: str = "car") -> str | None:
    """The lowest class that the caps allow this visit (R90, R91); None where none is stated (R92, A8)."""
    return least_of(prepared(policy, request), thing)[0]


def purposes(policy: Policy, request: Request, thing: str) -> tuple[str, ...]:
    """For what such a thing is held on this visit, in the file's order; whether a stage applies is not asked."""
    return purposes_of(prepared(policy, request), thing)


def needed(policy: Policy, request: Request, stage: str) -> frozenset[str]:
    """What the room of a stage must have: the equipment of its duties that apply."""
    return equipment_of(prepared(policy, request), stage)
