"""`jiedai restore FILE`: a sound copy becomes the store; what was there is kept beside it."""

from __future__ import annotations

from models.schema.backup import restore
from tui.cli.call import Call
from tui.cli.out import tell


def run_restore(call: Call) -> int:
    """Check, replace, and say what the store now holds and where the former one is."""
    facts = restore(call.word(), call.store_file(), call.clock().replace(tzinfo=None))
    tell(call.w("backup.restored", path=facts.path, visits=facts.visits, head=facts.head))
    if facts.kept is not None:
        tell(call.w("backup.kept", path=facts.kept))
    return 0
