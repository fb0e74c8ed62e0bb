"""What the benchmark measures: seconds to a sign on the screen, seconds of a command, bytes and CPU for a key; and the
row in which it is said.

CPU seconds are the child's own, all its threads together (Linux): on a busy machine they say more than the wall clock.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import median

from models.words import pad
from tests.ui.term import KEYS, Term

PATIENCE = 30.0
"""Seconds a program has to show its first sign."""
NAME, AIM = 52, 12
"""The cells of the first two columns of the table."""


@dataclass(frozen=True)
class Row:
    """One measure: its name, the most it should be ("" where none was set), what it is now."""

    name: str
    aim: str
    measured: str


@dataclass(frozen=True)
class Took:
    """Seconds by the wall clock and of the processor."""

    wall: float
    cpu: float


def table(rows: Iterable[Row]) -> Iterator[str]:
    """The lines of the table, each as soon as it is measured."""
    for row in chain([Row("measure", "aim", "measured")], rows):
        yield f"{pad(row.name, NAME)}{pad(row.aim, AIM)}{row.measured}"


def ratio(name: str, aim: float, took: Took, base: Took, *, wall: bool = False) -> Row:
    """How many times the CPU of `base` something took, the wall clock too where that was measured."""
    said = f"{took.cpu / base.cpu:.2f} x CPU"
    if wall:
        said += f", {took.wall / base.wall:.2f} x by the clock"
    return Row(name, f"{aim:g} x", f"{said} ({took.cpu * 1000:.0f} ms to {base.cpu * 1000:.0f})")


def interleaved(runs: int, programs: Mapping[str, Callable[[], Took]]) -> dict[str, Took]:
    """Each program run so many times, turn by turn so that what else the machine does hits all alike; the medians."""
    taken: dict[str, list[Took]] = {name: [] for name in programs}
    for _ in range(runs):
        for name, run in programs.items():
            taken[name].append(run())
    return {name: middle(took) for name, took in taken.items()}


def middle(took: Sequence[Took]) -> Took:
    """The median of each."""
    return Took(median(each.wall for each in took), median(each.cpu for each in took))


def command(words: Sequence[str], env: Mapping[str, str]) -> Took:
    """A command from its start to its end. Raises RuntimeError when it fails."""
    begin = time.perf_counter()
    process = subprocess.Popen(words, env=dict(env), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.stderr is not None
    with process.stderr as said:
        if process.returncode:
            raise RuntimeError(f"{' '.join(words)}: {said.read().decode(errors='replace')}")
    return Took(wall, used.ru_utime + used.ru_stime)


def to_sign(words: Sequence[str], sign: str, env: Mapping[str, str]) -> Took:
    """A program in an 80×24 terminal from its start until it has written `sign`, which its last part of the first
    paint holds; then it is ended. Raises RuntimeError when the sign does not come."""
    begin = time.perf_counter()
    with Term(words, env=env) as term:
        while sign.encode() not in term.raw:
            if not term.receive(PATIENCE):
                raise RuntimeError(f"{' '.join(words)}: {sign!r} not seen in {term.raw!r}")
        return Took(time.perf_counter() - begin, _cpu(term.process.pid))


def _cpu(pid: int) -> float:
    """CPU seconds of a process that still runs: its clock, numbered as `clock_getcpuclockid` does on Linux."""
    return time.clock_gettime((~pid << 3) | 2)


def answered(term: Term, *names: str) -> Took:
    """What it takes the program to answer these keys, each after the one before it, until it rests again."""
    begin, before = time.perf_counter(), _cpu(term.process.pid)
    key(term, *names)
    return Took(time.perf_counter() - begin, _cpu(term.process.pid) - before)


def key(term: Term, *names: str) -> list[int]:
    """The bytes written in answer to each of these keys."""
    sizes = []
    for name in names:
        term.send(KEYS.get(name, name).encode())
        sizes.append(len(term.settle()))
    return sizes
