"""The wizard offers the guests whom a client sent before, and takes what is known of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from models.form import FormGuest
from models.policy.case import PlannedCost
from models.queries import request_preview
from models.schema.store import reading
from models.schema.tables import Client
from models.services import client_verbs as verbs
from models.words import cell_len
from tests.ui.filing import EVIL, Filing, filing, office
from tests.ui.look import IN_BOTH_LANGUAGES, lines_of
from tests.unit.life import Company, form, submitted
from tests.unit.test_queries_clients import came

KNOWN = (FormGuest("徐明哲", "董事长", "徐董", "138 0000 1111", principal=True), FormGuest("方圆", "秘书"))


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    with office(tmp_path) as made:
        submitted(made, form(made, guests=KNOWN))
        submitted(made, form(made, client="苏能装备", guests=(FormGuest("何平", EVIL),)))
        yield made


async def at_guests(at: Filing, client: str = "江南智造集团") -> str:
    """Name the client and go to the first guest."""
    await at.type(client)
    await at.to("guests")
    return await at.rest()


def guests(at: Filing) -> list[tuple[str, str, str, str]]:
    return [(each.name, each.post, each.address, each.phone) for each in at.wizard.form.guests]


def test_the_people_of_each_client_are_there_to_choose_from(who: Company) -> None:
    found = request_preview.choices(who.session("刘晓燕"), who.policy, who.now.date()).guests
    assert [(each.name, each.initials, each.phone) for each in found["江南智造集团"]] == [
        ("方圆", "f/p/w y", ""), ("徐明哲", "x m z", "138 0000 1111"),
    ]  # fmt: skip
    assert set(found) == {"江南智造集团", "苏能装备"}


@pytest.mark.parametrize(
    ("typed", "size"), [("徐明哲", (80, 24)), ("xmz", (60, 20)), ("xumingzhe", (60, 20)), ("XMZ", (80, 24))]
)
async def test_a_known_guest_brings_post_address_and_phone(who: Company, typed: str, size: tuple[int, int]) -> None:
    """R103: what was typed for an earlier visit need not be typed again."""
    async with filing(who, size=size) as at:
        assert "可选 方圆 秘书  徐明哲 董事长" in await at_guests(at)
        await at.type(typed)
        await at.rest()
        assert guests(at) == [("徐明哲", "董事长", "徐董", "138 0000 1111")]


@pytest.mark.parametrize(
    ("language", "size", "offered"),
    [("zh", (80, 24), "常用：清真  素食"), ("en", (60, 20), "Often: halal  vegetarian")],
)
async def test_what_a_guest_may_not_eat_is_typed_offered_and_known_the_next_time(
    who: Company, language: str, offered: str, size: tuple[int, int]
) -> None:
    submitted(who, form(who, guests=(FormGuest("徐明哲", diet="清真"), *KNOWN[1:])))
    async with filing(who, size=size, language=language) as at:
        await at_guests(at)
        await at.type("xmz")
        await at.rest()
        assert at.wizard.form.guests[0].diet == "清真"
        await at.press("f4")
        await at.type("方圆")
        seen = await at.press(*["tab"] * 4)
        assert offered in seen
        await at.type(f"素食、{EVIL}")
        assert at.wizard.form.guests[1].diet.startswith("素食、[/x]")


async def test_who_goes_with_what_is_typed_is_offered_in_both_languages(who: Company) -> None:
    async with filing(who, language="en") as at:
        await at_guests(at)
        assert "Known: 徐明哲 董事长" in await at.press("x", "u")
        assert "Known:" not in await at.press("z")


async def test_what_is_typed_already_stays(who: Company) -> None:
    guest = FormGuest("", "总工", phone="110")
    async with filing(who, client="江南智造集团", guests=(guest,)) as at:
        await at_guests(at, "")
        await at.type("xmz")
        await at.rest()
        assert guests(at) == [("徐明哲", "总工", "徐董", "110")]


async def test_a_name_only_passed_by_is_left_as_it_is(who: Company) -> None:
    made = replace(KNOWN[0], phone="", address="")
    async with filing(who, client="江南智造集团", guests=(made,)) as at:
        await at_guests(at, "")
        await at.press("tab", "tab", "tab")
        assert guests(at) == [("徐明哲", "董事长", "", "")]


async def test_nobody_is_offered_for_a_new_client_or_twice(who: Company) -> None:
    async with filing(who) as at:
        assert "可选" not in await at_guests(at, "新客户")
    async with filing(who, client="江南智造集团", guests=KNOWN[:1]) as at:
        await at_guests(at, "")
        assert "可选 方圆 秘书" in await at.press("f4")


async def test_hostile_text_of_a_known_guest_is_text(who: Company) -> None:
    async with filing(who) as at:
        assert "可选 何平 [/x] [bold] =cmd()" in await at_guests(at, "苏能装备")
        await at.type("hp")
        assert "\x1b" not in await at.rest()


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
@IN_BOTH_LANGUAGES
async def test_a_client_that_is_named_brings_its_record(who: Company, language: str, size: tuple[int, int]) -> None:
    """Who received them, what for, what they like: seen where the client is named, before anything is asked."""
    came(who, wants=("gifts",), costs=(PlannedCost("gift", price=20000, to="徐董"),))
    with reading():
        row = Client.get(Client.name == "江南智造集团")
    session = who.session("刘晓燕")
    verbs.change_client(session, row.id, expected=row.version, likes="龙井, 靠窗", points="年度框架协议", notes=EVIL)
    zh = language == "zh"
    async with filing(who, language=language, size=size) as at:
        assert "2026-03-16" not in await at.rest()
        seen = await at_guests(at)
        whole = "".join(seen.split())
        for told in ("2026-03-16", "周建国", "200", "龙井,靠窗", "年度框架协议"):
            assert told in whole
        assert ("来过 1 次" if zh else "1 visit") in seen
        assert all(cell_len(line) <= size[0] for line in lines_of(at.app))
        await at.page(2)
        seen = await at.page(1)
        assert "龙井, 靠窗" in seen
        await at.to("client")
        await at.pilot.press(*["backspace"] * 8)
        await at.type("新客户")
        assert "龙井" not in await at.rest()
