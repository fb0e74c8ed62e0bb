"""Tasks across visits by party and due time; reminders, costs that need consent, the counts in the title line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from peewee import fn

from models.errors import Refused
from models.frozen import record
from models.policy.model import BY_PERSON, Policy, party_name
from models.policy.wording import askable
from models.queries.common import ARRANGED, called_one, parts, tier_marks
from models.queries.visit_arrangements import cost_lines
from models.schema.store import reading
from models.schema.tables import Client, Expense, Holding, Person, Step, Task, Visit, VisitPerson
from models.services import task_verbs
from models.services.person_register import called_names, holders, named_for, person_names, posts_of
from models.services.phones import Phones
from models.services.rights import ActorContext, department_posts, hidden, hidden_among, refusals
from models.services.session import Session
from models.services.visit_record import VisitRecord
from models.services.visits import visit_policy, visit_row
from models.words import Name, Phrase

JUST = timedelta(minutes=10)
"""How long a task that was overdue keeps its place after it is ticked."""

_COLUMNS = (
    Visit.id, Visit.state, Visit.number, Visit.client, Visit.client_name, Visit.comes, Visit.tier, Visit.proposed_tier,
    Visit.policy, Visit.applicant,
)  # fmt: skip
"""What a line says of its visit."""


@record
class TaskPartLine:
    """One thing of a task (R53), who ticked it and when (local time)."""

    text: Name
    done: bool
    dropped: bool
    may_drop: bool
    by: str
    at: datetime | None


@record
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
    parts: tuple[TaskPartLine, ...]
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


@record
class Progress:
    """How much of a party's tasks is done on the visits at hand (not counting what was left out)."""

    party: str
    name: Name
    short: Name
    done: int
    total: int


@record
class Checklist:
    """Every task in due order, how far each party is, and the party the actor belongs to (None: to none)."""

    lines: tuple[TaskLine, ...]
    progress: tuple[Progress, ...]
    own: str | None


@record
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
    now, facts = session.now(), _TaskContext(session, rows)
    return tuple(sorted(map(facts.line, rows), key=lambda line: not _overdue(line, now)))


def _overdue(row: TaskLine, now: datetime) -> bool:
    """Whether it should be done by now and is not, or was ticked so shortly ago that it is still being looked at."""
    undone = row.state == "open" or (row.done_at is not None and row.done_at > now - JUST)
    return undone and row.due is not None and row.due < now


class _TaskContext:
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


def _part(part: Mapping[str, Any]) -> TaskPartLine:
    at = part.get("at")
    return TaskPartLine(
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
        return task_verbs.why_not(session, row, visit_row(row.visit_id)) if row is not None else Refused("no_task")


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


# -- the title line and the tabs --------------------------------------------------------------------------------------


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
    """What waits for the session's actor now."""
    person, policy = session.actor.person, session.policy
    if person is None:
        return Waiting(session.actor.name, None, 0, 0, 0)
    now = session.now()
    with reading():
        posts = posts_of(person, now.date())
        row = Person.get_or_none(Person.id == person)
        near = _near(person, posts)
        context = ActorContext(session, near)
        decisions = sum(refusals(context, visit, ("decide",))["decide"] is None for visit in near)
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


# -- reminders --------------------------------------------------------------------------------------------------------


@record
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
        told = _ReminderContext(session, rows)
        found = [told.reminder(row) for row in rows]
    people = {key: at for at, key in enumerate(dict.fromkeys((each.party, each.who) for each in found))}
    visits = {key: at for at, key in enumerate(dict.fromkeys(each.number for each in found))}
    return tuple(sorted(found, key=lambda each: (people[each.party, each.who], visits[each.number])))


class _ReminderContext:
    """What the reminders need beside the tasks' rows."""

    def __init__(self, session: Session, rows: list[Task]) -> None:
        self.session = session
        self.named = parts({row.visit_id for row in rows})
        self.people = {each.id: each for each in Person.select()}
        self.answering: dict[tuple[int, str], int | None] = {}
        self.phones = Phones(ActorContext(session, list({row.visit_id: row.visit for row in rows}.values())))

    def reminder(self, row: Task) -> Reminder:
        visit = row.visit
        who = self.people.get(row.assignee_id or self._answers(visit, row.party) or 0)
        runs = self.people.get(visit.coordinator_id or 0)
        left = [part for part in row.parts if not part["done"] and not part["dropped"]]
        return Reminder(
            task=row.id,
            party=party_name(visit_policy(self.session, visit), row.party),
            who=called_one(who, True),
            phone=self.phones.on(visit.id, who.phone, who.id) if who else "",
            text=Name(row.text),
            parts=tuple(Name(part["text"]) for part in left),
            due=row.due,
            late=row.due is not None and row.due < self.session.now(),
            number=visit.number or "",
            client=visit.client_name,
            headcount=visit.headcount,
            arrive=visit.comes,
            runs=called_one(runs, True),
            runs_phone=self.phones.on(visit.id, runs.phone, runs.id) if runs else "",
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


# -- costs that need consent ------------------------------------------------------------------------------------------

SIGNED_IN = ("approved", "under_way", "done", "no_show")
"""States of a visit whose costs can be signed."""


@record
class Unsigned:
    """A line of costs beyond what was agreed to: `amount` paid, `cap` and `over` in minor units, `posts` any of which
    may sign, `text` all of it in a sentence. `mine`: the actor may sign it."""

    visit: int
    number: str
    client: str
    find: tuple[str, str]
    arrive: datetime | None
    expense: int
    name: Name
    on: date | None
    amount: int
    cap: int | None
    over: int
    posts: tuple[Name, ...]
    text: Phrase
    mine: bool


@record
class Signing:
    """A visit with costs that somebody must agree to, at least one."""

    lines: tuple[Unsigned, ...]

    @property
    def visit(self) -> int:
        """The visit's id."""
        return self.lines[0].visit

    @property
    def mine(self) -> bool:
        """Whether the actor may sign some of them."""
        return any(line.mine for line in self.lines)

    @property
    def first(self) -> Unsigned:
        """The one to begin with: the first that the actor may sign."""
        return next((line for line in self.lines if line.mine), self.lines[0])


def unsigned(session: Session) -> tuple[Unsigned, ...]:
    """Every such line of the visits that the actor sees, the visit that came first first."""
    with reading():
        rows = _paid()
        unseen = hidden_among(session, (row.id for row in rows))
        return tuple(line for row in rows if row.id not in unseen for line in _of(session, row))


def signing(session: Session) -> tuple[Signing, ...]:
    """The visits with such lines: those that the actor may sign first, the one that came first first."""
    by_visit: dict[int, list[Unsigned]] = {}
    for line in unsigned(session):
        by_visit.setdefault(line.visit, []).append(line)
    return tuple(sorted((Signing(tuple(lines)) for lines in by_visit.values()), key=lambda each: not each.mine))


def to_sign(session: Session) -> int:
    """How many visits have costs that the actor must agree to."""
    return sum(each.mine for each in signing(session))


def _paid() -> list[Visit]:
    paid = fn.EXISTS(Expense.select(Expense.id).where(Expense.visit == Visit.id, Expense.actual.is_null(False)))
    return list(Visit.select().where(Visit.state.in_(SIGNED_IN), paid).order_by(Visit.comes, Visit.id))


def _of(session: Session, row: Visit) -> list[Unsigned]:
    policy = visit_policy(session, row)
    if not any(sign.do == "decide" for sign in policy.signs):
        return []
    client = row.client if row.client_id is not None else None
    return [
        Unsigned(
            visit=row.id,
            number=row.number or "",
            client=row.client_name,
            find=(client.pinyin, client.initials) if client else ("", ""),
            arrive=row.comes,
            expense=line.id,
            name=line.name,
            on=line.on,
            amount=line.actual or 0,
            cap=line.cap,
            over=line.over,
            posts=tuple(policy.name_of(post) for post in line.asked),
            text=line.lacks["signature"],
            mine=line.may_sign,
        )
        for line in cost_lines(VisitRecord(session, row), ActorContext(session, (row,)))
        if "signature" in line.lacks
    ]
