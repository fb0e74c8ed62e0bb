"""People stand in for one another; a decision says for whom it was made, and what it changed."""

from __future__ import annotations

from typing import Any

STAND_INS = """CREATE TABLE "stand_in" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "for_person_id" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
    "person_id" INTEGER REFERENCES "person" ("id") ON DELETE RESTRICT,
    "posts" TEXT NOT NULL,
    "since" DATE NOT NULL,
    "until" DATE,
    "tier" TEXT,
    "away" INTEGER NOT NULL,
    "step_id" INTEGER REFERENCES "step" ("id") ON DELETE CASCADE,
    "reason" TEXT NOT NULL,
    "made_by_id" INTEGER REFERENCES "person" ("id") ON DELETE RESTRICT,
    "ended_utc" DATETIME
)"""


def up(migrator: Any, db: Any) -> None:
    """Add the table and the columns."""
    db.execute_sql(STAND_INS)
    for column in ("for_person", "person", "step", "made_by"):
        db.execute_sql(f"CREATE INDEX stand_in_{column}_id ON stand_in ({column}_id)")
    db.execute_sql("ALTER TABLE decision ADD COLUMN for_person_id INTEGER REFERENCES person (id) ON DELETE RESTRICT")
    db.execute_sql("CREATE INDEX decision_for_person_id ON decision (for_person_id)")
    db.execute_sql("ALTER TABLE decision ADD COLUMN before TEXT")
