"""The tabs of stages (R26 to R35) and of tasks."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.queries.task_lists import TaskLine
from models.queries.visit_detail import StageLine, VisitDetail
from models.services import day_verbs
from models.words.dates import say_moments
from screens.checklist import TaskList
from screens.kit.fields import MomentField, Rank, TextField, within
from screens.kit.linelist import Column, Row
from screens.kit.text import Line
from screens.visit.tab import VisitPage, VisitTab

MARKS = {"planned": "[ ]", "under_way": "[>]", "done": "[x]", "not_applicable": "[-]"}


def _row(page: VisitPage, line: StageLine) -> Row:
    apart = line.state == "not_applicable"
    at = f"{line.at:%m-%d %H:%M}" if line.at else "-"
    cells = (
        MARKS.get(line.state, "[?]"),
        page.w.name(line.name),
        page.w("visit.not_applicable") if apart else at,
        _span(line),
        line.place.text,
        "".join(line.named),
    )
    return Row(str(line.id), cells, "dim" if apart or line.state == "done" else "")


def _span(line: StageLine) -> str:
    start = f"{line.started:%H:%M}" if line.started else ""
    return f"{start}-{line.ended:%H:%M}" if line.ended else f"{start}-" if start else ""


class StagesTab(VisitTab):
    """What can be done with the chosen stage."""

    TAB = "stages"

    def table_columns(self) -> list[Column]:
        """State, stage, planned and real times, place, people."""
        page = self.page
        w = page.w
        return [
            Column("", 3),
            Column(w("visit.stage"), 14 if page.size.width < 78 else 20),
            Column(w("visit.at"), 12, "data"),
            Column(w("visit.really"), 11, "data", wide=70),
            Column(w("visit.place"), 14),
            Column(w("visit.with"), 0),
        ]

    def table_rows(self, whole: VisitDetail) -> list[Row]:
        """All stages in their order."""
        page = self.page
        return [_row(page, line) for line in whole.stages]

    def row_detail(self, whole: VisitDetail, key: str) -> list[Line]:
        """The chosen stage in full."""
        page = self.page
        line = next((each for each in whole.stages if str(each.id) == key), None)
        if line is None:
            return []
        today = page.shell.now().date()
        times = say_moments([at for at in (line.at, line.started, line.ended) if at is not None], today, page.w)
        said = [page.w.name(line.name), page.w(f"visit.stage_state.{line.state}"), *times]
        people = "".join(page.w.people([each]) for each in line.named)
        return [f" {'  '.join(said)}", f" {'  '.join(part for part in (line.place.text, people) if part)}"]

    def chosen_stage(self) -> StageLine | None:
        """The stage under the cursor."""
        lines = self.whole.stages if self.whole else ()
        return next((each for each in lines if str(each.id) == self.key), None)

    def do_next(self) -> None:
        """Space: begin, then finish; one finished too early goes on."""
        line = self.chosen_stage()
        if line is not None:
            verb = day_verbs.finish_stage if line.state == "under_way" else day_verbs.start_stage
            session, seen = self.session, self.page.seen
            self.page.write(lambda: verb(session, line.id, expected=seen), self.page.done)

    async def do_plan(self) -> None:
        """Enter: time, people, and the place where neither a booked room nor a meal says it."""
        line = self.chosen_stage()
        if line is None:
            return
        session, today = self.session, self.page.shell.now().date()
        at = MomentField(self.w("visit.at"), line.at, today=today, anchor=lambda: self._day(line), id="at")
        place = TextField(self.w("visit.place"), line.place.text, id="place")
        people = TextField(self.w("visit.with"), line.people, id="people")
        await self.page.filled(
            self.w("visit.plan_title", stage=self.w.name(line.name)), [at, place, people],
            lambda reasons: day_verbs.plan_stage(
                session, line.id, expected=self.page.seen, at=at.value, place=place.value, people=people.value
            ),
            text=self.w(f"visit.place_by.{line.place.by}") if line.place.by else "",
        )  # fmt: skip

    def _day(self, line: StageLine) -> tuple[date, Rank] | None:
        """What a time typed alone is of: the stage's day, within the visit."""
        whole = self.whole
        return within(line.at or whole.comes, whole.comes, whole.goes) if whole else None

    async def do_skip(self) -> None:
        """Del: not applicable to this visit; planned again with Enter."""
        line = self.chosen_stage()
        if line is not None:
            session, seen = self.session, self.page.seen
            await self.page.edit(lambda: day_verbs.skip_stage(session, line.id, expected=seen))


# -- tasks ------------------------------------------------------------------------------------------------------------


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
