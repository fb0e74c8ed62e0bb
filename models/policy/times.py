"""When something is due on a visit: moments by their anchors, stages by their proposed time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models.policy.case import Case
from models.policy.model import Moment
from models.policy.spans import moment_at, moment_words


def time_of(case: Case, moment: Moment) -> datetime | None:
    """The local time a moment names; None where its anchor has none yet (`close`, a stage without a time)."""
    anchor = _anchor(case, moment.anchor, frozenset())
    return None if anchor is None else moment_at(moment, anchor, case.days)


def stage_time(case: Case, stage: str) -> datetime | None:
    """The proposed time of a stage."""
    return _anchor(case, stage, frozenset())


def anchored(case: Case, moment: Moment, known: Mapping[str, datetime]) -> datetime | None:
    """The time a moment names where these anchors (`arrive`, `depart`, stages) really are at `known` local times."""
    anchor = _anchor(case, moment.anchor, frozenset(), known)
    return None if anchor is None else moment_at(moment, anchor, case.days)


def due_of(case: Case, moment: Moment) -> tuple[datetime | None, str | None]:
    """The time a moment names, or its words where it has none."""
    at = time_of(case, moment)
    return at, None if at else moment_words(moment)


def _anchor(
    case: Case, anchor: str, seen: frozenset[str], moved: Mapping[str, datetime] | None = None
) -> datetime | None:
    request = case.request
    known = {"arrive": request.arrive, "depart": request.depart, "submit": request.requested_at, **(moved or {})}
    if anchor in known:
        return known[anchor]
    stage = next((stage for stage in case.policy.stages if stage.id == anchor), None)
    if stage is None or stage.at is None or anchor in seen:
        return None
    base = _anchor(case, stage.at.anchor, seen | {anchor}, moved)
    return None if base is None else moment_at(stage.at, base, case.days)
