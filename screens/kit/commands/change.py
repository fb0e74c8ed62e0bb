"""Commands of the screen of changes on the day."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command("change.save", ("enter",), footer=True),
    Command("change.more", ("pagedown",), footer=True),
    Command("change.less", ("pageup",)),
)
