"""The receipt list of a visit: each line as planned and paid, over standard by itself, and what blocks closing."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.events import Resize

from models.papers.receipt_list import (
    amount_or_dash,
    line_amounts,
    line_details,
    receipt_list,
    sum_lines,
    what_blocks_closing,
)
from models.queries.visit_arrangements import CostLine
from models.queries.visit_detail import VisitDetail, visit
from models.words import Words, cut
from models.words.wrapping import wrap
from screens.kit.dialogs import CopyNote, TextDialog
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import Page
from screens.kit.text import Lines, block

FOOT = 6


class Receipts(Page):
    """One page over a visit; nothing is changed here."""

    WHERE = "receipts"
    popup = True

    def __init__(self, number: int) -> None:
        super().__init__()
        self.visit_id = number
        self.whole: VisitDetail | None = None

    def body(self) -> ComposeResult:
        yield LineList(id="receipts")
        yield block(1, id="rule")
        yield block(FOOT, id="foot")

    def reload(self) -> None:
        session = self.session
        self.read(lambda: visit(session, self.visit_id), self.show)

    def show(self, whole: VisitDetail | None) -> None:
        """Fill the page with what was read; a visit that is gone is left."""
        if whole is None:
            self.back()
            return
        self.whole = whole
        self.headline = "  ".join([self.w("receipts.title"), whole.number or "", whole.form.client])
        self.show_lines()

    def on_resize(self, event: Resize) -> None:
        self.show_lines()

    def show_lines(self) -> None:
        """Fill the list anew."""
        if self.whole is None or not self.query("#receipts"):
            return
        w, wide = self.w, self.size.width >= 78
        listed = self.query_one("#receipts", LineList)
        listed.set_columns([
            Column("", 1),
            Column(w("visit.day"), 5, "data"),
            Column(w("visit.item"), 18 if wide else 15),
            Column(w("visit.quantity"), 4, "figure", wide=78),
            Column(w("visit.planned"), 8, "figure"),
            Column(w("visit.actual"), 8, "figure"),
            Column(w("visit.over"), 7, "figure"),
            Column(w("receipts.payer"), 6, wide=78),
            Column(w("visit.receipt"), 0, "data"),
        ])  # fmt: skip
        listed.set_rows([_row(line, w, self.digits) for line in self.whole.costs], empty=w("visit.no_costs"))
        self.query_one("#rule", Lines).set_lines(["-" * self.size.width])
        self._show_foot()

    @property
    def digits(self) -> int:
        """The decimals of an amount."""
        return self.whole.policy.currency.minor if self.whole else 2

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        self._show_foot()

    def _show_foot(self) -> None:
        """The chosen line's words; the sums; what is missing before the visit can be closed."""
        line, whole = self.chosen_line(), self.whole
        if whole is None:
            return
        width = self.size.width - 2
        said = [cut("  ".join(line_details(line, self.w, self.digits)), width, ellipsis=True)] if line else [""]
        said += sum_lines(whole, self.w)
        said += wrap(what_blocks_closing(whole, self.w), width)
        if len(said) > FOOT:  # F5 has all of it
            said[FOOT - 1] = cut(said[FOOT - 1], width - 1) + "…"
        self.query_one("#foot", Lines).set_lines([f" {each}" for each in said[:FOOT]])

    def chosen_line(self) -> CostLine | None:
        """The line under the cursor."""
        key = self.query_one("#receipts", LineList).key
        return next((line for line in self.whole.costs if str(line.id) == key), None) if self.whole else None

    # -- commands ------------------------------------------------------------------------------------------

    async def do_read(self) -> None:
        """Enter: all of one line."""
        line = self.chosen_line()
        if line is not None and self.whole is not None:
            text = "\n".join([line_amounts(line, self.w, self.digits), *line_details(line, self.w, self.digits),
                              *(self.w.text(phrase) for phrase in line.lacks.values())])  # fmt: skip
            await self.answer(TextDialog(self.w.name(line.name), text))

    async def do_copy(self) -> None:
        """F5: all of it as plain text."""
        if self.whole is not None:
            await self.answer(CopyNote(self.w("receipts.title"), receipt_list(self.whole, self.w)))


def _row(line: CostLine, w: Words, digits: int) -> Row:
    cells = (
        "!" if line.over or line.lacks else "",
        f"{line.on:%m-%d}" if line.on else "",
        w.name(line.name),
        f"{line.quantity.normalize():f}",
        amount_or_dash(line.planned, digits),
        amount_or_dash(line.actual, digits),
        amount_or_dash(line.over, digits) if line.over else "",
        w(f"receipts.payers.{line.payer}"),
        line.receipt,
    )
    return Row(str(line.id), cells, "alert" if line.over else "")
