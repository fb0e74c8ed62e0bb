"""Commands of the Calendar."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command("calendar.open", ("enter",), footer=True),
    Command("calendar.week", ("f4", "w"), footer=True),
    Command("calendar.earlier", ("left",)),
    Command("calendar.later", ("right",)),
    Command("calendar.go_to", ("f5", "g"), footer=True),
    Command("calendar.this_day", ("t",)),
    Command("calendar.new", ("n",)),
    Command("calendar.lanes", ("f7", "v")),
)
