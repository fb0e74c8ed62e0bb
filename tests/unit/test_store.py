"""The store: how it is opened, refused, shared by processes and filled to the brim."""

from __future__ import annotations

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

from models.schema import files, history
from models.schema.arrangements import Cost
from models.schema.base import database
from models.schema.history import TABLES
from models.schema.store import Store, open_store, reading, write
from models.schema.tables import Expense, Person, Visit
from models.words import words
from tests.unit.life import refuses


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
