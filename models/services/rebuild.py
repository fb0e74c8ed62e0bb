"""What an approval starts and a change rebuilds: stages, tasks and planned costs, as the policy asks for them.

Ticks that still apply stay with name and time; what is no longer asked for is `gone` and comes back as it was (A33).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.policy.answer import Answer, DutyAnswer, PartAnswer, PlanLine
from models.policy.model import DRINK, OF_MEAL, TOBACCO
from models.policy.programme import Key
from models.schema.arrangements import Cost, Lodging, Meal
from models.schema.base import Table
from models.schema.tables import Expense, Stage, Task, Visit
from models.words import Name
from models.words.catalogue import LANGUAGES

Part = dict[str, Any]

_LABEL = 3
_ALIKE = ((0, 1, 2, _LABEL), (1, 2, _LABEL), (0, 1, _LABEL), (0, 1))
"""Which of line, item, day and label must be the same, round by round."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty that a change added to a visit or took from it; `part`: only this part of one that stays."""

    duty: str
    party: str
    text: Name
    part: bool = False


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The duties that a change added to a visit, and those it took from it."""

    added: tuple[Duty, ...]
    removed: tuple[Duty, ...]


def rebuild(row: Visit, answer: Answer, before: Answer | None = None) -> Rebuilt:
    """Make the visit's stages, tasks and planned costs what the answer says; `before`: what it said until now. To be
    done inside `retime.following`, which says when the stages are and what is due by them."""
    rebuild_stages(row, answer, before)
    _expenses(row, answer)
    row.total = answer.total
    return _tasks(row, answer)


def keep(rows: Sequence[Table], had: Mapping[int, Mapping[str, Any]]) -> None:
    """Store rows of one table, of which `had` is what each held before, by id: the new ones with one statement, those
    of which but the version is another with one, too, and nothing of those that are as they were."""
    new, same = [row for row in rows if row.id is None], list[int]()
    if new:
        type(new[0]).bulk_create(new)
    for row in rows:
        fresh = {name for name, value in row.__data__.items() if had.get(row.id, {}).get(name, ...) != value}
        if row in new or not fresh:
            continue
        if fresh == {"version"}:
            same.append(row.id)
        else:
            row.save()
    if same:
        model: Any = type(rows[0])
        model.update(version=model.version + 1).where(model.id.in_(same)).execute()


def held(rows: Iterable[Table]) -> dict[int, dict[str, Any]]:
    """What rows hold now, by id; see `keep`."""
    return {row.id: dict(row.__data__) for row in rows}


def by_language(name: Name) -> dict[str, str]:
    """A name as it is stored: language → words."""
    return {code: name.say(code) for code in LANGUAGES}


def rebuild_stages(row: Visit, answer: Answer, before: Answer | None) -> None:
    """All stages in order, those that do not apply among them (R26 to R35). Their times are `retime.following`'s."""
    meals = meals_of(row)
    had = list(Stage.select().where(Stage.visit == row.id).order_by(Stage.position))
    stood, matched = held(had), _same_stages(answer, had, meals)
    old = {stage.id: stage for stage in before.stages} if before else {}
    kept = []
    for position, asked in enumerate(answer.stages, 1):
        stage = matched.get((asked.id, asked.meal)) or Stage(visit=row.id, stage=asked.id)
        stage.position = position
        stage.meal = meals[asked.meal] if asked.meal is not None else None
        was = old.get(asked.id)
        if was is None or was.applies != asked.applies or stage.id is None:
            stage.state = _stage_state(stage.state, asked.applies)
        kept.append(stage)
    for stage in had:
        if stage not in kept and stage.meal is not None and stage.state in ("planned", "not_applicable"):
            stage.delete_instance()
    keep(kept, stood)


def meals_of(row: Visit) -> list[int]:
    """The meals of a visit by id, in the order of the form."""
    return [meal.id for meal in Meal.select(Meal.id).where(Meal.visit == row.id).order_by(Meal.position)]


def _same_stages(answer: Answer, had: Sequence[Stage], meals: Sequence[int]) -> dict[Key, Stage]:
    """Which stage goes on as which: that of the same meal; else, of one that stood for no meal, or whose meal is no
    more, the first there is."""
    keys = {(asked.id, asked.meal): meals[asked.meal] if asked.meal is not None else None for asked in answer.stages}
    by_meal = {(stage.stage, stage.meal): stage for stage in had}
    found = {key: by_meal[key[0], meal] for key, meal in keys.items() if (key[0], meal) in by_meal}
    left = [stage for stage in had if stage not in found.values()]
    for key in keys:
        spare = next((stage for stage in left if stage.stage == key[0] and key not in found), None)
        if spare is not None:
            found[key] = spare
            left.remove(spare)
    return found


def _stage_state(state: str, applies: bool) -> str:
    if state in ("under_way", "done"):
        return state
    return "planned" if applies else "not_applicable"


def _tasks(row: Visit, answer: Answer) -> Rebuilt:
    rows = {task.duty: task for task in Task.select().where(Task.visit == row.id)}
    was = held(rows.values())
    added, removed, kept = list[Duty](), list[Duty](), []
    for position, duty in enumerate(answer.duties, 1):
        task = rows.pop(duty.id, None) or Task(visit=row.id, duty=duty.id, state="gone", version=0)
        if task.state == "gone":
            added.append(_said(task, duty.text, duty.party))
        else:
            had, asked = [part["text"] for part in task.parts], [by_language(part.text) for part in duty.parts]
            removed += [Duty(task.duty, task.party, Name(text), part=True) for text in had if text not in asked]
            added += [Duty(task.duty, duty.party, Name(text), part=True) for text in asked if text not in had]
        _fill(task, duty, position)
        kept.append(task)
    gone = [task for task in rows.values() if task.state != "gone"]
    for task in gone:
        task.state = "gone"
        task.version += 1
    keep([*kept, *gone], was)
    return Rebuilt(tuple(added), (*[_said(task, Name(task.text), task.party) for task in gone], *removed))


def _said(task: Task, text: Name, party: str) -> Duty:
    return Duty(task.duty, party, text)


def _fill(task: Task, duty: DutyAnswer, position: int) -> None:
    """Put into a task what its duty now asks, keeping what was done; new times only while it is open."""
    task.position = position
    task.party, task.stage, task.text = duty.party, duty.stage, by_language(duty.text)
    task.after, task.may_drop, task.needs_assignee = list(duty.after), duty.may_drop, duty.assignee
    task.parts = _parts(task.parts, duty.parts)
    task.state = _state(task)
    if task.state == "open":
        task.due = duty.due
        task.done_by = task.done_at = None
    if task.state != "dropped":
        task.dropped_for = ""
    task.version += 1


def _parts(had: list[Part], asked: tuple[PartAnswer, ...]) -> list[Part]:
    known = {str(part["text"]): part for part in had}
    parts = []
    for part in asked:
        text = by_language(part.text)
        old = known.get(str(text), {"done": False, "dropped": False, "by": "", "at": None})
        parts.append({**old, "text": text, "may_drop": part.may_drop, "dropped": old["dropped"] and part.may_drop})
    return parts


def _state(task: Task) -> str:
    """Done while nothing of it is left to do, dropped while it may be dropped (A25), else open."""
    if task.dropped_for and task.may_drop:
        return "dropped"
    done = task.done_at is not None and all(part["done"] or part["dropped"] for part in task.parts)
    return "done" if done else "open"


def _expenses(row: Visit, answer: Answer) -> None:
    """One expense for each plan line; a line that went stays only where something was already paid for it. What is over
    is for `measure.remeasure` to say, once the form is as the lines are."""
    had = [each for each in Expense.select().where(Expense.visit == row.id).order_by(Expense.position) if each.line]
    was, labels = held(had), _labels(row)
    matched = _matched(answer.plan, had, labels)
    kept: list[Expense] = []
    for position, line in enumerate(answer.plan, 1):
        expense = matched.get(line.id) or Expense(visit=row.id, version=0)
        expense.line = line.id
        _plan(expense, line, position, labels.get(line.id, ""))
        expense.version += 1
        kept.append(expense)
    for expense in had:
        if expense in kept:
            continue
        if expense.actual is None:
            expense.delete_instance()
        else:
            expense.planned, expense.planned_over = None, 0
            expense.version += 1
            kept.append(expense)
    keep(kept, was)


def _matched(plan: tuple[PlanLine, ...], had: list[Expense], labels: dict[str, str]) -> dict[str, Expense]:
    """Which expense goes on as which plan line: the most alike first, so that what was paid stays with its meal."""
    found: dict[str, Expense] = {}
    left = list(had)
    for fields in _ALIKE:
        for line in plan:
            mark = (line.id, line.item, line.on, labels.get(line.id, ""))
            # another kind of meal is another thing to pay for; another grade of a room or receiver of a gift is not
            if line.id in found or (line.item in OF_MEAL and _LABEL not in fields):
                continue
            for each in left:
                theirs = (each.line, each.item, each.on, each.label)
                if all(mark[field] == theirs[field] for field in fields):
                    found[line.id] = each
                    left.remove(each)
                    break
    return found


def _labels(row: Visit) -> dict[str, str]:
    """What each plan line is about: the meal's or the grade's id of the policy, or for whom a cost is."""
    tables: tuple[tuple[type[Meal] | type[Lodging] | type[Cost], str, str], ...] = (
        (Meal, "meal", "meal"),
        (Lodging, "lodging", "grade"),
        (Cost, "cost", "to"),
    )
    labels: dict[str, str] = {}
    for table, prefix, field in tables:
        rows = table.select().where(table.visit == row.id).order_by(table.position)
        labels |= {f"{prefix}{n}": getattr(each, field) or "" for n, each in enumerate(rows, 1)}
    meals = {line.removeprefix("meal"): label for line, label in labels.items() if line.startswith("meal")}
    return labels | {f"{item}{n}": label for item in (DRINK, TOBACCO) for n, label in meals.items()}


def _plan(expense: Expense, line: PlanLine, position: int, label: str) -> None:
    expense.position, expense.label = position, label
    expense.item, expense.on, expense.per = line.item, line.on, line.per
    expense.quantity = line.quantity
    expense.cap, expense.planned, expense.planned_over = line.cap, line.amount, line.over
    expense.payer, expense.rule = line.payer, line.rule
