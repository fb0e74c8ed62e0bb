"""The tab of this visit's tasks; what can be done with one is the Checklist's."""

from __future__ import annotations

from typing import Any

from models.queries.task_lists import TaskLine
from models.queries.visit_detail import VisitDetail
from screens.kit.linelist import Column, Row
from screens.kit.text import Line
from screens.taskmany import TaskList
from screens.visit.base import VisitPage, VisitTab


class TasksTab(VisitTab, TaskList):
    """The tasks of one visit, in due order."""

    TAB = "tasks"

    def __init__(self, page: VisitPage) -> None:
        super().__init__(page)
        self.page: VisitPage = page
        self.only_mine = False

    def table_columns(self) -> list[Column]:
        """Those of the Checklist, with the party in place of the client."""
        return self.task_columns(party=True, client=False)

    def table_rows(self, whole: VisitDetail) -> list[Row]:
        """All tasks, or only one's own."""
        listed = [line for line in whole.tasks if line.mine or not self.only_mine]
        return self.task_rows(listed, party=True, client=False)

    def row_detail(self, whole: VisitDetail, key: str) -> list[Line]:
        """The chosen task in full."""
        line = self.chosen_task()
        return self.task_detail(line, client=False) if line else []

    @property
    def tasks(self) -> tuple[TaskLine, ...]:
        return self.whole.tasks if self.whole else ()

    def show_tasks(self) -> None:
        self.page.show_tab()

    def whose(self) -> str:
        """The visit, and whether only one's own are listed."""
        client = self.whole.form.client if self.whole else ""
        return f"{client}  {self.w('checklist.mine')}" if self.only_mine else client

    def do_mine(self) -> None:
        """Only one's own tasks, or all of the visit again."""
        self.only_mine = not self.only_mine
        self.show_tasks()
        self.page.say(self.w("visit.only_mine" if self.only_mine else "visit.all_tasks"))

    def keep(self) -> Any:
        return super().keep(), self.only_mine

    def restore(self, state: Any) -> None:
        of_list, self.only_mine = state
        super().restore(of_list)
