"""Foreign text is made safe where it comes in, and only as much as it must be."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.words import cell_len, clean, clean_lines

ANY_TEXT = st.text(st.characters(exclude_categories=()))
HOSTILE = st.text(
    st.sampled_from("a中é\u0301\x1b\x9b\x7f\t\r\n\u2028\u202e\u200d\ufe0f\u00ad\u1100\u1161\u1160\ud800\ufdd0")
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "买买提·吐尔逊",
        "𠮷",
        "[/x] [bold] =cmd()",
        "C++ & “引号” — 10%",
        "（全角）　空格",
        "👍",
        "Zoë Müller",
        "\ue000",
    ],
)
def test_harmless_text_is_untouched(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("foreign", "safe"),
    [
        ("\x1b[2J", "␛[2J"),
        ("\x1b]52;c;eA==\x07", "␛]52;c;eA==␇"),
        ("a\x00b\x7fc", "a␀b␡c"),
        ("\x9b2J\x85", "␦2J␦"),
        ("\u202e倒\u2066序\u2069\u200f\u061c", "倒序"),
        ("零\u200b宽\u2060\ufeff\u200d\u200c\u00ad", "零宽"),
        ("a\U000e0041\U000e007fb", "ab"),
        ("❤\ufe0f葛\U000e0100", "❤葛"),
        ("a\u115f\u3164\uffa0b", "ab"),
        ("\ud800\ufdd0\U0001ffff", "\ufffd\ufffd\ufffd"),
        ("一\t二", "一 二"),
        ("一\r\n二\n三\r四\u2028五\u2029六", "一 二 三 四 五 六"),
        ("a\u00a0b\u2003c", "a b c"),
        ("e\u0301", "é"),
        ("e\u200b\u0301", "é"),
    ],
)
def test_what_could_harm_is_shown_or_taken_away(foreign: str, safe: str) -> None:
    assert clean(foreign) == safe


def test_line_ends_stay_where_lines_are_wanted() -> None:
    assert clean_lines("一\r\n二\r三\u2029四\x1b") == "一\n二\n三\n四␛"
    assert clean_lines("尾\n\n") == "尾\n\n"


def test_nothing_is_trimmed() -> None:
    assert clean("  两边  ") == "  两边  "


@given(ANY_TEXT | HOSTILE)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_lines(clean_lines(text)) == clean_lines(text)


@given(ANY_TEXT | HOSTILE)
def test_nothing_harmful_is_left(text: str) -> None:
    left = clean_lines(text)
    assert not {unicodedata.category(char) for char in left.replace("\n", "")} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert unicodedata.is_normalized("NFC", left)
    left.encode()
    assert "\n" not in clean(text)


@given(ANY_TEXT | HOSTILE)
def test_cleaned_text_has_a_width(text: str) -> None:
    assert 0 <= cell_len(clean(text)) <= 2 * len(clean(text))
