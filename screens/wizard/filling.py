"""What happens to the form when a field changes or a page is turned: pure functions from form to form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import ModuleType
from typing import Any

from models.form import Form, with_meals
from models.queries.request_preview import Verdict
from models.services import visit_form
from screens.kit.fields import Field, ParsedField
from screens.wizard import times
from screens.wizard.facts import Facts
from screens.wizard.rows import Spec, put, rows_of
from screens.wizard.table import Table
from screens.wizard.tables import specs

PAGE, FURTHEST = "page", "furthest"
"""In `raw`: the page left, and the furthest one seen."""
MUST: Mapping[int, tuple[str, ...]] = {
    1: ("client", "kind", "headcount", "department"),
    2: ("arrive", "depart"),
    3: ("tier",),
}
"""By page the fields that must be filled in before a request is handed in."""
OURS = (PAGE, FURTHEST, "offered-hosts", "offered-companions", times.OFFERED)
"""What the wizard itself keeps in `raw`; the rest is typed text that cannot be read."""


def begun(form: Form, facts: Facts, actor: int | None) -> Form:
    """A new form: who acts is the applicant (R99), the first kind of visitors the default (R1)."""
    kind = form.kind or (facts.policy.kinds[0].id if facts.policy.kinds else None)
    return times.with_departure(replace(form, applicant=form.applicant or actor, kind=kind))


def taken(page: ModuleType, form: Form, field: Field) -> Form:
    """The form with what a field of the page says; text that cannot be read is kept as typed."""
    name = str(field.id)
    raw = {key: text for key, text in form.raw.items() if key != name and not key.startswith(f"{name}.")}
    if isinstance(field, Table):
        rows, unread = rows_of(field.spec, field.texts)
        form = replace(form, raw={**raw, **unread})
        return with_meals(form, rows) if name == "meals" else put(form, {name: rows})
    if isinstance(field, ParsedField) and not field.readable:
        raw[name] = field.raw
    taken_form: Form = page.take(replace(form, raw=raw), field)
    return taken_form


def moved(form: Form, before: datetime | None) -> Form:
    """The form after its arrival changed from `before`: all that is dated moves by as many days."""
    if form.arrive is None or form.arrive == before:
        return form
    if before is not None and before.date() == form.arrive.date():
        return form
    moved_form = visit_form.moved(replace(form, arrive=before), form.arrive)
    return times.with_departure(replace(moved_form, depart=None)) if times.assumed(form) else moved_form


def spec(name: str, facts: Facts, form: Form) -> Spec[Any]:
    """A table with the defaults of the form as it is now."""
    return specs(facts, form)[name]


def left_at(form: Form, page: int) -> Form:
    """The form that opens again at this page."""
    return replace(form, raw={**form.raw, PAGE: str(page), FURTHEST: str(max(page, furthest(form)))})


def page_left(form: Form, last: int) -> int:
    """The page at which the form was left."""
    return _number(form.raw.get(PAGE), last)


def furthest(form: Form) -> int:
    """The furthest page seen."""
    return _number(form.raw.get(FURTHEST), 9)


def _number(text: str | None, most: int) -> int:
    return min(int(text), most) if text and text.isdecimal() and int(text) > 0 else 1


def unread(form: Form) -> Mapping[str, str]:
    """What was typed and cannot be read, by field."""
    return {key: text for key, text in form.raw.items() if key not in OURS}


def complete(form: Form, facts: Facts, page: int) -> bool:
    """Whether a page was seen and holds what the policy must be told."""
    if furthest(form) <= page:
        return False
    return not set(MUST.get(page, ())) & set(facts.verdict.missing)


def shape(verdict: Verdict) -> object:
    """What of a verdict decides which fields the review has."""
    findings = [(each.level, each.code, each.rule, each.line, each.text) for each in verdict.findings]
    return findings, verdict.missing
