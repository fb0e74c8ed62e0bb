"""Who is still to be told of which change, and who was told lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.schema.arrangements import ToTell
from models.schema.store import reading
from models.schema.tables import Visit
from models.services.difference import brief, unpacked
from models.services.people import called_names, person_names
from models.services.rights import refusals
from models.services.session import Session
from models.services.sight import hidden_among
from models.services.standing import Standing
from models.services.tell import waits
from models.services.telling import recipient_name
from models.words import Inactive, Name, Phrase, called

LATELY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class TellLine:
    """Somebody to be told: in which role, who it is, `person` whom to ask for, by which phone; what, since when.

    `told_at`, `told_by`: when and by whom they were told. `refused`: why the actor may not say so.
    """

    id: int
    version: int
    visit: int
    number: str
    client: str
    role: str
    who: Name
    person: str
    phone: str
    what: tuple[Phrase, ...]
    since: datetime
    told_at: datetime | None
    told_by: str
    refused: str | None


def telling(session: Session, visit: int | None = None) -> tuple[TellLine, ...]:
    """Of one visit, or of all the actor may see: who is still to be told, the visit that comes first first; then who
    was told within a day."""
    with reading():
        recent = ToTell.told_at.is_null() | (ToTell.told_at >= session.now() - LATELY)
        rows: Any = ToTell.select(ToTell, Visit).join(Visit).where(recent)
        if visit is not None:
            rows = rows.where(ToTell.visit == visit)
        ordered = list(rows.order_by(ToTell.told_at.is_null(False), Visit.comes, Visit.id, ToTell.id))
        unseen = hidden_among(session, (each.visit_id for each in ordered))
        found = [each for each in ordered if each.visit_id not in unseen]
        names = person_names([each.told_by_id for each in found])
        still = called_names([each.person_id for each in found if each.told_at is None])
        visits = {each.visit_id: each.visit for each in found}
        standing = Standing(session, visits.values())
        refused = {visit: refusals(standing, row, ("tell",))["tell"] for visit, row in visits.items()}
        return tuple(
            TellLine(
                id=each.id,
                version=each.version,
                visit=each.visit_id,
                number=each.visit.number or "",
                client=each.visit.client_name,
                role=each.role,
                who=recipient_name(session, each.visit, each)
                if each.party
                else Name.of(_mark(each.name, still.get(each.person_id, ""))),
                person=_mark(each.name, still.get(each.person_id, "")),
                phone=each.phone,
                what=brief(unpacked(entry) for entry in waits(each.what)),
                since=each.made_at,
                told_at=each.told_at,
                told_by=names.get(each.told_by_id, ""),
                refused=refused[each.visit_id],
            )
            for each in found
        )


def _mark(name: str, now: str) -> str:
    """The name as it was kept, with the mark that the person's name bears `now`."""
    return called(name, not isinstance(now, Inactive))


def untold(session: Session, visit: int | None = None) -> int:
    """How many are still to be told."""
    with reading():
        rows: Any = ToTell.select(ToTell.visit).where(ToTell.told_at.is_null())
        visits = [each for (each,) in (rows if visit is None else rows.where(ToTell.visit == visit)).tuples()]
        unseen = hidden_among(session, visits)
        return sum(each not in unseen for each in visits)
