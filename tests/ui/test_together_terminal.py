"""Two people in two terminals, a process each, on one store: each sees the other's step; at rest nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sample import DAY, ZONE, Sample
from tests.ui.term import Term, python

SCRIPT = Path(__file__).with_name("run_sample.py")
pytestmark = pytest.mark.pty


def at_work(store: Path, home: Path, name: str) -> Term:
    """Today as one of the people opens it."""
    command = python(SCRIPT, f"{DAY}T07:50:02", "--store", str(store), "--as", name, "--lang", "zh")
    term = Term(command, env={"HOME": str(home), "TZ": ZONE.key})
    term.until(lambda text: "今日" in text and "F1 帮助" in text and "江南智造集团" in text and name in text)
    term.settle()
    return term


def test_each_sees_what_the_other_does(sample: Sample, tmp_path: Path) -> None:
    """A note of one is on the other's screen, whose cursor stays; and the other way round. Then both are quiet."""
    store = sample(DAY, tmp_path / "store.db")
    homes = [tmp_path / name for name in ("one", "two")]
    for home in homes:
        home.mkdir()
    with at_work(store, homes[0], "林小雨") as one, at_work(store, homes[1], "林小雨") as two:
        for term in (one, two):
            term.press("f9")
            term.until(lambda text: "交接" in text)
            term.settle()
            term.press("esc")
            term.settle()
        one.press("o")
        for key in "12345":
            one.press(key)
        one.press("enter")
        one.until(lambda text: "12345" in text)
        two.until(lambda text: "12345" in text)
        two.press("o")
        for key in "98765":
            two.press(key)
        two.press("enter")
        one.until(lambda text: "98765" in text)
        for term in (one, two):
            term.settle()
        assert one.read(3) == two.read(1) == b""
