"""Backup and restore: whole, checked, and nothing is lost on the way."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from models.errors import Refused
from models.schema import files, journal
from models.schema.backup import BackupInfo, backup, restore
from models.schema.store import Store, open_store, reading, write
from models.schema.tables import Person, Visit
from tests.unit.conftest import ROOT, SessionFactory
from tests.unit.life import refuses

NOW = datetime(2026, 11, 23, 18, 30)


@pytest.fixture
def filled(store: Store, session: SessionFactory) -> Store:
    """A store with one visit and one entry."""
    with write():
        row = Visit.create(client_name="江南智造集团", changed_utc=NOW)
        journal.record(session(), "submit", row.id, {"words": "x"})
    return store


def names(path: Path) -> list[str]:
    """The clients of the visits in a store, opened for it."""
    store = open_store(path, create=False)
    with reading():
        found = [row.client_name for row in Visit.select()]
    store.close()
    return found


def force(path: Path, sql: str) -> None:
    """Change a store behind the program's back."""
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(f"DROP TRIGGER journal_no_update; {sql};")


def test_a_backup_of_a_store_in_use_is_a_whole_store(filled: Store, tmp_path: Path) -> None:
    head = journal.verify().line
    facts = backup(filled.path, tmp_path / "copy.db")
    assert facts == BackupInfo(tmp_path / "copy.db", facts.path.stat().st_size, 1, head)
    assert stat.S_IMODE(facts.path.stat().st_mode) == 0o600
    filled.close()
    assert names(facts.path) == ["江南智造集团"]


def test_a_backup_leaves_nothing_else_behind(filled: Store, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    backup(filled.path, folder / "copy.db")
    assert [path.name for path in folder.iterdir()] == ["copy.db"]


def test_a_backup_overwrites_nothing(filled: Store, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("precious")
    with refuses("backup_exists"):
        backup(filled.path, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "precious"


def test_a_backup_into_no_folder_is_refused(filled: Store, tmp_path: Path) -> None:
    with refuses("store_unreachable"):
        backup(filled.path, tmp_path / "none" / "copy.db")


def test_a_refused_backup_names_the_store_that_is_wrong_not_the_copy(tmp_path: Path) -> None:
    (tmp_path / "junk.db").write_bytes(b"junk" * 1000)
    with pytest.raises(Refused) as caught:
        backup(tmp_path / "junk.db", tmp_path / "copy.db")
    assert (caught.value.code, caught.value.phrase.facts["path"]) == ("store_foreign", str(tmp_path / "junk.db"))
    assert not (tmp_path / "copy.db").exists()


def test_a_backup_of_a_store_whose_journal_was_changed_is_not_kept(filled: Store, tmp_path: Path) -> None:
    force(filled.path, "UPDATE journal SET verb = 'x'")
    with refuses("backup_failed"):
        backup(filled.path, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_a_restore_brings_back_and_keeps_what_it_replaces(filled: Store, tmp_path: Path) -> None:
    copy = backup(filled.path, tmp_path / "copy.db").path
    with write():
        Visit.create(client_name="later", changed_utc=NOW)
    filled.close()
    facts = restore(copy, filled.path, NOW)
    assert (facts.path, facts.visits) == (filled.path, 1)
    assert facts.kept is not None
    assert facts.kept.name == "jiedai.db.replaced-20261123-183000"
    assert names(filled.path) == ["江南智造集团"]
    assert names(facts.kept) == ["江南智造集团", "later"]
    again = restore(copy, filled.path, NOW)
    assert again.kept is not None
    assert again.kept.name == "jiedai.db.replaced-20261123-183000-2"


def test_a_restore_where_no_store_is_yet(filled: Store, tmp_path: Path) -> None:
    copy = backup(filled.path, tmp_path / "copy.db").path
    filled.close()
    facts = restore(copy, tmp_path / "new" / "jiedai.db", NOW)
    assert facts.kept is None
    assert names(facts.path) == ["江南智造集团"]


def test_a_restore_is_refused_while_the_store_is_open(filled: Store, tmp_path: Path) -> None:
    copy = backup(filled.path, tmp_path / "copy.db").path
    with refuses("restore_open"):
        restore(copy, filled.path, NOW)
    with write():
        Person.create(name="still works")
    assert [path.name for path in filled.path.parent.glob("*replaced*")] == []


def test_a_damaged_store_can_be_replaced(filled: Store, tmp_path: Path) -> None:
    copy = backup(filled.path, tmp_path / "copy.db").path
    filled.close()
    filled.path.write_bytes(b"not a store at all" * 1000)
    Path(f"{filled.path}-wal").write_bytes(b"left over")
    facts = restore(copy, filled.path, NOW)
    assert names(filled.path) == ["江南智造集团"]
    assert facts.kept is not None
    assert facts.kept.read_bytes().startswith(b"not a store")


@pytest.mark.parametrize("damage", ["truncated", "journal", "newer", "foreign", "missing"])
def test_what_is_not_sound_is_not_restored(filled: Store, tmp_path: Path, damage: str) -> None:
    copy = backup(filled.path, tmp_path / "copy.db").path
    filled.close()
    before = filled.path.read_bytes()
    if damage == "truncated":
        data = copy.read_bytes()
        copy.write_bytes(data[:8192] + b"\xff" * (len(data) - 8192))
    elif damage == "journal":
        force(copy, "UPDATE journal SET actor_name = 'nobody'")
    elif damage == "newer":
        force(copy, f"INSERT INTO {files.TABLE} (name, applied) VALUES ('9999_later', '2030-01-01')")
    elif damage == "foreign":
        copy.write_text("a letter")
    else:
        copy.unlink()
    code = {"newer": "store_newer", "foreign": "store_foreign", "missing": "store_missing"}
    with refuses(code.get(damage, "restore_broken")):
        restore(copy, filled.path, NOW)
    assert filled.path.read_bytes() == before
    assert names(filled.path) == ["江南智造集团"]
    assert not list(filled.path.parent.glob("*replaced*"))
    assert not list(filled.path.parent.glob(".jiedai-*"))


def test_a_restore_to_a_link_replaces_what_it_leads_to(filled: Store, tmp_path: Path) -> None:
    copy = backup(filled.path, tmp_path / "copy.db").path
    filled.close()
    link = tmp_path / "link.db"
    link.symlink_to(filled.path)
    facts = restore(copy, link, NOW)
    assert link.is_symlink()
    assert facts.path == filled.path
    assert facts.kept is not None
    assert facts.kept.parent == filled.path.parent
    assert names(link) == ["江南智造集团"]
    assert {each.name for each in tmp_path.iterdir()} == {"copy.db", "link.db", "store"}


def test_an_empty_file_in_the_stores_place_can_be_replaced(filled: Store, tmp_path: Path) -> None:
    copy = backup(filled.path, tmp_path / "copy.db").path
    (tmp_path / "empty.db").touch()
    restore(copy, tmp_path / "empty.db", NOW)
    filled.close()
    assert names(tmp_path / "empty.db") == ["江南智造集团"]


def test_nothing_is_restored_over_a_pipe(filled: Store, tmp_path: Path) -> None:
    copy = backup(filled.path, tmp_path / "copy.db").path
    os.mkfifo(tmp_path / "pipe")
    with refuses("store_foreign"):
        restore(copy, tmp_path / "pipe", NOW)


def test_copies_that_others_are_making_are_left_to_them(filled: Store, tmp_path: Path) -> None:
    """And those of who was killed are cleared away."""
    (tmp_path / ".jiedai-dead").mkdir()
    (tmp_path / ".jiedai-dead" / "store").touch()
    with files.workplace(tmp_path) as busy:
        backup(filled.path, tmp_path / "copy.db")
        assert [each for each in tmp_path.iterdir() if each.name.startswith(".")] == [busy]


def poured(store: Path, to: str) -> subprocess.CompletedProcess[bytes]:
    ask = f"{sys.executable} -m tui backup - --store {store} --lang en {to}"
    environment = {"HOME": str(store.parent), "PATH": os.environ["PATH"]}
    done = ["bash", "-o", "pipefail", "-c", ask]
    return subprocess.run(done, cwd=ROOT, env=environment, capture_output=True, timeout=300, check=False)


def test_a_backup_to_standard_output_is_a_whole_store(filled: Store, tmp_path: Path) -> None:
    done = poured(filled.path, f"> {tmp_path}/poured.db")
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"Backed up and checked: - (visits: 1" in done.stderr
    assert backup(tmp_path / "poured.db", tmp_path / "again.db").visits == 1
    assert not [each for each in filled.path.parent.iterdir() if each.name.startswith(".jiedai")]


def test_a_backup_that_nobody_takes_has_failed(filled: Store) -> None:
    done = poured(filled.path, "| true")
    assert done.returncode == 1
    assert done.stderr == b"The backup did not pass its check and was not kept: -\n"
