"""The dialogs of the register: a person's name and phone; who holds a post since when."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from textual.app import ComposeResult

from screens.kit.dialogs import Dialog
from screens.kit.fields import DateField, Field, Pick, TextField
from screens.kit.linelist import Column, Row

R = TypeVar("R")
NAME, PHONE = 60, 40
"""How many characters a name and a phone number may have."""


class RegisterDialog(Dialog[R]):
    """A few fields: Enter goes on to the next one and, at the last, is done. `wrong` was said of them before."""

    DEFAULT_CSS = "RegisterDialog > #box { width: 76; }"
    AUTO_FOCUS = "#box Editor"
    BOX = 72

    def __init__(self, title: str, wrong: str = "") -> None:
        super().__init__(title)
        self.wrong = wrong

    def fields(self) -> list[Field]:
        """The fields, in order."""
        raise NotImplementedError

    def result(self) -> R | None:
        """What is typed; None when something is wrong with it, which is then said beside the field."""
        raise NotImplementedError

    def hint(self) -> str:
        """What is worth knowing about what is typed, "" when nothing is."""
        return ""

    def body(self) -> ComposeResult:
        yield from self.fields()

    def on_mount(self) -> None:
        self.fields()[0].error = self.wrong
        self.show_hint()

    def show_hint(self) -> None:
        """Say it in the last line."""
        self.say(self.hint() or self.w("register.enter_saves"))

    def on_field_changed(self, event: Field.Changed) -> None:
        event.stop()
        self.show_hint()

    def on_field_entered(self, event: Field.Entered) -> None:
        event.stop()
        fields = self.fields()
        at = fields.index(event.field)
        if at + 1 < len(fields):
            fields[at + 1].focus()
            return
        result = self.result()
        if result is not None:
            self.dismiss(result)


@dataclass(frozen=True)
class Entered:
    """A person as typed."""

    name: str = ""
    phone: str = ""


class PersonDialog(RegisterDialog[Entered]):
    """Name and phone; who else is called so is noted."""

    def __init__(
        self, title: str, labels: tuple[str, str], typed: Entered, noted: Callable[[str], str], wrong: str = ""
    ) -> None:
        super().__init__(title, wrong)
        self.name_field = TextField(labels[0], typed.name, id="name", max_length=NAME)
        self.phone_field = TextField(labels[1], typed.phone, id="phone", max_length=PHONE)
        self.noted = noted

    def fields(self) -> list[Field]:
        return [self.name_field, self.phone_field]

    def hint(self) -> str:
        return self.noted(self.name_field.value)

    def result(self) -> Entered | None:
        if not self.name_field.value:
            self.name_field.error = self.w("refused.name_needed")
            self.name_field.focus()
            return None
        return Entered(self.name_field.value, self.phone_field.value)


@dataclass(frozen=True)
class Given:
    """What was chosen (a person or a post, by id as text), and from which day on: None is today."""

    key: str = ""
    since: date | None = None


class HoldingDialog(RegisterDialog[Given]):
    """Who, or which post, and since when."""

    def __init__(
        self, title: str, labels: tuple[str, str], rows: Iterable[Row], given: Given, today: date, *, about: str = "",
        wrong: str = "",
    ) -> None:  # fmt: skip
        super().__init__(title, wrong)
        self.pick = Pick(labels[0], rows, given.key, columns=(Column("", 26), Column()), id="pick")
        self.since = DateField(labels[1], given.since, today=lambda: today, id="since")
        self.about = about

    def fields(self) -> list[Field]:
        return [self.pick, self.since]

    def hint(self) -> str:
        return self.about or self.w("register.day_hint")

    def result(self) -> Given | None:
        if not self.pick.value:
            self.pick.error = self.w("register.choose_one")
            self.pick.focus()
            return None
        return Given(self.pick.value, self.since.value) if self.since.check() else None
