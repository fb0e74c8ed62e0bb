"""Whether the store is what its journal tells: states of visits, decisions, costs and tasks, each against its entries.

Whoever changes the tables behind the program's back leaves the journal whole; this is where it shows.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from models.schema.base import database
from models.schema.store import reading
from models.schema.tables import Decision, Expense, Journal, JournalDetail, Task, Visit
from models.services.visits import tier_now

What = Literal["visit", "decision", "expense", "task"]
_ARRANGED = frozenset(["approved", "under_way", "done", "no_show"])
GOING_ON = _ARRANGED | {"submitted"}
_STATES = {
    "submit": GOING_ON,
    "withdraw": frozenset(["draft"]),
    "cancel": frozenset(["cancelled"]),
    "restore": frozenset(["draft"]),
    "close": frozenset(["closed"]),
    "reopen": _ARRANGED,
}
"""The states in which a visit may be after each verb that changes it, where its entry does not say so itself."""
_STOPPED = {"return": frozenset(["returned"]), "refuse": frozenset(["refused"])}
_TASK_STATES = {"ticked": "done", "dropped": "dropped"}
"""What the last entry of a task makes of it; open after any other that changes it."""
_ASIDE = frozenset(["assigned", "unassigned"])
_REBUILDING = frozenset(["submit", "decide", "amend", "take_change_back"])
_REBUILT = frozenset(["open", "gone"])
"""What a task may be as well after a verb that lays the tasks of its visit anew: something of it is asked again, or
nothing any more."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Something of a visit (`number`, empty for a draft) that is not as the journal tells: its row, by id."""

    what: What
    id: int
    number: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was looked at. `pages`: what SQLite says of a damaged file; `references`: rows that name missing ones."""

    pages: tuple[str, ...]
    references: int
    looked_at: dict[What, int]
    differing: tuple[Disagreement, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not (self.pages or self.references or self.differing)


@dataclass(frozen=True, slots=True)
class _Told:
    verb: str
    details: dict[str, Any]


def agreement() -> Agreement:
    """Look at everything. What an entry with erased details told is not known, and agrees."""
    with reading():
        pages = [str(said) for (said,) in database.execute_sql("PRAGMA integrity_check").fetchall()]
        references = len(database.execute_sql("PRAGMA foreign_key_check").fetchall())
        told = _told()
        visits: dict[int, Visit] = {row.id: row for row in Visit.select()}
        found = [
            *_visits(visits, told),
            *_decisions(told),
            *_expenses(told),
            *_tasks(told),
        ]
        looked_at: dict[What, int] = {
            "visit": len(visits),
            "decision": Decision.select().count(),
            "expense": Expense.select().where(Expense.actual.is_null(False)).count(),
            "task": Task.select().count(),
        }
        numbers = {row.id: row.number or "" for row in visits.values()}
    differing = tuple(Disagreement(what, row, numbers.get(visit, "")) for what, row, visit in found)
    return Agreement(tuple(said for said in pages if said != "ok"), references, looked_at, differing)


def _told() -> dict[int, list[_Told]]:
    """The entries of each visit, oldest first."""
    query: Any = (
        Journal.select(Journal.visit, Journal.verb, JournalDetail.details)
        .left_outer_join(JournalDetail, on=(JournalDetail.entry == Journal.id))
        .where(Journal.visit.is_null(False))
        .order_by(Journal.id)
        .tuples()
    )
    told: dict[int, list[_Told]] = defaultdict(list)
    for visit, verb, details in query:
        told[visit].append(_Told(verb, _plain(details)))
    return told


def _plain(details: str | None) -> dict[str, Any]:
    try:
        found = json.loads(details or "{}")
    except ValueError:  # the chain says so
        return {}
    return found if isinstance(found, dict) else {}


Found = tuple[What, int, int]
"""What differs: its kind, its id and that of its visit."""


def _visits(visits: dict[int, Visit], told: dict[int, list[_Told]]) -> Iterator[Found]:
    for visit in sorted({*visits, *told}):
        row, entries = visits.get(visit), told.get(visit, [])
        submitted = any(entry.verb == "submit" for entry in entries)
        if row is None:
            if submitted:
                yield "visit", visit, visit
        elif row.state not in _allowed(entries) or (row.number is not None) != submitted or _retiered(row, entries):
            yield "visit", visit, visit


def _allowed(entries: list[_Told]) -> frozenset[str]:
    """The states in which a visit may be after these entries."""
    allowed, changing = frozenset(["draft"]), False
    for entry in entries:
        outcome, state = entry.details.get("outcome"), entry.details.get("standing", {}).get("state")
        if state is not None:
            allowed = _ARRANGED if state in _ARRANGED else frozenset([str(state)])
        elif entry.verb == "decide":
            # Of a change that is not agreed to the visit goes on as it was.
            stopped = GOING_ON if changing else _STOPPED.get(str(outcome), GOING_ON)
            allowed = stopped if outcome else GOING_ON.union(*_STOPPED.values())
        else:
            allowed = _STATES.get(entry.verb, allowed)
        changing = entry.verb != "submit" and (changing or entry.verb == "amend")
    return allowed


def _retiered(row: Visit, entries: list[_Told]) -> bool:
    """Whether a visit that goes on has another tier than the last entry about it left it with."""
    last = next((entry for entry in reversed(entries) if entry.verb in _REBUILDING), None)
    standing = last.details.get("standing") if last else None
    return standing is not None and row.state in (*GOING_ON, "closed") and tier_now(row) != standing.get("tier")


def _decisions(told: dict[int, list[_Told]]) -> Iterator[Found]:
    known = {
        entry.details["decision"]: (visit, entry.details)
        for visit, entries in told.items()
        for entry in entries
        if entry.verb == "decide" and "decision" in entry.details
    }
    unknown = any(entry.verb == "decide" and not entry.details for entries in told.values() for entry in entries)
    for row in Decision.select():
        visit, details = known.pop(row.id, (None, None))
        if details is None:
            if not unknown:
                yield "decision", row.id, row.visit_id
        elif visit != row.visit_id or any(
            key in details and getattr(row, key) != details[key]
            for key in ("person_name", "outcome", "post", "tier", "words", "medium")
        ):
            yield "decision", row.id, row.visit_id
    for decision, (visit, _) in known.items():
        yield "decision", decision, visit or 0


def _expenses(told: dict[int, list[_Told]]) -> Iterator[Found]:
    last: dict[int, tuple[int, dict[str, Any]]] = {}
    removed: dict[tuple[int, object], int] = defaultdict(int)
    unknown = set()
    for visit, entries in told.items():
        for entry in entries:
            if entry.verb.startswith("expense.") and not entry.details:
                unknown.add(visit)
            elif entry.verb == "expense.removed":
                removed[visit, entry.details.get("item")] += 1
            elif entry.verb.startswith("expense.") and "expense" in entry.details:
                last[entry.details["expense"]] = (visit, entry.details)
    for row in Expense.select():
        visit, details = last.pop(row.id, (row.visit_id, {"item": row.item, "amount": None}))
        same = (row.visit_id, row.item, row.actual) == (visit, details.get("item"), details.get("amount"))
        if not same and row.visit_id not in unknown:
            yield "expense", row.id, row.visit_id
    for expense, (visit, details) in last.items():
        removed[visit, details.get("item")] -= 1
        if removed[visit, details.get("item")] < 0 and visit not in unknown:
            yield "expense", expense, visit


def _tasks(told: dict[int, list[_Told]]) -> Iterator[Found]:
    allowed: dict[int, frozenset[str]] = {}
    rebuilt, unknown = set(), set()
    for visit, entries in told.items():
        mine: dict[int, frozenset[str]] = {}
        for entry in entries:
            what = entry.verb.removeprefix("task.")
            if entry.verb in _REBUILDING:
                rebuilt.add(visit)
                mine = {task: states | _REBUILT for task, states in mine.items()}
            elif what != entry.verb and not entry.details:
                unknown.add(visit)
            elif what != entry.verb and what not in _ASIDE and "task" in entry.details:
                mine[entry.details["task"]] = frozenset([_TASK_STATES.get(what, "open")])
        allowed |= mine
    for row in Task.select():
        untouched = _REBUILT if row.visit_id in rebuilt else frozenset(["open"])
        if row.visit_id not in unknown and row.state not in allowed.get(row.id, untouched):
            yield "task", row.id, row.visit_id
