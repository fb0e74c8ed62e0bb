"""`jiedai keys`: every key of every screen, from the registry of commands."""

from __future__ import annotations

import importlib.util
import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from models.words import Words, cell_len, pad, words
from models.words.wrapping import hanging
from screens.kit.commands import BY_SCREEN, Command, key_label
from tui.cli.out import give

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.cli.call import Call
    from tui.cli.quick import Answers

_TABS = frozenset(command.opens for command in BY_SCREEN["app"])
"""Places that are no tab have their names in the catalogue of keys."""


def run_keys(call: Call) -> int:
    """Print the keys of all screens."""
    give(answers(call.w.language, call.json)["texts"][""])
    return 0


def answers(language: str, as_json: bool) -> Answers:
    """What `jiedai keys` prints."""
    w = words(language)
    shown = {where: [each for each in commands if _there(each)] for where, commands in BY_SCREEN.items()}
    if as_json:
        rows = [_plain(each, w) for commands in shown.values() for each in commands]
        return {"names": {}, "texts": {"": json.dumps(rows, ensure_ascii=False, indent=2)}}
    parts = [
        [name, *_lines(found, w)] for where, commands in shown.items() for name, found in sections(where, commands, w)
    ]
    return {"names": {}, "texts": {"": "\n\n".join("\n".join(part) for part in parts)}}


def sections(where: str, commands: Iterable[Command[Any]], w: Words) -> Iterator[tuple[str, list[Command[Any]]]]:
    """The commands of a screen by where they apply: on one tab of it, or everywhere on it."""
    for parts, found in groupby(commands, key=lambda command: command.parts):
        tabs = " / ".join(w(f"{where}.tab.{part}") for part in parts)
        yield _place(where, w) + (f": {tabs}" if tabs else ""), list(found)


def _there(command: Command[Any]) -> bool:
    """Whether what the command opens is built."""
    return not command.opens or importlib.util.find_spec(f"screens.{command.opens}") is not None


def _place(where: str, w: Words) -> str:
    return w(f"commands.app.{where}_tab.name" if where in _TABS else f"keys.{where}")


def _lines(commands: Iterable[Command[Any]], w: Words) -> Iterator[str]:
    names = {command: w(f"commands.{command.id}.name") for command in commands}
    width = max(map(cell_len, names.values()))
    for command, name in names.items():
        keys = " ".join(key_label(key, w) for key in command.keys) or w("keys.menu_only")
        yield from hanging(f"  {pad(keys, 12)}  {pad(name, width)}  ", w(f"commands.{command.id}.help"))


def _plain(command: Command[Any], w: Words) -> dict[str, object]:
    return {
        "id": command.id,
        "where": command.where,
        "keys": list(command.keys),
        "name": w(f"commands.{command.id}.name"),
        "help": w(f"commands.{command.id}.help"),
    }
