"""Commands of the standards."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command("standards.earlier", ("left",), footer=True),
    Command("standards.later", ("right",), footer=True),
    Command("standards.tables", ("f5", "t"), footer=True),
    Command("standards.edit", ("f4", "e"), footer=True),
)
