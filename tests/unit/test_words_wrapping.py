"""Text is broken into lines by the cells of a terminal."""

from __future__ import annotations

import pytest

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


def test_a_word_longer_than_a_line_is_broken_where_it_can_be() -> None:
    assert wrap("Three-star hotel", 9) == ["Three-", "star", "hotel"]
    assert wrap("exceptionally", 9) == ["exception", "ally"]
    assert wrap("exceptionally", 9, hyphens=True) == ["exceptio-", "nally"]
    assert wrap("exceptionally important", 13) == ["exceptionally", "important"]
    assert wrap("033001900104", 9, hyphens=True) == ["033001900", "104"]


def test_a_number_plate_is_not_broken() -> None:
    assert wrap("浙A·DF5218、浙A·P5218", 15) == ["浙A·DF5218、", "浙A·P5218"]
    assert wrap("来程  浙A·DF5218、浙A·P5218", 18) == ["来程  浙A·DF5218、", "浙A·P5218"]


@pytest.mark.parametrize("width", [-3, 0, 1, 2])
def test_where_there_is_no_room_a_text_ends_all_the_same(width: int) -> None:
    """A field that has not been laid out yet has no cells; a wide character needs two."""
    assert "".join(wrap("总经理审批 VIP", width)).replace(" ", "") == "总经理审批VIP"
