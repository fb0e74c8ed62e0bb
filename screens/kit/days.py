"""`ByDay`: a page about one day, with the ways from it to other days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from models.words import Unreadable
from models.words.dates import parse_date
from screens.kit.page import Page


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
