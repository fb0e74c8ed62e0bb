"""First run: nobody is registered yet. Set up people for the posts, or look at the sample company."""

from __future__ import annotations

import os
from typing import Any, cast

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import DescendantFocus

from models.policy.model import Post
from models.queries.plain_lists import registered
from models.queries.register_lists import posts_to_fill
from models.services import person_register, person_verbs
from models.services.validate import joined
from models.words import cell_len, cut, pad
from screens.kit.commands import Command
from screens.kit.dialogs import Confirm
from screens.kit.fields import Field, TextField
from screens.kit.form_dialog import NAME, PHONE
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import Page
from screens.kit.text import Line, Lines, Sentences, Submit, block

CHOICES = ("set_up", "sample", "other_language", "quit")
PHONE_CELLS = 16


class NameCell(TextField):
    """A name or a phone number; up and down stay in the column."""

    def leave(self, *, forward: bool) -> None:
        cast("FirstRun", self.screen).step(self, 1 if forward else -1)


class FirstRun(Page):
    """Opened while nobody is registered; needs no acting person."""

    WHERE = "first_run"
    AUTO_FOCUS = "#choices"
    DEFAULT_CSS = """
    FirstRun #rows { height: 1fr; width: 1fr; overflow-x: hidden; overflow-y: auto; }
    FirstRun .row { layout: horizontal; height: auto; width: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.filling = False
        """Whether people are being typed in; else one chooses."""
        self.typed: dict[str, str] = {}
        """What is typed, by the id of its field."""
        self.checked = False
        """Whether saving was tried: what is wrong stands beside its field."""
        self.known = self.asked = False
        """Whether somebody is registered by now; whether it was asked who is acting."""

    @property
    def posts(self) -> tuple[Post, ...]:
        """The posts in the order in which they are asked for."""
        return posts_to_fill(self.session.policy)

    # -- what is seen --------------------------------------------------------------------------------------

    def tab_line(self) -> Line:
        return f" {self.w('first_run.line_filling' if self.filling else 'first_run.line')}"

    def body(self) -> ComposeResult:
        self.headline = self.w("first_run.title")
        if not self.filling:
            yield Sentences(["", self.w("first_run.what"), ""], id="what")
            rows = [Row(name, (str(at), *self._choice(name))) for at, name in enumerate(CHOICES, 1)]
            choices = LineList([Column("", 1), Column("", 16), Column()], rows, id="choices")
            choices.styles.height = len(rows)
            yield choices
            yield Sentences(["", *self._files()], id="files")
            return
        width = self._label_width()
        with Container(id="rows"):
            yield self._titles(width)
            for at, post in enumerate(self.posts):
                with Container(classes="row"):
                    yield self._cell(f"name-{at}", self.w.name(post.name), width, NAME)
                    phone = self._cell(f"phone-{at}", "", 0, PHONE)
                    phone.styles.width = PHONE_CELLS
                    yield phone
            yield Submit(self.w("first_run.save"), id="save")

    def _choice(self, name: str) -> tuple[str, str]:
        return self.w(f"commands.first_run.{name}.name"), self.w(f"commands.first_run.{name}.help")

    def _files(self) -> list[str]:
        """Where regulation and data are."""
        home = os.path.expanduser("~")
        texts = []
        for name in ("config", "store"):
            path = self.shell.files.get(name, "")
            short = "~" + path.removeprefix(home) if home != "/" and path.startswith(home + "/") else path
            texts += [self.w(f"first_run.{name}", path=short)] if path else []
        return texts

    def _label_width(self) -> int:
        """For the longest post; what is left is for the name, never less than sixteen cells."""
        longest = max((cell_len(self.w.name(post.name)) for post in self.posts), default=0)
        return min(longest + 2, self.app.size.width - PHONE_CELLS - 16)

    def _titles(self, width: int) -> Lines:
        room = max(0, self.app.size.width - width - PHONE_CELLS - 1)
        text = pad(f" {self.w('first_run.post')}", width + 1) + pad(self.w("first_run.name"), room)
        return block(1, [(f"{text} {self.w('first_run.phone')}", "dim")])

    def _cell(self, id: str, label: str, width: int, most: int) -> NameCell:
        shown = cut(label, width - 2, ellipsis=True) if width else ""
        return NameCell(shown, self.typed.get(id, ""), id=id, label_width=width, max_length=most)

    async def relabel(self) -> None:
        await super().relabel()
        if self.filling:
            self._count()
            if self.checked:
                self._check()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        for rows in self.query("#rows"):
            rows.scroll_to_widget(event.widget, animate=False)

    # -- choosing ------------------------------------------------------------------------------------------

    def reload(self) -> None:
        self.read(lambda: bool(registered()), self._known)

    def _known(self, known: bool) -> None:
        """Somebody else may have set up the people meanwhile."""
        self.known = known
        if known and self.filling and not self.asked:
            self._count()
        elif known:
            self._who()

    def _offered(self, command: Command[Any]) -> bool:
        """Other screens have nothing to show yet."""
        return not command.opens and super()._offered(command)

    def why_not_person(self) -> str | None:
        """There is nobody yet."""
        return None if self.known else self.w("kit.no_people")

    def why_not_find(self) -> str | None:
        """There is nothing to find yet."""
        return self.w("kit.nothing_to_find")

    async def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.prevent_default()
        await self.run_command(self.command(event.key))

    async def do_set_up(self) -> None:
        """1: type in people for the posts."""
        self.filling = True
        await self.relabel()
        self.query_one("#name-0", NameCell).focus()

    def do_sample(self) -> None:
        """2: the sample company, which has data of its own."""
        self.shell.leave_for("demo")

    async def do_other_language(self) -> None:
        """3: the other language."""
        await self.shell.do_language()

    def do_quit(self) -> None:
        """4: leave."""
        self.shell.do_leave()

    def do_back(self) -> None:
        """Esc: from typing back to the choice, with everything typed kept; only F10 leaves."""
        if self.filling:
            self.run_worker(self._choose_again(), group="turn")
        else:
            super().do_back()

    async def _choose_again(self) -> None:
        self.filling = False
        self.note("")
        await self.relabel()
        self.query_one("#choices").focus()

    # -- typing --------------------------------------------------------------------------------------------

    def step(self, cell: NameCell, by: int) -> None:
        """To the same column of the next or previous post; behind the last, to saving."""
        column, _, row = str(cell.id).partition("-")
        at = int(row) + by
        if 0 <= at < len(self.posts):
            self.query_one(f"#{column}-{at}", NameCell).focus()
        elif by > 0:
            self.query_one("#save").focus()

    def on_field_entered(self, event: Field.Entered) -> None:
        self.focus_next()

    def on_field_changed(self, event: Field.Changed) -> None:
        if isinstance(event.field, NameCell):
            self.typed[str(event.field.id)] = event.field.raw
            self._count()

    def _lines(self) -> list[person_register.Assignment]:
        """One line for each post."""
        return [
            (self.typed.get(f"name-{at}", "").strip(), self.typed.get(f"phone-{at}", "").strip(), (post.id,))
            for at, post in enumerate(self.posts)
        ]

    def _vacant(self) -> list[Post]:
        """The posts without a name; those named per visit are never vacant."""
        lines = zip(self.posts, self._lines(), strict=True)
        return [post for post, (name, _, _) in lines if not name and not post.per_visit]

    def _count(self) -> None:
        if self.known:
            self.note(f" {self.w('first_run.others')}")
            return
        n, vacant = len(person_verbs.merged(self._lines())), len(self._vacant())
        self.note(f" {self.w('first_run.count', n=n, vacant=vacant)}")

    def _check(self) -> NameCell | None:
        """Say what is wrong beside its field; the first such field."""
        wrong = []
        lines = self._lines()
        for at, (name, phone, _) in enumerate(lines):
            cell = self.query_one(f"#name-{at}", NameCell)
            nobody = at == 0 and not any(any(line[:2]) for line in lines)
            cell.error = (
                self.w("refused.name_needed") if phone and not name else self.w("first_run.nobody") if nobody else ""
            )
            wrong += [cell] if cell.error else []
        return wrong[0] if wrong else None

    async def do_save(self) -> None:
        """Everybody in one transaction; which posts stay vacant is said before."""
        if self.known:
            self._who()
            return
        self.checked = True
        wrong = self._check()
        if wrong is not None:
            wrong.focus()
            return
        session, lines, vacant = self.session, self._lines(), self._vacant()
        if vacant:
            names = self.w.name(joined([post.name for post in vacant]))
            title = self.w("first_run.vacant_asked", n=len(person_verbs.merged(lines)), vacant=len(vacant))
            dialog = Confirm(title, self.w("first_run.vacant_yes"), self.w("first_run.vacant_no"), names)
            if not await self.answer(dialog):
                return
        self.write(lambda: person_verbs.set_up(session, lines), self._set_up)

    def _set_up(self, ids: tuple[int, ...]) -> None:
        self.known = True
        self.note("")
        self.say(self.w("first_run.saved", n=len(ids)))
        self._who()

    def _who(self) -> None:
        """Who is at the keyboard; then Today."""
        if not self.asked:
            self.asked = True
            self.shell.choose_person(self._to_today)

    def _to_today(self, chosen: bool) -> None:
        self.shell.go("today")
        if not chosen:
            self.app.call_later(self.shell.announce, self.w("cli.choose_person"))
