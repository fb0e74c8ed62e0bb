"""`jiedai backup FILE`: a checked copy of the store, which may be in use meanwhile; `-` is standard output."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

from models.errors import Refused
from models.schema.backup import Facts, backup, whole_copy
from models.schema.files import place_of
from models.words import Phrase
from tui.cli.call import Call
from tui.cli.commands import Usage
from tui.cli.out import tell


def run_backup(call: Call) -> int:
    """Copy, check, and say what the copy holds."""
    facts = _poured(call) if call.word() == "-" else backup(call.store_file(), call.word())
    tell(call.w("backup.made", path=facts.path, visits=facts.visits, bytes=facts.bytes, head=facts.head))
    return 0


def _poured(call: Call) -> Facts:
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
