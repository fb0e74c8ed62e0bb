"""When what belongs to a visit is due after something moved: stages follow their anchors, tasks follow the stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date

from models.errors import Refused
from models.policy.answer import StageAnswer
from models.policy.case import Case
from models.policy.model import Moment
from models.policy.programme import Key, Known, anchored, first_times, programme
from models.schema.arrangements import Display
from models.schema.tables import Stage, Task
from models.services import displays
from models.services.rebooking import Followed, follow, stood
from models.services.visit_record import VisitRecord
from models.services.visits import tier_now
from models.services.whereabouts import anchors, note_times


@dataclass(slots=True)
class Along:
    """What went along with something that moved, known when `following` ends."""

    booked: Followed = field(default_factory=Followed)


@contextmanager
def following(record: VisitRecord) -> Iterator[Along]:
    """Whatever is moved inside (a group's time, a stage by hand, the form's times) takes along what hangs on it:
    planned stages that nobody set by hand, then the open tasks, then what is booked. Inside `write`; `record` is the
    visit before."""
    along = Along()
    rescheduling = Rescheduling(record)
    yield along
    _, along.booked = rescheduling.follow(record.renewed())


class Rescheduling:
    """What hangs on what is about to move, as it stands before; see `following`."""

    def __init__(self, record: VisitRecord) -> None:
        self.booked, self.day = stood(record), _day(record)

    def follow(self, record: VisitRecord) -> tuple[VisitRecord, Followed]:
        """Take it along: `record` is the visit with what moved. The visit as it is then, and what became of its
        bookings."""
        note_times(record.row, record.all_legs)
        if self.day != _day(record) and record.displays:
            displays.refresh(record.session, record.row)
            record = record.renewed(Display)
        case = _case(record)
        if case is None:
            return record, Followed()
        _retime(case, record, _follow(case, record))
        return follow(record.renewed(Stage, Task), self.booked)


def _day(record: VisitRecord) -> date | None:
    return record.row.comes and record.row.comes.date()


def _case(record: VisitRecord) -> Case | None:
    """The facts that times depend on; None where the visit's policy cannot be read, or its form is not complete."""
    try:
        return Case(record.own_policy, record.request(record.asked_form, tier_now(record.row)))
    except Refused:
        return None


def _follow(case: Case, record: VisitRecord) -> tuple[StageAnswer, ...]:
    """Put planned stages that nobody set by hand where the policy puts them now; gives them all as they are then."""
    rows = _stages(record)
    stands = {key: each.at for key, each in rows.items() if each.at is not None and (each.by_hand or each.started)}
    now = programme(
        case,
        Known(
            now=anchors(record.row, record.all_legs, record.guests),
            hours={n: meal.at for n, meal in enumerate(record.meals) if meal.at is not None},
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


def _stages(record: VisitRecord) -> dict[Key, Stage]:
    places: dict[int | None, int] = {meal.id: n for n, meal in enumerate(record.meals)}
    return {(stage.stage, places.get(stage.meal)): stage for stage in record.stages}


def _retime(case: Case, record: VisitRecord, stages: Iterable[StageAnswer]) -> None:
    """Open tasks are due by the policy's moments, counted from where the stages and the guests' legs are now; ticked
    ones keep their time."""
    known = {**anchors(record.row, record.all_legs, record.guests), **first_times(stages)}
    duties = {duty.id: duty for duty in case.policy.duties}
    for task in record.tasks:
        duty = duties.get(task.duty) if task.state == "open" else None
        moment = (duty.due or (Moment(duty.stage) if duty.stage else None)) if duty else None
        due = anchored(case, moment, known) if moment else task.due
        if due != task.due:
            task.due = due
            task.version += 1
            task.save()
