"""Spelling names behind the screens, which cannot wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any


class Speller:
    """Has names spelt that were stored without, in a thread that leaving the program does not wait for."""

    def __init__(self, app: Any, spell: Callable[[Any], int]) -> None:
        """`spell` is given the app's desk, takes seconds and gives how many names it spelt."""
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
