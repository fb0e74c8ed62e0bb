"""One call from its words to its exit code."""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from models.errors import Refused
from models.words import words
from tui.cli.call import Call
from tui.cli.command_line import Usage, help_text, parse
from tui.cli.out import give, tell
from tui.clock import clock_of
from tui.language import choose
from tui.settings import Settings, SettingsErrors, read_settings
from tui.version import VERSION
from tui.where import settings_file, store_file

if TYPE_CHECKING:
    from models.services.session import Clock
    from tui.office.entrance import Entry

DONE, REFUSED, MISUSED, INTERRUPTED = 0, 1, 2, 130


def run_in_office(argv: Sequence[str]) -> int:
    """`run` for whoever comes in where several people share one machine; whom nobody vouches for is refused."""
    from tui.office.entrance import enter
    from tui.office.slots import take

    w = words(choose("", "", os.environ))
    try:
        entry, asked = enter(argv)
        if entry is not None and entry.person is not None:
            settings = entry.settings
            w = words(choose("", entry.language or settings.language, os.environ))
            store = store_file("", settings.store)[0]
            take(store, entry.person, settings.sessions_each, settings.sessions)
    except SettingsErrors as errors:
        return _told(errors.said(w), MISUSED)
    except Refused as refused:
        return _told([w.text(refused.phrase)], REFUSED)
    return run(asked, entry=entry)


def run(argv: Sequence[str], clock: Clock | None = None, entry: Entry | None = None) -> int:
    """Do what `argv` (without the program's name) asks for; the exit code. `clock` stands in for the real one, `entry`
    says who came in to an office.

    What is refused or misused is said on stderr; any other error is the caller's to catch.
    """
    try:
        settings = entry.settings if entry is not None else read_settings(settings_file())
    except SettingsErrors as errors:
        return _told(errors.said(words(_language(argv, Settings()))), MISUSED)
    if entry is not None and entry.language:
        settings = replace(settings, language=entry.language)
    w = words(_language(argv, settings))
    try:
        given = parse(argv)
    except Usage as usage:
        return _told([w.text(usage.phrase), w("cli.see_help")], MISUSED)
    if given.has("version"):
        give(f"jiedai {VERSION}")
        return DONE
    if given.has("help"):
        give(help_text(given.command, w, _width()))
        return DONE
    return _done(Call(given, settings, w, clock or clock_of(settings.zone), entry))


def _done(call: Call) -> int:
    from models.policy.model import PolicyErrors

    module, _, function = call.given.command.does.partition(":")
    does = getattr(importlib.import_module(f"tui.cli.{module}"), function)
    try:
        return int(does(_placed(call)))
    except Usage as usage:
        return _told([call.w.text(usage.phrase)], MISUSED)
    except PolicyErrors as errors:
        return _told(errors.said(call.w), MISUSED)
    except SettingsErrors as errors:
        return _told(errors.said(call.w), MISUSED)
    except Refused as refused:
        return _told([call.w.text(refused.phrase)], REFUSED)


def _placed(call: Call) -> Call:
    """The call where it is to be done: on the files in use, or on the sample company."""
    if not call.given.sample:
        return call
    from tui.cli.demo import on_sample

    return on_sample(call)


def _told(lines: Sequence[str], code: int) -> int:
    for line in lines:
        tell(line)
    return code


def _language(argv: Sequence[str], settings: Settings) -> str:
    """The language, known before anything else so that whatever is wrong can be said in it."""
    asked = ""
    for at, word in enumerate(argv):
        if word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
        elif word == "--lang" and at + 1 < len(argv):
            asked = argv[at + 1]
    return choose(asked, settings.language, os.environ)


def _width() -> int:
    return min(100, max(60, shutil.get_terminal_size().columns))
