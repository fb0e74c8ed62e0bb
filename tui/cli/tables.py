"""`jiedai standards --table TABLE`: a table of the policy as rows to read; `--changes DATE`: what a version changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from models.policy.load import version_on
from models.policy.model import Policy
from models.policy.table_text import TABLES, Difference, TextRow, differences, text_rows
from models.words import Phrase, Words, cell_len, clean, pad
from models.words.wrapping import hanging
from tui.cli.asked import day, one_of
from tui.cli.call import Call, versions_in_use
from tui.cli.commands import Usage
from tui.cli.out import give, give_json, room

MARKS = {"added": "+", "removed": "-", "changed": "~", "moved": "^"}
INDENT = 2
MOST_ID = 14
"""Cells of the column with the ids."""


def run_tables(call: Call) -> int:
    """Print the table, or what changes in it, or in all of them; Usage for a table or day that is none."""
    if call.word():
        raise Usage(Phrase("cli.tier_or_table"))
    names = {table: [call.w(f"listing.table.{table}")] for table in TABLES}
    table = one_of(call.given.option("table"), names, "unknown_table")
    policy = version_asked(call)
    if call.given.has("changes"):
        _changes(call, policy, [table] if table else list(TABLES))
    else:
        _table(call, policy, table)
    return 0


def version_asked(call: Call) -> Policy:
    """The version in force on the day of `--on`, else today. Raises PolicyErrors, Usage."""
    return _version(call, "on")


def _version(call: Call, option: str) -> Policy:
    asked = day(call, call.given.option(option))
    return version_on(versions_in_use(call), asked or call.clock().date())


def _table(call: Call, policy: Policy, table: str) -> None:
    rows = text_rows(policy, table, call.w)
    if call.json:
        give_json([_plain(row) for row in rows])
        return
    lines = [_title(call.w, policy, table), ""]
    give([*lines, *_rows(rows, call.w)] if rows else [*lines, call.w("listing.none")])


def _title(w: Words, policy: Policy, table: str) -> str:
    return w("listing.title", table=w(f"listing.table.{table}"), effective=policy.effective.isoformat())


def _rows(rows: Sequence[TextRow], w: Words) -> Iterator[str]:
    """Each row beside its id, its condition below."""
    width = min(MOST_ID, max(cell_len(row.id) for row in rows)) + 2 if any(row.id for row in rows) else 0
    for row in rows:
        head = pad(row.id, width) if cell_len(row.id) < width else row.id
        yield from _row(row, head, width, w)


def _row(row: TextRow, head: str, width: int, w: Words) -> Iterator[str]:
    text = clean("  ".join(part for part in (row.what, row.figure) if part)) or w("listing.always")
    if cell_len(head) > width:
        yield head
        head = " " * width
    yield from hanging(head, text, room())
    if row.when:
        yield from hanging(" " * (width + INDENT), clean(row.when), room())


def _changes(call: Call, before: Policy, tables: Sequence[str]) -> None:
    after = _version(call, "changes")
    found = differences(before, after, call.w, tables)
    if call.json:
        give_json([_plain_change(each) for each in found])
        return
    w = call.w
    lines = [w("listing.changes", before=before.effective.isoformat(), after=after.effective.isoformat())]
    table = ""
    for each in found:
        if each.table != table:
            table = each.table
            lines += ["", w(f"listing.table.{table}")]
        lines += _change(each, w)
    give(lines if found else [*lines, "", w("listing.same")])


def _change(change: Difference, w: Words) -> Iterator[str]:
    """The row under its mark; of a changed one what it was, then what it is."""
    rows = [change.before, change.after] if change.kind == "changed" else [change.after or change.before]
    for mark, row in zip((MARKS[change.kind], "="), rows, strict=False):
        if row is not None:
            parts = [row.id and w("listing.id", id=row.id), row.what, row.figure, row.when]
            yield from hanging(f"{mark} ", clean("  ".join(part for part in parts if part)), room())


def _plain(row: TextRow) -> dict[str, str]:
    return {"id": row.id, "what": row.what, "figure": row.figure, "when": row.when}


def _plain_change(change: Difference) -> dict[str, object]:
    return {
        "table": change.table,
        "change": change.kind,
        "before": _plain(change.before) if change.before else None,
        "after": _plain(change.after) if change.after else None,
    }
