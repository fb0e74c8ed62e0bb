"""The tab of dated notes."""

from __future__ import annotations

from models.queries.visit import Whole
from models.words.dates import say_moment
from screens.kit.linelist import Column, Row
from screens.kit.text import Line, wrap
from screens.visit.base import VisitPage


def columns(page: VisitPage) -> list[Column]:
    """When, who, what."""
    w = page.w
    return [Column(w("visit.when"), 16), Column(w("visit.who"), 8), Column(w("visit.note"), 0)]


def rows(page: VisitPage, whole: Whole) -> list[Row]:
    """The newest note first."""
    today = page.shell.now().date()
    return [
        Row(str(at), (say_moment(note.at, today, page.w), note.who, note.text))
        for at, note in ((len(whole.notes) - place, note) for place, note in enumerate(whole.notes))
    ]


def detail(page: VisitPage, whole: Whole, key: str) -> list[Line]:
    """The chosen note's text, as much as there is room for."""
    row = next((each for each in rows(page, whole) if each.key == key), None)
    return [f" {line}" for line in wrap(row.cells[2], page.size.width - 2)] if row else []
