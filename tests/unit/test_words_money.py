"""Amounts are typed in many ways and kept in one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.words import words
from models.words.money import MOST, NotMoney, parse_money, say_money


@pytest.mark.parametrize(
    ("minor", "digits", "said"),
    [
        (176000, 2, "1,760"),
        (176050, 2, "1,760.50"),
        (5, 2, "0.05"),
        (0, 2, "0"),
        (1760, 0, "1,760"),
        (-176005, 2, "-1,760.05"),
        (1234567, 3, "1,234.567"),
        (123456789000, 2, "1,234,567,890"),
    ],
)
def test_said(minor: int, digits: int, said: str) -> None:
    assert say_money(minor, digits) == said


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1,760", 176000),
        ("1760.5", 176050),
        ("1760.50", 176050),
        ("１７６０", 176000),
        ("１，７６０．５", 176050),
        ("¥1760", 176000),
        ("￥1,760", 176000),
        ("1760元", 176000),
        (" ¥ 1760 元 ", 176000),
        ("0", 0),
        ("007", 700),
        ("0.05", 5),
        ("1760。5", 176050),
        ("999,999,999", MOST * 100),
        ("1 200", 120000),
        ("1\u00a0200.50", 120050),
        ("1.2万", 1200000),
        ("１．２万元", 1200000),
        ("3千", 300000),
        ("1.2k", 120000),
        ("120块", 12000),
        ("120块钱", 12000),
        ("1200元整", 120000),
        ("RMB 1,200", 120000),
        ("1.00005万", 1000050),
    ],
)
def test_typed(text: str, minor: int) -> None:
    assert parse_money(text, 2) == minor


def test_a_currency_without_decimals() -> None:
    assert parse_money("1,760", 0) == 1760


@pytest.mark.parametrize(
    ("text", "digits", "key"),
    [
        ("", 2, "money.not_money"),
        ("abc", 2, "money.not_money"),
        ("17,60", 2, "money.not_money"),
        ("1,7600", 2, "money.not_money"),
        (",760", 2, "money.not_money"),
        ("1760,000", 2, "money.not_money"),
        (".5", 2, "money.not_money"),
        ("5.", 2, "money.not_money"),
        ("1.2.3", 2, "money.not_money"),
        ("1e5", 2, "money.not_money"),
        ("$5", 2, "money.not_money"),
        ("三百", 2, "money.not_money"),
        ("٣", 2, "money.not_money"),
        ("--5", 2, "money.not_money"),
        ("-5", 2, "money.negative"),
        ("－５", 2, "money.negative"),
        ("¥-5", 2, "money.negative"),
        ("1.555", 2, "money.decimals"),
        ("1.5", 0, "money.whole"),
        ("1000000000", 2, "money.too_much"),
        ("9" * 5000, 2, "money.too_much"),
    ],
)
def test_refused_with_a_sentence(text: str, digits: int, key: str) -> None:
    with pytest.raises(NotMoney) as refused:
        parse_money(text, digits)
    assert refused.value.phrase.key == key
    for language in ("zh", "en"):
        assert len(words(language).text(refused.value.phrase)) < 120


def test_the_sentence_names_the_value_and_what_is_allowed() -> None:
    with pytest.raises(NotMoney) as refused:
        parse_money("1.555")
    assert words("zh").text(refused.value.phrase) == "金额“1.555”小数太多：最多 2 位"
    assert words("en").text(refused.value.phrase) == "The amount “1.555” has too many decimals. At most 2"


@given(st.integers(0, MOST * 100), st.integers(0, 3))
def test_what_is_said_can_be_typed(minor: int, digits: int) -> None:
    if minor <= MOST * 10**digits:
        assert parse_money(say_money(minor, digits), digits) == minor


@given(st.text())
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        amount = parse_money(text)
    except NotMoney:
        return
    assert 0 <= amount <= MOST * 100
