"""Commands of the tables of the regulation."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command("tables.read", ("enter",)),
    Command("tables.table", ("f5", "t"), footer=True),
    Command("tables.earlier", ("left",)),
    Command("tables.later", ("right",)),
    Command("tables.version", ("f7", "v"), footer=True),
    Command("tables.changes", ("f8", "c"), footer=True),
    Command("tables.edit", ("f4", "e"), footer=True),
)
