"""When what belongs to a visit is due after something moved: stages follow their anchors, tasks follow the stages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from models.errors import Refused
from models.policy.case import Case
from models.policy.model import Moment
from models.policy.times import anchored
from models.schema.arrangements import Display
from models.schema.tables import Stage, Task, Visit
from models.services import displays
from models.services.desk import Desk
from models.services.forms import read_form
from models.services.policies import policy_of
from models.services.rebooking import Followed, follow, stood
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
    case = _case(desk, row)
    before = _proposed(case, row) if case else {}
    booked, along, day = stood(desk, row), Along(), row.comes and row.comes.date()
    yield along
    note_times(row)
    if day != (row.comes and row.comes.date()) and Display.select().where(Display.visit == row.id).exists():
        displays.refresh(desk, row)
    case = _case(desk, row)
    if case is not None:
        _follow(case, row, before)
        _retime(case, row)
        along.booked = follow(desk, row, booked)


def _case(desk: Desk, row: Visit) -> Case | None:
    """The facts that times depend on; None where the visit's policy cannot be read, or its form is not complete."""
    try:
        policy = policy_of(desk, row)
        return Case(policy, asked(desk, policy, row, read_form(row), tier_now(row)))
    except Refused:
        return None


def _known(row: Visit, stages: Mapping[str, Stage]) -> dict[str, datetime]:
    return {**anchors(row), **{name: stage.at for name, stage in stages.items() if stage.at is not None}}


def _stages(row: Visit) -> dict[str, Stage]:
    return {stage.stage: stage for stage in Stage.select().where(Stage.visit == row.id)}


def _proposed(case: Case, row: Visit) -> dict[str, datetime | None]:
    """When each stage would be by its own moment, its anchor being where it is."""
    rows = _stages(row)
    known = _known(row, rows)
    return {
        stage.id: anchored(case, stage.at, known) if stage.at else None
        for stage in case.policy.stages
        if stage.id in rows
    }


def _follow(case: Case, row: Visit, before: Mapping[str, datetime | None]) -> None:
    """Put planned stages that have no time yet, or stood where the policy put them, where it puts them now."""
    rows = _stages(row)
    stood = {name: stage.at is None or stage.at == before.get(name) for name, stage in rows.items()}
    free = {name for name, stage in rows.items() if stage.state == "planned" and stood[name]}
    moments = {stage.id: stage.at for stage in case.policy.stages if stage.at and stage.id in free}
    moved = set()
    for _ in moments:  # a stage may hang on one that stands after it
        known = _known(row, rows)
        new = {name: anchored(case, moment, known) for name, moment in moments.items()}
        changed = {name for name, at in new.items() if at is not None and at != rows[name].at}
        for name in changed:
            rows[name].at = new[name]
        moved |= changed
        if not changed:
            break
    for name in moved:
        rows[name].save()


def _retime(case: Case, row: Visit) -> None:
    """Open tasks are due by the policy's moments, counted from where the stages and the guests' legs are now; ticked
    ones keep their time."""
    known = _known(row, _stages(row))
    duties = {duty.id: duty for duty in case.policy.duties}
    for task in Task.select().where(Task.visit == row.id, Task.state == "open"):
        duty = duties.get(task.duty)
        moment = (duty.due or (Moment(duty.stage) if duty.stage else None)) if duty else None
        due = anchored(case, moment, known) if moment else task.due
        if due != task.due:
            task.due = due
            task.version += 1
            task.save()
