"""Twenty people over SSH, each pressing a key a second: how long until the paint, and how much memory each takes."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from tests.bench.measure import Row
from tests.office.sshd import PEOPLE, Desk, desk, why_not
from tests.ui.term import KEYS, Term
from tests.unit.life import form, submitted

SESSIONS, SECONDS = 20, 60
"""So many people, and for how long."""


def rows(sessions: int = SESSIONS, seconds: float = SECONDS) -> Iterator[Row]:
    """Key to first paint (median, p95, p99), memory of a session, and what of one processor all of them take."""
    name = f"{sessions} sessions over SSH, a key a second"
    if why_not():
        yield Row(name, "", f"not measured: {why_not()}")
        return
    with TemporaryDirectory() as folder, desk(Path(folder)) as at, ExitStack() as open_terminals:
        for client in ("江南智造集团", "北方机床", "远东电缆"):
            submitted(at.machine.who, form(at.machine.who, client=client))
        terminals = [open_terminals.enter_context(at.terminal(PEOPLE[n % len(PEOPLE)])) for n in range(sessions)]
        for terminal in terminals:
            terminal.until("F1")
            terminal.press("4")
            terminal.until("远东电缆")
        memory, before, begun = _memory(at), _processor(at), time.perf_counter()
        waits = sorted(_pressed(terminals, seconds))
        busy = (_processor(at) - before) / (time.perf_counter() - begun)
        cuts = quantiles(waits, n=100)
        said = " / ".join([f"{each * 1000:.0f}" for each in (median(waits), cuts[94], cuts[98])])
        yield Row(name, "p95 100 ms", f"{said} ms to the paint (median / p95 / p99 of {len(waits)})")
        yield Row("  memory of one, shared pages by shares", "60 MB", f"{memory / 1e6:.0f} MB")
        yield Row("  of one processor, all of them", "", f"{busy * 100:.0f} %")
        yield Row("  another's request on every screen", "2 s", f"{_noticed(at, terminals):.1f} s")


def _pressed(terminals: list[Term], seconds: float) -> Iterator[float]:
    """Seconds from each key to the first that is painted after it; the keys are spread over each second."""
    sent: dict[int, float] = {}
    begin = time.perf_counter()
    due = [(begin + turn + n / len(terminals), n, turn) for turn in range(int(seconds)) for n in range(len(terminals))]
    handles = {terminal._master: n for n, terminal in enumerate(terminals)}
    while due or sent:
        now = time.perf_counter()
        if not due and now > begin + seconds + 10:
            return
        while due and due[0][0] <= now:
            _, n, turn = due.pop(0)
            os.write(terminals[n]._master, KEYS["up" if turn % 2 else "down"].encode())
            sent.setdefault(n, time.perf_counter())
        left = max(0.0, due[0][0] - now) if due else 0.1
        for handle in select.select(list(handles), [], [], left)[0]:
            os.read(handle, 65536)
            began = sent.pop(handles[handle], None)
            if began is not None:
                yield time.perf_counter() - began


def _noticed(at: Desk, terminals: list[Term]) -> float:
    """Seconds until all of them show what somebody else has just filed, without a key."""
    submitted(at.machine.who, form(at.machine.who, client="南方电气"))
    begin = time.perf_counter()
    waiting = list(terminals)
    while waiting:
        select.select([terminal._master for terminal in waiting], [], [], 1.0)
        for terminal in waiting:
            terminal.receive(0)
        waiting = [terminal for terminal in waiting if "南方电气".encode() not in terminal.raw]
    return time.perf_counter() - begin


def _memory(at: Desk) -> float:
    """Bytes of a session's program, what is shared counted by shares."""
    found = [_pss(pid) for pid in at.programs()]
    return sum(found) / len(found)


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _processor(at: Desk) -> float:
    """Seconds of the processor that the programs have taken."""
    ticks = 0
    for pid in at.programs():
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
