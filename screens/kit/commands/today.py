"""Commands of Today."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command("today.open", ("enter",), footer=True),
    Command("today.next_state", ("space",), footer=True),
    Command("today.take_back", ("backspace", "z")),
    Command("today.delay", ("d",)),
    Command("today.note", ("o",)),
    Command("today.change", ("f8", "e"), footer=True),
    Command("today.telling", ("f7", "w")),
    Command("today.handover", ("f9", "h")),
    Command("today.no_show"),
    Command("today.new", ("n",)),
    Command("today.earlier", ("left",)),
    Command("today.later", ("right",), footer=True),
    Command("today.go_to", ("g",)),
    Command("today.this_day", ("t",)),
    Command("today.mine", ("m",)),
    Command("today.lanes", ("f4", "v")),
)
