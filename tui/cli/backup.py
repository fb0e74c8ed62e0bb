"""`jiedai backup FILE`: a checked copy of the store, which may be in use meanwhile."""

from __future__ import annotations

from models.schema.backup import backup
from tui.cli.call import Call
from tui.cli.out import tell


def run(call: Call) -> int:
    """Copy, check, and say what the copy holds."""
    facts = backup(call.store_file(), call.word())
    tell(call.w("backup.made", path=facts.path, visits=facts.visits, bytes=facts.bytes, head=facts.head))
    return 0
