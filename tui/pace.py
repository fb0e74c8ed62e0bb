"""One key after another: a key goes where the one before it led, also when both come in one packet of a slow line.

Textual hands each key to whatever has the focus when it arrives; a Tab that arrives with it is dealt with later.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from textual.app import App
from textual.events import Event
from textual.message_pump import MessagePump
from textual.widget import Widget

PATIENCE = 0.5
"""Seconds a key waits for the one before it; a handler may itself wait for a person."""


class Pace:
    """What is typed, in order. `hand` hands one event to the program and gives the widget that got it."""

    def __init__(self, app: App[int], hand: Callable[[Event], Awaitable[Widget]]) -> None:
        self._app, self._hand = app, hand
        self._waiting: deque[Event] = deque()
        self._busy = False

    async def typed(self, event: Event) -> None:
        """A key or a paste came: it is handed on at once, or when all before it are dealt with."""
        if self._busy:
            self._waiting.append(event)
            return
        self._busy = True
        target = await self._hand(event)
        self._app.run_worker(self._follow(target), group="typed")

    async def _follow(self, target: Widget) -> None:
        try:
            await self._settled(target)
            while self._waiting:
                await self._settled(await self._hand(self._waiting.popleft()))
        finally:
            self._busy = False

    async def _settled(self, target: Widget) -> None:
        """Wait until the event is dealt with by all it bubbles through, and by all that this leads to: the words a
        field says of itself, the focus that goes on from one to another, a screen that is opened."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._passed(target)
                before: Widget | None = None
                while (now := self._app.focused or self._app.screen) is not before:
                    before = now
                    await self._passed(now)
        except TimeoutError:
            return

    async def _passed(self, target: Widget) -> None:
        """Wait once for everything from `target` up to the program."""
        for node in (*target.ancestors_with_self, self._app):
            await _idle(node)


async def _idle(node: MessagePump) -> None:
    """Wait until the messages that `node` has now are dealt with."""
    reached = asyncio.Event()
    if node.is_running and node.call_later(reached.set):
        await reached.wait()
