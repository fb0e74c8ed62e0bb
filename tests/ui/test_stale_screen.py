"""A screen that was drawn while somebody still had the authority decides nothing once it is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from models.schema import journal
from models.schema.store import reading
from models.schema.tables import Decision, Holding
from models.services.person_verbs import change_person, end_post
from tests.ui.look import settled, shown
from tests.unit.life import company, form, submitted
from tui.app import Jiedai


async def test_a_stale_screen_decides_nothing(tmp_path: Path) -> None:
    """The post ends while the decision line is open: Enter there is refused, with who may instead."""
    with company(tmp_path) as who:
        submitted(who, form(who))
        session = replace(who.session("王海峰"), office=True)
        app = Jiedai(session, start="approvals", tabs=("approvals",), head=journal.changes)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("enter")
            await settled(pilot)
            with reading():
                held = Holding.get(Holding.person == who.ids["王海峰"])
            end_post(who.session("方晓静"), held.id, date(2026, 11, 22))
            await pilot.press("enter")
            await settled(pilot)
            said = shown(app)
            assert app.incidents == []
        with reading():
            assert Decision.select().count() == 0
        assert "营销部部长" in said


async def test_who_was_switched_off_enters_nobody(tmp_path: Path) -> None:
    """The register stays open while its keeper is switched off: what they typed is refused, and said."""
    with company(tmp_path) as who:
        session = replace(who.session("方晓静"), office=True)
        app = Jiedai(session, start="register", tabs=("register",), head=journal.changes)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await pilot.press("f4")
            await settled(pilot)
            change_person(who.session("周建国"), who.ids["方晓静"], expected=1, active=False)
            before = journal.head()
            await pilot.press(*"Mallory", "enter", "enter")
            await settled(pilot)
            assert app.incidents == []
        assert journal.head() == before
