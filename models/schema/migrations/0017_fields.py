"""What was typed and cannot be read is kept under the name of its field: the price of a lodging or cost had another."""

from __future__ import annotations

import json
from typing import Any

NAMES = {("lodging", "room_price"), ("costs", "unit_price")}


def up(migrator: Any, db: Any) -> None:
    """Rename the keys in what was typed."""
    for visit, said in db.execute_sql("SELECT id, raw FROM visit WHERE raw LIKE '%_price%'").fetchall():
        raw = {_named(key): text for key, text in json.loads(said).items()}
        db.execute_sql("UPDATE visit SET raw = ? WHERE id = ?", (json.dumps(raw, ensure_ascii=False), visit))


def _named(key: str) -> str:
    table, _, rest = key.partition(".")
    row, _, field = rest.partition(".")
    return f"{table}.{row}.price" if (table, field) in NAMES else key
