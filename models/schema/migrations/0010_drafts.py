"""A count of the changes that the journal does not tell of."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Make its table."""
    db.execute_sql(
        'CREATE TABLE "unjournalled" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "changes" INTEGER NOT NULL)'
    )
