"""The standards of every tier at once; left and right lead to each tier's duties. Opens over any screen with F6."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import zip_longest

from textual.app import ComposeResult

from models.errors import Refused
from models.policy.model import Policy
from models.policy.wording import Matrix, MatrixRow, matrix
from models.services.regulation_verbs import hindrance
from models.words import cell_len, pad
from models.words.dates import say_day
from models.words.wrapping import wrap
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import Page
from screens.regulation import edit_regulation, place_of

LEAST_COLUMN = 7
TABLE_OF = {"cap": "cap", "approver": "route", "notice": "notice"}
"""The table of the file that a row of the matrix tells of, where a form changes something of it."""
MOST_LABELLED = 4
"""The labels take as much as a column, and with many columns a quarter of the width."""


class Standards(Page):
    """The matrix, or one tier's list of duties."""

    WHERE = "standards"

    def __init__(self) -> None:
        super().__init__()
        self.tier = -1
        """The place of the tier whose duties are shown, -1 for the matrix."""
        self._of: tuple[Policy, Matrix] | None = None
        self._why_not_edit: Refused | None = None

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.session.policy

    @property
    def matrix(self) -> Matrix:
        """The look-up of the policy in force."""
        if self._of is None or self._of[0] is not self.policy:
            self._of = (self.policy, matrix(self.policy))
        return self._of[1]

    def body(self) -> ComposeResult:
        yield LineList(id="standards")

    def reload(self) -> None:
        self._show()
        session, place = self.session, place_of(self.shell)
        self.read(lambda: hindrance(session, place), self._barred, group="right")

    def _barred(self, refused: Refused | None) -> None:
        self._why_not_edit = refused

    def on_resize(self, event: object) -> None:
        self._show()

    def _show(self) -> None:
        if not self.query("#standards"):
            return
        today = self.shell.now().date()
        version = self.w("standards.version", date=self.policy.effective.isoformat())
        if self.policy.effective > today:
            version = self.w("standards.coming", date=say_day(self.policy.effective, today, self.w))
        tier = self.matrix.tiers[self.tier] if self.tier >= 0 else None
        name = self.w.name(tier.name) if tier is not None else ""
        coming = self._coming(today)
        self.note(f" {coming}" if coming else "")
        self.headline = "  ".join(part for part in (self.w("standards.title"), version, name) if part)
        shown = self.query_one("#standards", LineList)
        columns, rows = self._duties() if self.tier >= 0 else self._cells()
        shown.set_columns(columns)
        shown.set_rows(rows, empty=self.w("standards.empty"))

    def _coming(self, today: date) -> str:
        """The next version, where there is one that another is still in force before."""
        later = [each.effective for each in self.session.versions if each.effective > today]
        if not later or later[-1] == self.policy.effective:
            return ""
        return self.w("standards.next", date=later[-1].isoformat(), day=say_day(later[-1], today, self.w))

    # -- the matrix ------------------------------------------------------------------------------------------

    def _cells(self) -> tuple[list[Column], list[Row]]:
        found = self.matrix
        labels = [self._label(row) for row in found.rows]
        share = self.size.width // min(MOST_LABELLED, len(found.tiers) + 1)
        first = min(max(cell_len(label) for label in labels), share)
        width = max(LEAST_COLUMN, (self.size.width - first - 3) // len(found.tiers) - 1)
        titles = [self.w.name(tier.name) if tier else "" for tier in found.tiers]
        columns = [Column("", first), *(Column(title, width) for title in titles)]
        rows = [
            row
            for at, (label, each) in enumerate(zip(labels, found.rows, strict=True))
            for row in self._lines(at, label, each, first, width)
        ]
        return columns, rows

    def _label(self, row: MatrixRow) -> str:
        parts = [row.label, row.unit, row.where]
        return " ".join(self.w.text(part) for part in parts if part is not None)

    def _lines(self, at: int, label: str, row: MatrixRow, first: int, width: int) -> Iterator[Row]:
        """A row of the matrix in as many lines as its longest cell needs; all lines are found by all of its text."""
        said = [[self.w.text(each) for each in cell] or ["-"] for cell in row.cells]
        cells = [" ".join(cell) for cell in said]
        if len(set(cells)) == 1 < len(cells) and cell_len(cells[0]) > width and cell_len(label) <= first:
            # the same for every tier, and longer than a column: once, across all of them
            yield Row(f"{at}.0", (f"{pad(label, first)} {cells[0]}",))
            return
        wrapped = [wrap(label, first, hyphens=True), *(_in_lines(cell, width) for cell in said)]
        for line, texts in enumerate(zip_longest(*wrapped, fillvalue="")):
            yield Row(f"{at}.{line}", tuple(texts), find=(label, *cells))

    # -- a tier's duties ---------------------------------------------------------------------------------------

    def _duties(self) -> tuple[list[Column], list[Row]]:
        rows: list[Row] = []
        party = ""
        for duty in self.matrix.duties[self.tier]:
            name = self.w.name(duty.party)
            if name != party:
                party = name
                rows.append(Row("", (name,), heading=True))
            marks = [self.w(f"standards.{mark}") for mark in ("added", "drops") if getattr(duty, mark)]
            rows.append(Row(duty.id, (duty.id, " ".join(marks), self.w.name(duty.text)), find=(name,)))
        width = max([cell_len(duty.id) for duty in self.matrix.duties[self.tier]], default=4)
        marks_width = max(cell_len(self.w(f"standards.{mark}")) for mark in ("added", "drops"))
        return [Column("", width), Column("", marks_width), Column("")], rows

    # -- commands ------------------------------------------------------------------------------------------------

    def do_later(self) -> None:
        """Right: the next tier's duties, after the last one the matrix again."""
        self._turn(1)

    def do_earlier(self) -> None:
        """Left: the tier before."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        self.tier = (self.tier + 1 + by) % (len(self.matrix.tiers) + 1) - 1
        self._show()

    def do_tables(self) -> None:
        """F5: the regulation table by table, and its versions."""
        self.shell.open("tables", popup=self.popup)

    def why_not_edit(self) -> str | None:
        """It must be one's to change, and there must be a place for a version."""
        return self.reason(self._why_not_edit) if self._why_not_edit else None

    async def do_edit(self) -> None:
        """F4: another figure, approver or notice, made from the newest version."""
        session = self.session
        await edit_regulation(self, (session.versions or (session.policy,))[0], near=self._under_cursor())

    def _under_cursor(self) -> tuple[str, str]:
        """The table of the file that the cursor's row tells of, and how that begins there."""
        at = self.query_one("#standards", LineList).key.partition(".")[0]
        row = self.matrix.rows[int(at)] if self.tier < 0 and at.isdecimal() else None
        if row is None:
            return "", ""
        return TABLE_OF.get(row.key, ""), self.w.text(row.label) if row.key == "cap" else ""

    def do_back(self) -> None:
        """Esc: from a tier's duties to the matrix, then away."""
        listed = self.query_one("#standards", LineList)
        if self.tier >= 0 and not listed.sought:
            self.tier = -1
            self._show()
        else:
            super().do_back()


def _in_lines(parts: list[str], width: int) -> list[str]:
    """What stands in a cell: side by side where that fits, else each on lines of its own."""
    whole = " ".join(parts)
    return [whole] if cell_len(whole) <= width else [line for part in parts for line in wrap(part, width, hyphens=True)]
