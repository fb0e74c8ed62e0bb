"""Text in cells: width, wrapping, cleaning, lists, names that are alike."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len as rich_len

from models.words import alike, cell_len, clean, clean_lines, cut, pad, spread
from models.words.listed import is_table, people
from models.words.width import LEAST
from models.words.wrapping import wrap
from tests.unit.rewritten import rewritten

# -- words width -------------------------------------------------------------------------------------------------------
#
# Text is measured, cut and filled by terminal cells.


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


# -- words wrapping ----------------------------------------------------------------------------------------------------
#
# Text is broken into lines by the cells of a terminal.


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


# -- words clean -------------------------------------------------------------------------------------------------------
#
# Foreign text is made safe where it comes in, and only as much as it must be.


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


# -- words listed ------------------------------------------------------------------------------------------------------
#
# A pasted list of people is understood in the shapes in which lists come, and nothing of it is lost.


XU = {"name": "徐明哲", "post": "董事长", "phone": "138 0000 1111"}
FANG = {"name": "方圆", "post": "秘书"}


@pytest.mark.parametrize(
    "text",
    [
        "徐明哲\t董事长\t138 0000 1111\n方圆\t秘书",
        "徐明哲\t董事长\t138 0000 1111\r\n方圆\t秘书\t\r\n",
        "徐明哲\t董事长\t138 0000 1111\r方圆\t秘书\r",
        "徐明哲,董事长,138 0000 1111\n方圆,秘书",
        "徐明哲，董事长，138 0000 1111\n\n方圆，秘书",
        "徐明哲、董事长、138 0000 1111\n方圆、秘书",
        "徐明哲;董事长;138 0000 1111\n方圆；秘书",
        "徐明哲  董事长  138 0000 1111\n方圆\u3000秘书",
        "徐明哲，董事长 138 0000 1111\n方圆，秘书",
        "徐明哲\t董事长\t138 0000 1111\n方圆，秘书",
        "徐明哲，138 0000 1111，董事长\n方圆，秘书",
        "1. 徐明哲，董事长，138 0000 1111\n2. 方圆，秘书",
        "1、徐明哲，董事长，138 0000 1111\n2、方圆，秘书",
        "（1）徐明哲，董事长，138 0000 1111\n（2）方圆，秘书",
        "1\t徐明哲\t董事长\t138 0000 1111\n2\t方圆\t秘书",
        "姓名\t职务\t电话\n徐明哲\t董事长\t138 0000 1111\n方圆\t秘书\t",
        "序号,手机,姓名,职务\n1,138 0000 1111,徐明哲,董事长\n2,,方圆,秘书",
        '"徐明哲","董事长","138 0000 1111"\n"方圆","秘书"',
    ],
)
def test_two_people(text: str) -> None:
    assert people(text) == [XU, FANG]
    assert is_table(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("徐明哲\n方圆\n李明", ["徐明哲", "方圆", "李明"]),
        ("徐明哲、方圆、李明", ["徐明哲", "方圆", "李明"]),
        ("徐明哲，方圆", ["徐明哲", "方圆"]),
        ("买买提 吐尔逊\nAnna Berg", ["买买提 吐尔逊", "Anna Berg"]),
    ],
)
def test_names_alone(text: str, names: list[str]) -> None:
    assert people(text) == [{"name": name} for name in names]
    assert not is_table(text)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("徐明哲，董事长", {"name": "徐明哲", "post": "董事长"}),
        ("徐明哲\t董事长", {"name": "徐明哲", "post": "董事长"}),
        ("Anna Berg, +49 89 636 1234", {"name": "Anna Berg", "phone": "+49 89 636 1234"}),
        ("徐明哲，董事长，徐董，13800001111，不吃鱼",
         {"name": "徐明哲", "post": "董事长 不吃鱼", "address": "徐董", "phone": "13800001111"}),
    ],
)  # fmt: skip
def test_one_person(text: str, person: dict[str, str]) -> None:
    assert people(text) == [person]


@pytest.mark.parametrize("text", ["", " \n ", "徐明哲", "Berg, Anna", "[/x] [bold] =cmd() \x1b[2J", "买买提·吐尔逊"])
def test_what_is_no_list(text: str) -> None:
    assert people(text) == []


@given(st.text(st.sampled_from('徐明哲方圆董事长 \t\n,，、;13800001111.AB"\x1b\u202e'), max_size=60))
def test_nothing_is_lost_but_marks_and_numbers(text: str) -> None:
    found = people(text)
    said = "".join([value for person in found for value in person.values()])
    for char in "徐明哲方圆董事长AB":
        assert not found or said.count(char) == text.count(char)


# -- words alike -------------------------------------------------------------------------------------------------------
#
# One thing written in several ways is one thing, and is found by each of them; two things stay two.


@pytest.mark.parametrize(
    "name", ["李明", "买买提吐尔逊", "AnnaZhao", "华为科技", "Siemens中国", "第一会议室A", "和平饭店"]
)
def test_a_name_is_itself_however_it_is_written(name: str) -> None:
    @given(rewritten(name), rewritten(name))
    def each(one: str, other: str) -> None:
        assert alike.same(one, other)
        assert alike.found(one, other)

    each()


@given(rewritten("浙AP5218"), rewritten("浙AP5218"))
def test_a_plate_is_itself_however_it_is_written(one: str, other: str) -> None:
    assert alike.plate(one) == alike.plate(other)
    assert alike.found(one, other)


PHONES = ["13900002001", "139 0000 2001", "139-0000-2001", "+86 139 0000 2001", "0086-13900002001", "8613900002001",
          "(+86) 139 0000 2001", "１３９　００００　２００１"]  # fmt: skip


@pytest.mark.parametrize("one", PHONES)
@pytest.mark.parametrize("other", PHONES)
def test_a_phone_number_is_itself_however_it_is_written(one: str, other: str) -> None:
    assert alike.phone(one) == alike.phone(other)
    assert alike.found(one, f"老王 {other} 司机")


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("0571-8888 0000", "+86 571 88880000", True),
        ("+49 89 636", "0049 (89) 636", True),
        ("13900002001", "13900002002", False),
        ("+1 390 000 2001", "1390 000 2001", False),
        ("", "", True),
    ],
)
def test_phones(one: str, other: str, is_same: bool) -> None:
    assert (alike.phone(one) == alike.phone(other)) is is_same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1-11", "11-1"),
        ("1-2 会议室", "12 会议室"),
        ("李明", "李鸣"),
        ("…", "—"),
        ("A1", "A2"),
        ("Cloud 2.0", "Cloud 20"),
    ],
)
def test_two_names_stay_two(one: str, other: str) -> None:
    assert not alike.same(one, other)


@given(st.text().map(clean))
def test_a_key_is_its_own_key_and_only_of_nothing_nothing(name: str) -> None:
    assert alike.key(alike.key(name)) == alike.key(name)
    assert bool(alike.key(name)) == bool(name.strip())


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ("", True),
        (" ", True),
        ("华为", True),
        ("华 为", True),
        ("hwkj", True),
        ("hw", True),
        ("wk", True),
        ("huawei", True),
        ("hua wei", True),
        ("HUAWEI", True),
        ("ｈｗ", True),
        ("tech", True),
        ("ＴＥＣＨ", True),
        ("0147", True),
        ("2026 0147", True),
        ("weikeqi", True),
        ("hwkq", True),
        ("huaweikeqix", False),
        ("hwx", False),
        ("中兴", False),
        ("h k", False),
        ("-", True),
        ("...", False),
    ],
)
def test_filter_as_you_type(typed: str, finds: bool) -> None:
    assert alike.found(typed, "华为科技", "Huawei Tech", "2026-0147", spelt=("hua wei ke ji/qi", "h w k j/q")) is finds


def test_without_pinyin_only_the_texts_count() -> None:
    assert alike.found("为", "华为")
    assert not alike.found("hw", "华为")
    assert not alike.found("x")
    assert alike.found("lü", "绿地", spelt=("lv/lu di/de", "l d"))
    for typed in ("ludi", "lvde", "lv", "d"):
        assert alike.found(typed, "绿地", spelt=("lv/lu di/de", "l d"))
    assert not alike.found("lvlu", "绿地", spelt=("lv/lu di/de", "l d"))


@pytest.mark.parametrize(
    ("typed", "is_named"),
    [
        ("李 明", True),
        ("liming", True),
        ("Li Ming", True),
        ("LM", True),
        ("leming", True),
        ("lileming", False),
        ("lim", False),
        ("李", False),
        ("", False),
    ],
)
def test_a_whole_name_names_and_no_part_of_it(typed: str, is_named: bool) -> None:
    assert alike.named(typed, "李明", "li/le ming", "l m") is is_named
    assert alike.named(typed, "李明", "", "") is (typed == "李 明")


def test_part_of_a_phone_number_is_not_found_in_a_date() -> None:
    assert not alike.found("12 03", "03-12 10:20")
    assert not alike.found("13900002001", "2026-12-01", "139 0000", "2001")


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("浙AP5218", []),
        ("浙A·P5218", []),
        ("浙A·DF5218", []),
        ("浙a p521", ["浙a p521"]),
        ("浙A·DF52188", ["浙A·DF52188"]),
        ("粤Z1234港", []),
        ("浙A·P5218、沪B·521，京C12345", ["沪B·521"]),
        ("浙A·P5218 沪B·521", ["沪B·521"]),
        ("M-AB 1234", []),
        ("新的客人", []),
        ("", []),
    ],
)
def test_a_plate_has_seven_or_eight_characters(text: str, odd: list[str]) -> None:
    assert alike.odd_plates(text) == odd
