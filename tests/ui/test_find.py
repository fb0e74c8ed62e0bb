"""Finding by keyboard: guests and names that are alike."""

from __future__ import annotations

import pytest

from models.form import FormGuest
from models.queries.client_records import clients
from models.services import person_verbs
from models.services.resource_verbs import Thing, add_resource
from models.words import alike
from tests.ui.build import at_desk
from tests.unit.life import Company, approved, form, submitted

# -- find alike --------------------------------------------------------------------------------------------------------
#
# Every list finds a thing however it is written, by every reading of its characters, and by a phone number.


WAYS = ("朝阳cloud科技", "ＣＬＯＵＤ 科技", "朝　阳", "cloud·科", "chaoyang", "zhaoyang", "zyck")
LISTS = {
    "today": "林小雨",
    "calendar": "林小雨",
    "requests": "刘晓燕",
    "checklist": "林小雨",
    "clients": "林小雨",
    "approvals": "王海峰",
}


@pytest.mark.parametrize("place", LISTS)
async def test_a_client_is_found(who: Company, place: str) -> None:
    made = form(who, client="朝阳·Cloud 科技", guests=(FormGuest("徐明哲", principal=True),))
    who.now = made.arrive or who.now  # so that it stands on every list of today
    (submitted if place == "approvals" else approved)(who, made, late="急事")
    async with at_desk(who, LISTS[place], place) as at:
        if place == "approvals":
            await at.press("tab")
        rows = len([row for row in at.list.rows if not row.heading])
        assert rows
        for typed in WAYS:
            await at.press("f3")
            await at.put(typed)
            assert [row for row in at.list.rows if not row.heading], f"{place}: {typed}"
            await at.press("escape")
        await at.press("f3")
        await at.put("朝阳云")
        assert not [row for row in at.list.rows if not row.heading]


@pytest.mark.parametrize(
    ("kind", "name", "phone", "ways"),
    [
        ("car", "浙A·P5218", "139 0000 2001", ("浙ap5218", "浙Ａ P5218", "5218", "13900002001", "+86 139-0000-2001")),
        ("hotel", "Hyatt·君悦", "0571-8888 0000", ("hyatt君悦", "junyue", "057188880000", "+86 571 8888")),
    ],
)
async def test_a_thing_is_found(who: Company, kind: str, name: str, phone: str, ways: tuple[str, ...]) -> None:
    add_resource(who.session("林小雨"), kind, Thing(name, phone=phone))
    add_resource(who.session("林小雨"), kind, Thing("other", phone="110"))
    async with at_desk(who, "林小雨", "register") as at:
        await at.press("f7", "1" if kind == "car" else "4")
        for typed in ways:
            await at.press("f3")
            await at.put(typed)
            assert [name in row.cells for row in at.list.rows] == [True], typed
            await at.press("escape")


async def test_a_colleague_is_found(who: Company) -> None:
    person_verbs.add_person(who.session("林小雨"), "买买提·吐尔逊", "139 0000 2001")
    async with at_desk(who, "林小雨", "register") as at:
        await at.press("right")
        for typed in ("买买提 吐尔逊", "买买提•吐", "maimaiti", "8613900002001"):
            await at.press("f3")
            await at.put(typed)
            assert ["买买提·吐尔逊" in row.cells for row in at.list.rows] == [True], typed
            await at.press("escape")


# -- find guests -------------------------------------------------------------------------------------------------------
#
# Has Mr Xu arrived? Guests are found by name, by how it sounds and by initials, wherever visits are listed.


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
