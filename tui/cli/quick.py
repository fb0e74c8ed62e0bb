"""`jiedai standards` and `jiedai keys` from what was worked out before where nothing has changed.

Everything this module imports at its top is paid for by each look-up from a shell: keep it to `os` and the like.
"""

from __future__ import annotations

import os
import sys
import time

from models.words.catalogue import LANGUAGES
from tui.cache import keep, program, recall, stamp
from tui.language import choose
from tui.where import policy_file, settings_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Answers = dict[str, dict[str, str]]
    """`texts` to print by what was asked for, "" for all; `names` by which that may be called, lower case; `until`
    where another version of the policy comes into force: the second from which on this is no longer so."""

_VALUES = {"standards": ("lang", "config"), "keys": ("lang",)}


def answer(argv: Sequence[str]) -> int | None:
    """Answer and return 0; None where the slow way must, because something is unusual, unknown or wrong."""
    options = _options(argv)
    language = _language(options) if options is not None else None
    if options is None or language is None:
        return None
    path = policy_file(options.get("config", ""), os.environ)[0] if argv[0] == "standards" else ""
    answers = _answers(argv[0], language, "json" in options, path)
    if answers is None:
        return None
    word = options.get("", "").casefold()
    text = answers["texts"].get(answers["names"].get(word, word))
    if text is None:
        return None
    sys.stdout.write(text + "\n")
    return 0


def _options(argv: Sequence[str]) -> dict[str, str] | None:
    """Options by name, the one word under ""; None for anything that is not plainly right."""
    found: dict[str, str] = {}
    words = iter(argv[1:])
    for word in words:
        name, equals, value = word.removeprefix("--").partition("=")
        if word == "--json":
            value = word
        elif not word.startswith("-") and word and argv[0] == "standards":
            name, value = "", word
        elif not word.startswith("--") or name not in _VALUES[argv[0]]:
            return None
        elif not equals:
            value = next(words, "")
        if name in found or not value:
            return None
        found[name] = value
    return found


def _language(options: dict[str, str]) -> str | None:
    """The language to answer in; None where that must be looked into."""
    asked = options.get("lang", "")
    if "lang" in options and asked not in LANGUAGES:
        return None
    setting = _language_set()
    return None if setting is None else choose(asked, setting, os.environ)


def _language_set() -> str | None:
    """The settings' language; None where they cannot be used."""
    path = settings_file()
    if not os.path.exists(path):
        return ""
    key = (program(), stamp(path))
    known = recall("settings", key)
    if isinstance(known, str):
        return known
    from tui.settings import SettingsErrors, read_settings

    try:
        language = read_settings(path).language
    except SettingsErrors:
        return None
    keep("settings", key, language)
    return language


def _answers(command: str, language: str, as_json: bool, path: str) -> Answers | None:
    name = f"{command}-{language}{'-json' if as_json else ''}"
    now = stamp(path) if path else ("", 0, 0)
    if now is None:
        return None
    dated = stamp(settings_file()) if len(now) > 3 else None  # the zone says when a version of a folder begins
    key = (program(), now, dated)
    known: Answers | None = recall(name, key)
    if known is not None and "until" in known and time.time() >= float(known["until"][""]):
        known = None
    if known is None:
        known = _worked_out(command, language, as_json, path)
        if known is not None and now == (stamp(path) if path else now):
            keep(name, key, known)
    return known


def _worked_out(command: str, language: str, as_json: bool, path: str) -> Answers | None:
    if command == "keys":
        from tui.cli.key_commands import answers as key_answers

        return key_answers(language, as_json)
    from models.policy.model import PolicyErrors
    from tui.cli.standards_commands import answers

    try:
        return answers(language, as_json, path)
    except PolicyErrors:
        return None
