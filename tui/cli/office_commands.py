"""Commands for whoever looks after the machine of an office."""

from __future__ import annotations

import sys

from models.queries.plain_lists import keys_in_use
from models.words import Phrase, clean
from tui.cli.call import Call, store
from tui.cli.command_line import Usage
from tui.cli.out import give
from tui.office.files import FILES, program, usual

LINE = 'restrict,pty,command="exec {program} --key {key}" {line} {name}'


def run_ssh_keys(call: Call) -> int:
    """Print a line of a key file for each key that somebody is known by, with its forced command."""
    with store(call):
        found = keys_in_use()
    give([LINE.format(program=program(), key=key, line=line, name=name) for key, line, name in found])
    return 0


def run_office(call: Call) -> int:
    """Print a file that makes the machine an office, as its settings say, or as a new one's would. Raises Usage."""
    what = call.word()
    if what not in FILES:
        raise Usage(Phrase("cli.office_what", {"word": clean(what), "known": ", ".join(FILES)}))
    sys.stdout.write(FILES[what](call.entry.settings if call.entry is not None else usual()))
    return 0
