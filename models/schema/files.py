"""The file of a store and what lies beside it: whose it is, its locks, copies that are not finished yet."""

from __future__ import annotations

import fcntl
import glob
import os
import shutil
import sqlite3
import stat
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from models.errors import Refused

TABLE = "jiedai_migration"
"""The table that only stores of this program have."""
SIDES = ("-journal", "-wal", "-shm")
"""Ends of the names of what SQLite keeps beside a file; without the first two the file may not be whole."""
REPLACED = ".replaced-"
"""What stands between the name of a store and the moment at which a restore replaced it, in the name it got then."""
_WORK = ".jiedai-"


def place_of(path: Path | str) -> Path:
    """The whole path of a store, links followed: what is beside it lies beside the file, not beside a link."""
    return Path(os.path.realpath(Path(path).expanduser()))


def require_store(path: Path) -> None:
    """Refused for what is not a store of this program; nothing is changed, neither in the file nor beside it.

    Codes: `store_missing`, `store_foreign`, `store_empty`. Raises sqlite3.DatabaseError for a damaged file.
    """
    try:
        seen = os.stat(path)
    except FileNotFoundError:
        raise Refused("store_missing", path=str(path)) from None
    if not stat.S_ISREG(seen.st_mode):
        raise Refused("store_foreign", path=str(path))
    if not seen.st_size:
        raise Refused("store_empty", path=str(path))
    try:
        # Immutable: SQLite takes no lock, makes no file and looks at none but this one.
        with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as raw:
            if TABLE not in tables_in(raw):
                raise Refused("store_foreign", path=str(path))
    except sqlite3.DatabaseError:
        if not any(_holds_something(f"{path}{end}") for end in SIDES[:2]):
            raise


def tables_in(raw: sqlite3.Connection) -> set[str]:
    """The names of a database's tables."""
    return {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _holds_something(path: str) -> bool:
    try:
        return os.stat(path).st_size > 0
    except OSError:
        return False


# -- other names -------------------------------------------------------------------------------------------------------


def take_back(store: Path) -> None:
    """Undo what a killed restore had begun: other names of the store that is still in place. Under the lock."""
    if store.stat().st_nlink == 1:
        return
    for name in store.parent.glob(f"{glob.escape(store.name + REPLACED)}*"):
        if os.path.samefile(name, store):
            move_sides(name, store)
            name.unlink()


def move_sides(store: Path, to: Path) -> None:
    """Give what SQLite keeps beside a store to another name of it."""
    for end in SIDES:
        with suppress(FileNotFoundError):
            os.rename(f"{store}{end}", f"{to}{end}")


# -- locks -------------------------------------------------------------------------------------------------------


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the store at `path` against other processes that open or replace it."""
    handle = _open(path, "lock")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def turn(path: Path, seconds: float) -> Iterator[None]:
    """Wait in the queue of those who write to the store at `path`, and keep everybody else waiting.

    SQLite alone lets whoever asks at the right moment go first. Refused (`store_busy`) after so many seconds.
    """
    # Only the system keeps a queue, and its wait has no end: so another thread waits.
    given: Future[int] = Future()
    threading.Thread(target=_queue_up, args=(path, given), daemon=True).start()
    try:
        handle = given.result(seconds)
    except TimeoutError:
        if given.cancel():
            raise Refused("store_busy", path=str(path)) from None
        handle = given.result()
    try:
        yield
    finally:
        os.close(handle)


def _queue_up(path: Path, given: Future[int]) -> None:
    """Give the handle that holds the turn, unless nobody waits for it any more."""
    try:
        turn = _open(path, "turn")
        # Who has just had a turn must wait behind the one who is next, however fast they ask again.
        queue = _open(path, "queue")
        fcntl.flock(queue, fcntl.LOCK_EX)
        fcntl.flock(turn, fcntl.LOCK_EX)
        os.close(queue)
    except OSError as error:
        given.set_exception(error)
        return
    if given.set_running_or_notify_cancel():
        given.set_result(turn)
    else:
        os.close(turn)


def _open(path: Path, kind: str) -> int:
    return os.open(f"{path}.{kind}", os.O_RDWR | os.O_CREAT | os.O_NONBLOCK, 0o600)


# -- what is not finished ----------------------------------------------------------------------------------------


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """A hidden folder inside of `folder` for what is to get its place there when it is whole; gone at the end, as are
    those that killed processes have left."""
    _sweep(folder)
    work, handle = _work_folder(folder)
    try:
        yield work
    finally:
        os.close(handle)
        shutil.rmtree(work, ignore_errors=True)


def _work_folder(folder: Path) -> tuple[Path, int]:
    """A new one, held; another process may sweep it away before it is."""
    while True:
        work = tempfile.mkdtemp(prefix=_WORK, dir=folder)
        with suppress(FileNotFoundError):
            handle = os.open(work, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_EX)
            if os.path.exists(work):
                return Path(work), handle
            os.close(handle)


def _sweep(folder: Path) -> None:
    for left in folder.glob(f"{_WORK}*/"):
        with suppress(OSError):  # somebody else's, in use, or swept by another
            handle = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(handle)
