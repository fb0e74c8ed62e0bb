"""`jiedai verify`: walk the journal's chain."""

from __future__ import annotations

from models.schema.journal import Report, verify
from tui.cli.asked import store
from tui.cli.call import Call
from tui.cli.out import give, give_json


def run(call: Call) -> int:
    """0 for an unbroken chain, 1 for a broken one; `--head` prints the line to keep elsewhere."""
    with store(call):
        report = verify()
    if call.json:
        give_json(_plain(report))
    elif call.given.has("head") and report.broken is None:
        give(report.line)
    else:
        give(_said(call, report))
    return 0 if report.broken is None else 1


def _said(call: Call, report: Report) -> str:
    if report.broken is not None:
        return call.w(f"verify.{report.what}", entry=report.broken)
    whole = call.w("verify.whole", n=report.entries)
    return f"{whole} {call.w('verify.erased', n=report.erased)}" if report.erased else whole


def _plain(report: Report) -> dict[str, object]:
    return {
        "whole": report.broken is None,
        "entries": report.entries,
        "head": report.head,
        "hash": report.hash,
        "erased": report.erased,
        "broken": report.broken,
        "what": report.what or None,
    }
