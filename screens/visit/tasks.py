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
    """All tasks, in due order, or only one's own."""
    only_mine = isinstance(page, TaskTab) and page.only_mine
    return page.task_rows([line for line in whole.tasks if line.mine or not only_mine], party=True, client=False)


def detail(page: VisitPage, whole: Whole, key: str) -> list[Line]:
    """The chosen task in full."""
    line = page.chosen_task()
    return page.task_detail(line, client=False) if line else []


class TaskTab(VisitPage):
    """What can be done with the tasks of one visit beyond those of any list of tasks."""

    def __init__(self, visit: int, tab: str = "form", key: str = "") -> None:
        super().__init__(visit, tab, key)
        self.only_mine = False

    def whose(self) -> str:
        """The visit, and whether only one's own are listed."""
        client = self.whole.form.client if self.whole else ""
        return f"{client}  {self.w('checklist.mine')}" if self.only_mine else client

    def do_mine(self) -> None:
        """Only one's own tasks, or all of the visit again."""
        self.only_mine = not self.only_mine
        self.show_tasks()
        self.say(self.w("visit.only_mine" if self.only_mine else "visit.all_tasks"))
