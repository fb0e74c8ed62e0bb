"""The clients by keyboard: finding, the record, changing, the brief, merging; both languages, both sizes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest

from models.form import FormGuest
from models.policy.case import PlannedCost
from models.policy.load import load_file
from models.queries.client_records import clients, record
from models.schema import journal
from models.schema.store import reading, write
from models.schema.tables import Client, Visit
from models.services import client_verbs as verbs
from models.services import day_verbs
from models.services.session import version_row
from models.words import cell_len
from screens.clients import Clients
from screens.kit.linelist import LineList
from tests.ui.arranged import EVIL, At
from tests.ui.look import IN_BOTH_LANGUAGES, IN_THREE_WINDOWS, IN_TWO_WINDOWS, lines_of, settled
from tests.unit.life import CONFIG, Company, approved, company, form, submitted
from tui.app import Jiedai
from tui.cli.screens import status


@asynccontextmanager
async def opened(
    who: Any, name: str = "刘晓燕", *, language: str = "zh", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[At]:
    """The clients, as one of the people sees them."""
    app = Jiedai(
        who.session(name), start="clients", language=language, head=journal.head, status=status,
        tabs=("today", "clients"),
    )  # fmt: skip
    async with app.run_test(size=size) as pilot:
        at = At(app, cast(Any, pilot))
        await at.rest()
        yield at


@pytest.fixture
def known(who: Company) -> Company:
    """A client that was here in spring and comes again in a week, and another."""
    now = who.now
    who.now = datetime(2026, 3, 2, 9)
    times: dict[str, Any] = {"arrive": datetime(2026, 3, 16, 9), "depart": datetime(2026, 3, 16, 17)}
    gift = (PlannedCost("gift", price=20000, to="徐董"),)
    done = approved(who, form(who, **times, meals=(), lodging=(), wants=("gifts",), costs=gift))
    who.now = datetime(2026, 3, 16, 9, 30)
    done = day_verbs.met(who.session("林小雨"), done.visit, expected=done.version)
    day_verbs.seen_off(who.session("林小雨"), done.visit, expected=done.version)
    who.now = now
    guests = (FormGuest("徐明哲", "董事长", "徐董", "138 0000 1111", principal=True), FormGuest("方圆", "秘书"))
    approved(who, form(who, guests=guests))
    submitted(who, form(who, client="苏能装备", guests=(FormGuest("何平", "经理"),)))
    return who


def id_of(who: Company, name: str) -> int:
    return next(line.id for line in clients(who.session("刘晓燕")) if line.name == name)


def record_of(who: Company, name: str) -> Any:
    return record(who.session("刘晓燕"), id_of(who, name))


async def told(at: At, text: str) -> None:
    """Put the record's cursor on the row that says `text`."""
    listed = at.app.screen.query_one("#record", LineList)
    listed.key = next(row.key for row in listed.rows if not row.heading and text in row.cells[0])
    await at.rest()


async def retyped(at: At, *texts: str) -> str:
    """Each text in place of what stands in the field, then down to the next; Enter at the end."""
    for text in texts:
        if text:
            await at.press("home", "shift+end", "delete")
            await at.put(text)
        await at.press("down")
    return await at.press("enter")


@IN_THREE_WINDOWS
async def test_the_list_and_the_record_below_it(known: Company, language: str, size: tuple[int, int]) -> None:
    async with opened(known, language=language, size=size) as at:
        lines = lines_of(at.app)
        assert all(cell_len(line) <= size[0] for line in lines)
        row = next(line for line in lines if line.startswith(">江南智造集团"))
        assert row.split()[-3:] == ["1", "2026-03-16", "2026-11-30"]
        screen = "\n".join(lines)
        for text in ("徐明哲", "董事长", "徐董", "138 0000 1111", "2026-03-16", "周建国"):
            assert text in screen, text
        assert lines[-1].endswith("F1 帮助" if language == "zh" else "F1 Help")
        await at.press("enter", "end")
        screen = "\n".join(lines_of(at.app))
        for text in ("礼品", "200") if language == "zh" else ("Gift", "200"):
            assert text in screen, text
        assert ("贵宾级" if language == "zh" else "VIP") in screen


async def test_the_record_follows_the_cursor_and_finding_is_by_sound(known: Company) -> None:
    async with opened(known) as at:
        screen = await at.press("down")
        assert ">苏能装备" in screen
        assert "何平" in screen
        assert "徐明哲" not in screen
        screen = await at.press("f3", "j", "n", "z", "z", "enter")
        assert "苏能装备" not in screen
        assert "徐明哲" in screen
        assert "苏能装备" in await at.press("escape")


async def test_enter_goes_down_to_a_visit_and_escape_comes_back(known: Company) -> None:
    async with opened(known) as at:
        await at.press("enter")
        assert at.app.focused is not None
        assert at.app.focused.id == "record"
        screen = await at.press("end", "enter")
        assert "2026-0001" in screen.splitlines()[0]
        await at.press("escape", "escape")
        assert at.app.focused.id == "clients"
        assert isinstance(at.app.screen, Clients)


async def test_what_is_known_of_a_client_is_written(known: Company) -> None:
    async with opened(known) as at:
        await at.press("f4")
        screen = await retyped(at, "", "龙井茶", "不吃辣；清真", "二期付款；质保", "常客")
        assert "已修改江南智造集团" in screen
        for text in ("龙井茶", "不吃辣；清真", "二期付款；质保", "常客"):
            assert text in screen
    found = record_of(known, "江南智造集团")
    assert (found.likes, found.points, found.version) == ("龙井茶", "二期付款；质保", 2)


@IN_BOTH_LANGUAGES
async def test_a_person_is_changed_on_their_line(known: Company, language: str) -> None:
    async with opened(known, language=language) as at:
        await at.press("enter")
        await told(at, "徐明哲")
        await at.press("enter")
        screen = await retyped(at, "", "", "徐主席", "", "龙井")
        assert ("已修改徐明哲" if language == "zh" else "徐明哲 is changed") in screen
        assert "徐主席" in screen
    person = next(each for each in record_of(known, "江南智造集团").people if each.name == "徐明哲")
    assert (person.post, person.address, person.likes) == ("董事长", "徐主席", "龙井")


async def test_renaming_refused_keeps_what_is_typed(known: Company) -> None:
    async with opened(known) as at:
        await at.press("f4", "home", "shift+end", "delete")
        assert "! 这里要填写" in await at.press("enter")
        await at.put("苏能装备")
        screen = await at.press("enter")
        assert "! 已有叫“苏能装备”的客户" in screen
        await at.put("二厂")
        assert "已修改苏能装备二厂" in await at.press("enter")


async def test_who_changes_what_another_changed_meanwhile_is_told_and_loses_nothing(known: Company) -> None:
    async with opened(known) as at:
        await at.press("f4", "down")
        await at.put("龙井")
        client = id_of(known, "江南智造集团")
        verbs.change_client(known.session("林小雨"), client, expected=1, diet="清真")
        assert "! 林小雨刚改过江南智造集团的资料" in await at.press("enter")
        assert "已修改江南智造集团" in await at.press("enter")
    found = record_of(known, "江南智造集团")
    assert (found.likes, found.diet) == ("龙井", "清真")


async def test_who_has_nothing_to_do_with_a_client_reads_only(known: Company) -> None:
    async with opened(known, "张德胜") as at:
        assert "徐明哲" in await at.rest()
        assert "只有接待过或申请过" in await at.press("f4")
        assert "只有接待过或申请过" in await at.menu("合并客户")


@IN_TWO_WINDOWS
async def test_the_brief_over_the_screen_and_copied(known: Company, language: str, size: tuple[int, int]) -> None:
    client = id_of(known, "江南智造集团")
    verbs.change_client(known.session("刘晓燕"), client, expected=1, points="二期付款；质保")
    async with opened(known, language=language, size=size) as at:
        screen = await at.press("f5")
        assert all(cell_len(line) <= size[0] for line in lines_of(at.app))
        assert "2026-11-30" in screen
        screen += await at.press("pagedown") + await at.press("end")
        for text in ("徐明哲 董事长 徐董", "- 二期付款", "- 质保", "2026-03-16", "周建国"):
            assert text in screen, text
        assert ("流程和人员" if language == "zh" else "Stages and people") in screen
        assert ("已交给终端复制" if language == "zh" else "Handed to the terminal") in await at.press("f5")
        assert "- 二期付款" in at.app.clipboard
        await at.press("escape")
        assert isinstance(at.app.screen, Clients)


async def test_no_brief_without_a_visit_to_come(known: Company) -> None:
    known.now = datetime(2027, 2, 1, 9)
    async with opened(known) as at:
        assert "没有要来的来访" in await at.press("f5")


async def test_the_brief_is_of_the_visit_that_is_here_before_the_next(known: Company) -> None:
    known.now = datetime(2026, 11, 30, 8)
    later: dict[str, Any] = {"arrive": datetime(2026, 12, 20, 9), "depart": datetime(2026, 12, 20, 17)}
    approved(known, form(known, **later, meals=(), lodging=()))
    (line,) = [each for each in record_of(known, "江南智造集团").visits if each.arrive.day == 30]
    with reading():
        seen = Visit.get_by_id(line.visit).version
    known.now = datetime(2026, 11, 30, 10, 20)
    done = day_verbs.met(known.session("林小雨"), line.visit, expected=seen)
    known.now = datetime(2026, 12, 1, 9)
    async with opened(known) as at:
        assert "2026-11-30" in (await at.press("f5")).split("2026-12-20")[0], "the guests of yesterday are here still"
    day_verbs.seen_off(known.session("林小雨"), done.visit, expected=done.version)
    async with opened(known) as at:
        assert "2026-12-20 周日 09:00 到 17:00" in await at.press("f5"), "a day that is the same is said once"


async def test_nearly_the_same_names_are_hinted_at_and_merged(known: Company) -> None:
    submitted(known, form(known, client="江南智造（集团）有限公司", guests=(FormGuest("新来的"),)))
    async with opened(known) as at:
        screen = await at.rest()
        assert "2 家可能重复" in screen.splitlines()[0]
        await at.to("（集团）")
        assert "名称相近：江南智造集团" in await at.rest()
        await at.menu("合并客户")
        screen = await at.press("enter")
        assert "把江南智造（集团）有限公司并入江南智造集团吗" in screen
        assert "江南智造（集团）有限公司" in await at.press("1"), "the safe side"
        await at.press("enter")
        await at.press("enter", "enter")
        screen = await at.press("2")
        assert "已并入江南智造集团，转来 1 次来访" in screen
        assert ">江南智造集团" in screen
        assert "新来的" in screen
    assert [line.name for line in clients(known.session("刘晓燕"))] == ["江南智造集团", "苏能装备"]


async def test_hostile_text_is_text(who: Company) -> None:
    text = " ".join(EVIL)
    guests = (FormGuest(EVIL[0], text, text, text, principal=True), FormGuest(EVIL[1]), FormGuest(EVIL[2]))
    approved(who, form(who, client=text, guests=guests, purpose_text=text))
    (line,) = clients(who.session("刘晓燕"))
    verbs.change_client(who.session("刘晓燕"), line.id, expected=1, likes=text, points=text, notes=text)
    for size in ((80, 24), (60, 20)):
        async with opened(who, size=size) as at:
            assert "[/x] [bold] =c" in await at.rest()
            assert all(cell_len(each) <= size[0] for each in lines_of(at.app))
            await at.press("f4", "escape", "enter", "end", "f5")
            assert "\x1b" not in at.app.screen.text  # type: ignore[attr-defined]  # the brief's
            assert all(cell_len(each) <= size[0] for each in lines_of(at.app))


async def test_the_language_changes_with_the_cursor_where_it_was(known: Company) -> None:
    async with opened(known) as at:
        await at.press("down", "enter")
        await told(at, "何平")
        await at.app.do_language()
        screen = await at.rest()
        assert "Clients  2" in screen
        assert ">何平" in screen
        assert ">苏能装备" in screen
        assert at.app.focused is not None
        assert at.app.focused.id == "record"


async def test_another_session_s_change_appears_by_itself(known: Company) -> None:
    async with opened(known) as at:
        verbs.change_client(known.session("林小雨"), id_of(known, "江南智造集团"), expected=1, notes="刚写的")
        at.app.tick()
        await settled(at.pilot)
        assert "刚写的" in await at.rest()


async def test_no_clients_yet(who: Company) -> None:
    async with opened(who) as at:
        screen = await at.rest()
        assert "还没有客户" in screen
        for key in ("enter", "f4", "f5"):
            assert "没有选中的客户" in await at.press(key)


@IN_BOTH_LANGUAGES
async def test_help_says_what_the_screen_is_for(known: Company, language: str) -> None:
    async with opened(known, language=language) as at:
        assert ("客户和他们的人" if language == "zh" else "Clients and their people") in await at.press("f1")


async def test_an_organisation_without_tiers(tmp_path: Path) -> None:
    policy = load_file(CONFIG.parent / "models" / "examples" / "authority.toml")
    assert policy.tiers == ()
    with company(tmp_path, policy.text, {"周建国": [policy.posts[0].id]}) as who:
        with write():
            client = Client.create(name="江城机械")
            Visit.create(
                number="2026-0001", state="approved", client=client, client_name=client.name, kind=policy.kinds[0].id,
                policy=version_row(policy), arrive=datetime(2026, 12, 1, 9), comes=datetime(2026, 12, 1, 9),
                headcount=3, changed_utc=datetime(2026, 11, 23),
            )  # fmt: skip
        async with opened(who, "周建国") as at:
            assert "2026-12-01 3 人" in " ".join((await at.press("enter")).split())
            assert "2026-12-01 周二 09:00" in await at.press("f5")
