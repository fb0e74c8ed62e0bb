"""Names are unique by what the ways of writing one have in common, and found by every reading of their characters."""

from __future__ import annotations

from typing import Any

from models.words import alike

KEYED = {"client": "", "client_person": "client_id", "resource": "kind"}
"""Tables with unique names, and within what."""
SPELT = ("person", *KEYED)


def up(migrator: Any, db: Any) -> None:
    """Add the keys and forget the spellings, which are of the usual readings only: they are made up for later.

    Two rows that are the same by now both stay, for people to join or switch off: the later one's key bears its number.
    """
    for table, within in KEYED.items():
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "key" TEXT NOT NULL DEFAULT \'\'')
        taken: set[tuple[Any, str]] = set()
        for number, group, name in db.execute_sql(f'SELECT id, {within or "NULL"}, name FROM "{table}" ORDER BY id'):
            key = alike.plate(name) if group == "car" else alike.key(name)
            if (group, key) in taken:
                key = f"{key}#{number}"
            taken.add((group, key))
            db.execute_sql(f'UPDATE "{table}" SET "key" = ? WHERE id = ?', (key, number))
        columns = ", ".join(f'"{column}"' for column in (within, "key") if column)
        old, new = ("_".join(part for part in (table, within, last) if part) for last in ("name", "key"))
        db.execute_sql(f'DROP INDEX "{old}"')
        db.execute_sql(f'CREATE UNIQUE INDEX "{new}" ON "{table}" ({columns})')
    for table in SPELT:
        db.execute_sql(f"UPDATE \"{table}\" SET pinyin = '', initials = ''")
