"""Commands of the screen `clients`, in the order of its F2 menu."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command("clients.open", ("enter",), footer=True),
    Command("clients.change", ("f4", "c"), footer=True),
    Command("clients.brief", ("f5", "b"), footer=True),
    Command("clients.merge", ("m",)),
)
