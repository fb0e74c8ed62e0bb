"""Several tasks at once: mark them, tick what is marked or due, remind people; and only one's own in the list."""

from __future__ import annotations

from models.queries.task_lists import TaskLine, reminders
from models.services import task_verbs
from models.services.task_verbs import Bulk
from models.services.validate import joined
from screens.kit.copy import CopyNote
from screens.kit.dialogs import Choose, Confirm
from screens.reminding import reminder_text
from screens.tasklist import OneTask


class TaskList(OneTask):
    """A list of tasks, what can be done with one and with several."""

    def listed_tasks(self) -> list[TaskLine]:
        """The tasks in the list now, without those its filter hides."""
        shown = {row.key for row in self.rows}
        return [line for line in self.tasks if str(line.task) in shown]

    def whose(self) -> str:
        """Whose tasks are listed, in words."""
        raise NotImplementedError

    # -- marking and ticking -------------------------------------------------------------------------------

    def do_mark(self) -> None:
        """Mark the task, or take its mark away; the cursor goes on to the next one."""
        line = self.chosen_task()
        if line is None:
            return
        self.marked = self.marked ^ {line.task}
        self.show_tasks()
        listed = self.listed_tasks()
        at = listed.index(line) if line in listed else 0
        if at + 1 < len(listed):
            self.key = str(listed[at + 1].task)
        n = len(self.marked_tasks())
        self.page.say(self.w("checklist.marked", n=n) if n else self.w("checklist.unmarked"))

    def marked_tasks(self) -> list[TaskLine]:
        """The marked ones that are still open."""
        return [line for line in self.tasks if line.task in self.marked and line.state == "open"]

    def why_not_tick(self) -> str | None:
        """There must be a task that was not left out, or marked ones."""
        return None if self.marked_tasks() else super().why_not_tick()

    async def do_tick(self) -> None:
        """Space: tick all that is marked, else the task or part under the cursor."""
        if self.marked_tasks():
            self._tick_all(self.marked_tasks())
        else:
            await super().do_tick()

    async def do_tick_due(self) -> None:
        """Tick all that is due by the end of today: of the visit under the cursor, or of all that is listed."""
        due = self.due_today()
        line = self.chosen_task()
        here = [each for each in due if line is not None and each.visit == line.visit]
        choices = [("visit", self.w("checklist.due_of_visit", client=here[0].client, n=len(here)))] if here else []
        if len(here) != len(due):
            choices.append(("all", self.w("checklist.due_listed", whose=self.whose(), n=len(due))))
        key = await self._one_of(self.w("checklist.tick_due"), choices)
        if key is None:
            return
        chosen = here if key == "visit" else due
        texts = "\n".join(f"- {each.client}  {self.w.name(each.text)}" for each in chosen[:8])
        more = f"\n... {len(chosen)}" if len(chosen) > 8 else ""
        title = self.w("checklist.tick_due_asked", n=len(chosen))
        if await self.page.answer(Confirm(title, self.w("checklist.tick_due_yes"), self.w("kit.no"), texts + more)):
            self._tick_all(chosen)

    def due_today(self) -> list[TaskLine]:
        """The open ones in the list that are overdue or due today; without those that want somebody named first."""
        today = self.page.shell.now().date()
        return [
            line
            for line in self.listed_tasks()
            if line.state == "open" and line.due is not None and line.due.date() <= today and not line.unassigned
        ]

    def _tick_all(self, lines: list[TaskLine]) -> None:
        session, wanted = self.session, [(line.task, line.version) for line in lines]
        first = next((line for line in lines if line.unassigned), None)
        if first is not None:
            self.page.refuse(self.w("checklist.name_first", task=self.w.name(first.text)))
            return

        def told(done: Bulk) -> None:
            self.marked = frozenset()
            self.last_many = tuple(each.task for each in done.each)
            self.last_tick = None
            self.page.say(self.w.text(done.message))

        self.page.write(lambda: task_verbs.tick_many(session, wanted), told)

    def do_undo(self) -> None:
        """Take one's own last tick back, or all that were made at once."""
        if not self.last_many or self.last_tick is not None:
            super().do_undo()
            return
        session = self.session
        wanted = [(each.task, each.version) for each in self.tasks if each.task in self.last_many]
        self.last_many = ()
        self.page.write(
            lambda: task_verbs.untick_many(session, wanted), lambda done: self.page.say(self.w.text(done.message))
        )

    # -- reminding -----------------------------------------------------------------------------------------

    async def do_remind(self) -> None:
        """A text that reminds of this task, of all that one person has to do, or of all that is listed."""
        line, listed = self.chosen_task(), [each for each in self.listed_tasks() if each.state == "open"]
        theirs = [each for each in self.tasks if line and line.assignee and each.assignee == line.assignee]
        theirs = [each for each in theirs if each.state == "open"]
        sets = {"this": [line] if line is not None and line.state == "open" else [], "person": theirs, "listed": listed}
        said = {
            "this": self.w("remind.this"),
            "person": self.w("remind.person", who=line.assignee if line else "", n=len(theirs)),
            "listed": self.w("remind.listed", whose=self.whose(), n=len(listed)),
        }
        choices = [(key, said[key]) for key, lines in sets.items() if lines]
        key = await self._one_of(self.w("remind.choose"), choices)
        if key is None:
            return
        session, wanted = self.session, [each.task for each in sets[key]]
        found = await self.page.shell.thread(lambda: reminders(session, wanted))
        people = dict.fromkeys((each.party, each.who) for each in found)
        whose = joined([party for party, _ in people]) if len(people) == 1 else self.whose()
        title = self.w("remind.title", whose=whose if isinstance(whose, str) else self.w.name(whose))
        await self.page.answer(CopyNote(title, reminder_text(found, self.w)))

    async def _one_of(self, title: str, choices: list[tuple[str, str]]) -> str | None:
        """What is chosen of several things; the only one there is is not asked for."""
        if len(choices) == 1:
            return choices[0][0]
        return await self.page.answer(Choose(title, choices))
