"""The tab of what happened: every entry of the journal about this visit, in words."""

from __future__ import annotations

from models.queries.history import Entry, Fact
from models.queries.visit import Whole
from models.words.dates import say_moment
from screens.kit.linelist import Column, Row
from screens.kit.text import Line, wrap
from screens.visit.base import VisitPage


def columns(page: VisitPage) -> list[Column]:
    """When, who, what."""
    w = page.w
    return [Column(w("visit.when"), 16), Column(w("visit.who"), 8), Column(w("visit.what"), 0)]


def rows(page: VisitPage, whole: Whole) -> list[Row]:
    """The newest entry first."""
    today = page.shell.now().date()
    return [
        Row(str(entry.id), (say_moment(entry.at, today, page.w), entry.who, _said(page, entry)))
        for entry in whole.history
    ]


def _said(page: VisitPage, entry: Entry) -> str:
    try:
        verb = page.w(f"verbs.{entry.verb}")
    except KeyError:  # written by a later version of the program
        verb = entry.verb
    whom = page.w("visit.for_whom", who=entry.for_whom) if entry.for_whom else ""
    facts = [_fact(page, fact) for fact in entry.facts]
    erased = page.w("visit.erased") if entry.erased else ""
    return " ".join(part for part in (verb, whom, *facts, erased) if part)


def _fact(page: VisitPage, fact: Fact) -> str:
    kind, value = fact
    if kind == "name":
        return page.w.name(value)
    if kind == "words":
        return f"“{value}”"
    if kind == "money":
        return page.money(value)
    if kind == "where":
        return page.w(f"visit.where.{value}")
    if kind == "outcome":
        return page.w(f"requests.what.{'decide' if value == 'agree' else value}")
    if kind == "changed":
        return "; ".join(page.w.text(each) for each in value)
    if kind == "time":
        return say_moment(value, page.shell.now().date(), page.w)
    return page.w(f"visit.fact.{kind}", n=page.money(value) if kind == "over" else value)


def detail(page: VisitPage, whole: Whole, key: str) -> list[Line]:
    """The chosen entry, as much as there is room for."""
    row = next((each for each in rows(page, whole) if each.key == key), None)
    return [f" {line}" for line in wrap("  ".join(row.cells), page.size.width - 2)] if row else []
