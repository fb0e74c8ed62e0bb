"""When a program without a terminal is at rest: its event loop says so, not the clock.

At rest nothing is ready to run, no thread is at work, and no timer is due soon. A timer that is due is not waited for:
the clock of the loop is put on instead. So a test takes as long as the work takes, on any machine.
"""

from __future__ import annotations

import asyncio
import time
from asyncio.base_events import BaseEventLoop
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import textual.app
import textual.pilot
from textual import _time
from textual.pilot import Pilot

SOON = 0.6
"""Seconds within which a timer still belongs to what was done: frames, and what waits for the end of typing."""
PATIENCE = 300.0
"""Seconds after which a program that never rests has failed the test."""

_ahead = 0.0
"""How far the clock of the loops was put on."""
_working: set[asyncio.Future[Any]] = set()
"""What threads are doing."""


def now() -> float:
    """The clock of the loops."""
    return time.monotonic() + _ahead


async def quiet(seconds: float = 0) -> None:
    """Let everything happen that happens within so many seconds, and on until nothing more is to come soon; fails if
    that never ends."""
    global _ahead
    loop: Any = asyncio.get_running_loop()
    until, limit = loop.time() + seconds, time.monotonic() + PATIENCE
    while True:
        await asyncio.sleep(0)
        assert time.monotonic() < limit, "the program does not come to rest"
        if loop._ready:
            continue
        working = {each for each in _working if each.get_loop() is loop}
        if working:
            await asyncio.wait(working, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            continue
        due = min((handle.when() for handle in loop._scheduled if not handle.cancelled()), default=None)
        if due is None or due > max(until, loop.time() + SOON):
            return
        _ahead += max(0.0, due - loop.time())


async def _idle(*_: float) -> None:
    await quiet()


async def _pause(pilot: Pilot[Any], delay: float | None = None) -> None:
    await quiet(delay or 0)


@contextmanager
def without_waiting() -> Iterator[None]:
    """Inside the loops have this clock, and all waiting of a `Pilot` is `quiet`."""
    run: Callable[..., Awaitable[Any]] = BaseEventLoop.run_in_executor

    def counted(loop: BaseEventLoop, *work: Any) -> Awaitable[Any]:
        future = asyncio.ensure_future(run(loop, *work), loop=loop)
        _working.add(future)
        future.add_done_callback(_working.discard)
        return future

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseEventLoop, "run_in_executor", counted)
        patch.setattr(BaseEventLoop, "time", lambda loop: now())
        patch.setattr(_time, "get_time", now)
        patch.setattr(textual.app, "wait_for_idle", _idle)
        patch.setattr(textual.pilot, "wait_for_idle", _idle)
        patch.setattr(Pilot, "pause", _pause)
        yield
