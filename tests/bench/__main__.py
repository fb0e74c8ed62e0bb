"""The benchmarks, run by hand: `python -m tests.bench [RUNS]`. Prints figures beside their aims; asserts nothing."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from statistics import median

from models.demo import GUIDE, build
from models.policy.load import load_file
from models.queries.today import today
from models.schema.store import open_store
from models.services.desk import Actor, Desk
from screens.kit.commands import BY_SCREEN
from tests.bench import policy as of_policy
from tests.bench import verbs as of_verbs
from tests.bench.measure import Took, command, interleaved, key, to_sign
from tests.bench.smallest import SAID
from tests.ui.term import Term
from tui.clock import clock_of

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config.toml"
JIEDAI = str(Path(sys.executable).with_name("jiedai"))
SMALLEST = str(Path(__file__).with_name("smallest.py"))
STEPS = 6


def main() -> None:
    """All benchmarks, each on a sample company and a home folder of its own."""
    runs = max(9, int(sys.argv[1]) if len(sys.argv) > 1 else 11)
    print(f"80x24, medians of {runs} runs each, turn by turn; load average {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        env = _environment(home)
        store = home / "sample.db"
        policy = load_file(CONFIG)
        build(store, _now().date(), policy)
        screens = [JIEDAI, "--store", str(store), "--config", str(CONFIG), "--as", GUIDE]
        for part in (
            _start(runs, screens, _last_client(store), env),
            _bytes(screens, env),
            _standards(runs, home, env),
        ):
            print("\n" + "\n".join(part), flush=True)
    print()
    of_policy.main()
    print()
    of_verbs.main()


def _environment(home: Path) -> dict[str, str]:
    """What a person has who never used the program."""
    return {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "TERM": "xterm-256color", "LANG": "zh_CN.UTF-8"}


def _now() -> datetime:
    return clock_of("")().replace(tzinfo=None)


def _last_client(store: Path) -> str:
    """The client on the last line of today's list: who sees it sees the whole list."""
    opened = open_store(store)
    try:
        desk = Desk(Actor(None, "", ""), clock_of(""), load_file(CONFIG))
        return today(desk, desk.now().date()).lines[-1].client
    finally:
        opened.close()


def _start(runs: int, screens: list[str], sign: str, env: Mapping[str, str]) -> Iterator[str]:
    python = [sys.executable, SMALLEST]
    took = interleaved(
        runs,
        {
            "smallest Textual program": lambda: to_sign(python, SAID, env),
            "jiedai, Today": lambda: to_sign(screens, sign, env),
        },
    )
    yield "start to first paint"
    yield from _compared(took, {"jiedai, Today": 1.5})


def _standards(runs: int, home: Path, env: Mapping[str, str]) -> Iterator[str]:
    words = [JIEDAI, "standards", "vip", "--config", str(CONFIG)]

    def without_cache() -> Took:
        shutil.rmtree(home / ".cache", ignore_errors=True)
        return command(words, env)

    took = interleaved(
        runs,
        {
            "python -c pass": lambda: command([sys.executable, "-c", "pass"], env),
            "standards, no cache": without_cache,
            "standards, cache": lambda: command(words, env),
        },
    )
    yield "jiedai standards vip"
    yield from _compared(took, {"standards, cache": 3.5, "standards, no cache": 7})


def _compared(took: Mapping[str, Took], aims: Mapping[str, float]) -> Iterator[str]:
    """The first program's times, and those of the others as ratios to it."""
    base = next(iter(took.values()))
    yield f"  {'':<26}{'wall':>8}{'':>8}{'CPU':>8}"
    for name, each in took.items():
        line = f"  {name:<26}{each.wall * 1000:5.0f} ms"
        if each is base:
            yield f"{line}{'':>8}{each.cpu * 1000:5.0f} ms"
            continue
        ratios = f"{each.wall / base.wall:6.2f} x{each.cpu * 1000:5.0f} ms{each.cpu / base.cpu:6.2f} x"
        yield f"{line}{ratios}    aim {aims[name]:g} x"


def _bytes(screens: list[str], env: Mapping[str, str]) -> Iterator[str]:
    yield f"bytes to the terminal      {'open':>8}{'step':>8}{'most':>8}{'page':>8}"
    with Term(screens, env=env) as term:
        paint = len(term.settle(1.0))
        yield f"  {'first paint, Today':<25}{paint:>8}{_walk(term)}    aim 16000 open, 700 step"
        for digit, name in _tabs():
            yield f"  {name:<25}{key(term, digit)[0]:>8}{_walk(term)}"
        key(term, "1")
        for name in ("f6", "f2", "f1"):
            opened, closed = key(term, name, "esc")
            yield f"  {name.upper()} open, Esc{'':<13}{opened:>8}{closed:>8}"
        yield f"  {'at rest, 3 s':<25}{len(term.read(3.0)):>8}"


def _walk(term: Term) -> str:
    """The cursor down some rows one by one, to the top, a page down: median and most of the steps, the page."""
    steps = key(term, *["down"] * STEPS)
    page = key(term, "home", "pgdn")[1]
    return f"{median(steps):>8.0f}{max(steps):>8}{page:>8}"


def _tabs() -> Iterator[tuple[str, str]]:
    for each in BY_SCREEN["app"]:
        if each.opens not in ("", "today") and importlib.util.find_spec(f"screens.{each.opens}"):
            yield each.keys[0], each.opens


if __name__ == "__main__":
    main()
