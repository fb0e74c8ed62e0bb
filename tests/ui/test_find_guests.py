"""Has Mr Xu arrived? Guests are found by name, by how it sounds and by initials, wherever visits are listed."""

from __future__ import annotations

import pytest

from models.form import FormGuest
from models.queries.client_records import clients
from models.words import alike
from tests.ui.build import at_desk
from tests.unit.life import Company, approved, form


@pytest.mark.parametrize("typed", ["买买提 吐尔逊", "徐明哲", "xuming", "xmz"])
@pytest.mark.parametrize("screen", ["today", "calendar", "requests"])
async def test_a_guest_is_found_where_visits_are_listed(who: Company, screen: str, typed: str) -> None:
    guests = (FormGuest("徐明哲", "董事长", principal=True), FormGuest("买买提·吐尔逊", "总工"))
    approved(who, form(who, client="江南智造集团", guests=guests, arrive=who.now.replace(hour=15)), late="急")
    approved(
        who,
        form(who, client="远东电缆", host="周建国", guests=(FormGuest("方圆"),), arrive=who.now.replace(hour=16)),
        late="急",
    )
    async with at_desk(who, "刘晓燕", screen) as at:
        everything = await at.rest()
        assert "远东电缆"[:3] in everything
        await at.press("f3")
        for char in typed:
            await at.press("space" if char == " " else char)
        found = await at.rest()
        assert "江南" in found
        assert found.count("远东") < everything.count("远东")


def test_a_client_is_found_by_its_people(who: Company) -> None:
    approved(who, form(who, client="江南智造集团", guests=(FormGuest("徐明哲", principal=True),)))
    line = next(each for each in clients(who.session("刘晓燕")))
    for typed in ("徐明哲", "xuming", "xmz"):
        assert alike.found(typed, line.name, *line.find, spelt=line.find)
