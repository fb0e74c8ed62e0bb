"""Commands of the screen `lanes`, in the order of its F2 menu."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command("lanes.open", ("enter",), footer=True),
    Command("lanes.earlier", ("left",)),
    Command("lanes.later", ("right",), footer=True),
    Command("lanes.go_to", ("f5", "g"), footer=True),
    Command("lanes.this_day", ("t",)),
)
