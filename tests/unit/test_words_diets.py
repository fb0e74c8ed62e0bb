"""What people may not eat: told apart, known by any of their names, summed."""

from __future__ import annotations

import pytest

from models.words import words
from models.words.catalogue import LANGUAGES
from models.words.diets import COMMON, common, needs, said, say, summed

EVIL = "[/x] [bold] =cmd() 买买提·吐尔逊 𠮷"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("清真", "清真 1"),
        ("清真、花生过敏", "清真 1、花生过敏 1"),
        ("Halal, vegetarian", "清真 1、素食 1"),
        ("清真 2", "清真 2"),
        ("清真2人；素 3", "清真 2、素食 3"),
        ("2 halal, 1 vegetarian", "清真 2、素食 1"),
        ("清真×12", "清真 12"),
        ("忌鱼", "忌鱼 1"),
        ("缺维生素B12", "缺维生素B12 1"),
        ("无", ""),
        (" 、，, ", ""),
        ("清真 0", ""),
    ],
)
def test_what_is_typed_is_told_apart_with_its_number(text: str, told: str) -> None:
    assert say(needs(text), words("zh")) == told


def test_a_sum_counts_each_person_once_and_the_unnamed_as_often_as_said() -> None:
    guests = ["清真", "halal、清真餐", "", "素食，花生过敏", "无", "不吃香菜"]
    found = summed(guests, "清真 1、素食 2、忌鱼")
    assert say(found, words("zh")) == "清真 3、素食 3、花生过敏 1、不吃香菜 1、忌鱼 1"
    assert say(found, words("en")) == "halal 3, vegetarian 3, peanut allergy 1, 不吃香菜 1, 忌鱼 1"


def test_one_persons_number_is_one() -> None:
    assert say(summed(["清真 5"]), words("zh")) == "清真 1"


def test_what_is_offered_is_understood_in_both_languages() -> None:
    for code in LANGUAGES:
        offered = common(words(code))
        assert len(offered) == len(COMMON)
        assert say(summed(["、".join(offered)]), words(code)) == say(summed([", ".join(offered)]), words(code))
        assert [need.what for text in offered for need in needs(text)] == [
            n.what for n in needs("、".join(common(words("zh"))))
        ]


def test_whatever_is_typed_is_taken_as_it_is() -> None:
    assert say(needs(EVIL.replace("/", "")), words("en")) == EVIL.replace("/", "") + " 1"


def test_what_one_person_wrote_is_said_in_the_readers_words() -> None:
    assert said("清真、不吃香菜", words("en")) == "halal, 不吃香菜"
    assert said("Halal, peanut allergy", words("zh")) == "清真、花生过敏"
