"""Tasks across visits, by party and due time: what is to do, what was done today, how far each party is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from peewee import fn

from models.errors import Refused
from models.policy.model import BY_PERSON, Policy, party_name
from models.policy.wording import askable
from models.queries.common import ARRANGED, parts, tier_marks
from models.queries.status import parties_of
from models.schema.store import reading
from models.schema.tables import Client, Holding, Person, Task, Visit
from models.services import tasks
from models.services.people import called_names, holders, named_for, person_names, posts_of
from models.services.session import Session
from models.services.sight import hidden
from models.services.standing import department_posts
from models.services.visits import visit_policy, visit_row
from models.words import Name

JUST = timedelta(minutes=10)
"""How long a task that was overdue keeps its place after it is ticked."""

_COLUMNS = (
    Visit.id, Visit.state, Visit.number, Visit.client, Visit.client_name, Visit.comes, Visit.tier, Visit.proposed_tier,
    Visit.policy, Visit.applicant,
)  # fmt: skip
"""What a line says of its visit."""


@dataclass(frozen=True, slots=True)
class PartLine:
    """One thing of a task (R53), who ticked it and when (local time)."""

    text: Name
    done: bool
    dropped: bool
    may_drop: bool
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task with its visit. Times are local. `waits_for`: the open tasks it comes after, in short. `state`: as
    stored, but `off` for one left open of a visit on which nobody works any more (called off, nobody came, closed): it
    is due no more.

    `mine`: the actor is named for it, or nobody is and it is the lead host's or a post's, and the actor is that.
    """

    task: int
    version: int
    visit: int
    number: str
    client: str
    find: tuple[str, str]
    arrive: datetime | None
    tier: str | None
    mark: Name | None
    party: str
    party_name: Name
    text: Name
    parts: tuple[PartLine, ...]
    due: datetime | None
    state: str
    assignee: str
    needs_assignee: bool
    may_drop: bool
    waits_for: tuple[Name, ...]
    done_by: str
    done_at: datetime | None
    dropped_for: str
    mine: bool

    @property
    def unassigned(self) -> bool:
        """Whether somebody must be named before it can be ticked (A31)."""
        return self.needs_assignee and not self.assignee and self.state != "off"


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a party's tasks is done on the visits at hand (not counting what was left out)."""

    party: str
    name: Name
    short: Name
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Checklist:
    """Every task in due order, how far each party is, and the party the actor belongs to (None: to none)."""

    lines: tuple[TaskLine, ...]
    progress: tuple[Progress, ...]
    own: str | None


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who may be named for a task; `theirs`: of the task's own party."""

    person: int
    name: str
    find: tuple[str, str]
    posts: tuple[Name, ...]
    theirs: bool


def checklist(session: Session) -> Checklist:
    """All that is to do on the visits at hand, with what was done today and what was left out."""
    today = datetime.combine(session.now().date(), time())
    wanted = (
        (Task.state == "open")
        | ((Task.state == "done") & (Task.done_at >= today))
        | ((Task.state == "dropped") & (Visit.state != "done"))
    )
    with reading():
        unseen = hidden(session, Visit.state.in_(ARRANGED))
        lines = task_lines(session, Visit.state.in_(ARRANGED) & Visit.id.not_in(unseen) & wanted)
        progress = _progress(session.policy, unseen)
        posts = posts_of(session.actor.person, session.now().date()) if session.actor.person else ()
    own = next((party for party in parties_of(session.policy, posts) if party in {p.party for p in progress}), None)
    return Checklist(lines, progress, own)


def task_lines(session: Session, wanted: Any) -> tuple[TaskLine, ...]:
    """The tasks for which the condition `wanted` on Task and Visit holds, what is overdue first, then in due order;
    inside `reading`."""
    rows = list(
        Task.select().join(Visit).where(wanted).order_by(Task.due.is_null(), Task.due, Task.visit, Task.position)
    )
    now, facts = session.now(), _Facts(session, rows)
    return tuple(sorted(map(facts.line, rows), key=lambda line: not _overdue(line, now)))


def _overdue(row: TaskLine, now: datetime) -> bool:
    """Whether it should be done by now and is not, or was ticked so shortly ago that it is still being looked at."""
    undone = row.state == "open" or (row.done_at is not None and row.done_at > now - JUST)
    return undone and row.due is not None and row.due < now


class _Facts:
    """What the lines of these tasks need beside their rows."""

    def __init__(self, session: Session, rows: list[Any]) -> None:
        self.session = session
        visits = {row.visit_id for row in rows}
        found = Visit.select(*_COLUMNS, Client.id, Client.pinyin, Client.initials).left_outer_join(Client)
        self.visits = {row.id: row for row in found.where(Visit.id.in_(visits))}
        self.people = parts(visits)
        self.names = person_names([person for row in rows for person in (row.assignee_id, row.done_by_id)])
        self.still = called_names([row.assignee_id for row in rows if row.state == "open"])
        self.marks = tier_marks(session.policy)
        self.open = _open({(row.visit_id, duty) for row in rows for duty in row.after})
        self.policies: dict[int | None, Policy] = {}
        day = session.now().date()
        self.posts = posts_of(session.actor.person, day) if session.actor.person else ()

    def line(self, row: Any) -> TaskLine:
        visit = self.visits[row.visit_id]
        tier = visit.tier or visit.proposed_tier
        after = [self.open[visit.id, duty] for duty in row.after if (visit.id, duty) in self.open]
        state = "off" if row.state == "open" and visit.state not in ARRANGED else row.state
        return TaskLine(
            task=row.id,
            version=row.version,
            visit=visit.id,
            number=visit.number or "",
            client=visit.client_name,
            find=(visit.client.pinyin, visit.client.initials) if visit.client else ("", ""),
            arrive=visit.comes,
            tier=tier,
            mark=self.marks.get(tier, Name.of(tier[:1])) if tier else None,
            party=row.party,
            party_name=party_name(self._policy(visit), row.party),
            text=Name(row.text),
            parts=tuple(_part(part) for part in row.parts),
            due=None if state == "off" else row.due,
            state=state,
            assignee=(self.still if state == "open" else self.names).get(row.assignee_id, ""),
            needs_assignee=row.needs_assignee,
            may_drop=row.may_drop,
            waits_for=tuple(after) if state == "open" else (),
            done_by=self.names.get(row.done_by_id, ""),
            done_at=row.done_at,
            dropped_for=row.dropped_for,
            mine=self._mine(row),
        )

    def _policy(self, visit: Any) -> Policy:
        if visit.policy_id not in self.policies:
            self.policies[visit.policy_id] = visit_policy(self.session, visit)
        return self.policies[visit.policy_id]

    def _mine(self, row: Any) -> bool:
        person = self.session.actor.person
        if person is None or row.assignee_id is not None:
            return person is not None and row.assignee_id == person
        people: Mapping[str, list[tuple[int, str]]] = self.people.get(row.visit_id, {})
        named = {role: [each for each, _ in pairs] for role, pairs in people.items()}
        meant = named_for(row.party, self.visits[row.visit_id].applicant_id, named)
        return person in meant if meant else row.party in self.posts


def _open(wanted: Collection[tuple[int, str]]) -> dict[tuple[int, str], Name]:
    """Those of these duties, each of a visit, that are still open, and what they are called."""
    visits = {visit for visit, _ in wanted}
    found: Any = (
        Task.select(Task.visit, Task.duty, Task.text).where(Task.visit.in_(visits), Task.state == "open").tuples()
    )
    return {(visit, duty): Name(text) for visit, duty, text in found if (visit, duty) in wanted}


def _part(part: Mapping[str, Any]) -> PartLine:
    at = part.get("at")
    return PartLine(
        text=Name(part["text"]),
        done=part["done"],
        dropped=part["dropped"],
        may_drop=part.get("may_drop", False),
        by=part.get("by", ""),
        at=datetime.fromisoformat(at) if at else None,
    )


def _progress(policy: Policy, unseen: Collection[int]) -> tuple[Progress, ...]:
    counted: Any = (
        Task.select(Task.party, Task.state, fn.COUNT(Task.id))
        .join(Visit)
        .where(Visit.state.in_(ARRANGED), Visit.id.not_in(unseen), Task.state.in_(("open", "done")))
        .group_by(Task.party, Task.state)
        .tuples()
    )
    counts = {(party, state): n for party, state, n in counted}
    found = {party: party_name(policy, party) for party in _parties(policy, (party for party, _ in counts))}
    return tuple(
        Progress(party, name, short_name(name), done := counts.get((party, "done"), 0),
                 done + counts.get((party, "open"), 0))
        for party, name in found.items()
    )  # fmt: skip


def _parties(policy: Policy, more: Iterable[str]) -> tuple[str, ...]:
    """Whoever is asked for something: departments in the policy's order, then the others; persons of a visit only
    where a visit asks them."""
    asked = dict.fromkeys([*(party for party in askable(policy) if party not in BY_PERSON), *more])
    departments = [each.id for each in policy.departments if each.id in asked]
    return tuple(dict.fromkeys([*departments, *asked]))


def short_name(name: Name) -> Name:
    """A party's name for narrow places: two Chinese characters, or a word’s first four letters."""
    return Name({"zh": name.say("zh")[:2], "en": name.say("en").split()[0][:4]})


def task_refusal(session: Session, task: int) -> Refused | None:
    """Why the actor may not touch a task now, None where they may: asked before they type anything."""
    with reading():
        row = Task.get_or_none(Task.id == task)
        return tasks.why_not(session, row, visit_row(row.visit_id)) if row is not None else Refused("no_task")


def helpers(session: Session, task: int) -> tuple[Helper, ...]:
    """Everybody who may be named for a task: of its own party first, each with their posts today."""
    today = session.now().date()
    with reading():
        row = Task.get_by_id(task)
        theirs = _party_people(session, row)
        held: dict[int, list[str]] = {}
        for holding in Holding.select().where(
            Holding.since <= today, Holding.until.is_null() | (Holding.until >= today)
        ):
            held.setdefault(holding.person_id, []).append(holding.post)
        people = list(Person.select().where(Person.active).order_by(Person.pinyin, Person.id))
    found = [
        Helper(
            person=each.id,
            name=each.name,
            find=(each.pinyin, each.initials),
            posts=tuple(session.policy.name_of(post) for post in held.get(each.id, ())),
            theirs=each.id in theirs,
        )
        for each in people
    ]
    return tuple(sorted(found, key=lambda helper: not helper.theirs))


def _party_people(session: Session, row: Task) -> set[int]:
    today = session.now().date()
    visit = visit_row(row.visit_id)
    named = {role: [person for person, _ in pairs] for role, pairs in parts([visit.id]).get(visit.id, {}).items()}
    posts = department_posts(visit_policy(session, visit), row.party) or (row.party,)
    return {*named_for(row.party, visit.applicant_id, named), *(p for post in posts for p in holders(post, today))}
