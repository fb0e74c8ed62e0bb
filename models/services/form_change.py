"""A change of the form of an arranged visit, inside its frame: findings, what is decided again, what follows (A33)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from models.errors import Refused
from models.form import Form
from models.policy.answer import Answer, Finding
from models.policy.judge import change_asks
from models.policy.model import Ask, Policy
from models.schema.arrangements import Notification
from models.schema.store import trial
from models.schema.tables import Visit
from models.services import capacity, consequences, validate
from models.services.consequences import (
    NO_DUTIES,
    Following,
    Plan,
    Rebuilt,
    approve,
    keep_guests,
    part_findings,
    rebuild_stages,
)
from models.services.frame import VisitChange, waiting
from models.services.visit_diff import Difference, Recipient, diff, person_recipient
from models.services.visit_form import keep_client, owner_of, packed, write_form
from models.services.visit_record import VisitRecord
from models.services.visit_state import notify_concerned, snapshot
from models.services.visits import tier_now
from models.words import Name
from models.words.catalogue import LANGUAGES, sentences

Asks = list[tuple[Ask, tuple[str, ...]]]


@dataclass(slots=True)
class ChangedForm:
    """A change that is made, inside its frame. Once that is left `unmet` is whole, `differences` and `waiting` are what
    it does and who waits to be told, or will once what it asks for is agreed to."""

    plan: Plan | None
    asks: tuple[str, ...]
    notices: tuple[str, ...]
    answer: Answer
    before: Answer
    unmet: list[Finding]
    differences: tuple[Difference, ...] = ()
    waiting: Sequence[Notification] = ()

    @property
    def rebuilt(self) -> Rebuilt:
        """The duties that it added and took away, once the frame is left; none while it is to be decided."""
        return self.plan.rebuilt if self.plan is not None else NO_DUTIES


def change_form(v: VisitChange, form: Form, tier: str | None, fresh: Mapping[str, str], *, strict: bool) -> ChangedForm:
    """Make the change; findings stand in its way with `strict`."""
    session, row, record = v.session, v.row, v.record
    policy, old, old_tier = record.policy, record.asked_form, tier_now(row)
    new_tier = tier or (form.tier if form.tier != row.proposed_tier else None) or old_tier
    form = replace(form, tier=row.proposed_tier, reasons={**old.reasons, **form.reasons, **fresh})
    before = record.judged(old, old_tier)
    asks = _asks(record, form, new_tier)
    decided, notices = _fields_of(asks, "decide"), _fields_of(asks, "notify")
    row.reasons = dict(form.reasons)
    after = record.judged(form, new_tier)
    unmet = list(capacity.missing_reasons(after, before, fresh))
    if strict:
        capacity.require_reasons(tuple(unmet))
    again = bool(decided) and bool(consequences.deciding(after))
    if notices and not again:
        v.notify(_deciders(v, after), notices)
    write_form([policy], row, form)
    row.tier = new_tier
    row.owner = owner_of(policy, form, (row.submitted_at or session.now()).date(), record.register)
    if again:
        row.state = "submitted"
        row.before = packed(replace(old, tier=old_tier))
        consequences.ask_again(session, row, after)
        rebuild_stages(row, after, before)
    else:
        v.plan = Plan(after, before)

    def elsewhere(now: VisitRecord) -> None:
        found = () if again else part_findings(now)
        unmet.extend(found)
        if strict:
            capacity.require_reasons(found)

    v.check_after(elsewhere)
    keep_client(row)
    keep_guests(v.renewed())
    made = ChangedForm(v.plan, decided if again else (), notices, after, before, unmet)
    v.foreseen = lambda: _in_force(v, made)
    return made


def _in_force(v: VisitChange, made: ChangedForm) -> tuple[Difference, ...]:
    """What the change does: at once, or as if what it asks for were agreed to."""
    made.differences = v.differences
    if not made.asks:
        return made.differences
    with trial():
        row = Visit.get_by_id(v.row.id)
        plan = approve(VisitRecord(v.session, row, v.record.shared), made.answer, made.before)
        record = VisitRecord(v.session, row, v.record.shared)
        after = snapshot(Following(record).follow(record, plan))
        row.save()
        made.differences = diff(v.before, after)
        notify_concerned(v.session, row, v.before, after, made.differences)
        made.waiting = waiting(row.id)
    return made.differences


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
    return validate.joined([validate.label(f) if f"fields.{f}" in known else policy.name_of(f) for f in fields])


def _deciders(v: VisitChange, answer: Answer) -> list[Recipient]:
    """Who would decide about the visit, and is told of what need not be decided again."""
    posts = [post for step in consequences.deciding(answer) for post in step.posts]
    people = [who for post in posts for who in v.context.post_holders(v.row, post)]
    return [person_recipient("approver", person) for person in dict.fromkeys(people)]
