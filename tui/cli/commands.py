"""Every command of the command line: its words, its options, the module that does it.

Help texts are the catalogue keys `cli.command.<name>` and `cli.option.<name>`, words `cli.word.<word>`.
"""

from __future__ import annotations

from models.frozen import record
from models.words import Phrase

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
    "head": None,
    "since": "LINE",
    "fix": None,
    "people": "N",
    "all": None,
    "phone": "PHONE",
    "login": "LOGIN",
    "post": "POST",
    "language": "zh|en",
    "until": "DATE",
    "off": "FINGERPRINT",
    "config": "POLICY",
    "store": "PATH",
    "as": "NAME",
    "lang": "zh|en",
    "version": None,
    "help": None,
}
"""Options without their dashes, in the order of the help; with the word for the value each takes, if any."""

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
            "standards:run_standards",
            ("TIER?",),
            ("json", "table", "on", "changes", "config"),
            ("json", "table", "on", "changes"),
        ),
        ShellCommand("today", "day_commands:run_today", ("DATE?",), ("json", "config", "store"), ("json",)),
        ShellCommand("handover", "day_commands:run_handover", ("DATE?",), ("json", "config", "store", "as"), ("json",)),
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
            "stats:run_stats",
            ("SPAN?",),
            ("json", "csv", "by", "config", "store", "as"),
            ("json", "csv", "by"),
        ),
        ShellCommand(
            "export",
            "export_commands:run_export",
            ("EXPORT", "FILE?"),
            ("for", "visit", "from", "to", "config", "store", "as"),
            ("for", "visit", "from", "to"),
        ),
        ShellCommand("check", "policy_commands:run_check", ("POLICY?",), ("fix", "json", "config")),
        ShellCommand("try", "policy_commands:run_trial", ("REQUEST",), ("json", "config"), ("json",)),
        ShellCommand("keys", "keys:run_keys", (), ("json",), ("json",)),
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
            ("json", "all", "phone", "login", "post", "language", "from", "until", "off", "config", "store", "as"),
        ),
        ShellCommand("ssh-keys", "office_commands:run_ssh_keys", (), ("store",)),
        ShellCommand("office", "office_commands:run_office", ("WHAT",)),
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
