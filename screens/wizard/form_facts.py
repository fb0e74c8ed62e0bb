"""What the wizard's pages are made from, beside the form: words, policy, choices, the policy's verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from models.form import Form
from models.frozen import record
from models.policy.model import ListEntry, Need, Policy, entry_name, party_name
from models.policy.request_file import used_axes
from models.queries.request_preview import FormChoices, PersonChoice, Verdict
from models.words import Phrase, Unreadable, Words, cell_len, clean
from models.words.money import say_money
from screens.kit.cells import Cells
from screens.kit.choices import Checks, Choice, Option
from screens.kit.fields import DayField, Field, ParsedField, TextField
from screens.kit.linelist import Row
from screens.kit.text import LABEL


@record
class FormFacts:
    """All that a page asks for, in the reader's language."""

    w: Words
    policy: Policy
    choices: FormChoices
    verdict: Verdict
    today: date

    @property
    def cells(self) -> Cells:
        """Makes the cells of fields."""
        return Cells(self.w, self.policy, self.today)

    def label(self, field: str) -> str:
        """What a field is called on the form."""
        return self.w(f"wizard.field.{field}")

    def must(self, field: str) -> str:
        """What a field is called that must be filled in: marked."""
        return f"{self.label(field)}*"

    def waits(self, part: str) -> str:
        """For which fields, not filled in yet, a part of the policy's answer waits; empty where it can be said."""
        fields = self.verdict.waits.get(part, ())
        return self.w("wizard.waits", fields=self.listed([self.label(field) for field in fields])) if fields else ""

    def uses(self, axis: str) -> bool:
        """Whether the policy asks about that anywhere; else the form has no field for it."""
        return axis in used_axes(self.policy)

    def entries(self, name: str) -> tuple[ListEntry, ...]:
        """A list of the organisation, empty where it has none."""
        return self.policy.lists.get(name, ())

    def options(self, name: str) -> tuple[tuple[str, str], ...]:
        """The keys and names of a list."""
        return tuple([(entry.id, self.w.name(entry.name)) for entry in self.entries(name)])

    def boxes(self, name: str) -> list[Option]:
        """A list to tick in."""
        return [Option(key, said) for key, said in self.options(name)]

    def posts(self, posts: Iterable[str]) -> str:
        """Posts or references, any of them, by name."""
        return self.either([self.w.name(party_name(self.policy, post)) for post in posts])

    def either(self, names: Iterable[str]) -> str:
        """Several names, any one of whom."""
        return f" {self.w('wizard.or')} ".join(names)

    def listed(self, names: Iterable[str]) -> str:
        """Several names together."""
        comma = self.w("wizard.and")
        return (f"{comma} " if comma.isascii() else comma).join(names)

    def person_rows(self) -> list[Row]:
        """Everybody, to choose from."""
        return [Row(str(each.id), (each.name, self.held(each)), find=(each.pinyin, each.initials))
                for each in self.choices.people]  # fmt: skip

    def held(self, person: PersonChoice) -> str:
        """The posts of a person, the highest first."""
        return self.listed([self.w.name(self.policy.name_of(post)) for post in person.posts])

    def named(self, person: int) -> str:
        """A person with the first post they hold."""
        found = next((each for each in self.choices.people if each.id == person), None)
        if found is None:
            return f"#{person}"
        return " ".join([found.name, *[self.w.name(self.policy.name_of(post)) for post in found.posts[:1]]])

    def names(self, people: Sequence[int]) -> str:
        """Several people by name."""
        return " ".join([self.choices.name(person) or f"#{person}" for person in people])

    def item(self, item: str) -> str:
        """What a cost item is called."""
        return next((name for key, name in self.options("item") if key == item), item)

    def money(self, minor: int) -> str:
        """An amount in main units."""
        return say_money(minor, self.policy.currency.minor)


# -- the organisation's own fields -------------------------------------------------------------------------------------


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
