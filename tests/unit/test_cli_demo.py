"""`jiedai demo`: the sample company and the regulation in use have nothing to do with each other."""

from __future__ import annotations

import json
import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import models.demo.daily
from models.demo import GUIDE
from models.policy.load import load_file
from models.policy.model import Policy
from models.services.session import Session
from models.words import cell_len
from tests.sample import DAY, MORNING, Sample
from tests.unit.conftest import ROOT, Jiedai
from tui import terminal
from tui.cli import demo
from tui.where import packaged_policy


@pytest.mark.parametrize("where", ["user", "environment", "first run"])
@pytest.mark.parametrize("example", ["authority", "branch", "maker"])
def test_the_sample_company_has_a_regulation_of_its_own(
    jiedai: Jiedai, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sample: Sample, where: str, example: str
) -> None:
    """Whoever uses the posts of another one still finds the people of the sample at their posts."""
    file = ROOT / f"models/examples/{example}.toml"
    if where == "user":
        (tmp_path / ".config/jiedai").mkdir(parents=True)
        shutil.copy(file, tmp_path / ".config/jiedai/config.toml")
    elif where == "environment":
        monkeypatch.setenv("JIEDAI_CONFIG", str(file))
    seen: list[object] = []

    def prepared(folder: Path, today: datetime, policy: Policy, *facts: object) -> Path:
        seen.append(policy.sha256)
        return sample(DAY, tmp_path / "sample.db")

    def shown(session: Session, **facts: Any) -> int:
        seen.append(session.policy.sha256)
        seen.append(session.actor.name)
        seen.append(facts["files"]["config"])
        if where == "first run" and len(seen) == 3:
            facts["leave_for"]("demo", "en")
        return 0

    monkeypatch.setattr(models.demo.daily, "demo_path", prepared)
    monkeypatch.setattr(terminal, "run", shown)
    monkeypatch.setattr(demo, "refusal", lambda: None)
    monkeypatch.setattr("tui.cli.screens.refusal", lambda: None)
    words = ["--config", str(file), "--store", str(tmp_path / "new.db")] if where == "first run" else ["demo"]
    assert jiedai(*words)[0] == 0
    own = load_file(packaged_policy()).sha256
    assert seen[-4:] == [own, own, GUIDE, packaged_policy()]
    assert os.path.samefile(packaged_policy(), ROOT / "config.toml")


def test_no_other_regulation_can_be_asked_for(jiedai: Jiedai) -> None:
    code, out, told = jiedai("demo", "--config", "x.toml")
    assert (code, out) == (2, "")
    assert "demo has no option --config" in told


# -- a command on the sample company, and several people ---------------------------------------------------------------


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sample: Sample) -> None:
    """The sample company of the tests in place of a new one."""

    def path(*facts: object) -> Path:
        return sample(DAY, tmp_path / "sample.db")

    monkeypatch.setattr(models.demo.daily, "demo_path", path)


@pytest.mark.usefixtures("prepared")
def test_any_command_runs_on_the_sample_company(jiedai: Jiedai) -> None:
    code, out, _ = jiedai("demo", "today", "--json", now=MORNING)
    assert code == 0
    assert len(json.loads(out)["visits"]) > 5
    assert jiedai("today", now=MORNING)[0] == 1, "there is no store of one's own"
    assert jiedai("demo", "visits", "--mine", "--as", "刘晓燕", now=MORNING)[1]
    assert "sample.db" in jiedai("demo", "where", now=MORNING)[1]


@pytest.mark.usefixtures("prepared")
def test_the_coordinator_acts_there_whoever_acts_in_ones_own_store(jiedai: Jiedai, tmp_path: Path) -> None:
    (tmp_path / ".config/jiedai").mkdir(parents=True)
    (tmp_path / ".config/jiedai/settings.toml").write_text('person = "钱某"\n', "utf-8")
    mine = jiedai("demo", "visits", "--mine", now=MORNING)
    assert mine[0] == 0
    assert mine == jiedai("demo", "visits", "--mine", "--as", GUIDE, now=MORNING)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("demo", "demo"), '"demo" is one word too many for demo'),
        (("demo", "todya"), "did you mean today?"),
        (("demo", "today", "--store", "x"), "demo today has no option --store"),
        (("demo", "--people", "many"), "a number from 1 to 8"),
        (("demo", "--people", "0"), "a number from 1 to 8"),
        (("demo", "today", "today", "now"), '"now" is one word too many for demo today'),
    ],
)
def test_what_is_typed_wrong_is_said(jiedai: Jiedai, words: tuple[str, ...], says: str) -> None:
    code, out, told = jiedai(*words)
    assert (code, out) == (2, "")
    assert says in told


@pytest.mark.usefixtures("prepared")
def test_a_line_for_each_of_several_people(jiedai: Jiedai) -> None:
    """Those for whom something waits, each once, the coordinator first; each line is what opens their screens."""
    _, out, _ = jiedai("demo", "--people", "5", "--lang", "en", now=MORNING)
    lines = [line.split("#") for line in out.splitlines()[1:6]]
    calls = [call.split() for call, _ in lines]
    assert all(call[0].endswith("jiedai") and call[1:3] == ["demo", "--as"] for call in calls)
    names = [call[3] for call in calls]
    assert names[0] == GUIDE
    assert len(set(names)) == 5
    assert all(any(word in who for word in ("decision", "task", "cost", "request")) for _, who in lines)
    assert all(jiedai("demo", "visits", "--mine", "--as", name, now=MORNING)[0] == 0 for name in names)


@pytest.mark.usefixtures("prepared")
def test_who_is_on_site(jiedai: Jiedai) -> None:
    """As text that a telephone shows, and as data."""
    _, out, _ = jiedai("demo", "muster", "--lang", "en", now=MORNING)
    assert max(map(cell_len, out.splitlines())) <= 40
    code, data, _ = jiedai("demo", "muster", "--json", now=MORNING)
    found = json.loads(data)
    assert code == 0
    assert found["guests"] == sum(visit["people"] for visit in found["visits"])
    assert all(visit["client"] in out.replace("\n  ", "") for visit in found["visits"])
    assert all(visit["answers"] and visit["since"] for visit in found["visits"])
