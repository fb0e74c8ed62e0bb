"""The registers of people and of cars and rooms by keyboard."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from models.queries.register_lists import register
from models.schema import journal
from models.schema.arrangements import Leg
from models.schema.store import write
from models.schema.tables import ClientPerson, Guest, Person
from models.services import person_register, person_verbs
from screens.kit.linelist import LineList
from screens.register import RegisterScreen
from tests.ui.filing import office
from tests.ui.look import IN_BOTH_LANGUAGES, IN_TWO_WINDOWS, lines_of, settled, shown
from tests.unit import every_verb
from tests.unit.every_verb import ED25519
from tests.unit.life import Company, approved, form
from tui.app import SCREENS, Jiedai

# -- register ----------------------------------------------------------------------------------------------------------
#
# The register by keyboard: people, posts, what was, in both languages and both sizes.


EVIL = "[/x] [bold] =cmd() \x1b[2J"


@asynccontextmanager
async def opened(
    who: Company, language: str = "zh", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Pilot[int]]:  # fmt: skip
    """The register, as 方晓静 sees it."""
    app = Jiedai(who.session("方晓静"), start="register", tabs=("register",), language=language, head=journal.head)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot
        assert app.incidents == []


async def press(pilot: Pilot[int], *keys: str) -> str:
    """Keys, then rest; the screen."""
    await pilot.press(*keys)
    await settled(pilot)
    return shown(pilot.app)


async def typed(pilot: Pilot[int], *texts: str) -> str:
    """Each text into the field one is at, then Enter."""
    for text in texts:
        focused = pilot.app.screen.focused
        assert focused is not None
        if text:
            focused.post_message(Paste(text))
        await pilot.pause()
        await pilot.press("enter")
        await settled(pilot)
    return shown(pilot.app)


def go(pilot: Pilot[int], key: str) -> None:
    """Put the cursor on a row."""
    pilot.app.screen.query_one("#register", LineList).key = key


def posts_of(who: Company, name: str, on: date = date(2026, 11, 23)) -> tuple[str, ...]:
    return person_register.posts_of(who.ids[name], on)


@IN_TWO_WINDOWS
async def test_by_post_vacant_ones_are_named(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    with office(tmp_path) as who:
        async with opened(who, language, size) as pilot:
            drawn = lines_of(pilot.app)
            vacant, per_visit = ("空缺", "刘晓燕") if language == "zh" else ("vacant", "刘晓燕")
            assert vacant in drawn[0]
            assert drawn[-1].endswith("F1 帮助" if language == "zh" else "F1 Help")
            assert "周建国" in drawn[4]
            assert "2026-01-01" in drawn[4]
            await press(pilot, "end")
            assert per_visit in await press(pilot, "up", "up")
            go(pilot, "production_head/")
            screen = await press(pilot, "right", "left")
            row = next(line for line in screen.splitlines() if line.startswith(">!"))
            assert ("生产部部长" if language == "zh" else "Head of Production") in row
            assert vacant in row


async def test_a_post_named_per_visit_is_not_vacant(tmp_path: Path) -> None:
    with office(tmp_path, posts={"方晓静": ["office_director"]}) as who:
        async with opened(who) as pilot:
            screen = await press(pilot, "end")
            assert "  项目技术负责人 每次来访时指定" in screen
            assert "! 总经理" in await press(pilot, "home")


async def test_left_and_right_show_people_with_the_cursor_on_the_same_one(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with opened(who) as pilot:
            go(pilot, f"marketing_head/{register(who.session('方晓静')).posts[3].held[0].id}")
            screen = await press(pilot, "right")
            assert "按人员 10 人" in screen
            assert any(line.startswith(">王海峰") and "营销部部长" in line for line in screen.splitlines())
            screen = await press(pilot, "left")
            assert any(line.startswith(">  营销部部长") for line in screen.splitlines())


async def test_finding_by_pinyin_and_initials(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with opened(who) as pilot:
            screen = await press(pilot, "f3", "w", "h", "f", "enter")
            assert "王海峰" in screen
            assert "李卫东" not in screen


async def test_a_person_is_added_and_namesakes_are_noted(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with opened(who) as pilot:
            await press(pilot, "f4")
            pilot.app.screen.focused.post_message(Paste("周建国"))  # type: ignore[union-attr]  # the dialog's field
            await settled(pilot)
            assert "已有同名的周建国：总经理" in shown(pilot.app)
            screen = await typed(pilot, "", "139 0000 9999")
            assert "已登记周建国，同名的另有 1 人" in screen
            assert any(line.startswith(">周建国") and "139 0000 9999" in line for line in screen.splitlines())
        assert len(register(who.session("方晓静")).namesakes("周建国")) == 2


async def test_a_name_is_needed_and_said_beside_the_field(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with opened(who) as pilot:
            await press(pilot, "f4")
            screen = await typed(pilot, "", "139")
            assert "! 请填写姓名" in screen
            assert "139" in screen, "what is typed stays"
            assert len(register(who.session("方晓静")).people) == 10


async def test_hostile_and_rare_names_are_text(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with opened(who) as pilot:
            for name in (EVIL, "买买提·吐尔逊", "𠮷野家"):
                await press(pilot, "f4")
                await typed(pilot, name, EVIL)
            screen = await press(pilot, "home")
            assert "[/x] [bold] =c" in screen
            assert "\x1b" not in screen
            names = [line.name for line in register(who.session("方晓静")).people]
            assert "买买提·吐尔逊" in names
            assert "𠮷野家" in names
            assert "[/x] [bold] =cmd() ␛[2J" in names


@IN_BOTH_LANGUAGES
async def test_renaming_and_another_phone(tmp_path: Path, language: str) -> None:
    with office(tmp_path) as who:
        async with opened(who, language) as pilot:
            await press(pilot, "right")
            go(pilot, str(who.ids["张德胜"]))
            await press(pilot, "enter")
            screen = await typed(pilot, "利", "138")
            assert ("已修改张德胜利" if language == "zh" else "张德胜利 is changed") in screen
            line = register(who.session("方晓静")).person(who.ids["张德胜"])
            assert line is not None
            assert (line.name, line.phone, line.version) == ("张德胜利", "138", 2)


async def test_who_changes_what_another_changed_meanwhile_is_told_and_loses_nothing(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with opened(who) as pilot:
            await press(pilot, "right")
            go(pilot, str(who.ids["张德胜"]))
            await press(pilot, "enter")
            person_verbs.change_person(who.session("李卫东"), who.ids["张德胜"], expected=1, phone="110")
            screen = await typed(pilot, "利", "138")
            assert "! 李卫东刚改过张德胜的资料" in screen
            assert "张德胜利" in screen
            screen = await typed(pilot, "", "")
            assert "已修改张德胜利" in screen
            line = register(who.session("方晓静")).person(who.ids["张德胜"])
            assert line is not None
            assert (line.phone, line.version) == ("138", 3)


async def test_a_vacant_post_is_filled_from_a_typed_day(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with opened(who) as pilot:
            go(pilot, "production_head/")
            await press(pilot, "f5")
            assert "由谁担任生产部部长" in shown(pilot.app)
            await typed(pilot, "fxj", "")
            screen = await typed(pilot, "13-45")
            assert "! “13-45”不是日历上有的日子" in screen
            await press(pilot, *["backspace"] * 5)
            screen = await typed(pilot, "12-1")
            assert "方晓静从 2026-12-01 起担任生产部部长" in screen
            assert "还没开始" in screen
        assert posts_of(who, "方晓静") == ("office_director",)
        assert posts_of(who, "方晓静", date(2026, 12, 1)) == ("office_director", "production_head")


async def test_a_post_held_already_is_refused_beside_the_field(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with opened(who) as pilot:
            await press(pilot, "right")
            go(pilot, str(who.ids["张德胜"]))
            await press(pilot, "f5")
            await typed(pilot, "司机", "")
            screen = await typed(pilot, "")
            assert "! 张德胜已担任司机" in screen
            assert "张德胜 担任哪个岗位" in await press(pilot, "tab")
            assert "按人员" in await press(pilot, "escape")


async def test_a_holding_ends_and_stays_to_be_seen(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with opened(who) as pilot:
            await press(pilot, "right")
            go(pilot, str(who.ids["张德胜"]))
            await press(pilot, "delete")
            screen = await typed(pilot, "2025-12-31")
            assert "! 任职结束日 2025-12-31 早于开始日 2026-01-01" in screen
            await press(pilot, *["backspace"] * 10)
            screen = await typed(pilot, "11-22")
            assert "张德胜担任司机到 2026-11-22 为止" in screen
            assert "曾任    司机  2026-01-01 到 2026-11-22" in screen
            go(pilot, str(who.ids["张德胜"]))
            assert "! 这里没有人任职" in await press(pilot, "delete")
        assert posts_of(who, "张德胜") == ()
        assert posts_of(who, "张德胜", date(2026, 11, 22)) == ("driver",)


async def test_of_several_posts_one_is_chosen_to_end(tmp_path: Path) -> None:
    with office(tmp_path, posts={"方晓静": ["office_director", "driver"]}) as who:
        async with opened(who) as pilot:
            await press(pilot, "right", "delete")
            assert "不再担任哪个岗位" in shown(pilot.app)
            screen = await press(pilot, "down", "down", "enter", "enter")
            assert "方晓静担任司机到 2026-11-23 为止" in screen


async def test_who_is_switched_off_holds_nothing_until_switched_on_again(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with opened(who) as pilot:
            await press(pilot, "right")
            go(pilot, str(who.ids["张德胜"]))
            screen = await press(pilot, "o")
            assert "停用张德胜吗" in screen
            assert "停用后不再担任：司机" in screen
            screen = await press(pilot, "2")
            assert "已停用张德胜" in screen
            assert posts_of(who, "张德胜") == ()
            go(pilot, str(who.ids["张德胜"]))
            assert "! 张德胜已停用" in await press(pilot, "f5")
            assert "已启用张德胜" in await press(pilot, "o")
            assert posts_of(who, "张德胜") == ("driver",)


@pytest.mark.parametrize(("language", "said"), [("zh", "主陪 1 次：2026-0001"), ("en", "Lead host (1): 2026-0001")])
async def test_before_somebody_is_switched_off_it_is_said_where_they_stand(
    tmp_path: Path, language: str, said: str
) -> None:
    with office(tmp_path) as who:
        approved(who, form(who))
        async with opened(who, language, (60, 20)) as pilot:
            await press(pilot, "right")
            go(pilot, str(who.ids["周建国"]))
            assert said in await press(pilot, "o")


@IN_BOTH_LANGUAGES
async def test_the_reception_group_is_shown(tmp_path: Path, language: str) -> None:
    """R5: who leads it, who stands in, the ten members, and who holds each post now."""
    with office(tmp_path) as who:
        async with opened(who, language) as pilot:
            screen = await press(pilot, "r")
            lines = screen.splitlines()
            roles = ("组长", "副组长", "成员") if language == "zh" else ("Leader", "Deputy", "Member")
            assert any(f"| {roles[0]}" in line and "周建国" in line for line in lines)
            assert any(f"| {roles[1]}" in line and "何志明" in line for line in lines)
            assert sum(f"| {roles[2]}" in line for line in lines) == 10
            assert sum(" ! " in line for line in lines if f"| {roles[2]}" in line) == 5


async def test_the_language_changes_with_the_cursor_where_it_was(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with opened(who) as pilot:
            await press(pilot, "right")
            go(pilot, str(who.ids["王海峰"]))
            await cast(Jiedai, pilot.app).do_language()
            await settled(pilot)
            assert pilot.app.screen.query_one("#register", LineList).key == str(who.ids["王海峰"])
            assert "People  by name 10" in shown(pilot.app)
            assert isinstance(pilot.app.screen, RegisterScreen)


async def test_another_session_s_change_appears_by_itself(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with opened(who) as pilot:
            person_verbs.add_person(who.session("李卫东"), "新来的")
            await press(pilot, "right")
            await pilot.pause(2)
            await settled(pilot)
            assert "新来的" in shown(pilot.app)


async def test_help_says_what_the_screen_is_for(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with opened(who) as pilot:
            assert "曾任" in await press(pilot, "f1")


@IN_TWO_WINDOWS
async def test_by_what_an_office_knows_somebody(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    """A login is typed, a key pasted, a wrong one stays with its reason, and a key is switched off again."""
    with office(tmp_path) as who:
        async with opened(who, language, size) as pilot:
            await press(pilot, "right")
            go(pilot, str(who.ids["林小雨"]))
            await press(pilot, "i")
            await press(pilot, "enter")
            await typed(pilot, "linxy")
            await press(pilot, "down", "down")
            await press(pilot, "enter")
            wrong = await typed(pilot, "hello")
            assert {"zh": "不是公钥", "en": "no public key"}[language] in wrong
            focused = pilot.app.screen.focused
            assert focused is not None
            await press(pilot, "ctrl+u", "end", *["backspace"] * 5)
            await typed(pilot, ED25519)
            box = shown(pilot.app)
            assert "linxy" in box
            assert "zhao@laptop" in box
            drawn = await press(pilot, "escape")
            assert {"zh": "密钥 1 把", "en": "keys: 1"}[language] in drawn
            await press(pilot, "i")
            await press(pilot, "down", "down", "down", "enter")
            await press(pilot, "down", "enter")
            line = register(who.session("方晓静")).person(who.ids["林小雨"])
            assert line is not None
            assert (line.login, len(line.keys), line.good_keys) == ("linxy", 1, ())


@IN_TWO_WINDOWS
async def test_in_an_office_only_who_keeps_the_register_changes_it(
    tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    """For everybody else the keys are grey and say whose it is; alone the screen says that it is free."""
    with office(tmp_path) as who:
        async with opened(who, language, size) as pilot:
            assert {"zh": "单机使用", "en": "Alone on this file"}[language] in shown(pilot.app)
        session = replace(who.session("陈志远"), office=True)
        app = Jiedai(session, start="register", tabs=("register",), language=language, head=journal.head)
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            assert {"zh": "单机使用", "en": "Alone on this file"}[language] not in shown(app)
            for key in ("f4", "f5", "c", "o", "i", "delete", "enter"):
                said = await press(pilot, key)
                assert {"zh": "只归总经理", "en": "Only for General manager"}[language] in said, key
        assert app.incidents == []
        assert len(register(who.session("方晓静")).people) == len(who.ids)


# -- phones masked -----------------------------------------------------------------------------------------------------
#
# No screen shows a number to who has no part in a visit: every place and every tab of a visit, walked.


NUMBER = re.compile(r"13[0-9]{9}")
ALONE = {"wizard", "first_run", "handover", "visit", "papers", "change", "receipts", "tables"}
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
            app.open("papers", ids["visit"])
            await settled(pilot)
            for page in range(8):
                await pilot.press("down")
                await settled(pilot)
                seen[f"papers {page}"] = shown(app)
            app.screen.back()  # type: ignore[attr-defined]  # every place is a page
            app.open("visit", ids["visit"])
            for digit in "1234567890":
                await pilot.press(digit)
                await settled(pilot)
                seen[f"visit {digit}"] = shown(app)
            app.open("papers", ids["visit"])
            await settled(pilot)
            seen["papers"] = shown(app)
            assert app.incidents == []
        assert {place: NUMBER.findall(text) for place, text in seen.items() if NUMBER.search(text)} == {}
        assert "130****7788" in seen["visit 3"]
        assert len(set(seen.values())) > len(SCREENS)
