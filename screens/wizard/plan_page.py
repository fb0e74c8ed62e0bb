"""Page 3: the tier proposed, services and wants, meals, lodging, other, further costs (R93, R94, R106 to R110)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from textual.containers import Container
from textual.widget import Widget

from models.form import Form
from models.policy.model import LODGING, MEAL, ListEntry, knows
from models.words import cell_len, pad
from screens.kit.choices import Checks, Choice, Option
from screens.kit.fields import MomentField, TextField, after
from screens.wizard import form_facts
from screens.wizard.form_facts import FormFacts
from screens.wizard.form_rows import specs
from screens.wizard.form_table import FormTable, put, texts_of

NAME = "plan"
ASKED = ("tier", "services", "wants", "meal", "lodging")
FLAGS = {"dining": "meals", "lodged": "lodging", "other": ""}
"""R107, R108, R109: the boxes of the form's categories, and the table each opens."""
OTHERS = ("other_text", "other_from", "other_until")
"""What belongs to the box of anything else."""


def fields(form: Form, facts: FormFacts, now: Any) -> Iterator[Widget]:
    """The page's widgets; `now` gives the form as it is by then."""
    yield from form_facts.scores(form, facts)
    if facts.policy.tiers:
        yield Choice(facts.must("tier"), tiers(facts), form.tier or "", id="tier")
    if facts.entries("service"):
        yield Checks(facts.label("services"), facts.boxes("service"), form.services, id="services")
        text = TextField(facts.label("services_text"), form.services_text, id="services_text")
        text.display = shows(form, facts, text.id)
        yield text
    if facts.entries("want"):
        yield Checks(facts.label("wants"), facts.boxes("want"), form.wants, id="wants")
    flags = [Option(flag, facts.w(f"wizard.field.{flag}")) for flag in FLAGS if has(flag, form, facts)]
    yield Checks(facts.label("categories"), flags, [flag for flag in FLAGS if getattr(form, flag)], id="categories")
    tables = specs(facts, form)
    for name in ("meals", "lodging"):
        texts = texts_of(tables[name], getattr(form, name), form.raw)
        table = FormTable(
            tables[name], texts, label=facts.label(name), hint=facts.w(f"wizard.add_hint.{name}"), id=name
        )
        table.display = shows(form, facts, name)
        yield table
    yield from _other(form, facts, now)
    texts = texts_of(tables["costs"], form.costs, form.raw)
    if facts.options("item"):
        yield FormTable(
            tables["costs"], texts, label=facts.label("costs"), hint=facts.w("wizard.add_hint.costs"), id="costs"
        )
    yield Container(*form_facts.fields(form, facts), id="extra")


def has(flag: str, form: Form, facts: FormFacts) -> bool:
    """Whether the regulation knows meals, or lodgings, or the form has some."""
    known = {"dining": MEAL, "lodged": LODGING}.get(flag)
    return known is None or knows(facts.policy, known) or bool(getattr(form, flag) or getattr(form, FLAGS[flag]))


def tiers(facts: FormFacts) -> list[Option]:
    """The tiers with what each means and who decides it, as the policy says (R4, R12)."""
    wide = max([cell_len(facts.w.name(tier.name)) for tier in facts.policy.tiers])
    return [Option(tier.id, pad(facts.w.name(tier.name), wide), _meaning(tier, facts)) for tier in facts.policy.tiers]


def _meaning(tier: ListEntry, facts: FormFacts) -> str:
    posts = facts.verdict.decides.get(tier.id, ())
    means = [facts.w.name(tier.means)] if tier.means is not None else []
    decided = [facts.w("wizard.decided_by", posts=facts.posts(posts))] if posts else []
    rule = [facts.w("extra.by_rule")] if facts.verdict.answer.tier.by_rule == tier.id else []
    return "  ".join([*means, *decided, *rule])


def shows(form: Form, facts: FormFacts, name: str | None) -> bool:
    """Whether a field or table of the page is there: what belongs to a box only where that is ticked."""
    if name == "services_text":
        return form_facts.other(facts, "service", form.services, form.services_text)
    if name in OTHERS:
        return form.other or bool(form.other_text)
    return next((bool(getattr(form, flag)) for flag, opens in FLAGS.items() if opens == name), True)


def _other(form: Form, facts: FormFacts, now: Any) -> Iterator[Widget]:
    def start() -> Any:
        return after(now().arrive)

    def end() -> Any:
        return after(now().other_from or now().arrive)

    rows = [
        TextField(facts.label("other_text"), form.other_text, id="other_text"),
        MomentField(facts.label("other_from"), form.other_from, today=facts.today, anchor=start, id="other_from"),
        MomentField(facts.label("other_until"), form.other_until, today=facts.today, anchor=end, id="other_until"),
    ]
    for row in rows:
        row.display = shows(form, facts, row.id)
        yield row


def take(form: Form, field: Any) -> Form:
    """The form with what this field of the page now says."""
    name = field.id
    if name.startswith((form_facts.START, form_facts.SCORE)):
        return form_facts.take(form, field)
    if name == "tier":
        return replace(form, tier=field.value or None)
    if name in ("services", "wants"):
        return put(form, {name: tuple([each.key for each in field.options if each.key in field.value])})
    if name == "categories":
        return put(form, {flag: flag in field.value for flag in FLAGS})
    if name == "services_text" or name in OTHERS:
        return put(form, {name: field.value})
    return form
