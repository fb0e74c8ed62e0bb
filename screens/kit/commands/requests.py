"""Commands of Requests."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command("requests.open", ("enter",), footer=True),
    Command("requests.new", ("f4", "n"), footer=True),
    Command("requests.urge", ("f5", "u"), footer=True),
    Command("requests.copy", ("c",)),
    Command("requests.withdraw", ("w",)),
    Command("requests.discard", ("delete",)),
    Command("requests.mine", ("left", "right", "m"), footer=True),
)
