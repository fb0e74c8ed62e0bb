"""What the title line and the tabs say: who acts, what waits for them.

Asked after every write, so its work is that of the visits at hand: whose something is, is looked at here, for by a
person SQLite would go through all they ever had to do with.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from models.frozen import record
from models.policy.model import Policy
from models.queries.common import ARRANGED
from models.queries.unsigned import to_sign
from models.schema.store import reading
from models.schema.tables import Person, Step, Task, Visit, VisitPerson
from models.services.people import posts_of
from models.services.rights import refusals
from models.services.session import Session
from models.services.standing import Standing
from models.words import Name


@record
class Waiting:
    """Who acts and where they sit; what waits for them: decisions, returned requests, tasks due by tonight, visits with
    costs to agree to."""

    name: str
    place: Name | None
    decisions: int
    returned: int
    tasks: int
    costs: int = 0


def departments_of(policy: Policy, posts: tuple[str, ...]) -> tuple[str, ...]:
    """The departments that these posts belong to or head, in the policy's order."""
    heads = {row.id for row in policy.departments if row.head in posts}
    homes = {policy.post(post).department for post in posts if any(row.id == post for row in policy.posts)}
    return tuple(row.id for row in policy.departments if row.id in heads | homes)


def parties_of(policy: Policy, posts: tuple[str, ...]) -> tuple[str, ...]:
    """The parties whose tasks are somebody's who holds these posts: their departments and the posts themselves."""
    return (*departments_of(policy, posts), *posts)


def waiting(session: Session) -> Waiting:
    """What waits for the desk's actor now."""
    person, policy = session.actor.person, session.policy
    if person is None:
        return Waiting(session.actor.name, None, 0, 0, 0)
    now = session.now()
    with reading():
        posts = posts_of(person, now.date())
        row = Person.get_or_none(Person.id == person)
        near = _near(person, posts)
        standing = Standing(session, near)
        decisions = sum(refusals(standing, visit, ("decide",))["decide"] is None for visit in near)
        returned = _returned(person)
        tasks = _tasks(person, parties_of(policy, posts), now)
        costs = to_sign(session)
    return Waiting(row.name if row else session.actor.name, _place(policy, posts), decisions, returned, tasks, costs)


def _near(person: int, posts: tuple[str, ...]) -> list[Visit]:
    """The submitted visits that lie at one of these posts, or at one that the person is named for; the rights say the
    rest."""
    steps = list(
        Step.select(Step, Visit)
        .join(Visit)
        .where(Visit.state == "submitted", Step.state == "current", Step.round == Visit.round)
    )
    named = VisitPerson.select(VisitPerson.visit, VisitPerson.role, VisitPerson.person)
    asked: Any = named.where(VisitPerson.visit.in_([step.visit.id for step in steps])).tuples()
    roles = {(visit, role) for visit, role, who in asked if who == person}
    return [step.visit for step in steps if any(post in posts or (step.visit.id, post) in roles for post in step.posts)]


def _place(policy: Policy, posts: tuple[str, ...]) -> Name | None:
    """The department, or else the first post, that tells colleagues who this is."""
    departments = departments_of(policy, posts)
    if departments:
        return policy.department(departments[0]).name
    return policy.name_of(posts[0]) if posts else None


def _tasks(person: int, parties: tuple[str, ...], now: datetime) -> int:
    tonight = datetime.combine(now.date() + timedelta(days=1), time())
    due: Any = (
        Task.select(Task.assignee, Task.party)
        .join(Visit)
        .where(Task.state == "open", Task.due < tonight, Visit.state.in_(ARRANGED))
        .tuples()
    )
    return sum(assignee == person or (assignee is None and party in parties) for assignee, party in due)


def _returned(person: int) -> int:
    rows: Any = Visit.select(Visit.applicant).where(Visit.state == "returned").tuples()
    return sum(applicant == person for (applicant,) in rows)
