"""One thing written in several ways is one thing, and is found by each of them; two things stay two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.words import alike, clean
from tests.unit.rewritten import rewritten


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
