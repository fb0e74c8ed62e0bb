"""Which changes of the schema a store has had, and those still due."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from peewee import OperationalError, SqliteDatabase

from models.disk import is_full
from models.errors import Refused
from models.schema import arrangements, tables
from models.schema.base import Table
from models.schema.files import TABLE, lock, require_store, tables_in

FOLDER = Path(__file__).parent / "migrations"
TABLES: tuple[type[Table], ...] = tuple(
    each
    for module in (tables, arrangements)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, Table) and each.__module__ == module.__name__
)
"""Every table of the store."""
_MISFITS = ("no such", "no column named", "duplicate column", "already exists")


def bring_up_to_date(path: Path, base: SqliteDatabase) -> None:
    """Roll back what a killed process left half done, and apply what is due; an empty file becomes a store.

    Under the lock. Raises Refused for a store newer than the program, for a foreign file, and for one whose tables are
    not those of the changes it has had.
    """
    with closing(sqlite3.connect(path)) as raw:
        had = _applied(path, raw)
        # First of all: in this mode a process that is killed leaves nothing that must be rolled back.
        if raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            raw.execute("PRAGMA journal_mode = wal")
        if known() - had:
            _migrate(path, base)
        _require_tables(path, raw)


def _migrate(path: Path, base: SqliteDatabase) -> None:
    # Only now: the runner costs more than opening a store does.
    from playhouse.migrations import Runner

    try:
        with base.connection_context():
            Runner(base, str(FOLDER), table_name=TABLE).up()
    except OperationalError as error:
        if not any(part in str(error) for part in _MISFITS):
            raise
        raise Refused("store_outdated", path=str(path), what=str(error)) from error


def require_tables_present(path: Path, raw: sqlite3.Connection) -> None:
    """Refused (`store_full`) where a change is due and cannot be made, for there is no room; and as for any store."""
    if known() - _applied(path, raw):
        raise Refused("store_full", path=str(path))
    _require_tables(path, raw)


def _require_tables(path: Path, raw: sqlite3.Connection) -> None:
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
    """The changes the store at `path` has had; the file is changed only where it was left half written, which is
    rolled back first.

    Raises Refused when it is no store of this program or newer than the program.
    """
    require_store(path)
    if os.path.exists(f"{path}-journal"):
        # Nothing can be read before; and SQLite does it for those only who may write.
        with lock(path), closing(sqlite3.connect(path)) as raw:
            return _applied(path, raw)
    with closing(read_only(path)) as raw:
        return _applied(path, raw)


def _applied(path: Path, raw: sqlite3.Connection) -> set[str]:
    tables = tables_in(raw)
    if tables and TABLE not in tables:
        raise Refused("store_foreign", path=str(path))
    had = {name for (name,) in raw.execute(f"SELECT name FROM {TABLE}")} if tables else set()
    if had - known():
        raise Refused("store_newer", path=str(path), newest=max(had))
    return had


def read_only(path: Path) -> sqlite3.Connection:
    """A connection to read by; nothing in the file changes."""
    raw = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        tables_in(raw)
    except sqlite3.OperationalError:
        raw.close()
        if not is_full(path.parent):
            raise
        # Only who has the file alone needs no room on the disk.
        raw = sqlite3.connect(path)
        raw.execute("PRAGMA locking_mode = exclusive")
    return raw
