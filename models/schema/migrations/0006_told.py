"""Who was told and when is looked for by time: whom nobody told yet, and who was told within a day."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the index."""
    db.execute_sql("CREATE INDEX to_tell_told_at ON to_tell (told_at)")
