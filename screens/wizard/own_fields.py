"""Fields and documents that the policy asks for beside the form's own (its `need` table), by their type."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from models.form import Form
from models.policy.model import Need, entry_name
from models.words import Phrase, Unreadable, cell_len, clean
from screens.kit.choices import Checks, Choice, Option
from screens.kit.fields import DayField, Field, ParsedField, TextField
from screens.kit.text import LABEL
from screens.wizard.form_facts import FormFacts

START = "need-"
"""How the ids of these fields begin."""
NUMBER = "number-"
"""How the ids of the numbers of documents begin, after `START`."""
SCORE = "score-"
"""How the ids of the scores begin."""
WIDEST = 30
"""Cells of the longest label."""


def asked(facts: FormFacts) -> list[Need]:
    """What applies to the form as it is now, in the policy's order."""
    applies = {need.id for need in facts.verdict.answer.needs}
    return [need for need in facts.policy.needs if need.id in applies]


def fields(form: Form, facts: FormFacts) -> Iterator[Field]:
    """One field for each thing asked for, of a document its number as well."""
    wanted = asked(facts)
    wide = min(WIDEST, max([LABEL, *[cell_len(facts.w.name(need.name)) + 2 for need in wanted]]))
    for need in wanted:
        yield _field(need, form, facts, wide)
        if need.type == "document":
            number = str(form.fields.get(need.id) or "")
            yield TextField(
                facts.w("extra.number"), number, id=START + NUMBER + need.id, label_width=wide, room=30, max_length=100
            )


def _field(need: Need, form: Form, facts: FormFacts, wide: int) -> Field:
    name, key, value = facts.w.name(need.name), START + need.id, form.fields.get(need.id)
    if need.type == "document":
        there = [Option(need.id, facts.w("wizard.document"))]
        return Checks(name, there, [need.id] if need.id in form.documents else [], id=key, label_width=wide)
    if need.type == "choice":
        options = [Option(each, facts.w.name(entry_name(facts.policy, need.id, each))) for each in need.values]
        return Choice(name, options, str(value or ""), inline=True, id=key, label_width=wide)
    if need.type == "date":
        day = value if isinstance(value, date) else None
        return DayField(name, day, today=lambda: facts.today, id=key, label_width=wide)
    if need.type == "number":
        number = value if isinstance(value, (int, Decimal)) else None
        return ParsedField[int | Decimal](name, number, _number, str, id=key, label_width=wide)
    return TextField(name, str(value or ""), id=key, label_width=wide)


def scores(form: Form, facts: FormFacts) -> Iterator[Field]:
    """The attributes to put in bands, where tiers or anything else follows from them."""
    if not facts.uses("bands"):
        return
    entries = facts.entries("score")
    wide = min(WIDEST, max([LABEL, *[cell_len(facts.w.name(each.name)) + 2 for each in entries]]))
    for each in entries:
        yield Choice(
            facts.w.name(each.name), facts.boxes("band"), form.scores.get(each.id, ""), inline=True,
            id=SCORE + each.id, label_width=wide,
        )  # fmt: skip


OTHER = "other"
"""The entry of the purposes and services that has a text beside it (R105, R110)."""


def other(facts: FormFacts, name: str, ticked: Collection[str], text: str) -> bool:
    """Whether there is a field for the text of a list's entry `other`: where it is ticked, or the list has none; a text
    that stands there already is never out of sight."""
    boxes = {entry.id for entry in facts.entries(name)}
    return OTHER in ticked or bool(text) or OTHER not in boxes


def place(form: Form, facts: FormFacts, field: str) -> Iterator[Field]:
    """The city or area, where the policy asks about it: one of its list, or any text."""
    if not facts.uses(field):
        return
    label, value = facts.w(f"extra.{field}"), str(getattr(form, field) or "")
    if facts.entries(field):
        yield Choice(label, facts.boxes(field), value, inline=True, id=field)
    else:
        yield TextField(label, value, id=field, room=30, max_length=100)


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > 10**9:
        raise Unreadable(Phrase("kit.not_a_number", {"value": clean(text), "least": 0, "most": 10**9}))
    return number


def take(form: Form, field: Any) -> Form:
    """The form with what this field now says; an empty one is not given."""
    if field.id.startswith(SCORE):
        score = field.id.removeprefix(SCORE)
        others = {key: band for key, band in form.scores.items() if key != score}
        return replace(form, scores={**others, score: field.value} if field.value else others)
    name = field.id.removeprefix(START).removeprefix(NUMBER)
    if isinstance(field, Checks):
        rest = [each for each in form.documents if each != name]
        return replace(form, documents=(*rest, name) if field.value else tuple(rest))
    others_given = {key: value for key, value in form.fields.items() if key != name}
    return replace(form, fields=others_given if field.value in (None, "") else {**others_given, name: field.value})
