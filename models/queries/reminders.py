"""Whom to remind of which tasks: who has to do them, for which visit, by when, and by which phone they are reached."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from models.policy.model import party_name
from models.queries.common import ARRANGED, called_one, parts
from models.schema.store import reading
from models.schema.tables import Person, Task, Visit
from models.services.people import holders, named_for
from models.services.session import Session
from models.services.sight import hidden_among
from models.services.standing import department_posts
from models.services.visits import visit_policy
from models.words import Name


@dataclass(frozen=True, slots=True)
class Reminder:
    """An open task: of whom (`who` empty: only the party is known), what of it is not done yet, for which visit, by
    when (local times), and who looks after the visit."""

    task: int
    party: Name
    who: str
    phone: str
    text: Name
    parts: tuple[Name, ...]
    due: datetime | None
    late: bool
    number: str
    client: str
    headcount: int | None
    arrive: datetime | None
    runs: str
    runs_phone: str


def reminders(session: Session, tasks: Collection[int]) -> tuple[Reminder, ...]:
    """The open ones of these tasks, by party and who does them, then by visit and due time; none of a visit the actor
    may not see."""
    with reading():
        rows = list(
            Task.select(Task, Visit)
            .join(Visit)
            .where(Task.id.in_(list(tasks)), Task.state == "open", Visit.state.in_(ARRANGED))
            .order_by(Task.due.is_null(), Task.due, Task.visit, Task.position)
        )
        unseen = hidden_among(session, (row.visit_id for row in rows))
        rows = [row for row in rows if row.visit_id not in unseen]
        told = _Told(session, rows)
        found = [told.reminder(row) for row in rows]
    people = {key: at for at, key in enumerate(dict.fromkeys((each.party, each.who) for each in found))}
    visits = {key: at for at, key in enumerate(dict.fromkeys(each.number for each in found))}
    return tuple(sorted(found, key=lambda each: (people[each.party, each.who], visits[each.number])))


class _Told:
    """What the reminders need beside the tasks' rows."""

    def __init__(self, session: Session, rows: list[Task]) -> None:
        self.session = session
        self.named = parts({row.visit_id for row in rows})
        self.people = {each.id: each for each in Person.select()}
        self.answering: dict[tuple[int, str], int | None] = {}

    def reminder(self, row: Task) -> Reminder:
        visit = row.visit
        who = self.people.get(row.assignee_id or self._answers(visit, row.party) or 0)
        runs = self.people.get(visit.coordinator_id or 0)
        left = [part for part in row.parts if not part["done"] and not part["dropped"]]
        return Reminder(
            task=row.id,
            party=party_name(visit_policy(self.session, visit), row.party),
            who=called_one(who, True),
            phone=who.phone if who else "",
            text=Name(row.text),
            parts=tuple(Name(part["text"]) for part in left),
            due=row.due,
            late=row.due is not None and row.due < self.session.now(),
            number=visit.number or "",
            client=visit.client_name,
            headcount=visit.headcount,
            arrive=visit.comes,
            runs=called_one(runs, True),
            runs_phone=runs.phone if runs else "",
        )

    def _answers(self, visit: Visit, party: str) -> int | None:
        """Who answers for a party where nobody is named: the lead host, the applicant, who holds the post, or the
        department's head."""
        key = (visit.id, party)
        if key not in self.answering:
            self.answering[key] = next(iter(self._party(visit, party)), None)
        return self.answering[key]

    def _party(self, visit: Visit, party: str) -> list[int]:
        roles = self.named.get(visit.id, {})
        named = named_for(
            party, visit.applicant_id, {role: [each for each, _ in pairs] for role, pairs in roles.items()}
        )
        policy, today = visit_policy(self.session, visit), self.session.now().date()
        heads = [each.head for each in policy.departments if each.id == party and each.head]
        posts = [*heads, *(department_posts(policy, party, lasting=True) or (party,))]
        return list(named) or [person for post in posts for person in holders(post, today)]
