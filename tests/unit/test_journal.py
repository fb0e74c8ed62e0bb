"""The journal: it is only ever added to, and every change of it is found."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from peewee import IntegrityError

from models.schema import journal
from models.schema.base import database
from models.schema.store import Store, open_store, write
from models.schema.tables import Journal, JournalDetail
from models.services.session import Actor
from tests.unit.conftest import START, SessionFactory
from tests.unit.life import refuses
from tests.unit.stores import entries

pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture
def three(store: Store, session: SessionFactory) -> list[int]:
    """Three entries, of visits 7, none and 8."""
    with write():
        return [
            journal.record(session(4, "李明"), verb, visit, {"words": "同意", "at": START}, for_person=visit)
            for verb, visit in (("submit", 7), ("person.add", None), ("decide", 8))
        ]


def force(sql: str, *values: object) -> None:
    """Change the store as somebody with the file in hand would."""
    with write():
        for trigger in [
            row[0] for row in database.execute_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ]:
            database.execute_sql(f"DROP TRIGGER {trigger}")
        database.execute_sql(sql, values)


def test_an_entry_says_who_what_when_and_for_whom(session: SessionFactory, three: list[int]) -> None:
    row = Journal.get(Journal.id == three[0])
    assert (row.verb, row.visit, row.actor, row.actor_name, row.for_person, row.login) == (
        "submit", 7, 4, "李明", 7, "tester",
    )  # fmt: skip
    assert row.at_utc == START.astimezone(UTC).replace(tzinfo=None)
    assert '"words": "同意"' in JournalDetail.get(JournalDetail.entry == three[0]).details


def test_an_entry_belongs_into_a_transaction(session: SessionFactory) -> None:
    with pytest.raises(RuntimeError):
        journal.record(session(), "submit", 7, {})


def test_a_verb_that_fails_leaves_no_entry(session: SessionFactory) -> None:
    def fails() -> None:
        with write():
            journal.record(session(), "submit", 7, {})
            raise LookupError

    with pytest.raises(LookupError):
        fails()
    assert journal.head() == 0


def test_the_head_grows_and_each_entry_names_its_visit(session: SessionFactory, three: list[int]) -> None:
    assert journal.head() == three[-1] == 3
    assert entries() == [(1, 7), (2, None), (3, 8)]
    with write():
        journal.record(session(), "close", 7, {})
    assert (journal.head(), entries()[-1]) == (4, (4, 7))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journal SET verb = 'x' WHERE id = 2",
        "DELETE FROM journal WHERE id = 3",
        "INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE id = 2",
        "UPDATE journal_detail SET details = '{}' WHERE entry_id = 2",
        "INSERT OR REPLACE INTO journal_detail SELECT * FROM journal_detail WHERE entry_id = 2",
        "INSERT OR REPLACE INTO journal_detail (entry_id, salt, details) VALUES (2, '', '{}')",
    ],
)
def test_an_entry_can_neither_be_changed_nor_removed(three: list[int], sql: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), write():
        database.execute_sql(sql)
    assert journal.verify().broken is None


def test_an_empty_journal_and_a_whole_one_are_sound(session: SessionFactory) -> None:
    assert journal.verify() == journal.Report(0, 0, journal.NOTHING, 0)
    with write():
        journal.record(session(), "submit", 7, {})
    report = journal.verify()
    assert (report.entries, report.head, report.broken) == (1, 1, None)


def test_details_can_be_erased_without_breaking_the_chain(three: list[int]) -> None:
    with write():
        JournalDetail.delete().where(JournalDetail.entry == 2).execute()
    report = journal.verify()
    assert (report.entries, report.erased, report.broken) == (3, 1, None)


@pytest.mark.parametrize(
    ("sql", "broken", "what"),
    [
        ("UPDATE journal SET actor_name = '周建国' WHERE id = 2", 2, "hash"),
        ("UPDATE journal SET at_utc = 'long ago' WHERE id = 2", 2, "hash"),
        ("UPDATE journal SET for_person = NULL WHERE id = 1", 1, "hash"),
        ('UPDATE journal_detail SET details = \'{"words": "不同意"}\' WHERE entry_id = 3', 3, "details"),
        ("UPDATE journal_detail SET salt = 1 WHERE entry_id = 3", 3, "details"),
        ("DELETE FROM journal WHERE id = 1", 1, "order"),
        ("DELETE FROM journal WHERE id = 2", 2, "order"),
        ("UPDATE journal SET previous = hash WHERE id = 2", 2, "previous"),
    ],
)
def test_the_first_bad_entry_is_named(three: list[int], sql: str, broken: int, what: str) -> None:
    if sql.startswith("DELETE"):
        force("DELETE FROM journal_detail WHERE entry_id IN (1, 2)")
    force(sql)
    report = journal.verify()
    assert (report.broken, report.what) == (broken, what)


def test_a_cut_off_end_is_found_by_the_head_that_was_kept(three: list[int]) -> None:
    kept = journal.verify().line
    assert journal.verify(kept).broken is None
    force("DELETE FROM journal_detail WHERE entry_id = 3")
    force("DELETE FROM journal WHERE id = 3")
    assert journal.verify().broken is None
    report = journal.verify(kept)
    assert (report.broken, report.what, report.head) == (3, "cut", 2)


def test_a_kept_head_stays_good_while_the_journal_grows(session: SessionFactory, three: list[int]) -> None:
    kept = journal.verify().line
    with write():
        journal.record(session(), "close", 7, {})
    assert journal.verify(kept).broken is None
    assert journal.verify(kept[:-1] + ("0" if kept[-1] != "0" else "1")).what == "head"


def test_heads_kept_one_after_the_other_narrow_down_where_the_journal_was_written_anew(
    session: SessionFactory, three: list[int]
) -> None:
    """A chain that was worked out again from entry 4 on is whole by itself; the heads say up to where it is true."""
    heads = [journal.verify().line]
    for _ in range(2):
        with write():
            journal.record(session(), "close", 7, {})
        heads.append(journal.verify().line)
    report = journal.verify("\n".join(heads))
    assert (report.broken, report.kept, report.line) == (None, 5, heads[-1])
    force("DELETE FROM journal_detail WHERE entry_id > 3")
    force("DELETE FROM journal WHERE id > 3")
    for _ in range(3):
        with write():
            journal.record(session(), "close", 8, {})
    assert journal.verify().broken is None
    report = journal.verify("\n".join(heads))
    assert (report.broken, report.what, report.kept) == (4, "head", 3)
    assert journal.verify(heads[0]).broken is None
    assert journal.verify(heads[2]).broken == 5


@dataclass(frozen=True)
class Signs:
    """As much of a desk as an entry needs, in a process of its own."""

    actor: Actor

    def now_utc(self) -> datetime:
        return START.astimezone(UTC).replace(tzinfo=None)


def _record_often(path: str, number: int) -> None:
    opened = open_store(path)
    for _ in range(20):
        with write():
            journal.record(Signs(Actor(number, f"#{number}", "tester")), "tick", number, {})
    opened.close()


def test_the_chain_holds_when_several_processes_write(store: Store) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_record_often, args=(str(store.path), number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(300)
    report = journal.verify()
    assert (report.entries, report.broken) == (60, None)
    assert {visit for _, visit in entries()} == {0, 1, 2}


def test_a_line_that_is_no_head_is_refused() -> None:
    with refuses("head_line"):
        journal.verify("hello")
