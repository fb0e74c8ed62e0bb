"""What a Chinese input method leaves in a policy file: each sign is named with its column and what to write instead."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.policy.load import load_text, mended, slips, write_mended
from models.policy.model import PolicyErrors
from models.policy.request_file import RequestErrors, read_request
from models.words import words
from tests.unit.policy_texts import SMALL, changed

WIDE = {ord(narrow): wide for narrow, wide in zip('=[]{},"', "＝［］｛｝，“", strict=True)}


def wrong(text: str) -> list[tuple[int, str, str]]:
    """Line and sentences of everything wrong."""
    with pytest.raises(PolicyErrors) as caught:
        load_text(text)
    return [(each.line, each.what(words("zh")), each.what(words("en"))) for each in caught.value.problems]


@pytest.mark.parametrize(
    ("good", "typed", "places"),
    [
        ("most = { high = 80.50, low = 40 }", "most ＝ { high = 80.50, low = 40 }", [(6, "＝", "=")]),
        ("most = { high = 80.50, low = 40 }", "most = ｛ high = ８０．５０， low = 40元 ｝",
         [(8, "｛", "{"), (17, "８０．５０", "80.50"), (22, "，", ","), (30, "40元", "40"), (34, "｝", "}")]),
        ('judged_on = "visit"', "judged_on = “visit”", [(13, "“", '"'), (19, "”", '"')]),
        ('judged_on = "visit"', 'judged_on = "visit”', [(19, "”", '"')]),
        ('judged_on = "visit"', "judged_on = ‘visit’", [(13, "‘", '"'), (19, "’", '"')]),
        ('judged_on = "visit"', "judged_on = 「visit」", [(13, "「", '"'), (19, "」", '"')]),
        ('judged_on = "visit"', 'judged_on： "visit"', [(10, "：", "=")]),
        ("[calendar]", "【calendar】", [(1, "【", "["), (10, "】", "]")]),
        ('rank = ["minister", "bureau", "other"]', 'rank = ["minister"、 "bureau"， "other"］',
         [(19, "、", ","), (29, "，", ","), (38, "］", "]")]),
        ('zh = "低"', "zh = 低", [(15, "低", '"低"')]),
        ("most = 300\ncount", "most = ３００\ncount", [(8, "３００", "300")]),
        ("most = 300\ncount", "most = 300 元\ncount", [(8, "300 元", "300")]),
        ("most = 300\ncount", "most = 300元\ncount", [(8, "300元", "300")]),
        ("most = 300\ncount", "most = 0.03万元\ncount", [(8, "0.03万元", "300")]),
        ("effective = 2026-01-01", "effective = 2026年1月1日", [(13, "2026年1月1日", "2026-01-01")]),
        ("2026-05-09", "２０２６－０５－０９", [(13, "２０２６", "2026"), (17, "－", "-"), (18, "０５", "05"),
                                       (20, "－", "-"), (21, "０９", "09")]),
        ("most = 300\ncount", "most = ￥300\ncount", [(8, "￥", "")]),
        ("most = 300\ncount", "most = 3，00\ncount", [(9, "，", ",")]),
        ("most = 300\ncount", "most = 300，\ncount", [(11, "，", "")]),
        ("most = 300\ncount", "most = 300； # 元\ncount", [(11, "；", "")]),
        ("most = 300\ncount", "most = 300。 \ncount", [(11, "。", "")]),
        ('least = "3wd"', "least = 3个工作日", [(9, "3个工作日", '"3wd"')]),
        ('before = "30m"', "before = 30分钟", [(10, "30分钟", '"30m"')]),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_column_and_mended(good: str, typed: str, places: list[tuple[int, str, str]]) -> None:
    text = changed(good, typed)
    line = SMALL[: SMALL.index(good)].count("\n") + 1
    assert [(each.line, each.column, each.was, each.instead) for each in slips(text)] == [
        (line, *place) for place in places
    ]
    said = wrong(text)
    assert {at for at, *_ in said} == {line}
    for (_, zh, en), (column, was, instead) in zip(said, places, strict=False):
        assert f"第 {column} 列" in zh
        assert f"column {column}" in en
        assert all(each in sentence for sentence in (zh, en) for each in (was, instead))


def test_a_blank_and_what_nobody_sees_are_named() -> None:
    said = wrong(changed("[calendar]", "[calendar]\u3000\u200b"))
    assert "第 11 列是全角空格" in said[0][1]
    assert "U+200B" in said[1][1]


def test_strings_and_comments_stay() -> None:
    """Chinese signs belong into Chinese texts: only what is outside of them is a slip."""
    text = 'a = "“好”，＝１５０元" # “注”，＝\nb = """“\n，"""\nc = \'，\'\nd ＝ 1\n'
    assert [each.was for each in slips(text)] == ["＝"]
    assert mended(text) == text.replace("d ＝", "d =")


def test_a_whole_file_typed_with_the_input_method_on() -> None:
    """Each sign is named, and the mended text is the policy that was meant."""
    lines = SMALL.splitlines(keepends=True)
    typed = "".join(line if "Founders" in line else line.translate(WIDE) for line in lines)
    assert load_text(mended(typed)).kinds == load_text(SMALL).kinds
    assert len(wrong(typed)) == len(slips(typed)) > 300


def test_where_it_is_no_slip_the_column_is_said() -> None:
    [(line, zh, en)] = wrong(changed('judged_on = "visit"', "judged_on = visit"))
    assert (line, "第 13 列" in zh, "column 13" in en) == (2, True, True)


def test_a_request_says_so_too() -> None:
    with pytest.raises(RequestErrors) as caught:
        read_request(load_text(SMALL), "client ＝ “Acme”\n")
    assert [each.phrase.facts["column"] for each in caught.value.problems] == [8, 10, 15]


@pytest.mark.parametrize(
    ("good", "typed", "number"),
    [
        ("most = 300\ncount", 'most = "300"\ncount', "300"),
        ("most = 300\ncount", 'most = "300元"\ncount', "300"),
        ("most = 300\ncount", 'most = "１，３００.50 元"\ncount', "1300.50"),
        ("most = 300\ncount", 'most = "0.2万"\ncount', "2000"),
        ("count = 2", 'count = "2"', "2"),
        ("base = 5", 'base = "5"', "5"),
        ('most = "suite"', 'most = "150"', "150"),
        ("most = { high = 80.50", 'most = { high = "80.50"', "80.50"),
    ],
)
def test_money_stands_without_quotes(good: str, typed: str, number: str) -> None:
    [(_, zh, en)] = wrong(changed(good, typed))
    assert f"不加引号，请写 {number}" in zh
    assert f"stand without: write {number}" in en


def test_true_stands_without_quotes() -> None:
    [(_, zh, en)] = wrong(changed("may_drop = true", 'may_drop = true\nassignee = "true"'))
    assert "不加引号" in zh
    assert "write true without them" in en


def test_the_copy_is_written_beside_and_never_over_another(tmp_path: Path) -> None:
    spoilt = changed('judged_on = "visit"', "judged_on ＝ “visit”")
    file = tmp_path / "my.toml"
    file.write_bytes(b"\xef\xbb\xbf" + spoilt.replace("\n", "\r\n").encode())
    before = file.read_bytes()
    for name in ("my.toml.fixed", "my.toml.fixed.2"):
        assert write_mended(str(file)) == (str(tmp_path / name), 3)
        assert load_text((tmp_path / name).read_text("utf-8-sig")).judged_on == "visit"
    assert file.read_bytes() == before
    assert write_mended(str(tmp_path / "my.toml.fixed")) is None
    assert sorted(os.listdir(tmp_path)) == ["my.toml", "my.toml.fixed", "my.toml.fixed.2"]


@given(st.text(alphabet="ab =[]{},\"'#\n\\.1９＝［］“”‘’，。元天　【：", max_size=60))
def test_any_text_is_walked_once(text: str) -> None:
    """Whatever is typed: slips come in order, do not overlap, say what stands there, and never join or split lines."""
    found = slips(text)
    ends = [0, *(each.at + len(each.was) for each in found)]
    assert all(each.at >= end for each, end in zip(found, ends, strict=False))
    assert all(text[each.at :].startswith(each.was) for each in found)
    assert mended(text).count("\n") == text.count("\n")


@given(st.text(alphabet="ab =[]{},\"'#\n\\.1９＝［］“”，元", max_size=60))
def test_what_is_toml_is_never_called_wrong(text: str) -> None:
    try:
        tomllib.loads(text)
    except ValueError:
        return
    with_effect = load_error(text)
    assert not any("column" in each for each in with_effect)


def load_error(text: str) -> list[str]:
    try:
        load_text(text)
    except PolicyErrors as errors:
        return errors.said(words("en"))
    return []
