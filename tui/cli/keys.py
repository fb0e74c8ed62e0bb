"""`jiedai keys`: every key of every screen, from the registry of commands."""

from __future__ import annotations

import importlib.util
import json
from typing import TYPE_CHECKING

from models.words import Words, pad, words
from screens.kit.commands import BY_SCREEN, Command
from screens.kit.keys import key_label
from tui.cli.out import give
from tui.cli.wrap import hanging

if TYPE_CHECKING:
    from tui.cli.call import Call
    from tui.cli.quick import Answers

_TABS = frozenset(command.opens for command in BY_SCREEN["app"])
"""Places that are no tab have their names in the catalogue of keys."""


def run(call: Call) -> int:
    """Print the keys of all screens."""
    give(answers(call.w.language, call.json)["texts"][""])
    return 0


def answers(language: str, as_json: bool) -> Answers:
    """What `jiedai keys` prints."""
    w = words(language)
    shown = [(where, [each for each in commands if _there(each)]) for where, commands in BY_SCREEN.items()]
    if as_json:
        rows = [_plain(each, w) for _, commands in shown for each in commands]
        return {"names": {}, "texts": {"": json.dumps(rows, ensure_ascii=False, indent=2)}}
    parts = [
        [_place(where, w), *(line for each in found for line in _lines(each, w))] for where, found in shown if found
    ]
    return {"names": {}, "texts": {"": "\n\n".join("\n".join(part) for part in parts)}}


def _there(command: Command) -> bool:
    """Whether what the command opens is built."""
    return not command.opens or importlib.util.find_spec(f"screens.{command.opens}") is not None


def _place(where: str, w: Words) -> str:
    return w(f"kit.tab.{where}") if where in _TABS else w(f"keys.{where}")


def _part(where: str, commands: list[Command], w: Words) -> list[str]:
    return [_place(where, w), *(line for command in commands for line in _lines(command, w))]


def _lines(command: Command, w: Words) -> list[str]:
    keys = " ".join(key_label(key, w) for key in command.keys) or w("keys.menu_only")
    head = f"  {pad(keys, 12)}  {pad(w(f'commands.{command.id}.name'), 22)}  "
    return hanging(head, w(f"commands.{command.id}.help"))


def _plain(command: Command, w: Words) -> dict[str, object]:
    return {
        "id": command.id,
        "where": command.where,
        "keys": list(command.keys),
        "name": w(f"commands.{command.id}.name"),
        "help": w(f"commands.{command.id}.help"),
    }
