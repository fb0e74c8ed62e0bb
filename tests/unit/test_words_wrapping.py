"""Text is broken into lines by the cells of a terminal."""

from __future__ import annotations

from models.words import cell_len
from models.words.wrapping import wrap


def test_no_line_is_too_wide_nothing_is_lost_and_no_mark_begins_one() -> None:
    text = "没有终端时给出今天的安排，也给出 tomorrow's sheet。" * 3
    for width in range(20, 60):
        lines = wrap(text, width)
        assert max(cell_len(line) for line in lines) <= width
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert not [line for line in lines if line[0] in "，。"]


def test_what_is_longer_than_a_line_is_broken_in_itself() -> None:
    lines = wrap("甲乙丙丁，戊己庚辛。one two three", 8)
    assert lines == ["甲乙丙", "丁，戊己", "庚辛。", "one two", "three"]
    assert wrap("x" * 10, 4) == ["xxxx", "xxxx", "xx"]
