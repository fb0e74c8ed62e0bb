"""Muster: who is on site now, to count by; opened with one key from anywhere, and only read."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.events import Resize

from models.papers.muster_sheet import group_lines, muster_lines, totals
from models.queries.muster_lists import Muster, muster
from models.words import clean_lines
from screens.kit.dialogs import Pages, hand_over
from screens.kit.page import Page
from screens.kit.text import Line


class MusterScreen(Page):
    """All on one page, those who were to have left first."""

    WHERE = "muster"
    AUTO_FOCUS = "#work Pages"
    popup = True

    def __init__(self) -> None:
        super().__init__()
        self.found: Muster | None = None

    def body(self) -> ComposeResult:
        yield Pages()

    def reload(self) -> None:
        session = self.session
        self.read(lambda: muster(session), self.show)

    def minute(self, now: object) -> None:
        """Somebody may be overdue now."""
        self.reload()

    def show(self, found: Muster) -> None:
        """Fill the page with what was found."""
        self.found = found
        self.headline = self.w("muster.head", at=f"{found.at:%H:%M}")
        self.show_lines()

    def on_resize(self, event: Resize) -> None:
        self.show_lines()

    def show_lines(self) -> None:
        """Fill the page anew."""
        if self.found is None or not self.query(Pages):
            return
        lines: list[Line] = [(f" {totals(self.found, self.w)}", "bold")]
        for group in self.found.groups:
            head, *rest = group_lines(group, self.found, self.w, self.size.width - 2)
            lines += ["", (f" {head}", "alert" if group.overdue else "bold"), *(f" {line}" for line in rest)]
        self.query_one(Pages).set_lines(lines, keep=True)

    def on_pages_scrolled(self, event: Pages.Scrolled) -> None:
        self.note(" " + self.w("kit.scrolled", where=event.where) if event.where else "")

    # -- commands ------------------------------------------------------------------------------------------

    def do_copy(self) -> None:
        """F5: all of it as plain text."""
        if self.found is not None:
            hand_over(self, clean_lines("\n".join(muster_lines(self.found, self.w))))
