"""One key after another: a key goes where the one before it led, also when both come in one packet of a slow line.

Textual hands each key to whatever has the focus when it arrives; a Tab that arrives with it is dealt with later.
Keys that were meant for what a refused key would have opened, or that would agree to what nobody can have read yet,
are not handed on at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any

from textual.app import App
from textual.events import Callback, Event, Key
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.worker import Worker, WorkerCancelled, WorkerFailed

from screens.kit.page import Page

PATIENCE = 2.0
"""Seconds a key waits at most for the one before it."""
READ = 0.5
"""Seconds a refusal must have stood on the screen before another key counts."""
PAINTED = 0.01
"""Seconds after the paint of what is to be agreed to, for keys that came while it was made."""
UNSEEN = 1.5
"""Seconds after which these are taken for painted."""
DOING, READING = ("do", "turn", "down", "write"), ("read",)
"""Groups of workers a key waits for: what the screen does; and what it reads when it was just opened or written to."""


class KeyQueue:
    """What is typed, in order. `hand` hands one event to the program and gives the widget that got it; `clock` counts
    seconds."""

    def __init__(self, app: App[int], hand: Callable[[Event], Awaitable[Widget]], clock: Callable[[], float]) -> None:
        self._app, self._hand, self._clock = app, hand, clock
        self._waiting: asyncio.Queue[tuple[Event, float]] = asyncio.Queue()
        """What came, and when."""
        self._deaf_until = float("-inf")
        """What came before is swallowed."""
        self._was: object = None
        """What was there when the event was handed on."""
        self._leading: asyncio.Task[None] | None = None
        """The wait for all that the event handed on last leads to."""

    def typed(self, event: Event) -> None:
        """A key or a paste came: it is handed on when all before it are dealt with."""
        self._waiting.put_nowait((event, self._clock()))

    def begin(self) -> None:
        """Hand on what is typed, from now on; the program is running."""
        self._app.screen_change_signal.subscribe(self._app, self._turned, immediate=True)
        self._app.run_worker(self._follow(), group="typed")

    def refused(self) -> None:
        """A key was refused: what came with it, and until the reason could be read, is swallowed."""
        self._deaf(READ)

    def opened(self) -> None:
        """What is to be agreed to has just opened: what was typed before it was on the screen is swallowed."""
        self._deaf(PAINTED)

    def _deaf(self, then: float) -> None:
        self._deaf_until = self._clock() + UNSEEN
        self._app.call_after_refresh(self._painted, then)

    def _painted(self, then: float) -> None:
        self._deaf_until = min(self._deaf_until, self._clock() + then)

    def _swallowed(self, event: Event, came: float) -> bool:
        """Whether it was typed before a refusal could be read; text typed on and on is one burst."""
        if came >= self._deaf_until:
            return False
        if isinstance(event, Key) and (event.is_printable or event.key == "enter"):
            self._deaf_until = max(self._deaf_until, came + READ)
        return True

    async def _follow(self) -> None:
        while True:
            event, came = await self._waiting.get()
            if not self._swallowed(event, came):
                self._was = self._now()
                await self._settled(await self._hand(event))

    async def _settled(self, target: Widget) -> None:
        """Wait until the event is dealt with, on the screen that is there by then. What opened a dialog may wait for
        a person, so it is waited for only as long as its screen is on top."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not await self._led(target):
                    target = self._app.focused or self._app.screen

    async def _led(self, target: Widget) -> bool:
        """Wait for all that the event leads to; whether the screen is still the same."""
        screen = self._app.screen
        self._leading = asyncio.create_task(self._quiet(target))
        try:
            await asyncio.wait({self._leading})
        finally:
            self._leading.cancel()
        return self._app.screen is screen

    def _turned(self, screen: object) -> None:
        """Another screen is on top: what the one before is doing is not waited for."""
        if self._leading is not None:
            self._leading.cancel()

    async def _quiet(self, target: Widget) -> None:
        """Wait until nothing more comes of the event: the words a field says of itself, the focus that goes on from
        one to another, what the screen does, and that it shows what was written."""
        with self._app.batch_update():  # a list and what is said of its row are painted together
            await self._passed(target)
        before: Widget | None = None
        while (now := self._app.focused or self._app.screen) is not before or await self._worked():
            before = now
            await self._passed(now)

    def _now(self) -> tuple[object, object]:
        """The screen on top, and up to which change it is to show the store."""
        screen = self._app.screen
        return screen, screen.shell.version if isinstance(screen, Page) else None

    async def _worked(self) -> bool:
        """Whether the screen on top was doing something, or did not show yet what was written; it is over now."""
        screen = self._app.screen
        behind = isinstance(screen, Page) and screen.behind
        if isinstance(screen, Page):
            await screen.caught_up()
        working = list(self._working(screen))
        for worker in working:
            await asyncio.shield(_ended(worker))
        return behind or bool(working)

    def _working(self, screen: object) -> Iterator[Worker[Any]]:
        groups = DOING if self._now() == self._was else DOING + READING
        return (w for w in self._app.workers if w.node is screen and w.group in groups and not w.is_finished)

    async def _passed(self, target: Widget) -> None:
        """Wait until the messages to everything from `target` up to the program are dealt with."""
        for node in (*target.ancestors_with_self, self._app):
            await _idle(node)


async def _idle(node: MessagePump) -> None:
    """Wait until the messages that `node` has now are dealt with."""
    reached = asyncio.Event()
    if node.is_running and node.post_message(Callback(reached.set)):  # `call_later` would inspect it each time
        await reached.wait()


async def _ended(worker: Worker[Any]) -> None:
    """Wait for a worker to its end, whichever that is; cancelled, this would cancel the worker."""
    with suppress(WorkerFailed, WorkerCancelled):
        await worker.wait()
