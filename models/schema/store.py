"""The open store: one SQLite file, its connections and its transactions.

Connections are per thread and opened when needed; the store itself holds one more, so that closing the
last of the others never pays for a checkpoint. One writer at a time, in the order in which they came.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from peewee import DatabaseError, Delete, Insert, SqliteDatabase, Update

from models.disk import is_full, sync
from models.errors import Refused
from models.schema import files, history
from models.schema.base import Table, database

BUSY_SECONDS = 10
_PRAGMAS = {"foreign_keys": 1, "synchronous": "full", "secure_delete": 1, "recursive_triggers": 1}
_REASONS = (
    ("locked", "store_busy"),
    ("disk is full", "store_full"),
    ("readonly", "store_read_only"),
    ("unable to open", "store_unreachable"),
    ("disk i/o", "store_unreachable"),
    ("malformed", "store_damaged"),
    ("could not decode", "store_damaged"),
    ("not a database", "store_foreign"),
)


class Sqlite(SqliteDatabase):
    """SQLite as the program uses it: transactions take the lock at their beginning. `place` is the store's file;
    `to_disk` goes from a copy, which can only be read, to that file, once there is room for it. `check` is asked at the
    beginning of each write transaction, and raises Refused where there is to be none."""

    place: Path
    to_disk: Callable[[], None] | None = None
    check: Callable[[], None] | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._writes = count(1)
        self._written: dict[type[Table], int] = {}

    def execute(self, query: Any, **options: Any) -> Any:
        """Run a query; one that writes is counted for its table."""
        if isinstance(query, (Insert, Update, Delete)):
            self._note(query.model, isinstance(query, Delete))  # type: ignore[union-attr]  # all of ours are of a model
        return super().execute(query, **options)  # type: ignore[no-untyped-call]  # peewee has no type for it

    def _note(self, table: type[Table], deleted: bool) -> None:
        self._written[table] = next(self._writes)
        for key, other in table._meta.backrefs.items() if deleted else ():
            if key.on_delete in ("CASCADE", "SET NULL"):
                self._note(other, True)

    def last_write(self, table: type[Table]) -> int:
        """The number of this process' last write to a table: the same as before while nothing of it was written."""
        return self._written.get(table, 0)

    def _connect(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._connect()  # type: ignore[misc]  # peewee has no type for it
        connection.text_factory = _text
        return connection

    def rollback(self) -> None:
        # A full disk makes SQLite roll back by itself; a second time would hide the reason.
        if self.connection().in_transaction:  # type: ignore[no-untyped-call]  # peewee has no type for it
            super().rollback()


def _text(data: bytes) -> str:
    """A text of the store; what another program put there and is none costs its characters, not its row."""
    return data.decode("utf-8", "replace")


@dataclass
class Store:
    """An open store; every query and verb of the process uses it until `close`. `made`: it was not there before."""

    path: Path
    made: bool = False
    used: list[tuple[Sqlite, sqlite3.Connection]] = field(default_factory=list)
    check: Callable[[], None] | None = None

    @property
    def full(self) -> bool:
        """Whether there is no room on its disk even to share it: what it held when it was opened is read."""
        return self.used[-1][0].to_disk is not None

    def close(self) -> None:
        """Give up this thread's connection and the file. Harmless when repeated."""
        for base, keeper in self.used:
            if not base.is_closed():
                base.close()
            keeper.close()

    def check_writes(self, check: Callable[[], None]) -> None:
        """Have every write transaction from now on begin with `check`, which raises Refused where it must not be."""
        self.check = self.used[-1][0].check = check

    def use(self, base: Sqlite, keeper: sqlite3.Connection) -> None:
        """Let every query and verb go to `base` from now on."""
        base.check = self.check
        self.used.append((base, keeper))
        database.initialize(base)


def open_store(path: Path | str, *, create: bool = True) -> Store:
    """Open the store at `path`, brought up to date where that is needed; made (folder 0700, file 0600) where there is
    nothing, if `create`.

    Where its disk is full it can be read; writing is refused until there is room again.

    Raises Refused with a sentence for a file that is no store (which is left as it is), one newer than the program, one
    that is missing though `create` is False, and a folder or disk that cannot be used.
    """
    path = files.place_of(path)
    with plain_reasons(path):
        store = Store(path, create and _make(path))
        files.require_store(path)
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        try:
            store.use(*_connected(path))
        except (OSError, sqlite3.OperationalError):
            if not is_full(path.parent):
                raise
            base, keeper = _copied(path)
            base.to_disk = lambda: store.use(*_connected(path))
            store.use(base, keeper)
    return store


def _connected(path: Path) -> tuple[Sqlite, sqlite3.Connection]:
    base = connectable(path)
    with files.lock(path):
        files.take_back(path)
        history.bring_up_to_date(path, base)
        keeper = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
        keeper.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return base, keeper


def _copied(path: Path) -> tuple[Sqlite, sqlite3.Connection]:
    """What is in a store whose disk is full, to be read only: shared reading needs room on the disk, too."""
    name = "file:jiedai?mode=memory&cache=shared"
    keeper = sqlite3.connect(name, uri=True, check_same_thread=False)
    with closing(history.read_only(path)) as raw:
        history.require_tables_present(path, raw)
        raw.backup(keeper)
    base = Sqlite(name, uri=True, pragmas={**_PRAGMAS, "query_only": 1})
    base.place = path
    return base, keeper


def last_write(table: type[Table]) -> int:
    """See `Sqlite.last_write`; inside a transaction it tells whether what was read of a table still holds."""
    return int(database.last_write(table))


def connectable(path: Path) -> Sqlite:
    """The database at `path` as the program uses it, not yet connected."""
    base = Sqlite(str(path), pragmas=_PRAGMAS, lock_type="IMMEDIATE", timeout=BUSY_SECONDS)
    base.place = path
    return base


@contextmanager
def write() -> Iterator[None]:
    """One write transaction on this thread's connection: all of it is kept, or nothing.

    Inside another one it is part of that. Raises Refused where the store cannot take it.
    """
    inside = database.in_transaction()
    with plain_reasons(), _turn(), database.connection_context(), database.atomic():
        if database.check is not None and not inside:
            database.check()
        yield


@contextmanager
def trial() -> Iterator[None]:
    """What is done inside is looked at and then undone; inside a transaction that one goes on as it was."""
    with plain_reasons(), _turn(), database.connection_context(), database.atomic() as made:
        try:
            yield
        finally:
            made.rollback()


@contextmanager
def reading() -> Iterator[None]:
    """One view of the store, unchanged by other writers until the end; inside a transaction it is that one's."""
    with plain_reasons(), database.connection_context():
        if database.in_transaction():
            yield
        else:
            with database.atomic(lock_type="DEFERRED"):
                yield


@contextmanager
def _turn() -> Iterator[None]:
    """The transaction that begins inside comes after those that were asked for before; one of this thread goes on."""
    with ExitStack() as held:
        if not database.in_transaction():
            with plain_reasons(database.place):
                if database.to_disk is not None:
                    database.to_disk()
                held.enter_context(files.turn(database.place, BUSY_SECONDS))
        yield


@contextmanager
def plain_reasons(path: Path | None = None) -> Iterator[None]:
    """Say what SQLite or the operating system objects to as a `Refused` with one sentence."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        code = _reason(str(error))
        if code is None:
            raise
        raise _refused(code, path) from error
    except OSError as error:
        if path is None:
            raise
        raise _refused("store_unreachable", path) from error


def _reason(message: str) -> str | None:
    return next((code for part, code in _REASONS if part in message.lower()), None)


def _refused(code: str, path: Path | None) -> Refused:
    """SQLite and the system have many words for a disk that is full."""
    path = path or database.place
    return Refused("store_full" if code == "store_unreachable" and is_full(path.parent) else code, path=str(path))


def _make(path: Path) -> bool:
    """Whether a new store was made, whole before it has its name; not where there is anything already."""
    if path.exists():
        return False
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with files.lock(path), files.workplace(path.parent) as work:
        fresh = work / "store"
        os.close(os.open(fresh, os.O_CREAT | os.O_WRONLY, 0o600))
        history.bring_up_to_date(fresh, connectable(fresh))
        with closing(sqlite3.connect(fresh)) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()  # a full disk is said here, not by closing
        sync(fresh)
        if path.exists():
            return False
        os.rename(fresh, path)
        sync(path.parent)
    return True
