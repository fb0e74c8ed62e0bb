"""Commands for whoever looks after the machine of an office."""

from __future__ import annotations

import sys

from models.policy.model import PolicyErrors
from models.queries.plain_lists import keys_in_use
from models.words import Phrase, clean, pad
from models.words.wrapping import hanging
from tui.cli.call import Call, store, versions_in_use
from tui.cli.command_line import Usage
from tui.cli.out import give, give_json
from tui.office.doctor import BAD, WELL, Health, machine, said
from tui.office.system_files import FILES, program, usual
from tui.where import store_file

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


def run_doctor(call: Call) -> int:
    """Look at the machine and the policy; 1 where something is wrong, with what to do about it."""
    found = [*machine(call.settings, store_file(call.given.option("store"), call.settings.store)[0]), _policy(call)]
    if call.json:
        give_json([_plain(call, each) for each in found])
    else:
        give(line for each in found for line in _said(call, each))
    return 1 if any(each.state == BAD for each in found) else 0


def _policy(call: Call) -> Health:
    path = call.policy_file()
    try:
        versions = versions_in_use(call)
    except PolicyErrors as errors:
        return said("policy", BAD, cure="policy", path=path, n=len(errors.problems))
    return said("policy", WELL, path=path, n=len(versions))


def _said(call: Call, found: Health) -> list[str]:
    w = call.w
    head = f"{pad(w(f'doctor.{found.state}'), 8)}{pad(w(f'doctor.{found.what}'), 12)}"
    cure = hanging(f"{'':20}-> ", w.text(found.cure)) if found.cure is not None else []
    return [*hanging(head, w.text(found.said)), *cure]


def _plain(call: Call, found: Health) -> dict[str, str | None]:
    cure = call.w.text(found.cure) if found.cure is not None else None
    return {"what": found.what, "state": found.state, "said": call.w.text(found.said), "cure": cure}
