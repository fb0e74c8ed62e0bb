"""The record of a client: its visits and hosts, what was given, and the brief for the next hosts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from peewee import fn

from models import frozen
from models.errors import Refused
from models.policy.model import entry_name, item_name
from models.queries.common import parts
from models.schema.store import reading
from models.schema.tables import Client, ClientPerson, Expense, Guest, Stage, Visit
from models.services.client_verbs import bare_name
from models.services.person_register import known_people
from models.services.phones import Phones
from models.services.rights import client_refusal, hidden, refusal_code
from models.services.session import Session
from models.services.stage_names import places_of, stage_meals, stage_names
from models.services.visit_form import known_client
from models.services.visits import tier_now, visit_policy
from models.words import Name, alike

CAME = ("under_way", "done", "closed")
COMING = ("submitted", "approved")
TOLD = (*CAME, *COMING, "no_show")
GIFT = "gift"
LAST = 3
"""So many past visits stand in a brief."""


@frozen.record
class ClientLine:
    """A client: how often they came, last and next (days); `twins` are clients of nearly the same name, by id."""

    id: int
    version: int
    name: str
    find: tuple[str, ...]
    visits: int
    last: date | None
    coming: date | None
    twins: tuple[tuple[int, str], ...]


@frozen.record
class ClientPersonLine:
    """Somebody of a client, as known last."""

    id: int
    version: int
    name: str
    find: tuple[str, str]
    post: str
    address: str
    phone: str
    likes: str
    diet: str


@frozen.record
class Gift:
    """What was given to whom, its value in minor units where it is known: paid, else planned."""

    item: Name
    to: str
    amount: int | None


@frozen.record
class PastVisit:
    """A visit of the client as its record shows it; `hosts` are the lead hosts, `tier` by the visit's own policy."""

    visit: int
    number: str
    state: str
    arrive: datetime
    tier: Name | None
    headcount: int
    purposes: tuple[Name, ...]
    hosts: tuple[str, ...]
    gifts: tuple[Gift, ...]


@frozen.record
class Record:
    """All that is known of a client. `coming` is the next visit, `here` the one under way, `visits` are all, latest
    first. `refused`: why the actor may not change it, None where they may."""

    id: int
    version: int
    name: str
    likes: str
    diet: str
    points: str
    notes: str
    people: tuple[ClientPersonLine, ...]
    visits: tuple[PastVisit, ...]
    coming: PastVisit | None
    here: PastVisit | None
    twins: tuple[tuple[int, str], ...]
    refused: str | None


@frozen.record
class Comer:
    """A guest of a coming visit, with what is known of them."""

    name: str
    post: str
    address: str
    principal: bool
    likes: str
    diet: str


@frozen.record
class StagePart:
    """A stage of a coming visit: when, where, who is there (local time)."""

    name: Name
    at: datetime | None
    place: str
    people: str


@frozen.record
class Brief:
    """What the hosts of a coming visit should know, its times as they are known now; `last` are the visits before it,
    latest first."""

    visit: PastVisit
    depart: datetime | None
    client: str
    companions: tuple[str, ...]
    purpose_text: str
    guests: tuple[Comer, ...]
    last: tuple[PastVisit, ...]
    likes: str
    diet: str
    points: str
    notes: str
    stages: tuple[StagePart, ...]


@frozen.record
class KnownClient:
    """What is known of a client when a request names it: how often they came, the last time, what is written."""

    visits: int
    last: PastVisit | None
    likes: str
    diet: str
    points: str
    notes: str


def clients(session: Session) -> tuple[ClientLine, ...]:
    """All clients by the sound of their names. Visits that the actor may not read are not counted."""
    today = datetime.combine(session.now().date(), datetime.min.time())
    with reading():
        readable = Visit.id.not_in(hidden(session))
        came = _days(fn.MAX(Visit.comes), readable & Visit.state.in_(CAME))
        coming = _days(fn.MIN(Visit.comes), readable & Visit.state.in_(COMING) & (Visit.comes >= today))
        rows = list(Client.select().order_by(Client.pinyin, Client.id))
        people: dict[int, list[str]] = {}
        columns = (ClientPerson.client, ClientPerson.name, ClientPerson.pinyin, ClientPerson.initials)
        known: Any = ClientPerson.select(*columns).tuples()
        for client, *said in known:
            people.setdefault(client, []).extend(said)
    twins = _twins(rows)
    return tuple(
        ClientLine(
            row.id, row.version, row.name, (row.pinyin, row.initials, *people.get(row.id, ())),
            came.get(row.id, (0, None))[0],
            came.get(row.id, (0, None))[1], coming.get(row.id, (0, None))[1], twins.get(row.id, ()),
        )
        for row in rows
    )  # fmt: skip


def record(session: Session, client: int) -> Record | None:
    """All that is known of one client and may be read; None where it is gone."""
    with reading():
        row = Client.get_or_none(Client.id == client)
        if row is None:
            return None
        people = ClientPerson.select().where(ClientPerson.client == client)
        visits, phones = _visits(session, client), Phones.of(session)
        today = session.now().date()
        coming = [each for each in visits if each.state in COMING and each.arrive.date() >= today]
        return Record(
            id=row.id, version=row.version, name=row.name,
            likes=row.likes, diet=row.diet, points=row.points, notes=row.notes,
            people=tuple(_person(each, phones) for each in people.order_by(ClientPerson.pinyin, ClientPerson.id)),
            visits=visits,
            coming=coming[-1] if coming else None,
            here=_here(client, visits, today),
            twins=_twins(list(Client.select())).get(client, ()),
            refused=client_refusal(session, client),
        )  # fmt: skip


def known(session: Session, name: str) -> KnownClient | None:
    """What is known of the client of this name and may be read; None where there is no such client."""
    with reading():
        row = known_client(name.strip())
        if row is None:
            return None
        came = (Visit.client == row.id) & Visit.state.in_(CAME) & Visit.comes.is_null(False)
        came &= Visit.id.not_in(hidden(session, Visit.client == row.id))
        last = list(Visit.select().where(came).order_by(Visit.comes.desc(), Visit.id.desc()).limit(1))
        return KnownClient(
            Visit.select().where(came).count(), next(iter(_past(last, session)), None),
            row.likes, row.diet, row.points, row.notes,
        )  # fmt: skip


def _here(client: int, visits: Iterable[PastVisit], today: date) -> PastVisit | None:
    """The visit whose guests are here, who have not gone before today."""
    start = datetime.combine(today, datetime.min.time())
    here = (Visit.client == client) & (Visit.state == "under_way")
    ids = {row.id for row in Visit.select(Visit.id).where(here, Visit.goes >= start)}
    return next((each for each in visits if each.visit in ids), None)


def brief(session: Session, visit: int) -> Brief:
    """The page for the hosts of a visit; Refused where there is none (any more), or it may not be read."""
    with reading():
        row = Visit.get_or_none(Visit.id == visit)
        if row is None or row.client_id is None or row.comes is None:
            raise Refused("no_visit")
        code = refusal_code(session, "read", row)
        if code is not None:
            raise Refused(code)
        client, policy, arrive = Client.get_by_id(row.client_id), visit_policy(session, row), row.comes
        named = parts([visit]).get(visit, {})
        known = known_people(client.id)
        guests = Guest.select().where(Guest.visit == visit).order_by(Guest.principal.desc(), Guest.position)
        held = Stage.select().where(Stage.visit == visit, Stage.state != "not_applicable").order_by(Stage.position)
        stages = list(held)
        meals = stage_meals(stages)
        called, places = stage_names(policy, stages, meals), places_of(policy, visit, stages, meals)
        before = [
            each
            for each in _visits(session, client.id)
            if each.visit != visit and each.state in CAME and each.arrive <= arrive
        ]
        return Brief(
            visit=_past([row], session)[0],
            depart=row.goes,
            client=client.name,
            companions=tuple(name for _, name in named.get("companion", ())),
            purpose_text=row.purpose_text or row.reason,
            guests=tuple(_comer(each, known.get(alike.key(each.name))) for each in guests),
            last=tuple(before[:LAST]),
            likes=client.likes, diet=client.diet, points=client.points, notes=client.notes,
            stages=tuple(StagePart(called[each.id], each.at, places[each.id].text, each.people) for each in stages),
        )  # fmt: skip


def _days(what: Any, where: Any) -> dict[int, tuple[int, date | None]]:
    """By client how many visits there are `where`, and the day of the one that `what` picks."""
    rows: Any = (
        Visit.select(Visit.client, fn.COUNT(Visit.id), what)
        .where(Visit.client.is_null(False), where)
        .group_by(Visit.client)
        .tuples()
    )
    return {client: (count, _day(at)) for client, count, at in rows}


def _day(at: datetime | str | None) -> date | None:
    return date.fromisoformat(at[:10]) if isinstance(at, str) else at.date() if at else None


def _twins(rows: Iterable[Client]) -> dict[int, tuple[tuple[int, str], ...]]:
    """By client those others whose name is nearly the same."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for row in rows:
        groups.setdefault(bare_name(row.name), []).append((row.id, row.name))
    return {
        client: tuple(other for other in group if other[0] != client)
        for group in groups.values()
        if len(group) > 1
        for client, _ in group
    }


def _visits(session: Session, client: int) -> tuple[PastVisit, ...]:
    rows = (
        Visit.select()
        .where(
            Visit.client == client,
            Visit.state.in_(TOLD),
            Visit.comes.is_null(False),
            Visit.id.not_in(hidden(session, Visit.client == client)),
        )
        .order_by(Visit.comes.desc(), Visit.id.desc())
    )
    return _past(list(rows), session)


def _past(rows: list[Visit], session: Session) -> tuple[PastVisit, ...]:
    ids = [row.id for row in rows]
    named = parts(ids)
    given: dict[int, list[Expense]] = {}
    for each in Expense.select().where(Expense.visit.in_(ids), Expense.item == GIFT).order_by(Expense.position):
        given.setdefault(each.visit_id, []).append(each)
    return tuple(
        _visit(session, row, row.comes, named.get(row.id, {}), given.get(row.id, []))
        for row in rows
        if row.comes is not None
    )


def _visit(
    session: Session, row: Visit, arrive: datetime, named: dict[str, list[tuple[int, str]]], given: list[Expense]
) -> PastVisit:
    policy, tier = visit_policy(session, row), tier_now(row)
    return PastVisit(
        visit=row.id,
        number=row.number or "",
        state=row.state,
        arrive=arrive,
        tier=policy.name_of(tier) if tier else None,
        headcount=row.headcount or 0,
        purposes=tuple(entry_name(policy, "purpose", each) for each in row.purposes),
        hosts=tuple(name for _, name in named.get("host", ())),
        gifts=tuple(
            Gift(item_name(policy, each.item), each.label, each.planned if each.actual is None else each.actual)
            for each in given
        ),
    )


def _person(row: ClientPerson, phones: Phones) -> ClientPersonLine:
    phone = phones.client(row.client_id, row.phone)
    return ClientPersonLine(
        row.id, row.version, row.name, (row.pinyin, row.initials), row.post, row.address, phone, row.likes, row.diet
    )


def _comer(row: Guest, known: ClientPerson | None) -> Comer:
    likes, diet = (known.likes, known.diet) if known else ("", "")
    return Comer(row.name, row.post, row.address, row.principal, likes, row.diet or diet)
