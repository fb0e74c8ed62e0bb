"""Verbs of the approver: give an opinion or a decision at the step where a request lies, for oneself or another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, get_args

from models.errors import Refused
from models.form import Form
from models.frozen import record
from models.policy import answer as policy_answer
from models.policy.answer import Answer
from models.schema.store import reading
from models.schema.tables import Decision, Person, Step, Visit
from models.services import capacity, consequences, validate
from models.services.consequences import approve, part_findings, put_back
from models.services.frame import MarkedChange, VisitChange, changing, marking
from models.services.rights import ActorContext, decides_other, require
from models.services.session import Session
from models.services.step_holders import Voice, higher
from models.services.visit_form import one_of, packed, save, unpacked, write_form
from models.services.visits import (
    Done,
    current_step,
    needed_words,
    person_name,
    post_names,
    state_detail,
    tier_now,
    visit_policy,
)
from models.words import Phrase

Outcome = Literal["agree", "return", "refuse"]


@record
class _Voice:
    """Who decides in which post, and when; `of`: for whom they stand in, `up_to` which tier; `medium` where somebody
    else records it."""

    person: int | None
    post: str
    at: datetime
    medium: str = ""
    of: int | None = None
    up_to: str | None = None

    @property
    def recorded_for(self) -> int | None:
        """For whom the actor acted: of whom they recorded it, whose stand-in they are; None who speaks for
        themselves."""
        return self.person if self.medium else self.of


def decide(
    session: Session,
    visit: int,
    *,
    expected: int,
    outcome: Outcome,
    words: str,
    tier: str | None = None,
    hosts: tuple[int, ...] | None = None,
    headcount: int | None = None,
    companions: tuple[int, ...] | None = None,
    reasons: Mapping[str, str] | None = None,
    for_person: int | None = None,
    medium: str = "",
    decided_at: datetime | None = None,
) -> Done:
    """Say what the current step's post says: agree, return for correction, or refuse (R11, R18, R19, A32).

    `tier`, `hosts`, `headcount` and `companions` correct the request; the route is then laid anew from here. A tier
    raised above the own authority passes the request on and approves nothing (A3); what is wrong with it then
    (the lead host, R20) must be mended here or taken with a reason. The route's end approves.
    `medium` (with `for_person`, or nobody where the post is vacant) records what was said by phone or on paper, at
    local time `decided_at`; it counts, and is flagged until that person confirms it. Another tier, a return and a
    refusal want words. Raises Refused.
    """
    one_of("outcome", outcome, get_args(Outcome))
    with changing(session, visit, "decide", right="read", expected=expected) as v:
        v.reschedule = False
        row, policy = v.row, v.record.policy
        voice = _voice(session, row, for_person, medium, decided_at)
        v.for_person = voice.recorded_for
        if outcome != "agree" or (tier is not None and tier != tier_now(row)):
            words = needed_words(words)
        if voice.up_to is not None and tier is not None and higher(policy, tier, voice.up_to):
            raise Refused("beyond_stand_in", who=person_name(voice.of), tier=policy.name_of(voice.up_to))
        step = _take(session, row)
        decision = Decision(
            visit=row.id, step=step.id, person=voice.person, person_name=person_name(voice.person), post=voice.post,
            outcome=outcome, words=validate.text("words", words).strip(), at=voice.at, medium=voice.medium,
            recorded_by=session.actor.person if voice.medium else None, for_person=voice.of,
        )  # fmt: skip
        changes = {"hosts": hosts, "headcount": headcount, "companions": companions}
        wanted = {field: value for field, value in changes.items() if value is not None and outcome == "agree"}
        if outcome == "agree":
            message = _agree(v, step, decision, tier, wanted, capacity.given(reasons or {}))
        else:
            message = _stop(v, decision)
        v.details = {**_told(decision, step, wanted), **state_detail(row)}
    return _said(v, message)


def confirm_recorded(session: Session, decision: int) -> Done:
    """Whoever a decision was recorded for says that it is theirs; a post's holder where it named nobody."""
    with marking(session, (Decision, decision), "confirm", right=None) as v:
        found = _to_confirm(v)
        found.confirmed_utc, found.objection = session.now_utc(), ""
        v.details = {"decision": decision}
    return v.done("confirmed")


def object_recorded(session: Session, decision: int, words: str) -> Done:
    """Whoever a decision was recorded for says, in words, that it is not theirs. It counts as before and stays flagged:
    whoever looks after the visit sees it, and puts it right."""
    with marking(session, (Decision, decision), "object", right=None) as v:
        found = _to_confirm(v)
        found.objection = needed_words(words)
        v.details = {"decision": decision, "words": found.objection}
    return v.done("objected")


def recorded_for_actor(session: Session, row: Visit, decision: Decision) -> bool:
    """Whether a decision was recorded for the actor, or for a post of theirs where it named nobody."""
    person = session.actor.person
    if person is None:
        return False
    return decision.person_id == person if decision.person_id else _holds_now(session, row, decision)


def _to_confirm(v: MarkedChange) -> Decision:
    """The decision, if it was recorded for the actor and waits for their word; Refused otherwise."""
    found = v.found(Decision)
    if not found.medium:
        raise Refused("no_decision")
    if not recorded_for_actor(v.session, v.row, found):
        who = found.person_name or post_names(visit_policy(v.session, v.row), [found.post])
        raise Refused("not_your_decision", who=who)
    if found.confirmed_utc is not None:
        raise Refused("confirmed_already")
    return found


def _voice(session: Session, row: Visit, for_person: int | None, medium: str, at: datetime | None) -> _Voice:
    """Who speaks: the actor in a post of the current step, or whoever the actor records for."""
    if not medium and for_person is None:
        context = ActorContext(session, (row,))
        require(session, "decide", row, context)
        step, person = _step(row), session.actor.person
        found = context.voice(row, step, person)
        if found is None:
            raise decides_other(session, row)
        return _Voice(person, found.post, session.now(), of=found.of, up_to=found.up_to)
    require(session, "record", row)
    if not visit_policy(session, row).recorded:
        raise Refused("recording_off")
    medium = needed_words(medium, "medium_needed")
    at = at or session.now()
    if at > session.now():
        raise Refused("decided_later", at=at.strftime("%Y-%m-%d %H:%M"))
    found = _recorded(session, row, for_person)
    return _Voice(for_person, found.post, at, medium, found.of, found.up_to)


def _recorded(session: Session, row: Visit, person: int | None) -> Voice:
    """As what somebody decided whose decision is recorded; where nobody holds the post, no one may be named as having
    decided, or anyone but the actor."""
    step, context = _step(row), ActorContext(session, (row,))
    found = context.voice(row, step, person) if person is not None else None
    if found is not None:
        return found
    if any(not each.above for each in context.voices(row, step)):
        raise decides_other(session, row)
    if person is not None and Person.get_or_none(Person.id == person) is None:
        raise Refused("unknown_person", name=f"#{person}")
    if person is not None and person == session.actor.person:
        raise Refused("record_self", posts=post_names(visit_policy(session, row), step.posts))
    return Voice(person or 0, str(step.posts[0]))


def _step(row: Visit) -> Step:
    step = current_step(row)
    if step is None:
        raise Refused("nothing_to_decide")
    return step


def _take(session: Session, row: Visit) -> Step:
    """The current step, taken."""
    step = _step(row)
    step.state = "done"
    step.save()
    return step


def _agree(
    v: VisitChange,
    step: Step,
    decision: Decision,
    tier: str | None,
    wanted: Mapping[str, object],
    reasons: Mapping[str, str],
) -> str:
    """Agree, as asked or with corrections; go on, pass on or approve. Gives the message's key."""
    row, record = v.row, v.record
    policy, old_tier = record.policy, tier_now(row)
    old_form = record.asked_form
    new_tier = tier or old_tier
    if tier is not None and tier not in [entry.id for entry in policy.tiers]:
        raise Refused("unknown_tier", tier=tier, tiers=validate.joined([entry.name for entry in policy.tiers]))
    form = replace(old_form, reasons={**old_form.reasons, **reasons}, **wanted)  # type: ignore[arg-type]  # by field
    decision.tier = new_tier
    decision.save(force_insert=True)
    before = record.judged(old_form, old_tier)
    if new_tier == old_tier and not wanted and not reasons:
        return _go_on(v, before, before)
    decision.before = _as_it_was(row, old_form)
    decision.save()
    row.reasons = dict(form.reasons)
    answer = record.judged(form, new_tier)
    capacity.require_reasons(capacity.missing_reasons(answer, before, reasons))
    write_form([policy], row, form)
    if new_tier != old_tier:
        row.tier = new_tier
    row.total = answer.total
    lowered = not consequences.raised(policy, old_tier, new_tier)
    others = consequences.reroute(row, policy, answer, new_tier, lowered=lowered)
    if others and not lowered and step.what in consequences.DECIDING:
        decision.outcome = "pass_on"
        decision.save()
    return _go_on(v, answer, before, passed=decision.outcome == "pass_on")


def _go_on(v: VisitChange, answer: Answer, before: Answer, *, passed: bool = False) -> str:
    row = v.row
    if consequences.advance(v.session, row) is not None:
        return "passed_on" if passed else "agreed"
    v.plan = approve(v.renewed(), answer, before if row.before is not None else None)
    v.check_after(lambda now: capacity.require_reasons(part_findings(now)))
    return "approved_tier" if row.tier else "approved"


def _stop(v: VisitChange, decision: Decision) -> str:
    """Return the request to its applicant, or refuse it; a change not agreed to leaves the visit as it was approved."""
    row = v.row
    decision.tier = tier_now(row)
    decision.save(force_insert=True)
    if row.before is not None:
        v.plan = put_back(v.record)
        return "unchanged"
    row.state = "returned" if decision.outcome == "return" else "refused"
    return row.state


def _said(v: VisitChange, message: str) -> Done:
    """The sentence of a decision: what became of the visit, at whom it lies now, and for whom somebody acts there."""
    row, step, policy, tier = v.row, v.step, v.record.policy, tier_now(v.row)
    facts = {"posts": post_names(policy, step.posts)} if step else {}
    with reading():
        lies = consequences.lies_at(ActorContext(v.session, (row,)), row, step) if step is not None else None
    said = v.done(message, tier=policy.name_of(tier) if tier else "", **facts)
    return said if lies is None else replace(said, message=Phrase("done.and", {"first": said.message, "then": lies}))


def _told(decision: Decision, step: Step, wanted: Mapping[str, object]) -> dict[str, object]:
    """What the journal keeps of a decision."""
    return {
        "decision": decision.id, "what": step.what, "outcome": decision.outcome, "post": decision.post,
        "tier": decision.tier, "words": decision.words, "medium": decision.medium, "at": decision.at,
        "person_name": decision.person_name, "corrected": dict(wanted),
    }  # fmt: skip


def _holds_now(session: Session, row: Visit, decision: Decision) -> bool:
    step = Step.get_by_id(decision.step_id)
    found = ActorContext(session, (row,)).voice(row, step, session.actor.person)
    return found is not None and found.of is None and not found.above


# -- taking back one's own agreement ----------------------------------------------------------------------------------


def undo_agree(session: Session, visit: int, *, expected: int) -> Done:
    """Take one's own agreement back while nobody has acted at the next step, or one that the actor recorded: the
    request lies where it lay, and is what it was. What the route's end approved is changed or cancelled instead."""
    with changing(session, visit, "undo_agree", right="undo_agree", expected=expected, reschedule=False) as v:
        row = v.row
        decision = ActorContext(session, (row,)).last_said[row.id]
        step = Step.get_by_id(decision.step_id)
        ahead = (Step.visit == row.id) & (Step.round == row.round) & (Step.position > step.position)
        if decision.before is not None:
            Step.delete().where(ahead).execute()
            _put_back(row, decision.before)
        else:
            Step.update(state="waiting", since_utc=None, urged_utc=None).where(ahead).execute()
        step.state = "current"
        step.save()
        decision.outcome = "taken_back"
        decision.save()
        v.details = {"decision": decision.id, "what": step.what, "tier": tier_now(row), **state_detail(row)}
    return v.done("undo_agree", posts=post_names(v.record.policy, step.posts))


def _as_it_was(row: Visit, form: Form) -> dict[str, object]:
    """What agreeing may change, for whoever takes that back."""
    ahead = Step.select().where(Step.visit == row.id, Step.round == row.round, Step.state != "done")
    steps = [[each.posts, each.what, each.also, each.why] for each in ahead.order_by(Step.position)]
    return {"form": packed(form), "tier": row.tier, "reasons": dict(row.reasons), "total": row.total, "steps": steps}


def _put_back(row: Visit, before: Mapping[str, Any]) -> None:
    """Make the request what `_as_it_was` gave."""
    save(row, replace(unpacked(before["form"]), tier=row.proposed_tier))
    row.tier, row.reasons, row.total = before["tier"], before["reasons"], before["total"]
    for posts, what, also, why in before["steps"]:
        consequences.add_step(row, policy_answer.StepAnswer(tuple(posts), what, why, also=tuple(also)))
