"""`LineList` and `Lines`: the cursor, new rows, the filter, columns, what is written."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from textual.geometry import Region
from textual.pilot import Pilot

from models.words import cell_len, clean
from screens.kit.linelist import Column, LineList, Row
from screens.kit.text import Lines, pieces_of
from tests.ui.look import lines_of, settled
from tests.ui.stand_in import Board, stand_in
from tests.ui.stand_in_session import EVIL, FakeSession


@pytest.fixture
async def pilot(own_commands: None) -> AsyncIterator[Pilot[int]]:
    async with stand_in().run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        yield pilot


def the_list(pilot: Pilot[int]) -> LineList:
    return pilot.app.screen.query_one("#list", LineList)


async def test_rows_are_drawn_as_plain_text(pilot: Pilot[int]) -> None:
    """The column of clients has as many cells as its longest name, which the last column has free."""
    drawn = lines_of(pilot.app)
    wide = cell_len(clean(EVIL))
    assert drawn[3] == f" 时间  {'客户单位':{wide - 4}} 人 提醒"
    assert drawn[4] == f">08:00 {'江南智造集团':{wide - 6}}  0 江南智造集团"
    assert drawn[5].startswith(" 09:00 [/x] [bold] =cmd() ")
    assert "\x1b" not in "".join(drawn)
    assert drawn[6].split() == ["10:00", "买买提·吐尔逊", "2", "买买提·吐尔逊"]
    assert drawn[7].split() == ["11:00", "𠮷野家", "3", "𠮷野家"]


async def test_a_step_repaints_two_rows(pilot: Pilot[int], monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[Region] = []
    the = the_list(pilot)
    monkeypatch.setattr(the, "refresh", lambda *regions, **options: painted.extend(regions))
    await pilot.press("down")
    assert {region.y for region in painted} == {1, 2}
    assert the.key == "1"


async def test_keys_move_and_stop_at_the_ends(pilot: Pilot[int]) -> None:
    the = the_list(pilot)
    for key, there in (("end", "4"), ("down", "4"), ("k", "3"), ("home", "0"), ("up", "0"), ("j", "1")):
        await pilot.press(key)
        assert the.key == there
    await pilot.press("pagedown")
    assert the.key == "4"


async def test_the_screen_hears_of_moves(pilot: Pilot[int]) -> None:
    await pilot.press("down", "down")
    await settled(pilot)
    assert pilot.app.screen.query_one("#pane", Lines).lines[1] == " 选中 2"


async def test_enter_does_the_screens_enter_command(pilot: Pilot[int]) -> None:
    await pilot.press("down", "enter")
    await settled(pilot)
    assert lines_of(pilot.app)[-2] == " 打开 1"


async def test_new_rows_keep_the_cursor_on_its_key(pilot: Pilot[int]) -> None:
    the = the_list(pilot)
    the.key = "3"
    the.set_rows([Row("new", ("1", "新", "", "")), *(Row(str(n), (str(n), "x", "", "")) for n in range(5))])
    assert the.key == "3"
    the.set_rows([Row("0", ("0", "a", "", "")), Row("1", ("1", "b", "", ""))])
    assert the.key == "1"
    the.set_rows([])
    assert the.key == ""
    await settled(pilot)
    assert "今天没有人来" in lines_of(pilot.app)[4]


async def test_unchanged_rows_write_nothing(pilot: Pilot[int], monkeypatch: pytest.MonkeyPatch) -> None:
    the = the_list(pilot)
    monkeypatch.setattr(the, "refresh", lambda *a, **k: pytest.fail("nothing changed"))
    the.set_rows(the.rows)


@pytest.mark.usefixtures("own_commands")
async def test_headings_take_no_cursor() -> None:
    async with stand_in(FakeSession(names=())).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        the = the_list(pilot)
        rows = [Row("h1", ("昨天",), heading=True), Row("a", ("1", "甲", "", "")), Row("h2", ("今天",), heading=True)]
        the.set_rows([*rows, Row("b", ("2", "乙", "", "")), Row("h3", ("明天",), heading=True)])
        assert the.key == "a"
        await pilot.press("down")
        assert the.key == "b"
        await settled(pilot)
        drawn = lines_of(pilot.app)
        assert drawn[4] == " 昨天"
        assert " 明天" not in drawn, "a heading with nothing under it is left out"


@pytest.mark.parametrize("typed", ["hwkj", "huawei", "华为", "HUAWEI"])
async def test_find_filters_as_you_type(pilot: Pilot[int], typed: str) -> None:
    await pilot.press("f3")
    await settled(pilot)
    await pilot.press(*typed)
    await settled(pilot)
    assert [row.cells[1] for row in the_list(pilot).rows] == ["华为科技"]
    await pilot.press("enter")
    await settled(pilot)
    assert the_list(pilot).has_focus
    assert typed in lines_of(pilot.app)[-2], "an active filter is shown"
    await pilot.press("escape")
    assert len(the_list(pilot).rows) == 5


async def test_esc_in_find_shows_all_again(pilot: Pilot[int]) -> None:
    await pilot.press("/", "h", "w", "escape")
    await settled(pilot)
    assert len(the_list(pilot).rows) == 5
    assert the_list(pilot).has_focus


async def test_find_opens_again_with_what_is_looked_for(pilot: Pilot[int]) -> None:
    """F3 within the field and after it: there is one field, and it goes on."""
    await pilot.press("f3", "f3", "h", "f3", "w", "tab")
    await settled(pilot)
    assert the_list(pilot).has_focus
    assert [row.cells[1] for row in the_list(pilot).rows] == ["华为科技"]
    assert "hw" in lines_of(pilot.app)[-2]
    await pilot.press("f3", "k", "j", "enter", "f3")
    await settled(pilot)
    assert "hwkj" in lines_of(pilot.app)[-2]
    await pilot.press("escape")
    await settled(pilot)
    assert len(the_list(pilot).rows) == 5


async def test_a_message_is_read_while_one_looks_for_something(pilot: Pilot[int]) -> None:
    await pilot.press("f3")
    await settled(pilot)
    pilot.app.screen.say("改过了")  # type: ignore[attr-defined]  # a page
    await settled(pilot)
    assert "改过了" in lines_of(pilot.app)[-3]
    assert "查找" in lines_of(pilot.app)[-2]


@pytest.mark.usefixtures("own_commands")
async def test_a_long_list_scrolls_by_half_a_page_and_says_where() -> None:
    async with stand_in(FakeSession(names=tuple(f"客户{n}" for n in range(60)))).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert lines_of(pilot.app)[3].endswith(" 1-15/60")
        await pilot.press(*["down"] * 15)
        await settled(pilot)
        assert lines_of(pilot.app)[3].endswith(" 9-23/60")
        assert the_list(pilot).key == "15"


@pytest.mark.usefixtures("own_commands")
async def test_wide_columns_wait_for_a_wide_terminal() -> None:
    columns = [Column("甲", 4), Column("乙", 6, wide=100), Column("丙")]
    for width, head in ((80, " 甲   丙"), (120, " 甲   乙     丙")):
        async with stand_in().run_test(size=(width, 24)) as pilot:
            await settled(pilot)
            the_list(pilot).set_columns(columns)
            await settled(pilot)
            assert lines_of(pilot.app)[3] == head


def test_pieces_are_clean_and_cut_by_cells() -> None:
    assert pieces_of([("江南智造", ""), (EVIL, "dim")], 7) == (("江南智…", ""),)
    assert "\x1b" not in "".join(text for text, _ in pieces_of(EVIL, 80))


async def test_board_is_a_page(pilot: Pilot[int]) -> None:
    assert isinstance(pilot.app.screen, Board)


async def test_a_filter_without_a_hit_says_what_was_looked_for(pilot: Pilot[int]) -> None:
    """And what was looked through, where that is not all; a list without rows says that it has none."""
    the = the_list(pilot)
    await pilot.press("f3", *"zzz")
    await settled(pilot)
    assert lines_of(pilot.app)[4] == " 没有与“zzz”相符的"
    the.set_rows(the._all, within="我的申请")
    await settled(pilot)
    assert lines_of(pilot.app)[4] == " 没有与“zzz”相符的；只找了我的申请"
    the.set_rows([])
    await settled(pilot)
    assert "今天没有人来" in lines_of(pilot.app)[4]


@pytest.mark.usefixtures("own_commands")
async def test_nothing_is_said_of_what_has_not_been_read_yet() -> None:
    async with stand_in().run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        late = LineList([Column("甲", 4), Column("乙")], empty="没有内容")
        await pilot.app.screen.query_one("#work").mount(late)
        await settled(pilot)
        assert "没有内容" not in "".join(lines_of(pilot.app))
        late.set_rows([])
        await settled(pilot)
        assert "没有内容" in "".join(lines_of(pilot.app))
