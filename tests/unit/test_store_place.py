"""A store among other files, other writers, and on a full disk."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from models.schema import files
from models.schema.store import Store, open_store, reading, write
from models.schema.tables import Person, Visit
from tests.unit.life import refuses


@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize("what", ["text", "database", "empty", "pipe", "device", "folder", "cut"])
def test_what_is_no_store_is_left_as_it_is(tmp_path: Path, what: str, create: bool) -> None:
    """Also its permissions, and nothing lies beside it afterwards."""
    path = tmp_path / "f"
    if what == "text":
        path.write_text("Dear guests,\n" * 100)
    elif what == "database":
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("PRAGMA journal_mode = wal")
            raw.execute("CREATE TABLE bird (name)")
    elif what == "empty":
        path.touch()
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "device":
        path.symlink_to("/dev/null")
    elif what == "folder":
        path.mkdir()
    else:
        open_store(tmp_path / "whole.db").close()
        path.write_bytes((tmp_path / "whole.db").read_bytes()[:8192])
        for other in tmp_path.glob("whole.db*"):
            other.unlink()
    if what != "device":
        path.chmod(0o664)
    before = path.stat()
    codes = {"empty": "store_empty", "cut": "store_damaged"}
    with refuses(codes.get(what, "store_foreign")):
        open_store(path, create=create)
    after = path.stat()
    assert (after.st_mode, after.st_size, after.st_mtime_ns) == (before.st_mode, before.st_size, before.st_mtime_ns)
    assert [each.name for each in tmp_path.iterdir()] == ["f"]


def test_a_store_behind_a_link_is_locked_where_it_lies(tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "real" / "jiedai.db")
    store = open_store(link)
    assert store.made
    with write():
        Person.create(name="a")
    store.close()
    assert link.is_symlink()
    assert {each.name for each in tmp_path.iterdir()} == {"link.db", "real"}
    assert not open_store(link, create=False).made


@pytest.mark.usefixtures("store")
def test_whoever_waits_to_write_comes_before_those_who_came_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also before who has just written and asks again at once."""
    monkeypatch.setattr("models.schema.store.BUSY_SECONDS", 600)
    order: list[str] = []
    locked = threading.Event()

    def flock(handle: int, how: int, really: Callable[[int, int], None] = fcntl.flock) -> None:
        really(handle, how)
        locked.set()

    def writer() -> None:
        with write():
            order.append("who waited")

    waiting = threading.Thread(target=writer)
    with write():
        monkeypatch.setattr("fcntl.flock", flock)
        waiting.start()
        assert locked.wait(60), "nobody is next while somebody writes"
        order.append("first")
    with write():
        order.append("again")
    waiting.join()
    assert order == ["first", "who waited", "again"]


def test_who_waits_too_long_in_the_queue_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with files.turn(store.path, 1):
        monkeypatch.setattr("models.schema.store.BUSY_SECONDS", 0.05)
        with refuses("store_busy"), write():
            Person.create(name="a")
        with reading():
            assert Person.select().count() == 0
    monkeypatch.undo()
    with write():
        Person.create(name="a")


ON_A_FULL_DISK = """
mount -t tmpfs -o size=2m tmpfs "$1" || exit 99
cp "$2" "$1/jiedai.db"
dd if=/dev/zero of="$1/fill" bs=4k 2>/dev/null
for words in "visits --json" "verify" "backup $1/copy.db" "backup $3"; do
    "$4" -m tui $words --store "$1/jiedai.db" --lang en 2>&1
    echo "$?"
done
"$4" -c 'import sys; from models.errors import Refused; from models.schema.store import open_store
from models.schema.store import reading, write
from models.schema.tables import Person, Visit
import os
path = sys.argv[1]
store = open_store(path)
with reading(): print("held", Visit.select().count(), store.full)
try:
    with write(): Person.create(name="a")
except Refused as refused: print(refused.code)
if os.system(f"cmp {path} {sys.argv[2]} && ls -A {os.path.dirname(path)}"): print("changed")
os.unlink(f"{os.path.dirname(path)}/fill")
with write(): Person.create(name="b")
store.close()
open_store(path)
with reading(): print("held", Visit.select().count(), store.full, *[each.name for each in Person.select()])
' "$1/jiedai.db" "$2"
"""


def test_a_store_on_a_full_disk_is_read_and_backed_up_and_written_once_there_is_room(
    store: Store, tmp_path: Path
) -> None:
    with write():
        Visit.create(
            client_name="江南智造集团", number="2026-0001", state="submitted", changed_utc=datetime(2026, 11, 23)
        )
    store.close()
    disk = tmp_path / "disk"
    disk.mkdir()
    away = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    words = [str(disk), str(store.path), str(tmp_path / "copy.db"), sys.executable]
    try:
        done = subprocess.run(
            [*away, "sh", "-c", ON_A_FULL_DISK, "sh", *words],
            env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip("no unshare here")
    if done.returncode in (1, 99):
        pytest.skip("no disk can be made here")
    told = done.stdout.splitlines()
    assert '"client": "江南智造集团",' in [line.strip() for line in told]
    assert [line for line in told if line.isdecimal()] == ["0", "1", "1", "0"], "the visit is in no entry"
    assert "The journal is whole: 0 entries." in told
    assert f"The disk is full, nothing was saved: {disk}/copy.db" in told
    assert "store_full" in told
    assert [line for line in told if line.startswith("held")] == ["held 1 True", "held 1 False b"]
    assert "changed" not in told
    assert not [line for line in told if line.startswith(".jiedai")]
