"""Commands for whoever looks after the machine of an office."""

from __future__ import annotations

import os
import sys

from models.queries.plain_lists import keys_in_use
from tui.cli.asked import store
from tui.cli.call import Call
from tui.cli.out import give

LINE = 'restrict,pty,command="exec {program} --key {key}" {line} {name}'


def run_ssh_keys(call: Call) -> int:
    """Print a line of a key file for each key that somebody is known by, with its forced command."""
    with store(call):
        found = keys_in_use()
    give([LINE.format(program=program(), key=key, line=line, name=name) for key, line, name in found])
    return 0


def program() -> str:
    """The whole path of this program, as it is installed."""
    return os.path.join(sys.prefix, "bin", "jiedai")
