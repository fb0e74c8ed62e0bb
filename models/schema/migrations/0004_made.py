"""What a text was made as when it was written by hand, to tell whether the visit is another since."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the column; of texts written before it is not known."""
    db.execute_sql("ALTER TABLE display ADD COLUMN made TEXT NOT NULL DEFAULT ''")
