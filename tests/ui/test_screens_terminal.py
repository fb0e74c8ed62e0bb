"""Every screen of the sample company in a real terminal: how much opening it and a step of its cursor write.

In Chinese, whose characters take three bytes each: English writes less."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sample import Sample
from tests.ui.term import Term
from tests.ui.test_today_terminal import opened

pytestmark = pytest.mark.pty
OPEN, STEP, PREVIEWED = 4_000, 700, 850
"""Bytes for a whole screen, for a step of the cursor, and for one that shows another request's whole form beside it."""
STEPS = 5

WAYS: dict[str, tuple[str, ...]] = {
    "calendar": ("2",),
    "requests": ("3",),
    "all requests": ("3", "right"),
    "approvals": ("4",),
    "checklist": ("5", "right"),
    "standards": ("6",),
    "tables": ("6", "f5"),
    "clients": ("7",),
    "statistics": ("8",),
    "register": ("9",),
    "people": ("9", "right"),
    "resources": ("9", "f7"),
    "lanes": ("1", "f4"),
    "notifications": ("1", "f7"),
    "handover": ("1", "f9"),
    "wizard": ("1", "n"),
    **{f"visit {tab}": ("1", "enter", tab) for tab in "234567890"},
}
"""The keys to each from any tab; what lies over a tab is left by Esc."""
READ = ("handover",)
"""Has no cursor: a step moves all that is read."""


@pytest.fixture(scope="module")
def term(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Term]:
    with opened(sample, tmp_path_factory.mktemp("screens"), "10:30:02") as made:
        yield made


@pytest.mark.parametrize("name", WAYS)
def test_few_bytes(term: Term, name: str) -> None:
    ways = WAYS[name]
    for key in ways[:-1]:
        term.press(key)
    paint = len(term.press(ways[-1]))
    walk = sum(len(term.press("down")) for _ in range(STEPS))
    for _ in ways[1:]:
        term.press("esc")
    assert 0 < paint <= OPEN, paint
    if name not in READ:
        assert walk <= STEPS * (PREVIEWED if name == "approvals" else STEP), walk / STEPS
