"""The commands that read the store, and those that copy it: today, visits, tasks, verify, backup, restore."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from models.policy.load import load_file
from models.schema.arrangements import Leg, VisitDay
from models.schema.store import open_store, write
from models.schema.tables import Task, Visit, VisitPerson
from models.services.person_verbs import set_up
from models.services.session import Actor, Session
from models.words import cell_len, words
from screens.kit.shell import Status
from tui.cli.main import run
from tui.cli.screens import act_as, people, remember, status
from tui.settings import change_settings, read_settings
from tui.where import packaged_policy, settings_file

NOW = datetime(2026, 11, 26, 8, 2, tzinfo=timezone(timedelta(hours=8)))
Jiedai = Callable[..., tuple[int, str, str]]


def clock() -> datetime:
    """Thursday morning, in Shanghai."""
    return NOW


@pytest.fixture
def jiedai(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Jiedai:
    """Runs a command on the store `desk.db`; its exit code, data and words."""
    for name in list(os.environ):
        if name.startswith(("XDG_", "LC_", "JIEDAI_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.chdir(tmp_path)

    def run_it(*words: str, store: bool = True) -> tuple[int, str, str]:
        code = run([*words, *(["--store", "desk.db"] if store else [])], clock)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run_it


def visit(client: str, state: str, arrive: datetime, **more: Any) -> Visit:
    """A visit's row."""
    facts = {"client_name": client, "state": state, "arrive": arrive, "depart": arrive + timedelta(hours=8)}
    facts |= {"comes": facts["arrive"], "goes": facts["depart"]}
    row = Visit.create(**facts, headcount=6, proposed_tier="vip", changed_utc=datetime.now(UTC), **more)
    VisitDay.create(visit=row, day=arrive.date())
    return row


@pytest.fixture
def session(jiedai: Jiedai, tmp_path: Path) -> Path:
    """A store with two colleagues, a visit today, a draft without a time, one next week, and tasks."""
    store = open_store(tmp_path / "desk.db")
    try:
        chief, clerk = set_up(
            Session(Actor(None, "", "test"), clock, load_file(Path(packaged_policy()))),
            [("周建国", "", ["general_manager"]), ("方晓静", "", ["office_director"])],
        )
        with write():
            today = visit(
                "江南智造集团", "approved", datetime(2026, 11, 26, 10, 20), number="2026-0147", applicant=chief
            )
            visit("苏能装备[/x]", "submitted", datetime(2026, 12, 3, 9), coordinator=clerk)
            Visit.create(client_name="草\x1b[2J稿", changed_utc=datetime.now(UTC))
            VisitPerson.create(visit=today, person=chief, role="host")
            Leg.create(visit=today, way="arrival", mode="plane", number="MU5187", state="on_way")
            task = {"visit": today, "party": "office", "text": {"zh": "摆放桌牌", "en": "Set out name plates"}}
            Task.create(**task, position=1, duty="R54", due=datetime(2026, 11, 26, 9, 20), assignee=clerk)
            Task.create(**task, position=2, duty="R53", due=datetime(2026, 11, 25, 17))
            Task.create(**task, position=3, duty="R55", state="done", done_by=clerk, done_at=datetime(2026, 11, 25, 9))
    finally:
        store.close()
    return tmp_path / "desk.db"


@pytest.mark.usefixtures("session")
def test_visits_are_listed_in_order_of_arrival(jiedai: Jiedai) -> None:
    code, out, err = jiedai("visits")
    assert (code, err) == (0, "")
    assert [line.split()[-1] for line in out.splitlines()[1:]] == ["江南智造集团", "苏能装备[/x]", "草␛[2J稿"]
    assert "VIP" in out
    assert "周建国" in out


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("options", "clients"),
    [
        (["--state", "submitted"], ["苏能装备[/x]"]),
        (["--state", "待审批"], ["苏能装备[/x]"]),
        (["--from", "today", "--to", "+1"], ["江南智造集团"]),
        (["--from", "12-1"], ["苏能装备[/x]"]),
        (["--mine", "--as", "周建国"], ["江南智造集团"]),
        (["--mine", "--as", "fangxiaojing"], ["苏能装备[/x]"]),
        (["--state", "closed"], []),
    ],
)
def test_visits_can_be_narrowed(jiedai: Jiedai, options: list[str], clients: list[str]) -> None:
    code, out, err = jiedai("visits", "--json", *options)
    assert (code, err) == (0, "")
    assert [each["client"] for each in json.loads(out)] == clients


@pytest.mark.usefixtures("session")
def test_a_visit_as_json_has_ids_and_plain_values(jiedai: Jiedai) -> None:
    [found] = json.loads(jiedai("visits", "--json", "--state", "approved")[1])
    assert found == {
        "id": 1,
        "number": "2026-0147",
        "state": "approved",
        "client": "江南智造集团",
        "headcount": 6,
        "tier": "vip",
        "arrive": "2026-11-26T10:20:00",
        "depart": "2026-11-26T18:20:00",
        "applicant": "周建国",
        "coordinator": None,
        "hosts": ["周建国"],
    }


@pytest.mark.usefixtures("session")
def test_an_empty_list_is_said_on_stderr(jiedai: Jiedai) -> None:
    assert jiedai("visits", "--state", "closed") == (0, "", "There are no such visits\n")
    assert jiedai("tasks", "--state", "dropped") == (0, "", "There are no such tasks\n")


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("options", "duties"),
    [
        ([], ["R53", "R54"]),
        (["--from", "11-26"], ["R54"]),
        (["--mine", "--as", "方晓静"], ["R54"]),
        (["--party", "办公室"], ["R53", "R54"]),
        (["--party", "@lead_host"], []),
        (["--state", "done"], ["R55"]),
    ],
)
def test_tasks_are_listed_in_due_order(jiedai: Jiedai, options: list[str], duties: list[str]) -> None:
    assert [each["duty"] for each in json.loads(jiedai("tasks", "--json", *options)[1])] == duties
    code, out, _ = jiedai("tasks", *options)
    assert (code, len(out.splitlines())) == (0, len(duties) + 1 if duties else 0)


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["visits", "--state", "aproved"], "did you mean approved"),
        (["tasks", "--party", "offce"], "did you mean office"),
        (["visits", "--from", "someday"], "someday"),
        (["visits", "--mine"], "--as NAME"),
        (["today", "someday"], "someday"),
    ],
)
def test_an_option_that_means_nothing_is_usage(jiedai: Jiedai, words: list[str], said: str) -> None:
    code, out, err = jiedai(*words)
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.usefixtures("session")
def test_who_is_asked_for_by_a_wrong_name_is_refused(jiedai: Jiedai) -> None:
    code, out, err = jiedai("visits", "--mine", "--as", "nobody")
    assert (code, out) == (1, "")
    assert "nobody" in err


@pytest.mark.usefixtures("session")
def test_who_acted_last_is_who_asks(jiedai: Jiedai) -> None:
    change_settings(settings_file(), person="方晓静#2")
    assert [each["client"] for each in json.loads(jiedai("visits", "--mine", "--json")[1])] == ["苏能装备[/x]"]
    change_settings(settings_file(), person="somebody who left")
    assert jiedai("visits", "--mine")[0] == 2


@pytest.mark.usefixtures("session")
def test_the_days_sheet_says_who_comes_and_what_is_late(jiedai: Jiedai) -> None:
    code, out, err = jiedai("today", "--lang", "zh")
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0] == "2026-11-26 周四  1 批 6 人"
    assert lines[2].split() == ["10:20", "贵", "6", "MU5187", "周建国", "-", "在途", "1/3", "江南智造集团"]
    assert [line for line in lines if "逾期" in line and "摆放桌牌" in line]
    assert max(cell_len(line) for line in lines) <= 80
    assert jiedai("today", "12-3")[1].splitlines()[0] == "2026-12-03 Thu  1 visit, 6 guests"


@pytest.mark.usefixtures("session")
def test_the_day_as_json(jiedai: Jiedai) -> None:
    found = json.loads(jiedai("today", "--json")[1])
    [line] = found["visits"]
    assert (found["day"], found["tomorrow"]["visits"]) == ("2026-11-26", 0)
    assert (line["number"], line["where"], line["tasks"]["total"]) == ("2026-0147", "on_way", 3)
    assert [due["due"] for due in line["late"]] == ["2026-11-25T17:00:00"]


@pytest.mark.usefixtures("session")
def test_without_a_terminal_the_days_sheet_stands_for_the_screens(jiedai: Jiedai) -> None:
    code, out, _ = jiedai()
    assert (code, out) == (0, jiedai("today")[1])


def test_reading_makes_no_store(jiedai: Jiedai, tmp_path: Path) -> None:
    for command in ("today", "visits", "tasks", "verify", "backup x", ""):
        code, out, err = jiedai(*command.split())
        assert (code, out) == (1, "")
        assert "desk.db" in err
    assert not (tmp_path / "desk.db").exists()


def test_a_store_is_a_file(jiedai: Jiedai, tmp_path: Path) -> None:
    for command in ("today", "verify", "backup x", ""):
        code, out, err = jiedai(*command.split(), "--store", "postgresql://desk", store=False)
        assert (code, out) == (2, "")
        assert "postgresql://desk" in err
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == []


def test_a_file_that_is_no_store_is_refused(jiedai: Jiedai, tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_text("not a store" * 100)
    for command in ("today", "visits", "verify"):
        code, out, err = jiedai(command)
        assert (code, out) == (1, "")
        assert "desk.db" in err


@pytest.mark.usefixtures("session")
def test_the_journal_is_walked(jiedai: Jiedai) -> None:
    out = jiedai("verify")[1]
    assert out.startswith("The journal is whole: 1 entry.\nThe file is sound, and its tables fit each other.\n")
    found = json.loads(jiedai("verify", "--json")[1])
    assert (found["whole"], found["entries"], found["broken"]) == (True, 1, None)
    assert jiedai("verify", "--head")[1] == f"1 {found['hash']}\n"


@pytest.mark.usefixtures("session")
def test_a_head_kept_elsewhere_shows_that_nothing_was_cut_off(jiedai: Jiedai) -> None:
    """The line of `--head`, or several; a code that is not in the journal is a broken one."""
    kept = jiedai("verify", "--head")[1]
    told = "The journal is whole: 1 entry. What was written up to entry 1 is still there, as it was kept."
    for since in (kept, kept.strip(), f"{kept}\n{kept}"):
        assert jiedai("verify", "--since", since)[1].splitlines()[0] == told
    code, out, _ = jiedai("verify", "--since", f"{kept}7 {'0' * 64}")
    assert code == 1
    assert out.splitlines()[0] == (
        "The end of the journal was cut off: entry 2 was there when its line was kept, and is no more."
        " Up to entry 1 it is as it was kept."
    )
    code, out, _ = jiedai("verify", "--since", f"1 {'0' * 64}")
    assert code == 1
    assert "the journal was written anew" in out
    found = json.loads(jiedai("verify", "--json", "--since", kept)[1])
    assert (found["whole"], found["kept"]) == (True, 1)
    code, _, err = jiedai("verify", "--since", "7")
    assert code == 1
    assert "7" in err


def test_a_changed_journal_is_said_and_refused(jiedai: Jiedai, session: Path) -> None:
    with sqlite3.connect(session) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE journal SET actor_name = 'somebody else'")
    raw.close()
    code, out, _ = jiedai("verify")
    assert (code, out.splitlines()[0]) == (1, "Entry 1 of the journal was changed.")
    assert jiedai("verify", "--head")[0] == 1
    assert json.loads(jiedai("verify", "--json")[1])["what"] == "hash"


def test_a_backup_brings_everything_back(jiedai: Jiedai, session: Path, tmp_path: Path) -> None:
    code, out, err = jiedai("backup", "copy.db")
    assert (code, out) == (0, "")
    assert "copy.db" in err
    assert jiedai("backup", "copy.db")[0] == 1
    before = jiedai("visits", "--json")
    session.write_bytes(b"")
    code, out, err = jiedai("restore", "copy.db")
    assert (code, out) == (0, "")
    assert jiedai("visits", "--json") == before
    assert [str(path.name) in err for path in tmp_path.glob("desk.db.replaced-20261126-080200")] == [True]


def test_a_bad_backup_is_not_taken(jiedai: Jiedai, session: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_text("x" * 1000)
    whole = session.read_bytes()
    assert jiedai("restore", "bad.db")[0] == 1
    assert jiedai("restore", "none.db")[0] == 1
    assert session.read_bytes() == whole


@pytest.mark.usefixtures("jiedai")
@pytest.mark.parametrize("words", ["today", "visits --mine --as 方晓静", "tasks", "verify --head", "backup copy.db"])
def test_what_only_reads_needs_no_screens(session: Path, words: str) -> None:
    code = """
import sys
from tui.__main__ import main
code = main(sys.argv[1:])
print(*sys.modules, file=sys.stderr)
sys.exit(code)"""
    command = [sys.executable, "-c", code, *words.split(), "--store", str(session)]
    done = subprocess.run(command, cwd=session.parent, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0
    assert set(done.stderr.split()).isdisjoint({"textual", "rich", "pypinyin", "argcomplete"})


@pytest.mark.usefixtures("jiedai")
def test_the_head_says_who_acts_and_what_waits(session: Path) -> None:
    store = open_store(session)
    try:
        policy = load_file(Path(packaged_policy()))
        nobody = Session(Actor(None, "", "test"), clock, policy)
        assert status(nobody, words("zh")) == Status("", 0, {})
        clerk = act_as(nobody, "2", remember)
        assert clerk.actor == Actor(2, "方晓静", "test")
        assert status(clerk, words("zh")) == Status("方晓静 办公室", 2, {"checklist": 2})
        assert [(row.key, row.cells) for row in people(words("zh"))] == [("2", ("方晓静",)), ("1", ("周建国",))]
    finally:
        store.close()
    assert read_settings(settings_file()).person == "方晓静#2"
