"""Copies of the store: made while it is in use and checked after; brought back only when sound."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from models.disk import sync
from models.errors import Refused
from models.frozen import record
from models.schema import files, history, journal
from models.schema.store import plain_reasons


@record
class BackupInfo:
    """What a copy holds: its file and size in bytes, how many visits, the head of its journal (`id hash`)."""

    path: Path
    bytes: int
    visits: int
    head: str
    kept: Path | None = None
    """After a restore: the store that was there before."""


def backup(store: Path | str, to: Path | str) -> BackupInfo:
    """Copy the store, which may be in use, to a new file `to` (0600), checked before it gets its name.

    Raises Refused: `backup_exists` (nothing is ever overwritten), `backup_failed`, or where it cannot be written.
    """
    store, to = files.place_of(store), Path(to).expanduser().absolute()
    if to.exists():
        raise Refused("backup_exists", path=str(to))
    with whole_copy(store, to) as (copy, facts), plain_reasons(to):
        try:
            os.close(os.open(to, os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            raise Refused("backup_exists", path=str(to)) from None
        os.replace(copy, to)
        sync(to.parent)
    return facts


@contextmanager
def whole_copy(store: Path, to: Path) -> Iterator[tuple[Path, BackupInfo]]:
    """A checked copy of the store on the disk of `to`, of which the facts tell, to be moved there or read; gone after.

    Raises Refused as `backup` does.
    """
    with plain_reasons(store):
        history.applied(store)
    with plain_reasons(to), _copy(store, to.parent) as copy:
        yield copy, _checked(copy, to, "backup_failed")


def restore(source: Path | str, store: Path | str, now: datetime) -> BackupInfo:
    """Make a sound copy of `source` the store. What was there stays beside it, named after `now`.

    Raises Refused and changes nothing: `restore_broken`, `restore_open` while any program has the store open, and what
    `open_store` raises of a file that is no store.
    """
    source, store = files.place_of(source), files.place_of(store)
    try:
        with plain_reasons(source):
            history.applied(source)
        with plain_reasons(store):
            if store.exists() and not store.is_file():
                raise Refused("store_foreign", path=str(store))
            store.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with files.lock(store), _copy(source, store.parent) as copy:
                facts = _checked(copy, source, "restore_broken")
                kept = _set_aside(store, now)
                os.replace(copy, store)
                sync(store.parent)
    except Refused as refusal:
        raise Refused("restore_broken", path=str(source)) if refusal.code == "store_damaged" else refusal from None
    return replace(facts, path=store, kept=kept)


@contextmanager
def _copy(source: Path, folder: Path) -> Iterator[Path]:
    """A whole copy as one plain file (0600) on the disk of `folder`, gone at the end unless it was moved away."""
    with files.workplace(folder) as work:
        copy = work / "store"
        os.close(os.open(copy, os.O_CREAT | os.O_WRONLY, 0o600))
        with closing(history.read_only(source)) as there, closing(sqlite3.connect(copy)) as here:
            there.backup(here)
            here.execute("PRAGMA journal_mode = delete")
        yield copy


def _checked(copy: Path, path: Path, code: str) -> BackupInfo:
    """Facts of a copy that is whole, of this program, and whose journal's chain holds; else Refused with `code`."""
    if not history.applied(copy):
        raise Refused("store_foreign", path=str(path))
    with closing(sqlite3.connect(copy)) as raw:
        sound = raw.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        if not sound or raw.execute("PRAGMA foreign_key_check").fetchone():
            raise Refused(code, path=str(path))
        report = journal.walk(raw.execute(journal.ENTRIES))
        if report.broken is not None:
            raise Refused(code, path=str(path))
        visits = raw.execute("SELECT count(*) FROM visit").fetchone()[0]
    sync(copy)
    return BackupInfo(path, copy.stat().st_size, visits, report.line)


def _set_aside(store: Path, now: datetime) -> Path | None:
    """Keep the present store under another name as well; Refused while somebody has it open."""
    if not store.exists():
        return None
    files.take_back(store)
    try:
        # Leaving WAL needs the file alone, and puts everything into the one file that is kept.
        with closing(sqlite3.connect(store, timeout=1)) as raw:
            raw.execute("PRAGMA journal_mode = delete")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        raise Refused("restore_open", path=str(store)) from None
    except sqlite3.DatabaseError as error:
        if "malformed" not in str(error) and "not a database" not in str(error):
            raise
    kept = _free(store.with_name(f"{store.name}{files.REPLACED}{now:%Y%m%d-%H%M%S}"))
    os.link(store, kept)
    # Of a damaged store SQLite would take what is left of its log for the new one's.
    files.move_sides(store, kept)
    return kept


def _free(path: Path) -> Path:
    """`path`, or with a number behind it the first that is not there yet."""
    numbered = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return next(name for name in chain([path], numbered) if not name.exists())
