"""Tables as a spreadsheet: .xlsx with real dates and numbers, or CSV as Excel opens it; no cell is ever a formula."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from models.queries.export_tables import ExportTable, Value
from models.services.validate import joined
from models.words import Name, Phrase, Words, cell_len, clean
from models.words.person_names import plain

WIDEST = 40
"""Cells that a column is wide at most."""
FORMULA = "=+-@\t\r"
"""With what a formula begins, for one program or another."""

Cell = str | int | Decimal | date | None


def csv_bytes(table: ExportTable, w: Words) -> bytes:
    """The table as CSV in UTF-8, marked as Excel knows it; a text that would be a formula begins with `'`."""
    written = io.StringIO()
    out = csv.writer(written, lineterminator="\r\n")
    for row in _rows(table, w):
        out.writerow([_as_text(cell) for cell in row])
    return ("\ufeff" + written.getvalue()).encode()


def xlsx_bytes(table: ExportTable, w: Words) -> bytes:
    """The table as a workbook of one sheet: its head stays in sight, texts are texts whatever they begin with."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet: Any = book.active
    sheet.title = w(f"export.sheet.{table.what}")
    sheet.freeze_panes = "A2"
    widths: list[int] = [0] * len(table.columns)
    for number, row in enumerate(_rows(table, w), 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
            elif isinstance(value, date):
                cell.number_format = "yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "yyyy-mm-dd"
            if number == 1:
                cell.font = Font(bold=True)
            widths[column - 1] = max(widths[column - 1], cell_len(_as_text(value)))
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = min(WIDEST, width + 2)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _rows(table: ExportTable, w: Words) -> list[list[Cell]]:
    """The head and the rows, said in one language."""
    head: list[Cell] = [w(f"export.column.{column}") for column in table.columns]
    return [head, *([_cell(value, w) for value in row] for row in table.rows)]


def _cell(value: Value, w: Words) -> Cell:
    if isinstance(value, tuple):
        return clean(plain(w.name(joined([Name.of(each) if isinstance(each, str) else each for each in value]))))
    if isinstance(value, (Name, Phrase)):
        return clean(plain(w.text(value)))
    return clean(plain(value)) if isinstance(value, str) else value


def _as_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    text = cell.isoformat() if isinstance(cell, date) else str(cell)
    return no_formula(text) if isinstance(cell, str) else text


def no_formula(text: str) -> str:
    """A cleaned text that no spreadsheet takes for a formula."""
    safe = clean(text)
    return f"'{safe}" if safe[:1] and safe[0] in FORMULA else safe
