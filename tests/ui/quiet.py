"""When a program is at rest: its event loop says so, not the clock.

At rest nothing is ready to run, no thread is at work, and no timer is due soon. A timer that is due is not waited for:
the clock of the loop is put on instead. So a test takes as long as the work takes, on any machine. A program in a
terminal of its own tells its test so (`answer_when_at_rest`, `tests.ui.term`).
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from asyncio.base_events import BaseEventLoop
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.pilot import Pilot

SOON = 0.6
"""Seconds within which a timer still belongs to what was done: frames, and what waits for the end of typing."""
PATIENCE = 300.0
"""Seconds after which a program that never rests has failed the test."""
ASKED_AT = "JIEDAI_ASKED_AT"
"""The variable with the number of the descriptor at which a program in a terminal is asked whether it is at rest."""

_monotonic = time.monotonic
_ahead = 0.0
"""How far the clock of the loops was put on."""
_working: set[asyncio.Future[Any]] = set()
"""What threads are doing."""


def now() -> float:
    """The clock of the loops."""
    return _monotonic() + _ahead


async def quiet(seconds: float = 0) -> None:
    """Let everything happen that happens within so many seconds, and on until nothing more is to come soon; fails if
    that never ends."""
    global _ahead
    loop: Any = asyncio.get_running_loop()
    until, limit = loop.time() + seconds, _monotonic() + PATIENCE
    while True:
        await asyncio.sleep(0)
        assert _monotonic() < limit, "the program does not come to rest"
        if loop._ready:
            continue
        working = {each for each in _working if each.get_loop() is loop}
        if working:
            await asyncio.wait(working, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            continue
        due = min((handle.when() for handle in loop._scheduled if not handle.cancelled()), default=None)
        if due is None or due > max(until, loop.time() + SOON):
            _ahead += max(0.0, until - loop.time())
            return
        _ahead += max(0.0, due - loop.time())


async def _idle(*_: float) -> None:
    await quiet()


async def _pause(pilot: Pilot[Any], delay: float | None = None) -> None:
    await quiet(delay or 0)


def _counted(run: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """`run_in_executor`, whose work is known as long as it is done."""

    def counted(loop: BaseEventLoop, *work: Any) -> Awaitable[Any]:
        future = asyncio.ensure_future(run(loop, *work), loop=loop)
        _working.add(future)
        future.add_done_callback(_working.discard)
        return future

    return counted


def _parsed_once(parse: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """`Stylesheet._parse_rules`, whose rules nothing changes: every program of a run has the same styles."""
    known: dict[object, list[Any]] = {}

    def parsed(sheet: Any, *text: Any, **more: Any) -> list[Any]:
        key = (text, tuple(sorted(more.items())), tuple(sorted(sheet._variables.items())))
        if key not in known:
            known[key] = parse(sheet, *text, **more)
        return known[key]

    return parsed


@contextmanager
def without_waiting() -> Iterator[None]:
    """Inside the loops have this clock, all waiting of a `Pilot` is `quiet`, and a style sheet is read once."""
    import pytest
    import textual.app
    import textual.pilot
    from textual import _time
    from textual.css.stylesheet import Stylesheet

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseEventLoop, "run_in_executor", _counted(BaseEventLoop.run_in_executor))
        patch.setattr(BaseEventLoop, "time", lambda loop: now())
        patch.setattr(_time, "get_time", now)
        patch.setattr(textual.app, "wait_for_idle", _idle)
        patch.setattr(textual.pilot, "wait_for_idle", _idle)
        patch.setattr(textual.pilot.Pilot, "pause", _pause)
        patch.setattr(Stylesheet, "_parse_rules", _parsed_once(Stylesheet._parse_rules))
        yield


def answer_when_at_rest() -> None:
    """In a program of a terminal's own, before it imports Textual: all its clocks are this one, and each line
    `KEYS SECONDS` at the descriptor that `ASKED_AT` names is answered with the number of keys that came, once it is
    at least `KEYS` and everything has happened that happens within so many seconds."""
    if ASKED_AT not in os.environ:
        return
    asked = socket.socket(fileno=int(os.environ.pop(ASKED_AT)))
    time.monotonic = now
    run: Any = BaseEventLoop.run_forever
    patched: Any = BaseEventLoop
    patched.run_in_executor = _counted(BaseEventLoop.run_in_executor)

    def run_forever(loop: BaseEventLoop) -> None:
        patched.run_forever = run
        _Answering(loop, asked)
        run(loop)

    patched.run_forever = run_forever


class _Answering:
    """What answers on this loop."""

    def __init__(self, loop: BaseEventLoop, asked: socket.socket) -> None:
        from textual.driver import Driver
        from textual.events import Key

        self._loop, self._asked = loop, asked
        self._keys, self._came = 0, asyncio.Event()
        send: Any = Driver.send_message

        def counted(driver: Driver, message: Any) -> None:
            send(driver, message)
            if isinstance(message, Key):
                loop.call_soon_threadsafe(self._count)

        patched: Any = Driver
        patched.send_message = counted
        loop.add_reader(asked, self._read)

    def _count(self) -> None:
        self._keys += 1
        self._came.set()

    def _read(self) -> None:
        keys, seconds = self._asked.recv(64).split() or (b"", b"")
        if keys:
            self._answer = self._loop.create_task(self._rest(int(keys), float(seconds)))
        else:
            self._loop.remove_reader(self._asked)

    async def _rest(self, keys: int, seconds: float) -> None:
        while self._keys < keys:
            self._came.clear()
            await self._came.wait()
        await quiet(seconds)
        self._asked.send(b"%d\n" % self._keys)
