"""`VisitFormDialog`: fields about a visit in a box, with what saving them would touch and the reasons it wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from textual.app import ComposeResult
from textual.containers import Container

from models.errors import Refused
from models.policy.answer import Finding
from models.services.frame import Preview, look
from models.services.session import Session
from models.services.visit_record import Done
from screens.kit.entry import FormDialog
from screens.kit.fields import Field, TextField
from screens.kit.shell import Shell
from screens.touched import Touches

Save = Callable[[Mapping[str, str]], Done]
"""Saves what is in the fields, with the reasons by finding."""
Look = Callable[[Mapping[str, str]], Preview | None]
"""What saving would touch; None where that is nothing."""


def looking(session: Session, visit: int, save: Save) -> Look:
    """What saving would touch: saving itself, tried."""
    return lambda reasons: look(session, visit, lambda: save(reasons))


class VisitFormDialog(FormDialog[Done]):
    """Fields that scroll where the window is low. `follow` is told of a field that changed. What saving would touch is
    shown first, and what the policy finds answered with a reason, in boxes over this one: nothing typed is lost."""

    DEFAULT_CSS = """
    VisitFormDialog > #box { width: 76; }
    VisitFormDialog #fields { height: auto; overflow-x: hidden; overflow-y: auto; scrollbar-size: 0 0; }
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
        look: Look | None = None,
    ) -> None:
        self.reasons: dict[str, str] = {}
        self.follow, self.look = follow, look
        self._agreed: Preview | None = None
        self._looked_at: object = None
        super().__init__(title, fields, lambda: save(self.reasons), needed=needed, text=text)

    def body(self) -> ComposeResult:
        self._room = Container(*super().body(), id="fields")
        self.fit()
        yield self._room

    def fit(self) -> None:
        self._room.styles.max_height = max(1, self.app.size.height - 4)

    def on_field_changed(self, event: Field.Changed) -> None:
        self.follow(event.field)

    async def _save(self) -> None:
        agreed, self._agreed = self._agreed, None
        shell = cast(Shell, cast(Any, self.app))
        if self.look is not None and (agreed is None or shell.version != self._looked_at):
            look, self._looked_at = self.look, shell.version
            try:
                shown = await shell.thread(lambda: look(self.reasons), write=True)
            except Refused as refused:
                self._saving = False
                self.refused(refused)
                shell.changed()
                return
            except Exception as error:
                self.refuse(self.w("kit.went_wrong", number=shell.incident(error)))
                self._saving = False
                return
            blocked = shown is not None and any(each.level == "block" for each in shown.findings)
            if shown is not None and not blocked and not (agreed is not None and shown.same(agreed)):
                self._saving = False
                self._show(shown, again=agreed is not None)
                return
        await super()._save()

    def _show(self, shown: Preview, *, again: bool) -> None:
        """What it would touch, to be agreed to; the reasons that are wanted come first. `again`: it was agreed to, but
        is another thing now that somebody else changed the visit."""

        def agree(yes: bool | None) -> None:
            if yes:
                self._agreed = shown
                self._enter()

        if shown.findings:
            self._ask(shown.findings)
        else:
            title = "touches_again" if again else "touches_off" if shown.off else "touches"
            self.app.push_screen(Touches(self.w(f"change.{title}"), shown), agree)

    def refused(self, refused: Refused) -> None:
        found = refused.phrase.facts.get("findings", ())
        findings = [each for each in found if isinstance(each, Finding)] if isinstance(found, tuple) else []
        if not findings or any(each.level != "reason" for each in findings):
            super().refused(refused)
        else:
            self._ask(findings)

    def _ask(self, findings: Sequence[Finding]) -> None:
        codes = list(dict.fromkeys(each.code for each in findings))
        asked = {code: TextField(self.w("checklist.why"), id=f"why{at}") for at, code in enumerate(codes)}
        box = FormDialog(
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
