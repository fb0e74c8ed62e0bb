"""Commands of the handover page."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command("handover.copy", ("f5", "c"), footer=True),
    Command("handover.earlier", ("left",), footer=True),
    Command("handover.later", ("right",), footer=True),
)
