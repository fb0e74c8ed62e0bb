"""The open store: one SQLite file, its connections and its transactions.

Connections are per thread and opened when needed; the store itself holds one more, so that closing the
last of the others never pays for a checkpoint. One writer at a time: `write` takes the lock at its beginning.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from peewee import DatabaseError, SqliteDatabase

from models.errors import Refused
from models.schema import history
from models.schema.base import database

BUSY_SECONDS = 10
_PRAGMAS = {"foreign_keys": 1, "synchronous": "full", "secure_delete": 1, "recursive_triggers": 1}
_REASONS = (
    ("locked", "store_busy"),
    ("disk is full", "store_full"),
    ("readonly", "store_read_only"),
    ("unable to open", "store_unreachable"),
    ("disk i/o", "store_unreachable"),
    ("malformed", "store_damaged"),
    ("not a database", "store_foreign"),
)


class Sqlite(SqliteDatabase):
    """SQLite as the program uses it: transactions take the lock at their beginning."""

    def rollback(self) -> None:
        # A full disk makes SQLite roll back by itself; a second time would hide the reason.
        if self.connection().in_transaction:  # type: ignore[no-untyped-call]  # peewee has no type for it
            super().rollback()


@dataclass
class Store:
    """An open store; every query and verb of the process uses it until `close`."""

    path: Path
    database: SqliteDatabase
    keeper: sqlite3.Connection

    def close(self) -> None:
        """Give up this thread's connection and the file. Harmless when repeated."""
        if not self.database.is_closed():
            self.database.close()
        self.keeper.close()


def open_store(path: Path | str, *, create: bool = True) -> Store:
    """Open the store at `path`, made (folder 0700, file 0600) and brought up to date where that is needed.

    Raises Refused with a sentence for a file that is no store, one newer than the program, one that is missing
    though `create` is False, and a folder or disk that cannot be used.
    """
    path = Path(path).expanduser().absolute()
    with plain_reasons(path):
        _prepare(path, create)
        base = connectable(path)
        with history.lock(path):
            history.bring_up_to_date(path, base)
        keeper = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
        keeper.execute("SELECT count(*) FROM sqlite_master").fetchone()
    database.initialize(base)
    return Store(path, base, keeper)


def connectable(path: Path) -> SqliteDatabase:
    """The database at `path` as the program uses it, not yet connected."""
    return Sqlite(str(path), pragmas=_PRAGMAS, lock_type="IMMEDIATE", timeout=BUSY_SECONDS)


@contextmanager
def write() -> Iterator[None]:
    """One write transaction on this thread's connection: all of it is kept, or nothing.

    Inside another one it is part of that. Raises Refused where the store cannot take it.
    """
    with plain_reasons(), database.connection_context(), database.atomic():
        yield


@contextmanager
def trial() -> Iterator[None]:
    """What is done inside is looked at and then undone; inside a transaction that one goes on as it was."""
    with plain_reasons(), database.connection_context(), database.atomic() as made:
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
def plain_reasons(path: Path | None = None) -> Iterator[None]:
    """Say what SQLite or the operating system objects to as a `Refused` with one sentence."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        code = _reason(str(error))
        if code is None:
            raise
        raise Refused(code, path=_place(path)) from error
    except OSError as error:
        if path is None:
            raise
        raise Refused("store_unreachable", path=_place(path)) from error


def _reason(message: str) -> str | None:
    return next((code for part, code in _REASONS if part in message.lower()), None)


def _place(path: Path | None) -> str:
    return str(path or database.database)


def _prepare(path: Path, create: bool) -> None:
    """The folder and an empty file, for the owner alone."""
    if path.is_dir():
        raise Refused("store_foreign", path=str(path))
    if not path.exists():
        if not create:
            raise Refused("store_missing", path=str(path))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    elif path.stat().st_mode & 0o077:
        path.chmod(0o600)
