"""Who is acting, asked in a box."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from models.words import Words
from screens.kit.linelist import Row


class Acting:
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
