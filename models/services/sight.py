"""Which visits somebody may not see: those of a kind that only some posts see (`kind.see`), unless they have a part.

Whoever asked for a visit, looks after it, is named on it or stands on its way has a part in it; of a department that
has one of its tasks its head, and whoever that is given to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.errors import Refused
from models.policy.model import Policy
from models.schema.store import reading
from models.schema.tables import Decision, PolicyVersion, Step, Task, Visit, VisitPerson
from models.services.people import posts_of
from models.services.policies import policy_of_version
from models.services.session import Session

FEW = 500
"""So many visits are asked for by their ids; of more, all are read."""


def hidden(session: Session, among: Any = None) -> frozenset[int]:
    """The visits that the desk's actor may not see, of all or of those for which a condition on Visit holds."""
    person = session.actor.person
    with reading():
        posts = frozenset(posts_of(person, session.now().date()) if person is not None else ())
        restricted = {
            (version, kind.id)
            for version, policy in _policies(session)
            for kind in policy.kinds
            if kind.see and posts.isdisjoint(kind.see)
        }
        if not restricted:
            return frozenset()
        found: Any = Visit.select(Visit.id, Visit.policy, Visit.kind).where(Visit.kind.in_({k for _, k in restricted}))
        if among is not None:
            found = found.where(among)
        # Which version it is by is looked at here: by that SQLite would look for visits first, and most have one.
        ids = frozenset(visit for visit, version, kind in found.tuples() if (version, kind) in restricted)
        return ids - _with_part(session, ids, person, posts) if person is not None else ids


def hidden_among(session: Session, visits: Iterable[int]) -> frozenset[int]:
    """Those of these visits that the actor may not see: the work is that of these, however many others there are."""
    asked = frozenset(visits)
    if not asked:
        return asked
    return asked & hidden(session, Visit.id.in_(asked) if len(asked) <= FEW else None)


def sees(session: Session, row: Visit) -> bool:
    """Whether the actor may see a visit at all."""
    return row.id is None or not hidden(session, Visit.id == row.id)


def _policies(session: Session) -> list[tuple[int | None, Policy]]:
    """Every version that visits are judged by, and the one in force for those not submitted yet."""
    found: list[tuple[int | None, Policy]] = [(None, session.policy)]
    for version in PolicyVersion.select(PolicyVersion.id, PolicyVersion.sha256, PolicyVersion.effective):
        try:
            found.append((version.id, policy_of_version(version)))
        except Refused:  # it can no longer be read: the one in force says who sees what
            found.append((version.id, session.policy))
    return found


def _with_part(session: Session, ids: frozenset[int], person: int, posts: frozenset[str]) -> frozenset[int]:
    """Those of these visits in which a person who holds these posts has a part."""
    parties = [*posts, *(each.id for each in session.policy.departments if each.head in posts)]
    asked: list[Any] = [
        Visit.select(Visit.id).where(Visit.id.in_(ids), (Visit.applicant == person) | (Visit.coordinator == person)),
        VisitPerson.select(VisitPerson.visit).where(VisitPerson.visit.in_(ids), VisitPerson.person == person),
        Decision.select(Decision.visit).where(Decision.visit.in_(ids), Decision.person == person),
        Task.select(Task.visit).where(
            Task.visit.in_(ids), Task.state != "gone", (Task.assignee == person) | Task.party.in_(parties)
        ),
    ]
    found = {visit for query in asked for (visit,) in query.tuples()}
    steps: Any = Step.select(Step.visit, Step.posts).where(Step.visit.in_(ids)).tuples()
    return frozenset(found | {visit for visit, asked_posts in steps if not posts.isdisjoint(asked_posts)})
