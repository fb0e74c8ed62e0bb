"""Whoever a decision was recorded for may say that it is not theirs."""

from __future__ import annotations

from typing import Any


def up(migrator: Any, db: Any) -> None:
    """Add the words of the objection; nobody has objected so far."""
    db.execute_sql("ALTER TABLE decision ADD COLUMN objection TEXT NOT NULL DEFAULT ''")
