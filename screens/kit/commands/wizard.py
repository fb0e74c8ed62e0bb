"""Commands of the screen `wizard`, in the order of its F2 menu."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command("wizard.submit", ("enter",), footer=True),
    Command("wizard.next", ("pagedown", "f8"), footer=True),
    Command("wizard.previous", ("pageup", "f7"), footer=True),
    Command("wizard.add", ("f4",), footer=True),
    Command("wizard.remove", ("f5", "delete"), footer=True),
    Command("wizard.undo", ("f9",), footer=True),
    Command("wizard.discard"),
)
