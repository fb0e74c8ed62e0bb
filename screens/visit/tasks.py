"""The tab of this visit's tasks; what can be done with one is the Checklist's."""

from __future__ import annotations

from models.queries.visit import Whole
from screens.kit.linelist import Column, Row
from screens.kit.text import Line
from screens.visit.base import VisitPage


def columns(page: VisitPage) -> list[Column]:
    """Those of the Checklist, with the party in place of the client."""
    return page.task_columns(party=True, client=False)


def rows(page: VisitPage, whole: Whole) -> list[Row]:
    """All tasks, in due order."""
    return page.task_rows(whole.tasks, party=True, client=False)


def detail(page: VisitPage, whole: Whole, key: str) -> list[Line]:
    """The chosen task in full."""
    line = page.chosen_task()
    return page.task_detail(line, client=False) if line else []
