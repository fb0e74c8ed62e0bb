"""Checklist: tasks of all visits by department and due time, several at once, reminders; the list that Visit shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from textual.app import ComposeResult
from textual.events import Resize

from models.queries.task_lists import Checklist as Found
from models.queries.task_lists import (
    Progress,
    Reminder,
    TaskLine,
    TaskPartLine,
    checklist,
    helpers,
    reminders,
    task_refusal,
)
from models.services import task_verbs
from models.services.session import Session
from models.services.task_verbs import Bulk, Ticked
from models.services.validate import joined
from models.services.visits import overtaken
from models.words import Inactive, Words, cell_len, cut
from models.words.dates import say_in_full, say_moment
from screens.kit.dialogs import Choose, Confirm, CopyNote, PickOne, TextDialog
from screens.kit.fields import TextField
from screens.kit.form_dialog import FormDialog, Freshness
from screens.kit.linelist import Column, LineList, Row, laid_out
from screens.kit.page import Page
from screens.kit.text import Line, Lines, Piece, block

# -- reminders --------------------------------------------------------------------------------------------------------


def reminder_text(found: Sequence[Reminder], w: Words) -> str:
    """The tasks under who has to do them and the visit they are for; times in full, for it may be read another day."""
    return "\n".join(_lines(found, w)).strip()


def _lines(found: Sequence[Reminder], w: Words) -> Iterator[str]:
    for (party, who, phone), theirs in groupby(found, key=lambda each: (each.party, each.who, each.phone)):
        yield "  ".join(part for part in (w.name(party), w.people([who]), phone) if part)
        for _, tasks in groupby(theirs, key=lambda each: each.number):
            of_visit = list(tasks)
            yield _visit(of_visit[0], w)
            yield from (f"- {_task(each, w)}" for each in of_visit)
        yield ""
    runs = {(each.runs, each.runs_phone): None for each in found if each.runs}
    yield from (w("remind.from", who=who, phone=phone).rstrip() for who, phone in runs)


def _visit(of: Reminder, w: Words) -> str:
    guests = w("remind.guests", n=of.headcount) if of.headcount else ""
    arrives = w("checklist.arrives", at=say_in_full(of.arrive, w)) if of.arrive else ""
    return "  ".join(part for part in (of.number, of.client, guests, arrives) if part)


def _task(each: Reminder, w: Words) -> str:
    due = w("remind.late" if each.late else "remind.due", at=say_in_full(each.due, w)) if each.due else ""
    parts = w("remind.parts", what=w.name(joined(each.parts))) if each.parts else ""
    return "  ".join(part for part in (w.name(each.text), parts, due) if part)


# -- a list of tasks --------------------------------------------------------------------------------------------------

MARKS = {"open": "[ ]", "done": "[x]", "dropped": "[-]"}
TASK = 2
"""The column of the task itself."""
NOBODY = "0"


def _plain(line: Line) -> str:
    if isinstance(line, str):
        return line
    return line[0] if isinstance(line, tuple) else "".join(text for text, _ in line)


class TaskList(LineList):
    """A list of tasks on a page; a task's parts stand below it when it is opened. What can be done with one."""

    page: Page
    """The page it is on."""
    opened: frozenset[int] = frozenset()
    """The tasks whose parts are shown."""
    last_tick: tuple[int, int | None, int] | None = None
    """One's own last tick: the task, which part of it, and the version that made: what others did since is theirs."""
    last_many: tuple[tuple[int, int], ...] = ()
    """Those ticked last at once, with the versions that made."""
    marked: frozenset[int] = frozenset()

    @property
    def w(self) -> Words:
        """The sentences in the reader's language."""
        return self.page.w

    @property
    def session(self) -> Session:
        """Who acts, when, by which policy."""
        return self.page.session

    @property
    def tasks(self) -> tuple[TaskLine, ...]:
        """All tasks that were read, those not listed now, too."""
        raise NotImplementedError

    def show_tasks(self) -> None:
        """Fill the list anew."""
        raise NotImplementedError

    def keep(self) -> Any:
        return super().keep(), self.opened, self.last_tick, self.last_many, self.marked

    def restore(self, state: Any) -> None:
        of_list, self.opened, self.last_tick, self.last_many, self.marked = state
        super().restore(of_list)

    # -- rows ----------------------------------------------------------------------------------------------

    def task_columns(self, *, party: bool, client: bool) -> list[Column]:
        """The columns of a list of tasks, as wide as the window lets them be."""
        narrow = self.page.size.width < 78
        tier = [Column(self.w("checklist.tier"), max([2, *(cell_len(self._mark(each)) for each in self.tasks)]))]
        return [
            Column("", 3),
            Column(self.w("checklist.due"), 12, "data"),
            Column(self.w("checklist.task"), 0),
            *([Column(self.w("checklist.party"), 4)] if party else []),
            *([Column(self.w("checklist.client"), 10 if narrow else 14)] if client else []),
            *(tier if client and self.session.policy.tiers else []),
            Column(self.w("checklist.assignee"), 6 if narrow else 8),
            Column(self.w("checklist.waits"), 10, wide=96 if party else 78),
        ]

    def _mark(self, line: TaskLine) -> str:
        return self.w.name(line.mark) if line.mark else ""

    def task_rows(self, lines: Iterable[TaskLine], *, party: bool, client: bool) -> list[Row]:
        """A row for each task, and for each part of those that are opened."""
        lines = list(lines)
        columns = self.task_columns(party=party, client=client)
        whole = [self._task_row(line, party, client, self.page.size.width) for line in lines]
        room = laid_out(columns, whole, self.page.size.width, self.page.size.width)[TASK]
        rows = []
        for line in lines:
            rows.append(self._task_row(line, party, client, room))
            if line.task in self.opened:
                rows += [self._part_row(line, at, part, party, client) for at, part in enumerate(line.parts)]
        return rows

    def _task_row(self, line: TaskLine, party: bool, client: bool, room: int) -> Row:
        left_out = sum(part.dropped for part in line.parts)
        done, total = sum(part.done for part in line.parts), len(line.parts) - left_out
        count = f" ({done}/{total})" if total else ""
        late = line.state == "open" and line.due is not None and line.due < self.page.shell.now()
        cells = (
            self._state(line),
            self._due(line.due) + ("!" if late else ""),
            cut(self.w.name(line.text), room - cell_len(count), ellipsis=True) + count,
            *([self.w.name(line.party_name)] if party else []),
            *([line.client] if client else []),
            *([self._mark(line)] if client and self.session.policy.tiers else []),
            line.done_by if line.state == "done" else line.assignee or ("?" if line.unassigned else "-"),
            self._beside(line),
        )
        style = "" if line.state == "open" else "dim"
        return Row(str(line.task), cells, style, find=(*line.find, line.number))

    def _state(self, line: TaskLine) -> str:
        """Done, left out, marked for what is done next, waiting for another task, or simply open."""
        if line.state != "open":
            return MARKS.get(line.state, "[-]")
        return "[+]" if line.task in self.marked else "[~]" if line.waits_for else "[ ]"

    def _beside(self, line: TaskLine) -> str:
        if line.state == "done":
            return self._when(line.done_at)
        if line.state in ("dropped", "off"):
            return self.w(f"checklist.{line.state}")
        return " ".join(self.w.name(each) for each in line.waits_for)

    def _when(self, at: datetime | None) -> str:
        """The time of a tick today, else its day."""
        if at is None:
            return ""
        return f"{at:%H:%M}" if at.date() == self.page.shell.now().date() else f"{at:%m-%d}"

    def _part_row(self, line: TaskLine, at: int, part: TaskPartLine, party: bool, client: bool) -> Row:
        state = "dropped" if part.dropped else "done" if part.done else "open"
        became = self.w("checklist.dropped") if part.dropped else self._when(part.at) if part.done else ""
        blank = [""] * (int(party) + int(client) + int(client and bool(self.session.policy.tiers)))
        name = f"{MARKS[state]} {self.w.name(part.text)}"
        cells = ("", "", name, *blank, part.by if part.done else "", became)
        return Row(f"{line.task}.{at}", cells, "" if state == "open" else "dim", find=line.find)

    def _due(self, due: datetime | None) -> str:
        """In at most eleven cells: 昨天 17:00, 12-03 09:00, or the day alone in another year."""
        if due is None:
            return "-"
        now = self.page.shell.now()
        away = (due.date() - now.date()).days
        if abs(away) <= 1:
            return f"{self.w(f'checklist.day.{away + 1}')} {due:%H:%M}"
        return f"{due:%m-%d %H:%M}" if due.year == now.year else f"{due:%Y-%m-%d}"

    # -- the chosen one ------------------------------------------------------------------------------------

    def chosen_task(self) -> TaskLine | None:
        """The task under the cursor, or the one whose part is."""
        return self._task_and_part()[0]

    def _task_and_part(self) -> tuple[TaskLine | None, int | None]:
        key = self.key
        task, _, part = key.partition(".")
        line = next((each for each in self.tasks if str(each.task) == task), None)
        return line, int(part) if part and line is not None and int(part) < len(line.parts) else None

    def task_detail(self, line: TaskLine, *, client: bool = True) -> list[Line]:
        """The chosen task in three lines: all of its text, its visit, what it waits for or what became of it."""
        today = self.page.shell.now().date()
        about = [line.number, line.client, self.w("checklist.arrives", at=say_moment(line.arrive, today, self.w))
                 if line.arrive else ""]  # fmt: skip
        text = self.w.name(line.text)
        visit = "  ".join(part for part in about if part) if client else ""
        said = [f"{self.w.name(line.party_name)}  {text}", visit, self._fate(line)]
        return [f" {each}" for each in said if each]

    def _fate(self, line: TaskLine) -> str:
        if line.state == "done" and line.done_at is not None:
            at = say_moment(line.done_at, self.page.shell.now().date(), self.w)
            return self.w("checklist.done_by", who=line.done_by, at=at)
        if line.state == "dropped":
            return self.w("checklist.dropped_for", why=line.dropped_for)
        if line.state == "off":
            return self.w("refused.task.off")
        said = [self.w("checklist.waits_for", what=joined(line.waits_for))]
        said = said if line.waits_for else []
        said += [self.w("checklist.needs_assignee")] if line.unassigned else []
        said += [self.w.people([line.assignee])] if isinstance(line.assignee, Inactive) else []
        said += [self.w("checklist.may_drop")] if line.may_drop or any(p.may_drop for p in line.parts) else []
        return "  ".join(said)

    # -- commands ------------------------------------------------------------------------------------------

    def why_not_tick(self) -> str | None:
        """There must be a task that was not left out, or marked ones."""
        if self.marked_tasks():
            return None
        line, part = self._task_and_part()
        if line is None:
            return self.w("checklist.none_chosen")
        if line.state == "off":
            return self.w("refused.task.off")
        gone = line.parts[part].dropped if part is not None else line.state == "dropped"
        return self.w("checklist.left_out") if gone or line.state == "dropped" else None

    async def do_tick(self) -> None:
        """Space: tick all that is marked, else tick or untick the task or part under the cursor; who must be named
        first is asked."""
        if self.marked_tasks():
            self._tick_all(self.marked_tasks())
            return
        line, part = self._task_and_part()
        if line is None:
            return
        session = self.session
        ticking = not line.parts[part].done if part is not None else line.state == "open"
        if not ticking and part is None:
            self.page.write(lambda: task_verbs.untick(session, line.task, expected=line.version), self._told)
            return
        helper: int | None = None
        if ticking and line.unassigned:
            helper = await self._helper(line, self.w("checklist.assign_first"))
            if helper is None:
                return

        def done() -> Ticked:
            seen = line.version
            if helper is not None:
                seen = task_verbs.assign(session, line.task, helper, expected=seen).version
            if part is None:
                return task_verbs.tick(session, line.task, expected=seen)
            return task_verbs.tick_part(session, line.task, part, expected=seen)

        self.page.write(done, self._ticked(line.task, part) if ticking else self._told)

    def _ticked(self, task: int, part: int | None) -> Callable[[Ticked], None]:
        def told(done: Ticked) -> None:
            self.last_tick = (task, part, done.version)
            self._told(done)

        return told

    def _told(self, done: Ticked) -> None:
        self.page.say(self.w.text(done.message))

    def do_undo(self) -> None:
        """Take one's own last tick back, or all that were made at once."""
        if self.last_tick is None:
            self._undo_many()
            return
        task, part, seen = self.last_tick
        line = next((each for each in self.tasks if each.task == task), None)
        self.last_tick = None
        ticked = line is not None and (line.state == "done" if part is None else line.parts[part].done)
        if line is None or not ticked:
            self.page.refuse(self.w("checklist.nothing_to_undo"))
            return
        session = self.session
        if part is None:
            self.page.write(lambda: task_verbs.untick(session, task, expected=seen), self._told)
        else:
            self.page.write(lambda: task_verbs.tick_part(session, task, part, expected=seen), self._told)

    async def do_parts(self) -> None:
        """Enter: the parts of a task below it, or all that is to be known of it."""
        line = self.chosen_task()
        if line is None:
            return
        if not line.parts:
            await self.do_read()
            return
        closing = line.task in self.opened
        self.opened = self.opened ^ {line.task}
        if closing:
            self.key = str(line.task)
        self.show_tasks()

    async def do_read(self) -> None:
        """All of a task: text, parts, visit, and how one conducts oneself (R71 to R74)."""
        line = self.chosen_task()
        if line is None:
            return
        said = [_plain(each) for each in self.task_detail(line)]
        said += [f" {MARKS['dropped' if p.dropped else 'done' if p.done else 'open']} {self.w.name(p.text)} {p.by}"
                 for p in line.parts]  # fmt: skip
        said += ["", self.w("checklist.conduct"), *(f" {self.w.name(c.text)}" for c in self.session.policy.conduct)]
        await self.page.answer(TextDialog(self.w.name(line.text), "\n".join(said)))

    async def do_assign(self) -> None:
        """Name who answers for the task."""
        line = self.chosen_task()
        if line is None:
            return
        helper = await self._helper(line, self.w("checklist.assign_title"))
        if helper is not None:
            session = self.session
            self.page.write(
                lambda: task_verbs.assign(session, line.task, helper or None, expected=line.version), self._told
            )

    async def _helper(self, line: TaskLine, title: str) -> int | None:
        """Who is picked for a task, 0 for nobody; None when it was closed or the actor may not."""
        session = self.session
        if not await self._allowed(line):
            return None
        found = await self.page.shell.thread(lambda: helpers(session, line.task))
        rows = [Row(str(each.person), (each.name, " ".join(map(self.w.name, each.posts))), find=each.find)
                for each in found]  # fmt: skip
        if line.assignee:
            rows.append(Row(NOBODY, (self.w("checklist.nobody"), "")))
        key = await self.page.answer(PickOne(title, rows, (Column("", 16), Column())))
        return int(key) if key is not None else None

    async def _allowed(self, line: TaskLine) -> bool:
        session = self.session
        refused = await self.page.shell.thread(lambda: task_refusal(session, line.task))
        if refused is not None:
            self.page.refuse(self.page.reason(refused))
        return refused is None

    def why_not_drop(self) -> str | None:
        """The policy must let this visit do without it (A25), and it must not be done."""
        line, part = self._task_and_part()
        if line is None:
            return self.w("checklist.none_chosen")
        if part is not None and line.state != "dropped":
            chosen = line.parts[part]
            if chosen.done:
                return self.w("refused.task.done")
            return None if chosen.may_drop or chosen.dropped else self.w("refused.may_not_drop")
        if line.state == "done":
            return self.w("refused.task.done")
        return None if line.may_drop or line.state == "dropped" else self.w("refused.may_not_drop")

    async def do_drop(self) -> None:
        """Leave a task or part out, with the reason; one left out is asked for again."""
        line, part = self._task_and_part()
        if line is None or not await self._allowed(line):
            return
        session, seen = self.session, line.version
        part = None if line.state == "dropped" else part
        if line.parts[part].dropped if part is not None else line.state == "dropped":
            self.page.write(lambda: task_verbs.undrop(session, line.task, expected=seen, part=part), self._told)
            return
        what = line.parts[part].text if part is not None else line.text
        title = self.w("checklist.drop_title", task=self.w.name(what))
        why = TextField(self.w("checklist.why"), id="why")
        done = await self.page.answer(
            FormDialog(
                title, [why], needed=[why],
                save=lambda: task_verbs.drop(session, line.task, why.value, expected=self._seen_now(line), part=part),
                freshness=Freshness(lambda: self._seen_now(line), lambda: overtaken(line.visit)),
            )
        )  # fmt: skip
        if done is not None:
            self._told(done)

    def _seen_now(self, line: TaskLine) -> int:
        """The version of a task on the screen now, which others may have changed under an open box."""
        return next((each.version for each in self.tasks if each.task == line.task), line.version)

    # -- several tasks at once ---------------------------------------------------------------------------

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
            self.last_many = tuple((each.task, each.version) for each in done.each)
            self.last_tick = None
            self.page.say(self.w.text(done.message))

        self.page.write(lambda: task_verbs.tick_many(session, wanted), told)

    def _undo_many(self) -> None:
        """Take back all that were ticked at once."""
        if not self.last_many:
            return
        session = self.session
        wanted, self.last_many = self.last_many, ()
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


# -- the screen -------------------------------------------------------------------------------------------------------

DETAIL = 3
PROGRESS = 2
ALL, MINE = "*", "@"
"""Stops beside the parties: everybody's tasks, and one's own."""


class Tasks(TaskList):
    """The list of the Checklist."""

    def __init__(self, page: ChecklistScreen) -> None:
        super().__init__(empty=page.w("checklist.empty"), id="tasks")
        self.page: ChecklistScreen = page

    @property
    def tasks(self) -> tuple[TaskLine, ...]:
        return self.page.shown.lines if self.page.shown else ()

    def show_tasks(self) -> None:
        self.page.show_tasks()

    def whose(self) -> str:
        return self.page.whose()


class ChecklistScreen(Page):
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
