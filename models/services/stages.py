"""Verbs on the stages of a visit (R26 to R35): plan, start, finish, leave out. None is ever lost.

Where a stage is held in a room that is booked for it, or at its meal, that says where it is, and no verb here does.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime

from models.errors import Refused
from models.schema.tables import Stage
from models.services import typed
from models.services.frame import Change, changing
from models.services.session import Session
from models.services.stage_names import StagePlace, stage_names, stage_places
from models.services.visit_record import VisitRecord
from models.services.visits import Done
from models.words import Name


def plan_stage(
    session: Session,
    stage: int,
    *,
    seen: int,
    at: datetime | None = None,
    place: str | None = None,
    people: str | None = None,
) -> Done:
    """Set what is given: local time, place, who takes part. A stage left out is planned again. `seen`: the visit's.

    Refused `stage_booked`, `stage_at_meal` where its place is that of a room booked for it, or of its meal, and another
    is given.
    """
    with _changing(session, stage, "stage.planned", seen) as v:
        row = v.found(Stage)
        stands = _stands(v.record, stage)
        if row.state == "not_applicable":
            row.state = "planned"
        row.by_hand = row.by_hand or (at is not None and at != row.at)
        row.at = at or row.at
        row.place = row.place if place is None else _placed(row, stands, typed.line("place", place))
        row.people = row.people if people is None else typed.line("people", people)
        row.save()
        name = _name(v.record, row)
        about = {"stage": row.stage, "at": row.at, "people": row.people}
        v.details = lambda now: {**about, "place": _stands(now, stage).text}
    return v.done("stage_planned", stage=name)


def start_stage(session: Session, stage: int, *, seen: int) -> Done:
    """Begin a stage now; one that was finished too early goes on."""
    with _changing(session, stage, "stage.started", seen, plain=True) as v:
        row = v.found(Stage)
        if row.state == "under_way":
            raise Refused("stage_under_way")
        row.state, row.ended = "under_way", None
        row.started = row.started or session.now()
        row.save()
        name = _name(v.record, row)
        v.details = {"stage": row.stage, "at": row.started}
    return v.done("stage_started", stage=name)


def finish_stage(session: Session, stage: int, *, seen: int) -> Done:
    """End a stage now; one never begun is taken as begun at its planned time, or now."""
    with _changing(session, stage, "stage.finished", seen, plain=True) as v:
        row = v.found(Stage)
        if row.state in ("done", "not_applicable"):
            raise Refused("stage_not_begun" if row.state == "not_applicable" else "stage_done")
        now = session.now()
        row.state, row.ended = "done", now
        row.started = row.started or min(row.at or now, now)
        row.save()
        name = _name(v.record, row)
        v.details = {"stage": row.stage, "at": row.ended}
    return v.done("stage_finished", stage=name)


def skip_stage(session: Session, stage: int, *, seen: int) -> Done:
    """Mark a stage not applicable; it stays in the list and can be planned again."""
    with _changing(session, stage, "stage.skipped", seen, reschedule=False) as v:
        row = v.found(Stage)
        if row.state in ("under_way", "done"):
            raise Refused("stage_begun")
        row.state = "not_applicable"
        row.save()
        name = _name(v.record, row)
        v.details = {"stage": row.stage}
    return v.done("stage_skipped", stage=name)


def _changing(
    session: Session, stage: int, verb: str, seen: int, *, reschedule: bool = True, plain: bool = False
) -> AbstractContextManager[Change]:
    return changing(
        session, (Stage, stage), verb, may="stage", expected=seen, reschedule=reschedule, plain=plain,
        writes=(Stage,),
    )  # fmt: skip


def _name(record: VisitRecord, row: Stage) -> Name:
    return stage_names(record.policy, [row], record.meals_by_id)[row.id]


def _stands(record: VisitRecord, stage: int) -> StagePlace:
    """Where a stage of a visit is held."""
    places = stage_places(record.policy, record.stages, record.bookings, record.rooms, record.meals_by_id)
    return places[stage]


def _placed(row: Stage, stands: StagePlace, place: str) -> str:
    """What is kept as typed where that place is typed: nothing new where the stage is held there already."""
    if place == stands.text:
        return row.place
    if stands.by:
        raise Refused("stage_booked" if stands.by == "booking" else "stage_at_meal", place=place, there=stands.text)
    return place
