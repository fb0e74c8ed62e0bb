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
from models.services.desk import Desk
from models.services.difference import Effect, difference
from models.services.effects import Change, said_of, watched
from models.services.fact import Recipient, person_recipient
from models.services.facts import facts
from models.services.forms import keep_client, owner_of, write_form
from models.services.look import Preview, fresh, waiting
from models.services.measure import remeasure
from models.services.rebooking import part_findings
from models.services.rebuild import Duty, Rebuilt, rebuild, rebuild_stages
from models.services.retime import following
from models.services.rights import allow, post_holders
from models.services.snapshot import packed
from models.services.tell import tell_of
from models.services.visit_record import VisitRecord
from models.services.visits import (
    Done,
    current_step,
    done,
    post_names,
    seen_row,
    standing,
    tier_now,
    touch,
    visit_policy,
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
    """A change that is made, inside its transaction."""

    row: Visit
    rebuilt: Rebuilt
    asks: tuple[str, ...]
    notices: tuple[str, ...]
    answer: Answer
    before: Answer
    unmet: tuple[Finding, ...]
    change: Change


def amend(
    desk: Desk,
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
    with write():
        row = seen_row(visit, seen)
        allow(desk, "amend", row)
        made = _change(desk, row, form, tier, findings.given(reasons or {}), insist=True)
        keep_client(row)
        keep_guests(row)
        touch(desk, row)
        effects = _in_force(desk, made)[0]
        details = _told(made.rebuilt, made.asks, typed.text("words", words))
        journal.record(desk, "amend", visit, {**details, **standing(row), "changed": said_of(effects)})
        said = _amended(desk, row, made.rebuilt, bool(made.asks))
        return Amended(said, made.rebuilt.added, made.rebuilt.removed, made.asks, effects)


def preview(
    desk: Desk, visit: int, form: Form, tier: str | None = None, reasons: Mapping[str, str] | None = None
) -> Preview:
    """What `amend` would do: it is done, looked at, and undone. Findings do not stand in the way of looking.

    Raises Refused as `amend` does otherwise: fields that are missing, `change_refused`, who may not.
    """
    with trial():
        row = Visit.get_or_none(Visit.id == visit)
        if row is None:
            raise Refused("no_visit")
        allow(desk, "amend", row)
        waited = waiting(visit)
        made = _change(desk, row, form, tier, findings.given(reasons or {}), insist=False)
        keep_client(row)
        touch(desk, row)
        step = current_step(row) if made.asks else None
        policy = visit_policy(desk, row)
        posts = post_names(policy, step.posts) if step else None
        effects, now = _in_force(desk, made)
        return Preview(policy, effects, fresh(waited, now), made.asks, posts, made.notices, made.unmet)


def take_change_back(desk: Desk, visit: int, *, seen: int) -> Done:
    """Withdraw a change that is still being decided, by who made it: the visit goes on as it was approved."""
    with write():
        row = seen_row(visit, seen)
        allow(desk, "take_change_back", row)
        with watched(desk, row) as change:
            routing.halt(row)
            put_back(desk, row)
        touch(desk, row)
        journal.record(desk, "take_change_back", visit, {**standing(row), "changed": change.said})
        return done(row, "change_taken_back")


def _change(
    desk: Desk, row: Visit, form: Form, tier: str | None, fresh: Mapping[str, str], *, insist: bool
) -> _Changed:
    record = VisitRecord(desk, row)
    policy, old, old_tier = record.policy, record.asked_form, tier_now(row)
    new_tier = tier or (form.tier if form.tier != row.proposed_tier else None) or old_tier
    form = replace(form, tier=row.proposed_tier, reasons={**old.reasons, **form.reasons, **fresh})
    before = record.judged(old, old_tier)
    asks = _asks(record, form, new_tier)
    decided, notices = _fields_of(asks, "decide"), _fields_of(asks, "notify")
    row.reasons = dict(form.reasons)
    after = record.judged(form, new_tier)
    unmet = findings.unmet(after, before, fresh)
    if insist:
        findings.insist(unmet)
    again = bool(decided) and bool(routing.deciding(after))
    with watched(desk, row) as change, following(desk, row):
        if notices and not again:
            change.notify(_deciders(desk, row, after), notices)
        write_form([policy], row, form)
        row.tier = new_tier
        row.owner = owner_of(policy, form, (row.submitted_at or desk.now()).date())
        if again:
            row.state = "submitted"
            row.before = packed(replace(old, tier=old_tier))
            routing.ask_again(desk, row, after)
            rebuild_stages(row, after, before)
            rebuilt = Rebuilt((), ())
        else:
            rebuilt = rebuild(row, after, before)
            remeasure(VisitRecord(desk, row))
            displays.refresh(desk, row)
    elsewhere = () if again else part_findings(desk, row)
    if insist:
        findings.insist(elsewhere)
    unmet = (*unmet, *elsewhere)
    return _Changed(row, rebuilt, decided if again else (), notices, after, before, unmet, change)


def _in_force(desk: Desk, made: _Changed) -> tuple[tuple[Effect, ...], list[ToTell]]:
    """What the change does, and who waits to be told: at once, or as if what it asks for were agreed to."""
    if not made.asks:
        return made.change.effects, waiting(made.row.id)
    with trial():
        row = Visit.get_by_id(made.row.id)
        approve(desk, row, made.answer, made.before)
        row.save()
        before, after = made.change.before, facts(VisitRecord(desk, row))
        effects = difference(before, after)
        tell_of(desk, row, before, after, effects)
        return effects, waiting(row.id)


def _asks(record: VisitRecord, form: Form, tier: str | None) -> Asks:
    """What the policy asks for; Refused for fields that may not change now."""
    policy, now = record.policy, tier_now(record.row)
    requests = (record.request(record.asked_form, now), record.request(form, tier))
    asks = change_asks(policy, *requests, now=record.desk.now())
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


def _deciders(desk: Desk, row: Visit, answer: Answer) -> list[Recipient]:
    """Who would decide about the visit, and is told of what need not be decided again."""
    people = [who for step in routing.deciding(answer) for post in step.posts for who in post_holders(desk, row, post)]
    return [person_recipient("approver", person) for person in dict.fromkeys(people)]


def _told(rebuilt: Rebuilt, asks: tuple[str, ...], why: str) -> dict[str, object]:
    added, removed = ([duty.duty for duty in duties if not duty.part] for duties in (rebuilt.added, rebuilt.removed))
    return {"words": why, "asks": list(asks), "added": added, "removed": removed}


def _amended(desk: Desk, row: Visit, rebuilt: Rebuilt, again: bool) -> Done:
    step = current_step(row)
    if again and step is not None:
        return done(row, "amended_asks", posts=post_names(visit_policy(desk, row), step.posts))
    added, removed = (sum(not duty.part for duty in duties) for duties in (rebuilt.added, rebuilt.removed))
    said = "both" if added and removed else "added" if added else "removed" if removed else ""
    return done(row, f"amended_{said}" if said else "amended", added=added, removed=removed)
