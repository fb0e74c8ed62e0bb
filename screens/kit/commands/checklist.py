"""Commands of the screen `checklist`, in the order of its F2 menu."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS: tuple[Command, ...] = ()
