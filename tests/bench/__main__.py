"""The benchmarks, run by hand: `python -m tests.bench [RUNS] [PART...]`. Prints one table, a row a measure, its aim
beside it; asserts nothing."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

from models.demo import GUIDE
from models.demo.reception import build
from models.policy.load import load_file
from models.queries.day_lists import today
from models.schema.store import open_store
from models.services.session import Actor, Session
from screens.kit.commands import BY_SCREEN
from tests.bench import office as of_office
from tests.bench import policy as of_policy
from tests.bench import verbs as of_verbs
from tests.bench.measure import Row, Took, answered, command, interleaved, key, middle, ratio, table, to_sign
from tests.bench.smallest import KEYS, SAID
from tests.ui.term import Term
from tui.clock import clock_of

CONFIG = Path(__file__).parents[2] / "config.toml"
JIEDAI = str(Path(sys.executable).with_name("jiedai"))
SMALLEST = [sys.executable, str(Path(__file__).with_name("smallest.py"))]
RUNS = 11
STEPS = 6
AIMS = {"today": 16_000, "step": 700}
"""The most bytes of Today's first paint, and of a step of the cursor."""


@dataclass(frozen=True)
class Bench:
    """What every part measures on: so many runs, a sample company in `store`, a home folder of its own."""

    runs: int
    home: Path
    store: Path

    @property
    def env(self) -> Mapping[str, str]:
        """What a person has who never used the program."""
        return {
            "PATH": os.environ.get("PATH", ""), "HOME": str(self.home), "TERM": "xterm-256color",
            "LANG": "zh_CN.UTF-8",
        }  # fmt: skip

    @property
    def screens(self) -> list[str]:
        """The command that opens the program on the sample company."""
        return [JIEDAI, "--store", str(self.store), "--config", str(CONFIG), "--as", GUIDE]


def main() -> None:
    """All parts, or those named."""
    named = [word for word in sys.argv[1:] if not word.isdecimal()]
    runs = next((int(word) for word in sys.argv[1:] if word.isdecimal()), RUNS)
    if unknown := set(named) - set(PARTS):
        sys.exit(f"no part {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    print(f"80x24, medians of {runs} runs each, turn by turn; load average {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(runs, Path(folder), Path(folder) / "sample.db")
        build(bench.store, _now().date(), load_file(CONFIG))
        for line in table(row for part in named or PARTS for row in PARTS[part](bench)):
            print(line, flush=True)


def _now() -> datetime:
    return clock_of("")().replace(tzinfo=None)


def _last_client(store: Path) -> str:
    """The client on the last line of today's list: who sees it sees the whole list."""
    opened = open_store(store)
    try:
        session = Session(Actor(None, "", ""), clock_of(""), load_file(CONFIG))
        return today(session, session.now().date()).lines[-1].client
    finally:
        opened.close()


# -- parts -------------------------------------------------------------------------------------------------


def start(bench: Bench) -> Iterator[Row]:
    """To the data of Today, against one Static."""
    sign = _last_client(bench.store)
    took = interleaved(
        bench.runs,
        {
            "smallest": lambda: to_sign(SMALLEST, SAID, bench.env),
            "today": lambda: to_sign(bench.screens, sign, bench.env),
        },
    )
    yield ratio("start to the data of Today, to one Static", 1.5, took["today"], took["smallest"], wall=True)


def keys(bench: Bench) -> Iterator[Row]:
    """A step of the cursor, a visit opened again, and a tab of it for the first time, against a table in Textual."""
    with ExitStack() as stack:
        small = stack.enter_context(Term([*SMALLEST, "list"], env=bench.env))
        session = stack.enter_context(Term(bench.screens, env=bench.env))
        small.until(KEYS)
        session.until(_last_client(bench.store))
        for term in (small, session):
            term.settle(1.0)
            key(term, "down", "up", "enter", "esc")  # what is imported or styled the first time
        took = interleaved(
            bench.runs,
            {
                "step, smallest": lambda: answered(small, "down", "up"),
                "step": lambda: answered(session, "down", "up"),
                "switch": lambda: _and_back(small),
                "visit": lambda: _and_back(session),
            },
        )
        tabs: dict[str, list[Took]] = {digit: [] for digit in "234567890"}
        switch = interleaved(
            bench.runs, {"switch": lambda: _and_back(small), "tabs": lambda: _each_tab(session, tabs)}
        )["switch"]
    worst = max(map(middle, tabs.values()), key=lambda took: took.cpu)
    yield ratio("two steps of the cursor on Today, to a DataTable's", 1.4, took["step"], took["step, smallest"])
    yield ratio("a visit opened again, to a new screen", 1.5, took["visit"], took["switch"])
    yield ratio("the slowest tab of it, first time, to a new screen", 1.5, worst, switch)


def _and_back(term: Term) -> Took:
    """Enter and what it takes; then Esc."""
    took = answered(term, "enter")
    key(term, "esc")
    return took


def _each_tab(term: Term, taken: dict[str, list[Took]]) -> Took:
    """The tabs of a visit that was just opened, each by its digit, into `taken`; then back. What the last one took."""
    key(term, "enter")
    for digit, tooks in taken.items():
        tooks.append(answered(term, digit))
    key(term, "esc")
    return tooks[-1]


def standards(bench: Bench) -> Iterator[Row]:
    """The command `standards vip`, against a Python that does nothing."""
    words = [JIEDAI, "standards", "vip", "--config", str(CONFIG)]

    def without_cache() -> Took:
        shutil.rmtree(bench.home / ".cache", ignore_errors=True)
        return command(words, bench.env)

    took = interleaved(
        bench.runs,
        {
            "python": lambda: command([sys.executable, "-c", "pass"], bench.env),
            "no cache": without_cache,
            "cache": lambda: command(words, bench.env),
        },
    )
    for name, aim in (("cache", 3.5), ("no cache", 7)):
        yield ratio(f"jiedai standards vip, {name}, to python -c pass", aim, took[name], took["python"], wall=True)


def written(bench: Bench) -> Iterator[Row]:
    """Bytes to the terminal."""
    with Term(bench.screens, env=bench.env) as term:
        opened = len(term.settle(1.0))
        yield Row("bytes: first paint, Today", f"{AIMS['today']}", f"{opened}")
        yield _walk(term, "today", f"{AIMS['step']}")
        for digit, name in _tabs():
            yield Row(f"bytes: {name} opened", "", f"{key(term, digit)[0]}")
            yield _walk(term, name, "")
        key(term, "1")
        for name in ("f6", "f2", "f1"):
            opened, closed = key(term, name, "esc")
            yield Row(f"bytes: {name.upper()}, and Esc", "", f"{opened}, {closed}")
        yield Row("bytes: at rest, 3 s", "0", f"{len(term.read(3.0))}")


def _walk(term: Term, screen: str, aim: str) -> Row:
    """The cursor down some rows one by one, to the top, a page down: median and most of the steps, the page."""
    steps = key(term, *["down"] * STEPS)
    page = key(term, "home", "pgdn")[1]
    return Row(f"bytes: {screen}, a step", aim, f"{median(steps):.0f}, at most {max(steps)}; a page {page}")


def _tabs() -> Iterator[tuple[str, str]]:
    for each in BY_SCREEN["app"]:
        if each.opens not in ("", "today") and importlib.util.find_spec(f"screens.{each.opens}"):
            yield each.keys[0], each.opens


PARTS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "start": start,
    "keys": keys,
    "bytes": written,
    "standards": standards,
    "policy": lambda bench: of_policy.rows(bench.runs),
    "verbs": lambda bench: of_verbs.rows(bench.runs),
    "office": lambda bench: of_office.rows(),
}
"""What can be measured, by the name that asks for it alone."""


if __name__ == "__main__":
    main()
