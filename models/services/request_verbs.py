"""Verbs of the applicant: keep a draft, submit a request, withdraw it, ask for it to be decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from models.errors import Refused
from models.form import Form, FormLeg
from models.frozen import record
from models.policy.answer import Answer
from models.policy.model import Policy
from models.schema import journal
from models.schema.store import reading, write
from models.schema.tables import Visit
from models.services import capacity, consequences
from models.services.consequences import approve, keep_guests, part_findings
from models.services.frame import VisitChange, changing, marking
from models.services.rights import ActorContext, require
from models.services.session import Session, in_force, version_row, versions
from models.services.visit_form import keep_client, known_to, owner_of, read_form, write_form
from models.services.visit_record import next_number
from models.services.visits import (
    Done,
    current_step,
    expected_row,
    post_names,
    state_detail,
    visit_row,
)
from models.services.whereabouts import listed
from models.words import Phrase

URGE_AGAIN = timedelta(hours=1)


class Verb(Protocol):
    """A verb on a visit that wants nothing but what was seen."""

    def __call__(self, session: Session, visit: int, *, expected: int) -> Done:
        """Do it; raises Refused."""
        ...


def submit(session: Session, visit: int, *, expected: int, reasons: Mapping[str, str] | None = None) -> Done:
    """Hand a draft or returned request to the first step of its route, with a number from the first time on.

    `reasons` by finding code join those of the form. The policy version is picked anew, so is the route. Raises
    Refused: `incomplete`, `findings` (what blocks and every reason missing), `stale`, or who may not.
    A post that nobody holds is named in the message; the request stays decidable by a recorded decision.
    """
    with changing(session, visit, "submit", right="submit", expected=expected, keep_changes=False) as v:
        v.reschedule = False
        row, form = v.row, v.record.asked_form
        keep_client(row)
        keep_guests(v.record)
        row.submitted_at = session.now()
        policy = in_force(session, form)
        row.policy = version_row(policy)
        row.tier = None
        row.reasons = {**row.reasons, **capacity.given(reasons or {})}
        row.owner = owner_of(policy, form, session.now().date(), v.record.register)
        answer = v.record.judged()
        capacity.require_reasons(capacity.missing_reasons(answer))
        if row.proposed_tier is None:
            row.proposed_tier = answer.tier.proposed
        if row.number is None:
            row.number = next_number(policy.number, session.now().year)
        row.late = answer.notice.late
        row.total = answer.total
        row.state = "submitted"
        if consequences.lay(session, row, answer) is None:
            v.plan = approve(v.renewed(), answer)
            v.check_after(lambda now: capacity.require_reasons(part_findings(now)))
        told = {"number": row.number, "round": row.round, "tier": row.proposed_tier, "late": row.late}
        v.details = {**told, **state_detail(row), "reasons": row.reasons, "policy": policy.sha256}
    return _submitted(v, policy, answer)


def withdraw(session: Session, visit: int, *, expected: int) -> Done:
    """Take a request back to draft before it is decided; number and decisions stay (A32)."""
    with changing(session, visit, "withdraw", right="withdraw", expected=expected, plain=True) as v:
        consequences.halt(v.row)
        v.row.state = "draft"
    return v.done("withdrawn")


def urge(session: Session, visit: int, *, expected: int) -> Done:
    """Ask those at whom the request lies to decide (催办): recorded, at most once an hour for each step."""
    with marking(session, visit, "urge", right="urge", expected=expected) as v:
        step = current_step(v.row)
        if step is None:
            raise Refused("nothing_to_urge")
        now = session.now_utc()
        if step.urged_utc is not None and now - step.urged_utc < URGE_AGAIN:
            left = URGE_AGAIN - (now - step.urged_utc)
            raise Refused("urged_lately", n=-(-left.seconds // 60))
        step.urged_utc = now
        step.save()
        v.details = {"posts": step.posts}
    return v.done("urged", posts=post_names(v.record.policy, step.posts))


def _submitted(v: VisitChange, policy: Policy, answer: Answer) -> Done:
    """The sentence of a submission: who decides next, and which posts on the way nobody holds."""
    if v.step is None:
        return v.done("approved")
    said = v.done("submitted", posts=post_names(policy, v.step.posts))
    vacant = [post for asked in answer.route if asked.vacant for post in asked.posts if post not in v.step.posts]
    later = Phrase("done.later_vacant", {"vacant": post_names(policy, vacant)}) if vacant else None
    with reading():
        lies = consequences.lies_at(ActorContext(v.session, (v.row,)), v.row, v.step)
    for more in (lies, later):
        if more is not None:
            said = replace(said, message=Phrase("done.and", {"first": said.message, "then": more}))
    return said


# -- drafts; journalled only once submitted ---------------------------------------------------------------------------

EMPTY = Form()


@record
class Saved:
    """The draft's visit and the version it now has."""

    visit: int
    version: int


def new_draft(session: Session, form: Form = EMPTY) -> Saved:
    """Begin a request; who acts is its applicant unless the form names another (R99)."""
    with write():
        row = Visit(changed_utc=session.now_utc())
        require(session, "new", row)
        row.save(force_insert=True)
        named = form if form.applicant is not None else replace(form, applicant=session.actor.person)
        write_form(versions(session), row, named)
        journal.count_unjournalled()
        return Saved(row.id, row.version)


def save_draft(session: Session, visit: int, form: Form, *, expected: int) -> Saved:
    """Keep a draft or returned request as typed so far, also incomplete.

    Raises Refused: `stale`, no longer a draft, or a text that is too long.
    """
    with write():
        row = expected_row(visit, expected)
        require(session, "edit", row)
        before = _listed(row)
        row.version += 1
        row.changed_utc = session.now_utc()
        write_form(versions(session), row, form)
        if _listed(row) != before:
            journal.count_unjournalled()
        return Saved(row.id, row.version)


def _listed(row: Visit) -> object:
    """What lists show of a draft."""
    columns = (row.client_name, row.headcount, row.arrive, row.depart, row.kind, row.proposed_tier, row.applicant_id)
    return columns, tuple(listed(row.id))


def discard_draft(session: Session, visit: int, *, expected: int) -> None:
    """Throw a draft away. One that was submitted before has a number and a history: it is cancelled instead."""
    with write():
        row = expected_row(visit, expected)
        require(session, "discard", row)
        if row.number is None:
            row.delete_instance()
            journal.count_unjournalled()
            return
    with changing(session, visit, "cancel", right="discard", expected=expected, plain=True) as v:
        v.row.state = "cancelled"
        v.details = {"from": "draft"}


def copy_as_new(session: Session, visit: int) -> Saved:
    """Begin a request like a former one: its form without dates, decisions, reasons and number."""
    with write():
        row = visit_row(visit)
        require(session, "copy", row)
        form = replace(read_form(row), applicant=session.actor.person)
        undated_form = undated(form)
        return new_draft(session, known_to(in_force(session, undated_form), undated_form))


def undated(form: Form) -> Form:
    """The form as the next visit may use it. Meals, lodging and costs keep their days for `forms.moved`."""
    return replace(
        form,
        arrive=None,
        depart=None,
        arrival=FormLeg(form.arrival.mode, place=form.arrival.place),
        departure=FormLeg(form.departure.mode, place=form.departure.place),
        other_from=None,
        other_until=None,
        documents=(),
        reasons={},
        raw={},
    )
