"""What the wizard reads: people and clients to choose from, a draft, the policy's verdict on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from models.errors import Refused
from models.form import Form
from models.frozen import NO_ENTRIES, record
from models.policy.answer import Answer, Finding, StepAnswer
from models.policy.case import People
from models.policy.judge import judge, route_for, unsaid, waits
from models.policy.model import Policy
from models.queries.client_records import KnownClient, known
from models.queries.request_lists import beside, objections
from models.schema.store import reading
from models.schema.tables import Client, ClientPerson, Decision, Holding, Person, Visit
from models.services.person_register import people
from models.services.phones import Phones
from models.services.rights import LIVE, refusal_code
from models.services.session import Session, in_force, policy_of
from models.services.visit_form import Incomplete, as_request, known_to, read_form
from models.services.visit_record import with_history

BLANK = "-"
"""Stands for a client not named yet, where the policy is asked before the form is complete."""


@record
class PersonChoice:
    """Somebody to choose; `posts` are those held today, in the policy's order."""

    id: int
    name: str
    pinyin: str
    initials: str
    posts: tuple[str, ...]


@record
class ClientChoice:
    """A client known from an earlier visit."""

    id: int
    name: str
    pinyin: str
    initials: str


@record
class KnownGuest:
    """Somebody of a client who was here before, as known last."""

    name: str
    pinyin: str
    initials: str
    post: str
    address: str
    phone: str
    diet: str = ""


@record
class FormChoices:
    """Who and which clients there are to choose from, by the sound of their names; `guests` by their client's name."""

    people: tuple[PersonChoice, ...] = ()
    clients: tuple[ClientChoice, ...] = ()
    guests: Mapping[str, tuple[KnownGuest, ...]] = NO_ENTRIES

    def name(self, person: int | None) -> str:
        """A person's name by id; empty where there is none."""
        return next((each.name for each in self.people if each.id == person), "")

    def holding(self, post: str) -> tuple[int, ...]:
        """The persons who hold a post today."""
        return tuple([each.id for each in self.people if post in each.posts])


@record
class Opened:
    """A visit's form to go on with."""

    visit: int
    version: int
    number: str | None
    state: str
    form: Form
    amends: bool = False
    """It is approved already: what is typed changes an arranged visit. `form.tier` is the tier in force then."""
    returned: str = ""
    """The words with which it was returned last, while it lies with its applicant for that."""


@record
class Verdict:
    """What the policy says to a form as typed so far.

    `missing`: fields it must still be told; meanwhile `answer` takes blanks for them. `decides`: for each tier the
    posts that would decide it. `people`: who holds what on the day it is asked. `client`: what is known of who is
    named.
    """

    policy: Policy
    answer: Answer
    missing: tuple[str, ...]
    decides: Mapping[str, tuple[str, ...]] = NO_ENTRIES
    people: People = People(NO_ENTRIES)
    client: KnownClient | None = None
    findings: tuple[Finding, ...] = ()
    """What the policy says and what other visits there are, without what waits for a missing field."""
    waits: Mapping[str, tuple[str, ...]] = NO_ENTRIES
    """For each part of the answer the missing fields without which it cannot be said."""


def choices(session: Session, policy: Policy, on: date) -> FormChoices:
    """Everybody active with the posts held on a day, and all known clients with their people, of whom a number that
    the actor does not see is left out: it would come to stand on the form as it is shown."""
    with reading():
        until_later = Holding.until.is_null() | (Holding.until >= on)
        held: dict[int, set[str]] = {}
        for holding in Holding.select().where(Holding.since <= on, until_later):
            held.setdefault(holding.person_id, set()).add(holding.post)
        rows = list(Person.select().where(Person.active).order_by(Person.pinyin, Person.id))
        clients = list(Client.select().order_by(Client.pinyin, Client.id))
        guests = _guests(Phones.of(session))
    order = [post.id for post in policy.posts]
    return FormChoices(
        people=tuple([_person(row, [post for post in order if post in held.get(row.id, ())]) for row in rows]),
        clients=tuple([ClientChoice(row.id, row.name, row.pinyin, row.initials) for row in clients]),
        guests=guests,
    )


def _guests(phones: Phones) -> dict[str, tuple[KnownGuest, ...]]:
    known = ClientPerson
    rows: Any = (
        known.select(
            Client.id,
            Client.key,
            known.name,
            known.pinyin,
            known.initials,
            known.post,
            known.address,
            known.phone,
            known.diet,
        )
        .join(Client)
        .order_by(known.pinyin, known.id)
        .tuples()
    )
    found: dict[str, list[KnownGuest]] = {}
    for client, key, *guest in rows:
        one = KnownGuest(*guest)
        seen = one if phones.client(client, one.phone) == one.phone else replace(one, phone="")
        found.setdefault(key, []).append(seen)
    return {client: tuple(guests) for client, guests in found.items()}


def opened(session: Session, visit: int) -> Opened:
    """The form of a visit as stored; Refused where there is none (any more), or it is not the actor's to change now."""
    with reading():
        row = Visit.get_or_none(Visit.id == visit)
        if row is None:
            raise Refused("no_visit")
        words = ""
        if row.state == "returned":
            said = Decision.select().where(Decision.visit == visit, Decision.outcome == "return")
            last = said.order_by(Decision.id.desc()).first()
            words = last.words if last else ""
        form, amends = read_form(row), row.state in LIVE
        form = replace(form, tier=row.tier or form.tier) if amends else known_to(in_force(session, form), form)
        code = refusal_code(session, "amend" if amends else "edit", row)
        if code is not None:
            raise Refused(code)
        return Opened(row.id, row.version, row.number, row.state, form, amends, words)


def verdict(session: Session, form: Form, visit: int | None = None) -> Verdict:
    """What the policy says to the form now: the one in force, or a visit's own where it is amended (`visit`)."""
    now, policy = session.now(), in_force(session, form)
    if visit is not None:
        with reading():
            row = Visit.get_by_id(visit)
            policy = policy_of(session, row)
        now = row.submitted_at or now
    form = known_to(policy, form)
    missing: tuple[str, ...] = ()
    try:
        request = as_request(policy, form, requested_at=now)
    except Incomplete as incomplete:
        missing = incomplete.fields
        arrive = form.arrive or now + timedelta(days=30)
        blank = replace(
            form,
            kind=form.kind or policy.kinds[0].id,
            client=form.client or BLANK,
            headcount=form.headcount or 1,
            arrive=arrive,
            depart=form.depart or arrive,
            department=form.department or policy.departments[0].id,
        )
        request = as_request(
            policy, blank, requested_at=now, tier=form.tier or policy.tiers[0].id if policy.tiers else None
        )
        request = replace(request, tier=form.tier, department=form.department)
    request = with_history(policy, request, visit)
    holders = people(policy, now.date(), form.applicant, form.per_visit)
    waiting = waits(policy, missing)
    tiers = policy.tiers if set(waiting["route"]) <= {"tier"} else ()
    decides = {tier.id: _deciding(route_for(policy, replace(request, tier=tier.id), holders)) for tier in tiers}
    answer = judge(policy, request, holders)
    said = tuple([each for each in answer.findings if not unsaid(each, waiting, missing)])
    answer = replace(answer, findings=said)
    with reading():
        others = beside(session, form, visit)
    found = objections(answer, others)
    return Verdict(policy, answer, missing, decides, holders, known(session, form.client), found, waiting)


def _deciding(route: tuple[StepAnswer, ...]) -> tuple[str, ...]:
    return next((step.posts for step in reversed(route) if step.what == "decide"), ())


def _person(row: Person, posts: list[str]) -> PersonChoice:
    return PersonChoice(row.id, row.name, row.pinyin, row.initials, tuple(posts))
