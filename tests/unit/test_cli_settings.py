"""Settings, folders, the language, the cache and the log of incidents."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from platformdirs import PlatformDirs

from models.words import Words, words
from models.words.catalogue import LANGUAGES, areas, sentences
from tui import cache, incident, where
from tui.cli.screens import recall_sentences
from tui.language import choose
from tui.settings import Settings, SettingsErrors, change_settings, read_settings
from tui.where import packaged_policy, policy_file, settings_file, store_file

PLATFORM = {
    "config_folder": "user_config_dir",
    "data_folder": "user_data_dir",
    "cache_folder": "user_cache_dir",
    "state_folder": "user_state_dir",
    "system_folder": "site_config_dir",
}
VARIABLES = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_DIRS")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder."""
    for name in (*VARIABLES, "JIEDAI_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("value", [None, "", "/somewhere", "relative", "/one:/two", "/with space/"])
def test_folders_are_those_of_platformdirs(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        if value is not None:
            monkeypatch.setenv(name, value)
    dirs = PlatformDirs(where.NAME, appauthor=False)
    for ours, theirs in PLATFORM.items():
        assert getattr(where, ours)() == getattr(dirs, theirs)


def test_folders_without_a_usable_home_are_those_of_platformdirs(monkeypatch: pytest.MonkeyPatch) -> None:
    for home in ("", "relative"):
        monkeypatch.setenv("HOME", home)
        assert where.config_folder() == PlatformDirs(where.NAME, appauthor=False).user_config_dir


def test_the_policy_is_looked_for_from_the_option_down(home: Path) -> None:
    assert policy_file("", {}) == (packaged_policy(), "packaged")
    own = home / ".config/jiedai/config.toml"
    own.parent.mkdir(parents=True)
    own.touch()
    assert policy_file("", {}) == (str(own), "user")
    assert policy_file("", {"JIEDAI_CONFIG": "/x/y.toml"}) == ("/x/y.toml", "environment")
    assert policy_file("/z.toml", {"JIEDAI_CONFIG": "/x/y.toml"}) == ("/z.toml", "option")


def test_a_link_that_leads_nowhere_is_not_passed_over(home: Path) -> None:
    own = home / ".config/jiedai/config.toml"
    own.parent.mkdir(parents=True)
    own.symlink_to("nowhere.toml")
    assert policy_file("", {}) == (str(own), "user")


def test_the_systems_policy_is_before_the_users(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(home / "system"))
    for folder in (home / "system/jiedai", home / ".config/jiedai"):
        folder.mkdir(parents=True)
        (folder / "config.toml").touch()
    assert policy_file("", {}) == (str(home / "system/jiedai/config.toml"), "system")


def test_the_store_is_named_or_ones_own(home: Path) -> None:
    assert store_file("", "") == (str(home / ".local/share/jiedai/jiedai.db"), "user")
    assert store_file("", "~/desk.db") == (str(home / "desk.db"), "settings")
    assert store_file("/a.db", "~/desk.db") == ("/a.db", "option")
    assert store_file("", "postgresql://desk") == ("postgresql://desk", "settings")


@pytest.mark.parametrize(
    ("asked", "setting", "environment", "spoken"),
    [
        ("en", "zh", {"LC_ALL": "zh_CN.UTF-8"}, "en"),
        ("", "en", {"LC_ALL": "zh_CN.UTF-8"}, "en"),
        ("", "", {"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ("", "", {"LC_ALL": "POSIX", "LANG": "en_US.UTF-8"}, "en"),
        ("", "", {"LC_MESSAGES": "en_US", "LANG": "zh_CN"}, "en"),
        ("", "", {"LANG": "C.UTF-8"}, "zh"),
        ("", "", {}, "zh"),
    ],
)
def test_the_language_is_the_users_then_the_terminals(
    asked: str, setting: str, environment: dict[str, str], spoken: str
) -> None:
    assert choose(asked, setting, environment) == spoken


def test_settings_are_kept_whole_and_private(home: Path) -> None:
    path = settings_file()
    assert read_settings(path) == Settings()
    change_settings(path, language="en", zone="Asia/Shanghai", person='周"建国"')
    assert change_settings(path, theme="light") == read_settings(path)
    assert read_settings(path) == Settings("", "en", "light", "Asia/Shanghai", '周"建国"')
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert change_settings(path, language="").language == ""
    assert sorted(os.listdir(home / ".config/jiedai")) == ["settings.toml", "settings.toml.lock"]


def problems(text: str) -> list[str]:
    """What is said of a settings file, without the file's name."""
    path = settings_file()
    os.makedirs(os.path.dirname(path), exist_ok=True)
    Path(path).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SettingsErrors) as caught:
        read_settings(path)
    return [line.removeprefix(path) for line in caught.value.said(words("en"))]


def test_every_mistake_in_the_settings_is_said_with_its_line() -> None:
    said = problems('langauge = "en"\ntheme = "blue"\n\nzone = "Mars"\nstore = 5\n')
    assert [line[:3] for line in said] == [":1:", ":2:", ":4:", ":5:"]
    assert "did you mean language" in said[0]
    assert "dark, light" in said[1]
    assert "Asia/Shanghai" in said[2]


@pytest.mark.parametrize("text", ["language = ", 'store = "desk.db"', "\udcff", 'other = "x"', 'zone = "/etc/passwd"'])
def test_bad_settings_are_refused(text: str) -> None:
    assert len(problems(text)) == 1


def test_a_bad_settings_file_is_not_written_over() -> None:
    problems("theme = 1")
    with pytest.raises(SettingsErrors):
        change_settings(settings_file(), language="en")
    assert Path(settings_file()).read_text() == "theme = 1"


def cached() -> Path:
    """The cache file of the name `n`."""
    return Path(where.cache_folder()) / "n.cache"


def test_the_cache_gives_back_what_was_kept_under_the_same_key() -> None:
    assert cache.recall("n", ("a", 1)) is None
    cache.keep("n", ("a", 1), {"x": ["贵宾级"]})
    assert cache.recall("n", ("a", 1)) == {"x": ["贵宾级"]}
    assert cache.recall("n", ("a", 2)) is None
    assert stat.S_IMODE(os.stat(cached()).st_mode) == 0o600


def test_a_damaged_cache_is_ignored() -> None:
    cache.keep("n", ("a",), "value")
    whole = cached().read_bytes()
    for at in range(len(whole)):
        cached().write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        assert cache.recall("n", ("a",)) is None
        cached().write_bytes(whole[:at])
        assert cache.recall("n", ("a",)) is None


def test_a_cache_that_cannot_be_written_is_done_without(home: Path) -> None:
    (home / ".cache").write_text("in the way")
    cache.keep("n", ("a",), "value")
    assert cache.recall("n", ("a",)) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_screens_read_no_catalogue_a_second_time(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {key for area in areas(language) for key in sentences(language, area)}
    recall_sentences(Words(language))
    monkeypatch.setattr("tomllib.load", None)
    w = Words(language)
    recall_sentences(w)
    assert all(w.has(key) for key in known)


def test_a_file_is_known_by_path_time_and_size(home: Path) -> None:
    path = home / "f"
    assert cache.stamp(str(path)) is None
    path.write_text("a")
    before = cache.stamp(str(path))
    os.utime(path, ns=(1, 1))
    assert cache.stamp(str(path)) != before
    assert cache.program() == cache.program()


def test_an_incident_is_kept_privately_under_its_number() -> None:
    try:
        raise ValueError("secret \x1b]0;title\x07")
    except ValueError as error:
        number = incident.keep(error)
    log = Path(incident.log_path())
    assert number in log.read_text()
    assert "ValueError: secret" in log.read_text()
    assert "\x1b" not in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_an_incident_that_cannot_be_kept_still_has_a_number(home: Path) -> None:
    (home / ".local").write_text("in the way")
    assert incident.keep(ValueError("x")).endswith("?")
