"""Verbs of the applicant: submit a request, take it back, ask for it to be decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

from models.errors import Refused
from models.policy.answer import Answer
from models.policy.model import Policy
from models.schema import journal
from models.schema.store import write
from models.schema.tables import Visit
from models.services import findings, routing
from models.services.approval import approve
from models.services.clients import keep_guests
from models.services.effects import watched
from models.services.forms import keep_client, owner_of, read_form
from models.services.numbers import next_number
from models.services.policies import in_force, version_row
from models.services.rebooking import part_findings
from models.services.rights import allow, step_holders
from models.services.session import Session
from models.services.visit_record import VisitRecord
from models.services.visits import (
    Done,
    current_step,
    done,
    mark,
    post_names,
    seen_row,
    standing,
    touch,
    visit_policy,
)
from models.words import Name

URGE_AGAIN = timedelta(hours=1)


class Verb(Protocol):
    """A verb on a visit that wants nothing but what was seen."""

    def __call__(self, session: Session, visit: int, *, seen: int) -> Done:
        """Do it; raises Refused."""
        ...


def submit(session: Session, visit: int, *, seen: int, reasons: Mapping[str, str] | None = None) -> Done:
    """Hand a draft or returned request to the first step of its route, with a number from the first time on.

    `reasons` by finding code join those of the form. The policy version is picked anew, so is the route. Raises
    Refused: `incomplete`, `findings` (what blocks and every reason missing), `stale`, or who may not.
    A post that nobody holds is named in the message; the request stays decidable by a recorded decision.
    """
    with write():
        row = seen_row(visit, seen)
        allow(session, "submit", row)
        keep_client(row)
        keep_guests(row)
        form = read_form(row)
        row.submitted_at = session.now()
        policy = in_force(session, form)
        row.policy = version_row(policy)
        row.tier = None
        row.reasons = {**row.reasons, **findings.given(reasons or {})}
        row.owner = owner_of(policy, form, session.now().date())
        answer = VisitRecord(session, row).judged(form)
        findings.insist(findings.unmet(answer))
        if row.proposed_tier is None:
            row.proposed_tier = answer.tier.proposed
        if row.number is None:
            row.number = next_number(policy.number, session.now().year)
        row.late = answer.notice.late
        row.total = answer.total
        row.state = "submitted"
        with watched(session, row):
            if routing.lay(session, row, answer) is None:
                approve(VisitRecord(session, row), answer)
                findings.insist(part_findings(VisitRecord(session, row)))
        touch(session, row)
        details = {"number": row.number, "round": row.round, "tier": row.proposed_tier, "late": row.late}
        journal.record(
            session, "submit", visit, {**details, **standing(row), "reasons": row.reasons, "policy": policy.sha256}
        )
        return _submitted(session, row, policy, answer)


def withdraw(session: Session, visit: int, *, seen: int) -> Done:
    """Take a request back to draft before it is decided; number and decisions stay (A32)."""
    with write():
        row = seen_row(visit, seen)
        allow(session, "withdraw", row)
        routing.halt(row)
        row.state = "draft"
        touch(session, row)
        journal.record(session, "withdraw", visit, {})
        return done(row, "withdrawn")


def urge(session: Session, visit: int, *, seen: int) -> Done:
    """Ask those at whom the request lies to decide (催办): recorded, at most once an hour for each step."""
    with write():
        row = seen_row(visit, seen)
        allow(session, "urge", row)
        step = current_step(row)
        if step is None:
            raise Refused("nothing_to_urge")
        now = session.now_utc()
        if step.urged_utc is not None and now - step.urged_utc < URGE_AGAIN:
            left = URGE_AGAIN - (now - step.urged_utc)
            raise Refused("urged_lately", n=-(-left.seconds // 60))
        step.urged_utc = now
        step.save()
        mark(session, row)
        journal.record(session, "urge", visit, {"posts": step.posts})
        return done(row, "urged", posts=post_names(visit_policy(session, row), step.posts))


def _submitted(session: Session, row: Visit, policy: Policy, answer: Answer) -> Done:
    """The sentence of a submission: who decides next, and which posts on the way nobody holds."""
    step = current_step(row)
    if step is None:
        return done(row, "approved")
    vacant = [post for asked in answer.route if asked.vacant for post in asked.posts]
    posts: Name = post_names(policy, step.posts)
    if vacant or not step_holders(session, row, step):
        return done(row, "submitted_vacant", posts=posts, vacant=post_names(policy, vacant or step.posts))
    return done(row, "submitted", posts=posts)
