"""THE registry of commands: it feeds keys, key line, F2 menu, F1 help and `jiedai keys`. Imports no Textual.

One file per screen holds that screen's rows; the order is the order of its menu.
"""

from __future__ import annotations

from screens.kit.commands import (
    app,
    approvals,
    calendar,
    change,
    checklist,
    clients,
    first_run,
    handover,
    lanes,
    receipts,
    register,
    requests,
    resources,
    standards,
    tables,
    telling,
    today,
    visit,
    wizard,
)
from screens.kit.commands.command import Command

BY_SCREEN: dict[str, tuple[Command, ...]] = {
    "app": app.COMMANDS,
    "today": today.COMMANDS,
    "calendar": calendar.COMMANDS,
    "requests": requests.COMMANDS,
    "wizard": wizard.COMMANDS,
    "approvals": approvals.COMMANDS,
    "checklist": checklist.COMMANDS,
    "visit": visit.COMMANDS,
    "receipts": receipts.COMMANDS,
    "handover": handover.COMMANDS,
    "standards": standards.COMMANDS,
    "tables": tables.COMMANDS,
    "clients": clients.COMMANDS,
    "register": register.COMMANDS,
    "resources": resources.COMMANDS,
    "lanes": lanes.COMMANDS,
    "change": change.COMMANDS,
    "telling": telling.COMMANDS,
    "first_run": first_run.COMMANDS,
}
"""All commands by screen id; `app` are those that work everywhere."""


def commands_of(where: str) -> tuple[Command, ...]:
    """What can be done on the screen `where`: its own commands first, then those of every screen."""
    own = () if where == "app" else BY_SCREEN.get(where, ())
    return (*own, *BY_SCREEN["app"])


def by_key(where: str) -> dict[str, Command]:
    """The commands of a screen by key; a screen's own key wins over one of every screen."""
    return {key: command for command in reversed(commands_of(where)) for key in command.keys}


__all__ = ["BY_SCREEN", "Command", "by_key", "commands_of"]
