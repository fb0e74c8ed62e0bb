"""`jiedai demo`: the sample company and the regulation in use have nothing to do with each other."""

from __future__ import annotations

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
from tests.sample import DAY, Sample
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

    def prepared(folder: Path, today: datetime, policy: Policy, zone: object) -> Path:
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
