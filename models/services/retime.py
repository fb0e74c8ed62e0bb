"""When what belongs to a visit is due after something moved: stages follow their anchors, tasks follow the stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from models.errors import Refused
from models.policy.answer import StageAnswer
from models.policy.case import Case
from models.policy.model import Moment
from models.policy.programme import Key, Known, first_times, programme
from models.policy.times import anchored
from models.schema.arrangements import Display, Meal
from models.schema.tables import Stage, Task, Visit
from models.services import displays
from models.services.desk import Desk
from models.services.forms import read_form
from models.services.policies import policy_of
from models.services.rebooking import Followed, follow, stood
from models.services.rebuild import meals_of
from models.services.visits import asked, tier_now
from models.services.whereabouts import anchors, note_times


@dataclass(slots=True)
class Along:
    """What went along with something that moved, known when `following` ends."""

    booked: Followed = field(default_factory=Followed)


@contextmanager
def following(desk: Desk, row: Visit) -> Iterator[Along]:
    """Whatever is moved inside (a group's time, a stage by hand, the form's times) takes along what hangs on it:
    planned stages that nobody set by hand, then the open tasks, then what is booked. Inside `write`; `row` is the visit
    before."""
    booked, along, day = stood(desk, row), Along(), row.comes and row.comes.date()
    yield along
    note_times(row)
    if day != (row.comes and row.comes.date()) and Display.select().where(Display.visit == row.id).exists():
        displays.refresh(desk, row)
    case = _case(desk, row)
    if case is not None:
        _retime(case, row, _follow(case, row))
        along.booked = follow(desk, row, booked)


def _case(desk: Desk, row: Visit) -> Case | None:
    """The facts that times depend on; None where the visit's policy cannot be read, or its form is not complete."""
    try:
        policy = policy_of(desk, row)
        return Case(policy, asked(desk, policy, row, read_form(row), tier_now(row)))
    except Refused:
        return None


def _follow(case: Case, row: Visit) -> tuple[StageAnswer, ...]:
    """Put planned stages that nobody set by hand where the policy puts them now; gives them all as they are then."""
    rows, meals = _stages(row), list(Meal.select().where(Meal.visit == row.id).order_by(Meal.position))
    stands = {key: each.at for key, each in rows.items() if each.at is not None and (each.by_hand or each.started)}
    now = programme(
        case,
        Known(
            now=anchors(row),
            hours={n: meal.at for n, meal in enumerate(meals) if meal.at is not None},
            fixed=stands,
            applies={key: each.state != "not_applicable" for key, each in rows.items()},
        ),
    )
    for position, stage in enumerate(now, 1):
        each = rows.get((stage.id, stage.meal))
        if each is None:
            continue
        was = (each.position, each.at)
        each.position = position
        if each.state == "planned" and not each.by_hand:
            each.at = stage.at or each.at
        if (each.position, each.at) != was:
            each.save()
    return tuple(replace(stage, at=rows[key].at) for stage in now if (key := (stage.id, stage.meal)) in rows)


def _stages(row: Visit) -> dict[Key, Stage]:
    places: dict[int | None, int] = {meal: n for n, meal in enumerate(meals_of(row))}
    stages = Stage.select().where(Stage.visit == row.id)
    return {(stage.stage, places.get(stage.meal)): stage for stage in stages}


def _retime(case: Case, row: Visit, stages: Iterable[StageAnswer]) -> None:
    """Open tasks are due by the policy's moments, counted from where the stages and the guests' legs are now; ticked
    ones keep their time."""
    known = {**anchors(row), **first_times(stages)}
    duties = {duty.id: duty for duty in case.policy.duties}
    for task in Task.select().where(Task.visit == row.id, Task.state == "open"):
        duty = duties.get(task.duty)
        moment = (duty.due or (Moment(duty.stage) if duty.stage else None)) if duty else None
        due = anchored(case, moment, known) if moment else task.due
        if due != task.due:
            task.due = due
            task.version += 1
            task.save()
