"""Commands of Checklist."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command("checklist.tick", ("space",), footer=True),
    Command("checklist.parts", ("enter",), footer=True),
    Command("checklist.open", ("f4", "o"), footer=True),
    Command("checklist.remind", ("f7", "r"), footer=True),
    Command("checklist.assign", ("f5", "a"), footer=True),
    Command("checklist.mark", ("f8", "x")),
    Command("checklist.tick_due", ("f9",)),
    Command("checklist.drop", ("delete", "d")),
    Command("checklist.undo", ("backspace", "z")),
    Command("checklist.read", ("i",)),
    Command("checklist.earlier", ("left",)),
    Command("checklist.later", ("right",), footer=True),
    Command("checklist.mine", ("m",)),
)
