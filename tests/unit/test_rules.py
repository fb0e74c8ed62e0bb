"""Every rule of the regulation and every reading of it is named in a test, as a word of its own."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
RULES = [*(f"R{number}" for number in range(1, 113)), "R89a", "R89b", *(f"A{number}" for number in range(1, 35))]
RANGE = re.compile(r"\b[RA]\d+[ab]?\s*(?:-|–|—|~|\.\.\.?|…|to|至|到)\s*[RA]?\d+[ab]?\b")


def words_of(text: str) -> set[str]:
    """The rules that a text names one by one: neither as part of a name nor within a range."""
    return set(re.findall(r"\b[RA]\d+[ab]?\b", RANGE.sub(" ", text)))


def test_a_name_or_a_range_does_not_count() -> None:
    assert words_of("R53, (A4) 'R89a' R1.") == {"R53", "A4", "R89a", "R1"}
    assert words_of("test_R53_parts R53x xR53 R26–R35 R36-69 R36 to R69 A1..A34 R99 … R111") == set()


def test_every_rule_is_named_in_a_test() -> None:
    own = Path(__file__).name
    files = [path for path in sorted(TESTS.rglob("test_*.py")) if path.name != own]
    named = set().union(*(words_of(path.read_text("utf-8")) for path in files))
    assert len(RULES) == 112 + 2 + 34
    assert [rule for rule in RULES if rule not in named] == []
