"""The command line: every command with its words, its options and the module that does it; what was asked for, read
from the words (`parse`); the help.

Help texts are the catalogue keys `cli.command.<name>` and `cli.option.<name>`, words `cli.word.<word>`.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.frozen import record
from models.words import Phrase, Words, cell_len, clean, pad
from models.words.catalogue import LANGUAGES
from models.words.wrapping import wrap

# -- what there is -----------------------------------------------------------------------------------------------------


OPTIONS = {
    "json": None,
    "csv": None,
    "by": "AXIS",
    "for": "NAME",
    "visit": "NUMBER",
    "table": "TABLE",
    "on": "DATE",
    "changes": "DATE",
    "mine": None,
    "state": "STATE",
    "party": "PARTY",
    "from": "DATE",
    "to": "DATE",
    "person": "NAME",
    "verb": "VERB",
    "day": "DATE",
    "head": None,
    "since": "LINE",
    "fix": None,
    "people": "N",
    "all": None,
    "details": None,
    "phone": "PHONE",
    "login": "LOGIN",
    "post": "POST",
    "language": "zh|en",
    "until": "DATE",
    "off": "FINGERPRINT",
    "up-to": "TIER",
    "dry-run": None,
    "config": "POLICY",
    "store": "PATH",
    "as": "NAME",
    "lang": "zh|en",
    "version": None,
    "help": None,
}
"""Options without their dashes, in the order of the help; with the word for the value each takes, if any."""

OF_PEOPLE = ("phone", "login", "post", "language", "from", "until", "off", "up-to", "dry-run")
"""Options that say what is entered of a person."""
EVERYWHERE = ("lang", "version", "help")
OWN_FILES = ("config", "store")
"""Options that say which files are used."""


class Usage(Exception):
    """The command line cannot be understood (exit code 2); `phrase` says what is wrong and what is allowed."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(repr(phrase))
        self.phrase = phrase


@record
class ShellCommand:
    """`words` it takes, in order, those with `?` optional; `does` is `module:function` below `tui.cli`, a function
    that takes the call and returns the exit code. `afar`: the options it takes where an office is asked for it over SSH
    or by sudo, None for what is not to be asked for there."""

    name: str
    does: str
    words: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    afar: tuple[str, ...] | None = None

    @property
    def takes(self) -> tuple[str, ...]:
        """Every option it takes."""
        return (*self.options, *EVERYWHERE)


SCREENS = ShellCommand("", "screens:run_screens", (), ("config", "store", "as"))
"""What `jiedai` alone does."""

COMMANDS = {
    command.name: command
    for command in (
        ShellCommand(
            "standards",
            "standards_commands:run_standards",
            ("TIER?",),
            ("json", "table", "on", "changes", "config"),
            ("json", "table", "on", "changes"),
        ),
        ShellCommand("today", "day_commands:run_today", ("DATE?",), ("json", "config", "store"), ("json",)),
        ShellCommand(
            "handover",
            "day_commands:run_handover",
            ("DATE?",),
            ("json", "details", "config", "store", "as"),
            ("json", "details"),
        ),
        ShellCommand(
            "journal",
            "journal_commands:run_journal",
            (),
            ("json", "person", "visit", "verb", "day", "from", "to", "config", "store", "as"),
            ("json", "person", "visit", "verb", "day", "from", "to"),
        ),
        ShellCommand("muster", "day_commands:run_muster", (), ("json", "config", "store", "as"), ("json",)),
        ShellCommand(
            "visits",
            "day_commands:run_visits",
            (),
            ("json", "mine", "state", "from", "to", "config", "store", "as"),
            ("json", "mine", "state", "from", "to"),
        ),
        ShellCommand(
            "tasks",
            "day_commands:run_tasks",
            (),
            ("json", "mine", "party", "state", "from", "to", "config", "store", "as"),
            ("json", "mine", "party", "state", "from", "to"),
        ),
        ShellCommand(
            "stats",
            "stats_commands:run_stats",
            ("SPAN?",),
            ("json", "csv", "by", "config", "store", "as"),
            ("json", "csv", "by"),
        ),
        ShellCommand(
            "export",
            "paper_commands:run_export",
            ("EXPORT", "FILE?"),
            ("for", "visit", "from", "to", "config", "store", "as"),
            ("for", "visit", "from", "to"),
        ),
        ShellCommand("paper", "paper_commands:run_paper", ("PAPER", "NUMBER", "FILE?"), ("config", "store", "as"), ()),
        ShellCommand("check", "policy_commands:run_check", ("POLICY?",), ("fix", "json", "config")),
        ShellCommand("try", "policy_commands:run_trial", ("REQUEST",), ("json", "config"), ("json",)),
        ShellCommand("keys", "key_commands:run_keys", (), ("json",), ("json",)),
        ShellCommand("where", "policy_commands:run_where", (), ("json", "config", "store")),
        ShellCommand("demo", "demo:run_demo", ("COMMAND?",), ("people", "as")),
        ShellCommand("backup", "store_commands:run_backup", ("FILE",), ("store",)),
        ShellCommand("restore", "store_commands:run_restore", ("FILE",), ("store",)),
        ShellCommand(
            "verify", "store_commands:run_verify", (), ("json", "head", "since", "store"), ("json", "head", "since")
        ),
        ShellCommand(
            "people",
            "people_commands:run_people",
            ("WHAT?", "WHOM?", "VALUE?"),
            ("json", "all", *OF_PEOPLE, "config", "store", "as"),
        ),
        ShellCommand("ssh-keys", "office_commands:run_ssh_keys", (), ("store",)),
        ShellCommand("office", "office_commands:run_office", ("WHAT",)),
        ShellCommand("doctor", "office_commands:run_doctor", (), ("json", "config", "store")),
    )
}


@record
class Given:
    """What was asked for: the command, its words in order, its options (True for one without a value). `sample`: on the
    sample company, whose people, files and regulation it then has."""

    command: ShellCommand
    words: tuple[str, ...] = ()
    options: dict[str, str | bool] | None = None
    sample: bool = False

    @property
    def called(self) -> str:
        """The command as it was typed."""
        return f"demo {self.command.name}" if self.sample else self.command.name

    @property
    def takes(self) -> tuple[str, ...]:
        """Every option that may be given: the sample company has its own files, and anybody there may act."""
        if not self.sample:
            return self.command.takes
        return tuple(dict.fromkeys([*(each for each in self.command.takes if each not in OWN_FILES), "as"]))

    def option(self, name: str) -> str:
        """The value of an option, empty where it was not given."""
        value = (self.options or {}).get(name, "")
        return value if isinstance(value, str) else ""

    def has(self, name: str) -> bool:
        """Whether the option was given."""
        return name in (self.options or {})


# -- what was asked for ------------------------------------------------------------------------------------------------


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


# -- help --------------------------------------------------------------------------------------------------------------


INDENT = 2
LEFT = 24
"""Cells of the column with commands and options."""


def help_text(command: ShellCommand, w: Words, width: int) -> str:
    """What the command does, its words and options; for the screens (`jiedai` alone) every command too."""
    usage = " ".join(["jiedai", *_usage(command, w)])
    parts = [wrap(f"{w('cli.usage')} {usage}", width), [""], wrap(w(f"cli.command.{command.name or 'screens'}"), width)]
    if command is SCREENS:
        parts += [["", w("cli.commands")]]
        parts += [_row(_shown(each, w), w(f"cli.command.{each.name}"), width) for each in COMMANDS.values()]
    parts += [["", w("cli.options")]]
    parts += [_row(_option(name, w), w(f"cli.option.{name}"), width) for name in OPTIONS if name in command.takes]
    if command is SCREENS:
        parts += [[""], wrap(w("cli.exit_codes"), width)]
    return "\n".join(line for part in parts for line in part)


def _row(left: str, text: str, width: int) -> list[str]:
    head = " " * INDENT + left
    told = wrap(text, width - LEFT)
    if cell_len(head) >= LEFT:
        return [head, *(" " * LEFT + line for line in told)]
    return [pad(head, LEFT) + told[0], *(" " * LEFT + line for line in told[1:])]


def _usage(command: ShellCommand, w: Words) -> list[str]:
    if command is SCREENS:
        return [f"[{w('cli.word.COMMAND')}]", f"[{w('cli.word.OPTIONS')}]"]
    return [_shown(command, w), f"[{w('cli.word.OPTIONS')}]"]


def _shown(command: ShellCommand, w: Words) -> str:
    words = []
    for word in command.words:
        said = w(f"cli.word.{word.rstrip('?')}")
        words.append(f"[{said}]" if word.endswith("?") else said)
    return " ".join([command.name, *words])


def _option(name: str, w: Words) -> str:
    value = OPTIONS[name]
    if value is None:
        return f"--{name}"
    return f"--{name} {value if '|' in value else w(f'cli.word.{value}')}"
