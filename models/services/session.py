"""Who acts, when, and by which policy: what every verb is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from models.frozen import record
from models.policy.model import Policy

Clock = Callable[[], datetime]
"""Gives the present as an aware datetime in the organisation's zone."""


@record
class Actor:
    """The person acting (id of the register, None before anyone is registered) and the login behind them.

    `client` says from where (an SSH client's address), for the journal only.
    """

    person: int | None
    name: str
    login: str
    client: str = ""


@record
class Session:
    """One actor at work: handed to every verb and to the queries that depend on who asks.

    `policy` is the version in force today, `versions` are all there are, newest first (empty: that one alone).
    """

    actor: Actor
    clock: Clock
    policy: Policy
    versions: tuple[Policy, ...] = ()

    def now(self) -> datetime:
        """The present as naive local wall clock, to the second."""
        return self.clock().replace(tzinfo=None, microsecond=0)

    def now_utc(self) -> datetime:
        """The present in UTC, naive, as stored in `…_utc` columns."""
        return self.clock().astimezone(UTC).replace(tzinfo=None)
