"""`jiedai verify`: walk the journal's chain."""

from __future__ import annotations

from models.schema.journal import Report, verify
from tui.cli.asked import store
from tui.cli.call import Call
from tui.cli.out import give, give_json


def run(call: Call) -> int:
    """0 for an unbroken chain, 1 for a broken one; `--head` prints the line to keep elsewhere, which is given later as
    it is, to see that the journal goes on from there."""
    kept = " ".join(call.given.words).strip()
    with store(call):
        report = verify(kept)
    if call.json:
        give_json(_plain(report))
    elif call.given.has("head") and report.broken is None:
        give(report.line)
    else:
        give(_said(call, report, kept))
    return 0 if report.broken is None else 1


def _said(call: Call, report: Report, kept: str) -> str:
    if report.broken is not None:
        return call.w(f"verify.{report.what}", entry=report.broken)
    said = [call.w("verify.whole", n=report.entries)]
    if kept:
        said.append(call.w("verify.kept", entry=kept.split()[0]))
    if report.erased:
        said.append(call.w("verify.erased", n=report.erased))
    return " ".join(said)


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
