"""Stores that many tests begin with: lived through once in a test run, and copied for each test after that."""

from __future__ import annotations

import fcntl
import os
import pickle
import sqlite3
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import pytest

from models.policy.load import load_text
from models.policy.model import Policy
from models.schema import files
from models.schema.base import database
from models.schema.store import Store, open_store, reading
from models.schema.tables import Journal

T = TypeVar("T")
Verb = TypeVar("Verb", bound=Callable[..., Any])


class Living(Protocol):
    """A company with a clock."""

    now: Any

    @property
    def policy(self) -> Policy:
        """The regulation it lives by."""
        ...


policy_of = cache(load_text)
"""The policy of a text, read once: nothing changes a policy."""
_folders: list[Path] = []
"""Where the stores of this run are kept, once there is one."""
_anew = 0


@contextmanager
def kept_stores(factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what is lived through meanwhile for the rest of the run, for all its processes."""
    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    folder /= "kept"
    folder.mkdir(exist_ok=True)
    _folders.append(folder)
    try:
        yield
    finally:
        _folders.pop()


@contextmanager
def lived_anew() -> Iterator[None]:
    """Inside nothing is copied: for what watches or changes how the verbs work."""
    global _anew
    _anew += 1
    try:
        yield
    finally:
        _anew -= 1


def fresh_store(path: Path) -> Store:
    """An empty store at `path`, open. How one is made of nothing is shown in `test_store`."""
    return _copied(path, _kept("empty", lambda: _filled(open_store, lambda: None))[0])


def filled_store(path: Path, key: object, fill: Callable[[], T]) -> tuple[Store, T]:
    """A store at `path`, open, as `fill` left it, and what that returned. A `key` means the same to every caller."""
    data, found = _kept(("filled", key), lambda: _filled(fresh_store, fill))
    return _copied(path, data), found


def _copied(path: Path, data: bytes) -> Store:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(data)
    return open_store(path)


def without_keys(raw: sqlite3.Connection) -> None:
    """Make a closed store one from before names had keys; opened again it gets them."""
    for table, within in (("client", ""), ("client_person", "client_id"), ("resource", "kind")):
        ends = "_".join(part for part in (table, within) if part)
        raw.execute(f"DROP INDEX {ends}_key")
        raw.execute(f'ALTER TABLE {table} DROP COLUMN "key"')
        raw.execute(f"CREATE UNIQUE INDEX {ends}_name ON {table} ({', '.join(filter(None, (within, 'name')))})")
    raw.execute(f"DELETE FROM {files.TABLE} WHERE name LIKE '%_keys'")


def _filled(opened: Callable[[Path], Store], fill: Callable[[], T]) -> tuple[bytes, T]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        store = opened(path)
        try:
            found = fill()
        finally:
            store.close()
        return path.read_bytes(), found


def once(verb: Verb) -> Verb:
    """A step of a company's life that is lived through once in a run for each state of its store, its clock and what
    it is called with, and put in place as it was left after that. What fails is lived through each time."""

    @wraps(verb)
    def lived(who: Living, *args: Any, **options: Any) -> Any:
        def live() -> tuple[Any, Any]:
            found = verb(who, *args, **options)
            return found, who.now

        law = _digest(who.policy.text.encode())
        found, who.now = begun((verb.__module__, verb.__qualname__, law, who.now, args, options), live)
        return found

    return cast(Verb, lived)


def begun(key: object, live: Callable[[], T]) -> T:
    """What `live` returns, the open store as it leaves it; lived through once in a run for each key and store."""
    if _anew or not _folders or database.in_transaction():
        return live()
    before = _image()
    lived: list[bytes] = []

    def make() -> tuple[bytes, T]:
        found = live()
        lived.append(_image())
        return lived[0], found

    after, found = _kept((key, _digest(before)), make)
    if not lived and after != before:
        _put(after)
    return found


def _image() -> bytes:
    """The whole open store; how often it was changed is left out of it."""
    with database.connection_context():
        data = bytearray(database.connection().serialize())
    data[18:20] = 1, 1
    data[24:28] = data[40:44] = data[92:96] = bytes(4)
    return bytes(data)


def _put(image: bytes) -> None:
    """The open store becomes this one, for everybody who has it open."""
    with database.connection_context():
        source = sqlite3.connect(":memory:")
        source.deserialize(image)
        source.backup(database.connection())
        source.close()


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=20).hexdigest()


def _kept(key: object, make: Callable[[], tuple[bytes, T]]) -> tuple[bytes, T]:
    """What `make` gives, made once in a run for a key, whichever process needs it first."""
    if not _folders:
        return make()
    path = _folders[-1] / _digest(repr(key).encode())
    if not path.exists():
        with open(f"{path}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                data, found = make()
                half = Path(f"{path}.half")
                half.write_bytes(zlib.compress(pickle.dumps((data, found)), 1))
                half.rename(path)
                return data, found
    data, found = pickle.loads(zlib.decompress(path.read_bytes()))
    return data, found


def entries() -> list[tuple[int, int | None]]:
    """Each entry of the journal with its visit, oldest first."""
    with reading():
        return [(row.id, row.visit) for row in Journal.select(Journal.id, Journal.visit).order_by(Journal.id)]
