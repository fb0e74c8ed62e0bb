"""`Page`: the base of every full screen: head, work, one message line, one line of keys; what a screen can do (read and
write in threads, dialogs, the commands of the registry by key). `ByDay`: a page about one day."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, cast, runtime_checkable

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import DescendantBlur, DescendantFocus, Key, Resize
from textual.screen import Screen
from textual.widget import Widget

from models.errors import Refused
from models.words import Unreadable, Words, cell_len, cut, pad
from screens.kit.commands import Command, commands_of, key_label, plain_key
from screens.kit.linelist import LineList
from screens.kit.text import Line, Lines, Piece, abreast, pieces_of

if TYPE_CHECKING:
    from models.services.session import Session
    from screens.kit.shell import Shell


@runtime_checkable
class Keeps(Protocol):
    """A widget whose state outlives a change of language: it needs an `id`."""

    def keep(self) -> Any:
        """What must not be lost."""
        ...

    def restore(self, state: Any) -> None:
        """Take back what `keep` gave."""
        ...


SHORT_TAB = 4
"""To so many cells the names of tabs are shortened where the line has no room for them."""

T = TypeVar("T")


class Page(Screen[Any]):
    """A full screen. A subclass sets `WHERE`, yields its widgets in `body`, and fills them in `reload`.

    Its commands stand in `screens.kit.commands`; their methods are called `do_…`, sync or async (an async one may
    await `self.answer(dialog)`).
    """

    AUTO_FOCUS = "#work LineList, #work Field, #work *"
    DEFAULT_CSS = """
    Page { layout: vertical; overflow: hidden; }
    Page > #head { height: 3; }
    Page > #work { height: 1fr; width: 1fr; }
    Page > #message, Page > #keys, Page > #find { height: 1; }
    """

    WHERE: ClassVar[str] = ""
    popup = False
    """Opened over another screen: no tabs in its head."""
    said = ""
    """The message in the message line now."""

    def __init__(self) -> None:
        super().__init__()
        self.composing = asyncio.Lock()
        """Held while the widgets are made anew: what was read waits until they are there."""
        self._headline = ""
        self._note: Line = ""
        self._seen: object = None
        self._language = ""
        self._found: LineList | None = None
        self._catching_up = asyncio.Event()

    # -- what a subclass says ------------------------------------------------------------------------------

    def body(self) -> ComposeResult:
        """The widgets of the work area; called again after a change of language."""
        yield from ()

    def reload(self) -> None:
        """Read anew what is shown: `self.read(query, self.show)`. Called when the screen is shown and something
        may have changed: own writes, others' changes, midnight, language."""

    def minute(self, now: datetime) -> None:
        """A minute began (local time); change only what must."""

    def save_now(self) -> None:
        """The program ends at once: save what is being typed. Must be quick."""

    def tab_line(self) -> Line:
        """The second line of the head; a subclass may show something else than the tabs."""
        whole = self._tabs(99)
        return whole if sum(cell_len(text) for text, _ in whole) <= self.size.width + 1 else self._tabs(SHORT_TAB)

    def _tabs(self, most: int) -> list[Piece]:
        """The tabs with what is to be done there; the names of those that are not open in at most so many cells."""
        tabs: list[Piece] = [(" ", "")]
        for tab in self.shell.tabs:
            count = self.shell.status.counts.get(tab.screen, 0)
            here = tab.screen == self.app.current_mode
            name = self.w(f"kit.tab.{tab.screen}")
            label = f"{tab.digit}{name if here else cut(name, most)}"
            tabs += [(label, "cursor" if here else ""), (f" {count} " if count else " ", "")]
        return tabs

    @property
    def tabbed(self) -> bool:
        """Whether the tabs are in sight, whose digits then change the screen; else digits are the screen's own."""
        return not self.popup and type(self).tab_line is Page.tab_line

    # -- what a subclass uses ------------------------------------------------------------------------------

    @property
    def shell(self) -> Shell:
        """The program around this screen."""
        return cast("Shell", self.app)

    @property
    def session(self) -> Session:
        """Who acts, when, by which policy."""
        return self.shell.session

    @property
    def w(self) -> Words:
        """The sentences in the reader's language."""
        return self.shell.w

    @property
    def headline(self) -> str:
        """The title, left in the first line."""
        return self._headline

    @headline.setter
    def headline(self, text: str) -> None:
        self._headline = text
        self.show_head()

    def say(self, text: str) -> None:
        """A message in the message line, until the next key."""
        self.said = text
        self._show_message()

    def note(self, line: Line) -> None:
        """What the message line says as long as there is no message."""
        self._note = line
        self._show_message()

    def refuse(self, text: str) -> None:
        """The reason why what a key asks for is not done, in the message line; keys typed before it could be read are
        swallowed."""
        self.complain(text)
        if text:
            self.shell.refused()

    def complain(self, text: str) -> None:
        """What went wrong, in the message line, while somebody types something else."""
        self.say(f"! {text}" if text else "")

    def read(self, fn: Callable[[], T], then: Callable[[T], object], *, group: str = "read") -> None:
        """Run `fn` in a thread and give its result to `then` on the event loop, if this screen is still there
        and nothing newer of the same `group` was asked meanwhile. An error becomes one sentence."""
        self._begin(fn, then, write=False, group=group, exclusive=True)

    def write(self, fn: Callable[[], T], then: Callable[[T], object] | None = None) -> None:
        """Run a service in the writing thread, one after the other; then `then(result)` and everything on
        screen is read anew. A `Refused` becomes one sentence."""
        self._begin(fn, then or (lambda _: None), write=True, group="write")

    def nobody_acts(self) -> str | None:
        """The reason where nobody who is registered acts."""
        return None if self.session.actor.person is not None else self.w("refused.nobody_acts")

    async def answer(self, dialog: Screen[T]) -> T | None:
        """Show a dialog and wait for what it is dismissed with; for `async def do_…` only."""
        return await self.app.push_screen_wait(dialog)

    def ask(self, dialog: Screen[T], then: Callable[[T], object]) -> None:
        """Show a dialog; `then` gets what it is dismissed with, unless it was closed with Esc."""

        def closed(result: T | None) -> None:
            if result is not None:
                then(result)

        self.app.push_screen(dialog, closed)

    def back(self) -> None:
        """Close this screen if it lies over another."""
        if len(self.app.screen_stack) > 1:
            self.dismiss()

    # -- what more than one screen does --------------------------------------------------------------------

    def do_new(self) -> None:
        """A new request."""
        self.shell.open("wizard")

    def do_standards(self) -> None:
        """F6: the standards over this screen, and away again."""
        self.shell.do_standards()

    def do_muster(self) -> None:
        """F12: who is on site."""
        self.shell.open("muster")

    def do_journal(self) -> None:
        """F11: who did what."""
        self.shell.open("journal")

    def why_not_journal(self) -> str | None:
        """It must not be open already."""
        return self.w("journal.open_already") if self.WHERE == "journal" else None

    def why_not_muster(self) -> str | None:
        """It must not be open already."""
        return self.w("muster.open_already") if self.WHERE == "muster" else None

    def why_not_person(self) -> str | None:
        """There must be people to choose from."""
        return self.shell.why_not_person()

    # -- commands ------------------------------------------------------------------------------------------

    def barred(self, verb: str) -> str | None:
        """The reason why the actor may not do the verb to what is chosen here, as far as it is known."""
        raise NotImplementedError

    def target(self, command: Command[Any]) -> Any:
        """What does the command: this screen, or a widget of it that has commands of its own."""
        return self

    def why_not(self, command: Command[Any]) -> str | None:
        """The reason why a command does not apply now, None when it does."""
        return command.why_not(self.target(command))

    async def run_command(self, command: Command[Any]) -> None:
        """Do it, or say why not."""
        reason = self.why_not(command)
        if reason is not None:
            self.refuse(reason)
            return
        try:
            result = command.run(self.target(command))
        except Refused as refused:
            self.refuse(self.reason(refused))
            return
        if inspect.isawaitable(result):
            self.run_worker(self._awaiting(result), group="do")

    def reason(self, refused: Refused) -> str:
        """The sentence for why something was refused."""
        try:
            return self.w.text(refused.phrase)
        except KeyError as missing:
            return self.w("kit.went_wrong", number=self.shell.incident(missing))

    async def _awaiting(self, done: Awaitable[object]) -> None:
        try:
            await done
        except Refused as refused:
            self.refuse(self.reason(refused))
        except Exception as error:
            self.refuse(self.w("kit.went_wrong", number=self.shell.incident(error)))

    def _begin(self, fn: Callable[[], T], then: Callable[[T], object], *, write: bool, **how: Any) -> None:
        # Not a coroutine: one that is replaced before it began would be left unawaited.
        job: Any = partial(self._job, fn, then, write=write)
        self.run_worker(job, **how)

    async def _job(self, fn: Callable[[], T], then: Callable[[T], object], *, write: bool) -> None:
        try:
            result = await self.shell.thread(fn, write=write)
        except Refused as refused:
            (self.refuse if write else self.complain)(self.reason(refused))
            if write:
                self.shell.changed()
            return
        except Exception as error:
            (self.refuse if write else self.complain)(self.w("kit.went_wrong", number=self.shell.incident(error)))
            return
        async with self.composing:
            if self.is_attached and not self._pruning:  # else it is closed, its widgets are going
                then(result)
                self.show_keys()
        if write:
            self.shell.changed()

    async def on_key(self, event: Key) -> None:
        """Every key that no widget took: look it up in the registry."""
        key = plain_key(event.key, event.character)
        if self._belongs_to_field(event.key):
            return
        if self.said:
            self.say("")
        command = self.keyed(key)
        if command is not None:
            event.stop()
            event.prevent_default()
            await self.run_command(command)
        elif event.is_printable:
            self.refuse(self.w("kit.no_key", key=key_label(key, self.w)))

    def _belongs_to_field(self, key: str) -> bool:
        focused = self.focused
        return getattr(focused, "takes_text", False) and key in cast(Widget, focused)._bindings.key_to_bindings

    @property
    def part(self) -> str:
        """The part of this screen that is shown, of a screen that has tabs of its own."""
        return ""

    def _offered(self, command: Command[Any]) -> bool:
        """False for a tab that is not in sight, and for what belongs to another part of this screen."""
        if command.parts and self.part not in command.parts:
            return False
        return not command.opens or (self.tabbed and any(tab.screen == command.opens for tab in self.shell.tabs))

    def command(self, tail: str) -> Command[Any]:
        """The command of this screen whose id ends so."""
        return next(each for each in commands_of(self.WHERE) if each.tail == tail)

    def keyed(self, key: str) -> Command[Any] | None:
        """What a key does here and now."""
        return next((command for command in self.offered() if key in command.keys), None)

    def offered(self) -> list[Command[Any]]:
        """All commands of this screen, its own first."""
        return [command for command in commands_of(self.WHERE) if self._offered(command)]

    def do_menu(self) -> None:
        """F2: the numbered menu of what can be done here."""
        from screens.kit.dialogs import Menu

        entries = [(command, self.why_not(command)) for command in self.offered() if command.menu]
        self.app.push_screen(Menu(entries, self.w), self._chosen)

    async def _chosen(self, command: Command[Any] | None) -> None:
        if command is not None:
            await self.run_command(command)

    def do_help(self) -> None:
        """F1: the screen's prose and its keys."""
        from screens.kit.dialogs import Help

        self.app.push_screen(Help(self.WHERE, self.offered(), self.w))

    # -- finding and going back ------------------------------------------------------------------------------

    def why_not_find(self) -> str | None:
        """There must be a list to look through."""
        return None if self._list() else self.w("kit.nothing_to_find")

    def do_find(self) -> None:
        """F3 and /: filter the list as you type."""
        from screens.kit.choices import FindField

        found = self._list()
        if found is None:
            return
        self._found = found
        fields = list(self.query("#find").results(FindField))
        for field in fields:
            field.look_in(found)
        if not fields:
            self.mount(FindField(found, self.w("kit.find")), before="#keys")
        self._show_message()

    def find_ended(self) -> None:
        """The find field was closed: back to the list."""
        for field in self.query("#find"):
            field.display = False
        if self._found is not None:
            self._found.focus()
        self._show_message()

    def do_back(self) -> None:
        """Esc: the filter, then the screen on top, then Today."""
        found = self._list()
        if found is not None and found.sought:
            found.sought = ""
            self._show_message()
        elif len(self.app.screen_stack) > 1:
            self.back()
        else:
            self.shell.home()

    def _list(self) -> LineList | None:
        if isinstance(self.focused, LineList):
            return self.focused
        return next((each for each in self.query("#work LineList").results(LineList) if each.can_focus), None)

    # -- the frame -----------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        self._language = self.w.language
        head = Lines(id="head")
        if self.popup:
            head.styles.height = 2
        yield head
        with Container(id="work"):
            yield from self.body()
        yield Lines(id="message")
        yield Lines(id="keys")

    def on_mount(self) -> None:
        self.show_frame()

    def show_frame(self) -> None:
        """Draw head, message and keys anew, where they changed."""
        self.show_head()
        self.show_keys()
        self._show_message()

    def show_head(self) -> None:
        """Draw title, tabs and rule anew, where they changed."""
        if (head := self._line_of("head")) is not None:
            width = self.size.width
            rule = "-" * width
            lines = [self._title(width), rule] if self.popup else [self._title(width), self.tab_line(), rule]
            head.set_lines(lines)

    def _title(self, width: int) -> Line:
        status = self.shell.status
        due = self.w("kit.due", n=status.due) if status.due else ""
        left = f" {self.w('kit.product')}  {self._headline}"
        right = self.w("kit.close") if self.popup else "   ".join(part for part in (status.who, due) if part)
        if not self.popup and cell_len(left) + cell_len(right) + 3 > width:  # the tabs say what is due
            right = status.who
        right = cut(right, max(8, width - cell_len(left) - 3), ellipsis=True)
        return pad(left, width - cell_len(right) - 2) + " " + right

    def show_keys(self) -> None:
        """Draw the line of keys anew: the commands that apply now, F1 last."""
        if (keys := self._line_of("keys")) is not None:
            over = getattr(self.app.screen, "keys_line", None)  # of a box, whose keys they are then
            keys.set_lines([self._key_line(self.size.width) if over is None else f" {over}"])

    def _key_line(self, width: int) -> str:
        offered = [c for c in self.offered() if c.footer and c.keys and self.why_not(c) is None]
        shown = [(c.where != "app", f"{key_label(c.keys[0], self.w)} {self.short(c)}") for c in offered]
        fitting, room = [text for own, text in shown if not own], width - 1
        own = [text for mine, text in shown if mine]
        while len(fitting) > 2 and sum(cell_len(text) + 2 for text in own + fitting) > room:
            del fitting[-2]
        while own and sum(cell_len(text) + 2 for text in own + fitting) > room:
            del own[-1]
        return " " + "  ".join(own + fitting)

    def short(self, command: Command[Any]) -> str:
        """What the line of keys says for a command; a subclass may say what it would do just now."""
        short = f"commands.{command.id}.short"
        return self.w(short if self.w.has(short) else f"commands.{command.id}.name")

    def _show_message(self) -> None:
        if (message := self._line_of("message")) is None:
            return
        found = self._list()
        line: Line = self._note
        if self.said:
            line = f" {self.said}"
        elif found is not None and found.sought:
            line = f" {self.w('kit.filtered', text=found.sought)}"
        elif found is not None and (short := found.shortened()):
            line = abreast(f" {'  '.join(short)}  ", self._note)
        field = self.query_one_optional("#find")
        message.display = bool(self.said) or field is None or not field.display
        message.set_lines([self._placed(line, found.where if found is not None and not self.said else "")])

    def _line_of(self, name: str) -> Lines | None:
        """A line of the frame, None while there is none. A query would match every widget of the screen for it."""
        return self.query_one_optional(f"#{name}", Lines) if self.is_attached and self.is_mounted else None

    def _placed(self, line: Line, where: str) -> Line:
        """A message, and right of it which rows of a list without a head are in sight."""
        pieces = pieces_of(line, self.size.width)
        room = self.size.width - sum(cell_len(text) for text, _ in pieces) - cell_len(where) - 1
        return [*pieces, (" " * room + where, "dim")] if where and room > 0 else line

    def on_line_list_scrolled(self, event: LineList.Scrolled) -> None:
        self._show_message()

    def on_resize(self, event: Resize) -> None:
        self.show_frame()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        self.show_keys()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        self.show_keys()

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        if self.said and event.by_hand:
            self.said = ""
        self._show_message()
        self.show_keys()

    async def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        command = self.keyed("enter")
        if command is not None:
            await self.run_command(command)

    # -- staying up to date --------------------------------------------------------------------------------

    async def on_screen_resume(self) -> None:
        self.show_keys()
        await self.catch_up()

    def on_screen_suspend(self) -> None:
        self.show_keys()

    @property
    def behind(self) -> bool:
        """Whether something was written since this screen was last filled."""
        return self._seen is not None and self._seen != self.shell.version

    async def caught_up(self) -> None:
        """Wait until this screen, in sight, reads what was written."""
        while self.behind:
            self._catching_up.clear()
            await self._catching_up.wait()

    async def catch_up(self) -> None:
        """Read anew if anything may have changed since this screen was last filled."""
        if self._language != self.w.language:
            await self.relabel()
        elif self.composing.locked():  # by another look at the same change
            async with self.composing:
                pass
        if self._seen != self.shell.version:
            self._seen = self.shell.version
            self._catching_up.set()
            self.show_head()
            self.reload()

    async def relabel(self) -> None:
        """Compose anew in the present language; what is typed and where the cursor stands stays."""
        self._language = self.w.language
        async with self.composing:
            kept = {w.id: w.keep() for w in self.query("#work *") if w.id and isinstance(w, Keeps)}
            focused = self.focused.id if self.focused is not None else None
            await self.recompose()
            for widget in self.query("#work *"):
                if widget.id in kept and isinstance(widget, Keeps):
                    widget.restore(kept[widget.id])
            if focused and (again := self.query(f"#{focused}")):
                again.first().focus()
        self._seen = None
        self.show_frame()


class ByDay(Page):
    """A page about one day. A subclass says in `day` which one is shown, and shows another in `go_day`."""

    STEP: ClassVar = timedelta(days=1)
    """How far it is from one day to the one before or after."""

    @property
    def day(self) -> date:
        """The day that is shown."""
        raise NotImplementedError

    def go_day(self, day: date) -> None:
        """Show another day."""
        raise NotImplementedError

    def do_earlier(self) -> None:
        """One step back."""
        self.go_day(self.day - self.STEP)

    def do_later(self) -> None:
        """One step on."""
        self.go_day(self.day + self.STEP)

    def do_this_day(self) -> None:
        """Back to today."""
        self.go_day(self.shell.now().date())

    async def do_go_to(self) -> None:
        """Any day, typed: `fri`, `+3`, `12-1`, `周五`."""
        from models.words.dates import parse_date
        from screens.kit.dialogs import Ask

        today = self.shell.now().date()

        def check(text: str) -> str | None:
            try:
                parse_date(text, today)
            except Unreadable as error:
                return self.w.text(error.phrase)
            return None

        typed = await self.answer(Ask(self.w("kit.go_to"), check=check, max_length=20))
        if typed is not None:
            self.go_day(parse_date(typed, today))
