"""One visit in whole, as its screen shows it, and what a change on the day begins with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from models.errors import Refused
from models.form import Form
from models.frozen import record
from models.policy.model import Policy, party_name
from models.queries.booking_lists import Booked, booked
from models.queries.common import COMING, Stop, at_whom, called_one, pieces, registered, stops
from models.queries.request_lists import DecisionLine, decisions
from models.queries.task_lists import TaskLine, task_lines
from models.queries.visit_arrangements import (
    Arranged,
    CostLine,
    LegLine,
    NoteLine,
    arranged,
    cost_lines,
    leg_lines,
    notes_of,
)
from models.queries.visit_history import JournalEntry, history, waiting_notifications
from models.schema.store import reading
from models.schema.tables import Decision, Person, Step, Task, Visit
from models.services.capacity import odd_hours
from models.services.cost_check import Totals, totals
from models.services.person_register import called_names, holders, person_names, posts_of
from models.services.phones import Phones
from models.services.rights import EDITED, ActorContext, department_posts, refusal_code, refusals
from models.services.session import Session
from models.services.stage_names import StagePlace, stage_names, stage_places
from models.services.visit_form import read_form
from models.services.visit_record import VisitRecord
from models.services.visits import tier_now, visit_policy
from models.words import Name, Phrase


@record
class StageLine:
    """A stage of the visit: planned time, place (of a room booked for it, of its meal, or typed) and people, as typed
    and in pieces, where who is switched off bears the mark; when it really began and ended (local times)."""

    id: int
    name: Name
    state: str
    at: datetime | None
    place: StagePlace
    people: str
    named: tuple[str, ...]
    started: datetime | None
    ended: datetime | None


@record
class PersonPart:
    """A colleague's part in the visit: `role` is host, companion, diner, coordinator, applicant, or a post's name."""

    role: str | Name
    name: str
    phone: str
    posts: tuple[Name, ...]


@record
class Signature:
    """What was said in one of the form's two boxes (R112); one decision may stand in both (A5)."""

    box: str
    said: DecisionLine


@record
class VisitDetail:
    """All of one visit. `form.tier` is the proposed tier, `tier` the one in force; `refusals` by verb why not.
    `comes`, `goes`: when it begins and ends as it is known now, where the form says when it was to be;
    `odd_hours`: what of its times does not go together."""

    visit: int
    version: int
    number: str | None
    state: str
    policy: Policy
    form: Form
    comes: datetime | None
    goes: datetime | None
    tier: str | None
    late: bool
    owner: Name | None
    coordinator: str
    names: Mapping[int | None, str]
    posts: tuple[str, ...]
    waits_at: tuple[str, ...]
    since: datetime | None
    route: tuple[Stop, ...]
    signatures: tuple[Signature, ...]
    unconfirmed: tuple[DecisionLine, ...]
    stages: tuple[StageLine, ...]
    people: tuple[PersonPart, ...]
    tasks: tuple[TaskLine, ...]
    costs: tuple[CostLine, ...]
    totals: Totals
    travel: tuple[LegLine, ...]
    arranged: Arranged
    booked: Booked
    notes: tuple[NoteLine, ...]
    history: tuple[JournalEntry, ...]
    refusals: Mapping[str, str | None]
    to_notify: int
    odd: tuple[Phrase, ...]

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names of the lead hosts."""
        return tuple(self.names.get(person, "") for person in self.form.hosts)

    def nearest(self, today: date) -> date:
        """The day of the visit that is nearest to today."""
        if self.comes is None:
            return today
        return min(max(today, self.comes.date()), (self.goes or self.comes).date())

    @property
    def edited(self) -> bool:
        """Whether the form is still to be submitted."""
        return self.state in EDITED


def visit(session: Session, number: int) -> VisitDetail | None:
    """All of the visit with that id; None where it is gone. Refused where the actor may not see it."""
    with reading():
        row = Visit.get_or_none(Visit.id == number)
        if row is None:
            return None
        record = VisitRecord(session, row)
        context = ActorContext(session, (row,), record)
        if row.id in context.unseen:
            raise Refused("restricted")
        phones = Phones(context)
        policy, form = record.policy, phones.form(row.id, record.asked_form)
        step = context.step(row)
        waits_at = context.voices(row, step) if step else ()
        persons = [who for each in waits_at for who in (each.person, each.of)]
        known = [*form.hosts, *form.companions, *form.diners, *form.per_visit.values(), form.applicant]
        things = arranged(record)
        names = (called_names if row.state in COMING else person_names)([*known, row.coordinator_id, *persons])
        said = decisions([number]).get(number, ())
        detail = VisitDetail(
            visit=row.id,
            version=row.version,
            number=row.number,
            state=row.state,
            policy=policy,
            form=form,
            comes=row.comes,
            goes=row.goes,
            tier=tier_now(row),
            late=row.late,
            owner=policy.name_of(row.owner) if row.owner else None,
            coordinator=names.get(row.coordinator_id, ""),
            names=names,
            posts=tuple(step.posts) if step else (),
            waits_at=at_whom(waits_at, names),
            since=step.since_utc if step else None,
            route=stops(row.id, row.round),
            signatures=_signatures(number, said),
            unconfirmed=_unconfirmed(context, row, said),
            stages=_stages(record),
            people=_people(record, phones),
            tasks=task_lines(session, (Task.visit == number) & (Task.state != "gone")),
            costs=cost_lines(record, context),
            totals=totals(row, record.expenses),
            travel=leg_lines(record, phones),
            arranged=things,
            booked=booked(record, phones),
            notes=notes_of(record),
            history=history(session, number, policy),
            refusals=refusals(context, row),
            to_notify=waiting_notifications(session, number),
            odd=odd_hours(record, form),
        )
        return phones.about(number, detail)


def _signatures(number: int, said: tuple[DecisionLine, ...]) -> tuple[Signature, ...]:
    steps: Any = Decision.select(Decision.id, Step.what, Step.also).join(Step).where(Decision.visit == number).tuples()
    boxes = {decision: {what, *also} for decision, what, also in steps}
    return tuple(
        Signature("opinion" if box == "opinion" else "decide", each)
        for each in said
        if each.outcome != "taken_back"
        for box in sorted(boxes.get(each.id, ()), key=["opinion", "decide", "sign", "report"].index)
    )


def _unconfirmed(context: ActorContext, row: Visit, said: tuple[DecisionLine, ...]) -> tuple[DecisionLine, ...]:
    """The decisions recorded for the actor, or for a post of theirs, that nobody confirmed yet."""
    person, waiting = context.person, [each for each in said if each.unconfirmed]
    if person is None or not waiting:
        return ()
    whose = {each.id: each.person_id for each in Decision.select().where(Decision.visit == row.id)}
    return tuple(
        each
        for each in waiting
        if whose[each.id] == person or (whose[each.id] is None and person in context.post_holders(row, each.post))
    )


def _stages(record: VisitRecord) -> tuple[StageLine, ...]:
    called = stage_names(record.policy, record.stages, record.meals_by_id)
    places = stage_places(record.policy, record.stages, record.bookings, record.rooms, record.meals_by_id)
    names = registered(record.register.persons.values()) if record.row.state in COMING else {}
    return tuple(
        StageLine(
            row.id,
            called[row.id],
            row.state,
            row.at,
            places[row.id],
            row.people,
            pieces(row.people, {} if row.state == "done" else names),
            row.started,
            row.ended,
        )
        for row in record.stages
    )


def _people(record: VisitRecord, phones: Phones) -> tuple[PersonPart, ...]:
    """Who takes part, hosts first; then who looks after the visit and who asked for it."""
    row, policy, today = record.row, record.policy, record.session.now().date()
    named: dict[str, list[int]] = {}
    for part in sorted(record.parts, key=lambda part: part.role):
        named.setdefault(part.role, []).append(part.person_id)
    order = ["host", *(role for role in named if role not in ("host", "companion", "diner")), "companion", "diner"]
    found: list[tuple[str | Name, int]] = [
        (role if role in ("host", "companion", "diner") else party_name(policy, role), person)
        for role in order
        for person in named.get(role, ())
    ]
    found += [(role, person) for role, person in (("coordinator", row.coordinator_id), ("applicant", row.applicant_id))
              if person is not None]  # fmt: skip
    rows = record.register.persons
    return tuple(
        PersonPart(
            role,
            called_one(rows[person], row.state in COMING),
            phones.on(row.id, rows[person].phone, person),
            tuple(policy.name_of(post) for post in record.register.posts_of(person, today)),
        )
        for role, person in found
    )


@record
class Heir:
    """Somebody to whom the visit can be handed: of the owner department."""

    person: int
    name: str
    find: tuple[str, str]
    posts: tuple[Name, ...]


def heirs(session: Session, number: int) -> tuple[Heir, ...]:
    """Who may look after the visit instead (R17)."""
    today = session.now().date()
    with reading():
        row = Visit.get_by_id(number)
        policy = visit_policy(session, row)
        posts = department_posts(policy, row.owner, lasting=True)
        people = {person for post in posts for person in holders(post, today)}
        rows = list(Person.select().where(Person.id.in_(people), Person.active).order_by(Person.pinyin, Person.id))
        return tuple(
            Heir(each.id, each.name, (each.pinyin, each.initials),
                 tuple(policy.name_of(post) for post in posts_of(each.id, today)))
            for each in rows
        )  # fmt: skip


# -- what a change on the day begins with -----------------------------------------------------------------------------


@record
class Changing:
    """A visit as it is: `comes` when its guests are expected; `refused` is why the actor may not change it now."""

    visit: int
    version: int
    number: str
    policy: Policy
    form: Form
    comes: datetime | None
    refused: str | None


def changing(session: Session, visit: int) -> Changing | None:
    """The visit with that id; None where it is gone."""
    with reading():
        row = Visit.get_or_none(Visit.id == visit)
        if row is None:
            return None
        refused = refusal_code(session, "amend", row)
        policy, phones = visit_policy(session, row), Phones(ActorContext(session, (row,)))
        form = read_form(row)
        if refused is not None:
            form = phones.about(row.id, phones.form(row.id, form))
        return Changing(row.id, row.version, row.number or "", policy, form, row.comes, refused)
