"""Stages know their meal, and whether somebody set their time by hand."""

from __future__ import annotations

import json
from typing import Any

PLANNED = (
    "SELECT j.visit, d.details FROM journal j JOIN journal_detail d ON d.entry_id = j.id"
    " WHERE j.verb = 'stage.planned' ORDER BY j.id"
)


def up(migrator: Any, db: Any) -> None:
    """Add the columns. Set by hand is what stands where somebody put it last, having moved it; a stage that there is
    for each meal becomes that of the first when the visit is next rebuilt."""
    db.execute_sql("ALTER TABLE stage ADD COLUMN meal INTEGER")
    db.execute_sql("ALTER TABLE stage ADD COLUMN by_hand INTEGER NOT NULL DEFAULT 0")
    moved: dict[tuple[int, str], str] = {}
    for visit, said in db.execute_sql(PLANNED).fetchall():
        details = json.loads(said) if said else {}
        stage, at = details.get("stage"), details.get("at")
        if stage and at and f"stage:{stage}:at" in said:
            moved[visit, stage] = at
    for (visit, stage), at in moved.items():
        db.execute_sql(
            "UPDATE stage SET by_hand = 1 WHERE visit_id = ? AND stage = ? AND at = ?",
            (visit, stage, at.replace("T", " ")),
        )
