"""Who is away and who stands in for whom, as lists; and for whom the actor does."""

from __future__ import annotations

from datetime import date

from models.frozen import record
from models.schema.store import reading
from models.schema.tables import Holding, Person, StandIn, Visit
from models.services.consequences import lies_at
from models.services.person_register import called_names
from models.services.rights import ActorContext, refusal_code
from models.services.session import Session
from models.services.stand_in_verbs import StandInEntry
from models.words import Name, Phrase


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


def stand_ins_for(session: Session, person: int) -> tuple[int, ...]:
    """The absences and stand-ins of a person that are not over, by id."""
    with reading():
        later = StandIn.until >= session.now().date()
        rows = StandIn.select().where(StandIn.for_person == person, StandIn.ended_utc.is_null(), later)
        return tuple(row.id for row in rows)


def entered(session: Session, wanted: StandInEntry) -> bool:
    """Whether just that is entered already."""
    with reading():
        rows = StandIn.select().where(StandIn.id.in_(stand_ins_for(session, wanted.for_person)))
        same = (wanted.person, wanted.since, wanted.until, wanted.tier, list(wanted.posts))
        return any((row.person_id, row.since, row.until, row.tier, row.posts) == same for row in rows)


@record
class Notices:
    """What the actor is told today: for whom they stand in and until when; which requests that they look after lie
    where nobody of the post is there (number, what is to be known)."""

    represented: tuple[tuple[str, date], ...]
    lying: tuple[tuple[str, Phrase], ...]


def notices(session: Session) -> Notices:
    """What the actor is told today of stand-ins, vacancies and absences."""
    with reading():
        context = ActorContext(session, list(Visit.select().where(Visit.state == "submitted")))
        rows = context.stand_ins.represented(context.person)
        names = called_names(row.for_person_id for row in rows)
        lying = [
            (row.number or "", lies)
            for row in context.rows
            if (step := context.step(row)) is not None
            and row.id not in context.unseen
            and (lies := lies_at(context, row, step)) is not None
            and context.coordinates(row)
        ]
    return Notices(tuple((names.get(row.for_person_id, ""), row.until or row.since) for row in rows), tuple(lying))
