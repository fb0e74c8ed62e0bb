"""A session that nobody uses ends: a stolen or forgotten terminal shows nothing for long, and holds no place."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Idle:
    """Counts the time since the last key, on a thread of its own: a terminal that takes nothing more holds the loop up,
    and so does whoever stopped it. What the program writes does not count."""

    def __init__(self, seconds: float, leave: Callable[[], None]) -> None:
        """`leave` is called once, from that thread, after so many seconds without a key; never where it is 0."""
        self.seconds = seconds
        self._leave = leave
        self._last = 0.0
        self._over = threading.Event()

    def begin(self) -> None:
        """Count from now on."""
        self.touched()
        if self.seconds:
            threading.Thread(target=self._wait, name="idle", daemon=True).start()

    def touched(self) -> None:
        """A key came."""
        self._last = time.monotonic()

    def end(self) -> None:
        """Count no more."""
        self._over.set()

    def _wait(self) -> None:
        while (left := self._last + self.seconds - time.monotonic()) > 0:
            if self._over.wait(left):
                return
        self._leave()
