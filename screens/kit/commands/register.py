"""Commands of the screen `register`, in the order of its F2 menu."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command("register.open", ("enter",), footer=True),
    Command("register.view", ("left", "right"), footer=True),
    Command("register.add", ("f4", "n"), footer=True),
    Command("register.things", ("f7", "v"), footer=True),
    Command("register.give", ("f5", "g"), footer=True),
    Command("register.end", ("delete", "e"), footer=True),
    Command("register.change", ("c",)),
    Command("register.switch", ("o",)),
    Command("register.group", ("r",)),
)
