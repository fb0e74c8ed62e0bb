"""Today on the sample company in a real terminal: how much is written, and when nothing is."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from tests.sample import DAY, ZONE, Sample
from tests.ui.term import Term, python

SCRIPT = Path(__file__).with_name("run_sample.py")
LANGUAGES = {"zh": ("今日", "F1 帮助"), "en": ("Today", "F1 Help")}
pytestmark = pytest.mark.pty


def opened(sample: Sample, tmp_path: Path, at: str, language: str = "zh", **env: str) -> Term:
    """Today, painted, on a copy of the sample company."""
    store = sample(DAY, tmp_path / "store.db")
    command = python(SCRIPT, f"{DAY}T{at}", "--store", str(store), "--as", "林小雨", "--lang", language)
    term = Term(command, env={"HOME": str(tmp_path), "TZ": ZONE.key, **env}, asked=True)
    title, end = LANGUAGES[language]
    term.until(lambda text: title in text and end in text and "江南智造集团" in text)
    term.settle()
    return term


def put_on(tmp_path: Path, seconds: float) -> None:
    """Put the program's clock on by so many seconds since it began."""
    clock = tmp_path / "clock"
    new = clock.with_suffix(".new")
    new.write_text(str(seconds), "utf-8")
    new.rename(clock)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("at", ["07:50:02", "16:35:02"])
def test_few_bytes(sample: Sample, tmp_path: Path, language: str, at: str) -> None:
    """First paint at most 4 kB, each step of the cursor at most 700 bytes, all that is told of the visit included."""
    with opened(sample, tmp_path, at, language) as term:
        assert len(term.raw) <= 4_000
        steps = [len(term.press("down")) for _ in range(6)]
        steps += [len(term.press("up")) for _ in range(2)]
        assert max(steps) <= 700, steps
        assert median(steps) <= 620, steps
        assert min(steps) > 0


def test_between_two_minutes_nothing_is_written(sample: Sample, tmp_path: Path) -> None:
    with opened(sample, tmp_path, "07:50:02") as term:
        assert "07:50" in term.lines[0]
        for later in range(10, 60, 10):
            put_on(tmp_path, later - 2.5)
            assert term.passes(5) == b""
        assert term.read(0.5) == b"", "and by the terminal's own clock"


def test_on_the_minute_only_what_changed(sample: Sample, tmp_path: Path) -> None:
    with opened(sample, tmp_path, "07:50:35") as term:
        put_on(tmp_path, 25)
        said = term.until(lambda text: "07:51" in text.splitlines()[0])
        assert 0 < len(said + term.settle()) <= 120, said


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "xterm"}, {"TERM": "vt100"}, {"TERM": "linux"}])
def test_nothing_depends_on_colours(sample: Sample, tmp_path: Path, env: dict[str, str]) -> None:
    """The cursor's row, states and alerts are told by signs and words."""
    with opened(sample, tmp_path, "16:35:02", **env) as term:
        rows = [line for line in term.lines if line.startswith(">")]
        assert len(rows) == 1
        assert "已接" in rows[0]
        assert "逾期" in rows[0]
        assert "过时" in term.text
        screen = term.press("4") and term.text
        assert "审批" in screen.splitlines()[0]
        assert "! " in screen or "规定上没有问题" in screen
