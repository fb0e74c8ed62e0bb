"""The tab of dated notes, and of what was promised to the guests."""

from __future__ import annotations

from models.queries.visit_arrangements import NoteLine
from models.queries.visit_detail import VisitDetail
from models.services import day_verbs
from models.words.dates import say_moment
from models.words.wrapping import wrap
from screens.kit.linelist import Column, Row
from screens.kit.text import Line
from screens.visit.base import VisitTab


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
