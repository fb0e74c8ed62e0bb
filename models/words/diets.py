"""What people may not eat, as typed: told apart, known by any of their names, and summed for a kitchen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from models.words.catalogue import LANGUAGES, Phrase, Words, words

COMMON = ("halal", "vegetarian", "vegan", "no_pork", "no_beef", "no_spice", "peanut", "seafood", "lactose", "sugar")
"""What is asked for often, the first first; each has its words under `diet.need`."""

_OTHERS = {
    "halal": ("清真餐", "回民餐", "muslim"),
    "vegetarian": ("素", "吃素", "素餐", "veggie"),
    "vegan": ("全素", "严格素食"),
    "no_pork": ("忌猪肉", "no pork"),
    "no_beef": ("忌牛肉",),
    "no_spice": ("忌辣", "不辣", "not spicy"),
    "peanut": ("对花生过敏", "花生", "peanuts", "allergic to peanuts"),
    "seafood": ("对海鲜过敏", "海鲜", "shellfish allergy"),
    "lactose": ("乳糖不耐", "不喝牛奶"),
    "sugar": ("糖尿病", "diabetic"),
}
"""By what other words each is known."""
_NOTHING = frozenset(["", "-", "无", "没有", "无忌口", "none", "no", "nothing"])
_BETWEEN = r"[、，,;；/\n]+"
_AFTER = r"(.+?)(?:\s*[×*]\s*|\s+|(?<=[\u2e80-\u9fff)）]))(\d{1,4})\s*[人位份]?"
_BEFORE = r"(\d{1,4})\s*(?:[×*人位份个]|\s)\s*(.+)"


class DietNeed(NamedTuple):
    """What `n` people may not eat or want instead: one of the common ones, or what was written."""

    what: Phrase | str
    n: int


def needs(text: str) -> list[DietNeed]:
    """What a text asks for: several are parted by 、 or a comma, each may have its number before or behind it."""
    return [need for part in re.split(_BETWEEN, text) if (need := _need(part.strip())) is not None]


def summed(people: Iterable[str], more: str = "") -> tuple[DietNeed, ...]:
    """How many ask for what: `people` say it of one person each, `more` of as many as it says.

    The common ones first, in their order; then the others as they came.
    """
    counts: dict[Phrase | str, int] = {}
    for text in people:
        for what in dict.fromkeys([need.what for need in needs(text)]):
            counts[what] = counts.get(what, 0) + 1
    for what, n in needs(more):
        counts[what] = counts.get(what, 0) + n
    common = [phrase for need in COMMON if (phrase := _phrase(need)) in counts]
    return tuple([DietNeed(what, counts[what]) for what in [*common, *(each for each in counts if each not in common)]])


def say(found: Iterable[DietNeed], w: Words) -> str:
    """The sum as a kitchen is told it: `清真 2、素食 1`."""
    return listed([f"{w.text(need.what)} {need.n}" for need in found], w)


def said(text: str, w: Words) -> str:
    """What one person wrote, the common ones in the reader's words."""
    return listed([w.text(need.what) for need in needs(text)], w)


def listed(texts: Iterable[str], w: Words) -> str:
    """Several in one line, as they are typed and said."""
    comma = w("diet.and")
    return (f"{comma} " if comma.isascii() else comma).join(texts)


def common(w: Words) -> list[str]:
    """What to offer where such a thing is typed."""
    return [w.text(_phrase(need)) for need in COMMON]


def _need(part: str) -> DietNeed | None:
    after, before = re.fullmatch(_AFTER, part), re.fullmatch(_BEFORE, part)
    what, n = (after[1], int(after[2])) if after else (before[2], int(before[1])) if before else (part, 1)
    folded = _fold(what)
    if folded in _NOTHING or n == 0:
        return None
    known = _known().get(folded)
    return DietNeed(_phrase(known) if known else what.strip(), n)


def _phrase(need: str) -> Phrase:
    return Phrase(f"diet.need.{need}")


@cache
def _known() -> dict[str, str]:
    """The common ones by every word for them, in any language."""
    said = {_fold(words(code).text(_phrase(need))): need for code in LANGUAGES for need in COMMON}
    return said | {_fold(word): need for need, others in _OTHERS.items() for word in others}


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip(" .。")
