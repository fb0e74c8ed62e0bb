"""Where somebody of the register still stands: what is to be given to others before they are switched off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.queries.common import COMING
from models.schema.arrangements import Booking, Leg, Resource
from models.schema.store import reading
from models.schema.tables import Task, Visit, VisitPerson
from models.services.session import Session
from models.services.standing import ROLES, Standing
from models.words import Phrase

FEW = 3
"""So many visits are named."""


def stands(session: Session, person: int) -> tuple[Phrase, ...]:
    """Each part that somebody has in visits which are not over, in their bookings and tasks, in decisions that nobody
    else can make, and the cars they usually drive; with how many, and the first of the visits."""
    with reading():
        rows = {row.id: row for row in Visit.select().where(Visit.state.in_(COMING)).order_by(Visit.comes, Visit.id)}
        parts: dict[str, list[int]] = {}
        named: Any = (
            VisitPerson.select(VisitPerson.visit, VisitPerson.role).where(VisitPerson.person == person).tuples()
        )
        for visit, role in named:
            parts.setdefault(role if role in ROLES else "named", []).append(visit)
        parts["applicant"] = [row.id for row in rows.values() if row.applicant_id == person]
        parts["coordinator"] = [row.id for row in rows.values() if row.coordinator_id == person]
        parts["meeter"] = [leg.visit_id for leg in Leg.select().where(Leg.meeter == person, Leg.state != "left")]
        cars = [car.id for car in Resource.select().where(Resource.driver == person, Resource.active)]
        later = Booking.select().where(Booking.ends > session.now())
        drives = (Booking.driver == person) | (Booking.driver.is_null() & Booking.resource.in_(cars))
        parts["driver"] = [row.visit_id for row in later.where(drives)]
        parts["booked"] = [row.visit_id for row in later.where(Booking.person == person)]
        parts["task"] = [row.visit_id for row in Task.select().where(Task.assignee == person, Task.state == "open")]
        parts["decides"] = _alone(session, person, rows.values())
    said = [_said(part, [rows[each] for each in visits if each in rows]) for part, visits in parts.items()]
    usual = [Phrase("register.stands.car", {"n": len(cars)})] if cars else []
    return (*[each for each in said if each is not None], *usual)


def _alone(session: Session, person: int, rows: Iterable[Visit]) -> list[int]:
    """The requests that lie at them and at nobody else."""
    asked = [row for row in rows if row.state == "submitted"]
    standing = Standing(session, asked)
    steps = [(row, standing.step(row)) for row in asked]
    return [row.id for row, step in steps if step is not None and standing.step_holders(row, step) == (person,)]


def _said(part: str, rows: list[Visit]) -> Phrase | None:
    if not rows:
        return None
    names = list(dict.fromkeys(f"{row.number or ''} {row.client_name}".strip() for row in rows))
    which = ", ".join(names[:FEW]) + (" …" if len(names) > FEW else "")
    return Phrase(f"register.stands.{part}", {"n": len(rows), "visits": which})
