"""Nothing that a command prints reaches the terminal as anything but text, wherever it came from."""

from __future__ import annotations

import json
import os
import pwd
from pathlib import Path

import pytest

from models.schema.store import open_store
from tests.unit.conftest import Jiedai, Process
from tests.unit.life import default_text
from tui.cli.out import json_text

EVIL = "x\x1b]0;gotcha\x07\u202ey\x9b2J\nz"


def plain(text: str) -> None:
    assert not [char for char in text if (char < " " and char != "\n") or "\x7f" <= char <= "\x9f" or char == "\u202e"]


@pytest.mark.parametrize(
    "words",
    [
        ["visits", "--store", EVIL],
        ["today", "--store", EVIL],
        ["verify", "--store", EVIL],
        ["verify", "--since", EVIL],
        ["backup", EVIL],
        ["restore", EVIL],
        ["check", EVIL],
        ["try", EVIL],
        ["where", "--store", EVIL],
        ["where", "--store", EVIL, "--json"],
        ["where", "--config", EVIL],
        ["standards", "--config", EVIL],
        ["standards", EVIL],
        ["today", EVIL],
        ["visits", "--state", EVIL],
        ["tasks", "--party", EVIL],
        ["visits", "--as", EVIL, "--mine"],
        ["keys", "--lang", EVIL],
        [EVIL],
        [f"--{EVIL}"],
    ],
    ids=lambda words: " ".join(words).replace(EVIL, "…").replace("y" * 64, "y"),
)
@pytest.mark.parametrize("there", [False, True])
def test_what_was_typed_is_cleaned(jiedai: Jiedai, words: list[str], there: bool) -> None:
    if there:
        Path(EVIL).write_text("foreign")
    else:
        open_store(".local/share/jiedai/jiedai.db").close()
    for language in ("zh", "en"):
        _, out, told = jiedai(*words, *(["--lang", language] if "--lang" not in words else []))
        plain(out)
        plain(told)
        assert out or told


def test_paths_of_the_environment_are_cleaned(process: Process, tmp_path: Path) -> None:
    home = tmp_path / EVIL.replace("\n", "")
    (home / ".config/jiedai").mkdir(parents=True)
    (home / ".config/jiedai/settings.toml").write_text("nonsense")
    for words in (["where"], ["keys"], ["visits"]):
        done = process(*words, HOME=str(home), JIEDAI_CONFIG=EVIL)
        plain(done.stdout + done.stderr)
        assert "gotcha" in done.stdout + done.stderr


def test_names_of_a_regulation_are_cleaned(process: Process, tmp_path: Path) -> None:
    text = default_text()
    assert '"VIP"' in text
    (tmp_path / "evil.toml").write_text(text.replace('"VIP"', r'"V\u001b[2JIP\u009b"'), "utf-8")
    for words in (["standards"], ["standards", "vip"], ["standards", "--json"], ["standards", "--table", "tier"]):
        for _ in range(2):  # the second answers from what was kept
            done = process(*words, "--config", str(tmp_path / "evil.toml"), "--lang", "en")
            assert done.stdout
            plain(done.stdout + done.stderr)


def test_data_in_json_stay_what_they_are() -> None:
    texts = [EVIL, "e\u0301 \u212b", "江南😀", "\ud800"]
    said = json_text(texts)
    plain(said)
    assert "江南😀" in said
    assert json.loads(said) == texts


def test_who_is_at_the_keyboard_is_not_for_the_environment_to_say(process: Process) -> None:
    code = "from tui.cli.call import login; print(login())"
    done = process(code=code, LOGNAME="boss", USER="boss", LNAME="boss", USERNAME="boss")
    assert done.stdout.strip() == pwd.getpwuid(os.getuid()).pw_name
