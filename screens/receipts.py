"""The receipt list of a visit: each line as planned and paid, over standard by itself, and what blocks closing."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.events import Resize

from models.queries.costs import CostLine
from models.queries.visit import Whole, visit
from models.words import Words, cell_len, cut, pad
from models.words.dates import say_in_full
from models.words.money import say_money
from models.words.wrapping import wrap
from screens.kit.copy import CopyNote
from screens.kit.dialogs import Note
from screens.kit.linelist import Column, LineList, Row
from screens.kit.lines import Lines, block
from screens.kit.page import Page
from screens.visit.costs import said_over

FOOT = 6
NUMBERS = ("quantity", "cap", "planned", "actual", "over")
"""The columns that stand to the right."""


class Receipts(Page):
    """One page over a visit; nothing is changed here."""

    WHERE = "receipts"
    popup = True

    def __init__(self, number: int) -> None:
        super().__init__()
        self.visit_id = number
        self.whole: Whole | None = None

    def body(self) -> ComposeResult:
        yield LineList(id="receipts")
        yield block(1, id="rule")
        yield block(FOOT, id="foot")

    def reload(self) -> None:
        desk = self.desk
        self.read(lambda: visit(desk, self.visit_id), self.show)

    def show(self, whole: Whole | None) -> None:
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
        said = [cut("  ".join(_said(line, self.w, self.digits)), width, ellipsis=True)] if line else [""]
        said += sum_lines(whole, self.w)
        said += wrap(blocking(whole, self.w), width)
        if len(said) > FOOT:  # F5 has all of it
            said[FOOT - 1] = cut(said[FOOT - 1], width - 1) + "…"
        self.query_one("#foot", Lines).set_lines([f" {each}" for each in said[:FOOT]])

    def chosen_line(self) -> CostLine | None:
        """The line under the cursor."""
        key = self.query_one("#receipts", LineList).key
        return next((line for line in self.whole.costs if str(line.id) == key), None) if self.whole else None

    # -- commands ------------------------------------------------------------------------------------------

    def why_not_read(self) -> str | None:
        """There must be a line."""
        return None if self.chosen_line() else self.w("visit.no_costs")

    async def do_read(self) -> None:
        """Enter: all of one line."""
        line = self.chosen_line()
        if line is not None and self.whole is not None:
            text = "\n".join([_amounts(line, self.w, self.digits), *_said(line, self.w, self.digits),
                              *(self.w.text(phrase) for phrase in line.lacks.values())])  # fmt: skip
            await self.answer(Note(self.w.name(line.name), text))

    def why_not_copy(self) -> str | None:
        """It must be read."""
        return None if self.whole else self.w("kit.nothing")

    async def do_copy(self) -> None:
        """F5: all of it as plain text."""
        if self.whole is not None:
            await self.answer(CopyNote(self.w("receipts.title"), receipts_text(self.whole, self.w)))


def receipts_text(whole: Whole, w: Words) -> str:
    """The whole list as plain text, its columns under each other."""
    form = whole.form
    span = [say_in_full(at, w) for at in (whole.comes, whole.goes) if at]
    if whole.comes and whole.goes and whole.comes.date() == whole.goes.date():
        span[1] = f"{whole.goes:%H:%M}"
    heads = w("visit.heads", n=form.headcount) if form.headcount else ""
    head = [w("receipts.title"), whole.number or "", form.client, " - ".join(span), heads]
    lines = ["  ".join(part for part in head if part), "", *_table(whole, w), "", *sum_lines(whole, w)]
    return "\n".join([*lines, blocking(whole, w)])


def sum_lines(whole: Whole, w: Words) -> list[str]:
    """Plan, paid, difference and what is over, each the sum of its lines; who pays what."""
    digits = whole.policy.currency.minor
    sums = whole.totals
    facts = {"planned": sums.planned, "actual": sums.actual, "difference": sums.company - sums.planned,
             "over": sums.over}  # fmt: skip
    total = w("visit.totals", **{key: say_money(value, digits) for key, value in facts.items()})
    others = sums.actual - sums.company
    paid = w("receipts.paid", company=say_money(sums.company, digits), others=say_money(others, digits))
    return [total, paid]


def blocking(whole: Whole, w: Words) -> str:
    """What is missing before the visit can be closed."""
    lacks = [w.text(phrase) for line in whole.costs for phrase in line.lacks.values()]
    if whole.state == "closed":
        return w("receipts.closed")
    return w("receipts.missing", n=len(lacks), list="; ".join(lacks)) if lacks else w("receipts.complete")


def _row(line: CostLine, w: Words, digits: int) -> Row:
    cells = (
        "!" if line.over or line.lacks else "",
        f"{line.on:%m-%d}" if line.on else "",
        w.name(line.name),
        f"{line.quantity.normalize():f}",
        _money(line.planned, digits),
        _money(line.actual, digits),
        _money(line.over, digits) if line.over else "",
        w(f"receipts.payers.{line.payer}"),
        line.receipt,
    )
    return Row(str(line.id), cells, "alert" if line.over else "")


def _said(line: CostLine, w: Words, digits: int) -> list[str]:
    """By how much it is over, reason, receipt, who set it, who agreed to it when."""
    facts = {"reason": line.reason, "receipt": line.receipt, "decided_by": line.decided_by}
    said = said_over(line, w, _money(line.over, digits))
    said += [w(f"visit.said.{what}", text=text) for what, text in facts.items() if text]
    agreed = [(each.name, _money(each.amount, digits), f"{each.at:%m-%d %H:%M}") for each in line.signed]
    return said + [f"{w('visit.said.signed', who=who, amount=amount)} {at}" for who, amount, at in agreed]


def _amounts(line: CostLine, w: Words, digits: int) -> str:
    amounts = [(key, getattr(line, key)) for key in ("cap", "planned", "actual", "over")]
    return "  ".join(f"{w(f'visit.{key}')} {_money(amount, digits)}" for key, amount in amounts)


def _table(whole: Whole, w: Words) -> Iterator[str]:
    digits = whole.policy.currency.minor
    titles = ["day", "item", *NUMBERS]
    rows = [[w(f"visit.{title}") for title in titles] + [w("receipts.payer"), w("visit.remark")]]
    for line in whole.costs:
        numbers = [f"{line.quantity.normalize():f}",
                   *(_money(each, digits) for each in (line.cap, line.planned, line.actual, line.over))]  # fmt: skip
        rows.append([f"{line.on:%m-%d}" if line.on else "-", w.name(line.name), *numbers,
                     w(f"receipts.payers.{line.payer}"), "  ".join(_said(line, w, digits))])  # fmt: skip
    widths = [max(cell_len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        cells = [pad(cell, width, ">" if 2 <= at < 2 + len(NUMBERS) else "<")
                 for at, (cell, width) in enumerate(zip(row, widths, strict=True))]  # fmt: skip
        yield "  ".join(cells).rstrip()


def _money(minor: int | None, digits: int) -> str:
    return "-" if minor is None else say_money(minor, digits)
