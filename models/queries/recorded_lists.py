"""Decisions recorded for others that nobody confirmed yet: one's own, and those of visits that one looks after."""

from __future__ import annotations

from datetime import datetime

from models.frozen import record
from models.policy.model import Policy
from models.schema.store import reading
from models.schema.tables import Decision, Person, Step, Visit
from models.services.decision_verbs import recorded_for_actor
from models.services.rights import ActorContext, hidden_among
from models.services.session import Session
from models.services.visits import visit_policy


@record
class RecordedLine:
    """One of them: for whom (`who`, empty where only the `post` is known), how and at what tier, when it was said
    (local time), who entered it and how it was said. `mine`: the actor confirms it, or objects; `objection`: the words
    of who said that it is not theirs. `policy` names post and tier."""

    decision: int
    visit: int
    number: str
    client: str
    who: str
    post: str
    outcome: str
    tier: str | None
    words: str
    at: datetime
    recorded_by: str
    medium: str
    mine: bool
    objection: str
    policy: Policy


def recorded(session: Session) -> tuple[RecordedLine, ...]:
    """Those that the actor confirms first; then, objected ones in front, those of visits that they look after or that
    they entered themselves."""
    with reading():
        rows = list(
            Decision.select(Decision, Visit, Step, Person)
            .join(Visit)
            .switch(Decision)
            .join(Step)
            .switch(Decision)
            .join(Person, on=(Decision.recorded_by == Person.id), attr="recorder")
            .where(Decision.confirmed_utc.is_null(), Decision.recorded_by.is_null(False))
            .order_by(Decision.at, Decision.id)
        )
        visits = {row.visit_id: row.visit for row in rows}
        unseen = hidden_among(session, visits)
        context = ActorContext(session, visits.values())
        lines = [
            _line(session, row, mine=recorded_for_actor(session, row.visit, row))
            for row in rows
            if row.visit_id not in unseen
        ]
        theirs = {visit for visit, row in visits.items() if context.runs(row)}
    person = session.actor.person
    entered = {row.id for row in rows if row.recorded_by_id == person}
    shown = [line for line in lines if line.mine or line.visit in theirs or line.decision in entered]
    return tuple(sorted(shown, key=lambda line: (not line.mine, not line.objection, line.at)))


def _line(session: Session, row: Decision, *, mine: bool) -> RecordedLine:
    return RecordedLine(
        decision=row.id,
        visit=row.visit_id,
        number=row.visit.number or "",
        client=row.visit.client_name,
        who=row.person_name,
        post=row.post,
        outcome=row.outcome if row.step.what == "decide" or row.outcome != "agree" else row.step.what,
        tier=row.tier,
        words=row.words,
        at=row.at,
        recorded_by=row.recorder.name,  # type: ignore[attr-defined]  # joined
        medium=row.medium,
        mine=mine,
        objection=row.objection,
        policy=visit_policy(session, row.visit),
    )
