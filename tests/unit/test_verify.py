"""`jiedai verify`: what was changed behind the program's back, beside a journal that is whole."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.sample import DAY, Sample
from tests.unit.conftest import Jiedai

APPROVED = "(SELECT id FROM visit WHERE state = 'approved' LIMIT 1)"
PAID = "(SELECT id FROM expense WHERE actual IS NOT NULL LIMIT 1)"
GIVEN = "visit_id, step_id, person_id, person_name, post, outcome, tier, words, at, medium"
"""What a decision is, without what may be null."""
AGREED = "(SELECT id FROM decision WHERE outcome = 'agree' LIMIT 1)"


@pytest.fixture
def session(sample: Sample, tmp_path: Path) -> Path:
    return sample(DAY, tmp_path / "desk.db")


def force(path: Path, sql: str) -> None:
    """Change a store behind the program's back."""
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(sql)


def test_the_sample_company_is_as_its_journal_tells(jiedai: Jiedai, session: Path) -> None:
    code, out, _ = jiedai("verify", "--store", str(session))
    assert code == 0
    lines = out.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "The journal is whole", "The file is sound, and its tables fit each other.", "As the journal tells",
        "Not looked at",
    ]  # fmt: skip
    code, out, _ = jiedai("verify", "--store", str(session), "--lang", "zh")
    assert (code, len(out.splitlines())) == (0, 4)


@pytest.mark.parametrize(
    ("what", "sql"),
    [
        ("visit", "UPDATE visit SET state = 'approved' WHERE id = (SELECT id FROM visit WHERE state = 'refused')"),
        ("visit", "UPDATE visit SET state = 'approved' WHERE id = (SELECT id FROM visit WHERE state = 'submitted')"),
        ("visit", f"UPDATE visit SET state = 'submitted' WHERE id = {APPROVED}"),
        ("visit", f"UPDATE visit SET tier = 'none' WHERE id = {APPROVED}"),
        ("visit", f"UPDATE visit SET state = 'closed' WHERE id = {APPROVED}"),
        ("visit", f"UPDATE visit SET state = 'draft' WHERE id = {APPROVED}"),
        ("visit", f"UPDATE visit SET number = NULL WHERE id = {APPROVED}"),
        ("visit", f"DELETE FROM visit WHERE id = {APPROVED}"),
        ("visit", "UPDATE visit SET state = 'approved', number = 'x'"
                  " WHERE id = (SELECT max(id) FROM visit WHERE number IS NULL)"),
        ("total", f"UPDATE visit SET total = total + 1 WHERE id = {APPROVED}"),
        ("decision", f"UPDATE decision SET outcome = 'refuse' WHERE id = {AGREED}"),
        ("decision", f"UPDATE decision SET tier = 'none' WHERE id = {AGREED}"),
        ("decision", f"UPDATE decision SET person_name = person_name || '?' WHERE id = {AGREED}"),
        ("decision", f"UPDATE decision SET words = words || '?' WHERE id = {AGREED}"),
        ("decision", f"DELETE FROM decision WHERE id = {AGREED}"),
        ("decision", f"INSERT INTO decision (id, {GIVEN}) SELECT 9999, {GIVEN} FROM decision LIMIT 1"),
        ("expense", f"UPDATE expense SET actual = actual + 1 WHERE id = {PAID}"),
        ("expense", f"UPDATE expense SET actual = NULL WHERE id = {PAID}"),
        ("expense", f"DELETE FROM expense WHERE id = {PAID}"),
        ("expense", "UPDATE expense SET actual = 5 WHERE id = (SELECT id FROM expense WHERE actual IS NULL LIMIT 1)"),
        ("task", "UPDATE task SET state = 'open' WHERE id = (SELECT id FROM task WHERE state = 'done' LIMIT 1)"),
        ("task", "UPDATE task SET state = 'open' WHERE state = 'dropped'"),
        ("task", "UPDATE task SET state = 'done' WHERE id = (SELECT id FROM task WHERE state = 'open' LIMIT 1)"),
        ("task", "UPDATE task SET state = 'dropped' WHERE id = (SELECT id FROM task WHERE state = 'done' LIMIT 1)"),
    ],
)  # fmt: skip
def test_what_was_changed_behind_its_back_is_found(jiedai: Jiedai, session: Path, what: str, sql: str) -> None:
    force(session, sql)
    code, out, _ = jiedai("verify", "--store", str(session), "--json")
    found = json.loads(out)
    assert (code, found["whole"]) == (1, True)
    assert what in {each["what"] for each in found["differing"]}
    says = ("not the sum", "不符") if what == "total" else ("not as the journal tells", "与流水账不一致")
    assert says[0] in jiedai("verify", "--store", str(session))[1]
    assert says[1] in jiedai("verify", "--store", str(session), "--lang", "zh")[1]


@pytest.mark.parametrize("verb", ["submit", "decide", "expense.actual", "task.ticked", "task.dropped"])
def test_what_erased_details_told_is_not_known(jiedai: Jiedai, session: Path, verb: str) -> None:
    force(session, f"DELETE FROM journal_detail WHERE entry_id IN (SELECT id FROM journal WHERE verb = '{verb}')")
    code, out, _ = jiedai("verify", "--store", str(session), "--json")
    assert (code, json.loads(out)["differing"]) == (0, [])


def test_rows_that_name_missing_ones_are_found(jiedai: Jiedai, session: Path) -> None:
    force(session, "DELETE FROM person WHERE id = (SELECT applicant_id FROM visit LIMIT 1)")
    code, out, _ = jiedai("verify", "--store", str(session))
    assert code == 1
    assert "name others that are not there" in out
