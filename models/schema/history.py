"""Which changes of the schema a store has had, and those still due, under a lock between processes."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from peewee import OperationalError, SqliteDatabase

from models.errors import Refused
from models.schema import arrangements, tables
from models.schema.base import Table

FOLDER = Path(__file__).parent / "migrations"
TABLE = "jiedai_migration"
TABLES: tuple[type[Table], ...] = tuple(
    each
    for module in (tables, arrangements)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, Table) and each.__module__ == module.__name__
)
"""Every table of the store."""
_MISFITS = ("no such", "no column named", "duplicate column", "already exists")


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the store at `path` against other processes that open or replace it."""
    with open(f"{path}.lock", "w", opener=_private) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def bring_up_to_date(path: Path, base: SqliteDatabase) -> None:
    """Apply what is due. Raises Refused for a store newer than the program, for a foreign file, and for one whose
    tables are not those of the changes it has had."""
    had = applied(path)
    due = known() - had
    if due:
        # Only now: the runner costs more than opening a store does.
        from playhouse.migrations import Runner

        try:
            with base.connection_context():
                Runner(base, str(FOLDER), table_name=TABLE).up()
        except OperationalError as error:
            if not any(part in str(error) for part in _MISFITS):
                raise
            raise Refused("store_outdated", path=str(path), what=str(error)) from error
    with closing(sqlite3.connect(path)) as raw:
        _insist_on_tables(path, raw)
        if raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            raw.execute("PRAGMA journal_mode = wal")


def _insist_on_tables(path: Path, raw: sqlite3.Connection) -> None:
    """Refused where a change that was applied has become another since: no query would say so in a sentence."""
    sql = "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
    found: dict[str, set[str]] = {}
    for table, column in raw.execute(sql):
        found.setdefault(table, set()).add(column)
    for table in TABLES:
        name, columns = table._meta.table_name, set(table._meta.columns)
        differing = columns ^ found.get(name, set())
        if differing:
            raise Refused("store_outdated", path=str(path), what=f"{name}: {', '.join(sorted(differing))}")


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
