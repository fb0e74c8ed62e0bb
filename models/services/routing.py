"""The route of a visit: laid out at submission, gone step by step, laid anew from where a decision changes it.

A round is one submission, or one question to the deciding step about a change. Within a round the steps taken stay
with their decisions; a change of route replaces those not yet taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.policy import answer as policy_answer
from models.policy.answer import Answer
from models.policy.model import Policy
from models.schema.tables import Decision, Step, Visit
from models.services.session import Session

DECIDING = ("decide", "sign")
CHANGE = "change"
"""Why a step is asked again after approval."""


@dataclass(frozen=True, slots=True)
class Act:
    """One decision of the round: in which post, at what kind of step, for which tier; `last`: the one just made."""

    post: str
    what: str
    tier: str | None
    last: bool


def lay(session: Session, row: Visit, answer: Answer) -> Step | None:
    """Begin a round with the whole route; the step at which the visit now lies, None where none is to be taken."""
    row.round += 1
    for step in answer.route:
        _add(row, step)
    return advance(session, row)


def ask_again(session: Session, row: Visit, answer: Answer) -> Step | None:
    """Begin a round with the deciding step alone, about a change of substance; None where the route has none."""
    row.round += 1
    for step in deciding(answer):
        _add(row, replace(step, why=CHANGE))
    return advance(session, row)


def advance(session: Session, row: Visit) -> Step | None:
    """Go on to the next step not yet taken, past those that are only informed; None at the end of the route."""
    for step in _steps(row):
        if step.state == "done":
            continue
        if step.what != "report":
            step.state = "current"
            step.since_utc = session.now_utc()
            step.save()
            return step
        step.state = "done"
        step.save()
    return None


def halt(row: Visit) -> None:
    """The visit lies at no step any more: withdrawn, returned, refused or cancelled."""
    Step.update(state="waiting").where(Step.visit == row.id, Step.round == row.round, Step.state == "current").execute()


def reroute(row: Visit, policy: Policy, answer: Answer, tier: str | None, *, lowered: bool) -> bool:
    """Replace the steps not yet taken by those the answer's route still asks for (A3).

    `lowered`: the decision just made did not raise the tier, so that it keeps its authority, where it was the last
    one. Gives whether somebody else must still decide.
    """
    lowered = lowered and all(step.state == "done" for step in _steps(row) if step.what == "decide")
    Step.delete().where(Step.visit == row.id, Step.round == row.round, Step.state != "done").execute()
    changing = row.before is not None
    route = deciding(answer) if changing else answer.route
    left = _left(route, _acts(row), policy, tier, lowered)
    for step in left:
        _add(row, replace(step, why=CHANGE) if changing else step)
    return any(step.what == "decide" for step in left)


def deciding(answer: Answer) -> tuple[policy_answer.Step, ...]:
    """The route's last deciding step alone, which confirms the tier and any change of substance."""
    steps = [step for step in answer.route if step.what == "decide"]
    return tuple(steps[-1:])


def raised(policy: Policy, before: str | None, after: str | None) -> bool:
    """Whether a tier is higher than before; tiers stand highest first."""
    order = [tier.id for tier in policy.tiers]
    return before in order and after in order and order.index(after) < order.index(before)


def _left(
    route: tuple[policy_answer.Step, ...], acts: list[Act], policy: Policy, tier: str | None, lowered: bool
) -> list[policy_answer.Step]:
    """The steps of a route that the round's acts do not cover, in order."""
    left: list[policy_answer.Step] = []
    for step in route:
        taken = any(_covers(act, step, policy, tier, lowered) for act in acts)
        # Adjacent steps of one person are one (A5): what they would have to do next, they have just done.
        at_once = not left and step.what != "report" and any(act.last and act.post in step.posts for act in acts)
        if not taken and not at_once:
            left.append(step)
    return left


def _covers(act: Act, step: policy_answer.Step, policy: Policy, tier: str | None, lowered: bool) -> bool:
    """Whether an act stands for a step: an opinion by its post, a decision only for this tier and by own authority,
    which is holding the step's post or one above (A3)."""
    holds = act.post in step.posts
    if step.what == "opinion":
        return holds
    if step.what == "report" or act.what not in DECIDING or act.tier != tier:
        return False
    if step.what == "sign":
        return holds
    return holds or (act.last and lowered) or any(policy.satisfies(act.post, post) for post in step.posts)


def _acts(row: Visit) -> list[Act]:
    """The decisions of this round, oldest first."""
    rows = (
        Decision.select(Decision, Step)
        .join(Step)
        .where(Decision.visit == row.id, Step.round == row.round, Decision.outcome.in_(["agree", "pass_on"]))
        .order_by(Decision.id)
    )
    acts = [(decision.post, decision.step.what, decision.tier) for decision in rows]
    return [Act(post, what, tier, n == len(acts)) for n, (post, what, tier) in enumerate(acts, 1)]


def _steps(row: Visit) -> list[Step]:
    return list(Step.select().where(Step.visit == row.id, Step.round == row.round).order_by(Step.position))


def _add(row: Visit, step: policy_answer.Step) -> None:
    Step.create(
        visit=row.id,
        round=row.round,
        position=len(_steps(row)) + 1,
        posts=list(step.posts),
        what=step.what,
        also=list(step.also),
        why=step.why,
    )
