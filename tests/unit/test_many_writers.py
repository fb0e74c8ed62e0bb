"""Eight people who write at once, each in a process of their own: none is refused for a lock, nothing is lost."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from models.errors import Refused
from models.form import Form
from models.policy.load import load_file
from models.queries.visit_history import agreement
from models.schema import journal
from models.schema.store import open_store, reading
from models.schema.tables import Journal, Note, Task, Visit
from models.services import day_verbs, request_verbs, task_verbs
from models.services.session import Actor, Session
from tests.unit.life import CONFIG, POSTS, Company, approved, form

PEOPLE = 8
STALE = ("stale", "stale_task", "task.done", "task.open")
"""What may be refused: somebody else was faster with the same task, which was said and tried again."""


def write_often(path: str, person: int, name: str, visit: int, n: int, said: Queue[tuple[str, str]]) -> None:
    """Notes, promises, drafts and ticks in turn on one visit that all work on; says what it did, or why not."""
    opened = open_store(path)
    policy, now = load_file(CONFIG), datetime(2026, 11, 30, 9, tzinfo=UTC)
    session = Session(Actor(person, name, "test"), lambda: now, policy)
    saved = None
    for turn in range(n):
        kind = ("note", "promise", "draft", "tick")[turn % 4]
        try:
            if kind == "note":
                day_verbs.note(session, visit, f"{name} {turn}")
            elif kind == "promise":
                day_verbs.promise(session, visit, f"{name} {turn}")
            elif kind == "draft":
                saved = saved or request_verbs.new_draft(session)
                wanted = Form(client=f"{name} {turn}")
                saved = request_verbs.save_draft(session, saved.visit, wanted, expected=saved.version)
            else:
                toggle(session, visit, turn)
            said.put((kind, ""))
        except Refused as refused:
            said.put((kind, refused.code))
    opened.close()


def toggle(session: Session, visit: int, turn: int) -> None:
    """Tick a task of the visit, or take the tick back; who is overtaken looks again, as a person would."""
    while True:
        with reading():
            tasks = list(Task.select().where(Task.visit == visit, ~Task.needs_assignee).order_by(Task.id))
        task = tasks[turn % len(tasks)]
        try:
            (task_verbs.tick if task.state == "open" else task_verbs.untick)(session, task.id, expected=task.version)
            return
        except Refused as refused:
            if refused.code not in STALE:
                raise


@pytest.mark.parametrize("n", [12, pytest.param(200, marks=pytest.mark.long)])
def test_eight_processes_write_at_once(who: Company, tmp_path: Path, n: int) -> None:
    done = approved(who, form(who))
    with reading():
        before = Journal.select().count()
    spawn: Any = multiprocessing.get_context("spawn")
    said = spawn.Queue()
    # whoever runs the visit may tick any of its tasks, and take any tick back
    names = (["林小雨", "王海峰"] * PEOPLE)[:PEOPLE]
    assert set(names) <= set(POSTS)
    processes = [
        spawn.Process(target=write_often, args=(str(tmp_path / "store.db"), who.ids[name], name, done.visit, n, said))
        for name in names
    ]
    for process in processes:
        process.start()
    told = [said.get(timeout=600) for _ in range(PEOPLE * n)]
    for process in processes:
        process.join(600)
    assert Counter(code for _, code in told) == {"": PEOPLE * n}
    kinds = Counter(kind for kind, _ in told)
    report = journal.verify()
    assert report.broken is None
    assert report.entries == before + kinds["note"] + kinds["promise"] + kinds["tick"]
    with reading():
        assert Note.select().where(Note.visit == done.visit).count() == kinds["note"] + kinds["promise"]
        assert Visit.select().where(Visit.state == "draft").count() == PEOPLE
    assert agreement().whole
