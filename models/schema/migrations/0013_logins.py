"""People have a login on the machine of an office, SSH keys and a language."""

from __future__ import annotations

from typing import Any

KEYS = """CREATE TABLE "person_key" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "person_id" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT,
    "fingerprint" VARCHAR(64) NOT NULL,
    "line" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "added_utc" DATETIME NOT NULL,
    "off_utc" DATETIME
)"""


def up(migrator: Any, db: Any) -> None:
    """Add the columns, and the table of keys; a login is one person's."""
    for column in ("login", "language"):
        db.execute_sql(f"ALTER TABLE person ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    db.execute_sql("CREATE UNIQUE INDEX person_login ON person (login) WHERE login != ''")
    db.execute_sql(KEYS)
    db.execute_sql("CREATE UNIQUE INDEX person_key_fingerprint ON person_key (fingerprint)")
    db.execute_sql("CREATE INDEX person_key_person_id ON person_key (person_id)")
