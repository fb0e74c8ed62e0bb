"""What pages share: the page, the registry of commands, names."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from textual.dom import DOMNode
from textual.events import Key
from textual.pilot import Pilot

import screens
from models.words import cell_len, words
from screens.kit.commands import BY_SCREEN, by_key, commands_of, key_label, plain_key
from screens.kit.dialogs import Ask, Confirm, Help, Menu, PickOne, TextDialog
from screens.kit.linelist import LineList, Row
from screens.kit.shell import Status
from screens.kit.text import labelled
from tests.ui.look import lines_of, settled, shown
from tests.ui.stand_in import stand_in
from tests.ui.stand_in_session import FakeSession
from tui.app import Jiedai, TooSmall

# -- kit page ----------------------------------------------------------------------------------------------------------
#
# Pages and dialogs: the frame, commands and their reasons, threads, others' changes, the clock, languages.


@pytest.fixture
async def pilot(own_commands: None) -> AsyncIterator[Pilot[int]]:
    async with stand_in().run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        yield pilot


def the_app(pilot: Pilot[int]) -> Jiedai:
    return cast(Jiedai, pilot.app)


async def press(pilot: Pilot[int], *keys: str) -> list[str]:
    await pilot.press(*keys)
    await settled(pilot)
    return lines_of(pilot.app)


async def test_the_frame(pilot: Pilot[int]) -> None:
    drawn = lines_of(pilot.app)
    assert drawn[0].startswith(" 接待  今日 11-26 08:02   ")
    assert drawn[0].endswith("   林小雨 营销部   待办 3")
    assert cell_len(drawn[0]) == 79
    assert drawn[1] == " 1今日 5"
    assert drawn[2] == "-" * 80
    assert drawn[-1].startswith(" Enter 试open  F2 操作  F3 查找")
    assert drawn[-1].endswith("F1 帮助")


async def test_all_tabs_fit_in_both_languages(own_commands: None) -> None:
    names = ["today", "calendar", "requests", "approvals", "checklist", "standards", "clients"]
    for language in ("zh", "en"):
        counts = {"approvals": 2, "checklist": 7}
        app = stand_in(
            tabs=(*names, "register"),
            screens=dict.fromkeys((*names, "register"), "tests.ui.stand_in:Board"),
            status=lambda session, w, c=counts: Status("", 0, c),
            language=language,
        )
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            line = lines_of(app)[1]
            assert len(line) <= 77
            assert "9" in line
            if language == "en":
                assert line == " 1Today 2Month 3Reqs 4Appr 2 5Tasks 7 6Stds 7Clients 9People"


@pytest.mark.usefixtures("own_commands")
async def test_a_screen_that_is_not_built_has_no_tab() -> None:
    app = stand_in(tabs=("today", "nowhere"), screens={"today": "tests.ui.stand_in:Board", "nowhere": "screens.no:No"})
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert lines_of(app)[1] == " 1今日 5"
        assert (await press(pilot, "2"))[1] == " 1今日 5"


async def test_digits_switch_screens_and_each_keeps_its_place(pilot: Pilot[int]) -> None:
    app = the_app(pilot)
    app.add_mode("calendar", lambda: app.load("form"))
    app.tabs = (*app.tabs, type(app.tabs[0])("2", "calendar"))
    await press(pilot, "down", "2")
    assert app.current_mode == "calendar"
    pilot.app.screen.set_focus(None)
    await pilot.pause()
    pilot.app.post_message(Key("１", "１"))
    await settled(pilot)
    assert app.current_mode == "today"
    assert app.screen.query_one("#list", LineList).key == "1"


async def test_disabled_says_why(pilot: Pilot[int]) -> None:
    assert (await press(pilot, "n"))[-2] == " ! 今天不行"
    assert (await press(pilot, "down"))[-2] == "", "the next key takes the message away"


async def test_the_menu_is_numbered_and_says_why(pilot: Pilot[int]) -> None:
    drawn = "\n".join(await press(pilot, "f2"))
    assert isinstance(pilot.app.screen, Menu)
    assert "1 试open" in drawn
    assert "4 试refused" in drawn, "what cannot be done takes no place among what can"
    never = next(line for line in drawn.splitlines() if "试never" in line)
    assert "不能：今天不行" in never
    assert never == [line for line in drawn.splitlines() if line.startswith("        |") and line.strip("| -")][-2], (
        "it stands last, before the line at the foot"
    )
    drawn = "\n".join(await press(pilot, "end", "up", "enter"))
    assert isinstance(pilot.app.screen, Menu), "what does not apply does not close the menu"
    assert "! 今天不行" in drawn
    assert (await press(pilot, "1"))[-2] == " 打开 0"


async def test_the_menu_by_arrows(pilot: Pilot[int]) -> None:
    await press(pilot, "f2", "down", "up", "enter")
    assert lines_of(pilot.app)[-2] == " 打开 0"


async def test_help_lists_every_key_here(pilot: Pilot[int]) -> None:
    drawn = "\n".join(await press(pilot, "f1"))
    assert isinstance(pilot.app.screen, Help)
    assert "试open" in drawn
    await press(pilot, "end")
    assert "F10" in shown(pilot.app)
    await press(pilot, "escape")
    assert not isinstance(pilot.app.screen, Help)


async def test_a_help_is_whole_in_the_smallest_window(own_commands: None) -> None:
    async with stand_in().run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        drawn = "".join(line.strip("| ") for line in await press(pilot, "f1"))
        assert "F2 列出这里能做的事。" in drawn


async def test_ask_checks_and_answers(pilot: Pilot[int]) -> None:
    drawn = "\n".join(await press(pilot, "a", "enter"))
    assert isinstance(pilot.app.screen, Ask)
    assert "! 不能空着" in drawn
    assert (await press(pilot, "x", "enter"))[-2] == " 答 x"
    assert (await press(pilot, "a", "y", "escape"))[-2] == " 答 None"


async def test_confirm_stands_on_the_safe_side(pilot: Pilot[int]) -> None:
    await press(pilot, "x")
    assert isinstance(pilot.app.screen, Confirm)
    assert (await press(pilot, "enter"))[-2] == " 确认 False"
    assert (await press(pilot, "x", "2"))[-2] == " 确认 True"


async def test_pick_one_filters_as_you_type(pilot: Pilot[int]) -> None:
    got: list[str | None] = []
    rows = [Row("1", ("周建国",), find=("zhoujianguo", "zjg")), Row("2", ("李卫东",), find=("liweidong", "lwd"))]
    pilot.app.push_screen(PickOne("谁", rows), got.append)
    await settled(pilot)
    await press(pilot, "l", "w", "enter")
    assert got == ["2"]


async def test_pick_one_moves_with_the_first_arrow_and_is_typed_in_still(pilot: Pilot[int]) -> None:
    got: list[str | None] = []
    rows = [Row("1", ("周建国",)), Row("2", ("李卫东",)), Row("3", ("王海峰",))]
    pilot.app.push_screen(PickOne("谁", rows), got.append)
    await settled(pilot)
    lines = await press(pilot, "down")
    assert any(">李卫东" in line for line in lines)
    await press(pilot, "enter")
    assert got == ["2"]
    pilot.app.push_screen(PickOne("谁", rows), got.append)
    await settled(pilot)
    await press(pilot, "down", "down", "up", "王", "enter")
    assert got == ["2", "3"]


async def test_a_note_scrolls(pilot: Pilot[int]) -> None:
    pilot.app.push_screen(TextDialog("长", "\n".join(f"第{n}行 [/x]" for n in range(60))))
    await settled(pilot)
    assert "第0行 [/x]" in shown(pilot.app)
    assert "PgDn PgUp 翻页 1-18/60" in shown(pilot.app)
    await press(pilot, "pagedown", "end")
    assert "第59行 [/x]" in shown(pilot.app)
    assert "43-60/60" in shown(pilot.app)


async def test_a_note_that_fits_says_nothing_of_pages(pilot: Pilot[int]) -> None:
    pilot.app.push_screen(TextDialog("短", "一行"))
    await settled(pilot)
    assert "PgDn" not in shown(pilot.app)


async def test_what_a_service_refuses_is_one_sentence(pilot: Pilot[int]) -> None:
    line = (await press(pilot, "r"))[-2]
    assert line == " ! “客户”太长：最多 3 个字，现有 5 个"
    assert the_app(pilot).incidents == []


async def test_an_unforeseen_error_is_one_sentence_with_a_number(pilot: Pilot[int]) -> None:
    line = (await press(pilot, "b"))[-2]
    assert "事故号 1" in line
    assert isinstance(the_app(pilot).incidents[0], ZeroDivisionError)


async def test_others_changes_appear_without_moving_the_cursor(own_commands: None) -> None:
    session, head = FakeSession(), [1]
    async with stand_in(session, head=lambda: head[0]).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down", "down")
        session.names = ("新来的", *session.names)
        head[0] = 2
        await pilot.pause(2.0)
        await settled(pilot)
        assert "新来的" in shown(pilot.app)
        assert pilot.app.screen.query_one("#list", LineList).key == "2"


async def test_a_poll_that_finds_nothing_paints_nothing(pilot: Pilot[int], monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[object] = []
    monkeypatch.setattr(Jiedai, "post_display_hook", lambda self: painted.append(1))
    await pilot.pause(3.5)
    assert painted == []


async def test_the_clock_turns_minute_and_day(own_commands: None) -> None:
    session = FakeSession(datetime(2026, 11, 26, 23, 58, 59, tzinfo=UTC))
    async with stand_in(session).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        session.at += timedelta(seconds=2)
        the_app(pilot).tick()
        await settled(pilot)
        assert "今日 11-26 23:59" in lines_of(pilot.app)[0]
        session.names = ("明天的",)
        the_app(pilot).tick()
        await settled(pilot)
        assert "明天的" not in shown(pilot.app), "within a day nothing is read anew by the clock"
        session.at += timedelta(minutes=1)
        the_app(pilot).tick()
        await settled(pilot)
        assert "今日 11-27 00:00" in lines_of(pilot.app)[0]
        assert "明天的" in shown(pilot.app)


async def chosen(pilot: Pilot[int], name: str) -> list[str]:
    """The lines on the screen once what the F2 menu calls so was chosen; it may stand further down than is seen."""
    await press(pilot, "f2")
    box = pilot.app.screen.query_one(LineList)
    box.key = next(row.key for row in box.rows if name in row.cells[1])
    return await press(pilot, "enter")


async def test_language_at_run_time(pilot: Pilot[int]) -> None:
    kept: list[str] = []
    the_app(pilot)._keep_language = kept.append
    await press(pilot, "down", "f3", "0", "enter")
    drawn = await chosen(pilot, "English")
    assert drawn[0].startswith(" Reception")
    assert "1Today" in drawn[1]
    assert kept == ["en"]
    assert pilot.app.screen.query_one("#list", LineList).sought == "0", "the filter stays"


async def test_the_person_who_acts_is_chosen_and_shown(own_commands: None) -> None:
    others = {"2": FakeSession(names=("别人的",))}
    app = stand_in(
        people=lambda w: [Row("2", ("李卫东",))],
        act_as=others.__getitem__,
        status=lambda session, w: Status("李卫东" if session is others["2"] else "林小雨", 0, {}),
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await chosen(pilot, "换操作人")
        drawn = await press(pilot, "enter")
        assert drawn[0].endswith("李卫东")
        assert "别人的" in "\n".join(drawn)


async def test_f10_leaves_and_saves(own_commands: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.ui.stand_in import Form

    saved: list[str] = []
    monkeypatch.setattr(Form, "save_now", lambda self: saved.append("form"))
    async with stand_in().run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f")
        await pilot.press("f10")
    assert saved == ["form"]


async def test_f10_asks_before_it_leaves_with_what_is_typed_in_a_dialog(pilot: Pilot[int]) -> None:
    drawn = "\n".join(await press(pilot, "a", "x", "f10"))
    assert "! 刚才填的还没有保存" in drawn
    assert " x ____" in drawn
    await press(pilot, "y", "f10")
    assert the_app(pilot).is_running, "typing on is staying"
    await pilot.press("f10")
    assert the_app(pilot).return_value == 0


async def test_a_box_says_which_of_its_rows_are_in_sight(pilot: Pilot[int]) -> None:
    """In its border, while the list is longer than the box; the line of keys is the box's as long as it is open."""
    page = (await press(pilot))[-1]
    pilot.app.push_screen(PickOne("谁", [Row(str(n), (f"第{n}人",)) for n in range(30)]))
    await settled(pilot)
    drawn = "\n".join(await press(pilot, "down"))
    assert re.search(r"-- 1-\d+/30 -", drawn)
    assert "打字 查找" in drawn.splitlines()[-1]
    await press(pilot, "end", *["pagedown"] * 4)
    assert re.search(r"-- \d+-30/30 -", shown(pilot.app))
    await press(pilot, *"29")
    assert "/30" not in shown(pilot.app)
    assert (await press(pilot, "escape"))[-1] == page


async def test_enter_closes_what_only_tells(pilot: Pilot[int]) -> None:
    pilot.app.push_screen(TextDialog("长", "囍" * 200))
    await settled(pilot)
    assert "Enter 或 Esc 关闭" in shown(pilot.app)
    assert "囍" not in "\n".join(await press(pilot, "enter"))
    assert "囍" not in "\n".join(await press(pilot, "f1", "enter"))


@pytest.mark.parametrize("kind", [TextDialog, PickOne])
async def test_a_dialog_takes_the_room_of_a_window_that_changes(
    pilot: Pilot[int], kind: type[TextDialog | PickOne]
) -> None:
    people = [Row(str(n), (f"第{n}人",)) for n in range(30)]
    pilot.app.push_screen(TextDialog("长", "囍" * 200) if kind is TextDialog else PickOne("谁", people))
    await settled(pilot)
    await pilot.resize_terminal(60, 20)
    await settled(pilot)
    if kind is TextDialog:
        assert shown(pilot.app).count("囍") == 200, "nothing is cut off at the right"
    else:
        await press(pilot, "down", *["pagedown"] * 4)
        assert "第29人" in shown(pilot.app), "the cursor stays in sight"


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
async def test_what_others_leave_by_says_how_to_leave(pilot: Pilot[int], key: str) -> None:
    """ctrl+q lets a terminal go on that ctrl+s stopped, and must not end what is being typed."""
    assert (await press(pilot, key))[-2] == " 按 F10 离开"
    assert the_app(pilot).is_running


async def test_esc_on_the_outermost_screen_never_leaves(pilot: Pilot[int]) -> None:
    """Out of nested boxes and on: at Today it says what does."""
    for _ in range(4):
        assert (await press(pilot, "escape"))[-2] == " 按 F10 离开"
    await press(pilot, "f10")
    assert the_app(pilot).return_value == 0


async def test_f6_opens_and_closes_the_standards_over_a_half_filled_form(own_commands: None) -> None:
    app = stand_in(screens={"form": "tests.ui.stand_in:Form", "standards": "tests.ui.stand_in:Board"}, start="form")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "a", "b", "f6")
        drawn = lines_of(app)
        assert drawn[0].endswith("Esc 关闭")
        assert drawn[1] == "-" * 80, "over another screen there are no tabs"
        assert "ab ____" in "\n".join(await press(pilot, "escape"))


@pytest.mark.parametrize("size", [(59, 24), (80, 19)])
async def test_too_small_says_so_and_ignores_keys(own_commands: None, size: tuple[int, int]) -> None:
    async with stand_in().run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.resize_terminal(*size)
        await settled(pilot)
        assert isinstance(pilot.app.screen, TooSmall)
        assert lines_of(pilot.app)[0].startswith("窗口太小")
        await press(pilot, "down", "f2", "escape")
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert pilot.app.screen.query_one("#list", LineList).key == "0"
        assert len(pilot.app.screen_stack) == 1


async def test_the_smallest_size_is_complete(own_commands: None) -> None:
    async with stand_in().run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        drawn = lines_of(pilot.app)
        assert all(len(line) <= 60 for line in drawn)
        assert "待办 3" in drawn[0]
        assert drawn[-1].endswith("F1 帮助")


def test_a_long_label_does_not_run_into_its_text() -> None:
    assert labelled("Volunteer guide", "no rule", 60) == [" Volunteer  no rule", " guide      "]
    assert labelled("主陪", "总经理", 60) == [" 主陪       总经理"]


# -- kit registry ------------------------------------------------------------------------------------------------------
#
# The registry of commands and the names of keys.


ALL = [command for commands in BY_SCREEN.values() for command in commands]


def test_reading_the_registry_imports_no_textual() -> None:
    code = "import sys, screens.kit.commands, screens.kit.commands; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_command_has_its_words(language: str) -> None:
    w = words(language)
    for command in ALL:
        assert w(f"commands.{command.id}.name")
        assert w(f"commands.{command.id}.help")
        assert all(key_label(key, w) for key in command.keys)


def test_no_key_means_two_things_on_one_screen() -> None:
    for screen, commands in BY_SCREEN.items():
        for part in {part for command in commands for part in command.parts} or {""}:
            here = [command for command in commands if not command.parts or part in command.parts]
            keys = [key for command in here for key in command.keys]
            assert len(keys) == len(set(keys)), (screen, part)


def test_ids_are_unique_and_belong_to_their_screen() -> None:
    assert len({command.id for command in ALL}) == len(ALL)
    for screen, commands in BY_SCREEN.items():
        assert {command.where for command in commands} <= {screen}


def test_no_command_needs_a_key_that_terminals_swallow() -> None:
    swallowed = {f"ctrl+{letter}" for letter in "himjsqba"}
    for command in ALL:
        assert not command.keys or not set(command.keys) <= swallowed
        assert not any(key.startswith(("alt+", "ctrl+shift+")) for key in command.keys)


def test_a_screens_own_key_wins_over_one_of_every_screen() -> None:
    assert by_key("today")["f1"].id == "app.help"
    assert commands_of("today")[-1].where == "app"


@pytest.mark.parametrize(
    ("key", "character", "plain"),
    [
        ("ideographic_comma", "、", "/"),
        ("fullwidth_colon", "：", ":"),
        ("ideographic_full_stop", "。", "."),
        ("３", "３", "3"),
        ("fullwidth_question_mark", "？", "?"),
        ("slash", "/", "/"),
        ("space", " ", "space"),
        ("ideographic_space", "\u3000", "space"),
        ("f2", None, "f2"),
        ("enter", "\r", "enter"),
        ("A", "A", "A"),
    ],
)
def test_an_input_method_sends_other_characters_for_the_same_key(key: str, character: str | None, plain: str) -> None:
    assert plain_key(key, character) == plain


def test_keys_are_spoken_of_in_the_readers_language() -> None:
    assert key_label("space", words("zh")) == "空格"
    assert key_label("pagedown", words("en")) == "PgDn"
    assert key_label("ctrl+l", words("en")) == "Ctrl+L"
    assert key_label("f10", words("zh")) == "F10"


# -- kit names ---------------------------------------------------------------------------------------------------------
#
# A screen that takes a private name of what it is built on, without knowing, breaks it.


MEANT = {"_go", "_list", "_offered", "_on_key", "_on_paste", "_save", "_sound"}
"""Names that a class of a screen is meant to give its own."""


def ours() -> Iterator[type]:
    """Every class of ours that Textual draws."""
    for found in pkgutil.walk_packages(screens.__path__, "screens."):
        for each in vars(importlib.import_module(found.name)).values():
            if inspect.isclass(each) and each.__module__ == found.name and issubclass(each, DOMNode):
                yield each


def test_no_screen_takes_a_private_name_of_its_base() -> None:
    taken = [
        f"{each.__module__}.{each.__name__}.{name} is also of {base.__module__}.{base.__name__}"
        for each in ours()
        for name, what in vars(each).items()
        if name.startswith("_") and not name.startswith("__") and inspect.isfunction(what) and name not in MEANT
        for base in each.__mro__[1:]
        if name in vars(base)
    ]
    assert not taken
