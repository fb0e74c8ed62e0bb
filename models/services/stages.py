"""Verbs on the stages of a visit (R26 to R35): plan, start, finish, leave out. None is ever lost.

Where a stage is held in a room that is booked for it, or at its meal, that says where it is, and no verb here does.
"""

from __future__ import annotations

from datetime import datetime

from models.errors import Refused
from models.schema import journal
from models.schema.store import write
from models.schema.tables import Stage, Visit
from models.services import typed
from models.services.effects import watched
from models.services.retime import following
from models.services.rights import allow
from models.services.session import Session
from models.services.stage_names import StagePlace, places_of, stage_meals, stage_names
from models.services.visit_record import VisitRecord
from models.services.visits import Done, done, seen_row, touch, visit_policy


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
    with write():
        row, visit = _stage(session, stage, seen)
        stands = _stands(session, row, visit)
        moves = at is not None or row.state == "not_applicable"
        with watched(session, visit, fit=moves) as change, following(VisitRecord(session, visit)):
            if row.state == "not_applicable":
                row.state = "planned"
            row.by_hand = row.by_hand or (at is not None and at != row.at)
            row.at = at or row.at
            row.place = row.place if place is None else _placed(row, stands, typed.line("place", place))
            row.people = row.people if people is None else typed.line("people", people)
            row.save()
        details: dict[str, object] = {
            "at": row.at,
            "place": _stands(session, row, visit).text,
            "people": row.people,
            "changed": change.said,
        }
        return _kept(session, row, visit, "planned", details)


def start_stage(session: Session, stage: int, *, seen: int) -> Done:
    """Begin a stage now; one that was finished too early goes on."""
    with write():
        row, visit = _stage(session, stage, seen)
        if row.state == "under_way":
            raise Refused("stage_under_way")
        row.state, row.ended = "under_way", None
        row.started = row.started or session.now()
        return _kept(session, row, visit, "started", {"at": row.started})


def finish_stage(session: Session, stage: int, *, seen: int) -> Done:
    """End a stage now; one never begun is taken as begun at its planned time, or now."""
    with write():
        row, visit = _stage(session, stage, seen)
        if row.state in ("done", "not_applicable"):
            raise Refused("stage_not_begun" if row.state == "not_applicable" else "stage_done")
        now = session.now()
        row.state, row.ended = "done", now
        row.started = row.started or min(row.at or now, now)
        return _kept(session, row, visit, "finished", {"at": row.ended})


def skip_stage(session: Session, stage: int, *, seen: int) -> Done:
    """Mark a stage not applicable; it stays in the list and can be planned again."""
    with write():
        row, visit = _stage(session, stage, seen)
        if row.state in ("under_way", "done"):
            raise Refused("stage_begun")
        with watched(session, visit) as change:
            row.state = "not_applicable"
            row.save()
        return _kept(session, row, visit, "skipped", {"changed": change.said})


def _stage(session: Session, stage: int, seen: int) -> tuple[Stage, Visit]:
    row = Stage.get_or_none(Stage.id == stage)
    if row is None:
        raise Refused("no_stage")
    visit = seen_row(row.visit_id, seen)
    allow(session, "stage", visit)
    return row, visit


def _stands(session: Session, row: Stage, visit: Visit) -> StagePlace:
    """Where a stage is held, as all is now."""
    stages = list(Stage.select().where(Stage.visit == visit.id).order_by(Stage.position))
    return places_of(visit_policy(session, visit), visit.id, stages, stage_meals(stages))[row.id]


def _placed(row: Stage, stands: StagePlace, place: str) -> str:
    """What is kept as typed where that place is typed: nothing new where the stage is held there already."""
    if place == stands.text:
        return row.place
    if stands.by:
        raise Refused("stage_booked" if stands.by == "booking" else "stage_at_meal", place=place, there=stands.text)
    return place


def _kept(session: Session, row: Stage, visit: Visit, what: str, details: dict[str, object]) -> Done:
    row.save()
    touch(session, visit)
    journal.record(session, f"stage.{what}", visit.id, {"stage": row.stage, **details})
    name = stage_names(visit_policy(session, visit), [row], stage_meals([row]))[row.id]
    return done(visit, f"stage_{what}", stage=name)
