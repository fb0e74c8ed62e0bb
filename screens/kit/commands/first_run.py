"""Commands of the screen `first_run`, in the order of its F2 menu."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command("first_run.set_up", ("1",)),
    Command("first_run.sample", ("2",)),
    Command("first_run.other_language", ("3",), menu=False),
    Command("first_run.quit", ("4",), menu=False),
    Command("first_run.save", ("f4", "enter"), footer=True),
)
