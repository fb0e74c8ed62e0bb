"""`jiedai people`: the register on the command line, as an administrator's script uses it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.conftest import Jiedai, Process
from tests.unit.every_verb import ED25519

FINGERPRINT = "SHA256:"


@pytest.fixture
def people(jiedai: Jiedai) -> Jiedai:
    """`jiedai people` with two people entered."""
    assert (
        jiedai("people", "add", "林小雨", "--phone", "13800000001", "--login", "linxy", "--post", "coordinator")[0] == 0
    )
    assert jiedai("people", "add", "周建国", "--post", "总经理", "--from", "2026-01-01", "--language", "zh")[0] == 0
    return jiedai


def data(answer: tuple[int, str, str]) -> Any:
    """What a call that was done gave as data."""
    code, out, err = answer
    assert code == 0, err
    return json.loads(out)


def test_the_first_person_makes_the_store(jiedai: Jiedai) -> None:
    """An office machine is set up by a script: nothing is there before."""
    assert jiedai("people")[0] == 1
    code, out, err = jiedai("people", "add", "林小雨", "--lang", "en")
    assert (code, out) == (0, "")
    assert "A new data file" in err
    assert "林小雨: person added" in err


def test_the_list(people: Jiedai) -> None:
    code, out, err = people("people")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == ["Name", "林小雨", "周建国"]
    assert "linxy" in out
    assert "Reception coordinator" in out
    found = data(people("people", "--json"))
    assert [each["name"] for each in found] == ["林小雨", "周建国"]
    assert found[0]["posts"] == [
        {
            "post": "coordinator",
            "name": {"zh": "接待专员", "en": "Reception coordinator"},
            "since": "2026-11-23",
            "until": None,
        }
    ]
    assert found[1]["posts"][0]["since"] == "2026-01-01"
    assert (found[0]["login"], found[1]["language"], found[1]["login"]) == ("linxy", "zh", None)


def test_a_script_may_run_twice(people: Jiedai, tmp_path: Path) -> None:
    """Only what is not so already is done; what was done stands in the answer."""
    (tmp_path / "key.pub").write_text(ED25519, "utf-8")
    script = (
        ("add", "赵启航", "--phone", "139", "--login", "zhaoqh", "--post", "driver"),
        ("post", "赵启航", "technology_head", "--from", "2026-12-01"),
        ("post", "赵启航", "driver", "--until", "2026-12-31"),
        ("key", "赵启航", "key.pub"),
        ("language", "赵启航", "en"),
        ("login", "赵启航", "zhao"),
        ("off", "周建国"),
    )
    first = [data(people("people", *words, "--json")) for words in script]
    again = [data(people("people", *words, "--json")) for words in (*script[1:], script[0])]
    assert all(each["changed"] for each in first)
    assert [each["changed"] for each in again] == [False] * 6 + [True]
    assert again[-1]["person"]["login"] == "zhaoqh"
    person = again[-1]["person"]
    assert [(each["post"], each["since"], each["until"]) for each in person["posts"]] == [
        ("driver", "2026-11-23", "2026-12-31"),
        ("technology_head", "2026-12-01", None),
    ]
    assert [key["off"] for key in person["keys"]] == [None]
    assert person["keys"][0]["fingerprint"].startswith(FINGERPRINT)


def test_a_key_from_standard_input_and_off_again(people: Jiedai, process: Process) -> None:
    done = process("people", "key", "林小雨", "-", "--json", typed=ED25519)
    assert done.returncode == 0, done.stderr
    fingerprint = json.loads(done.stdout)["person"]["keys"][0]["fingerprint"]
    assert data(people("people", "key", "林小雨", "--off", fingerprint, "--json"))["changed"]
    assert not data(people("people", "key", "林小雨", "--off", fingerprint, "--json"))["changed"]
    assert data(people("people", "--json"))[0]["keys"][0]["off"] is not None
    code, _, err = people("people", "key", "林小雨", "--off", "SHA256:x")
    assert (code, err) == (1, "林小雨 has no key with the fingerprint SHA256:x\n")


def test_who_is_off_is_listed_when_asked_for(people: Jiedai) -> None:
    assert people("people", "off", "林小雨")[0] == 0
    assert "林小雨" not in people("people")[1]
    assert "林小雨 (off)" in people("people", "--all")[1]
    assert [each["active"] for each in data(people("people", "--all", "--json"))] == [True, False]
    assert people("people", "post", "林小雨", "driver")[0] == 1
    assert data(people("people", "on", "林小雨", "--json"))["changed"]


def test_half_a_change_is_none(people: Jiedai) -> None:
    """One login is one person's: who cannot have it is not entered either."""
    code, _, err = people("people", "add", "赵启航", "--login", "linxy")
    assert (code, err) == (1, "The login linxy is 林小雨's\n")
    assert len(data(people("people", "--json"))) == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("fire", "林小雨"), 2, "there are add, post, login, key, language, off, on"),
        (("add",), 2, "people add needs"),
        (("post", "林小雨"), 2, "needs the post"),
        (("post", "林小雨", "cordinator"), 2, "Do you mean coordinator?"),
        (("post", "林小雨", "coordinator", "--from", "someday"), 2, "someday"),
        (("off", "谁"), 1, "谁"),
        (("key", "林小雨"), 2, "--off FINGERPRINT"),
        (("key", "林小雨", "nowhere.pub"), 2, "nowhere.pub cannot be read"),
        (("key", "林小雨", "text.pub"), 1, "This is no public key"),
        (("language", "林小雨", "fr"), 2, "fr"),
        (("login", "林小雨", "a;sh"), 1, "a;sh"),
        (("login", "林小雨", "x", "--as", "谁"), 1, "谁"),
    ],
)
def test_what_is_not_done_says_why(
    people: Jiedai, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / "text.pub").write_text("hello", "utf-8")
    before = data(people("people", "--all", "--json"))
    found = people("people", *words)
    assert (found[0], found[1]) == (code, "")
    assert said in found[2]
    assert data(people("people", "--all", "--json")) == before


def test_stand_ins_and_absences_by_script(people: Jiedai) -> None:
    assert "last day" in people("people", "stand-in", "周建国", "林小雨", "--lang", "en")[2]
    call = ("people", "stand-in", "周建国", "林小雨", "--until", "2026-11-27", "--up-to", "business", "--lang", "en")
    assert "周建国: stand-in or absence entered" in people(*call)[2]
    assert "it is so already" in people(*call)[2]
    assert people("people", "stand-in", "周建国", "--until", "2026-11-27")[0] == 0
    assert "platinum" in people(*call[:6], "--up-to", "platinum", "--lang", "en")[2]
    assert "周建国: stand-in or absence ended" in people("people", "back", "周建国", "--lang", "en")[2]
    assert "it is so already" in people("people", "back", "周建国", "--lang", "en")[2]


def test_who_leaves_hands_everything_over(people: Jiedai) -> None:
    dry = people("people", "off", "林小雨", "周建国", "--dry-run", "--lang", "en")
    assert dry[0] == 0
    assert "Posts (1): 周建国" in dry[2]
    assert len(data(people("people", "--json"))) == 2
    assert "林小雨: left, handed over" in people("people", "off", "林小雨", "周建国", "--lang", "en")[2]
    (left,) = data(people("people", "--json"))
    assert [each["post"] for each in left["posts"]] == ["general_manager", "coordinator"]


@pytest.mark.parametrize(
    "words",
    [
        ("off", "林小雨"),
        ("add", "李雷"),
        ("post", "林小雨", "general_manager"),
        ("login", "林小雨", "lxy"),
        ("language", "林小雨", "en"),
        ("stand-in", "周建国", "林小雨", "--until", "2026-11-27"),
        ("off", "林小雨", "周建国"),
    ],
)
def test_a_dry_run_changes_nothing_and_says_what_it_would(people: Jiedai, words: tuple[str, ...]) -> None:
    before = data(people("people", "--all", "--json"))
    code, _, said = people("people", *words, "--dry-run", "--lang", "en")
    assert (code, said.count("if it were no dry run")) == (0, 1)
    assert data(people("people", "--all", "--json")) == before


def test_switching_off_and_on_says_which_and_the_journal_too(people: Jiedai) -> None:
    assert "林小雨: person switched off" in people("people", "off", "林小雨", "--lang", "en")[2]
    assert "林小雨: person switched on again" in people("people", "on", "林小雨", "--lang", "en")[2]
    people("people", "stand-in", "周建国", "林小雨", "--from", "2026-11-26", "--until", "2026-11-27")
    entries = [
        (entry["verb"], [fact["value"] for fact in entry["facts"]]) for entry in data(people("journal", "--json"))
    ]
    verbs = [verb for verb, _ in entries]
    assert "person.off" in verbs
    assert "person.on" in verbs
    assert any("2026-11-26 - 2026-11-27" in str(facts) for verb, facts in entries if verb == "stand_in.give")


def test_an_empty_line_to_verify_is_no_success(people: Jiedai) -> None:
    code, _, said = people("verify", "--since", "", "--lang", "en")
    assert code == 2
    assert "--since" in said
