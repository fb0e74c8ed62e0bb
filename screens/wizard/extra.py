"""Fields and documents that the policy asks for beside the form's own (its `need` table), by their type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from models.form import Form
from models.policy.model import Need
from models.words import Phrase, Unreadable, clean
from screens.kit.fields import Checks, Choice, DateField, Field, Option, ParsedField, TextField
from screens.wizard.facts import Facts

START = "need-"
"""How the ids of these fields begin."""


def asked(facts: Facts) -> list[Need]:
    """What applies to the form as it is now, in the policy's order."""
    applies = {need.id for need in facts.verdict.answer.needs}
    return [need for need in facts.policy.needs if need.id in applies]


def fields(form: Form, facts: Facts) -> Iterator[Field]:
    """One field for each thing asked for."""
    for need in asked(facts):
        yield _field(need, form, facts)


def _field(need: Need, form: Form, facts: Facts) -> Field:
    name, key, value = facts.w.name(need.name), START + need.id, form.fields.get(need.id)
    if need.type == "document":
        there = [Option(need.id, facts.w("wizard.document"))]
        return Checks(name, there, [need.id] if need.id in form.documents else [], id=key)
    if need.type == "choice":
        options = [Option(each, facts.w.name(facts.policy.name_of(each))) for each in need.values]
        return Choice(name, options, str(value or ""), inline=True, id=key)
    if need.type == "date":
        day = value if isinstance(value, date) else None
        return DateField(name, day, today=lambda: facts.today, id=key)
    if need.type == "number":
        number = value if isinstance(value, (int, Decimal)) else None
        return ParsedField[int | Decimal](name, number, _number, str, id=key)
    return TextField(name, str(value or ""), id=key)


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
    name = field.id.removeprefix(START)
    if isinstance(field, Checks):
        others = [each for each in form.documents if each != name]
        return replace(form, documents=(*others, name) if field.value else tuple(others))
    others_given = {key: value for key, value in form.fields.items() if key != name}
    return replace(form, fields=others_given if field.value in (None, "") else {**others_given, name: field.value})
