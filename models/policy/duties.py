"""What a visit makes the organisation do: the duties that apply (R26 to R69, A25)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from models.policy.answer import DutyAnswer, PartAnswer, StageAnswer
from models.policy.case import Case
from models.policy.model import Duty, Moment, When
from models.policy.posts import party_on
from models.policy.programme import first_times
from models.policy.times import due_of
from models.policy.when import holds


def duties(case: Case, stages: Iterable[StageAnswer]) -> tuple[DutyAnswer, ...]:
    """The duties that apply, in the file's order, due by when the stages are; one waits only for those that apply
    too."""
    known = first_times(stages)
    applying = [
        (duty, party)
        for duty in case.policy.duties
        if (party := duty.asked_of(case.request.kind)) is not None and holds(duty.when, case)
    ]
    ids = {duty.id for duty, _ in applying}
    return tuple(_answer(case, duty, party_on(case, party), ids, known) for duty, party in applying)


def _answer(case: Case, duty: Duty, party: str, ids: set[str], known: Mapping[str, datetime]) -> DutyAnswer:
    moment = duty.due or (Moment(duty.stage) if duty.stage else None)
    due, words = due_of(case, moment, known) if moment else (None, None)
    return DutyAnswer(
        id=duty.id,
        party=party,
        stage=duty.stage,
        text=duty.text,
        parts=tuple(
            PartAnswer(part.text, _droppable(case, part.may_drop)) for part in duty.parts if holds(part.when, case)
        ),
        due=due,
        due_words=words,
        after=tuple(each for each in duty.after if each in ids),
        may_drop=_droppable(case, duty.may_drop),
        assignee=duty.assignee,
    )


def _droppable(case: Case, may_drop: When | None) -> bool:
    return may_drop is not None and holds(may_drop, case)
