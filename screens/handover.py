"""Handover: one page to read at the end of the shift and to leave for the next one."""

from __future__ import annotations

from datetime import date, timedelta

from textual.app import ComposeResult
from textual.events import Resize

from models.papers.handover_page import handover_text, numbers, sections
from models.queries.handover_facts import Handover as Found
from models.queries.handover_facts import handover
from models.words.dates import say_weekday
from models.words.wrapping import wrap
from screens.kit.dialogs import Pages, hand_over
from screens.kit.page import Page
from screens.kit.text import Line


class HandoverScreen(Page):
    """The page of a day, today's unless another is asked for."""

    WHERE = "handover"
    AUTO_FOCUS = "#work Pages"
    popup = True

    def __init__(self, day: date | None = None) -> None:
        super().__init__()
        self.day = day
        self.found: Found | None = None
        self._drawn: date | None = None
        self.details = False

    def body(self) -> ComposeResult:
        yield Pages()

    def reload(self) -> None:
        session, day = self.session, self.day
        self.read(lambda: handover(session, day), self.show)

    def show(self, found: Found) -> None:
        """Fill the page with what was found."""
        self.found = found
        day = f"{found.day:%m-%d} {say_weekday(found.day, self.w)}"
        at = f"{found.at:%H:%M}" if found.at.date() == found.day else f"{found.at:%m-%d %H:%M}"
        self.headline = self.w("handover.head", day=day, at=at)
        self.show_lines()

    def on_resize(self, event: Resize) -> None:
        self.show_lines()

    def show_lines(self) -> None:
        """Fill the page anew; that of another day from its beginning."""
        if self.found is None or not self.query(Pages):
            return
        lines: list[Line] = [f" {part}" for part in wrap(numbers(self.found, self.w), self.size.width - 2)]
        for heading, under in sections(self.found, self.session.policy, self.w, details=self.details):
            lines += [(f" {heading}", "bold")]
            for text in under:
                indent = len(text) - len(text.lstrip(" ")) + 2
                lines += [f" {' ' * indent}{part}" for part in wrap(text.strip(), self.size.width - indent - 2)]
        day = self.found.day
        self.query_one(Pages).set_lines(lines, keep=day == self._drawn)
        self._drawn = day

    def on_pages_scrolled(self, event: Pages.Scrolled) -> None:
        self.note(" " + self.w("kit.scrolled", where=event.where) if event.where else "")

    # -- commands ------------------------------------------------------------------------------------------

    def do_copy(self) -> None:
        """F5: all of it as plain text."""
        if self.found is not None:
            hand_over(self, handover_text(self.found, self.session.policy, self.w, details=self.details))

    def do_details(self) -> None:
        """F4: every task and every change, or what they come to."""
        self.details = not self.details
        self.show_lines()

    def do_earlier(self) -> None:
        """Left: the shift of the day before."""
        self._go(-1)

    def do_later(self) -> None:
        """Right: that of the day after, at most today's."""
        self._go(1)

    def shown_day(self) -> date:
        """The day whose shift is shown."""
        return self.day or self.shell.now().date()

    def _go(self, by: int) -> None:
        self.day = self.shown_day() + timedelta(days=by)
        self.reload()
