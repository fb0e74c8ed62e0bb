"""Which of ours sit at a meal, by name."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the column; of meals arranged before it only the number is known."""
    db.execute_sql("ALTER TABLE meal ADD COLUMN ours TEXT NOT NULL DEFAULT '[]'")
