"""Fields and lists that screens share."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date, datetime, time
from typing import TypeVar

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot

from screens.kit.choices import Checks, Choice, Pick
from screens.kit.fields import (
    DayField,
    Editor,
    Field,
    LongText,
    MomentField,
    MoneyField,
    NumberField,
    Rank,
    TextField,
    TimeField,
    after,
    nearest,
    within,
)
from screens.kit.linelist import Row
from tests.ui.look import lines_of, settled, shown
from tests.ui.stand_in import stand_in
from tests.ui.stand_in_session import EVIL

# -- kit fields --------------------------------------------------------------------------------------------------------
#
# Form fields: what is typed, what it means, what is wrong, how one moves.


F = TypeVar("F", bound=Field)


@pytest.fixture
async def pilot(own_commands: None) -> AsyncIterator[Pilot[int]]:
    async with stand_in(start="form").run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        yield pilot


def field(pilot: Pilot[int], name: str, kind: type[F]) -> F:
    return pilot.app.screen.query_one(f"#{name}", kind)


async def go(pilot: Pilot[int], name: str) -> None:
    pilot.app.screen.query_one(f"#{name}", Field).focus()
    await pilot.pause()


async def paste(pilot: Pilot[int], text: str) -> None:
    pilot.app.post_message(Paste(text))
    await pilot.pause()


async def test_a_text_longer_than_its_field_says_so(pilot: Pilot[int]) -> None:
    """From its beginning once one has gone on; while one types, a mark stands where more is out of sight."""
    text = field(pilot, "client", TextField)
    text.editor.max_length = 0
    await go(pilot, "client")
    await paste(pilot, long := "一二三四五六七八九十" * 5)
    await settled(pilot)
    ends = shown_of(pilot)
    assert ends.startswith("…")
    assert long.endswith(ends.strip("… _"))
    await pilot.press("home")
    await settled(pilot)
    assert shown_of(pilot).endswith("…")
    await pilot.press("end", "tab")
    await settled(pilot)
    assert shown_of(pilot).endswith("…")
    assert long.startswith(shown_of(pilot).rstrip("…"))
    assert text.value == long


def shown_of(pilot: Pilot[int]) -> str:
    """What stands in the first field."""
    return lines_of(pilot.app)[3].split(None, 1)[1].strip()


async def test_fields_are_drawn_in_ascii(pilot: Pilot[int]) -> None:
    drawn = lines_of(pilot.app)
    assert drawn[3].startswith(" 客户        _____")
    assert drawn[5] == " 日期       ________________"
    assert drawn[9] == " 级别       ( ) 甲级  特别重要"
    assert drawn[10] == "            (o) 乙级"
    assert drawn[12] == " 标准       [ ] 第0项服务内容  [ ] 第1项服务内容  [ ] 第2项服务内容"
    assert not set("".join(drawn)) & set("─│●①▊▔▁┃█")


async def test_the_first_field_has_the_focus_and_posts_what_is_typed(pilot: Pilot[int]) -> None:
    await pilot.press(*"abc")
    await settled(pilot)
    assert field(pilot, "client", TextField).value == "abc"
    assert lines_of(pilot.app)[-2] == " client"


async def test_several_pasted_lines_are_joined_and_foreign_text_is_cleaned(pilot: Pilot[int]) -> None:
    await paste(pilot, "江南\r\n 智造\n")
    assert field(pilot, "client", TextField).raw == "江南 智造"
    field(pilot, "client", TextField).raw = ""
    await paste(pilot, EVIL)
    assert "\x1b" not in field(pilot, "client", TextField).raw
    assert len(field(pilot, "client", TextField).raw) <= 30, "no more than fits"


async def test_a_full_width_digit_typed_into_a_field_is_text(pilot: Pilot[int]) -> None:
    pilot.app.post_message(Key("３", "３"))
    await pilot.pause()
    assert field(pilot, "client", TextField).raw == "３"


async def test_enter_in_a_text_field_does_not_advance(pilot: Pilot[int]) -> None:
    await pilot.press("a", "enter", "b")
    assert field(pilot, "client", TextField).value == "ab"


async def test_a_text_field_keeps_its_own_keys(pilot: Pilot[int]) -> None:
    await pilot.press("a", "c", "left", "b", "1", "/", "home", "x", "delete")
    assert field(pilot, "client", TextField).value == "xb1/c"


async def test_up_and_down_and_tab_move_between_fields(pilot: Pilot[int]) -> None:
    await pilot.press("down", "down")
    assert field(pilot, "day", DayField).editor.has_focus
    await pilot.press("up")
    assert field(pilot, "host", Pick).editor.has_focus
    await pilot.press("shift+tab")
    assert field(pilot, "client", TextField).editor.has_focus


async def test_the_hardware_cursor_stands_behind_the_last_character(pilot: Pilot[int]) -> None:
    """`Input.cursor_screen_offset` and `_position_to_cell` of Textual: an input method opens its window there."""
    await paste(pilot, "江南")
    assert field(pilot, "client", TextField).editor.cursor_screen_offset == (12 + 4, 3)
    await pilot.press("left")
    assert field(pilot, "client", TextField).editor.cursor_screen_offset == (12 + 2, 3)


async def test_no_editor_blinks(pilot: Pilot[int]) -> None:
    for editor in pilot.app.screen.query(Editor).results(Editor):
        assert not editor.cursor_blink
    assert not field(pilot, "notes", LongText).editor.cursor_blink


@pytest.mark.parametrize(
    ("name", "typed", "value", "said"),
    [
        ("day", "12-1", date(2026, 12, 1), "2026-12-01"),
        ("day", "+3", date(2026, 11, 29), "2026-11-29"),
        ("time", "930", time(9, 30), "09:30"),
        ("money", "1760", 176000, "1,760"),
        ("count", "12", 12, "12"),
    ],
)
async def test_what_can_be_read_is_said_in_full_on_leaving(
    pilot: Pilot[int], name: str, typed: str, value: object, said: str
) -> None:
    await go(pilot, name)
    await pilot.press(*typed, "tab")
    await settled(pilot)
    the = pilot.app.screen.query_one(f"#{name}", TextField)
    assert (the.value, the.raw, the.error) == (value, said, "")


@pytest.mark.parametrize(("name", "had", "typed", "value"), [
    ("count", 1, "3", 3), ("money", 12000, "95", 9500), ("time", time(9, 30), "10", time(10)),
    ("day", date(2026, 12, 1), "12-2", date(2026, 12, 2)),
])  # fmt: skip
async def test_the_first_key_in_a_field_of_a_value_replaces_what_stood_there(
    pilot: Pilot[int], name: str, had: object, typed: str, value: object
) -> None:
    the = pilot.app.screen.query_one(f"#{name}", TextField)
    the.value = had
    await go(pilot, name)
    await settled(pilot)
    strip = the.editor.render_line(0)
    shown = "".join(each.text for each in strip if each.style and each.style.reverse)
    assert shown.startswith(the.raw), "it shows as chosen"
    await pilot.press(*typed, "tab")
    assert the.value == value


@pytest.mark.parametrize(("keys", "raw"), [
    (("end", "3"), "123"), (("right", "3"), "123"), (("left", "3"), "312"), (("home", "3"), "312"),
    (("3", "4"), "34"), (("backspace", "4"), "4"),
])  # fmt: skip
async def test_arrows_keep_what_stood_there(pilot: Pilot[int], keys: tuple[str, ...], raw: str) -> None:
    the = field(pilot, "count", NumberField)
    the.value = 12
    await go(pilot, "count")
    await pilot.press(*keys)
    assert the.raw == raw


async def test_a_value_that_comes_while_one_stands_there_is_replaced_too(pilot: Pilot[int]) -> None:
    await go(pilot, "count")
    the = field(pilot, "count", NumberField)
    the.value = 12
    await pilot.press("3")
    assert the.raw == "3"


async def test_what_cannot_be_read_yet_is_gone_on_with(pilot: Pilot[int]) -> None:
    await go(pilot, "day")
    await pilot.press(*"12-", "tab")
    await go(pilot, "day")
    await pilot.press("3", "tab")
    assert field(pilot, "day", DayField).value == date(2026, 12, 3)


async def test_what_is_half_typed_is_not_replaced_after_a_look_elsewhere(pilot: Pilot[int]) -> None:
    await go(pilot, "count")
    await pilot.press("1", "f2", "escape", "2")
    await settled(pilot)
    the = field(pilot, "count", NumberField)
    assert the.raw == "12"
    kept = the.keep()
    field(pilot, "client", TextField).focus()
    await pilot.pause()
    the.restore(kept)
    await pilot.pause()
    await pilot.press("3")
    assert the.raw == "123"


@pytest.mark.parametrize(("name", "typed"), [("day", "hm"), ("time", "99:99"), ("money", "-5"), ("count", "100")])
async def test_what_cannot_be_read_stays_with_the_reason_below(pilot: Pilot[int], name: str, typed: str) -> None:
    await go(pilot, name)
    await pilot.press(*typed, "tab")
    await settled(pilot)
    the = pilot.app.screen.query_one(f"#{name}", TextField)
    assert (the.value, the.raw) == (None, typed)
    assert any(line.startswith("            ! ") and typed in line for line in lines_of(pilot.app))
    the.focus()
    await pilot.press("backspace")
    await settled(pilot)
    assert the.error == "", "typing on takes the error away"


async def test_choice_by_arrows_space_and_digits(pilot: Pilot[int]) -> None:
    await go(pilot, "tier")
    tier = field(pilot, "tier", Choice)
    assert tier.value == "b"
    await pilot.press("up", "space")
    assert tier.value == "a"
    await pilot.press("2")
    assert tier.value == "b"
    await settled(pilot)
    assert lines_of(pilot.app)[10] == "           >(o) 乙级"


async def test_an_option_that_is_barred_says_why(pilot: Pilot[int]) -> None:
    await go(pilot, "tier")
    await pilot.press("3")
    await settled(pilot)
    assert field(pilot, "tier", Choice).value == "b"
    assert "            ! 不可以" in lines_of(pilot.app)


async def test_checks_over_several_rows(pilot: Pilot[int]) -> None:
    await go(pilot, "wants")
    wants = field(pilot, "wants", Checks)
    await pilot.press("space", "right", "down", "space", "8")
    assert wants.value == {"0", "4", "7"}
    await pilot.press("8")
    assert wants.value == {"0", "4"}
    await pilot.press("down")
    await pilot.pause()
    assert field(pilot, "notes", LongText).editor.has_focus, "down from the last row goes on"


async def test_digits_in_a_field_do_not_switch_screens(pilot: Pilot[int]) -> None:
    await go(pilot, "wants")
    await pilot.press("1")
    assert pilot.app.screen.query("#wants")


async def test_pick_by_initials(pilot: Pilot[int]) -> None:
    await go(pilot, "host")
    host = field(pilot, "host", Pick)
    await pilot.press("l", "w", "d")
    await settled(pilot)
    assert host.is_open
    await pilot.press("enter")
    await settled(pilot)
    assert (host.value, host.raw, host.is_open) == ("2", "李卫东", False)


async def test_pick_opens_with_enter_and_closes_with_esc(pilot: Pilot[int]) -> None:
    await go(pilot, "host")
    host = field(pilot, "host", Pick)
    await pilot.press("enter")
    await settled(pilot)
    assert host.is_open
    await pilot.press("down", "enter")
    assert host.value == "2"
    await pilot.press("backspace")
    assert host.value == "", "another text is nobody yet"
    await pilot.press("escape")
    assert not host.is_open


async def test_pick_says_which_of_many_are_in_sight(pilot: Pilot[int]) -> None:
    many = Pick("谁", [Row(str(n), (f"第{n}人",)) for n in range(20)], id="many")
    await pilot.app.screen.query_one("#work").mount(many)
    many.focus()
    await settled(pilot)
    await pilot.press("enter")
    await settled(pilot)
    assert many.drop.border_subtitle == "1-6/20"
    assert "1-6/20" in shown(pilot.app)
    await pilot.press(*["pagedown"] * 4)
    await settled(pilot)
    assert many.drop.border_subtitle == "15-20/20"
    await pilot.press("1", "3")
    await settled(pilot)
    assert not many.drop.border_subtitle


async def test_pick_wants_one_of_the_list(pilot: Pilot[int]) -> None:
    await go(pilot, "host")
    host = field(pilot, "host", Pick)
    await paste(pilot, "王五")
    await pilot.press("tab")
    await settled(pilot)
    assert "王五" in host.error
    host.free = True
    host.error = ""
    assert host.check()


async def test_pick_says_at_enter_that_nobody_is_called_so(pilot: Pilot[int]) -> None:
    await go(pilot, "host")
    await paste(pilot, "王五")
    await pilot.press("enter")
    await settled(pilot)
    assert "王五" in field(pilot, "host", Pick).error


async def test_another_name_typed_replaces_the_one_taken(pilot: Pilot[int]) -> None:
    host = field(pilot, "host", Pick)
    host.value = "2"
    await go(pilot, "host")
    await settled(pilot)
    await pilot.press("z")
    assert host.raw == "z"


async def test_pick_takes_a_name_typed_in_full(pilot: Pilot[int]) -> None:
    await go(pilot, "host")
    await paste(pilot, "周建国")
    await pilot.press("tab")
    assert field(pilot, "host", Pick).value == "1"


async def test_long_text_keeps_lines_and_tab_leaves(pilot: Pilot[int]) -> None:
    await go(pilot, "notes")
    await paste(pilot, "一\n二\x1b[2J")
    notes = field(pilot, "notes", LongText)
    assert notes.value.splitlines()[0] == "一"
    assert "\x1b" not in notes.value
    await pilot.press("tab")
    assert not notes.editor.has_focus


async def test_a_change_of_language_loses_nothing_typed(pilot: Pilot[int]) -> None:
    await paste(pilot, "江南")
    field(pilot, "tier", Choice).value = "a"
    field(pilot, "wants", Checks).value = {"3"}
    field(pilot, "notes", LongText).value = "一\n二"
    await go(pilot, "host")
    await pilot.press("l", "w", "d", "enter")
    await go(pilot, "time")
    await pilot.press("9", "f2")
    await settled(pilot)
    (place,) = re.findall(r"(\w) English", "\n".join(lines_of(pilot.app)))
    await pilot.press(place)
    await settled(pilot)
    drawn = lines_of(pilot.app)
    assert drawn[0].startswith(" Reception")
    assert drawn[3].startswith(" Clients    江南")
    assert field(pilot, "host", Pick).value == "2"
    assert field(pilot, "time", TimeField).raw == "9"
    assert field(pilot, "time", TimeField).editor.has_focus
    assert field(pilot, "tier", Choice).value == "a"
    assert field(pilot, "wants", Checks).value == {"3"}
    assert field(pilot, "notes", LongText).value == "一\n二"


async def test_values_set_by_the_screen_post_nothing(pilot: Pilot[int]) -> None:
    field(pilot, "client", TextField).value = "x"
    field(pilot, "money", MoneyField).value = 150
    field(pilot, "count", NumberField).value = 3
    field(pilot, "tier", Choice).value = "a"
    await settled(pilot)
    assert lines_of(pilot.app)[-2] == ""
    assert field(pilot, "money", MoneyField).raw == "1.50"


# -- moment ------------------------------------------------------------------------------------------------------------
#
# A moment typed in one line: which day a time alone is of.


@pytest.mark.parametrize(
    ("anchor", "text", "meant"),
    [
        (nearest(datetime(2026, 12, 3)), "23:55", datetime(2026, 12, 2, 23, 55)),
        (nearest(datetime(2026, 12, 3, 10, 20)), "9:10", datetime(2026, 12, 3, 9, 10)),
        (nearest(datetime(2026, 12, 3, 23, 50)), "0:10", datetime(2026, 12, 4, 0, 10)),
        (after(datetime(2026, 12, 3, 9)), "23:00", datetime(2026, 12, 3, 23)),
        (after(datetime(2026, 12, 3, 22)), "1:00", datetime(2026, 12, 4, 1)),
        (
            within(datetime(2026, 12, 4, 9), datetime(2026, 12, 3, 10), datetime(2026, 12, 4, 15)),
            "14:00", datetime(2026, 12, 4, 14),
        ),
        (
            within(datetime(2026, 12, 3, 23), datetime(2026, 12, 3, 22), datetime(2026, 12, 4, 15)),
            "1:00", datetime(2026, 12, 4, 1),
        ),
        (
            within(datetime(2026, 12, 3, 10), datetime(2026, 12, 3, 10), datetime(2026, 12, 4, 15)),
            "9:40", datetime(2026, 12, 3, 9, 40),
        ),
        (
            within(datetime(2026, 12, 3, 10), datetime(2026, 12, 3, 10), datetime(2026, 12, 4, 15)),
            "22:30", datetime(2026, 12, 3, 22, 30),
        ),
        (nearest(None), "12-5 8:00", datetime(2026, 12, 5, 8)),
    ],
)  # fmt: skip
def test_a_time_typed_alone_is_of_the_day_that_fits(
    anchor: tuple[date, Rank] | None, text: str, meant: datetime
) -> None:
    """A visit from midnight on: the guests land five minutes before it, on the day before."""
    field = MomentField("at", today=date(2026, 12, 1), anchor=lambda: anchor)
    assert field.parse(text) == meant
