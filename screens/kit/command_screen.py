"""What a screen can do: reading and writing in threads, dialogs, and the commands of the registry by key."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.events import Key
from textual.screen import Screen
from textual.widget import Widget

from models.errors import Refused
from models.words import Words
from screens.kit.commands import Command, commands_of
from screens.kit.keys import key_label, plain_key

if TYPE_CHECKING:
    from models.services.session import Session
    from screens.kit.shell import Shell

T = TypeVar("T")


class CommandScreen(Screen[Any]):
    """The part of `screens.kit.page.Page` that does things; a screen is made from `Page`."""

    WHERE: ClassVar[str] = ""
    said = ""
    """The message in the message line now."""

    def __init__(self) -> None:
        super().__init__()
        self.composing = asyncio.Lock()
        """Held while the widgets are made anew: what was read waits until they are there."""

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

    def say(self, text: str) -> None:
        """A message in the message line, until the next key."""
        raise NotImplementedError

    def show_keys(self) -> None:
        """Draw the line of keys anew: the commands that apply now, F1 last."""
        raise NotImplementedError

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

    @property
    def tabbed(self) -> bool:
        """Whether the tabs are in sight, whose digits then change the screen; else digits are the screen's own."""
        raise NotImplementedError

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
