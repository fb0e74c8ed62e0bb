"""Text is measured, cut and filled by terminal cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len as rich_len

from models.words import cell_len, clean, cut, pad, spread
from models.words.width import LEAST

MIXED = st.text(st.sampled_from("ab1 中文吐·，。（）𠮷e\u0301한가กำ…—①"))


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", 0),
        ("abc", 3),
        ("华为科技", 8),
        ("买买提·吐尔逊", 13),
        ("𠮷", 2),
        ("（全）　", 8),
        ("e\u0301", 1),
        ("가", 2),
        ("…—“”①·", 6),
        ("👍", 2),
        ("\u0378", 1),
        ("\U00031350", 2),
    ],
)
def test_cells(text: str, cells: int) -> None:
    assert cell_len(text) == cells


@pytest.mark.parametrize("first", [0x20, 0xA0, 0x2E80, 0x3000, 0x4E00, 0xAC00, 0xFE30, 0xFF00, 0x20000, 0x1F600])
def test_the_painter_measures_the_same(first: int) -> None:
    """A line that we fill to 80 cells must be 80 cells to Textual as well."""
    for code in range(first, first + 0x60):
        char = clean(chr(code))
        assert cell_len(char) == rich_len(char), hex(code)


@given(MIXED)
def test_whole_texts_measure_the_same(text: str) -> None:
    assert cell_len(text) == rich_len(text)


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [
        ("华为科技", 5, "华为"),
        ("华为科技", 8, "华为科技"),
        ("华为", 1, ""),
        ("abc", 0, ""),
        ("abc", -3, ""),
        ("e\u0301ab", 1, "e\u0301"),
    ],
)
def test_cut_leaves_no_half_character(text: str, width: int, short: str) -> None:
    assert cut(text, width) == short


def test_an_ellipsis_only_where_asked_for_and_needed() -> None:
    assert cut("华为科技", 6, ellipsis=True) == "华为…"
    assert cut("华为科技", 8, ellipsis=True) == "华为科技"
    assert cut("华为", 1, ellipsis=True) == "…"
    assert cut("华为", 0, ellipsis=True) == ""


def test_pad_fills_on_the_side_asked_for() -> None:
    assert pad("华为", 6) == "华为  "
    assert pad("1,760", 7, ">") == "  1,760"
    assert pad("华", -1) == ""


def test_pad_shows_what_it_cuts_and_a_figure_never_in_part() -> None:
    assert pad("浙A·DF52188", 7) == "浙A·DF…"
    assert pad("华为科技", 5) == "华为…"
    assert pad("12,345.67", 8, ">") == "########"
    assert pad("1200", 3, ">") == "###"


@given(
    st.lists(
        st.tuples(st.integers(1, 20), st.integers(0, 40), st.sampled_from(["text", "data", "figure"])),
        min_size=1, max_size=9,
    ),
    st.integers(0, 120),
    st.integers(0, 9),
)  # fmt: skip
def test_columns_take_the_room_there_is(table: list[tuple[int, int, str]], room: int, last: int) -> None:
    """Never more than there is, unless what may not be shortened is wider; data and figures are whole where texts
    shortened to their least leave room for them."""
    usual = [0 if at == last % len(table) else width for at, (width, _, _) in enumerate(table)]
    needs, holds = [need for _, need, _ in table], [kind for _, _, kind in table]
    widths = spread(usual, needs, holds, room)
    least = [min(need, LEAST) if kind == "text" else need for need, kind in zip(needs, holds, strict=True)]
    assert sum(widths) <= max(room, sum(map(min, zip(least, widths, strict=True))))
    if sum(least) <= room:
        rows = zip(widths, needs, holds, strict=True)
        assert all(width >= need for width, need, kind in rows if kind != "text")


def test_columns_keep_their_usual_width_where_all_fits() -> None:
    assert spread([5, 14, 3, 0], [5, 10, 2, 30], ["data", "text", "figure", "text"], 60) == [5, 14, 3, 38]
    assert spread([5, 14, 3, 0], [5, 10, 7, 30], ["data", "text", "figure", "text"], 60) == [5, 14, 7, 34]
    assert spread([5, 14, 3, 0], [5, 20, 7, 30], ["data", "text", "figure", "text"], 40) == [5, 14, 7, 14]


@given(MIXED, st.integers(-2, 30), st.sampled_from("<>"))
def test_pad_is_exact_and_cut_never_too_wide(text: str, width: int, align: str) -> None:
    assert cell_len(pad(text, width, align)) == max(width, 0)
    assert text.startswith(cut(text, width))
    assert cell_len(cut(text, width, ellipsis=True)) <= max(width, 0)
