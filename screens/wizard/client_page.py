"""Page 1: the client, what kind of visitors, how many, and who they are (R1, R99, R102, R103, R104)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from textual.widget import Widget

from models.form import Form
from models.papers.host_brief import past_visit_texts
from models.policy.model import party_name
from models.words import alike, clean
from screens.kit.choices import Choice, Option, Pick
from screens.kit.fields import NumberField
from screens.kit.linelist import Column, Row
from screens.kit.text import Sentences
from screens.wizard.form_facts import FormFacts
from screens.wizard.form_rows import guests
from screens.wizard.form_table import FormTable, Texts, texts_of

NAME = "client"
ASKED = ("client", "kind", "headcount", "applicant", "department")
"""Fields of the form that are asked on this page, for what is missing."""

APPLICANTS = "@department"
"""The department of whoever asks, where the form names no other."""


def fields(form: Form, facts: FormFacts, now: Any) -> Iterator[Widget]:
    """The page's widgets; `now` gives the form as it is by then."""
    known = [Row(str(each.id), (each.name,), find=(each.pinyin, each.initials)) for each in facts.choices.clients]
    taken = str(form.client_id) if any(row.key == str(form.client_id) for row in known) else ""
    yield Pick(facts.must("client"), known, taken, text=form.client, free=True, id="client")
    if len(facts.policy.kinds) > 1:
        kinds = [Option(kind.id, facts.w.name(kind.name)) for kind in facts.policy.kinds]
        yield Choice(facts.must("kind"), kinds, form.kind or "", inline=True, id="kind")
    yield NumberField(facts.must("headcount"), form.headcount, least=1, id="headcount")
    yield Pick(facts.label("applicant"), facts.person_rows(), str(form.applicant or ""), id="applicant",
               columns=(Column("", 12), Column()), room=20)  # fmt: skip
    if facts.uses("department"):
        rows = [Row(APPLICANTS, (facts.w.name(party_name(facts.policy, APPLICANTS)),))]
        rows += [Row(each.id, (facts.w.name(each.name),)) for each in facts.policy.departments]
        yield Pick(facts.label("department"), rows, form.department or APPLICANTS, id="department", room=30)
    spec = guests(facts)
    texts = texts_of(spec, form.guests, form.raw) or [spec.new([])]
    yield FormTable(
        spec, texts, label=facts.label("guests"), hint=facts.w("wizard.add_hint.guests"), id="guests",
        known=lambda: known_guests(now(), facts),
    )  # fmt: skip
    yield Sentences(record(facts), id="known")


def record(facts: FormFacts) -> list[str]:
    """What is known of the client that the form names, each with its label; nothing of a new one."""
    known, w = facts.verdict.client, facts.w
    if known is None:
        return []
    came = [w("wizard.came", n=known.visits, on=known.last.arrive.date().isoformat())] if known.last else []
    told = past_visit_texts(known.last, w, facts.policy.currency.minor) if known.last else [w("wizard.never_came")]
    written = [(each, getattr(known, each)) for each in ("likes", "diet", "points", "notes")]
    texts = [(facts.label("known"), "  ".join([*came, *map(clean, told)]))]
    texts += [(w(f"clients.field.{each}"), clean(text)) for each, text in written if text]
    return ["", *(f"{label}\t{text}" for label, text in texts)]


def known_guests(form: Form, facts: FormFacts) -> list[Texts]:
    """Whom the form's client sent before, as rows to take."""
    return [asdict(each) for each in facts.choices.guests.get(alike.key(form.client), ())]


def take(form: Form, field: Any) -> Form:
    """The form with what this field of the page now says."""
    match field.id:
        case "client":
            return replace(form, client=field.raw.strip(), client_id=int(field.value) if field.value else None)
        case "kind":
            return replace(form, kind=field.value or None)
        case "headcount":
            return replace(form, headcount=field.value)
        case "applicant":
            return replace(form, applicant=int(field.value) if field.value else form.applicant)
        case "department":
            return replace(form, department=None if field.value in ("", APPLICANTS) else field.value)
    return form
