"""When a booking should begin that could not follow what it is for, to follow from there once it can."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the column; bookings that stayed before it follow from where they are."""
    db.execute_sql("ALTER TABLE booking ADD COLUMN wanted DATETIME")
