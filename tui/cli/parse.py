"""The words of a command line as a `Given`; what is wrong is said by the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from models.words import Phrase, clean
from models.words.catalogue import LANGUAGES
from tui.cli.commands import COMMANDS, OPTIONS, SCREENS, Given, ShellCommand, Usage


def parse(argv: Sequence[str]) -> Given:
    """What is asked for. Raises Usage for a word or option nobody knows, one missing, or one too many."""
    options, words = _split(argv)
    command = _command(words[0]) if words else SCREENS
    sample = command.name == "demo" and len(words) > 1
    if sample:
        del words[0]
        command = _on_sample(words[0])
    given = Given(command, tuple(words[1:]), options, sample)
    if not given.has("help") and not given.has("version"):
        _fits(given)
    return given


def _split(argv: Sequence[str]) -> tuple[dict[str, str | bool], list[str]]:
    """Options by name, and everything else in order; after `--` there are no options."""
    options: dict[str, str | bool] = {}
    words: list[str] = []
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        if word == "--":
            return options, [*words, *rest]
        option, equals, value = ("--help" if word == "-h" else word).partition("=")
        name = option.removeprefix("--")
        if not _is_option(word):
            words.append(word)
        elif option == name or name not in OPTIONS:
            raise Usage(_unknown("option", option, [f"--{known}" for known in OPTIONS]))
        elif OPTIONS[name] is None:
            if equals:
                raise Usage(Phrase("cli.value_unwanted", {"option": option}))
            options[name] = True
        elif not equals and (not rest or _is_option(rest[0])):
            raise Usage(Phrase("cli.value_missing", {"option": option}))
        else:
            options[name] = value if equals else rest.pop(0)
    return options, words


def _is_option(word: str) -> bool:
    """`today -3` is a day, and `backup -` writes to standard output."""
    return word.startswith("-") and word != "-" and not word[1:].isdecimal()


def _command(word: str) -> ShellCommand:
    if word not in COMMANDS:
        raise Usage(_unknown("command", word, list(COMMANDS)))
    return COMMANDS[word]


def _on_sample(word: str) -> ShellCommand:
    if word == "demo":
        raise Usage(Phrase("cli.word_unwanted", {"command": "demo", "word": word}))
    return _command(word)


def _unknown(what: str, word: str, known: list[str]) -> Phrase:
    from difflib import get_close_matches

    names = {name.lstrip("-"): name for name in known}
    near = [names[name] for name in get_close_matches(word.lower().lstrip("-"), names, n=1, cutoff=0.5)]
    facts = {"word": clean(word), "near": near[0] if near else "", "known": " ".join(known)}
    return Phrase(f"cli.unknown_{what}_near" if near else f"cli.unknown_{what}", facts)


def _fits(given: Given) -> None:
    command = given.command
    for name in given.options or {}:
        if name not in given.takes:
            facts = {"option": f"--{name}", "command": given.called, "known": _listed(given)}
            raise Usage(Phrase("cli.not_here" if command.name else "cli.not_here_alone", facts))
    needed = [word for word in command.words if not word.endswith("?")]
    if len(given.words) < len(needed):
        missing = needed[len(given.words)]
        raise Usage(Phrase("cli.word_missing", {"command": given.called, "word": Phrase(f"cli.word.{missing}")}))
    if len(given.words) > len(command.words):
        extra = clean(given.words[len(command.words)])
        raise Usage(Phrase("cli.word_unwanted", {"command": given.called, "word": extra}))
    language = given.option("lang")
    if given.has("lang") and language not in LANGUAGES:
        raise Usage(Phrase("cli.language", {"word": clean(language)}))


def _listed(given: Given) -> str:
    return " ".join(f"--{name}" for name in given.takes)
