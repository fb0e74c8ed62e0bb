"""Where a version of the regulation is written, for each place in which the one in use may lie, and when it is seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.services.session import Actor, Session
from models.words import words
from tui import where
from tui.cli.call import Call, versions_in_use
from tui.cli.command_line import SCREENS, Given
from tui.cli.screens import files, renewing
from tui.settings import Settings
from tui.where import packaged_policy, policy_file, versions_folder

DEFAULT = Path(packaged_policy()).read_text("utf-8")
NOW = datetime(2026, 12, 31, 9, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home, and a machine on which nothing is laid down."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "machine"))
    monkeypatch.delenv("JIEDAI_CONFIG", raising=False)
    return tmp_path


def laid(path: Path) -> Path:
    """The default policy at a path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(DEFAULT, "utf-8")
    return path


def call(config: str = "") -> Call:
    """A call that opens the screens."""
    return Call(Given(SCREENS, (), {"config": config} if config else {}), Settings(), words("zh"), lambda: NOW)


def test_the_packaged_one_gets_a_folder_of_ones_own(home: Path) -> None:
    own = home / "own" / "jiedai" / "config"
    assert call().versions_folder() == str(own) == f"{where.config_folder()}/config"
    laid(own / "2014-04-07.toml")
    assert policy_file("", {}) == (str(own), "user"), "from then on the folder is what is used"
    assert call().versions_folder() == str(own)


@pytest.mark.parametrize("where", ["own", "machine"])
def test_a_single_file_gets_one_beside_it_which_then_comes_first(home: Path, where: str) -> None:
    file = laid(home / where / "jiedai" / "config.toml")
    assert call().policy_file() == str(file)
    assert call().versions_folder() == str(file.with_suffix(""))
    laid(file.with_suffix("") / "a.toml")
    assert call().policy_file() == str(file.with_suffix(""))


def test_a_named_folder_is_the_place_and_a_named_file_has_none(home: Path) -> None:
    file = laid(home / "regulation" / "a.toml")
    assert call(str(file.parent)).versions_folder() == str(file.parent)
    assert call(str(file)).versions_folder() == ""
    assert versions_folder(*policy_file("", {"JIEDAI_CONFIG": str(file)})) == ""
    assert call(str(home / "nowhere")).versions_folder() == ""


def test_the_sample_companys_is_nobodys_to_change(home: Path) -> None:
    assert "versions" not in files(call(), "x.db", sample=True)
    assert files(call(), "x.db", sample=False)["versions"] == str(home / "own" / "jiedai" / "config")


def test_a_version_laid_down_meanwhile_is_found_wherever_it_lies_then(home: Path) -> None:
    at = call()
    versions = versions_in_use(at)
    session = Session(Actor(1, "林小雨", "test"), at.clock, versions[0], versions)
    renew = renewing(at, versions)
    assert renew(session).versions is versions
    folder = home / "own" / "jiedai" / "config"
    laid(folder / "a.toml")
    (folder / "b.toml").write_text(DEFAULT.replace("2014-04-07", "2026-12-31"), "utf-8")
    found = renew(session)
    assert [policy.effective.isoformat() for policy in found.versions] == ["2026-12-31", "2014-04-07"]
    assert found.policy is found.versions[0]
    assert renew(session).versions is found.versions, "also for a desk that was made of what there was at the start"
    (folder / "b.toml").write_text("effective = ", "utf-8")
    assert renew(session).versions is found.versions, "a bad file keeps what there is"


def test_another_day_is_another_version_without_a_file_being_read(home: Path) -> None:
    laid(home / "own" / "jiedai" / "config" / "a.toml")
    later = laid(home / "own" / "jiedai" / "config" / "b.toml")
    later.write_text(DEFAULT.replace("2014-04-07", "2027-01-01"), "utf-8")
    at = call()
    versions = versions_in_use(at)
    days = [NOW]
    session = Session(Actor(1, "林小雨", "test"), lambda: days[-1], versions[0], versions)
    renew = renewing(at, versions)
    assert renew(session).policy.effective.year == 2014
    days.append(NOW + timedelta(days=1))
    assert renew(session).policy.effective.year == 2027
