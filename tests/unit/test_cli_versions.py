"""The commands that answer from a policy with several versions: check, try, standards."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.conftest import UTC_MORNING, Jiedai
from tests.unit.life import default_text
from tests.unit.test_cli_policy import REQUEST
from tui.cli import quick
from tui.where import policy_file


def test_the_folder_of_versions_comes_before_the_file_beside_it(jiedai: Jiedai, tmp_path: Path) -> None:
    own = tmp_path / ".config/jiedai"
    own.mkdir(parents=True)
    (own / "config.toml").write_text(default_text(), "utf-8")
    assert policy_file("", {}) == (str(own / "config.toml"), "user")
    (own / "config").mkdir()
    assert policy_file("", {}) == (str(own / "config"), "user")
    (own / "config/2027.toml").write_text(default_text().replace("2014-04-07", "2027-01-01"), "utf-8")
    assert "2027-01-01" in jiedai("standards")[1]


# check


def test_a_good_folder_is_a_line_for_each_version(jiedai: Jiedai, rules: Path) -> None:
    code, out, err = jiedai("check", "rules")
    assert (code, err) == (0, "")
    assert [line.split(": ")[0] for line in out.splitlines()] == [f"ok {rules}/second.toml", f"ok {rules}/first.toml"]
    assert jiedai("check", "--config", str(rules)) == (0, out, "")
    assert jiedai("check", "rules", "--json")[:2] == (0, "[]\n")


def test_every_mistake_of_every_version_is_said_at_once_beside_what_is_odd(jiedai: Jiedai, rules: Path) -> None:
    text = (rules / "second.toml").read_text("utf-8").replace('tier = "routine" }', 'tier = "rutine" }')
    (rules / "second.toml").write_text(text.replace('party = "workshop"\n', ""), "utf-8")
    (rules / "first.toml").write_text(default_text() + '\n[[notice]]\nleast = "9d"\n', "utf-8")
    (rules / "third.toml").write_text("effective = 2027-01-01", "utf-8")
    code, out, err = jiedai("check", "rules", "--json")
    found = json.loads(out)
    assert (code, err) == (2, "")
    second = {each["text"].split(" — ")[0] for each in found if each["file"] == str(rules / "second.toml")}
    assert any("rutine" in text for text in second)
    assert any("party" in text for text in second)
    assert [each["file"] for each in found if each["level"] == "warn"] == [str(rules / "first.toml")]
    assert {each["path"] for each in found if each["level"] == "warn"} == {"notice[2]"}
    assert str(rules / "third.toml") in {each["file"] for each in found}
    code, out, err = jiedai("check", "rules")
    assert len(out.splitlines()) == len(found) + 1
    assert f"{len(found) - 1} errors" in err
    assert "1 warning" in err


def test_warnings_alone_are_no_failure(jiedai: Jiedai, rules: Path) -> None:
    (rules / "first.toml").write_text(default_text() + '\n[[notice]]\nleast = "9d"\n', "utf-8")
    code, out, err = jiedai("check", "rules/first.toml", "--lang", "zh")
    assert (code, err) == (0, "共 1 处提示\n")
    assert "notice[2]: 提示：" in out.splitlines()[0]
    assert out.splitlines()[1].startswith("ok ")
    assert json.loads(jiedai("check", "rules/first.toml", "--json")[1])[0]["level"] == "warn"


def test_two_versions_with_one_date_are_refused_everywhere(jiedai: Jiedai, rules: Path) -> None:
    (rules / "again.toml").write_text(default_text() + "# again", "utf-8")
    for words in (["check", "rules"], ["standards", "--config", "rules"], ["try", "-", "--config", "rules"]):
        code, out, err = jiedai(*words)
        assert code == 2
        assert "again.toml" in (out + err)
        assert "first.toml" in (out + err)


# try


@pytest.mark.parametrize(
    ("judged_on", "requested", "arrives", "effective"),
    [
        ("request", "2026-11-23T09:00:00", "2026-11-30T10:20:00", "2014-04-07"),
        ("request", "2026-12-28T09:00:00", "2027-01-04T10:20:00", "2014-04-07"),
        ("visit", "2026-12-28T09:00:00", "2027-01-04T10:20:00", "2027-01-01"),
        ("request", "2027-01-01T00:00:00", "2027-01-04T10:20:00", "2027-01-01"),
    ],
)
def test_a_request_is_tried_on_the_version_of_its_day(
    jiedai: Jiedai, rules: Path, judged_on: str, requested: str, arrives: str, effective: str
) -> None:
    for path in rules.iterdir():
        path.write_text(path.read_text("utf-8").replace('d_on = "request"', f'd_on = "{judged_on}"'), "utf-8")
    text = REQUEST.replace("2026-11-23T09:00:00", requested).replace("2026-11-30T10:20:00", arrives)
    text = text.replace("depart = 2026-12-01", "depart = 2027-01-05")
    (rules.parent / "request.toml").write_text(text, "utf-8")
    code, out, err = jiedai("try", "request.toml", "--config", "rules", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["policy"]["effective"] == effective
    assert found["plan"]["lines"][0]["cap"] == (17500 if effective == "2027-01-01" else 15000)


def test_a_request_without_its_days_is_refused_as_ever(jiedai: Jiedai, rules: Path) -> None:
    (rules.parent / "request.toml").write_text(REQUEST.replace("requested_at", "asked_at"), "utf-8")
    code, out, err = jiedai("try", "request.toml", "--config", "rules")
    assert (code, out) == (2, "")
    assert "requested_at" in err


# standards


def test_the_standards_are_those_of_the_version_in_force(jiedai: Jiedai, rules: Path) -> None:
    assert "150" in jiedai("standards", "vip", "--config", "rules")[1]
    after = jiedai("standards", "vip", "--config", "rules", now=UTC_MORNING + timedelta(days=60))[1]
    assert "175" in after
    assert "2027-01-01" in after


@pytest.mark.usefixtures("jiedai")
def test_the_quick_answer_changes_when_a_version_comes_into_force(
    rules: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    monkeypatch.setattr("tui.clock.clock_of", lambda zone: lambda: now)
    monkeypatch.setattr("tui.cli.quick.time.time", lambda: now.timestamp())
    words = ["standards", "vip", "--config", str(rules)]

    def told() -> str:
        assert quick.answer(words) == 0
        return capsys.readouterr().out

    first = told()
    assert "150" in first
    now += timedelta(seconds=59)
    with monkeypatch.context() as patched:
        patched.setattr("tui.cli.standards_commands.load_versions", lambda path: pytest.fail("it was known"))
        assert told() == first
    now += timedelta(seconds=1)
    assert "175" in told()
    (rules / "second.toml").unlink()
    assert "150" in told()
