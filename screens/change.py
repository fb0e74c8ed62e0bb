"""Change on the day: another time, number of guests or first guest, with what that touches seen while it is typed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import cast

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Key, Resize

from models.errors import Refused
from models.form import Form
from models.policy.answer import Finding
from models.queries.visit_detail import Changing, changing
from models.services.arrangement_verbs import Amended, amend, preview
from models.services.frame import Preview
from models.services.visit_form import at_time, first_guest, following, for_headcount, with_guest
from models.words import cut, pad
from models.words.dates import parse_delay
from screens.kit.commands import by_key
from screens.kit.fields import Field, NumberField, ParsedField, TextField
from screens.kit.lines import Lines
from screens.kit.page import Page
from screens.kit.text import Line
from screens.touched import touched

LABEL = 27
NAME, NOW = 10, 16
WAIT = 0.15
"""Seconds without a key before what is typed is looked at."""


class Change(Page):
    """Opened over Today or a visit. What is left empty stays as it is; nothing typed is lost when it is refused."""

    WHERE = "change"
    popup = True
    DEFAULT_CSS = """
    Change #asked { height: auto; }
    Change #asked Container { height: auto; }
    Change #rule { height: 1; }
    """

    def __init__(self, visit: int) -> None:
        super().__init__()
        self.visit_id = visit
        self.opened: Changing | None = None
        self.shown: Preview | None = None
        self.codes: dict[str, Finding] = {}
        """The findings that want a reason, by code, in the order in which they came."""
        self.top = 0
        self.problem = ""
        self._looked: tuple[Form, int] | None = None
        """The form, and the version of the visit, of which what it touches is shown."""

    def body(self) -> ComposeResult:
        with Container(id="asked"):
            yield from self._fields()
            yield Container(*[self._reason(code) for code in self.codes], id="reasons")
        yield Lines(id="rule")
        yield Lines(id="touched")

    def _fields(self) -> list[Field]:
        form = self.opened.form if self.opened else Form()
        guest = first_guest(form)
        comes = self.opened.comes if self.opened else None
        arrive, today = comes or self.shell.now(), self.shell.now().date()
        at = ParsedField[datetime](
            self._label("time", f"{comes:%m-%d %H:%M}" if comes else ""), None,
            lambda text: parse_delay(text, arrive, today), lambda at: f"{at:%Y-%m-%d %H:%M}",
            id="time", label_width=LABEL,
            room=18,
        )  # fmt: skip
        heads = NumberField(
            self._label("headcount", str(form.headcount or "")), least=1, id="headcount", label_width=LABEL
        )
        name = TextField(self._label("guest", guest.name if guest else ""), id="guest", label_width=LABEL)
        return [at, heads, name]

    def _label(self, field: str, now: str) -> str:
        return pad(self.w(f"change.{field}"), NAME) + cut(now, NOW - 1)

    def _reason(self, code: str) -> TextField:
        return TextField(self.w("change.reason"), id=f"reason_{code}", max_length=500)

    # -- filling -------------------------------------------------------------------------------------------

    def reload(self) -> None:
        session = self.session
        self.read(lambda: changing(session, self.visit_id), self.show)

    def show(self, opened: Changing | None) -> None:
        """Take the visit as it is now; what is typed stays."""
        if opened is None:
            self.back()
            return
        fresh = self.opened is None or (self.opened.form, self.opened.comes) != (opened.form, opened.comes)
        if self.shown is not None and self.opened is not None and self.opened.version != opened.version:
            self.say(self.w("change.meanwhile"))
        self.opened = opened
        title = "  ".join(part for part in (opened.number, opened.form.client) if part)
        self.headline = self.w("change.title", what=title)
        if fresh:
            for old, new in zip(self.query("#asked > Field").results(Field), self._fields(), strict=True):
                old.label = new.label
                if isinstance(old, ParsedField) and isinstance(new, ParsedField):
                    old.parse = new.parse
                old.repaint()
        self.query_one("#rule", Lines).set_lines(["-" * self.size.width])
        if opened.refused:
            self.refuse(self.w(f"refused.{opened.refused}"))
        self.look()

    def on_resize(self, event: Resize) -> None:
        self.query_one("#rule", Lines).set_lines(["-" * self.size.width])
        self._draw()

    def on_field_changed(self, event: Field.Changed) -> None:
        event.stop()
        if self.said:
            self.say("")
        self.look()

    def look(self) -> None:
        """See what is typed now would do."""
        self.run_worker(self._look(), group="preview", exclusive=True)

    async def _look(self) -> None:
        await asyncio.sleep(WAIT)
        form, session, reasons = self.form(), self.session, self.reasons()
        self.problem = ""
        if self.opened is None or form is None or form == self.opened.form or self.opened.refused:
            self.shown = None
            self._draw()
            return
        wanted, version = form, self.opened.version
        try:
            shown = await self.shell.thread(
                lambda: preview(session, self.visit_id, wanted, reasons=reasons), write=True
            )
        except Refused as refused:
            self.shown, self.problem = None, self.reason(refused)
        except Exception as error:
            self.shown, self.problem = None, self.w("kit.went_wrong", number=self.shell.incident(error))
        else:
            self.shown = shown
            await self._ask_reasons(shown)
        self._looked = (wanted, version)
        self._draw()

    async def _ask_reasons(self, shown: Preview) -> None:
        """A line for each reason that is wanted, below the others; one that was typed stays while it may be wanted."""
        wanted = {finding.code: finding for finding in shown.findings if finding.level == "reason"}
        for code, finding in wanted.items():
            if code not in self.codes:
                self.codes[code] = finding
                await self.query_one("#reasons").mount(self._reason(code))

    def _draw(self) -> None:
        panes = self.query("#touched").results(Lines)
        for pane in panes:
            lines = self._lines()
            self.top = max(0, min(self.top, len(lines) - pane.size.height))
            pane.set_lines(lines[self.top :])
        self.show_keys()

    def _lines(self) -> list[Line]:
        width = self.size.width
        if self.problem:
            return [(f" ! {self.problem}", "alert")]
        if self.shown is None or self.opened is None:
            return [f" {self.w('change.hint')}", f" {self.w('change.hint_time')}", f" {self.w('change.hint_guest')}"]
        follow: list[Line] = [self._follow()] if self.headcount() is not None else []
        return [*follow, *touched(self.shown, self.w, width)]

    def _follow(self) -> Line:
        meals, rooms = following(self.opened.form) if self.opened else (0, 0)
        return (f" {self.w('change.follow', meals=meals, rooms=rooms)}" if meals or rooms else "", "dim")

    # -- what is typed -------------------------------------------------------------------------------------

    def headcount(self) -> int | None:
        """The number typed, None where there is none."""
        return self.query_one("#headcount", NumberField).value

    def form(self) -> Form | None:
        """The form as typed; None where a field cannot be read."""
        if self.opened is None or not all(field.readable for field in self.query(ParsedField)):
            return None
        form = self.opened.form
        at: datetime | None = self.query_one("#time", ParsedField).value
        heads = self.headcount()
        name, _, post = str(self.query_one("#guest", TextField).value).replace("／", "/").partition("/")
        form = at_time(form, at) if at is not None else form
        form = for_headcount(form, heads) if heads is not None else form
        return with_guest(form, name.strip(), post.strip()) if name.strip() else form

    def reasons(self) -> dict[str, str]:
        """The reasons typed, by the finding's code."""
        fields = {code: self.query(f"#reason_{code}") for code in self.codes}
        return {code: cast(TextField, found.first()).value for code, found in fields.items() if found}

    # -- saving --------------------------------------------------------------------------------------------

    async def on_field_entered(self, event: Field.Entered) -> None:
        event.stop()
        command = self.keyed("enter")
        if command is not None:
            await self.run_command(command)

    def why_not_save(self) -> str | None:
        """Something must be typed that can be read, and the visit be the actor's to change."""
        if self.opened is None:
            return self.w("kit.nothing")
        if self.opened.refused:
            return self.w(f"refused.{self.opened.refused}")
        form = self.form()
        if form is None:
            return self.w("change.unreadable")
        if form != self.opened.form:
            return None
        typed, comes = self.query_one("#time", ParsedField).value, self.opened.comes
        if typed is None or comes is None or typed == comes:
            return self.w("change.nothing")
        return self.w("change.late", at=f"{comes:%m-%d %H:%M}")

    def do_save(self) -> None:
        """Enter: make the change, once what it touches was shown."""
        form, opened, session, reasons = self.form(), self.opened, self.session, self.reasons()
        if form is None or opened is None:
            return
        if self._looked != (form, opened.version):
            self.say(self.w("change.look_first"))
            return
        for field in self.query("#reasons TextField").results(TextField):
            if not field.value and self._owed(str(field.id).removeprefix("reason_")):
                field.error = self.w("kit.needed")
                field.focus()
                return
        wanted = replace(form)
        self.write(lambda: amend(session, self.visit_id, wanted, seen=opened.version, reasons=reasons), self._saved)

    def _owed(self, code: str) -> bool:
        return self.shown is not None and any(finding.code == code for finding in self.shown.findings)

    def _saved(self, done: Amended) -> None:
        below = [screen for screen in self.app.screen_stack[:-1] if isinstance(screen, Page)][-1:]
        self.dismiss(done)
        for page in below:
            page.say(self.w.text(done.done.message))

    async def on_key(self, event: Key) -> None:
        # a line of text would take them for its own scrolling
        if event.key in ("pageup", "pagedown"):
            event.stop()
            event.prevent_default()
            await self.run_command(by_key(self.WHERE)[event.key])

    def why_not_more(self) -> str | None:
        """There must be more than fits."""
        rest = len(self._lines()) - self.top - self.query_one("#touched", Lines).size.height
        return None if rest > 0 else self.w("change.no_more")

    def why_not_less(self) -> str | None:
        """There must be something above."""
        return None if self.top else self.w("change.no_more")

    def do_more(self) -> None:
        """The next page of what it touches."""
        self._scroll(1)

    def do_less(self) -> None:
        """The page before."""
        self._scroll(-1)

    def _scroll(self, by: int) -> None:
        pane = self.query_one("#touched", Lines)
        self.top = max(0, self.top + by * max(1, pane.size.height - 1))
        self._draw()
