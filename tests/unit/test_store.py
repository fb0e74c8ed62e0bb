"""The store: made, opened, its place, copied."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from peewee import IntegrityError, ModelSelect, SqliteDatabase

from models.errors import Refused
from models.schema import files, history, journal
from models.schema.arrangements import Cost
from models.schema.backup import BackupInfo, backup, restore
from models.schema.base import database
from models.schema.history import TABLES
from models.schema.store import Store, open_store, reading, write
from models.schema.tables import Expense, Person, Visit
from models.words import words
from tests.unit.conftest import ROOT, SessionFactory
from tests.unit.life import refuses

# -- store -------------------------------------------------------------------------------------------------------------
#
# The store: how it is opened, refused, shared by processes and filled to the brim.


def schema(connection: sqlite3.Connection) -> dict[str, object]:
    """Columns, indexes and references of every table of the program."""
    found: dict[str, object] = {}
    for table in TABLES:
        name = table._meta.table_name
        found[name] = [
            connection.execute(f"PRAGMA table_info({name})").fetchall(),
            sorted(row[2:] for row in connection.execute(f"PRAGMA foreign_key_list({name})")),
            sorted(
                (unique, [column[2] for column in connection.execute(f"PRAGMA index_info({index})")])
                for _, index, unique, *_ in connection.execute(f"PRAGMA index_list({name})")
            ),
            "AUTOINCREMENT"
            in connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0],
        ]
    return found


def test_the_migrated_schema_is_that_of_the_tables(store: Store, tmp_path: Path) -> None:
    plain = SqliteDatabase(str(tmp_path / "plain.db"))
    with plain.bind_ctx(TABLES):
        plain.create_tables(TABLES)
    plain.close()
    with closing(sqlite3.connect(tmp_path / "plain.db")) as made, closing(sqlite3.connect(store.path)) as migrated:
        assert schema(migrated) == schema(made)


@pytest.mark.usefixtures("store")
def test_queries_for_whole_rows_are_written_as_peewee_does() -> None:
    """Also where they are joined, counted, inside another query, or come to have other columns."""
    for table in TABLES:
        plain = ModelSelect(table, table._meta.sorted_fields, is_default=True)
        for change in _CHANGES:
            assert change(table.select()).sql() == change(plain).sql()


_CHANGES: list[Callable[[ModelSelect[Any]], ModelSelect[Any]]] = [
    lambda query: query.where(query.model.id == 3).order_by(query.model.id).limit(2),
    lambda query: query.join(Visit, on=(Visit.id == query.model.id)),
    lambda query: Visit.select().where(Visit.id.in_(query)),
    lambda query: Visit.select(Visit.id, query.alias("inner")).from_(Visit, query),
    lambda query: query.select(query.model.id),
    lambda query: query.select_extend(Visit.id),
]


def test_folder_and_files_are_the_owners_alone(store: Store) -> None:
    with write():
        Person.create(name="周建国")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in store.path.parent.iterdir()}
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700
    assert "jiedai.db-wal" in modes
    assert set(modes.values()) == {0o600}


def test_a_file_open_to_others_is_closed_to_them(store: Store) -> None:
    store.close()
    store.path.chmod(0o664)
    open_store(store.path).close()
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_every_connection_is_careful(store: Store) -> None:
    with reading():
        values = {
            name: database.execute_sql(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "foreign_keys", "synchronous", "secure_delete")
        }
    assert values == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "secure_delete": 1}


def test_opening_again_finds_what_was_written(store: Store) -> None:
    with write():
        Person.create(name="周建国")
    store.close()
    again = open_store(store.path, create=False)
    with reading():
        assert [row.name for row in Person.select()] == ["周建国"]
    again.close()


def test_a_transaction_is_kept_whole_or_not_at_all(store: Store) -> None:
    def fails() -> None:
        with write():
            Person.create(name="a")
            Visit.create(applicant=999, changed_utc=datetime(2026, 11, 23))

    with pytest.raises(IntegrityError):
        fails()
    with reading():
        assert Person.select().count() == 0


def test_an_id_is_never_used_again(store: Store) -> None:
    with write():
        first = Person.create(name="a").id
        Person.delete().where(Person.id == first).execute()
        assert Person.create(name="b").id == first + 1


def test_a_view_does_not_change_while_others_write(store: Store) -> None:
    def other() -> None:
        with write():
            Person.create(name="b")

    with reading():
        before = Person.select().count()
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        assert Person.select().count() == before == 0
    with reading():
        assert Person.select().count() == 1


def test_reading_inside_a_write_sees_what_was_written(store: Store) -> None:
    with write():
        Person.create(name="a")
        with reading():
            assert Person.select().count() == 1
        Person.create(name="b")
    with reading():
        assert Person.select().count() == 2


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("ALTER TABLE visit DROP COLUMN late", "visit: late"),
        ("ALTER TABLE visit ADD COLUMN mood NOT NULL DEFAULT 0", "visit: mood"),
        ("DROP TABLE note", "note: "),
    ],
)
def test_a_store_of_an_unfinished_version_is_refused(tmp_path: Path, sql: str, what: str) -> None:
    """A migration that changed after it was applied: told when the store is opened, not by the first query."""
    path = tmp_path / "jiedai.db"
    open_store(path).close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(sql)
    with refuses("store_outdated") as caught:
        open_store(path)
    assert what in str(caught.value.phrase.facts["what"])


def test_a_change_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    """An early store has already what a change now brings, or lacks what it builds on."""
    path = tmp_path / "jiedai.db"
    open_store(path).close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"DELETE FROM {files.TABLE} WHERE name >= '0011_stages'")
        raw.commit()
    with refuses("store_outdated"):
        open_store(path)


def test_a_newer_store_is_refused_and_left_alone(store: Store) -> None:
    store.close()
    with closing(sqlite3.connect(store.path)) as raw:
        raw.execute(f"INSERT INTO {files.TABLE} (name, applied) VALUES ('9999_later', '2030-01-01')")
        raw.commit()
    before = store.path.read_bytes()
    with refuses("store_newer") as refusal:
        open_store(store.path)
    assert "newer version" in words("en").text(refusal.value.phrase)
    assert "升级" in words("zh").text(refusal.value.phrase)
    assert store.path.read_bytes() == before


def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "letter.txt"
    text.write_text("Dear guests,\n" * 100)
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as raw:
        raw.execute("CREATE TABLE bird (name)")
    for path in (text, other, tmp_path):
        before = path.read_bytes() if path.is_file() else b""
        with refuses("store_foreign"):
            open_store(path)
        assert not path.is_file() or path.read_bytes() == before


def test_a_store_that_must_be_there_is_not_made(tmp_path: Path) -> None:
    with refuses("store_missing"):
        open_store(tmp_path / "none" / "jiedai.db", create=False)
    assert not (tmp_path / "none").exists()


def test_a_place_where_no_folder_can_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with refuses("store_unreachable"):
        open_store(tmp_path / "file" / "jiedai.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with refuses("store_unreachable"):
        open_store(tmp_path / "jiedai.db")
    tmp_path.chmod(0o700)


def test_a_full_disk_is_said_and_nothing_half_kept(store: Store) -> None:
    with refuses("store_full"), write():
        Person.create(name="a")
        database.execute_sql("PRAGMA max_page_count = 1")
        for _ in range(200):
            Person.create(name="x" * 4000)
    with reading():
        assert Person.select().count() == 0


def test_a_store_that_stays_locked_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.close()
    monkeypatch.setattr("models.schema.store.BUSY_SECONDS", 0.05)
    hurried = open_store(store.path)
    with closing(sqlite3.connect(store.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with refuses("store_busy"), write():
            Person.create(name="a")
        with reading():
            assert Person.select().count() == 0
    with write():
        Person.create(name="a")
    hurried.close()


def test_a_damaged_store_is_said(store: Store) -> None:
    with write():
        for number in range(400):
            Person.create(name=f"{number}" * 50)
    store.close()
    data = bytearray(store.path.read_bytes())
    data[4096 * 2 :] = b"\xff" * (len(data) - 4096 * 2)
    store.path.write_bytes(data)
    with refuses("store_damaged"):
        open_store(store.path)
        with reading():
            list(Person.select())


@pytest.mark.usefixtures("store")
def test_a_quantity_is_as_exact_as_it_was_given() -> None:
    with write():
        visit = Visit.create(client_name="a", state="draft", changed_utc=datetime(2026, 11, 23))
        for given in ("1.50", "0", "1E+2"):
            Expense.create(visit=visit, position=0, item="gift", quantity=Decimal(2), actual_quantity=Decimal(given))
        Expense.create(visit=visit, position=0, item="gift", quantity=Decimal(2))
    with reading():
        assert [f"{each.counted}" for each in Expense.select().order_by(Expense.id)] == ["1.50", "0", "100", "2"]


@pytest.mark.parametrize("text", ["1q", "NaN", "Infinity", ""])
def test_a_stored_quantity_that_is_none_is_a_damaged_store(store: Store, text: str) -> None:
    with write():
        visit = Visit.create(client_name="a", state="draft", changed_utc=datetime(2026, 11, 23))
        Cost.create(visit=visit, position=0, item="gift")
    with closing(sqlite3.connect(store.path)) as raw:
        raw.execute("UPDATE cost SET quantity = ?", (text,))
        raw.commit()
    with refuses("store_damaged"), reading():
        list(Cost.select())


def test_opening_a_store_that_is_up_to_date_does_not_load_the_migrations(store: Store) -> None:
    store.close()
    code = (
        "import sys; from models.schema.store import open_store; open_store(sys.argv[1]);"
        "sys.exit('playhouse.migrations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, store.path], check=False).returncode == 0


def _write_often(path: str, times: int) -> None:
    store = open_store(path)
    for _ in range(times):
        with write():
            row = Person.get(Person.id == 1)
            Person.update(version=row.version + 1).where(Person.id == 1).execute()
    store.close()


def test_processes_open_and_write_at_once_without_an_error(store: Store) -> None:
    with write():
        Person.create(name="a")
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_write_often, args=(str(store.path), 25)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(300)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    with reading():
        assert Person.get().version == 76


def test_processes_make_one_new_store_together(tmp_path: Path) -> None:
    path = tmp_path / "store" / "jiedai.db"
    code = "import sys; from models.schema.store import open_store; open_store(sys.argv[1])"
    starts = [subprocess.Popen([sys.executable, "-c", code, path]) for _ in range(3)]
    assert [start.wait(300) for start in starts] == [0, 0, 0]
    assert history.applied(path) == history.known()


# -- store place -------------------------------------------------------------------------------------------------------
#
# A store among other files, other writers, and on a full disk.


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


# -- backup ------------------------------------------------------------------------------------------------------------
#
# Backup and restore: whole, checked, and nothing is lost on the way.


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
