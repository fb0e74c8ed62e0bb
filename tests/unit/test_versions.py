"""Several dated versions of a policy: a folder of whole files, of which one is in force on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from models.policy.load import load_text, load_versions, policy_files, read_versions
from models.policy.model import Policy, PolicyErrors, version_for, version_on
from models.words import words
from tests.unit.policy_texts import SMALL, changed


def issued(effective: str, judged_on: str = "visit", name: str = "") -> str:
    """The small policy, issued for a day."""
    text = changed("effective = 2026-01-01", f"effective = {effective}")
    text = changed('judged_on = "visit"', f'judged_on = "{judged_on}"', text)
    return changed('id = "low"', f'id = "low"\nmeans = "{name or effective}"', text)


def versions(*days: str, judged_on: str = "visit") -> tuple[Policy, ...]:
    """Versions for these days, newest first."""
    return tuple(load_text(issued(day, judged_on)) for day in sorted(days, reverse=True))


def laid(folder: Path, **files: str) -> Path:
    """A folder with these `.toml` files."""
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder


def wrong(path: Path) -> list[str]:
    """What is said of a folder that cannot be used."""
    with pytest.raises(PolicyErrors) as caught:
        load_versions(str(path))
    return caught.value.said(words("en"))


def test_a_file_is_one_version(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SMALL, "utf-8")
    assert [policy.text for policy in load_versions(str(path))] == [SMALL]


def test_each_file_of_a_folder_is_a_whole_version_newest_first(tmp_path: Path) -> None:
    texts = {"b": issued("2025-01-01"), "a": issued("2026-01-01"), "c": issued("2024-01-01")}
    folder = laid(tmp_path / "rules", **texts)
    (folder / ".draft.toml").write_text("no policy", "utf-8")
    (folder / "notes.txt").write_text("no policy", "utf-8")
    assert [policy.effective.year for policy in load_versions(str(folder))] == [2026, 2025, 2024]
    assert load_versions(str(folder))[1].text == texts["b"]
    assert [Path(file).name for file in policy_files(str(folder))] == ["a.toml", "b.toml", "c.toml"]


def test_everything_wrong_in_every_file_is_named_at_once(tmp_path: Path) -> None:
    bad = issued("2026-01-01").replace('up = "chief"', 'up = "cheif"').replace("[[need]]", "[[nead]]", 1)
    folder = laid(tmp_path / "rules", a=bad, b="effective = ", c=issued("2024-01-01"))
    said = wrong(folder)
    assert [line.split(":")[0] for line in said] == [str(folder / "a.toml")] * 2 + [str(folder / "b.toml")]
    assert "nearest: chief" in said[0]
    assert "nearest: need" in said[1]


def test_two_versions_with_one_date_are_an_error_that_names_both(tmp_path: Path) -> None:
    folder = laid(tmp_path / "rules", a=SMALL, b=SMALL + "# again\n", c=issued("2024-01-01"))
    said = wrong(folder)
    assert [line.split(": ")[:2] for line in said] == [
        [f"{folder / name}:1", "effective"] for name in ("a.toml", "b.toml")
    ]
    assert "b.toml" in said[0].split(": ", 2)[2]
    assert "a.toml" in said[1].split(": ", 2)[2]
    assert "2026-01-01" in said[0]


def test_a_folder_without_versions_and_one_that_is_not_there_are_said(tmp_path: Path) -> None:
    assert str(tmp_path) in wrong(tmp_path)[0]
    assert str(tmp_path / "none") in wrong(tmp_path / "none")[0]


def test_what_is_good_is_read_beside_what_is_not(tmp_path: Path) -> None:
    folder = laid(tmp_path / "rules", a="effective = ", c=SMALL)
    found, problems = read_versions(str(folder))
    assert [version.file for version in found] == [str(folder / "c.toml")]
    assert [problem.line for problem in problems] == [1]


def test_the_newest_that_has_come_into_force_counts() -> None:
    known = versions("2024-01-01", "2025-01-01", "2027-01-01")
    assert version_on(known, date(2026, 11, 23)).effective == date(2025, 1, 1)
    assert version_on(known, date(2025, 1, 1)).effective == date(2025, 1, 1)
    assert version_on(known, date(2024, 12, 31)).effective == date(2024, 1, 1)
    assert version_on(known, date(2020, 1, 1)).effective == date(2024, 1, 1)


@pytest.mark.parametrize(("judged_on", "year"), [("request", 2024), ("visit", 2027)])
def test_the_version_in_force_says_which_day_counts(judged_on: str, year: int) -> None:
    known = versions("2024-01-01", "2027-01-01", judged_on=judged_on)
    assert version_for(known, date(2026, 12, 1), date(2027, 1, 5)).effective.year == year
    assert version_for(known, date(2026, 12, 1), None).effective.year == 2024
