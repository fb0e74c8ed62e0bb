"""Which screens there are, and which of them have a tab."""

from __future__ import annotations

SCREENS = {
    "today": "screens.today:Today",
    "calendar": "screens.calendar:Calendar",
    "requests": "screens.requests:Requests",
    "approvals": "screens.approvals:Approvals",
    "checklist": "screens.checklist:ChecklistScreen",
    "standards": "screens.standards:Standards",
    "clients": "screens.clients:Clients",
    "statistics": "screens.statistics:StatisticsScreen",
    "register": "screens.register:RegisterScreen",
    "tables": "screens.regulation:PolicyTables",
    "resources": "screens.resources:Resources",
    "stand_ins": "screens.stand_ins:StandIns",
    "lanes": "screens.lanes:LanesScreen",
    "change": "screens.day_actions:DayActions",
    "notifications": "screens.notifications:Notifications",
    "wizard": "screens.wizard.screen:Wizard",
    "visit": "screens.visit.screen:VisitScreen",
    "receipts": "screens.receipts:Receipts",
    "handover": "screens.handover:HandoverScreen",
    "muster": "screens.muster:MusterScreen",
    "first_run": "screens.first_run:FirstRun",
}
"""Screens by id; each is imported when it is first opened."""

TABS = ("today", "calendar", "requests", "approvals", "checklist", "standards", "clients", "statistics", "register")
"""The screens of the tabs; the place is the digit."""
