"""Verbs on the tasks of a visit: tick with who and when, assign, drop with a reason.

A task has a version of its own, so that a tick disturbs nobody who works on the visit. What it waits for (`after`) is
told, never a block.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from models.errors import Refused
from models.frozen import NO_ENTRIES, record
from models.policy.model import party_name
from models.schema.store import write
from models.schema.tables import Person, Task, Visit
from models.services.frame import marking
from models.services.rights import ActorContext, of_party, refusals, runs
from models.services.session import Session
from models.services.visits import needed_words, person_name, stale, visit_policy
from models.words import Name, Phrase


@record
class Ticked:
    """What a verb did to a task: its new state and version, and the sentence that says so."""

    task: int
    visit: int
    state: str
    version: int
    message: Phrase


@record
class Bulk:
    """What was done to several tasks at once, and the one sentence for all of them."""

    each: tuple[Ticked, ...]
    message: Phrase


@record
class TaskResult:
    """What was done to a task, as the journal and the `done` catalogue name it, with what the first keeps of it and the
    second says."""

    what: str
    details: Mapping[str, object] = NO_ENTRIES
    facts: Mapping[str, object] = NO_ENTRIES


Act = Callable[[Session, Task, Visit], TaskResult]
"""Changes the row of a task of a visit, which its caller saves."""


def tick(session: Session, task: int, *, expected: int) -> Ticked:
    """Tick a task with all its parts, by the actor, now. Some duties want somebody assigned first (A31)."""
    return _change(session, task, expected, _tick)


def tick_many(session: Session, wanted: Sequence[tuple[int, int]]) -> Bulk:
    """Tick these tasks (each with its version as seen) in one transaction: all of them, or none, and the refusal says
    for which one and why."""
    return _many(session, wanted, _tick, "ticked_many")


def untick_many(session: Session, wanted: Sequence[tuple[int, int]]) -> Bulk:
    """Take the ticks of these tasks back in one transaction: all of them, or none."""
    return _many(session, wanted, _untick, "unticked_many")


def tick_part(session: Session, task: int, index: int, *, expected: int) -> Ticked:
    """Tick or untick one part (R53); the task is done when all its parts are that were not dropped."""

    def act(session: Session, row: Task, visit: Visit) -> TaskResult:
        _wants(row, "open", "done")
        part = _part(row, index)
        if part["dropped"]:
            raise Refused("part_dropped")
        if not part["done"]:
            _assigned(row)
        changed = {**part, "done": False, "by": "", "at": None} if part["done"] else _ticked(session, part)
        row.parts = [*row.parts[:index], changed, *row.parts[index + 1 :]]
        return _settle(session, row, TaskResult("part_ticked" if changed["done"] else "part_unticked", {"part": index}))

    return _change(session, task, expected, act)


def untick(session: Session, task: int, *, expected: int) -> Ticked:
    """Take a tick back: one's own, or any as the one who runs the visit. Parts that were ticked before it stay."""
    return _change(session, task, expected, _untick)


def assign(session: Session, task: int, person: int | None, *, expected: int) -> Ticked:
    """Make somebody answer for a task (A31), or nobody with None."""

    def act(session: Session, row: Task, visit: Visit) -> TaskResult:
        _wants(row, "open")
        found = Person.get_or_none(Person.id == person, Person.active) if person is not None else None
        if person is not None and found is None:
            raise Refused("unknown_person", name=person_name(person) or f"#{person}")
        row.assignee = found
        return TaskResult(
            "assigned" if found else "unassigned", {"person": person}, {"who": found.name if found else ""}
        )

    return _change(session, task, expected, act)


def drop(session: Session, task: int, why: str, *, expected: int, part: int | None = None) -> Ticked:
    """Leave a task, or one part of it, out with a reason, where the policy lets this visit do with less (A25)."""

    def act(session: Session, row: Task, visit: Visit) -> TaskResult:
        _wants(row, "open")
        reason = needed_words(why, "drop_reason_needed")
        if not (row.may_drop if part is None else _part(row, part)["may_drop"]):
            raise Refused("may_not_drop")
        if part is None:
            row.state, row.dropped_for = "dropped", reason
            return TaskResult("dropped", {"why": reason})
        changed = {**row.parts[part], "dropped": True, "done": False, "why": reason}
        row.parts = [*row.parts[:part], changed, *row.parts[part + 1 :]]
        return _settle(session, row, TaskResult("part_dropped", {"part": part, "why": reason}))

    return _change(session, task, expected, act)


def undrop(session: Session, task: int, *, expected: int, part: int | None = None) -> Ticked:
    """Ask for a dropped task, or a dropped part, again."""

    def act(session: Session, row: Task, visit: Visit) -> TaskResult:
        if part is None:
            _wants(row, "dropped")
            row.state, row.dropped_for = "open", ""
            return TaskResult("undropped")
        changed = {**_part(row, part), "dropped": False}
        row.parts = [*row.parts[:part], changed, *row.parts[part + 1 :]]
        return _settle(session, row, TaskResult("undropped", {"part": part}))

    return _change(session, task, expected, act)


def why_not(session: Session, row: Task, visit: Visit) -> Refused | None:
    """Why the actor may not touch a task of a visit now, None where they may; inside `reading` or `write`."""
    context = ActorContext(session, (visit,))
    code = refusals(context, visit, ("task",))["task"]
    if code is not None:
        return Refused(code)
    if row.assignee_id == session.actor.person or of_party(context, visit, row) or context.runs(visit):
        return None
    return Refused("not_your_task", party=_party(session, visit, row))


def _many(session: Session, wanted: Sequence[tuple[int, int]], act: Act, said: str) -> Bulk:
    with write():
        done = []
        for task, expected in wanted:
            try:
                done.append(_change(session, task, expected, act))
            except Refused as refused:
                row = Task.get_or_none(Task.id == task)
                text = Name(row.text) if row is not None else ""
                raise Refused("one_of_many", task=text, why=refused.phrase) from None
    return Bulk(tuple(done), Phrase(f"done.tasks_{said}", {"n": len(done)}))


def _change(session: Session, task: int, expected: int, act: Act) -> Ticked:
    """Change a task as it was seen, if the actor may touch it: its party, its assignee, or who runs the visit."""
    with marking(session, (Task, task), right=None) as v:
        row = v.found(Task)
        if row.version != expected:
            raise stale("stale_task", v.row.id, ("task", task), state=Phrase(f"done.task_state.{row.state}"))
        refused = why_not(session, row, v.row)
        if refused is not None:
            raise refused
        said = act(session, row, v.row)
        v.verb, v.details = f"task.{said.what}", {"task": row.id, "duty": row.duty, **said.details}
    message = Phrase(f"done.task_{said.what}", {"task": Name(row.text), **said.facts})
    return Ticked(row.id, v.row.id, row.state, row.version, message)


def _wants(row: Task, *states: str) -> None:
    if row.state not in states:
        raise Refused(f"task.{row.state}")


def _assigned(row: Task) -> None:
    if row.needs_assignee and row.assignee_id is None:
        raise Refused("needs_assignee")


def _part(row: Task, index: int) -> dict[str, Any]:
    if not 0 <= index < len(row.parts):
        raise Refused("no_part_of_task")
    part: dict[str, Any] = row.parts[index]
    return part


def _ticked(session: Session, part: dict[str, Any]) -> dict[str, Any]:
    """A part, ticked unless it was already or was dropped."""
    if part["done"] or part["dropped"]:
        return part
    return {**part, "done": True, "by": session.actor.name, "at": session.now().isoformat()}


def _before(row: Task) -> list[dict[str, Any]]:
    """The parts as they were before the task was done: those ticked with it open again, else all of them."""
    at = row.done_at.isoformat() if row.done_at else None
    with_it = [part for part in row.parts if part["done"] and part["at"] == at] or row.parts
    return [{**part, "done": False, "by": "", "at": None} if part in with_it else part for part in row.parts]


def _tick(session: Session, row: Task, visit: Visit) -> TaskResult:
    _wants(row, "open")
    row.parts = [_ticked(session, part) for part in row.parts]
    return _finish(session, row)


def _untick(session: Session, row: Task, visit: Visit) -> TaskResult:
    _wants(row, "done")
    if row.done_by_id != session.actor.person and not runs(session, visit):
        raise Refused("not_your_tick", who=person_name(row.done_by_id))
    row.parts = _before(row)
    row.state, row.done_at, row.done_by = "open", None, None
    return TaskResult("unticked")


def _finish(session: Session, row: Task) -> TaskResult:
    _assigned(row)
    row.state, row.done_at = "done", session.now()
    row.done_by_id = session.actor.person
    return TaskResult("ticked")


def _settle(session: Session, row: Task, said: TaskResult) -> TaskResult:
    """After a part changed: done when nothing is left to do, open otherwise."""
    if all(part["done"] or part["dropped"] for part in row.parts):
        return _finish(session, row)
    row.state, row.done_at, row.done_by = "open", None, None
    return said


def _party(session: Session, visit: Visit, row: Task) -> Name:
    return party_name(visit_policy(session, visit), row.party)
