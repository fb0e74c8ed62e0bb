"""Checklist: the tasks of one department, of all, or one's own, across visits, what is due first on top."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.events import Resize

from models.queries.task_lists import Checklist as Found
from models.queries.task_lists import Progress, TaskLine, checklist
from models.words import cell_len
from screens.kit.linelist import LineList
from screens.kit.lines import Lines, block
from screens.kit.page import Page
from screens.kit.text import Line, Piece
from screens.taskmany import TaskList

DETAIL = 3
PROGRESS = 2
ALL, MINE = "*", "@"
"""Stops beside the parties: everybody's tasks, and one's own."""


class Tasks(TaskList):
    """The list of the Checklist."""

    def __init__(self, page: Checklist) -> None:
        super().__init__(empty=page.w("checklist.empty"), id="tasks")
        self.page: Checklist = page

    @property
    def tasks(self) -> tuple[TaskLine, ...]:
        return self.page.shown.lines if self.page.shown else ()

    def show_tasks(self) -> None:
        self.page.show_tasks()

    def whose(self) -> str:
        return self.page.whose()


class Checklist(Page):
    """The departments' screen."""

    WHERE = "checklist"

    def __init__(self) -> None:
        super().__init__()
        self.shown: Found | None = None
        self.stop: str | None = None

    def body(self) -> ComposeResult:
        yield Tasks(self)
        yield block(1, id="rule")
        yield block(DETAIL, id="detail")
        yield block(1, id="rule2")
        yield block(PROGRESS, id="progress")

    # -- filling -------------------------------------------------------------------------------------------

    @property
    def listed(self) -> Tasks:
        """The list of tasks."""
        return self.query_one("#tasks", Tasks)

    def reload(self) -> None:
        session = self.session
        self.read(lambda: checklist(session), self.show)

    def minute(self, now: object) -> None:
        self.show_tasks()

    def on_resize(self, event: Resize) -> None:
        self.show_tasks()

    def show(self, found: Found) -> None:
        """Fill the screen with what was found."""
        self.shown = found
        self.show_tasks()

    @property
    def here(self) -> str:
        """The stop shown: the one gone to, else the actor's own party, else their own tasks."""
        if self.stop is not None:
            return self.stop
        return (self.shown.own if self.shown else None) or MINE

    def show_tasks(self) -> None:
        """Fill the list with the tasks of the stop."""
        if self.shown is None or not self.query("#tasks"):
            return
        party = self.here in (ALL, MINE)
        lines = [line for line in self.shown.lines if self._belongs(line)]
        listed = self.listed
        listed.set_columns(listed.task_columns(party=party, client=True))
        listed.set_rows(
            listed.task_rows(lines, party=party, client=True),
            empty=self.w("checklist.empty_mine" if self.here == MINE else "checklist.empty"),
            within="" if self.here == ALL else self.whose(),
        )
        self._show_title(lines)
        for rule in ("#rule", "#rule2"):
            self.query_one(rule, Lines).set_lines(["-" * self.size.width])
        self.query_one("#progress", Lines).set_lines(self._progress(self.shown.progress))
        self._show_detail()

    def _belongs(self, line: TaskLine) -> bool:
        return self.here == ALL or (line.mine if self.here == MINE else line.party == self.here)

    def _show_title(self, lines: list[TaskLine]) -> None:
        todo = [line for line in lines if line.state == "open"]
        late = sum(line.due is not None and line.due < self.shell.now() for line in todo)
        overdue = self.w("checklist.overdue", n=late) if late else ""
        title = self.w("checklist.title", whose=self._whose(self.here), n=len(todo))
        self.headline = "  ".join(part for part in (title, overdue) if part)

    def whose(self) -> str:
        """The stop that is shown, in words."""
        return self._whose(self.here)

    def _whose(self, stop: str) -> str:
        if stop in (ALL, MINE):
            return self.w("checklist.all" if stop == ALL else "checklist.mine")
        progress = self.shown.progress if self.shown else ()
        return next((self.w.name(each.name) for each in progress if each.party == stop), stop)

    def _progress(self, progress: tuple[Progress, ...]) -> list[Line]:
        """How far each party is, in lines that the window holds; the one shown is marked."""
        lines: list[list[Piece]] = [[]]
        room = self.size.width
        for each in progress:
            text = f"{self.w.name(each.short)} {each.done}/{each.total}"
            here = each.party == self.here
            text = f">{text}" if here else f" {text}"
            if lines[-1] and cell_len(text) + 1 > room:
                lines.append([])
                room = self.size.width
            lines[-1] += [(text, "bold" if here else ""), (" ", "")]
            room -= cell_len(text) + 1
        return list(lines)

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        self._show_detail()

    def _show_detail(self) -> None:
        line = self.listed.chosen_task()
        self.query_one("#detail", Lines).set_lines(self.listed.task_detail(line) if line else [])

    # -- commands ------------------------------------------------------------------------------------------

    def _stops(self) -> list[str]:
        parties = [each.party for each in self.shown.progress] if self.shown else []
        return [MINE, *parties, ALL]

    def _go(self, by: int) -> None:
        stops = self._stops()
        at = stops.index(self.here) if self.here in stops else 0
        self.stop = stops[(at + by) % len(stops)]
        self.show_tasks()

    def do_earlier(self) -> None:
        """Left: the department before."""
        self._go(-1)

    def do_later(self) -> None:
        """Right: the next department."""
        self._go(1)

    def do_mine(self) -> None:
        """One's own tasks, or the department's again."""
        own = (self.shown.own if self.shown else None) or ALL
        self.stop = own if self.here == MINE else MINE
        self.show_tasks()

    def do_open(self) -> None:
        """Everything of the visit, its tasks first."""
        line = self.listed.chosen_task()
        if line is not None:
            self.shell.open("visit", line.visit, tab="tasks")
