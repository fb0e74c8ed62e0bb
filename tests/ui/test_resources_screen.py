"""The register of cars, rooms, restaurants and hotels by keyboard."""

from __future__ import annotations

from pathlib import Path

from models.queries.register_lists import things
from models.schema.store import write
from models.schema.tables import Person
from models.services.resource_verbs import Thing, add_resource
from tests.ui.arranged import EVIL, At
from tests.ui.build import at_desk
from tests.ui.look import IN_TWO_WINDOWS
from tests.unit.booking import COORDINATOR, NINE, garage, whole_booked
from tests.unit.life import company
from tests.unit.test_rebooking import arrival

PARTS = {"zh": ("登记  车辆 1", "帕萨特级", "座位 4"), "en": ("Register  Cars 1", "Passat class", "Seats: 4")}


async def typed(at: At, *texts: str) -> str:
    """Each text into the field one is at, then the next field."""
    for text in texts:
        await at.put(text)
        await at.press("down")
    return await at.rest()


@IN_TWO_WINDOWS
async def test_a_car_is_entered_and_changed(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    with company(tmp_path) as who:
        async with at_desk(who, "林小雨", "register", language=language, size=size) as at:
            await at.press("f7", "f4")
            await typed(at, "浙A 8801", "Passat")
            await at.press("3", "down")
            await typed(at, "4")
            await at.type("zds")
            await at.press("enter")
            screen = await at.rest()
            at.fits()
            assert all(part in screen for part in PARTS[language])
            assert "张德胜" in screen
            line = things(who.session("林小雨")).by_kind["car"][0]
            assert (line.thing.name, line.thing.model, line.thing.grade) == ("浙A 8801", "Passat", "passat")
            assert (line.thing.seats, line.driver) == (4, "张德胜")
            await at.press("enter", "down", "down", "down", "backspace", "9", "enter")
            assert things(who.session("林小雨")).by_kind["car"][0].thing.seats == 9
            await at.press("o")
            assert not things(who.session("林小雨")).by_kind["car"][0].active
            assert (">停用" if language == "zh" else ">off ") in await at.rest()


async def test_each_kind_has_a_page(tmp_path: Path) -> None:
    with company(tmp_path) as who:
        session = who.session("林小雨")
        add_resource(session, "room", Thing("第一会议室", seats=20))
        add_resource(session, "hotel", Thing("国际饭店", grade="four_star", price=58000, phone="0571"))
        async with at_desk(who, "林小雨", "register") as at:
            await at.press("f7")
            assert "第一会议室" in await at.press("2")
            assert "还没有登记餐厅" in await at.press("right")
            screen = await at.press("right")
            assert "四星级" in screen
            assert "580" in screen
            assert "还没有登记车辆" in await at.press("right")
            assert "按岗位" in await at.press("escape")


async def test_what_is_refused_stays_to_be_mended(tmp_path: Path) -> None:
    with company(tmp_path) as who:
        add_resource(who.session("林小雨"), "car", Thing("浙A 8801"))
        async with at_desk(who, "林小雨", "register") as at:
            await at.press("f7", "f4")
            assert "已有“浙A 8801”" in await at.type("浙A 8801")
            assert "已登记浙A 88012" in await at.type("2")


async def test_a_car_is_not_registered_twice_and_a_plate_that_cannot_be_is_warned_of(tmp_path: Path) -> None:
    with company(tmp_path) as who:
        async with at_desk(who, "林小雨", "register") as at:
            assert "已登记浙A·P521  ! 浙A·P521 位数不对：车牌为 7 位，新能源 8 位" in await at.press(
                "f7", "f4"
            ) + await at.type("浙A·P521")
            assert "浙A·P521  ! 浙A·P521 位数不对" in await at.rest(), "it stands beside the car"
            await at.press("enter")
            assert "! 浙A·P521 位数不对" in await at.press("down"), "and below the field that was left"
            await at.press("escape")
            assert "已登记浙A·P5218" in await at.press("f4") + await at.type("浙A·P5218")
            assert "已有“浙A·P5218”" in await at.press("f4") + await at.type("浙ap5218")
            await at.press("escape")
            assert "已登记浙A·DF5218" in (screen := await at.press("f4") + await at.type("浙A·DF5218"))
            assert "位数不对" not in screen.splitlines()[-2]
            await at.press("f3", *"DF5218")
            assert ["浙A·DF5218" in row.cells for row in at.list.rows] == [True]


async def test_hostile_text_is_shown_as_text(tmp_path: Path) -> None:
    with company(tmp_path) as who:
        text = " ".join(EVIL)[:60]
        add_resource(who.session("林小雨"), "hotel", Thing(text, phone=EVIL[0][:40], address=EVIL[1], note=EVIL[2]))
        async with at_desk(who, "林小雨", "register") as at:
            screen = await at.press("f7", "4")
            assert "[/x]" in screen
            at.fits()


async def test_switching_off_what_is_booked_says_so(tmp_path: Path) -> None:
    """It is offered for nothing more, but somebody counts on it: here it is said how often, there that it is off."""
    with garage(tmp_path) as g:
        visit = g.visit()
        g.book(visit, "BMW", leg=arrival(visit), people=4)
        with write():
            Person.update(phone="13812345678").where(Person.name == "张德胜").execute()
        async with at_desk(g.who, COORDINATOR, "register") as at:
            screen = await at.press("f7", "home")
            assert "张德胜" in screen
            assert "13812345678" in screen
            assert "预订 1" in screen
            assert "已停用BMW；还有 1 项预订用着它" in await at.press("o")
        (line,) = [each for each in whole_booked(g.session, visit).lines if each.name == "BMW"]
        assert line.retired
        g.who.now = NINE.replace(month=12, day=1)
        (line,) = [each for each in whole_booked(g.session, visit).lines if each.name == "BMW"]
        assert not line.retired, "it is over"
