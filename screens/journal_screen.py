"""The journal: who did what, newest first, page by page; filtered by person, visit, verb and day."""

from __future__ import annotations

from datetime import date

from textual.app import ComposeResult
from textual.events import Resize

from models.papers.journal_entries import entry_text, verb_names
from models.queries.journal_lists import (
    JournalFilter,
    JournalLine,
    JournalPage,
    journal_page,
    journal_people,
    visit_numbered,
)
from models.words.dates import say_moment
from models.words.wrapping import wrap
from screens.kit.choices import Pick
from screens.kit.dialogs import TextDialog
from screens.kit.fields import DayField, TextField
from screens.kit.form_dialog import FormDialog
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import Page
from screens.kit.text import Lines, block

DETAIL = 3


class JournalScreen(Page):
    """A list of entries; below it the chosen one in full."""

    WHERE = "journal"
    popup = True

    def __init__(self, wanted: JournalFilter | None = None) -> None:
        super().__init__()
        self.wanted = wanted or JournalFilter()
        self.shown: JournalPage | None = None
        self.before: list[int] = []
        """From which entries on the pages that were turned began; none: the newest."""

    @property
    def listed(self) -> LineList:
        """The list of entries."""
        return self.query_one("#journal", LineList)

    def body(self) -> ComposeResult:
        yield LineList(id="journal")
        yield block(1, id="rule")
        yield block(DETAIL, id="detail")

    # -- filling -------------------------------------------------------------------------------------------

    def reload(self) -> None:
        session, wanted, before = self.session, self.wanted, self.before[-1] if self.before else None
        self.read(lambda: journal_page(session, wanted, before), self.show)

    def on_resize(self, event: Resize) -> None:
        if self.shown is not None:
            self.show(self.shown)

    def show(self, found: JournalPage) -> None:
        """Fill the list with a page."""
        self.shown = found
        self.headline = "  ".join([self.w("journal.title"), *self._said()])
        w = self.w
        self.listed.set_columns([
            Column(w("journal.at"), 12, "data"), Column(w("journal.who"), 8), Column(w("journal.visit"), 9, "data"),
            Column(w("journal.client"), 14, wide=96), Column(w("journal.what"), 0),
        ])  # fmt: skip
        self.listed.set_rows([self._row(line) for line in found.lines], empty=w("journal.empty"))
        self.query_one("#rule", Lines).set_lines(["-" * self.size.width])
        self._show_detail()
        self.show_frame()

    def _said(self) -> list[str]:
        """What it is filtered by."""
        wanted, names = self.wanted, verb_names()
        days = [f"{each:%m-%d}" for each in dict.fromkeys([wanted.first, wanted.last]) if each]
        people = {number: name for number, name, *_ in self._people}
        return [
            *(people.get(each, "") for each in wanted.persons[:1]),
            *([f"#{wanted.visit}"] if wanted.visit is not None else []),
            *([names[wanted.verb][self.w.language]] if wanted.verb in names else []),
            *([" - ".join(days)] if days else []),
            *([self.w("journal.page", n=len(self.before) + 1)] if self.before else []),
        ]

    _people: tuple[tuple[int, str, str, str], ...] = ()

    def _row(self, line: JournalLine) -> Row:
        entry, today = line.entry, self.shell.now().date()
        at = f"{entry.at:%H:%M:%S}" if entry.at.date() == today else f"{entry.at:%m-%d %H:%M}"
        text = entry_text(entry, self.w, line.digits, today)
        return Row(str(entry.id), (at, entry.who or "-", line.number or "-", line.client or "-", text))

    def line(self) -> JournalLine | None:
        """The entry under the cursor."""
        lines = self.shown.lines if self.shown else ()
        return next((each for each in lines if str(each.entry.id) == self.listed.key), None)

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        self._show_detail()

    def _show_detail(self) -> None:
        line = self.line()
        lines = wrap(self._full(line), self.size.width - 2) if line is not None else []
        self.query_one("#detail", Lines).set_lines([f" {each}" for each in lines[:DETAIL]])

    def _full(self, line: JournalLine) -> str:
        entry, today = line.entry, self.shell.now().date()
        about = [f"#{entry.id}", say_moment(entry.at, today, self.w), entry.who, line.number, line.client]
        return "  ".join(part for part in (*about, entry_text(entry, self.w, line.digits, today)) if part)

    # -- commands ------------------------------------------------------------------------------------------

    def why_not_open(self) -> str | None:
        """There must be an entry under the cursor."""
        return None if self.line() else self.w("kit.nothing")

    async def do_open(self) -> None:
        """Enter: the visit of the entry; of what belongs to none, all of the entry."""
        line = self.line()
        if line is not None and line.number and line.entry.visit is not None:
            self.shell.open("visit", line.entry.visit)
        elif line is not None:
            await self.answer(TextDialog(self.w("journal.title"), self._full(line)))

    def why_not_older(self) -> str | None:
        """There must be older entries."""
        return None if self.shown and self.shown.older is not None else self.w("journal.oldest")

    def do_older(self) -> None:
        """Right: the page before in time."""
        if self.shown and self.shown.older is not None:
            self.before.append(self.shown.older)
            self.reload()

    def why_not_newer(self) -> str | None:
        """There must be newer entries."""
        return None if self.before else self.w("journal.newest")

    def do_newer(self) -> None:
        """Left: back to newer ones."""
        self.before.pop()
        self.reload()

    async def do_filter(self) -> None:
        """F4: whose, of which visit, which verb, from when until when; all empty shows all again."""
        people = await self.shell.thread(journal_people)
        self._people = tuple(people)
        wanted, w = self.wanted, self.w
        rows = [Row(str(number), (name,), find=(pinyin, initials)) for number, name, pinyin, initials in people]
        verbs = [Row(verb, (names[w.language],), find=(verb,)) for verb, names in verb_names().items()]

        def today() -> date:
            return self.shell.now().date()

        person = Pick(w("journal.who"), rows, str(wanted.persons[0]) if wanted.persons else "", id="person")
        number = TextField(w("journal.visit"), str(wanted.visit or ""), id="visit")
        verb = Pick(w("journal.what"), verbs, wanted.verb, id="verb")
        first = DayField(w("journal.first"), wanted.first, today=today, id="first")
        last = DayField(w("journal.last"), wanted.last, today=today, id="last")

        def chosen() -> JournalFilter:
            return JournalFilter(
                persons=(int(person.value),) if person.value else (),
                visit=visit_numbered(str(number.value)) if number.value else None,
                verb=verb.value, first=first.value, last=last.value,
            )  # fmt: skip

        found = await self.answer(FormDialog(w("journal.filter"), [person, number, verb, first, last], chosen))
        if found is not None:
            self.wanted, self.before = found, []
            self.reload()
