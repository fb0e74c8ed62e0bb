"""Conduct in a real terminal: quiet, safe, and gone when the line drops."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.term import KEYS, PATIENCE, Term, python

SCRIPT = Path(__file__).with_name("run_stand_in.py")
pytestmark = pytest.mark.pty
ENDED_BY_HAND = (signal.SIGINT, signal.SIGQUIT)


def opened(tmp_path: Path, *arguments: str, **env: str) -> Term:
    """The stand-in in a terminal, painted."""
    term = Term(python(SCRIPT, *arguments), env={"XDG_STATE_HOME": str(tmp_path / "state"), **env}, asked=True)
    term.until("F1 帮助")
    term.settle()
    return term


@pytest.fixture
def term(tmp_path: Path) -> Iterator[Term]:
    with opened(tmp_path) as term:
        yield term


def test_at_rest_nothing_is_written(term: Term) -> None:
    assert term.passes(60) == b""
    assert term.read(1) == b"", "and by the terminal's own clock"


def test_a_focused_field_at_rest_writes_nothing(tmp_path: Path) -> None:
    with opened(tmp_path, "form") as term:
        assert term.passes(60) == b""
        assert term.read(1) == b""


def test_few_bytes(term: Term) -> None:
    assert len(term.raw) < 8000
    step = len(term.press("down"))
    assert step <= 250, step
    menu = len(term.press("f2"))
    assert menu <= 4000, menu


def test_hostile_text_is_drawn_as_text(term: Term) -> None:
    assert b"\x1b[2J" not in term.raw
    assert b"\x1b]0;" not in term.raw
    assert "[/x] [bold] =cmd()" in term.text
    assert "买买提·吐尔逊" in term.text
    assert "𠮷野家" in term.text
    assert term.lines[0].startswith(" 接待  今日")


@pytest.mark.parametrize(
    "number",
    [signal.SIGHUP, signal.SIGTERM, *(pytest.param(each, marks=pytest.mark.long) for each in ENDED_BY_HAND)],
)
def test_a_signal_leaves_at_once_with_what_is_typed_saved(tmp_path: Path, number: signal.Signals) -> None:
    saved = tmp_path / "saved"
    with opened(tmp_path, "form", str(saved)) as term:
        term.press("江南")
        term.signal(number)
        assert term.wait() == 128 + number
        assert saved.read_text(encoding="utf-8") == "江南"
        assert b"\x1b[?1049l" in term.raw, "the terminal is as it was"


def test_a_dropped_line_ends_the_program_with_what_is_typed_saved(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    with opened(tmp_path, "form", str(saved)) as term:
        term.press("江南")
        term.hang_up()
        term.wait()
        assert saved.read_text(encoding="utf-8") == "江南"


def test_f10_restores_the_terminal(term: Term) -> None:
    term.press("f10")
    assert term.wait() == 0
    assert term.raw.rstrip().endswith(b"\x1b[?1004l")


@pytest.mark.parametrize("size", [b"20000;20000", b"0;0", b"3000;3000"])
def test_a_window_size_that_no_window_has_is_not_believed(term: Term, size: bytes) -> None:
    term.send(b"\x1b[48;" + size + b";0;0t")
    term.press("down")
    assert term.lines[5].startswith(">09:00")
    assert term.process.poll() is None


def test_the_window_is_as_large_as_the_terminal_says_whatever_the_environment_does(tmp_path: Path) -> None:
    with opened(tmp_path, COLUMNS="300", LINES="100") as term:
        assert term.lines[2] == "-" * 80
        term.resize(100, 30)
        term.until(lambda text: term.lines[2] == "-" * 100)


def test_a_terminal_that_is_not_utf8_is_told_so(term: Term) -> None:
    term.send("接待".encode("gbk"))
    term.until("UTF-8")
    term.passes(1)  # until the keys that mean nothing are read as refused, others are swallowed
    term.press("down")
    assert term.lines[5].startswith(">09:00")


def test_chinese_typed_byte_by_byte(tmp_path: Path) -> None:
    with opened(tmp_path, "form") as term:
        for byte in "江南𠮷，".encode():
            term.send(bytes([byte]))
            term.taken()
        term.until("江南𠮷，")


def test_pasted_lines_fill_one_field(tmp_path: Path) -> None:
    with opened(tmp_path, "form") as term:
        term.send("\x1b[200~江南\r\n智造\x1b[201~".encode())
        term.until("江南 智造")


def test_nothing_pasted_is_taken_for_keys(tmp_path: Path) -> None:
    with opened(tmp_path, "form") as term:
        data = "\x1b[200~江\x1b南\t\r\x1b[20~\x1b[Z智造\x1b[2Jx\x1b[201~。".encode()
        for at in range(0, len(data), 3):
            term.send(data[at : at + 3])
            term.taken()
        term.until("江␛南 ␛[20~␛[Z智造␛[2Jx。")
        term.press("\t", "f1")
        assert term.process.poll() is None


def test_no_request_for_the_keyboard_protocol_that_breaks_input_methods(term: Term) -> None:
    assert b"u" not in [part[-1:] for part in term.raw.split(b"\x1b[>")[1:]]
    assert b"\x1b[>25u" not in term.raw


def test_a_crash_is_one_line_and_a_private_log(tmp_path: Path) -> None:
    with opened(tmp_path) as term:
        term.press("c")
        assert term.wait() == 1
        after = term.raw.rpartition(b"\x1b[?1049l")[2]
        assert "事故号".encode() in after
        assert b"Traceback" not in term.raw
        assert b"secret-value" not in term.raw
        (log,) = (tmp_path / "state").rglob("*.log")
        assert log.stat().st_mode & 0o777 == 0o600
        assert "secret-value" in log.read_text(encoding="utf-8")


def test_without_a_terminal_it_says_so_and_ends() -> None:
    done = subprocess.run(python(SCRIPT), stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)
    assert done.returncode == 1
    assert "没有终端" in done.stdout.decode()


def test_a_dumb_terminal_is_refused() -> None:
    with Term(python(SCRIPT), env={"TERM": "dumb"}) as term:
        assert term.wait() == 1
        assert "dumb" in term.text


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "vt100"}, {"TERM": "linux"}, {"COLORTERM": "truecolor"}])
def test_the_cursor_is_seen_without_colours(tmp_path: Path, env: dict[str, str]) -> None:
    with opened(tmp_path, **env) as term:
        row = term.screen.buffer[4]
        assert all(row[x].reverse for x in range(1, 60, 7))
        assert row[0].data == ">"
        if "NO_COLOR" in env:
            colours = {cell.fg for y in range(24) for cell in term.screen.buffer[y].values()}
            assert colours <= {"default"}


def test_no_character_of_ambiguous_width_but_in_foreign_text(tmp_path: Path) -> None:
    with opened(tmp_path, "form") as term:
        term.press("f2")
        assert not set(term.text) & set("─│●①▊▔▁┃█┌┐└┘")


def test_ctrl_l_paints_a_garbled_screen_anew(term: Term) -> None:
    term.screen.reset()
    term.press("\x0c")
    assert term.lines[0].startswith(" 接待")
    assert term.lines[-1].endswith("F1 帮助")


def test_resizing_paints_whole(term: Term) -> None:
    term.resize(100, 30)
    term.until(lambda text: term.lines[-1].endswith("F1 帮助"))
    term.resize(50, 10)
    term.until("窗口太小")
    term.resize(80, 24)
    term.until(lambda text: term.lines[-1].endswith("F1 帮助") and term.lines[4].startswith(">08:00"))


@pytest.mark.parametrize(("column", "width"), [(2, 1), (3, 2), (None, 1)])
def test_the_terminal_is_asked_how_wide_it_draws_a_box_character(column: int | None, width: int) -> None:
    code = "from tui.terminal import ambiguous_width as width; print('width', width())"
    with Term([sys.executable, "-c", code], answer=column) as term:
        term.until(f"width {width}")


def test_a_terminal_that_stopped_reading_does_not_keep_the_program(term: Term) -> None:
    for _ in range(60):
        term.send(b"\x0c")
        term.taken()
    term.rest()
    term.signal(signal.SIGTERM)
    assert term.process.wait(PATIENCE) == 143


def test_keys_of_one_packet_go_where_each_led(tmp_path: Path) -> None:
    with opened(tmp_path, "form") as term:
        term.send("江南\t\t12-1\t930\t17\t6\t".encode())
        term.settle()
        assert "江南____" in term.lines[3]
        for line, text in ((5, "2026-12-01"), (6, "09:30"), (7, "17"), (8, "6")):
            assert f" {text}_" in term.lines[line], term.text


def test_keys_typed_before_a_dialog_is_open_go_into_it(tmp_path: Path) -> None:
    with opened(tmp_path) as term:
        term.send(f"{KEYS['f3']}hwkj".encode())
        term.settle()
        assert "华为科技" in term.text
        assert "hwkj" in term.text
