"""Commands on the store: `backup`, `restore`, `verify`."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

from models.errors import Refused
from models.queries.visit_history import Agreement, agreement
from models.schema.backup import BackupInfo, backup, restore, whole_copy
from models.schema.files import place_of
from models.schema.journal import Report, verify
from models.words import Phrase
from tui.cli.call import Call, store
from tui.cli.command_line import Usage
from tui.cli.out import give, give_json, tell


def run_backup(call: Call) -> int:
    """Copy, check, and say what the copy holds."""
    to = call.word()
    if os.path.isdir(to):
        to = os.path.join(to, f"jiedai-{call.clock():%Y-%m-%d}.backup")
    facts = _poured(call) if to == "-" else backup(call.store_file(), to)
    tell(call.w("backup.made", path=facts.path, visits=facts.visits, bytes=facts.bytes, head=facts.head))
    return 0


def _poured(call: Call) -> BackupInfo:
    if sys.stdout.isatty():
        raise Usage(Phrase("cli.not_to_terminal"))
    store = place_of(call.store_file())
    with whole_copy(store, store) as (copy, facts), open(copy, "rb") as data:
        try:
            shutil.copyfileobj(data, sys.stdout.buffer)
            sys.stdout.flush()
        except BrokenPipeError:  # for any other command nothing to speak of
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise Refused("backup_failed", path="-") from None
    return replace(facts, path=Path("-"))


# -- restore ----------------------------------------------------------------------------------------------------------


def run_restore(call: Call) -> int:
    """Check, replace, and say what the store now holds and where the former one is."""
    facts = restore(call.word(), call.store_file(), call.clock().replace(tzinfo=None))
    tell(call.w("backup.restored", path=facts.path, visits=facts.visits, head=facts.head))
    if facts.kept is not None:
        tell(call.w("backup.kept", path=facts.kept))
    return 0


# -- verify -----------------------------------------------------------------------------------------------------------

SHOWN = 20
"""So many rows that differ are named."""


def run_verify(call: Call) -> int:
    """0 where nothing was found, 1 otherwise; `--head` prints the line to keep elsewhere, which is given to `--since`
    later, alone or with others, to see that what was true then is still there."""
    kept = call.given.option("since")
    if call.given.has("since") and not kept.strip():
        raise Usage(Phrase("cli.value_missing", {"option": "--since"}))
    with store(call):
        report = verify(kept)
        if call.given.has("head") and report.broken is None and not call.json:
            give(report.line)
            return 0
        found = agreement()
    if call.json:
        give_json(_plain(report, found))
    else:
        give([_said(call, report), *_compared(call, found), call.w("verify.not_looked_at")])
    return 0 if report.broken is None and found.whole else 1


def _said(call: Call, report: Report) -> str:
    if report.broken is not None:
        said = [call.w(f"verify.{report.what}", entry=report.broken)]
        return " ".join([*said, *([call.w("verify.still", entry=report.kept)] if report.kept else [])])
    said = [call.w("verify.whole", n=report.entries)]
    if report.kept:
        said.append(call.w("verify.kept", entry=report.kept))
    if report.erased:
        said.append(call.w("verify.erased", n=report.erased))
    return " ".join(said)


def _compared(call: Call, found: Agreement) -> list[str]:
    w = call.w
    said = [w("verify.pages", n=len(found.pages), what=found.pages[0])] if found.pages else []
    said += [w("verify.references", n=found.references)] if found.references else []
    said += [w("verify.sound")] if not said else []
    said += [
        w(f"verify.differs.{each.what}", id=each.id, number=each.number or "-") for each in found.differing[:SHOWN]
    ]
    more = len(found.differing) - SHOWN
    said += [w("verify.more", n=more)] if more > 0 else []
    return [*said, w("verify.agrees", **found.looked_at)] if not found.differing else said


def _plain(report: Report, found: Agreement) -> dict[str, object]:
    return {
        "whole": report.broken is None,
        "entries": report.entries,
        "head": report.head,
        "hash": report.hash,
        "erased": report.erased,
        "broken": report.broken,
        "what": report.what or None,
        "kept": report.kept or None,
        "pages": list(found.pages),
        "references": found.references,
        "looked_at": found.looked_at,
        "differing": [{"what": each.what, "id": each.id, "number": each.number or None} for each in found.differing],
    }
