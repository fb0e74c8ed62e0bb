"""Commands of the screen `resources`, in the order of its F2 menu."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command("resources.change", ("enter",), footer=True),
    Command("resources.add", ("f4", "n"), footer=True),
    Command("resources.switch", ("o",)),
    Command("resources.previous", ("left",), menu=False),
    Command("resources.next", ("right",), footer=True, menu=False),
    Command("resources.page_1", ("1",), menu=False),
    Command("resources.page_2", ("2",), menu=False),
    Command("resources.page_3", ("3",), menu=False),
    Command("resources.page_4", ("4",), menu=False),
)
