"""What the title line and the tabs say: who acts, and how much waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from models.policy.model import Policy
from models.schema.store import reading
from models.schema.tables import Step, Task, Visit
from models.services.desk import Desk
from models.services.people import posts_of
from models.services.rights import may
from models.words import Name


@dataclass(frozen=True, slots=True)
class Head:
    """`name` of who acts and `place`, their department or post; `approvals` that only they (or their like) can give
    now; `tasks` of theirs or their department's due by the end of the day, overdue ones included; `mine` of those,
    assigned to themselves."""

    name: str
    place: Name | None
    approvals: int
    tasks: int
    mine: int


def head(desk: Desk) -> Head:
    """How things stand for who acts; nothing waits for nobody."""
    person, now = desk.actor.person, desk.now()
    if person is None:
        return Head(desk.actor.name, None, 0, 0, 0)
    with reading():
        posts = posts_of(person, now.date())
        tasks, mine = _tasks(person, _parties(desk.policy, posts), now)
        return Head(desk.actor.name, _place(desk.policy, posts), _approvals(desk), tasks, mine)


def _parties(policy: Policy, posts: tuple[str, ...]) -> set[str]:
    """The parties whose tasks are theirs: departments they head or belong to, and their posts."""
    parties = set(posts)
    parties |= {department.id for department in policy.departments if department.head in posts}
    return parties | {post.department for post in policy.posts if post.id in posts and post.department}


def _place(policy: Policy, posts: tuple[str, ...]) -> Name | None:
    """The department of the first post that has one, else the first post."""
    departments = [policy.post(post).department for post in posts if any(known.id == post for known in policy.posts)]
    named = [department for department in departments if department] or list(posts)
    return policy.name_of(named[0]) if named else None


def _approvals(desk: Desk) -> int:
    rows: Any = (
        Visit.select()
        .join(Step, on=((Step.visit == Visit.id) & (Step.round == Visit.round) & (Step.state == "current")))
        .where(Visit.state == "submitted")
    )
    return sum(may(desk, "decide", row) is None for row in rows)


def _tasks(person: int, parties: set[str], now: datetime) -> tuple[int, int]:
    end = datetime.combine(now.date(), time()) + timedelta(days=1)
    rows: Any = (
        Task.select(Task.assignee)
        .join(Visit)
        .where(
            Task.state == "open",
            Visit.state.in_(("approved", "under_way", "done")),
            Task.due < end,
            (Task.assignee == person) | (Task.assignee.is_null() & Task.party.in_(parties)),
        )
        .tuples()
    )
    assignees = [assignee for (assignee,) in rows]
    return len(assignees), sum(assignee == person for assignee in assignees)
