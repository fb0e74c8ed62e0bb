"""Stores that many tests begin with: filled once in each process, and copied for each test."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Hashable
from functools import cache
from pathlib import Path
from typing import Any

from models.policy.load import load_text
from models.schema import files
from models.schema.store import Store, open_store, reading
from models.schema.tables import Journal

_made: dict[Hashable, tuple[bytes, Any]] = {}

policy_of = cache(load_text)
"""The policy of a text, read once: nothing changes a policy."""


def fresh_store(path: Path) -> Store:
    """An empty store at `path`, open. How one is made of nothing is shown in `test_store`."""
    return filled_store(path, "empty", lambda: None)[0]


def filled_store(path: Path, key: Hashable, fill: Callable[[], Any]) -> tuple[Store, Any]:
    """A store at `path`, open, as `fill` left it, and what that returned. A `key` means the same to every caller."""
    if key not in _made:
        _made[key] = _filled(fill)
    data, found = _made[key]
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(data)
    return open_store(path), found


def without_keys(raw: sqlite3.Connection) -> None:
    """Make a closed store one from before names had keys; opened again it gets them."""
    for table, within in (("client", ""), ("client_person", "client_id"), ("resource", "kind")):
        ends = "_".join(part for part in (table, within) if part)
        raw.execute(f"DROP INDEX {ends}_key")
        raw.execute(f'ALTER TABLE {table} DROP COLUMN "key"')
        raw.execute(f"CREATE UNIQUE INDEX {ends}_name ON {table} ({', '.join(filter(None, (within, 'name')))})")
    raw.execute(f"DELETE FROM {files.TABLE} WHERE name LIKE '%_keys'")


def _filled(fill: Callable[[], Any]) -> tuple[bytes, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        store = fresh_store(path) if "empty" in _made else open_store(path)
        try:
            found = fill()
        finally:
            store.close()
        return path.read_bytes(), found


def entries() -> list[tuple[int, int | None]]:
    """Each entry of the journal with its visit, oldest first."""
    with reading():
        return [(row.id, row.visit) for row in Journal.select(Journal.id, Journal.visit).order_by(Journal.id)]
