"""Who is away and who stands in for whom, as lists; and for whom the actor does."""

from __future__ import annotations

from datetime import date

from models.frozen import record
from models.schema.store import reading
from models.schema.tables import Holding, Person, StandIn
from models.services.person_register import called_names
from models.services.rights import refusal_code
from models.services.session import Session
from models.services.stand_ins import StandIns
from models.words import Name


@record
class StandInLine:
    """Somebody (`whom`) who is away or for whom `who` acts ("" nobody), both days included; `posts` and `tier` where it
    is not for all. `refused`: why the actor may not end it."""

    id: int
    whom: str
    who: str
    find: tuple[str, ...]
    posts: tuple[Name, ...]
    since: date
    until: date
    tier: Name | None
    away: bool
    reason: str
    made_by: str
    refused: str | None

    def now(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.since <= on <= self.until


@record
class StandInPerson:
    """Somebody who may be chosen: their posts by id and name."""

    id: int
    name: str
    find: tuple[str, str]
    posts: tuple[tuple[str, Name], ...]


@record
class StandInList:
    """All that is not over, the soonest first; who may be chosen; `refused`: why the actor enters only their own."""

    lines: tuple[StandInLine, ...]
    people: tuple[StandInPerson, ...]
    refused: str | None


def stand_in_list(session: Session) -> StandInList:
    """Absences and stand-ins that hold or are to come."""
    today, policy, actor = session.now().date(), session.policy, session.actor.person
    with reading():
        refused = refusal_code(session, "people")
        query = StandIn.select().where(StandIn.ended_utc.is_null(), StandIn.step.is_null(), StandIn.until >= today)
        rows = list(query.order_by(StandIn.since, StandIn.id))
        names = called_names(each for row in rows for each in (row.for_person_id, row.person_id, row.made_by_id))
        people = list(Person.select().where(Person.active).order_by(Person.pinyin, Person.id))
        held: dict[int, dict[str, None]] = {}
        lasts = Holding.until.is_null() | (Holding.until >= today)
        for each in Holding.select().where(lasts).order_by(Holding.since, Holding.id):
            held.setdefault(each.person_id, {})[each.post] = None
    spelt = {row.id: (row.pinyin, row.initials) for row in people}
    lines = tuple(
        StandInLine(
            id=row.id,
            whom=names.get(row.for_person_id, ""),
            who=names.get(row.person_id, ""),
            find=(*spelt.get(row.for_person_id, ()), *spelt.get(row.person_id or 0, ())),
            posts=tuple(policy.name_of(post) for post in row.posts),
            since=row.since,
            until=row.until or row.since,
            tier=policy.name_of(row.tier) if row.tier else None,
            away=row.away,
            reason=row.reason,
            made_by=names.get(row.made_by_id, ""),
            refused=None if actor in (row.for_person_id, row.person_id) else refused,
        )
        for row in rows
    )
    chosen = tuple(
        StandInPerson(
            row.id,
            row.name,
            (row.pinyin, row.initials),
            tuple((post, policy.name_of(post)) for post in held.get(row.id, ())),
        )
        for row in people
    )
    return StandInList(lines, chosen, refused)


@record
class Represented:
    """For whom the actor stands in now, until when."""

    whom: str
    until: date


def represented(session: Session) -> tuple[Represented, ...]:
    """For whom the actor stands in today, but for single requests."""
    with reading():
        rows = StandIns(session.now().date()).represented(session.actor.person)
        names = called_names(row.for_person_id for row in rows)
    return tuple(Represented(names.get(row.for_person_id, ""), row.until or row.since) for row in rows)
