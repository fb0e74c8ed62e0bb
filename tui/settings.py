"""The settings of an installation and a person: `settings.toml`, read and checked, written by the program.

The policy (`config.toml`) is never written; these are, whole and atomically.
"""

from __future__ import annotations

import os
import re
from typing import Any

from models.frozen import record
from models.policy.model import Problem, first_said
from models.words import Phrase, Words, clean
from models.words.catalogue import LANGUAGES

THEMES = ("dark", "light")
LARGEST = 20_000
"""Characters of a file: there are a few short settings."""


@record
class Settings:
    """`store` a file or address, empty: in one's own data folder; `language` zh or en, empty: as the terminal says;
    `theme` dark or light; `zone` of the organisation, empty: the machine's; `person` who acted last.

    Of an office: `account` that owns the store; `idle_minutes` without a key after which a session ends; the most
    `sessions` at once, and `sessions_each` of one person."""

    store: str = ""
    language: str = ""
    theme: str = ""
    zone: str = ""
    person: str = ""
    account: str = ""
    idle_minutes: int = 30
    sessions: int = 60
    sessions_each: int = 4


NUMBERS = {"idle_minutes": (1, 1440), "sessions": (1, 1000), "sessions_each": (1, 100)}
"""The least and the most of a setting that is a number."""
_OFFICE = ("account", *NUMBERS)
KEYS = tuple(name for name in Settings.__annotations__ if name not in _OFFICE)
OFFICE_KEYS = ("account", "store", "language", "zone", *NUMBERS)
"""What the file for everybody on a machine may say."""


class SettingsErrors(Exception):
    """A settings file that cannot be used; `problems` has all of it, `path` is the file's."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        super().__init__(f"{path}: {len(problems)} problems")
        self.path = path
        self.problems = problems

    def said(self, w: Words) -> list[str]:
        """One line of text for each problem; of very many the first, and how many more there are."""
        return first_said(self.problems, w, self.path)


def read_settings(path: str, *, office: bool = False) -> Settings:
    """The settings in the file, or the usual ones where there is none; `office`: those for everybody on the machine,
    which name an account. Raises SettingsErrors."""
    try:
        if os.path.exists(path) and not os.path.isfile(path):  # reading a pipe would wait for ever
            raise _failed(path, Phrase("settings.no_file"))
        with open(path, encoding="utf-8") as file:
            text = file.read(LARGEST + 1)
    except FileNotFoundError:
        return Settings()
    except UnicodeDecodeError:
        raise _failed(path, Phrase("settings.not_text")) from None
    except OSError as error:
        raise _failed(path, Phrase("settings.unreadable", {"why": str(error.strerror)})) from None
    if len(text) > LARGEST:
        raise _failed(path, Phrase("settings.too_large", {"most": LARGEST // 1000}))
    return _checked(path, text, office)


def change_settings(path: str, **changes: str) -> Settings:
    """Write the settings with these changes, atomically and one writer at a time; what stands there now.

    Keys are those of `Settings`. Raises SettingsErrors (for a bad file, nothing is written) and OSError.
    """
    import fcntl
    from dataclasses import asdict, replace

    import tomli_w

    path = os.path.realpath(path)  # where it is a link its target is written
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    with open(os.open(path + ".lock", os.O_RDWR | os.O_CREAT, 0o600), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        settings: Settings = replace(read_settings(path), **dict[str, Any](changes))
        table = {key: value for key, value in asdict(settings).items() if key in KEYS and value}
        text = tomli_w.dumps(table)
        _checked(path, text)
        _replace_file(path, text)
    return settings


def _replace_file(path: str, text: str) -> None:
    from models.disk import sync, write_file

    fresh = path + ".new"
    write_file(fresh, text, 0o600)
    os.replace(fresh, path)
    sync(os.path.dirname(path))


def _checked(path: str, text: str, office: bool = False) -> Settings:
    import tomllib

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _failed(path, Phrase("settings.syntax", {"why": str(error)})) from None
    problems = [
        Problem(_line_of(key, text), key, phrase)
        for key, value in table.items()
        if (phrase := _wrong(key, value, OFFICE_KEYS if office else KEYS))
    ]
    if office and "account" not in table:
        problems.append(Problem(0, "account", Phrase("settings.account_missing")))
    if problems:
        raise SettingsErrors(path, problems)
    return Settings(**table)


def _line_of(key: str, text: str) -> int:
    """The line of a key of this flat file; 0 where it is written in some unusual way."""
    starts = [number for number, line in enumerate(text.splitlines(), 1) if line.lstrip().strip("\"'").startswith(key)]
    return starts[0] if starts else 0


def _failed(path: str, phrase: Phrase) -> SettingsErrors:
    return SettingsErrors(path, [Problem(0, "", phrase)])


def _wrong(key: str, value: object, keys: tuple[str, ...]) -> Phrase | None:
    """What is wrong with one key, None if nothing is."""
    if key not in keys:
        from difflib import get_close_matches

        near = get_close_matches(key, keys, n=1, cutoff=0.5)
        facts = {"key": clean(key), "keys": ", ".join(keys), "near": near[0] if near else ""}
        return Phrase("settings.unknown_near" if near else "settings.unknown", facts)
    if key in NUMBERS:
        low, high = NUMBERS[key]
        fits = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return None if fits else Phrase("settings.number", {"value": clean(str(value)), "low": low, "high": high})
    if not isinstance(value, str):
        return Phrase("settings.not_string", {"value": clean(str(value))})
    allowed = {"language": LANGUAGES, "theme": THEMES}.get(key, ())
    if allowed and value not in allowed:
        return Phrase("settings.not_allowed", {"value": clean(value), "allowed": ", ".join(allowed)})
    if key == "zone" and not _is_zone(value):
        return Phrase("settings.zone", {"value": clean(value)})
    if key == "account" and not _ACCOUNT.fullmatch(value):
        return Phrase("settings.account", {"value": clean(value)})
    if key == "store" and not _is_store(value):
        return Phrase("settings.store", {"value": clean(value)})
    return None


_ACCOUNT = re.compile(r"[A-Za-z_][A-Za-z0-9_.@-]{0,63}")


def _is_zone(name: str) -> bool:
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_store(value: str) -> bool:
    return (os.path.isabs(value) or value.startswith("~")) and "\0" not in value
