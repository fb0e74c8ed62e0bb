"""What all tabs of a visit share: the visit as it was read, the list of the tab, and what may be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from models.queries.visit_detail import VisitDetail
from models.services.session import Session
from models.services.visits import Done, overtaken
from models.words import Words
from models.words.money import say_money
from screens.kit.commands import Command
from screens.kit.dialogs import TextDialog
from screens.kit.fields import Field, TextField
from screens.kit.form_dialog import FormDialog, Freshness, Save, VisitFormDialog, agreed, previewing
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import Page
from screens.kit.text import Line

TABS = {
    "form": "1",
    "stages": "2",
    "people": "3",
    "travel": "4",
    "bookings": "5",
    "arrangements": "6",
    "tasks": "7",
    "costs": "8",
    "notes": "9",
    "history": "0",
}
"""The tabs in order, each with its digit."""
DETAIL = 3
"""Lines below a list, for what of its row has no room there."""


class VisitPage(Page):
    """One visit, opened over another screen; on a tab, and there on the row `key`."""

    WHERE = "visit"

    def __init__(self, visit: int, tab: str = "form", key: str = "") -> None:
        super().__init__()
        self.visit_id: int = visit
        self.tab = tab
        self.key = key
        self.whole: VisitDetail | None = None

    @property
    def part(self) -> str:
        """The tab that is shown."""
        return self.tab

    @property
    def list(self) -> VisitTab:
        """The tab that is shown."""
        return self.query_one(f"#{self.tab}", VisitTab)

    def show_tab(self) -> None:
        """Fill the tab that is shown."""
        raise NotImplementedError

    def go_tab(self, tab: str) -> None:
        """Show another tab; each keeps its own cursor."""
        raise NotImplementedError

    @property
    def seen(self) -> int:
        """The version of the visit on the screen now."""
        return self.whole.version if self.whole else 0

    def show(self, whole: VisitDetail | None) -> None:
        """Fill the tab with what was read."""
        raise NotImplementedError

    def money(self, minor: int | None) -> str:
        """An amount in main units; `-` where there is none."""
        digits = (self.whole.policy if self.whole else self.session.policy).currency.minor
        return "-" if minor is None else say_money(minor, digits)

    def barred(self, verb: str) -> str | None:
        """Why the actor may not do the verb to this visit now."""
        code = self.whole.refusals.get(verb) if self.whole else "no_visit"
        return self.w(f"refused.{code}") if code else None

    def freshness(self) -> Freshness:
        """Sees whether somebody else changes the visit while a box about it is open."""
        return Freshness(lambda: self.seen, lambda: overtaken(self.visit_id))

    def done(self, done: Done) -> None:
        """Say what a verb did."""
        self.say(self.w.text(done.message))

    async def edit(self, verb: Callable[[], Done]) -> None:
        """Do a verb that has no fields; what it would touch is shown first."""
        if await agreed(self, self.visit_id, verb):
            try:
                done = await self.shell.thread(verb, write=True)
            finally:
                self.shell.changed()
            self.done(done)

    async def filled(
        self, title: str, fields: Sequence[Field], save: Save, *, needed: Sequence[Field] = (), text: str = "",
        dialog: type[VisitFormDialog] = VisitFormDialog,
    ) -> None:  # fmt: skip
        """Fill in fields, see what saving them would touch, save them and say what that did."""
        preview = previewing(self.session, self.visit_id, save)
        box = dialog(title, fields, save, needed=needed, text=text, preview=preview, freshness=self.freshness())
        done = await self.answer(box)
        if done is not None:
            self.done(done)

    async def worded(
        self, title: str, label: str, verb: Callable[[str], Done], *, needed: bool = True, text: str = ""
    ) -> None:
        """Ask for words and do the verb with them; what is refused can be mended in the box."""
        words = TextField(label, id="words", max_length=500)
        await self.entered(title, [words], lambda: verb(words.value), needed=[words] if needed else [], text=text)

    async def entered(
        self, title: str, fields: Sequence[Field], save: Callable[[], Done], *,
        needed: Sequence[Field] = (), text: str = "",
    ) -> None:  # fmt: skip
        """Fill in fields, save them and say what that did."""
        done = await self.answer(FormDialog(title, fields, save, needed=needed, text=text, freshness=self.freshness()))
        if done is not None:
            self.done(done)


class VisitTab(LineList):
    """One tab of a visit: its list, and what can be done with the row under its cursor."""

    TAB: ClassVar[str]

    def __init__(self, page: VisitPage) -> None:
        super().__init__(empty=page.w(f"visit.empty.{self.TAB}"), id=self.TAB)
        self.page = page

    @property
    def w(self) -> Words:
        """The sentences in the reader's language."""
        return self.page.w

    @property
    def session(self) -> Session:
        """Who acts, when, by which policy."""
        return self.page.session

    @property
    def whole(self) -> VisitDetail | None:
        """The visit as it was read."""
        return self.page.whole

    def table_columns(self) -> list[Column]:
        """The columns, as wide as the window lets them be."""
        raise NotImplementedError

    def table_rows(self, whole: VisitDetail) -> list[Row]:
        """The rows of the visit as it was read."""
        raise NotImplementedError

    def row_detail(self, whole: VisitDetail, key: str) -> list[Line]:
        """What is said below the list of the row with that key."""
        raise NotImplementedError

    def short(self, command: Command[Any]) -> str | None:
        """What the line of keys says for a command, where it is another thing just now."""
        return None

    def barred(self, verb: str) -> str | None:
        """Why the actor may not do the verb to this visit now."""
        return self.page.barred(verb)

    async def do_full(self) -> None:
        """Enter: the chosen line in full."""
        row = next((each for each in self.rows if each.key == self.key), None)
        if row is not None:
            title = self.w(f"visit.tab.{self.TAB}")
            await self.page.answer(TextDialog(title, "\n".join(cell for cell in row.cells if cell)))
