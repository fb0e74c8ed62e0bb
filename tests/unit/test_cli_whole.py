"""What commands write: whole into a pipe, and in a terminal data whole or with a mark."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from models.policy.judge import judge
from models.policy.load import load_file
from models.policy.request_file import read_request
from models.words import cell_len, words
from tests.sample import CONFIG, Sample
from tests.ui.overlong import FLIGHT, NOW, SERIES, cut_without_a_mark, overlong
from tui.cli.main import run
from tui.cli.policy_commands import told

COMMANDS = ("visits", "tasks", "today", "handover")
LONG = "把从机场到会议室一路上要用的桌牌、席签、欢迎词、鲜花、水果和矿泉水在客人到达之前半小时全部摆放到位并拍照留存"
Said = Callable[..., str]


@pytest.fixture(scope="module")
def store(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("overlong") / "store.db"
    with overlong(sample, path):
        yield path


@pytest.fixture
def said(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Said:  # fmt: skip
    """Runs a command on the store; what it writes, in a terminal of 80 cells or into a pipe."""
    for name in list(os.environ):
        if name.startswith(("XDG_", "LC_", "JIEDAI_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")

    def say(*command: str, terminal: bool) -> str:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
        there = ["--store", str(store), "--config", str(CONFIG)]
        assert run([*command, *there], lambda: NOW.replace(tzinfo=ZoneInfo("Asia/Shanghai"))) == 0
        return capsys.readouterr().out

    return say


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("command", COMMANDS)
def test_what_goes_into_a_pipe_is_whole(said: Said, command: str, language: str) -> None:
    out = said(command, "--lang", language, terminal=False)
    assert "…" not in out
    assert "##" not in out
    assert not cut_without_a_mark(out)
    assert (FLIGHT if command == "today" else SERIES) in out


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("command", COMMANDS)
def test_in_a_terminal_data_is_whole_or_has_a_mark(said: Said, command: str, language: str) -> None:
    out = said(command, "--lang", language, terminal=True)
    assert not cut_without_a_mark(out)
    if command in ("visits", "tasks"):
        assert all(cell_len(line) <= 80 for line in out.splitlines())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_plan_of_a_tried_request_has_room_for_its_figures(language: str) -> None:
    policy = load_file(CONFIG)
    text = "\n".join([
        'kind = "customer"', 'tier = "vip"', f'client = "{LONG}"', "headcount = 98765",
        "requested_at = 2026-11-23T09:00:00",
        f"arrive = {datetime(2026, 11, 30, 10, 20).isoformat()}", f"depart = {datetime(2026, 12, 1, 15).isoformat()}",
        'meals = [{ on = 2026-11-30, meal = "lunch", venue = "in_house", guests = 98765, companions = 45678 }]',
    ])  # fmt: skip
    request, _ = read_request(policy, text, "request.toml")
    lines = told(words(language), policy, request, judge(policy, request))
    out = "\n".join(lines)
    assert "21,666,450" in out, "144,443 people at 150 each"
    assert LONG in "".join(line.strip() for line in lines)
    assert "##" not in out
    assert "…" not in out
    assert max(map(cell_len, lines)) <= 80
