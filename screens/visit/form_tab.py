"""The tabs of the form (R99 to R112), of people, of notes and of the journal."""

from __future__ import annotations

from models.form import FormGuest
from models.papers.journal_entries import entry_text
from models.papers.request_form import FormText
from models.queries.visit_arrangements import NoteLine
from models.queries.visit_detail import PersonPart, VisitDetail
from models.queries.visit_history import JournalEntry
from models.services import day_verbs
from models.words import cell_len
from models.words.dates import say_moment
from models.words.wrapping import wrap
from screens.kit.linelist import Column, Row
from screens.kit.text import Line
from screens.visit.tab import VisitPage, VisitTab

LABEL = 18


class FormTab(VisitTab):
    """The form, as printed; it has no commands of its own."""

    TAB = "form"

    def table_columns(self) -> list[Column]:
        """The label, and what is filled in."""
        return [Column("", LABEL), Column("", 0)]

    def table_rows(self, whole: VisitDetail) -> list[Row]:
        """Each field, in as many rows as it takes."""
        page = self.page
        room = max(20, page.size.width - LABEL - 3)
        found: list[Row] = []
        for label, text in FormText(whole, page.w, page.shell.now().date(), room).fields():
            label_lines = wrap(label, LABEL) if cell_len(label) > LABEL else [label]
            text_lines = wrap(text or "-", room)
            for at in range(max(len(label_lines), len(text_lines))):
                cells = tuple(lines[at] if at < len(lines) else "" for lines in (label_lines, text_lines))
                found.append(Row(str(len(found)), cells))
        return found

    def row_detail(self, whole: VisitDetail, key: str) -> list[Line]:
        """The form says everything in its rows."""
        return []


# -- people -----------------------------------------------------------------------------------------------------------


class PeopleTab(VisitTab):
    """Who receives and who comes."""

    TAB = "people"

    def table_columns(self) -> list[Column]:
        """Part, name, post, phone."""
        page = self.page
        w, narrow = page.w, page.size.width < 78
        return [
            Column(w("visit.role"), 14 if narrow else 22),
            Column(w("visit.name"), 10 if narrow else 14),
            Column(w("visit.phone"), 14, "data"),
            Column(w("visit.post"), 0),
        ]

    def table_rows(self, whole: VisitDetail) -> list[Row]:
        """Our people, then the guests."""
        page = self.page
        ours = [Row(f"p{at}", _part(page, part)) for at, part in enumerate(whole.people)]
        guests = [Row(f"g{at}", _guest(page, guest)) for at, guest in enumerate(whole.form.guests)]
        listed = page.w("visit.guests", n=len(whole.form.guests), headcount=whole.form.headcount or 0)
        return [Row("", (page.w("visit.ours"),), heading=True), *ours, Row("", (listed,), heading=True), *guests]

    def row_detail(self, whole: VisitDetail, key: str) -> list[Line]:
        """The chosen person in full."""
        page = self.page
        row = next((each for each in self.table_rows(whole) if each.key == key and not each.heading), None)
        owner = page.w("visit.owner", department=page.w.name(whole.owner)) if whole.owner else ""
        return [
            *([f" {'  '.join(page.w.people([cell]) for cell in row.cells if cell)}"] if row else []),
            *([f" {owner}"] if owner else []),
        ]


def _part(page: VisitPage, part: PersonPart) -> tuple[str, ...]:
    role = page.w(f"visit.part.{part.role}") if isinstance(part.role, str) else page.w.name(part.role)
    return (role, part.name, part.phone or "-", " ".join(map(page.w.name, part.posts)))


def _guest(page: VisitPage, guest: FormGuest) -> tuple[str, ...]:
    role = page.w("visit.part.principal" if guest.principal else "visit.part.guest")
    said = f"{guest.post} ({guest.address})" if guest.address else guest.post
    return (role, guest.name, guest.phone or "-", said)


# -- notes ------------------------------------------------------------------------------------------------------------


def _mark(note: NoteLine) -> str:
    return ("[ ]" if note.open else "[x]") if note.promise else ""


class NotesTab(VisitTab):
    """What can be done with promises."""

    TAB = "notes"

    def table_columns(self) -> list[Column]:
        """Whether a promise was kept, when, who, what."""
        page = self.page
        w = page.w
        return [
            Column("", 3),
            Column(w("visit.when"), 16, "data"),
            Column(w("visit.who"), 8),
            Column(w("visit.note"), 0),
        ]

    def table_rows(self, whole: VisitDetail) -> list[Row]:
        """The newest note first."""
        page = self.page
        today = page.shell.now().date()
        cells = [(_mark(note), say_moment(note.at, today, page.w), note.who, note.text) for note in whole.notes]
        return [Row(str(note.id), each) for note, each in zip(whole.notes, cells, strict=True)]

    def row_detail(self, whole: VisitDetail, key: str) -> list[Line]:
        """The chosen note's text, as much as there is room for; of a promise whether it was kept."""
        page = self.page
        note = next((each for each in whole.notes if str(each.id) == key), None)
        if note is None:
            return []
        today = page.shell.now().date()
        kept = (
            page.w("visit.kept", at=say_moment(note.kept_at, today, page.w)) if note.kept_at else page.w("visit.owed")
        )
        said = [kept] if note.promise else []
        return [f" {line}" for line in [*said, *wrap(note.text, page.size.width - 2)]]

    def chosen_note(self) -> NoteLine | None:
        """The note under the cursor."""
        return next((each for each in self.whole.notes if str(each.id) == self.key), None) if self.whole else None

    async def do_promise(self) -> None:
        """F4: what was promised to the guests."""
        session = self.session
        await self.page.worded(
            self.w("visit.promise_title"), self.w("visit.promise"),
            lambda words: day_verbs.promise(session, self.page.visit_id, words),
        )  # fmt: skip

    def do_keep(self) -> None:
        """Space: the promise was kept, or not after all."""
        note = self.chosen_note()
        if note is not None:
            session, kept = self.session, note.open
            self.page.write(lambda: day_verbs.keep(session, note.id, kept=kept), self.page.done)


# -- the journal ------------------------------------------------------------------------------------------------------


class HistoryTab(VisitTab):
    """What happened, the newest first."""

    TAB = "history"

    def table_columns(self) -> list[Column]:
        """When, who, what."""
        page = self.page
        w = page.w
        return [Column(w("visit.when"), 16, "data"), Column(w("visit.who"), 8), Column(w("visit.what"), 0)]

    def table_rows(self, whole: VisitDetail) -> list[Row]:
        """The newest entry first."""
        page = self.page
        today = page.shell.now().date()
        return [
            Row(str(entry.id), (say_moment(entry.at, today, page.w), entry.who, _said(page, entry)))
            for entry in whole.history
        ]

    def row_detail(self, whole: VisitDetail, key: str) -> list[Line]:
        """The chosen entry, as much as there is room for."""
        page = self.page
        row = next((each for each in self.table_rows(whole) if each.key == key), None)
        return [f" {line}" for line in wrap("  ".join(row.cells), page.size.width - 2)] if row else []


def _said(page: VisitPage, entry: JournalEntry) -> str:
    policy = page.whole.policy if page.whole else page.session.policy
    return entry_text(entry, page.w, policy.currency.minor, page.shell.now().date())
