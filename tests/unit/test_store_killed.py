"""A process that is killed at any write, sync, rename or unlink leaves a store that the next one opens, whole.

The system kills it (`strace -e inject`): of each such call that the whole way has, one after the other (`-m long`),
or a few spread over all of them.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from playhouse.migrations import Runner

from models.policy.load import read_versions
from models.schema import files, history
from models.schema.backup import backup, restore
from models.schema.store import connectable, open_store, reading, write
from models.schema.tables import Journal, Person, Visit
from models.services.person_verbs import set_up
from models.services.regulation_verbs import RegulationPlace, clear_unfinished
from tests.unit.conftest import ROOT, SessionFactory

CALLS = (
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "ftruncate",
    "rename",
    "link",
    "unlink",
    "unlinkat",
    "mkdir",
    "rmdir",
)
EARLY = "0004_made"
NOW = datetime(2026, 11, 23, 18, 30)
START = "from models.schema.store import open_store; open_store({0!r}).close()"
RESTORE = (
    "from models.schema.backup import restore; from datetime import datetime;"
    " restore({1!r}, {0!r}, datetime(2026, 11, 23))"
)
CHANGE = """
from datetime import date, datetime, UTC
from models.policy.load import (read_versions)
from models.schema.store import open_store
from models.services.session import Actor, Session
from models.services.regulation_verbs import RegulationPlace, change_regulation
store = open_store({0!r})
base = read_versions({1!r})[0][0].policy
desk = Session(Actor(1, "a", "a"), lambda: datetime(2026, 11, 23, tzinfo=UTC), base)
change_regulation(
    desk, RegulationPlace({1!r}, {2!r}), base, {{("cap", 0, "most", "vip"): 180}}, date(2026, 12, 1), "dearer")
store.close()
"""
A_FEW = 7


@cache
def why_not() -> str:
    """Why nothing can be killed at a call here; empty where it can."""
    if not shutil.which("strace"):
        return "strace is not here"
    tried = subprocess.run(
        ["strace", "-e", "inject=fsync:signal=SIGKILL:when=9", "true"], capture_output=True, check=False
    )
    return "" if tried.returncode == 0 else "strace may not trace here"


def traced(code: str, inject: str, log: Path) -> int:
    """Run `code`, what it calls is in `log`; how it ended."""
    command = [
        "strace",
        "-qq",
        "-o",
        str(log),
        "-e",
        f"trace={','.join(CALLS)}",
        *(["-e", f"inject={inject}"] if inject else []),
    ]
    told = {"HOME": str(log.parent), "PATH": os.environ["PATH"]}
    return subprocess.run([*command, sys.executable, "-B", "-c", code], env=told, timeout=300, check=False).returncode


def calls(code: str, log: Path) -> list[tuple[str, int]]:
    """Every call of the whole way, each with which of its name it is."""
    assert traced(code, "", log) == 0
    seen: dict[str, int] = {}
    found = []
    for name in re.findall(r"^(\w+)\(", log.read_text("utf-8", "replace"), re.M):
        seen[name] = seen.get(name, 0) + 1
        found.append((name, seen[name]))
    return found


def killed(code: str, log: Path, prepare: Callable[[], None], whole: bool) -> Iterator[str]:
    """After each of these kills, on what `prepare` has made anew."""
    if why_not():
        pytest.skip(why_not())
    prepare()
    every = calls(code, log)
    assert len(every) > A_FEW
    few = every if whole else every[:: max(1, len(every) // A_FEW)]
    for name, number in few:
        prepare()
        if traced(code, f"{name}:signal=SIGKILL:when={number}", log) == -signal.SIGKILL:
            yield f"{name} {number}"


def fresh(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()


def early_store(path: Path) -> None:
    """A store of an earlier version with a person, not in WAL mode."""
    path.touch(0o600)
    base = connectable(path)
    with base.connection_context():
        Runner(base, str(history.FOLDER), table_name=files.TABLE).up(EARLY)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(
            "INSERT INTO person (name, phone, pinyin, initials, active, version) VALUES ('a', '', '', '', 1, 1)"
        )
        raw.commit()


def sound(path: Path) -> None:
    """The store is whole, of today, and beside it lies nothing but itself and its locks."""
    assert history.applied(path) == history.known()
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    backup(path, path.with_name("copy.db"))
    assert [each.name for each in path.parent.glob(".jiedai-*")] == []
    path.with_name("copy.db").unlink()


LENGTHS = [False, pytest.param(True, marks=pytest.mark.long)]


@pytest.mark.parametrize("whole", LENGTHS)
def test_the_first_start(tmp_path: Path, whole: bool) -> None:
    path = tmp_path / "new" / "jiedai.db"
    code = START.format(str(path))
    for _ in killed(code, tmp_path / "log", lambda: fresh(path.parent), whole):
        store = open_store(path)
        with write():
            Person.create(name="b")
        store.close()
        sound(path)


@pytest.mark.parametrize("whole", LENGTHS)
def test_a_migration_of_a_store_that_is_not_in_wal_mode(tmp_path: Path, whole: bool) -> None:
    early_store(tmp_path / "early.db")
    path = tmp_path / "old" / "jiedai.db"

    def prepare() -> None:
        fresh(path.parent)
        shutil.copy(tmp_path / "early.db", path)

    for _ in killed(START.format(str(path)), tmp_path / "log", prepare, whole):
        backup(path, tmp_path / "copy.db")  # what comes first after the kill need not be the screens
        (tmp_path / "copy.db").unlink()
        store = open_store(path, create=False)
        with reading():
            assert [row.name for row in Person.select()] == ["a"]
        store.close()
        sound(path)


@pytest.mark.parametrize("whole", LENGTHS)
def test_a_restore(tmp_path: Path, whole: bool) -> None:
    path, copy = tmp_path / "there" / "jiedai.db", tmp_path / "copy.db"

    def visit(at: Path, client: str) -> None:
        store = open_store(at)
        with write():
            Visit.create(client_name=client, changed_utc=NOW)
        store.close()

    def clients() -> list[str]:
        store = open_store(path, create=False)
        with reading():
            found = [row.client_name for row in Visit.select()]
        store.close()
        return found

    visit(tmp_path / "source.db", "copied")
    backup(tmp_path / "source.db", copy)
    visit(tmp_path / "present.db", "present")

    def prepare() -> None:
        fresh(path.parent)
        shutil.copy(tmp_path / "present.db", path)

    for _ in killed(RESTORE.format(str(path), str(copy)), tmp_path / "log", prepare, whole):
        found = clients()
        assert found in (["present"], ["copied"])
        kept = list(path.parent.glob("*.replaced-*"))
        assert bool(kept) == (found == ["copied"])
        sound(path)
        assert restore(copy, path, NOW).kept is not None
        assert clients() == ["copied"]


@pytest.mark.parametrize("whole", LENGTHS)
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_change_of_the_regulation(tmp_path: Path, session: SessionFactory, kind: str, whole: bool) -> None:
    """Whatever version is there the journal knows, and the other way round."""
    store = open_store(tmp_path / "company.db")
    set_up(session(), [("a", "", ("coordinator",))], session.policy.effective)
    store.close()
    home = tmp_path / "home"
    path, folder = home / "jiedai.db", home / "config"
    place = RegulationPlace(str(home / "config.toml" if kind == "file" else folder), str(folder))

    def prepare() -> None:
        fresh(home)
        shutil.copy(tmp_path / "company.db", path)
        (folder.mkdir() if kind == "folder" else None)
        shutil.copy(ROOT / "config.toml", folder / "first.toml" if kind == "folder" else place.path)

    code = CHANGE.format(str(path), place.path, place.folder)
    seen = set()
    for _ in killed(code, tmp_path / "log", prepare, whole):
        if theirs := folder.exists():
            (folder / "ours.txt").write_text("put here meanwhile")
        store = open_store(path)
        clear_unfinished(place)
        assert not theirs or (folder / "ours.txt").exists()
        versions = read_versions(place.folder if folder.exists() else place.path)
        with reading():
            told = Journal.select().where(Journal.verb == "policy.change").count()
        store.close()
        assert (len(versions[0]), versions[1]) == (1 + told, ())
        seen.add(told)
        assert not folder.exists() or not [each for each in folder.iterdir() if each.name.endswith(".unsettled")]
    assert not whole or seen == {0, 1}
