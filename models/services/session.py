"""The session of an actor: who acts, when, by which version of the policy, and the versions kept in the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from models.errors import Refused
from models.frozen import record
from models.policy.model import Policy, PolicyErrors, version_for, version_on
from models.schema.store import reading
from models.schema.tables import PolicyVersion, Visit

if TYPE_CHECKING:
    from models.form import Form


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
    `office`: the operating system vouches for who acts, and rights hold; False: alone with one's own file, all is free.
    """

    actor: Actor
    clock: Clock
    policy: Policy
    versions: tuple[Policy, ...] = ()
    office: bool = False

    def now(self) -> datetime:
        """The present as naive local wall clock, to the second."""
        return self.clock().replace(tzinfo=None, microsecond=0)

    def now_utc(self) -> datetime:
        """The present in UTC, naive, as stored in `…_utc` columns."""
        return self.clock().astimezone(UTC).replace(tzinfo=None)


# -- versions of the policy in the store (DESIGN.md § 4) --------------------------------------------------------------


def version_row(policy: Policy) -> PolicyVersion:
    """The row that keeps this version's exact text, stored once; inside a write transaction."""
    row = PolicyVersion.get_or_none(PolicyVersion.sha256 == policy.sha256)
    if row is None:
        row = PolicyVersion.create(sha256=policy.sha256, text=policy.text, effective=policy.effective)
    return row


def policy_of(session: Session, visit: Visit) -> Policy:
    """The policy that a visit is judged by: its own, or the one in force before it is first submitted.

    Refused (`policy_unreadable`) where the program cannot read the text that the visit used.
    """
    with reading():
        columns = PolicyVersion.select(PolicyVersion.sha256, PolicyVersion.effective)
        version = columns.where(PolicyVersion.id == visit.policy_id).first()
    if version is None or version.sha256 == session.policy.sha256:
        return session.policy
    return policy_of_version(version)


def stored_policies(session: Session) -> dict[int | None, Policy | Refused]:
    """Every version that visits are judged by, by id, or why it cannot be read; None: what is not submitted yet."""
    found: dict[int | None, Policy | Refused] = {None: session.policy}
    with reading():
        for version in PolicyVersion.select(PolicyVersion.id, PolicyVersion.sha256, PolicyVersion.effective):
            try:
                found[version.id] = (
                    session.policy if version.sha256 == session.policy.sha256 else policy_of_version(version)
                )
            except Refused as refused:
                found[version.id] = refused
    return found


def policy_of_version(version: PolicyVersion) -> Policy:
    """The policy that a stored version is the text of; Refused (`policy_unreadable`)."""
    policy = _read(version.sha256)
    if policy is None:
        raise Refused("policy_unreadable", effective=version.effective.isoformat())
    return policy


def in_force(session: Session, form: Form) -> Policy:
    """The version a submission now is judged by: the newest in force on the day the policy looks at, that of the
    request or of the visit. Where all of the session's versions are still to come: one that the store keeps, else the
    first to come."""
    today = session.now().date()
    arrives = form.arrive.date() if form.arrive else None
    found = version_for(versions(session), today, arrives)
    day = arrives if session.policy.judged_on == "visit" and arrives else today
    if found.effective <= day:
        return found
    with reading():
        newest = PolicyVersion.select().where(PolicyVersion.effective <= day)
        row = newest.order_by(PolicyVersion.effective.desc(), PolicyVersion.id.desc()).first()
    return policy_of_version(row) if row else found


def present(session: Session) -> Session:
    """The session with the version that is in force today."""
    return replace(session, policy=version_on(versions(session), session.now().date()))


def versions(session: Session) -> tuple[Policy, ...]:
    """All versions that a draft may come to be judged by; at least the one in force."""
    return session.versions or (session.policy,)


@lru_cache(maxsize=32)
def _read(sha256: str) -> Policy | None:
    """The policy with this text, None where it cannot be read: another version of the program wrote it.

    The text is fetched once only: every verb asks, and it is as long as the file.
    """
    with reading():
        text = PolicyVersion.select(PolicyVersion.text).where(PolicyVersion.sha256 == sha256).scalar()
    from models.policy.load import load_text  # the version in force was read before

    try:
        return load_text(str(text))
    except PolicyErrors:
        return None
