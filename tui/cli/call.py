"""One call of the command line, and what its command may ask for: policy, store, desk."""

from __future__ import annotations

import os
import pwd
from typing import TYPE_CHECKING

from models.frozen import record
from models.words import Phrase, Words, clean
from tui.cli.commands import Given, Usage
from tui.settings import Settings
from tui.where import policy_file, store_file, versions_folder

if TYPE_CHECKING:
    from models.policy.model import Policy
    from models.services.session import Clock
    from tui.office.entrance import Entry


@record
class Call:
    """What was given, the settings, the reader's words, and the clock; `entry`: who came in to an office."""

    given: Given
    settings: Settings
    w: Words
    clock: Clock
    entry: Entry | None = None

    @property
    def office(self) -> bool:
        """Whether somebody of an office is at work, who is nobody else and whose rights hold."""
        return self.entry is not None and self.entry.person is not None

    @property
    def login(self) -> str:
        """By what the operating system knows who is at work; for the journal."""
        return self.entry.login if self.entry is not None else login()

    @property
    def json(self) -> bool:
        """Whether `--json` was given."""
        return self.given.has("json")

    def word(self, at: int = 0) -> str:
        """The command's word at that place, empty where it was not given."""
        return self.given.words[at] if at < len(self.given.words) else ""

    def policy_file(self) -> str:
        """The policy in use: a file, or a folder of versions."""
        return policy_file(self.given.option("config"), os.environ)[0]

    def versions_folder(self) -> str:
        """Where another version of the policy in use is written; empty where it cannot be."""
        return versions_folder(*policy_file(self.given.option("config"), os.environ))

    def store_file(self) -> str:
        """The store in use. Raises Usage for an address: only files are stores so far."""
        store = store_file(self.given.option("store"), self.settings.store)[0]
        if "://" in store:
            raise Usage(Phrase("cli.store_address", {"store": clean(store)}))
        return store


def policy_in_use(call: Call) -> Policy:
    """The version in force today. Raises PolicyErrors."""
    from models.policy.load import version_on

    return version_on(versions_in_use(call), call.clock().date())


def versions_in_use(call: Call) -> tuple[Policy, ...]:
    """The checked versions of the policy in use, newest first, at least one. Raises PolicyErrors."""
    from models.policy.load import load_versions

    return load_versions(call.policy_file())


def login() -> str:
    """Who the machine's register of users says is at work, whatever the environment says; for the journal."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
