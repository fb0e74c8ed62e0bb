"""What the verbs cost that cost most, against ticking a task: `python -m tests.bench.verbs [RUNS]`. Asserts nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from models.schema.store import reading, trial
from models.schema.tables import Task
from models.services.tasks import tick
from tests.unit.test_statements import busy_day, statements, verbs

AIM = 8.0


def main() -> None:
    """Prints the CPU of each verb, as a multiple of a tick's, and its statements."""
    print("\n".join(lines(int(sys.argv[1]) if len(sys.argv) > 1 else 15)))


def lines(runs: int) -> Iterator[str]:
    """The table, of medians of so many runs; each run is undone."""
    with TemporaryDirectory() as folder, busy_day(Path(folder)) as g:
        measured = verbs(g)
        with reading():
            open_tasks = Task.select().where(Task.state == "open", ~Task.needs_assignee).order_by(Task.id)
            task = next(each for each in open_tasks if not each.after)
        found: dict[str, Callable[[], object]] = {"tick a task": lambda: tick(g.desk, task.id, seen=task.version)}
        found |= measured
        cpu = {name: _cpu(verb, runs) for name, verb in found.items()}
        base = cpu["tick a task"]
        yield f"  {'verb, CPU':<26}{'':>8}{'':>8}  statements"
        for name, verb in found.items():
            ratio = f"{cpu[name] / base:6.2f} x" if name in measured else ""
            aim = f"    aim {AIM:g} x" if name in measured else ""
            yield f"  {name:<26}{cpu[name] * 1000:5.1f} ms{ratio:>8}{len(_undone(verb)):>8}{aim}"


def _cpu(verb: Callable[[], object], runs: int) -> float:
    """CPU seconds of one run, the first left out."""
    taken = []
    for _ in range(runs + 1):
        with trial():
            begin = time.process_time()
            verb()
            taken.append(time.process_time() - begin)
    return median(taken[1:])


def _undone(verb: Callable[[], object]) -> list[str]:
    with trial():
        return statements(verb)


if __name__ == "__main__":
    main()
