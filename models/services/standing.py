"""How the actor stands to some visits: what the rights ask of the store, each thing read once for all of the visits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from models.policy.model import Policy
from models.schema.tables import Journal, Person, Step, Task, Visit, VisitPerson
from models.services.people import all_holders, named_for, posts_of
from models.services.session import Session
from models.services.sight import FEW, hidden_among
from models.services.visits import visit_policy

ROLES = ("host", "companion", "diner")
"""Parts in a visit that are no posts."""


class Standing:
    """The actor's standing to these visits, or to one; inside `reading` or `write`, and good for as long only."""

    def __init__(self, session: Session, rows: Iterable[Visit]) -> None:
        self.session = session
        self.person = session.actor.person
        self.day = session.now().date()
        self.rows: Sequence[Visit] = tuple(rows)
        self._policies: dict[int | None, Policy] = {}
        self._posts: dict[tuple[int | None, str | None], tuple[str, ...]] = {}

    @cached_property
    def registered(self) -> bool:
        """Whether the actor is somebody who works here."""
        return Person.select(Person.id).where(Person.id == self.person, Person.active).exists()

    @cached_property
    def unseen(self) -> frozenset[int]:
        """Those of these visits that the actor may not see."""
        return hidden_among(self.session, (row.id for row in self.rows if row.id is not None))

    @cached_property
    def posts(self) -> frozenset[str]:
        """The posts that the actor holds today."""
        return frozenset(posts_of(self.person, self.day) if self.person is not None else ())

    @cached_property
    def holders(self) -> Mapping[str, tuple[int, ...]]:
        """Who holds each post today, longest first."""
        return all_holders(self.day)

    @cached_property
    def named(self) -> Mapping[tuple[int, str], list[int]]:
        """Who is named on the visits, by visit and role; for no post that the regulation does not give per visit."""
        rows = {row.id: row for row in self.rows}
        found: dict[tuple[int, str], list[int]] = {}
        columns = (VisitPerson.visit, VisitPerson.role, VisitPerson.person)
        for visit, role, person in (
            self._of(VisitPerson.select(*columns), VisitPerson).order_by(VisitPerson.id).tuples()
        ):
            if role in ROLES or (visit in rows and role in self.policy(rows[visit]).named_posts):
                found.setdefault((visit, role), []).append(person)
        return found

    @cached_property
    def takes_part(self) -> frozenset[int]:
        """The visits on which the actor is named."""
        return frozenset(visit for (visit, _), people in self.named.items() if self.person in people)

    @cached_property
    def steps(self) -> Mapping[int, Step]:
        """The step at which each submitted visit lies."""
        rounds = {row.id: row.round for row in self.rows if row.state == "submitted"}
        found = self._of(Step.select().where(Step.state == "current"), Step)
        return {step.visit_id: step for step in found if rounds.get(step.visit_id) == step.round}

    def step(self, row: Visit) -> Step | None:
        """The step at which a visit lies, None where it lies at none."""
        return self.steps.get(row.id)

    def policy(self, row: Visit) -> Policy:
        """The visit's policy."""
        if row.policy_id not in self._policies:
            self._policies[row.policy_id] = visit_policy(self.session, row)
        return self._policies[row.policy_id]

    def post_holders(self, row: Visit, post: str) -> tuple[int, ...]:
        """Who holds a post today, or is named for it on this visit (A24)."""
        return tuple(self.named.get((row.id, post), ())) or self.holders.get(post, ())

    def party_holders(self, row: Visit, party: str) -> tuple[int, ...]:
        """The same of any party but a department: also the lead hosts and the applicant."""
        named = {role: people for (visit, role), people in self.named.items() if visit == row.id}
        return named_for(party, row.applicant_id, named) or self.holders.get(party, ())

    def step_holders(self, row: Visit, step: Step) -> tuple[int, ...]:
        """The persons who may act at a step: who holds one of its posts, or is named for one on this visit."""
        return tuple(dict.fromkeys(person for post in step.posts for person in self.post_holders(row, post)))

    def runs(self, row: Visit) -> bool:
        """Whether the actor is the coordinator or holds a lasting post of the owner department (R17)."""
        if self.person is not None and row.coordinator_id == self.person:
            return True
        policy = self.policy(row)
        department = row.owner or policy.owner(row.kind, row.department)
        return not self.posts.isdisjoint(self._running(row.policy_id, policy, department))

    def coordinates(self, row: Visit) -> bool:
        """Whether the actor looks after the visit (R17): is its coordinator, or one of those who could be named so;
        who else runs it may be one who decides on it."""
        if self.person is not None and row.coordinator_id == self.person:
            return True
        policy = self.policy(row)
        groups = coordinating_posts(policy, row.owner or policy.owner(row.kind, row.department), row.kind)
        held = (group for group in groups if any(self.holders.get(post) for post in group))
        return not self.posts.isdisjoint(next(held, ()))

    def _running(self, version: int | None, policy: Policy, department: str | None) -> tuple[str, ...]:
        """The posts that run a department's visits; where nobody holds any of them those above its head, too: no
        visit lies where no one can move it."""
        key = (version, department)
        if key not in self._posts:
            posts = department_posts(policy, department, lasting=True)
            if not any(self.holders.get(post) for post in posts):
                heads = [each.head for each in policy.departments if each.id == department and each.head]
                posts = (*posts, *(up for head in heads for up in policy.above(head)))
            self._posts[key] = posts
        return self._posts[key]

    def has_part(self, row: Visit) -> bool:
        """Whether the actor applied for the visit, is named on it, or runs it."""
        return row.applicant_id == self.person or row.id in self.takes_part or self.runs(row)

    @cached_property
    def asked(self) -> Mapping[int, frozenset[tuple[str, int | None]]]:
        """Of whom something is asked on the visits: party and assignee of each task, by visit."""
        found: dict[int, set[tuple[str, int | None]]] = {}
        query = Task.select(Task.visit, Task.party, Task.assignee).where(Task.state != "gone")
        for visit, party, assignee in self._of(query, Task).tuples():
            found.setdefault(visit, set()).add((party, assignee))
        return {visit: frozenset(tasks) for visit, tasks in found.items()}

    def has_task(self, row: Visit) -> bool:
        """Whether a task of the visit is given to the actor, or asked of their post or the department they head."""
        headed = {each.id for each in self.policy(row).departments if each.head in self.posts}
        parties = headed | self.posts
        return any(who == self.person or party in parties for party, who in self.asked.get(row.id, ()))

    def changed_by(self, row: Visit) -> int | None:
        """Who made the last change to a visit."""
        last = Journal.select().where(Journal.visit == row.id, Journal.verb == "amend")
        found = last.order_by(Journal.id.desc()).first()
        return found.actor if found else None

    def _of(self, query: object, table: type[VisitPerson | Step | Task]):  # type: ignore[no-untyped-def]  # the stubs have no name for a select
        ids = [row.id for row in self.rows]
        return query.where(table.visit.in_(ids)) if len(ids) <= FEW else query  # type: ignore[attr-defined]  # a select


def department_posts(policy: Policy, department: str | None, *, lasting: bool = False) -> tuple[str, ...]:
    """The posts of a department, its head's among them; with `lasting` without those named per visit."""
    if department is None:
        return ()
    heads = {row.head for row in policy.departments if row.id == department}
    return tuple(
        [
            post.id
            for post in policy.posts
            if (post.department == department or post.id in heads) and not (lasting and post.per_visit)
        ]
    )


def coordinating_posts(policy: Policy, department: str | None, kind: str | None) -> tuple[tuple[str, ...], ...]:
    """Who looks after a department's visits (R17), in groups of posts of which the first that anybody holds counts:
    those below the head that the kind of visitor names as filing or seeing such requests; the head; any of the
    department's lasting posts; those above the head."""
    heads = tuple(each.head for each in policy.departments if each.id == department and each.head)
    named = {post for each in policy.kinds if each.id == kind for post in (*each.applicants, *each.see)}
    posts = department_posts(policy, department, lasting=True)
    below = tuple(post for post in posts if post in named and post not in heads)
    return below, heads, posts, tuple(up for head in heads for up in policy.above(head))
