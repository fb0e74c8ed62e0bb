"""The words of a command line as a `Given`; argparse splits them, what is wrong is said by the catalogue."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from models.words import Phrase, clean
from models.words.catalogue import LANGUAGES
from tui.cli.commands import COMMANDS, OPTIONS, SCREENS, Command, Given, Usage


def parse(argv: Sequence[str]) -> Given:
    """What is asked for. Raises Usage for a word or option nobody knows, one missing, or one too many."""
    if list(argv) == ["-h"]:
        argv = ["--help"]
    options, words = _split(argv)
    command = _command(words[0]) if words else SCREENS
    given = Given(command, tuple(words[1:]), options)
    if not given.has("help") and not given.has("version"):
        _fits(given)
    return given


def _split(argv: Sequence[str]) -> tuple[dict[str, str | bool], list[str]]:
    """Options by name, and everything else in order."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for name, value in OPTIONS.items():
        short = ["-h"] if name == "help" else []
        if value is None:
            parser.add_argument(*short, f"--{name}", action="store_true", default=argparse.SUPPRESS)
        else:
            parser.add_argument(f"--{name}", default=argparse.SUPPRESS)
    end = list(argv).index("--") if "--" in argv else len(argv)
    try:
        found, rest = parser.parse_known_args(list(argv[:end]))
    except argparse.ArgumentError as error:
        raise Usage(_misused(error.argument_name or "")) from None
    for word in rest:
        if word.startswith("-") and not word[1:].isdecimal() and word != "-":  # `today -3` is a day
            raise Usage(_unknown("option", word.split("=")[0], [f"--{name}" for name in OPTIONS]))
    return vars(found), [*rest, *argv[end + 1 :]]


def _misused(argument: str) -> Phrase:
    option = argument.split("/")[-1]
    needs = OPTIONS.get(option.removeprefix("--")) is not None
    return Phrase("cli.value_missing" if needs else "cli.value_unwanted", {"option": option})


def _command(word: str) -> Command:
    if word not in COMMANDS:
        raise Usage(_unknown("command", word, list(COMMANDS)))
    return COMMANDS[word]


def _unknown(what: str, word: str, known: list[str]) -> Phrase:
    from difflib import get_close_matches

    names = {name.lstrip("-"): name for name in known}
    near = [names[name] for name in get_close_matches(word.lower().lstrip("-"), names, n=1, cutoff=0.5)]
    facts = {"word": clean(word), "near": near[0] if near else "", "known": " ".join(known)}
    return Phrase(f"cli.unknown_{what}_near" if near else f"cli.unknown_{what}", facts)


def _fits(given: Given) -> None:
    command = given.command
    for name in given.options or {}:
        if name not in command.takes:
            facts = {"option": f"--{name}", "command": command.name, "known": _listed(command)}
            raise Usage(Phrase("cli.not_here" if command.name else "cli.not_here_alone", facts))
    needed = [word for word in command.words if not word.endswith("?")]
    if len(given.words) < len(needed):
        missing = needed[len(given.words)]
        raise Usage(Phrase("cli.word_missing", {"command": command.name, "word": Phrase(f"cli.word.{missing}")}))
    if len(given.words) > len(command.words):
        extra = clean(given.words[len(command.words)])
        raise Usage(Phrase("cli.word_unwanted", {"command": command.name, "word": extra}))
    language = given.option("lang")
    if given.has("lang") and language not in LANGUAGES:
        raise Usage(Phrase("cli.language", {"word": clean(language)}))


def _listed(command: Command) -> str:
    return " ".join(f"--{name}" for name in command.takes)
