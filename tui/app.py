"""The shell: screens by name, tabs, the head's facts, language, others' changes, the clock, leaving."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import cache, partial
from typing import Any, TypeVar, cast

from rich.console import RenderableType
from textual.events import Event, Key, Paste, Resize
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import WorkerFailed

from models.words import Words, words
from screens.kit.commands import BY_SCREEN
from screens.kit.linelist import Row
from screens.kit.page import Page
from screens.kit.shell import Status, Tab
from tui.idle import Idle
from tui.key_queue import KeyQueue
from tui.screen_diff import DiffedApp
from tui.terminal import PATIENCE, give_up_after, keep_memory, watch_signals

SCREENS = {
    "today": "screens.today:Today",
    "calendar": "screens.calendar:Calendar",
    "requests": "screens.requests:Requests",
    "approvals": "screens.approvals:Approvals",
    "checklist": "screens.checklist:ChecklistScreen",
    "standards": "screens.standards:Standards",
    "clients": "screens.clients:Clients",
    "statistics": "screens.statistics:StatisticsScreen",
    "register": "screens.register:RegisterScreen",
    "tables": "screens.regulation:PolicyTables",
    "resources": "screens.resources:Resources",
    "stand_ins": "screens.stand_ins:StandInsScreen",
    "lanes": "screens.lanes:LanesScreen",
    "change": "screens.day_actions:DayActions",
    "notifications": "screens.notifications:Notifications",
    "wizard": "screens.wizard.wizard_screen:Wizard",
    "visit": "screens.visit.visit_screen:VisitScreen",
    "receipts": "screens.receipts:Receipts",
    "papers": "screens.papers:Papers",
    "handover": "screens.handover:HandoverScreen",
    "journal": "screens.journal_screen:JournalScreen",
    "recorded": "screens.recorded:RecordedScreen",
    "muster": "screens.muster:MusterScreen",
    "first_run": "screens.first_run:FirstRun",
}
"""Screens by id; each is imported when it is first opened."""

TABS = ("today", "calendar", "requests", "approvals", "checklist", "standards", "clients", "statistics", "register")
"""The screens of the tabs; the place is the digit."""


SMALLEST = (60, 20)
"""Columns and rows below which nothing is drawn."""


class TooSmall(Screen[None]):
    """Shown while the window is too small to work in."""

    def render(self) -> str:
        """The one line."""
        return str(cast(Any, self.app).w("kit.small"))

    def on_key(self, event: Key) -> None:
        if event.key == "f10":
            cast(Any, self.app).do_leave()


class Speller:
    """Has names spelt that were stored without, in a thread that leaving the program does not wait for."""

    def __init__(self, app: Any, spell: Callable[[Any], int]) -> None:
        """`spell` is given the app's session, takes seconds and gives how many names it spelt."""
        self._app, self._spell = app, spell
        self._busy = threading.Lock()

    def begin(self) -> None:
        """Begin, unless it is being done; what is found by the new spellings is read anew after it."""
        if self._busy.acquire(blocking=False):
            threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        after: Callable[[], object] | None
        try:
            after = self._app.spelt if self._spell(self._app.session) else None
        except Exception as error:
            after = partial(self._app.incident, error)
        finally:
            self._busy.release()
        if after is not None:
            with suppress(RuntimeError):  # the screens were left meanwhile
                self._app.call_from_thread(after)


class ActorBox:
    """The box that asks for one of the people; who is spelt while it is open is found in it, too."""

    def __init__(self, app: Any, people: Callable[[Words], Iterable[Row]]) -> None:
        """`people` lists those who may act, in a thread."""
        self._app, self._people = app, people
        self._box: Any = None

    def ask(self, chosen: Callable[[str | None], None]) -> None:
        """Open the box; `chosen` gets the key of who was chosen, None where nobody was."""
        from screens.kit.dialogs import PickOne

        def listed(rows: list[Row]) -> None:
            self._box = PickOne(self._app.w("kit.who_acts"), rows)
            self._app.push_screen(self._box, closed)

        def closed(key: str | None) -> None:
            self._box = None
            chosen(key)

        self._read(listed)

    def renew(self) -> None:
        """List them anew where the box is open."""
        if self._box is not None:
            self._read(self._again)

    def _again(self, rows: list[Row]) -> None:
        if self._box is not None:
            self._box.list.set_rows(rows)

    def _read(self, then: Callable[[list[Row]], None]) -> None:
        for page in self._app.pages():
            page.read(lambda: list(self._people(self._app.w)), then, group="people")


T = TypeVar("T")

HOME = "today"
"""The screen that Esc leads to from all others of the tabs."""
POLL = 1.5
"""Seconds between two looks at the journal's head and the clock."""
PAINTED = 0.5
"""Seconds after which what was read is taken for painted."""


@cache
def _is_there(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


class Jiedai(DiffedApp):
    """The program on the screen. Loosely tied: `session` is handed to the screens as it is; the rest are callables.

    `said_by` gives the sentences of a language as a session's organisation says them; `head` a number that grows with
    every change, `status` the facts of title and tabs (both run in a thread);
    `people` lists who may act and `act_as` gives the session of one of them; `keep_language` stores the choice.
    `renew` gives a session the policy of today (in a thread): at midnight another version may come into force.
    `spell` spells the names that were stored without, and gives how many (in a thread of its own, for seconds).
    `files` are those in use (`config`, `store`); `leave_for` is told what is wanted in place of these screens.
    `seconds` counts the time between keys; after `idle` seconds without one the program is left (0: never).
    `resume` is a draft that a dropped line left open, and the sentence that says where one was.
    """

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    theme = Reactive("ansi-dark")
    HORIZONTAL_BREAKPOINTS = VERTICAL_BREAKPOINTS = []  # nothing is styled by them: a window sets no class

    def __init__(
        self,
        session: Any,
        *,
        start: str = "today",
        tabs: Sequence[str] = TABS,
        screens: dict[str, str] | None = None,
        language: str = "zh",
        head: Callable[[], int] = lambda: 0,
        said_by: Callable[[str, Any], Words] = lambda language, session: words(language),
        status: Callable[[Any, Words], Status] = lambda session, w: Status(),
        people: Callable[[Words], Iterable[Row]] = lambda w: (),
        act_as: Callable[[str], Any] | None = None,
        keep_language: Callable[[str], None] = lambda language: None,
        renew: Callable[[Any], Any] = lambda session: session,
        spell: Callable[[Any], int] = lambda session: 0,
        incident: Callable[[BaseException], str] | None = None,
        notice: str = "",
        files: Mapping[str, str] | None = None,
        leave_for: Callable[[str, str], None] = lambda place, language: None,
        idle: float = 0,
        resume: tuple[int, str] | None = None,
        wide_marks: bool = False,
        seconds: Callable[[], float] = time.monotonic,
        driver_class: Any = None,
    ) -> None:
        super().__init__(driver_class=driver_class, whole_rows=wide_marks)
        self.session = session
        self.w = said_by(language, session)
        self.status = Status()
        self.places = {**SCREENS, **(screens or {})}
        digits = {command.opens: command.keys[0] for command in BY_SCREEN["app"] if command.opens}
        self.tabs = tuple(Tab(digits.get(name, str(at)), name) for at, name in enumerate(tabs, 1) if self.has(name))
        self.start = start
        self.notice, self._resume = notice, resume
        self.left_idle = False
        """Whether the program ended because nobody pressed a key."""
        self.files = dict(files or {})
        self.crashed = ""
        """The number of the incident that ended the program."""
        self.incidents: list[BaseException] = []
        self._head_query, self._status_query = head, status
        self._act_as, self._keep_language, self._renew = act_as, keep_language, renew
        self._acting = ActorBox(self, people)
        self._incident, self._leave_for, self._said_by = incident, leave_for, said_by
        self._head: int | None = None
        self._writes = 0
        self._minute: datetime | None = None
        self._looking = asyncio.Lock()
        self._readers = ThreadPoolExecutor(2, "read")
        self._writer = ThreadPoolExecutor(1, "write")
        self._key_queue = KeyQueue(self, self._hand, seconds)
        self.refused, self.opened = self._key_queue.refused, self._key_queue.opened
        self._speller = Speller(self, spell)
        self._idle = Idle(idle, self._leave_idle)
        self.animation_level = "none"
        for tab in self.tabs:
            self.add_mode(tab.screen, lambda name=tab.screen: self.load(name))  # type: ignore[misc]  # a bound name
        if not any(tab.screen == start for tab in self.tabs):
            self.add_mode(start, lambda: self.load(start))
        self._current_mode = start
        self._screen_stacks = {start: []}

    # -- screens -------------------------------------------------------------------------------------------

    def has(self, screen: str) -> bool:
        """Whether this program has that screen; nothing is imported for the answer but its package."""
        path = self.places.get(screen, "").partition(":")[0]
        return bool(path) and _is_there(path)

    def load(self, screen: str, *args: Any, **facts: Any) -> Screen[Any]:
        """A new screen of that id."""
        module, _, name = self.places[screen].partition(":")
        new = cast("Screen[Any]", getattr(importlib.import_module(module), name)(*args, **facts))
        new._css_update_count = self._css_update_count  # it has no style of old: no need to read all of them anew
        return new

    def open(self, screen: str, *args: Any, then: Callable[[Any], None] | None = None, **facts: Any) -> None:
        """Open a screen by id over the present one; `then` gets what it is dismissed with, unless None."""

        def closed(result: Any) -> None:
            if result is not None and then is not None:
                then(result)

        self.push_screen(self.load(screen, *args, **facts), closed)

    def go(self, screen: str) -> None:
        """Switch to a screen of the tabs."""
        self.switch_mode(screen)

    def do_standards(self) -> None:
        """F6: the standards over any screen, and away again."""
        if isinstance(self.screen, Page) and self.screen.WHERE == "standards":
            if self.screen.popup:
                self.screen.dismiss()
            return
        popup = self.load("standards")
        if isinstance(popup, Page):
            popup.popup = True
        self.push_screen(popup)

    # -- facts of the head, others' changes, the clock -----------------------------------------------------

    @property
    def version(self) -> object:
        """Changes whenever what is on screen may be out of date; None until the journal's head is known, so that the
        first screen is read once."""
        if self._head is None:
            return None
        return (self._head, self._writes, self.now().date(), self.w.language, self.session)

    def now(self) -> datetime:
        """Local wall clock of the organisation, naive."""
        return cast(datetime, self.session.clock()).replace(tzinfo=None)

    async def thread(self, fn: Callable[[], T], *, write: bool = False) -> T:
        """Run `fn` in a reading thread or in the one writing thread."""
        pool = self._writer if write else self._readers
        return await asyncio.get_running_loop().run_in_executor(pool, fn)

    def changed(self) -> None:
        """The store was written here: everything on screen is read anew."""
        self._writes += 1
        self.run_worker(self._look(force=True), group="look")

    def spelt(self) -> None:
        """Names were spelt: everything on screen is read anew, and who may act."""
        self.changed()
        self._acting.renew()

    async def on_mount(self) -> None:
        self._minute = self.now().replace(second=0, microsecond=0)
        self._key_queue.begin()
        if not self.is_headless:
            watch_signals(self.hang_up)
            self.set_timer(POLL, keep_memory)
        self._loop_here = asyncio.get_running_loop()
        self._idle.begin()
        if self._resume is not None:
            self.call_after_refresh(self._offer, *self._resume)
        if self.notice:
            self.announce(self.notice)
        self.set_interval(POLL, self.tick)
        self.run_worker(self._look(force=True), group="look")

    def _offer(self, visit: int, where: str) -> None:
        """Ask whether to go on where a dropped line cut one off."""
        from screens.kit.dialogs import Confirm

        def chosen(yes: bool | None) -> None:
            if yes:
                self.open("wizard", visit)

        yes, no = self.w("kit.resume_yes"), self.w("kit.resume_no")
        self.push_screen(Confirm(self.w("kit.resume_asked"), yes, no, where), chosen)

    def on_unmount(self) -> None:
        self._idle.end()
        # A thread keeps the stderr it began with, which is the app's own: waiting for work, both would stay for ever.
        self._readers.shutdown(wait=False)
        self._writer.shutdown(wait=False)

    def tick(self) -> None:
        """See whether the minute or the day turned, else whether somebody changed anything; called every `POLL`."""
        minute = self.now().replace(second=0, microsecond=0)
        if minute != self._minute:
            turned = self._minute is None or minute.date() != self._minute.date()
            self._minute = minute
            self._speller.begin()
            for page in self.pages():
                page.minute(minute)
            if turned:
                self.run_worker(self._sit_at(self.session), group="look")
                return
        if not self._looking.locked():
            self.run_worker(self._look(), group="look")

    async def _sit_at(self, session: Any) -> None:
        """Go on at `session`, with the policy of today."""
        self.session = session
        await self._renewed()
        await self._look(force=True)

    async def _renewed(self) -> None:
        session = self.session
        try:
            renewed = await self.thread(lambda: self._renew(session))
            if self.session is session:
                self.session, self.w = renewed, self._said_by(self.w.language, renewed)
        except Exception as error:
            self.incident(error)

    async def _look(self, force: bool = False) -> None:
        """See whether the journal grew; then the open screen is read anew, and after it the head's facts."""
        async with self._looking:
            try:
                head = await self.thread(self._head_query)
                if head == self._head and not force:
                    return
                if self._head is not None and head != self._head:  # it may tell of a new version of the policy
                    await self._renewed()
            except Exception as error:
                self.incident(error)
                head = self._head or 0
            self._head = head
            for page in self.pages():
                await page.catch_up()
            await self._painted()
            try:
                self.status = await self.thread(lambda: self._status_query(self.session, self.w))
            except Exception as error:
                self.incident(error)
            for page in self.pages():
                page.show_head()
            self._speller.begin()

    async def _painted(self) -> None:
        """Until what the page in sight reads is on the screen; what is counted for the head would hold it up."""
        reads = [worker.wait() for worker in self.workers if worker.group == "read" and not worker.is_finished]
        await asyncio.gather(*reads, return_exceptions=True)
        painted = asyncio.Event()
        self.call_after_refresh(painted.set)
        with suppress(TimeoutError):  # a screen that is covered in this moment never calls back
            async with asyncio.timeout(PAINTED):
                await painted.wait()

    def pages(self) -> list[Page]:
        """The page in sight: the topmost of the stack, under whatever dialog."""
        return [screen for screen in self.screen_stack if isinstance(screen, Page)][-1:]

    def all_pages(self) -> list[Page]:
        """Every open page, also of the tabs out of sight."""
        return [s for stack in self._screen_stacks.values() for s in stack if isinstance(s, Page)]

    def incident(self, error: BaseException) -> str:
        """Keep the error in the private log; its number."""
        if isinstance(error, WorkerFailed):
            error = error.error
        self.incidents.append(error)
        return self._incident(error) if self._incident else str(len(self.incidents))

    # -- commands of every screen --------------------------------------------------------------------------

    async def do_language(self) -> None:
        """The other language, at once, with everything typed kept."""
        self.w = self._said_by("en" if self.w.language == "zh" else "zh", self.session)
        await self.thread(partial(self._keep_language, self.w.language), write=True)
        await self._look(force=True)

    def why_not_person(self) -> str | None:
        """Somebody must be registered, and changing allowed."""
        if self._act_as is not None:
            return None
        return self.w("kit.vouched" if self.session.office else "kit.no_people")

    def choose_person(self, then: Callable[[bool], None] = lambda chosen: None) -> None:
        """Ask who is acting; `then` is told whether somebody was chosen."""

        def chosen(key: str | None) -> None:
            if key is not None and self._act_as is not None:
                self._writes += 1
                self.session = self._act_as(key)
                self.run_worker(self._sit_at(self.session), group="look")
            then(key is not None)

        self._acting.ask(chosen)

    def home(self) -> None:
        """Esc on the outermost screen: to Today; there, or where there is no Today yet, only how one leaves is said."""
        if self.current_mode != HOME and any(tab.screen == self.current_mode for tab in self.tabs):
            self.go(HOME)
        else:
            self.action_help_quit()

    def do_leave(self) -> None:
        """Leave, with everything typed saved."""
        self.save_now()
        self.exit(0)

    def leave_for(self, place: str) -> None:
        """Leave; whoever opened the screens opens `place` (`demo`) then, in the language of now."""
        self._leave_for(place, self.w.language)
        self.do_leave()

    def save_now(self) -> None:
        """Let every open page save what is being typed."""
        for page in self.all_pages():
            try:
                page.save_now()
            except Exception as error:
                self.incident(error)

    def action_help_quit(self) -> None:
        """ctrl+c: say how to leave."""
        self._say(self.w("kit.leave_by"))

    async def action_quit(self) -> None:
        """ctrl+q: the same; a terminal that ctrl+s stopped goes on by it."""
        self.action_help_quit()

    def not_utf8(self) -> None:
        """Something was typed that is not UTF-8: say so, once the keys it was taken for are done with."""
        self.set_timer(0.2, lambda: self._say(self.w("kit.not_utf8")))

    def announce(self, text: str) -> None:
        """Say it on the page in sight."""
        self.call_after_refresh(self._say, text)

    def _say(self, text: str) -> None:
        for page in self.pages():
            page.say(text)

    # -- the end -------------------------------------------------------------------------------------------

    def hang_up(self, code: int = 129) -> None:
        """The line dropped or the process is told to end: save what is typed and leave at once."""
        give_up_after(PATIENCE, code)
        self.save_now()
        self.exit(return_code=code)

    def _leave_idle(self) -> None:
        """Nobody pressed a key for long: leave as when the line drops. Called from a thread of its own."""
        give_up_after(PATIENCE, 0)
        self.left_idle = True
        self._loop_here.call_soon_threadsafe(self._leave_saved)

    def _leave_saved(self) -> None:
        self.save_now()
        self.exit(return_code=0)

    def panic(self, *renderables: RenderableType) -> None:
        """Textual would print tracebacks; one line follows from `tui.terminal.run`."""
        self._fatal_error()

    def _fatal_error(self) -> None:
        """An error nobody foresaw: into the log, and leave."""
        error = self._exception or sys.exc_info()[1] or RuntimeError("panic")
        if not self.crashed:
            self.crashed = self.incident(error)
            self.save_now()
        self._close_messages_no_wait()

    # -- terminal ------------------------------------------------------------------------------------------

    async def on_event(self, event: Event) -> None:
        if isinstance(event, (Key, Paste)) and not event.is_forwarded:
            self._idle.touched()
            self._key_queue.typed(event)
        else:
            await super().on_event(event)

    async def _hand(self, event: Event) -> Widget:
        """Give what was typed to what has the focus."""
        target = self.focused or self.screen
        if not isinstance(self.screen, TooSmall) or (isinstance(event, Key) and event.key == "f10"):
            await super().on_event(event)
        return target

    def on_resize(self, event: Resize) -> None:
        small = event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]
        shown = isinstance(self.screen, TooSmall)
        if small and not shown:
            self.push_screen(TooSmall())
        elif shown and not small:
            self.pop_screen()
