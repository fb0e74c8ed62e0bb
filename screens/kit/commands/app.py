"""Commands that work on every screen."""

from __future__ import annotations

from screens.kit.commands.command import Command

COMMANDS = (
    Command("app.menu", ("f2",), footer=True, menu=False),
    Command("app.find", ("f3", "/"), footer=True, menu=False),
    Command("app.standards", ("f6",), footer=True, menu=False),
    Command("app.help", ("f1", "?"), footer=True, menu=False),
    Command("app.person"),
    Command("app.language"),
    Command("app.redraw", ("ctrl+l",), menu=False),
    Command("app.back", ("escape",), menu=False),
    Command("app.leave", ("f10",)),
    Command("app.today_tab", ("1",), menu=False, opens="today"),
    Command("app.calendar_tab", ("2",), menu=False, opens="calendar"),
    Command("app.requests_tab", ("3",), menu=False, opens="requests"),
    Command("app.approvals_tab", ("4",), menu=False, opens="approvals"),
    Command("app.checklist_tab", ("5",), menu=False, opens="checklist"),
    Command("app.standards_tab", ("6",), menu=False, opens="standards"),
    Command("app.clients_tab", ("7",), menu=False, opens="clients"),
    Command("app.statistics_tab", ("8",), menu=False, opens="statistics"),
    Command("app.register_tab", ("9",), menu=False, opens="register"),
)
