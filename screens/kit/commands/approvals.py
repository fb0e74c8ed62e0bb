"""Commands of Approvals."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    Command("approvals.decide", ("enter",), footer=True),
    Command("approvals.read", ("space",), footer=True),
    Command("approvals.record", ("f5",), footer=True),
    Command("approvals.open", ("f4", "o"), footer=True),
    Command("approvals.mine", ("left", "right", "m"), footer=True),
)
