"""A day as lanes: what each car, room and host is held for, when it is free, and when next; found by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from models.policy.case import Hold
from models.queries.bookings import HIDDEN
from models.queries.common import called_one, tier_marks
from models.schema.arrangements import Resource
from models.schema.store import reading
from models.schema.tables import Person, Visit
from models.services.holds import holds_on
from models.services.session import Session
from models.services.sight import hidden_among
from models.services.visits import visit_policy
from models.words import Name

KINDS = ("car", "room", "person")


@dataclass(frozen=True, slots=True)
class Busy:
    """A span of the day in which something is held (local times, which may be of the day before or after): for whose
    visit ("***" where one may not see it), with its tier's mark, firmly or tentatively."""

    starts: datetime
    ends: datetime
    visit: int | None
    client: str
    mark: Name
    firm: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """A car, a room or a person on one day, what it is held for in order of time; `clashing`: twice at once.

    `about`: class and make of a car, for a room what it has; `driver`: of a car, with the phone.
    """

    key: str
    kind: str
    name: str
    find: tuple[str, str]
    seats: int | None
    about: tuple[Name, ...]
    driver: str
    busy: tuple[Busy, ...]
    clashing: bool


@dataclass(frozen=True, slots=True)
class Lanes:
    """All lanes of a day: cars, rooms, then people who have something to do that day."""

    day: date
    lanes: tuple[Lane, ...]

    def lane(self, key: str) -> Lane | None:
        """The lane with that key."""
        return next((lane for lane in self.lanes if lane.key == key), None)


def lanes(session: Session, day: date) -> Lanes:
    """What is held on a day. Things switched off are there only while something holds them still."""
    still = day >= session.now().date()
    with reading():
        held = holds_on(session, [day])
        rows = {row.id: row for row in Visit.select().where(Visit.id.in_({int(hold.visit) for hold in held}))}
        unseen = hidden_among(session, rows)
        by: dict[tuple[str, int | str], list[Hold]] = {}
        for hold in held:
            by.setdefault((hold.thing, hold.what), []).append(hold)
        used = [what for thing, what in by if thing != "person"]
        wanted = Resource.active | Resource.id.in_(used)
        things = list(Resource.select().where(Resource.kind.in_(["car", "room"]), wanted))
        ids = [what for thing, what in by if thing == "person"]
        ids += [row.driver_id for row in things if row.driver_id is not None]
        people = {row.id: row for row in Person.select().where(Person.id.in_(ids))}
        marks = {visit: _mark(session, row) for visit, row in rows.items()}

        def busy(kind: str, what: int) -> tuple[Busy, ...]:
            return tuple(_busy(hold, rows, unseen, marks) for hold in by.get((kind, what), ()))

        found = [
            Lane(
                f"{row.kind}:{row.id}", row.kind, row.name, (row.pinyin, row.initials), row.seats, _about(session, row),
                _driver(people.get(row.driver_id or 0), row, still), busy(row.kind, row.id),
                _twice(by.get((row.kind, row.id), ())),
            )
            for row in sorted(things, key=lambda row: (KINDS.index(row.kind), row.pinyin, row.name))
        ]  # fmt: skip
        found += [
            Lane(f"person:{row.id}", "person", called_one(row, still), (row.pinyin, row.initials), None, (), row.phone,
                 busy("person", row.id), _twice(by[("person", row.id)]))
            for row in sorted(people.values(), key=lambda row: (row.pinyin, row.id))
            if ("person", row.id) in by
        ]  # fmt: skip
    return Lanes(day, tuple(found))


def gaps(lane: Lane, day: date, first: time, last: time) -> list[tuple[datetime, datetime]]:
    """When a lane is free between two hours of its day, in order."""
    at, end = datetime.combine(day, first), datetime.combine(day, last)
    found = []
    for each in sorted(lane.busy, key=lambda each: each.starts):
        if each.starts > at:
            found.append((at, min(each.starts, end)))
        at = max(at, each.ends)
    return [*(gap for gap in found if gap[0] < gap[1]), *([(at, end)] if at < end else [])]


def next_free(lane: Lane, at: datetime) -> datetime:
    """From when on a lane is free, seen from a moment of its day: that moment, or the end of what holds it then and of
    what follows without a break."""
    for each in sorted(lane.busy, key=lambda each: each.starts):
        if each.starts <= at < each.ends:
            at = each.ends
    return at


def holding(lane: Lane, at: datetime) -> tuple[Busy, ...]:
    """What holds a lane at a moment."""
    return tuple(each for each in lane.busy if each.starts <= at < each.ends)


def _busy(hold: Hold, rows: dict[int, Visit], unseen: Iterable[int], marks: dict[int, Name]) -> Busy:
    visit = int(hold.visit)
    known = visit not in set(unseen)
    client = rows[visit].client_name if known else HIDDEN
    return Busy(hold.starts, hold.ends, visit if known else None, client, marks[visit], hold.firm)


def _mark(session: Session, row: Visit) -> Name:
    tier = row.tier or row.proposed_tier
    return tier_marks(visit_policy(session, row)).get(tier or "", Name.of("")) if tier else Name.of("")


def _about(session: Session, row: Resource) -> tuple[Name, ...]:
    grade = [session.policy.name_of(row.grade)] if row.grade else []
    return (
        *grade,
        *([Name.of(row.model)] if row.model else []),
        *(session.policy.name_of(each) for each in row.equipment),
    )


def _driver(person: Person | None, row: Resource, still: bool) -> str:
    if person is None:
        return row.phone
    return " ".join(part for part in (called_one(person, still), person.phone or row.phone) if part)


def _twice(held: Sequence[Hold]) -> bool:
    """Whether two visits hold it at the same time."""
    spans = sorted(held, key=lambda hold: hold.starts)
    pairs = [(one, other) for at, one in enumerate(spans) for other in spans[at + 1 :] if other.starts < one.ends]
    return any(one.visit != other.visit for one, other in pairs)
