"""What can be booked for a visit, and whether it is free at a time: if not, for whom it is held and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.queries.bookings import HIDDEN
from models.schema.arrangements import Resource
from models.schema.store import reading
from models.schema.tables import Person, Visit
from models.services.holds import days_held, holds_on
from models.services.session import Session
from models.services.sight import hidden_among
from models.services.visits import visit_policy, visit_row
from models.words import Name


@dataclass(frozen=True, slots=True)
class Bookable:
    """A car, a room or a person. Not `free`: held for a visit of `client` until then, `firm` or tentatively."""

    key: str
    kind: str
    resource: int | None
    person: int | None
    name: str
    grade: Name | None
    seats: int | None
    find: tuple[str, str]
    free: bool
    client: str = ""
    until: datetime | None = None
    firm: bool = True


def bookable(session: Session, visit: int, starts: datetime, ends: datetime) -> tuple[Bookable, ...]:
    """Cars, rooms, then people; of each what is free for that time in front."""
    with reading():
        policy = visit_policy(session, visit_row(visit))
        held = [hold for hold in holds_on(session, days_held(starts, ends)) if hold.starts < ends and starts < hold.ends]
        visits = {int(hold.visit) for hold in held}
        clients = {row.id: row.client_name for row in Visit.select().where(Visit.id.in_(visits))} if visits else {}
        unseen = hidden_among(session, visits)
        by = {(hold.thing, hold.what): hold for hold in sorted(held, key=lambda hold: (hold.firm, hold.ends))}
        wanted = Resource.select().where(Resource.active, Resource.kind.in_(["car", "room"]))
        things: list[Any] = list(wanted.order_by(Resource.kind, Resource.pinyin))
        people: list[Any] = list(Person.select().where(Person.active).order_by(Person.pinyin, Person.id))
        found = []
        for kind, row in [*((row.kind, row) for row in things), *(("person", row) for row in people)]:
            hold = by.get((kind, row.id))
            client = "" if hold is None else HIDDEN if hold.visit in unseen else clients.get(int(hold.visit), "")
            car = kind != "person"
            found.append(
                Bookable(
                    f"{kind}:{row.id}", kind, row.id if car else None, None if car else row.id, row.name,
                    policy.name_of(row.grade) if car and row.grade else None, row.seats if car else None,
                    (row.pinyin, row.initials), hold is None, client, hold.ends if hold else None,
                    hold.firm if hold else True,
                )
            )  # fmt: skip
    order = {"car": 0, "room": 1, "person": 2}
    return tuple(sorted(found, key=lambda each: (order[each.kind], not each.free)))
