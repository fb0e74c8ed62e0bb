"""A change to an arranged visit: shown beforehand, made, and taken back while it is being decided (A33)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from models.errors import Refused
from models.form import Form
from models.policy.answer import Answer, Finding
from models.policy.judge import change_asks
from models.policy.model import Ask, Policy
from models.schema import journal
from models.schema.arrangements import ToTell
from models.schema.store import trial, write
from models.schema.tables import Visit
from models.services import displays, findings, routing, typed
from models.services.approval import approve, put_back
from models.services.clients import keep_guests
from models.services.difference import Effect, difference
from models.services.effects import watched
from models.services.fact import Recipient, person_recipient
from models.services.facts import facts
from models.services.forms import keep_client, owner_of, write_form
from models.services.frame import Change, changing
from models.services.look import Preview, fresh, waiting
from models.services.measure import remeasure
from models.services.rebooking import part_findings
from models.services.rebuild import Duty, Rebuilt, rebuild, rebuild_stages
from models.services.rights import allow, post_holders
from models.services.session import Session
from models.services.snapshot import packed
from models.services.tell import tell_of
from models.services.visit_record import VisitRecord
from models.services.visits import (
    Done,
    done,
    post_names,
    seen_row,
    standing,
    tier_now,
    touch,
)
from models.words import Name
from models.words.catalogue import LANGUAGES, sentences

Asks = list[tuple[Ask, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Amended:
    """What a change did: duties added and removed (A33), and the fields for which it must be decided again.

    `effects`: what is different now, or will be once it is decided.
    """

    done: Done
    added: tuple[Duty, ...]
    removed: tuple[Duty, ...]
    asks: tuple[str, ...]
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class _Changed:
    """A change that is made, inside its frame; `unmet` is whole once that is left."""

    rebuilt: Rebuilt
    asks: tuple[str, ...]
    notices: tuple[str, ...]
    answer: Answer
    before: Answer
    unmet: list[Finding]


def amend(
    session: Session,
    visit: int,
    form: Form,
    *,
    seen: int,
    words: str = "",
    tier: str | None = None,
    reasons: Mapping[str, str] | None = None,
) -> Amended:
    """Change an approved visit; its own policy version judges it still.

    Stages, tasks and planned costs are rebuilt at once, ticks that still apply stay (A33). The tier is `tier`, or the
    form's where that is not the proposed one, else the one in force. A change of substance (the policy's `change`
    table) is written down, and the deciding step is asked again: the visit is `submitted` until then, its tasks stay
    as they are and are rebuilt by that decision; not agreed to, the visit goes on as it was approved.
    Raises Refused: `findings` for what is newly wrong, `change_refused`.
    """
    return amend_and_go_on(session, visit, form, seen=seen, words=words, tier=tier, reasons=reasons)[0]


def amend_and_go_on(
    session: Session, visit: int, form: Form, *, seen: int, words: str = "", tier: str | None = None,
    reasons: Mapping[str, str] | None = None,
) -> tuple[Amended, Change]:  # fmt: skip
    """`amend`, and the change that it was, for what is changed beside the form in the same transaction."""
    foreseen: tuple[Effect, ...] = ()
    with changing(session, visit, "amend", may="amend", expected=seen) as v:
        made = _change(v, form, tier, findings.given(reasons or {}), insist=True)
        keep_client(v.row)
        keep_guests(v.row)

        def foresee() -> tuple[Effect, ...]:
            nonlocal foreseen
            foreseen = _in_force(v, made)[0]
            return foreseen

        v.foreseen = foresee
        v.details = {**_told(made.rebuilt, made.asks, typed.text("words", words)), **standing(v.row)}
    said = _amended(v, made.rebuilt, bool(made.asks))
    return Amended(said, made.rebuilt.added, made.rebuilt.removed, made.asks, foreseen), v


def preview(
    session: Session, visit: int, form: Form, tier: str | None = None, reasons: Mapping[str, str] | None = None
) -> Preview:
    """What `amend` would do: it is done, looked at, and undone. Findings do not stand in the way of looking.

    Raises Refused as `amend` does otherwise: fields that are missing, `change_refused`, who may not.
    """
    with trial():
        row = Visit.get_or_none(Visit.id == visit)
        if row is None:
            raise Refused("no_visit")
        waited = waiting(visit)
        with changing(session, visit, "amend", may="amend", expected=None) as v:
            made = _change(v, form, tier, findings.given(reasons or {}), insist=False)
            keep_client(v.row)
        step = v.step if made.asks else None
        policy = v.record.policy
        posts = post_names(policy, step.posts) if step else None
        effects, now = _in_force(v, made)
        return Preview(policy, effects, fresh(waited, now), made.asks, posts, made.notices, tuple(made.unmet))


def take_change_back(session: Session, visit: int, *, seen: int) -> Done:
    """Withdraw a change that is still being decided, by who made it: the visit goes on as it was approved."""
    with write():
        row = seen_row(visit, seen)
        allow(session, "take_change_back", row)
        with watched(session, row) as change:
            routing.halt(row)
            put_back(VisitRecord(session, row))
        touch(session, row)
        journal.record(session, "take_change_back", visit, {**standing(row), "changed": change.said})
        return done(row, "change_taken_back")


def _change(v: Change, form: Form, tier: str | None, fresh: Mapping[str, str], *, insist: bool) -> _Changed:
    """Make the change; findings stand in its way with `insist`."""
    session, row, record = v.session, v.row, v.record
    policy, old, old_tier = record.policy, record.asked_form, tier_now(row)
    new_tier = tier or (form.tier if form.tier != row.proposed_tier else None) or old_tier
    form = replace(form, tier=row.proposed_tier, reasons={**old.reasons, **form.reasons, **fresh})
    before = record.judged(old, old_tier)
    asks = _asks(record, form, new_tier)
    decided, notices = _fields_of(asks, "decide"), _fields_of(asks, "notify")
    row.reasons = dict(form.reasons)
    after = record.judged(form, new_tier)
    unmet = list(findings.unmet(after, before, fresh))
    if insist:
        findings.insist(tuple(unmet))
    again = bool(decided) and bool(routing.deciding(after))
    if notices and not again:
        v.notify(_deciders(session, row, after), notices)
    write_form([policy], row, form)
    row.tier = new_tier
    row.owner = owner_of(policy, form, (row.submitted_at or session.now()).date(), record.register)
    if again:
        row.state = "submitted"
        row.before = packed(replace(old, tier=old_tier))
        routing.ask_again(session, row, after)
        rebuild_stages(row, after, before)
        rebuilt = Rebuilt((), ())
    else:
        rebuilt = rebuild(row, after, before)
        remeasure(record.renewed())
        displays.refresh(session, row)

    def elsewhere(now: VisitRecord) -> None:
        found = () if again else part_findings(now)
        unmet.extend(found)
        if insist:
            findings.insist(found)

    v.insist(elsewhere)
    return _Changed(rebuilt, decided if again else (), notices, after, before, unmet)


def _in_force(v: Change, made: _Changed) -> tuple[tuple[Effect, ...], list[ToTell]]:
    """What the change does, and who waits to be told: at once, or as if what it asks for were agreed to."""
    if not made.asks:
        return v.effects, waiting(v.row.id)
    with trial():
        row = Visit.get_by_id(v.row.id)
        approve(VisitRecord(v.session, row, v.record.shared), made.answer, made.before)
        row.save()
        after = facts(VisitRecord(v.session, row, v.record.shared))
        effects = difference(v.before, after)
        tell_of(v.session, row, v.before, after, effects)
        return effects, waiting(row.id)


def _asks(record: VisitRecord, form: Form, tier: str | None) -> Asks:
    """What the policy asks for; Refused for fields that may not change now."""
    policy, now = record.policy, tier_now(record.row)
    requests = (record.request(record.asked_form, now), record.request(form, tier))
    asks = change_asks(policy, *requests, now=record.session.now())
    barred = _fields_of(asks, "refuse")
    if barred:
        raise Refused("change_refused", fields=field_names(policy, barred))
    return asks


def _fields_of(asks: Asks, wanted: Ask) -> tuple[str, ...]:
    return tuple(dict.fromkeys(field.removesuffix("+") for ask, fields in asks if ask == wanted for field in fields))


def field_names(policy: Policy, fields: tuple[str, ...]) -> Name:
    """What changed fields are called: by the form's words, or by the policy for fields of its own."""
    known = sentences(LANGUAGES[0], "fields")
    return typed.joined([typed.label(f) if f"fields.{f}" in known else policy.name_of(f) for f in fields])


def _deciders(session: Session, row: Visit, answer: Answer) -> list[Recipient]:
    """Who would decide about the visit, and is told of what need not be decided again."""
    people = [
        who for step in routing.deciding(answer) for post in step.posts for who in post_holders(session, row, post)
    ]
    return [person_recipient("approver", person) for person in dict.fromkeys(people)]


def _told(rebuilt: Rebuilt, asks: tuple[str, ...], why: str) -> dict[str, object]:
    added, removed = ([duty.duty for duty in duties if not duty.part] for duties in (rebuilt.added, rebuilt.removed))
    return {"words": why, "asks": list(asks), "added": added, "removed": removed}


def _amended(v: Change, rebuilt: Rebuilt, again: bool) -> Done:
    if again and v.step is not None:
        return v.done("amended_asks", posts=post_names(v.record.policy, v.step.posts))
    added, removed = (sum(not duty.part for duty in duties) for duties in (rebuilt.added, rebuilt.removed))
    said = "both" if added and removed else "added" if added else "removed" if removed else ""
    return v.done(f"amended_{said}" if said else "amended", added=added, removed=removed)
