"""One key after another: a key goes where the one before it led, also when both come in one packet of a slow line.

Textual hands each key to whatever has the focus when it arrives; a Tab that arrives with it is dealt with later.
Keys that were meant for what a refused key would have opened, or that would agree to what nobody can have read yet,
are not handed on at all.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

from textual.app import App
from textual.events import Event, Key
from textual.message_pump import MessagePump
from textual.widget import Widget

from screens.kit.page import Page

PATIENCE = 2.0
"""Seconds a key waits at most for the one before it."""
LOOK = 0.01
"""Seconds between two looks at what is still being done."""
READ = 0.5
"""Seconds a refusal must have stood on the screen before another key counts."""
UNSEEN = 1.5
"""Seconds after which these are taken for painted."""
DOING, READING = ("do", "turn", "down", "write"), ("read",)
"""Groups of workers a key waits for: what the screen does; and what it reads when it was just opened or written to."""


class Pace:
    """What is typed, in order. `hand` hands one event to the program and gives the widget that got it; `clock` counts
    seconds."""

    def __init__(self, app: App[int], hand: Callable[[Event], Awaitable[Widget]], clock: Callable[[], float]) -> None:
        self._app, self._hand, self._clock = app, hand, clock
        self._waiting: deque[tuple[Event, float]] = deque()
        """What came, and when."""
        self._deaf_until = float("-inf")
        """What came before is swallowed."""
        self._busy = False
        self._was: object = None
        """What was there when the event was handed on."""

    async def typed(self, event: Event) -> None:
        """A key or a paste came: it is handed on at once, or when all before it are dealt with."""
        now = self._clock()
        if self._busy:
            self._waiting.append((event, now))
            return
        if self._swallowed(event, now):
            return
        self._busy = True
        target = await self._handed(event)
        self._app.run_worker(self._follow(target), group="typed")

    def refused(self) -> None:
        """A key was refused: what came with it, and until the reason could be read, is swallowed."""
        self._deaf(READ)

    def opened(self) -> None:
        """What is to be agreed to has just opened: what was typed before it was on the screen is swallowed."""
        self._deaf(LOOK)

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

    async def _handed(self, event: Event) -> Widget:
        self._was = self._now()
        return await self._hand(event)

    async def _follow(self, target: Widget) -> None:
        try:
            await self._settled(target)
            while self._waiting:
                event, came = self._waiting.popleft()
                if not self._swallowed(event, came):
                    await self._settled(await self._handed(event))
        finally:
            self._busy = False

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
        led = asyncio.create_task(self._quiet(target))
        try:
            while not led.done() and self._app.screen is screen:
                await asyncio.wait({led}, timeout=LOOK)
        finally:
            led.cancel()
        return self._app.screen is screen

    async def _quiet(self, target: Widget) -> None:
        """Wait until nothing more comes of the event: the words a field says of itself, the focus that goes on from
        one to another, what the screen does, and that it shows what was written."""
        await self._passed(target)
        before: Widget | None = None
        while (now := self._app.focused or self._app.screen) is not before or self._working():
            if now is before:
                await asyncio.sleep(LOOK)
            before = now
            await self._passed(now)

    def _now(self) -> tuple[object, object]:
        """The screen on top, and up to which change it is to show the store."""
        screen = self._app.screen
        return screen, screen.shell.version if isinstance(screen, Page) else None

    def _working(self) -> bool:
        """Whether the screen on top is doing something, or does not show yet what was written."""
        screen = self._app.screen
        if isinstance(screen, Page) and screen.behind:
            return True
        groups = DOING if self._now() == self._was else DOING + READING
        return any(each.node is screen and each.group in groups and not each.is_finished for each in self._app.workers)

    async def _passed(self, target: Widget) -> None:
        """Wait once for everything from `target` up to the program."""
        for node in (*target.ancestors_with_self, self._app):
            await _idle(node)


async def _idle(node: MessagePump) -> None:
    """Wait until the messages that `node` has now are dealt with."""
    reached = asyncio.Event()
    if node.is_running and node.call_later(reached.set):
        await reached.wait()
