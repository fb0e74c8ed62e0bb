"""What stands in a calendar: visits, their stages, and what one person has to do in them, with beginning and end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from models.frozen import record
from models.policy.model import Policy
from models.queries.common import parts
from models.schema.arrangements import Booking, Resource
from models.schema.store import reading
from models.schema.tables import Journal, Person, Stage, Task, Visit
from models.services.phones import driven_by
from models.services.rights import hidden, withheld
from models.services.session import Session
from models.services.stage_names import places_of, stage_meals, stage_names
from models.services.visits import visit_policy
from models.words import Name

Kind = Literal["visit", "stage", "task", "driving"]
Stands = Literal["tentative", "confirmed", "cancelled"]

STANDS: dict[str, Stands] = {
    "submitted": "tentative", "approved": "confirmed", "under_way": "confirmed", "done": "confirmed",
    "closed": "confirmed", "cancelled": "cancelled", "no_show": "cancelled",
}  # fmt: skip
"""How a visit stands in a calendar; what is not here was never in one. One whose change is being decided stays."""
MOMENT = timedelta(minutes=15)
"""How long what is due at a moment is shown."""
STAGE = timedelta(minutes=30)
"""How long a stage is shown after which no other begins."""


@record
class CalendarEvent:
    """One event. `uid` is the same whenever it is asked for, `sequence` grows with every change of its visit; times are
    local; `title` is a stage's, a task's or a car's name, empty for the visit itself; `people` names who has a part."""

    uid: str
    kind: Kind
    stands: Stands
    sequence: int
    changed: datetime
    starts: datetime
    ends: datetime
    number: str
    client: str
    headcount: int
    tier: Name | None
    title: Name | None
    place: str
    hosts: tuple[str, ...]
    coordinator: str


@record
class _Of:
    """One visit while its events are laid out."""

    row: Visit
    policy: Policy
    origin: str
    hosts: tuple[str, ...]
    coordinator: str
    stands: Stands

    def event(
        self, kind: Kind, key: str, starts: datetime, ends: datetime, title: Name | None = None, place: str = "",
        stands: Stands | None = None, changes: int = 0,
    ) -> CalendarEvent:  # fmt: skip
        row, tier = self.row, self.row.tier or self.row.proposed_tier
        return CalendarEvent(
            uid="-".join(part for part in (row.number or f"v{row.id}", kind, key) if part) + f"@{self.origin}.jiedai",
            kind=kind, stands=self.stands if stands is None or self.stands == "cancelled" else stands,
            sequence=row.version + changes, changed=row.changed_utc, starts=starts, ends=max(ends, starts + MOMENT),
            number=row.number or "", client=row.client_name, headcount=row.headcount or 0,
            tier=self.policy.name_of(tier) if tier else None, title=title, place=place, hosts=self.hosts,
            coordinator=self.coordinator,
        )  # fmt: skip


def calendar_events(
    session: Session, first: date | None = None, last: date | None = None, *, person: int | None = None,
    visit: int | None = None,
) -> tuple[CalendarEvent, ...]:  # fmt: skip
    """The events of the visits that the actor may see: those on the premises from `first` to `last`, or one alone, in
    order of time. `person`: what they have to do: the visits they have a part in, their tasks, the cars they drive.
    Refused for who may not export."""
    refused = withheld(session, "export")
    if refused is not None:
        raise refused
    with reading():
        rows = _visits(session, first, last, visit)
        named = _parts_of(rows, person) if person is not None else None
        found = [event for each in _laid_out(session, rows) for event in _events(each, person, named)]
    return tuple(sorted(found, key=lambda event: (event.starts, event.uid)))


def _visits(session: Session, first: date | None, last: date | None, visit: int | None) -> list[Visit]:
    among: Any = Visit.state.in_(list(STANDS)) & Visit.comes.is_null(False) & Visit.number.is_null(False)
    if visit is not None:
        among &= Visit.id == visit
    if first is not None:
        among &= Visit.goes >= datetime.combine(first, time())
    if last is not None:
        among &= Visit.comes < datetime.combine(last + timedelta(days=1), time())
    unseen = hidden(session, among)
    return [row for row in Visit.select().where(among).order_by(Visit.comes, Visit.id) if row.id not in unseen]


def _parts_of(rows: Iterable[Visit], person: int) -> frozenset[int]:
    """The visits that a person asked for, looks after, or is named on."""
    known = list(rows)
    roles = parts(row.id for row in known)
    return frozenset(
        row.id
        for row in known
        if person in (row.applicant_id, row.coordinator_id)
        or any(person == who for people in roles.get(row.id, {}).values() for who, _ in people)
    )


def _laid_out(session: Session, rows: list[Visit]) -> Iterator[_Of]:
    roles = parts(row.id for row in rows)
    ids = {row.coordinator_id for row in rows if row.coordinator_id is not None}
    names = {each.id: each.name for each in Person.select().where(Person.id.in_(ids))}
    first = Journal.select(Journal.hash).order_by(Journal.id).first()
    origin = first.hash[:12] if first else "new"
    for row in rows:
        hosts = tuple(name for _, name in roles.get(row.id, {}).get("host", ()))
        stands = "confirmed" if row.state == "submitted" and row.before is not None else STANDS[row.state]
        yield _Of(row, visit_policy(session, row), origin, hosts, names.get(row.coordinator_id or 0, ""), stands)


def _events(of: _Of, person: int | None, named: frozenset[int] | None) -> Iterator[CalendarEvent]:
    """The visit and its stages, of a person's visits only; their tasks and drives."""
    row = of.row
    if named is None or row.id in named:
        assert row.comes is not None
        yield of.event("visit", "", row.comes, row.goes or row.comes + timedelta(hours=1))
        yield from _stages(of)
    if person is not None:
        yield from _tasks(of, person)
        yield from _drives(of, person)


def _stages(of: _Of) -> Iterator[CalendarEvent]:
    rows = list(Stage.select().where(Stage.visit == of.row.id).order_by(Stage.position))
    meals = stage_meals(rows)
    names, places = stage_names(of.policy, rows, meals), places_of(of.policy, of.row.id, rows, meals)
    held = [stage for stage in rows if stage.at is not None and stage.state != "not_applicable"]
    counts: dict[str, int] = {}
    for stage in held:
        at = stage.at
        assert at is not None
        after = min((other.at for other in held if other.at is not None and other.at > at), default=at + STAGE)
        counts[stage.stage] = n = counts.get(stage.stage, 0) + 1
        key = stage.stage if n == 1 else f"{stage.stage}{n}"
        place = places[stage.id].text if stage.id in places else ""
        yield of.event("stage", key, at, min(after, at + timedelta(hours=4)), names[stage.id], place)


def _tasks(of: _Of, person: int) -> Iterator[CalendarEvent]:
    due = Task.select().where(Task.visit == of.row.id, Task.assignee == person, Task.due.is_null(False))
    for task in due.order_by(Task.position):
        assert task.due is not None
        stands: Stands = "cancelled" if task.state in ("gone", "dropped") else "confirmed"
        title = Name(task.text) if task.text else Name.of(task.duty)
        yield of.event(
            "task", f"{task.duty}{task.id}", task.due - MOMENT, task.due, title, stands=stands, changes=task.version
        )


def _drives(of: _Of, person: int) -> Iterator[CalendarEvent]:
    cars = Booking.select(Booking, Resource).join(Resource)
    for booking in cars.where(Booking.visit == of.row.id, Resource.kind == "car", driven_by(person)):
        yield of.event(
            "driving",
            str(booking.id),
            booking.starts,
            booking.ends,
            Name.of(booking.resource.name if booking.resource else ""),
        )
