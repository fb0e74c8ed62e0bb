"""A pasted list of people is understood in the shapes in which lists come, and nothing of it is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.words.listed import is_table, people

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
