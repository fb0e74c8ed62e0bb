"""When something is due on a visit: moments by their anchors, stages by where they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models.policy.case import Case
from models.policy.model import Moment
from models.policy.spans import moment_at, moment_words


def anchored(case: Case, moment: Moment, known: Mapping[str, datetime]) -> datetime | None:
    """The time a moment names where these anchors (`arrive`, `depart`, stages) really are at `known` local times; None
    where its anchor has none yet (`close`, a stage without a time)."""
    anchor = _anchor(case, moment.anchor, frozenset(), known)
    return None if anchor is None else moment_at(moment, anchor, case.days)


def due_of(case: Case, moment: Moment, known: Mapping[str, datetime]) -> tuple[datetime | None, str | None]:
    """The same, or the moment's words where it has no time."""
    at = anchored(case, moment, known)
    return at, None if at else moment_words(moment)


def _anchor(case: Case, anchor: str, seen: frozenset[str], moved: Mapping[str, datetime]) -> datetime | None:
    request = case.request
    known = {"arrive": request.arrive, "depart": request.depart, "submit": request.requested_at, **moved}
    if anchor in known:
        return known[anchor]
    stage = next((stage for stage in case.policy.stages if stage.id == anchor), None)
    if stage is None or stage.at is None or anchor in seen:
        return None
    base = _anchor(case, stage.at.anchor, seen | {anchor}, moved)
    return None if base is None else moment_at(stage.at, base, case.days)
