"""Changing the regulation, and what the manual says of it."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.errors import Refused
from models.policy.answer import answer_json
from models.policy.judge import judge
from models.policy.load import load_file, load_text, load_versions, read_versions
from models.policy.model import Path as KeyPath
from models.policy.model import PolicyErrors
from models.policy.request_file import read_request
from models.schema import journal
from models.schema.store import Store, reading, write
from models.schema.tables import Journal, JournalDetail
from models.services import regulation_verbs
from models.services.regulation_verbs import RegulationPlace, change_regulation, day_of_next, hindrance
from models.services.rights import refusal_code
from models.services.session import Session, present
from models.words import words
from tests.unit.conftest import ROOT, Company
from tests.unit.examples import FILES, FOLDER, found, lines, steps
from tests.unit.life import refuses

# -- regulation --------------------------------------------------------------------------------------------------------
#
# Changing the regulation from the program: a version more, who and why, and nothing half done.


DEFAULT = ROOT / "config.toml"
FIRST = "2014-04-07"
MEAL: KeyPath = ("cap", 0, "most", "vip")
TOMORROW = date(2026, 11, 24)


@pytest.fixture
def session(company: Company) -> Session:
    """The coordinator's desk, Monday 2026-11-23."""
    return company.as_("coordinator")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the default as its only version."""
    made = tmp_path / "regulation"
    made.mkdir()
    (made / "first.toml").write_bytes(DEFAULT.read_bytes())
    return made


def change(
    session: Session, place: RegulationPlace, price: int = 180, day: date = TOMORROW, why: str = "物价上涨"
) -> Any:
    """Another price of a meal for the highest tier."""
    base = read_versions(place.folder if os.path.isdir(place.folder) else place.path)[0][0].policy
    return change_regulation(session, place, base, {MEAL: price}, day, why)


def told() -> list[dict[str, Any]]:
    """The entries about the regulation, with their details."""
    with reading():
        found = (
            Journal.select(Journal, JournalDetail.details).join(JournalDetail).where(Journal.verb == "policy.change")
        )
        rows: list[Any] = list(found.dicts())
    return [{"actor": row["actor_name"], **json.loads(row["details"])} for row in rows]


def why_not(code: str, verb: Callable[..., object], *given: Any, **more: Any) -> Refused:
    """What the verb refuses to do, with this code."""
    with refuses(code) as caught:
        verb(*given, **more)
    return caught.value


def kept(folder: Path) -> dict[str, bytes]:
    """Everything in a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_version_more_beside_the_old_one_and_who_and_why(session: Session, folder: Path) -> None:
    done = change(session, RegulationPlace(str(folder), str(folder)))
    assert done.file == str(folder / "2026-11-24.toml")
    assert not done.made
    assert (folder / "first.toml").read_bytes() == DEFAULT.read_bytes()
    assert sorted(kept(folder)) == ["2026-11-24.toml", "first.toml"]
    newest, oldest = load_versions(str(folder))
    assert newest.text == done.policy.text
    assert (newest.effective, oldest.effective) == (TOMORROW, date(2014, 4, 7))
    assert newest.caps[0].columns["vip"].most.base == 18000  # type: ignore[union-attr]  # money
    (entry,) = told()
    assert entry["actor"] == "韩协调"
    assert entry["why"] == "物价上涨"
    assert entry["changed"] == [{"key": "cap[1].most.vip", "before": 150, "after": 180}]
    assert (entry["effective"], entry["sha256"]) == ("2026-11-24", newest.sha256)
    assert entry["base"] == {"effective": FIRST, "sha256": oldest.sha256}
    assert journal.verify().what == ""


def test_undone_by_another_version(session: Session, folder: Path) -> None:
    place = RegulationPlace(str(folder), str(folder))
    change(session, place)
    change(session, place, 150, TOMORROW + timedelta(days=1), "撤回")
    newest, _, oldest = load_versions(str(folder))
    assert newest.caps == oldest.caps
    assert [entry["changed"][0]["after"] for entry in told()] == [180, 150]


def test_the_packaged_policy_is_copied_to_a_folder_of_ones_own(session: Session, tmp_path: Path) -> None:
    before = DEFAULT.read_bytes()
    folder = tmp_path / "config" / "jiedai" / "config"
    done = change(session, RegulationPlace(str(DEFAULT), str(folder)))
    assert done.made
    assert kept(folder)[f"{FIRST}.toml"] == before == DEFAULT.read_bytes()
    assert [policy.effective for policy in load_versions(str(folder))] == [TOMORROW, date(2014, 4, 7)]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert not (tmp_path / "config" / "jiedai" / "config.new").exists()
    change(session, RegulationPlace(str(DEFAULT), str(folder)), 190, TOMORROW + timedelta(days=1))
    assert len(load_versions(str(folder))) == 3


def test_a_single_file_becomes_a_folder_beside_it_open_to_whom_it_was(session: Session, tmp_path: Path) -> None:
    home = tmp_path / "xdg"
    home.mkdir(mode=0o755)
    file = home / "config.toml"
    file.write_bytes(DEFAULT.read_bytes())
    file.chmod(0o644)
    (home / "config.new").mkdir()
    (home / "config.new" / "half.toml").write_text("effective = ", "utf-8")
    change(session, RegulationPlace(str(file), str(home / "config")))
    assert file.read_bytes() == DEFAULT.read_bytes()
    assert sorted(kept(home / "config")) == [f"{FIRST}.toml", "2026-11-24.toml"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (home / "config").iterdir()} == {0o644}
    assert stat.S_IMODE((home / "config").stat().st_mode) == stat.S_IMODE(home.stat().st_mode)


def test_line_ends_are_those_of_the_file(session: Session, folder: Path) -> None:
    (folder / "first.toml").write_bytes(DEFAULT.read_bytes().replace(b"\n", b"\r\n"))
    done = change(session, RegulationPlace(str(folder), str(folder)))
    assert Path(done.file).read_bytes().count(b"\r\n") == DEFAULT.read_bytes().count(b"\n")


# what is refused, and that nothing is left then


@pytest.mark.parametrize(
    ("day", "code", "said"),
    [
        (date(2014, 4, 7), "version_exists", "2014-04-07"),
        (date(2026, 11, 22), "version_too_early", "2026-11-23"),
        (date(2013, 1, 1), "version_too_early", "2026-11-23"),
    ],
)
def test_a_day_that_will_not_do(session: Session, folder: Path, day: date, code: str, said: str) -> None:
    before = kept(folder)
    why = why_not(code, change, session, RegulationPlace(str(folder), str(folder)), 180, day)
    assert said in words("en").text(why.phrase)
    assert kept(folder) == before
    assert told() == []


def test_today_is_early_enough_and_a_day_must_be_after_that_of_the_version_changed(
    session: Session, folder: Path
) -> None:
    place = RegulationPlace(str(folder), str(folder))
    change(session, place, 180, date(2027, 1, 1))
    why_not("version_too_early", change, session, place, 170, date(2026, 12, 1))
    first = load_file(DEFAULT)
    change_regulation(session, place, first, {MEAL: 160}, date(2026, 11, 23), "今天起")
    assert len(load_versions(str(folder))) == 3


def test_what_else_is_refused(session: Session, folder: Path, company: Company) -> None:
    place, base, before = RegulationPlace(str(folder), str(folder)), load_file(DEFAULT), kept(folder)

    def attempt(code: str, session: Session = session, place: RegulationPlace | None = place, **other: Any) -> str:
        given: dict[str, Any] = {"base": base, "edits": {MEAL: 180}, "effective": TOMORROW, "why": "因为", **other}
        why = why_not(code, change_regulation, session, place, **given)
        assert kept(folder) == before
        assert told() == []
        return words("zh").text(why.phrase)

    attempt("policy_unchanged", edits={MEAL: 150})
    attempt("words_needed", why="  ")
    attempt("too_long", why="因" * 201)
    assert "cap[1].most.vip" in attempt("policy_wrong", edits={MEAL: -5})
    assert "cap[1].most.none" in attempt("policy_wrong", edits={("cap", 0, "most", "none"): 5})
    assert "nobody" in attempt("policy_wrong", edits={("route", 0, "steps", 1, "by"): "nobody"})
    attempt("nobody_acts", company.session())
    attempt("policy_sample", place=None)
    assert "my.toml" in attempt("policy_one_file", place=RegulationPlace("my.toml", ""))
    attempt("policy_stale", base=replace(base, text=base.text + "\n"))


def test_errors_in_the_folder_are_named_first(session: Session, folder: Path) -> None:
    place, base = RegulationPlace(str(folder), str(folder)), load_file(DEFAULT)
    (folder / "second.toml").write_text("effective = 2027-01-01\n", "utf-8")
    why = why_not("policy_broken", change_regulation, session, place, base, {MEAL: 180}, TOMORROW, "因为")
    assert "second.toml" in words("zh").text(why.phrase)


def test_a_file_that_is_there_is_never_overwritten(session: Session, folder: Path) -> None:
    odd = folder / "2026-11-24.toml"
    odd.write_text(DEFAULT.read_text("utf-8").replace(FIRST, "2015-01-01"), "utf-8")
    before = kept(folder)
    why_not("version_file_exists", change, session, RegulationPlace(str(folder), str(folder)))
    assert kept(folder) == before


def test_a_place_that_cannot_be_written(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("", "utf-8")
    place = RegulationPlace(str(DEFAULT), str(blocked / "jiedai" / "config"))
    why = why_not("policy_unwritable", change, session, place)
    assert str(blocked) in words("zh").text(why.phrase)
    assert told() == []
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert hindrance(session, RegulationPlace(str(DEFAULT), str(tmp_path / "config"))) is not None


@pytest.mark.parametrize("name", ["rename", "fsync", "mkdir"])
def test_whatever_fails_leaves_neither_a_file_nor_an_entry(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = tmp_path / "home" / "config"

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, name, full)
        why = why_not("policy_unwritable", change, session, RegulationPlace(str(DEFAULT), str(folder)))
    assert "No space left" in words("en").text(why.phrase)
    assert not folder.exists()
    assert told() == []
    assert change(session, RegulationPlace(str(DEFAULT), str(folder))).made


@pytest.mark.parametrize("there", [True, False])
def test_where_the_entry_cannot_be_kept_the_file_goes_again(
    session: Session, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    place = (
        RegulationPlace(str(folder), str(folder))
        if there
        else RegulationPlace(str(DEFAULT), str(tmp_path / "new" / "config"))
    )
    before = kept(folder)
    seen: list[list[str]] = []

    @contextmanager
    def full() -> Iterator[None]:
        with write():
            yield
            seen.append(os.listdir(place.folder))
            raise Refused("store_full", path="jiedai.db")

    monkeypatch.setattr(regulation_verbs, "write", full)
    why_not("store_full", change, session, place)
    assert "2026-11-24.toml" in seen[0]
    assert told() == []
    assert kept(folder) == before
    assert os.path.exists(place.folder) == there


def test_the_right_and_the_day_proposed(session: Session, company: Company, store: Store, folder: Path) -> None:
    assert refusal_code(session, "policy") is None
    assert refusal_code(company.session(), "policy") == "nobody_acts"
    assert hindrance(session, RegulationPlace(str(folder), str(folder))) is None
    assert day_of_next([session.policy], date(2026, 11, 23)) == TOMORROW
    coming = replace(session.policy, effective=date(2027, 1, 1))
    assert day_of_next([coming, session.policy], date(2026, 11, 23)) == date(2027, 1, 2)


def test_the_new_version_is_in_force_from_its_day_on(session: Session, folder: Path, company: Company) -> None:
    change(session, RegulationPlace(str(folder), str(folder)))
    seated = replace(session, versions=load_versions(str(folder)))
    assert present(seated).policy.effective == date(2014, 4, 7)
    company.clock.forward(days=1)
    assert present(seated).policy.effective == TOMORROW


# -- manual regulation -------------------------------------------------------------------------------------------------
#
# The manual page "Writing your regulation": its blocks make a file that loads, and it is right in what it says.


PAGE = Path(__file__).parents[2] / "docs" / "writing-your-regulation.md"
BLOCKS = re.findall(r"^```toml ?(\w*)\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
WHOLE = "\n".join(block for kind, block in BLOCKS if not kind)
REQUEST = next(block for kind, block in BLOCKS if kind == "request")
ROUTE = next(number for number, (kind, block) in enumerate(BLOCKS) if "[[route]]" in block) + 1
"""From here on the file is complete."""


@pytest.mark.parametrize("number", range(ROUTE, len(BLOCKS) + 1))
def test_every_block_is_loaded(number: int) -> None:
    """The file as far as the page has come, and with a block that shows another way, loads."""
    so_far = [block for kind, block in BLOCKS[:number] if not kind]
    kind, last = BLOCKS[number - 1]
    assert load_text("\n".join([*so_far, last] if kind == "try" else so_far)).routes


def test_the_visit_on_the_page() -> None:
    """16 × 120 = 1,920, of which 320 over, at 120 %; 760 for rooms, of which 60 the guests'; 2,620 in all. The room of
    the meeting at 10:30 from 10:00 to 13:30, ten seats for twelve, without a projector."""
    policy = load_text(WHOLE)
    request, unused = read_request(policy, REQUEST)
    answer = answer_json(judge(policy, request), policy, "en")
    assert unused == []
    assert lines(answer, "amount", "over", "of_cap", "payer") == [
        (192_000, 32_000, 120, "company"), (76_000, 6000, 108.5714, "guest"),
    ]  # fmt: skip
    assert answer["plan"]["total"] == 262_000
    assert answer["companions"]["lines"] == [{"line": "meal1", "max": 4, "given": 4}]
    assert steps(answer) == [
        ("opinion", ["medical_head"]), ("decide", ["deputy_director"]), ("sign", ["finance_head"]),
    ]  # fmt: skip
    assert [each for each in found(answer) if each[0] != "info"] == [
        ("reason", "cap", "reception_meal"), ("reason", "booking", "seats"), ("warn", "booking", "what_it_needs"),
    ]  # fmt: skip
    assert answer["verdict"] == "needs"
    assert answer["bookings"] == {
        "spans": [{"thing": "room", "for": "meeting", "from": "2027-03-08T10:00:00", "until": "2027-03-08T13:30:00"}],
        "grade": None,
    }


def test_the_room_on_the_page_that_is_taken() -> None:
    """With what the page says others hold, the visit is not possible."""
    held = re.search(r"^`(held = .*)` makes", PAGE.read_text("utf-8"), re.MULTILINE)
    assert held
    policy = load_text(WHOLE)
    answer = answer_json(judge(policy, read_request(policy, f"{REQUEST}{held[1]}\n")[0]), policy, "en")
    assert ("block", "booking", "one_at_a_time") in found(answer)
    assert answer["verdict"] == "blocked"


def test_the_mistake_on_the_page_is_said_so() -> None:
    """The file with the mistake gives the line that the page shows."""
    said = re.search(r"^my\.toml:(\d+): .*$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert said
    at = WHOLE.index('up = "director"', WHOLE.index('id = "deputy_director"') + 1)
    text = WHOLE[:at] + 'up = "directr"' + WHOLE[at + len('up = "director"') :]
    with pytest.raises(PolicyErrors) as caught:
        load_text(text, "my.toml")
    assert caught.value.said(words("en")) == [said[0]]


def test_every_example_is_on_the_page() -> None:
    named = set(re.findall(r"^\| `([a-z_]+)(?:\.toml|/)`", PAGE.read_text("utf-8"), re.MULTILINE))
    assert named == {name.partition("/")[0] for name in FILES}
    assert "models/examples/" in PAGE.read_text("utf-8")
    assert FOLDER.is_dir()
