"""What is broken outside of the program, a bit, a pipe, a closed stream, is said in a sentence and hangs nobody."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from models.schema.history import TABLES
from tests.sample import DAY, MORNING, Sample
from tests.unit.conftest import ROOT, Jiedai, Process
from tui.settings import change_settings, read_settings

COMMANDS = (("today", "--json"), ("visits", "--json"), ("tasks", "--json"), ("handover",), ("verify",))


def flip(path: Path, table: str, column: str, bit: int) -> int:
    """Turn a bit in the last texts of a column, each at another byte; in how many."""
    with closing(sqlite3.connect(path)) as raw:
        for (trigger,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {trigger}")
        query = f"SELECT id, CAST({column} AS BLOB) FROM {table} WHERE typeof({column}) = 'text' AND {column} <> ''"
        rows = raw.execute(f"{query} ORDER BY id DESC LIMIT 40").fetchall()
        for at, (row, data) in enumerate(rows):
            spoilt = bytearray(data)
            spoilt[at % len(spoilt)] ^= 1 << bit
            raw.execute(f"UPDATE OR IGNORE {table} SET {column} = CAST(? AS TEXT) WHERE id = ?", (bytes(spoilt), row))
        raw.commit()
    return len(rows)


@pytest.mark.parametrize("share", [29, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("bit", [0, 7])
def test_a_bit_that_has_turned_is_no_incident(
    jiedai: Jiedai, sample: Sample, tmp_path: Path, bit: int, share: int
) -> None:
    """Every so many of all columns with texts."""
    columns = [(table._meta.table_name, column) for table in TABLES for column in table._meta.columns]
    for number, (table, column) in enumerate(columns[::share]):
        path = sample(DAY, tmp_path / f"{number}.db")
        if flip(path, table, column, bit):
            for words in COMMANDS:
                code, _, _ = jiedai(*words, "--store", str(path), now=MORNING + timedelta(hours=number % 9))
                assert code in (0, 1), (table, column)


@pytest.mark.parametrize("column", ["comes", "purposes"])
def test_what_no_longer_is_a_day_or_data_is_a_damaged_store(
    jiedai: Jiedai, sample: Sample, tmp_path: Path, column: str
) -> None:
    path = sample(DAY, tmp_path / "damaged.db")
    assert flip(path, "visit", column, 7)
    said = [jiedai(*words, "--store", str(path), now=MORNING)[2] for words in COMMANDS]
    assert any("damaged" in each for each in said)


@pytest.mark.parametrize("what", ["settings", "store", "config", "request"])
def test_a_pipe_is_no_file(process: Process, tmp_path: Path, what: str) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    if what == "settings":
        (tmp_path / ".config/jiedai").mkdir(parents=True)
        shutil.move(pipe, tmp_path / ".config/jiedai/settings.toml")
    words = {
        "settings": ["where"],
        "store": ["visits", "--store", str(pipe)],
        "config": ["check", str(pipe)],
        "request": ["try", str(pipe)],
    }
    done = process(*words[what], "--lang", "en")
    assert done.returncode in (1, 2)
    assert len(done.stderr.splitlines()) + len(done.stdout.splitlines()) <= 2
    assert "is no" in done.stderr + done.stdout


def test_a_request_from_a_closed_input(tmp_path: Path) -> None:
    ask = f"{sys.executable} -m tui try - --lang en <&-"
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        ["bash", "-c", ask], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Standard input is closed; give it a request with < or |\n"


def test_a_store_in_the_settings_has_a_name_that_can_be_one(process: Process, tmp_path: Path) -> None:
    (tmp_path / ".config/jiedai").mkdir(parents=True)
    (tmp_path / ".config/jiedai/settings.toml").write_text('store = "/a\\u0000b"\n')
    done = process("visits", "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not a whole path" in done.stderr


def test_settings_behind_a_link_stay_there(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    link = tmp_path / "settings.toml"
    link.symlink_to(tmp_path / "dotfiles" / "jiedai.toml")
    change_settings(str(link), language="en")
    assert link.is_symlink()
    assert read_settings(str(tmp_path / "dotfiles" / "jiedai.toml")).language == "en"


def test_of_very_many_mistakes_the_first_are_said_and_the_others_counted(jiedai: Jiedai, tmp_path: Path) -> None:
    wrong = "".join(f"wrongkey{number} = {number}\n" for number in range(10_000))
    (tmp_path / "wrong.toml").write_text(wrong + (ROOT / "config.toml").read_text("utf-8"), "utf-8")
    code, out, told = jiedai("check", "wrong.toml")
    assert (code, len(out.splitlines())) == (2, 101)
    assert out.splitlines()[99].startswith(f"{tmp_path}/wrong.toml:100: wrongkey99:")
    assert out.splitlines()[100] == "and 9900 more; mend these first"
    assert told == "10000 errors\n"
    code, out, told = jiedai("today", "--config", "wrong.toml")
    assert (code, out, len(told.splitlines())) == (2, "", 101)


def test_of_very_many_slips_too(jiedai: Jiedai, tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text("".join(f"wrong{number} ＝ 1\n" for number in range(1_000)), "utf-8")
    code, out, told = jiedai("check", "wrong.toml")
    assert (code, len(out.splitlines()), told) == (2, 101, "1000 errors\n")
    assert out.splitlines()[100] == "and 900 more; mend these first"


@pytest.mark.parametrize(("number", "said"), [(300, "and 200 more"), (50_000, "larger than 20 kB")])
def test_settings_with_very_many_mistakes(process: Process, tmp_path: Path, number: int, said: str) -> None:
    (tmp_path / ".config/jiedai").mkdir(parents=True)
    (tmp_path / ".config/jiedai/settings.toml").write_text("".join(f"wrong{n} = {n}\n" for n in range(number)))
    done = process("where", "--lang", "en")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) in (1, 101)
    assert said in done.stderr.splitlines()[-1]
