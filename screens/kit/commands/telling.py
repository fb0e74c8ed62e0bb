"""Commands of the list of those to be told."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command("telling.tell", ("space",), footer=True),
    Command("telling.text", ("f5", "t"), footer=True),
    Command("telling.open", ("enter",), footer=True),
    Command("telling.undo", ("backspace", "z")),
)
