"""The papers of a visit: their list, and the one under the cursor as it will be printed; opened from the visit."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Resize

from models.errors import Refused
from models.papers.request_form import WIDTH
from models.papers.visit_papers import PAPERS, visit_paper
from models.policy.model import words_of
from models.words import cell_len
from models.words.wrapping import wrap
from screens.kit.dialogs import hand_over
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import Page
from screens.kit.text import Lines

SIDE = 16


class Papers(Page):
    """One page over a visit: a list at the side, a paper beside it."""

    WHERE = "papers"
    popup = True
    DEFAULT_CSS = """
    Papers #pair { layout: horizontal; height: 1fr; }
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.visit_id = number
        self.text = ""
        self.top = 0

    def body(self) -> ComposeResult:
        with Container(id="pair"):
            listed = LineList([Column()], id="papers")
            listed.styles.width = SIDE
            yield listed
            yield Lines(id="paper")

    def reload(self) -> None:
        self.headline = self.w("paper.title")
        self.listed.set_rows([Row(each, (self.w(f"paper.name.{each}"),)) for each in PAPERS])
        self._read()

    @property
    def listed(self) -> LineList:
        """The list of papers."""
        return self.query_one("#papers", LineList)

    def _read(self) -> None:
        session, key, visit = self.session, self.listed.key, self.visit_id
        w, width = words_of(session.policy, self.w.language), self._width

        def written() -> str:
            try:
                return visit_paper(session, visit, key, w, width)
            except Refused as refused:
                return w.text(refused.phrase)

        if key:
            self.read(written, self.show, group="paper")

    def show(self, text: str) -> None:
        """Show a paper from its beginning."""
        self.text, self.top = text, 0
        self._draw()

    def on_resize(self, event: Resize) -> None:
        self._read()

    @property
    def _width(self) -> int:
        """How wide a paper may be here; never wider than it is printed."""
        return max(36, min(WIDTH, self.size.width - SIDE - 1))

    def _lines(self) -> list[str]:
        return [part for line in self.text.split("\n")
                for part in ([line] if cell_len(line) <= self._width else wrap(line, self._width))]  # fmt: skip

    def _draw(self) -> None:
        if self.query("#paper"):
            lines, room = self._lines(), max(1, self.query_one("#paper").size.height)
            self.top = max(0, min(self.top, len(lines) - room))
            self.query_one("#paper", Lines).set_lines(lines[self.top :])
            last = min(len(lines), self.top + room)
            where = self.w("paper.scrolled", where=f"{self.top + 1}-{last}/{len(lines)}")
            self.note(f" {where}" if len(lines) > room else "")

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        super().on_line_list_moved(event)
        self._read()

    # -- commands ------------------------------------------------------------------------------------------

    def do_on(self) -> None:
        """Right: further down in the paper."""
        self._scroll(1)

    def do_up(self) -> None:
        """Left: further up."""
        self._scroll(-1)

    def _scroll(self, by: int) -> None:
        self.top += by * max(1, self.query_one("#paper").size.height - 2)
        self._draw()

    def do_copy(self) -> None:
        """F5: the paper as plain text, to be copied."""
        hand_over(self, self.text)
