"""What a visit makes the organisation do: its stages, and the duties that apply (R26 to R69, A25)."""

from __future__ import annotations

from models.policy.answer import DutyAnswer, PartAnswer, StageAnswer
from models.policy.case import Case
from models.policy.model import Duty, Moment, When
from models.policy.posts import party_on
from models.policy.times import due_of, stage_time
from models.policy.when import holds


def stages(case: Case) -> tuple[StageAnswer, ...]:
    """Every stage in order; one whose condition does not hold is there as not applicable."""
    return tuple(
        StageAnswer(stage.id, holds(stage.when, case), stage_time(case, stage.id)) for stage in case.policy.stages
    )


def duties(case: Case) -> tuple[DutyAnswer, ...]:
    """The duties that apply, in the file's order; one waits only for those that apply too."""
    applying = [
        (duty, party)
        for duty in case.policy.duties
        if (party := duty.asked_of(case.request.kind)) is not None and holds(duty.when, case)
    ]
    ids = {duty.id for duty, _ in applying}
    return tuple(_answer(case, duty, party_on(case, party), ids) for duty, party in applying)


def _answer(case: Case, duty: Duty, party: str, ids: set[str]) -> DutyAnswer:
    moment = duty.due or (Moment(duty.stage) if duty.stage else None)
    due, words = due_of(case, moment) if moment else (None, None)
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
