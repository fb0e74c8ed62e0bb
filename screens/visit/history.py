"""The tab of what happened: every entry of the journal about this visit, in words."""

from __future__ import annotations

from models.papers.journal_entries import entry_text
from models.queries.history import Entry
from models.queries.visit import Whole
from models.words.dates import say_moment
from models.words.wrapping import wrap
from screens.kit.linelist import Column, Row
from screens.kit.text import Line
from screens.visit.base import VisitPage


def columns(page: VisitPage) -> list[Column]:
    """When, who, what."""
    w = page.w
    return [Column(w("visit.when"), 16, "data"), Column(w("visit.who"), 8), Column(w("visit.what"), 0)]


def rows(page: VisitPage, whole: Whole) -> list[Row]:
    """The newest entry first."""
    today = page.shell.now().date()
    return [
        Row(str(entry.id), (say_moment(entry.at, today, page.w), entry.who, _said(page, entry)))
        for entry in whole.history
    ]


def _said(page: VisitPage, entry: Entry) -> str:
    policy = page.whole.policy if page.whole else page.desk.policy
    return entry_text(entry, page.w, policy.currency.minor, page.shell.now().date())


def detail(page: VisitPage, whole: Whole, key: str) -> list[Line]:
    """The chosen entry, as much as there is room for."""
    row = next((each for each in rows(page, whole) if each.key == key), None)
    return [f" {line}" for line in wrap("  ".join(row.cells), page.size.width - 2)] if row else []
