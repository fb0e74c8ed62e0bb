"""What the wizard's pages are made from, beside the form: words, policy, choices, the policy's verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from models.frozen import record
from models.policy.model import ListEntry, Policy, party_name
from models.policy.request_file import used_axes
from models.queries.request_preview import FormChoices, PersonChoice, Verdict
from models.words import Words
from models.words.money import say_money
from screens.kit.cells import Cells
from screens.kit.choices import Option
from screens.kit.linelist import Row


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
