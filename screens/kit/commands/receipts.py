"""Commands of the receipt list."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command("receipts.read", ("enter",), footer=True),
    Command("receipts.copy", ("f5", "c"), footer=True),
)
