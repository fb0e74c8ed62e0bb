"""`Sheet`: the fields of something arranged, as many as it takes; a reason the policy wants is asked for on top."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Container

from models.errors import Refused
from models.policy.answer import Finding
from models.services.visits import Done
from screens.kit.entry import Entry
from screens.kit.fields import Field, TextField

Save = Callable[[Mapping[str, str]], Done]
"""Saves what is in the fields, with the reasons by finding."""


class Sheet(Entry[Done]):
    """Fields that scroll where the window is low. `follow` is told of a field that changed. What the policy finds is
    answered with a reason in a box over this one, so that nothing typed is lost."""

    DEFAULT_CSS = """
    Sheet > #box { width: 76; }
    Sheet #fields { height: auto; overflow-x: hidden; overflow-y: auto; scrollbar-size: 0 0; }
    """
    BOX = 72

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        save: Save,
        *,
        needed: Sequence[Field] = (),
        text: str = "",
        follow: Callable[[Field], None] = lambda field: None,
    ) -> None:
        self.reasons: dict[str, str] = {}
        self.follow = follow
        super().__init__(title, fields, lambda: save(self.reasons), needed=needed, text=text)

    def body(self) -> ComposeResult:
        self._room = Container(*super().body(), id="fields")
        self.fit()
        yield self._room

    def fit(self) -> None:
        self._room.styles.max_height = max(1, self.app.size.height - 4)

    def on_field_changed(self, event: Field.Changed) -> None:
        self.follow(event.field)

    def refused(self, refused: Refused) -> None:
        found = refused.phrase.facts.get("findings", ())
        findings = [each for each in found if isinstance(each, Finding)] if isinstance(found, tuple) else []
        if not findings or any(each.level != "reason" for each in findings):
            super().refused(refused)
            return
        codes = list(dict.fromkeys(each.code for each in findings))
        asked = {code: TextField(self.w("checklist.why"), id=f"why{at}") for at, code in enumerate(codes)}
        box = Entry(
            self.w("arrange.reason_title"),
            list(asked.values()),
            lambda: {code: str(field.value) for code, field in asked.items()},
            needed=list(asked.values()),
            text="\n".join(self.w.text(each.text) for each in findings),
        )
        self.app.push_screen(box, self._go_on)

    def _go_on(self, reasons: Mapping[str, str] | None) -> None:
        if reasons is not None:
            self.reasons |= reasons
            self._enter()
