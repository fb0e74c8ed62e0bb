"""No screen shows a number to who has no part in a visit: every place and every tab of a visit, walked."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from models.schema import journal
from models.schema.arrangements import Leg
from models.schema.store import write
from models.schema.tables import ClientPerson, Guest, Person
from tests.ui.look import settled, shown
from tests.unit import every_verb
from tui.app import SCREENS, Jiedai

NUMBER = re.compile(r"13[0-9]{9}")
ALONE = {"wizard", "first_run", "handover", "visit", "change", "receipts", "tables"}
"""Those that are walked otherwise, or that show nobody's number; the handover is whole."""


async def test_no_screen_shows_a_number(tmp_path: Path) -> None:
    with every_verb.office(tmp_path) as (who, ids):
        with write():
            for table in (Person, Guest, ClientPerson, Leg):
                for row in table.select():
                    table.update(phone=f"130{row.id:04}7788").where(table.id == row.id).execute()
            Person.update(phone="").where(Person.name == "何志明").execute()
        session = replace(who.session("何志明"), office=True)
        app = Jiedai(session, start="today", tabs=("today",), head=journal.head)
        async with app.run_test(size=(120, 40)) as pilot:
            await settled(pilot)
            seen = {"today": shown(app)}
            for place in SCREENS.keys() - ALONE - {"today"}:
                app.open(place)
                await settled(pilot)
                seen[place] = shown(app)
                await pilot.press("left")
                await settled(pilot)
                seen[f"{place} left"] = shown(app)
                app.screen.back()  # type: ignore[attr-defined]  # every place is a page
                await settled(pilot)
            app.open("visit", ids["visit"])
            for digit in "1234567890":
                await pilot.press(digit)
                await settled(pilot)
                seen[f"visit {digit}"] = shown(app)
            assert app.incidents == []
        assert {place: NUMBER.findall(text) for place, text in seen.items() if NUMBER.search(text)} == {}
        assert "130****7788" in seen["visit 3"]
        assert len(set(seen.values())) > len(SCREENS)
