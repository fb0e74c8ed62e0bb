"""Which changes of the schema a store has had, and those still due, under a lock between processes."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from peewee import SqliteDatabase

from models.errors import Refused

FOLDER = Path(__file__).parent / "migrations"
TABLE = "jiedai_migration"


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the store at `path` against other processes that open or replace it."""
    with open(f"{path}.lock", "w", opener=_private) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def bring_up_to_date(path: Path, base: SqliteDatabase) -> None:
    """Apply what is due. Raises Refused for a store newer than the program and for a foreign file."""
    had = applied(path)
    due = known() - had
    if due:
        # Only now: the runner costs more than opening a store does.
        from playhouse.migrations import Runner

        with base.connection_context():
            Runner(base, str(FOLDER), table_name=TABLE).up()
    with closing(sqlite3.connect(path)) as raw:
        if raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            raw.execute("PRAGMA journal_mode = wal")


def known() -> set[str]:
    """The changes this program knows."""
    return {name[:-3] for name in os.listdir(FOLDER) if name[:4].isdigit() and name.endswith(".py")}


def applied(path: Path) -> set[str]:
    """The changes the store at `path` has had, none for an empty file; the file is not touched.

    Raises Refused when it holds something else or is newer than the program.
    """
    with closing(read_only(path)) as raw:
        tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if tables and TABLE not in tables:
            raise Refused("store_foreign", path=str(path))
        had = {name for (name,) in raw.execute(f"SELECT name FROM {TABLE}")} if tables else set()
    if had - known():
        raise Refused("store_newer", path=str(path), newest=max(had))
    return had


def read_only(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing in the file."""
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
