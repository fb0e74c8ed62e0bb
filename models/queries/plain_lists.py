"""Plain lists of visits and tasks, for `jiedai visits` and `jiedai tasks`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from peewee import fn

from models.frozen import record
from models.queries.common import COMING, parts
from models.schema.store import reading
from models.schema.tables import Person, PersonKey, Task, Visit, VisitPerson
from models.services.person_register import called_names, person_names
from models.services.session import Session

DROPPED = "dropped"
"""In `Form.raw`: the form was being filled in when the program ended by itself."""
RUNNING = ("approved", "under_way", "done")
"""Visits on whose tasks somebody works."""


@record
class ListedVisit:
    """One visit. `tier` is the one in force, the proposed one before that; times are local, as they are known now;
    names are those of people."""

    id: int
    number: str | None
    state: str
    client: str
    headcount: int | None
    tier: str | None
    arrive: datetime | None
    depart: datetime | None
    applicant: str
    coordinator: str
    hosts: tuple[str, ...]


@record
class ListedTask:
    """One task with the visit it belongs to. `text` is by language; `due` is local; names are of people."""

    id: int
    visit: int
    number: str | None
    client: str
    duty: str
    party: str
    text: Mapping[str, str]
    due: datetime | None
    state: str
    assignee: str
    done_by: str
    done_at: datetime | None


@record
class ActorLine:
    """Somebody who may act, and how the name sounds."""

    id: int
    name: str
    pinyin: str
    initials: str


def registered() -> tuple[ActorLine, ...]:
    """Everybody who may act, by the sound of their names."""
    with reading():
        rows = list(Person.select().where(Person.active).order_by(Person.pinyin, Person.id))
    return tuple(ActorLine(row.id, row.name, row.pinyin, row.initials) for row in rows)


def visit_by_number(number: str) -> int | None:
    """The visit with that number, as `2026-0147`; None where there is none."""
    with reading():
        row = Visit.get_or_none(Visit.number == number.strip())
    return None if row is None else int(row.id)


def visits(
    *,
    state: str = "",
    first: date | None = None,
    last: date | None = None,
    person: int | None = None,
    hidden: Collection[int] = (),
) -> tuple[ListedVisit, ...]:
    """Visits in order of arrival, those without one last. `first` and `last`: on the premises on one of these days;
    `person`: who applied, coordinates, or is named on it; `hidden` are left out."""
    query = Visit.select().where(Visit.id.not_in(hidden))
    if state:
        query = query.where(Visit.state == state)
    if first:
        query = query.where(Visit.goes >= _start(first))
    if last:
        query = query.where(Visit.comes < _start(last + timedelta(days=1)))
    if person is not None:
        named = VisitPerson.select(VisitPerson.visit).where(VisitPerson.person == person)
        query = query.where((Visit.applicant == person) | (Visit.coordinator == person) | Visit.id.in_(named))
    with reading():
        rows = list(query.order_by(Visit.comes.is_null(), Visit.comes, Visit.id))
        people = [person for row in rows for person in (row.applicant_id, row.coordinator_id)]
        names, still = person_names(people), called_names(people)
        roles = parts(row.id for row in rows)
    return tuple(
        _visit_line(row, still if row.state in COMING else names, roles.get(row.id, {}).get("host", [])) for row in rows
    )


def tasks(
    *,
    state: str = "open",
    party: str = "",
    first: date | None = None,
    last: date | None = None,
    person: int | None = None,
    hidden: Collection[int] = (),
) -> tuple[ListedTask, ...]:
    """Tasks in due order, those without a due time last; open ones of visits that are still to be done.

    `party`: a department, post or reference of the policy; `first` and `last`: due on one of these days;
    `person`: assigned to them; those of visits that are `hidden` are left out.
    """
    query = Task.select(Task, Visit).join(Visit).where(Task.state == state, Visit.id.not_in(hidden))
    if state == "open":
        query = query.where(Visit.state.in_(RUNNING))
    if party:
        query = query.where(Task.party == party)
    if first:
        query = query.where(Task.due >= _start(first))
    if last:
        query = query.where(Task.due < _start(last + timedelta(days=1)))
    if person is not None:
        query = query.where(Task.assignee == person)
    with reading():
        rows = list(query.order_by(Task.due.is_null(), Task.due, Task.visit, Task.position))
        names = person_names([person for row in rows for person in (row.assignee_id, row.done_by_id)])
        still = called_names([row.assignee_id for row in rows if row.state == "open"])
    return tuple(_task_line(row, names, still if row.state == "open" else names) for row in rows)


def _start(day: date) -> datetime:
    return datetime.combine(day, time())


def _visit_line(row: Any, names: Mapping[int | None, str], hosts: Sequence[tuple[int, str]]) -> ListedVisit:
    return ListedVisit(
        id=row.id,
        number=row.number,
        state=row.state,
        client=row.client_name,
        headcount=row.headcount,
        tier=row.tier or row.proposed_tier,
        arrive=row.comes,
        depart=row.goes,
        applicant=names.get(row.applicant_id, ""),
        coordinator=names.get(row.coordinator_id, ""),
        hosts=tuple(name for _, name in hosts),
    )


def _task_line(row: Any, names: Mapping[int | None, str], assigned: Mapping[int | None, str]) -> ListedTask:
    return ListedTask(
        id=row.id,
        visit=row.visit.id,
        number=row.visit.number,
        client=row.visit.client_name,
        duty=row.duty,
        party=row.party,
        text=row.text,
        due=row.due,
        state=row.state,
        assignee=assigned.get(row.assignee_id, ""),
        done_by=names.get(row.done_by_id, ""),
        done_at=row.done_at,
    )


@record
class DroppedDraft:
    """A draft that was open when the program ended by itself, at which page, for whom."""

    visit: int
    page: int
    client: str


def dropped_draft(session: Session) -> DroppedDraft | None:
    """The latest draft of the actor that was open when their line dropped."""
    with reading():
        rows = Visit.select(Visit.id, Visit.raw, Visit.client_name).where(
            Visit.applicant == session.actor.person,
            Visit.state.in_(("draft", "returned")),
            fn.INSTR(Visit.raw, f'"{DROPPED}"') > 0,
        )
        row = rows.order_by(Visit.changed_utc.desc()).first() if session.actor.person is not None else None
    if row is None:
        return None
    page = str(row.raw.get("page", "1"))
    return DroppedDraft(row.id, int(page) if page.isdecimal() else 1, row.client_name)


def keys_in_use() -> list[tuple[int, str, str]]:
    """The keys by which somebody is known: id, public line, whose."""
    with reading():
        rows: Any = PersonKey.select(PersonKey.id, PersonKey.line, Person.name).join(Person)
        return list(rows.where(Person.active, PersonKey.off_utc.is_null()).order_by(PersonKey.id).tuples())
