"""`jiedai stats`: the figures of a year, a quarter or a month, as a table, as CSV for a spreadsheet, or as data."""

from __future__ import annotations

import csv
import io
import re
import sys
from datetime import date, timedelta

from models.papers.figure_tables import HEADS, MEASURES, amounts, bars, details, group_name
from models.papers.spreadsheet import no_formula
from models.policy.model import words_of
from models.queries.figures import AXES, Figures, Statistics, statistics
from models.words import Phrase, Words, clean, words
from models.words.catalogue import LANGUAGES
from models.words.money import say_money
from tui.cli.call import Call, one_of, session_of, store
from tui.cli.command_line import Usage
from tui.cli.out import columns, give, give_json

BAR = 12
FIELDS = ("filed", "carried_out", "coming", "cancelled", "no_shows", "refused", "guests", "planned", "paid", "over",
          "over_visits", "over_percent", "late", "late_percent", "again", "unsettled", "decided")  # fmt: skip
"""Every figure there is, in the order of the CSV and of the data."""
MONEY = ("planned", "paid", "over")


def run_stats(call: Call) -> int:
    """Print the figures of a span of days, told apart by what was asked for."""
    by = next((axis for axis in AXES if axis == _axis(call)), AXES[0])
    first, last = _span(call)
    with store(call):
        session = session_of(call)
        found = statistics(session, first, last, by)
    w, digits = words_of(session.policy, call.w.language), session.policy.currency.minor
    if call.json:
        give_json(_data(found, w))
    elif call.given.has("csv"):
        _give_csv(found, w, digits)
    else:
        give(_table(found, w, digits))
    return 0


def _axis(call: Call) -> str:
    names: dict[str, list[str]] = {
        axis: [words(language)(f"statistics.by.{axis}") for language in LANGUAGES] for axis in AXES
    }
    return one_of(call.given.option("by"), names, "unknown_axis")


def _span(call: Call) -> tuple[date, date]:
    """The first and last day of what was typed: `2026`, `2026-Q4`, `2026-12`; this year where nothing was."""
    today, text = call.clock().date(), call.word().strip().upper()
    found = re.fullmatch(r"(?P<year>[12][0-9]{3})(?:-?Q(?P<quarter>[1-4])|[-/]?(?P<month>0?[1-9]|1[0-2]))?", text)
    if text and found is None:
        raise Usage(Phrase("cli.unknown_span", {"word": clean(call.word())}))
    year = int(found["year"]) if found else today.year
    start, months = 1, 12
    if found and found["quarter"]:
        start, months = int(found["quarter"]) * 3 - 2, 3
    elif found and found["month"]:
        start, months = int(found["month"]), 1
    after = date(year + (start + months > 12), (start + months - 1) % 12 + 1, 1)
    return date(year, start, 1), after - timedelta(days=1)


def _table(found: Statistics, w: Words, digits: int) -> list[str]:
    if not found.visits:
        return [w("statistics.empty")]
    head = [w(f"statistics.by.{found.by}"), *(w(f"statistics.head.{head}") for head in HEADS), ""]
    drawn = bars(found.groups, MEASURES[0], BAR)
    rows = [[group_name(group, found.by, w), *amounts(group.figures, digits), bar]
            for group, bar in zip(found.groups, drawn, strict=True)]  # fmt: skip
    rows.append([w("statistics.total"), *amounts(found.total, digits), ""])
    holds = ["text", *["figure"] * len(HEADS), "text"]
    return [*columns([head, *rows], holds), "", *details(found.total, w, digits)]


def _values(found: Figures) -> dict[str, int | None]:
    return {name: getattr(found, name) for name in FIELDS}


def _data(found: Statistics, w: Words) -> dict[str, object]:
    """Amounts in minor units, `decided` in minutes; a group with its key, its name and the visits behind it."""
    return {
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "by": found.by,
        "groups": [
            {"key": group.key, "name": group_name(group, found.by, w), **_values(group.figures),
             "visits": [each.number or each.visit for each in group.visits]}
            for group in found.groups
        ],
        "total": _values(found.total),
    }  # fmt: skip


def _give_csv(found: Statistics, w: Words, digits: int) -> None:
    """Comma-separated, with the mark by which Excel knows UTF-8; amounts in main units, no cell begins a formula."""
    written = io.StringIO()
    out = csv.writer(written, lineterminator="\r\n")
    out.writerow([w(f"statistics.by.{found.by}"), *(w(f"statistics.column.{name}") for name in FIELDS)])
    groups = [(group_name(group, found.by, w), group.figures) for group in found.groups]
    for name, each in [*groups, (w("statistics.total"), found.total)]:
        out.writerow([no_formula(name), *(_cell(each, field, digits) for field in FIELDS)])
    sys.stdout.write("\ufeff" + written.getvalue())


def _cell(found: Figures, field: str, digits: int) -> str:
    value = getattr(found, field)
    if value is None:
        return ""
    return say_money(value, digits).replace(",", "") if field in MONEY else str(value)
