"""What the verbs cost that cost most: SQL statements, and CPU against ticking a task."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from models.schema.store import reading, trial
from models.schema.tables import Task
from models.services.task_verbs import tick
from tests.bench.measure import Row, Took, middle, ratio
from tests.unit.test_statements import busy_day, statements, verbs

AIM = 8.0
"""The CPU of a verb, in ticks of a task."""
FEWEST = {"save a meal": 120, "final approval": 90, "delay": 80, "preview of a delay": 80, "open a visit": 50}
"""The most SQL statements each should take."""


def rows(runs: int) -> Iterator[Row]:
    """The statements and the CPU of each verb, medians of so many runs; each run is undone."""
    with TemporaryDirectory() as folder, busy_day(Path(folder)) as g:
        measured = verbs(g)
        with reading():
            open_tasks = Task.select().where(Task.state == "open", ~Task.needs_assignee).order_by(Task.id)
            task = next(each for each in open_tasks if not each.after)
        tick_one = _cpu(lambda: tick(g.session, task.id, expected=task.version), runs)
        for name, most in FEWEST.items():
            verb = measured[name]
            yield Row(f"{name}: statements", f"{most}", f"{len(_undone(verb))}")
            yield ratio(f"{name}: to ticking a task", AIM, _cpu(verb, runs), tick_one)


def _cpu(verb: Callable[[], object], runs: int) -> Took:
    """What one run takes, the first left out."""
    taken = []
    for _ in range(runs + 1):
        with trial():
            wall, cpu = time.perf_counter(), time.process_time()
            verb()
            taken.append(Took(time.perf_counter() - wall, time.process_time() - cpu))
    return middle(taken[1:])


def _undone(verb: Callable[[], object]) -> list[str]:
    with trial():
        return statements(verb)
