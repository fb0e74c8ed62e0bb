"""The last steps to the terminal: only differing cells, no control characters; and Textual's private names they use."""

from __future__ import annotations

import asyncio
import inspect

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from textual import constants
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.app import App
from textual.color import Color
from textual.drivers import linux_driver
from textual.geometry import Region
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, TextArea

from screens.kit.text import STYLES, LastGate, lit
from tests.ui.stand_in_session import EVIL
from tui.driver import TolerantDecoder
from tui.screen_diff import ScreenDiff

CONSOLE = Console(force_terminal=True, color_system="standard", width=20)
TEXTS = st.text(alphabet="ab 中文江𠮷_-·", max_size=20)
STYLED = st.sampled_from(sorted(STYLES))


def update(lines: list[tuple[str, str]]) -> LayoutUpdate:
    strips = [[Strip([Segment(text, STYLES[style])]).adjust_cell_length(20, STYLES[""])] for text, style in lines]
    return LayoutUpdate(list(strips), Region(0, 0, 20, len(lines)))


def fed(stream: pyte.Stream, frame: ScreenDiff, lines: list[tuple[str, str]]) -> str:
    data = frame.news(update(lines)).text(CONSOLE)
    stream.feed(data)
    return data


def cells(screen: pyte.Screen) -> list[list[tuple[str, bool, bool]]]:
    """What is seen: a bold blank looks like any other."""
    return [
        [(c.data, c.reverse, c.bold and c.data != " ") for c in (screen.buffer[y][x] for x in range(20))]
        for y in range(3)
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.tuples(TEXTS, STYLED), min_size=3, max_size=3), min_size=1, max_size=5))
def test_what_differs_makes_the_same_screen_as_everything(paints: list[list[tuple[str, str]]]) -> None:
    """Whatever is painted one after the other, the terminal shows what a whole paint of the last would."""
    one, whole = pyte.Screen(20, 3), pyte.Screen(20, 3)
    frame = ScreenDiff()
    for lines in paints:
        fed(pyte.Stream(one), frame, lines)
    fed(pyte.Stream(whole), ScreenDiff(), paints[-1])
    assert cells(one) == cells(whole)


def test_only_news_is_written() -> None:
    screen = pyte.Screen(20, 3)
    stream, frame = pyte.Stream(screen), ScreenDiff()
    fed(stream, frame, [("江南智造 1", ""), ("b", ""), ("c", "")])
    assert fed(stream, frame, [("江南智造 1", ""), ("b", ""), ("c", "")]) == ""
    news = fed(stream, frame, [("江南智造 2", ""), ("b", ""), ("c", "")])
    assert "2" in news
    assert "江" not in news


def test_between_two_news_of_a_row_the_shorter_of_writing_and_jumping_is_taken() -> None:
    frame = ScreenDiff()
    fed(pyte.Stream(pyte.Screen(20, 3)), frame, [("1 江南 1 abcdef 1", "")])
    news = frame.news(update([("2 江南 2 abcd f 2", "")])).text(CONSOLE)
    assert news == "\x1b[1H2\x1b[8G2 abcd f 2"


def test_a_blank_needs_no_change_of_style() -> None:
    """A style is changed where it is seen, and the cursor's row is not erased in reverse."""
    pieces = [Segment("a", STYLES["alert"]), Segment(" "), Segment("b", STYLES["alert"]), Segment("c", STYLES["dim"])]
    strip = Strip(pieces).adjust_cell_length(20, STYLES[""])
    news = ScreenDiff().news(LayoutUpdate([[strip]], Region(0, 0, 20, 1))).text(CONSOLE)
    assert news == "\x1b[1H\x1b[1;31ma b\x1b[0;2mc\x1b[K\x1b[m"
    strip = Strip([Segment("a", STYLES["cursor"])]).adjust_cell_length(20, STYLES[""])
    news = ScreenDiff().news(LayoutUpdate([[strip]], Region(0, 0, 20, 1))).text(CONSOLE)
    assert news == "\x1b[1H\x1b[7ma\x1b[m\x1b[K"


def test_what_an_erased_end_takes_with_it_is_not_erased_again() -> None:
    screen = pyte.Screen(20, 3)
    stream, frame = pyte.Stream(screen), ScreenDiff()
    fed(stream, frame, [("a bcdefg        1", ""), ("b", ""), ("c", "")])
    assert fed(stream, frame, [("a", ""), ("b", ""), ("c", "")]) == "\x1b[1;3H\x1b[K"
    assert screen.display[0] == f"{'a':20}"


def test_a_forgotten_terminal_is_written_whole() -> None:
    frame = ScreenDiff()
    frame.news(update([("a", "")]))
    frame.forget()
    assert "a" in frame.news(update([("a", "")])).text(CONSOLE)


def test_where_columns_cannot_be_trusted_rows_are_written_whole() -> None:
    frame = ScreenDiff(whole_rows=True)
    frame.news(update([("abc·1", ""), ("x", "")]))
    news = frame.news(update([("abc·2", ""), ("x", "")])).text(CONSOLE)
    assert "abc·2" in news
    assert "x" not in news


def test_the_last_gate_lets_no_control_or_direction_character_pass() -> None:
    text = "a\x1b[2J\x9b\u202e\u200b\x07b\t"
    (segment,) = LastGate().apply([Segment(text)], Color(0, 0, 0))
    assert segment.text == "a\ufffd[2J\ufffd\ufffd\ufffd\ufffdb\ufffd"
    same = Segment("江南 [/x]")
    assert LastGate().apply([same], Color(0, 0, 0)) == [same]


def test_lit_is_text_and_never_markup() -> None:
    assert lit("[/x] [bold]贵[/bold]").plain == "[/x] [bold]贵[/bold]"
    assert lit(EVIL).plain.isprintable()


def test_the_decoder_bears_foreign_bytes_and_split_characters() -> None:
    told: list[str] = []
    decoder = TolerantDecoder(lambda: told.append("garbled"), lambda: told.append("ended"))
    assert decoder.decode("江".encode()[:2]) + decoder.decode("江".encode()[2:]) == "江"
    assert told == []
    assert "\ufffd" in decoder.decode("接待".encode("gbk") + b" ")
    assert decoder.decode("\ufffd".encode()) == "\ufffd"
    assert told == ["garbled"], "a typed U+FFFD is not garbled"
    decoder.decode(b"")
    assert told == ["garbled", "ended"]


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (App, "_display"),
        (App, "_fatal_error"),
        (App, "_handle_exception"),
        (App, "post_display_hook"),
        (App, "_close_messages_no_wait"),
        (MessagePump, "_close_messages_no_wait"),
        (linux_driver.LinuxDriver, "_get_terminal_size"),
        (linux_driver.LinuxDriver, "_run_input_thread"),
        (linux_driver, "getincrementaldecoder"),
        (Input, "_position_to_cell"),
        (Input, "_on_key"),
        (Input, "_on_paste"),
        (TextArea, "_on_paste"),
        (Compositor, "render_strips"),
        (constants, "DISABLE_KITTY_KEY"),
    ],
)
def test_textual_still_has_the_private_name(owner: object, name: str) -> None:
    assert hasattr(owner, name)


def test_textual_still_has_the_private_attributes() -> None:
    async def look() -> None:
        app: App[None] = App()
        for name in ("_batch_count", "_running", "_closed", "_previous_cursor_position", "_current_mode"):
            assert hasattr(app, name), name
        assert app._screen_stacks == {"_default": []}
        assert app._exception is None
        assert app._css_update_count == 0
        assert Screen[None]()._css_update_count == -1
        assert Widget()._bindings.key_to_bindings == {}

    asyncio.run(look())


def test_textual_still_makes_updates_of_these_parts() -> None:
    assert list(inspect.signature(LayoutUpdate.__init__).parameters)[1:] == ["strips", "region"]
    assert list(inspect.signature(ChopsUpdate.__init__).parameters)[1:] == ["chops", "spans", "chop_ends"]


def test_textual_still_reads_keys_through_the_patched_decoder() -> None:
    assert 'getincrementaldecoder("utf-8")().decode' in inspect.getsource(linux_driver.LinuxDriver.run_input_thread)
