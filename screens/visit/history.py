"""The tab of what happened: every entry of the journal about this visit, in words."""

from __future__ import annotations

from models.papers.journal_entries import entry_text
from models.queries.visit_detail import VisitDetail
from models.queries.visit_history import Entry
from models.words.dates import say_moment
from models.words.wrapping import wrap
from screens.kit.linelist import Column, Row
from screens.kit.text import Line
from screens.visit.base import VisitPage, VisitTab


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


def _said(page: VisitPage, entry: Entry) -> str:
    policy = page.whole.policy if page.whole else page.session.policy
    return entry_text(entry, page.w, policy.currency.minor, page.shell.now().date())
