"""The register as lists: people and posts, former holders, standing bodies (R5), cars, rooms and houses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal

from models.errors import Refused
from models.frozen import record
from models.policy.model import Group, Policy
from models.policy.model import Post as PolicyPost
from models.queries.common import people_of
from models.schema.arrangements import Booking, BookingDay, Resource
from models.schema.store import reading
from models.schema.tables import Holding, Person, PersonKey, Visit
from models.services.capacity import HOLDING
from models.services.person_register import thing_key
from models.services.phones import Phones
from models.services.resource_verbs import GRADES, KINDS, Thing
from models.services.rights import withheld
from models.services.session import Session
from models.words import Name, alike

Role = Literal["leader", "deputy", "member"]


@record
class Held:
    """A post held by a person; `until` is the last day, None while it is held on. `name` is the post's."""

    id: int
    post: str
    name: Name
    person: int
    who: str
    phone: str
    find: tuple[str, str]
    since: date
    until: date | None
    active: bool
    """Whether the person is switched on: who is not holds no post."""

    def over(self, on: date) -> bool:
        """Whether this is past on a day; what begins later is not."""
        return self.until is not None and self.until < on

    def now(self, on: date) -> bool:
        """Whether the post is held on a day."""
        return self.active and self.since <= on and not self.over(on)


@record
class KeyLine:
    """An SSH key by which somebody is known, or was until it was switched `off`; times are UTC."""

    id: int
    fingerprint: str
    label: str
    added: datetime
    off: datetime | None


@record
class PersonLine:
    """Somebody of the register; `held` are the holdings that are not over, `past` those that are, latest first."""

    id: int
    version: int
    name: str
    find: tuple[str, str]
    phone: str
    active: bool
    login: str
    language: str
    keys: tuple[KeyLine, ...]
    held: tuple[Held, ...]
    past: tuple[Held, ...]

    @property
    def good_keys(self) -> tuple[KeyLine, ...]:
        """The keys that still count."""
        return tuple(key for key in self.keys if key.off is None)


@record
class PostLine:
    """A post of the policy; `held` and `past` as for a person. `vacant`: nobody holds it, and somebody should."""

    id: str
    name: Name
    department: Name | None
    up: Name | None
    per_visit: bool
    held: tuple[Held, ...]
    past: tuple[Held, ...]
    vacant: bool
    roles: tuple[tuple[Name, Role], ...]
    """The standing bodies it belongs to, and as what."""


@record
class Body:
    """A standing body: its posts in order, each with its role and who holds it today (R5)."""

    name: Name
    seats: tuple[tuple[Role, PostLine], ...]


@record
class RegisterLists:
    """Everything; `refused` says why the actor may not change it, None where they may."""

    posts: tuple[PostLine, ...]
    people: tuple[PersonLine, ...]
    bodies: tuple[Body, ...]
    refused: Refused | None

    def person(self, id: int) -> PersonLine | None:
        """The person with that id."""
        return next((line for line in self.people if line.id == id), None)

    def post(self, id: str) -> PostLine | None:
        """The post with that id."""
        return next((line for line in self.posts if line.id == id), None)

    def namesakes(self, name: str, *, but: int | None = None) -> tuple[PersonLine, ...]:
        """The active people who are already called so, `but` one of them."""
        return tuple([each for each in self.people if each.active and alike.same(each.name, name) and each.id != but])


def register(session: Session) -> RegisterLists:
    """The register today: posts as in the policy, people by the sound of their names, switched off ones last."""
    today, policy = session.now().date(), session.policy
    with reading():
        refused, phones = withheld(session, "people"), Phones.of(session)
        people = list(Person.select().order_by(Person.active.desc(), Person.pinyin, Person.id))
        rows = list(Holding.select(Holding, Person).join(Person).order_by(Holding.since, Holding.id))
        keys = _keys()
    held = [
        Held(
            row.id, row.post, policy.name_of(row.post), row.person.id, row.person.name,
            phones.colleague(row.person.phone, row.person.id),
            (row.person.pinyin, row.person.initials), row.since, row.until, row.person.active,
        )
        for row in rows
    ]  # fmt: skip
    posts = tuple(_post(session, post, [each for each in held if each.post == post.id], today) for post in policy.posts)
    lines = tuple(
        PersonLine(
            row.id, row.version, row.name, (row.pinyin, row.initials), phones.colleague(row.phone, row.id), row.active,
            row.login, row.language, tuple(keys.get(row.id, ())),
            *_parted([each for each in held if each.person == row.id], today),
        )
        for row in people
    )  # fmt: skip
    return RegisterLists(posts, lines, tuple(_body(group, posts) for group in policy.groups), refused)


def _keys() -> dict[int, list[KeyLine]]:
    found: dict[int, list[KeyLine]] = {}
    for row in PersonKey.select().order_by(PersonKey.id):
        found.setdefault(row.person_id, []).append(
            KeyLine(row.id, row.fingerprint, row.label, row.added_utc, row.off_utc)
        )
    return found


def posts_to_fill(policy: Policy) -> tuple[PolicyPost, ...]:
    """The posts in the order in which a first run asks for them: heads, then others, then those named per visit."""
    heads = {department.head for department in policy.departments}

    def place(post: PolicyPost) -> tuple[bool, bool]:
        return post.per_visit, post.department is not None and post.id not in heads

    return tuple(sorted(policy.posts, key=place))


def _parted(held: Iterable[Held], today: date) -> tuple[tuple[Held, ...], tuple[Held, ...]]:
    """What is not over, longest first, and what is, latest first."""
    rows = list(held)
    past = sorted([row for row in rows if row.over(today)], key=lambda row: row.until or today, reverse=True)
    return tuple(row for row in rows if not row.over(today)), tuple(past)


def _post(session: Session, post: PolicyPost, held: list[Held], today: date) -> PostLine:
    policy = session.policy
    open_, past = _parted(held, today)
    return PostLine(
        id=post.id,
        name=post.name,
        department=policy.department(post.department).name if post.department else None,
        up=policy.post(post.up).name if post.up else None,
        per_visit=post.per_visit,
        held=tuple(row for row in open_ if row.active),
        past=past,
        vacant=not post.per_visit and not any(row.now(today) for row in open_),
        roles=tuple((group.name, role) for group in policy.groups for role, seat in _seats(group) if seat == post.id),
    )


def _seats(group: Group) -> list[tuple[Role, str]]:
    head: list[tuple[Role, str]] = [("leader", group.leader)]
    deputy: list[tuple[Role, str]] = [("deputy", group.deputy)] if group.deputy else []
    return [*head, *deputy, *(("member", post) for post in group.posts)]


def _body(group: Group, posts: tuple[PostLine, ...]) -> Body:
    by_id = {line.id: line for line in posts}
    return Body(group.name, tuple((role, by_id[post]) for role, post in _seats(group)))


# -- cars, rooms, restaurants, hotels ---------------------------------------------------------------------------------


@record
class ThingLine:
    """A thing of the register. `driver`: the name, `driver_phone` theirs; `grade`, `equipment`: as the policy calls
    them now; `ahead`: how many bookings of it are not over yet."""

    id: int
    version: int
    kind: str
    thing: Thing
    grade: Name | None
    equipment: tuple[Name, ...]
    driver: str
    driver_phone: str
    ahead: int
    find: tuple[str, str]
    active: bool


@record
class ThingChoices:
    """What a thing may be given: grades by kind, equipment, drivers (id, name, phone, pinyin, initials)."""

    grades: dict[str, tuple[tuple[str, Name], ...]]
    equipment: tuple[tuple[str, Name], ...]
    people: tuple[tuple[int, str, str, tuple[str, str]], ...]


@record
class Things:
    """All things by kind, in the order of their names, switched off ones last; `refused`: why the actor may not
    change them, None where they may."""

    by_kind: dict[str, tuple[ThingLine, ...]]
    choices: ThingChoices
    refused: Refused | None

    def line(self, id: int) -> ThingLine | None:
        """The thing with that id."""
        return next((line for lines in self.by_kind.values() for line in lines if line.id == id), None)

    def twin(self, line: ThingLine) -> ThingLine | None:
        """The same thing, entered in another way of writing as former versions allowed, while both can be booked."""
        key = thing_key(line.kind, line.thing.name)
        others = [each for each in self.by_kind[line.kind] if each.id != line.id and each.active and line.active]
        return next((each for each in others if thing_key(line.kind, each.thing.name) == key), None)


def things(session: Session) -> Things:
    """The register of things today."""
    policy = session.policy
    with reading():
        refused, phones = withheld(session, "things"), Phones.of(session)
        rows = list(Resource.select().order_by(Resource.active.desc(), Resource.pinyin, Resource.name))
        drivers = people_of(row.driver_id for row in rows)
        ahead = _ahead(session)
        people = list(Person.select().where(Person.active).order_by(Person.pinyin, Person.id))
    lines = [
        ThingLine(
            id=row.id,
            version=row.version,
            kind=row.kind,
            thing=_shown(thing_of(row), row, phones),
            grade=policy.name_of(row.grade) if row.grade else None,
            equipment=tuple(policy.name_of(each) for each in row.equipment),
            driver=drivers[row.driver_id].name if row.driver_id in drivers else "",
            driver_phone=phones.colleague(drivers[row.driver_id].phone, row.driver_id)
            if row.driver_id in drivers
            else "",
            ahead=ahead.get(row.id, 0),
            find=(row.pinyin, row.initials),
            active=row.active,
        )
        for row in rows
    ]
    choices = ThingChoices(
        {kind: _entries(session, list_id) for kind, list_id in GRADES.items()},
        _entries(session, "equipment"),
        tuple((row.id, row.name, phones.colleague(row.phone, row.id), (row.pinyin, row.initials)) for row in people),
    )
    by_kind = {kind: tuple(line for line in lines if line.kind == kind) for kind in KINDS}
    return Things(by_kind, choices, refused)


def _ahead(session: Session) -> Counter[int]:
    """How many bookings of each thing hold it now or later; looked for by day, so that those that are over cost
    nothing."""
    now = session.now()
    days = BookingDay.select(BookingDay.booking).where(BookingDay.day >= now.date())
    held: Any = (
        Booking.select(Booking.resource, Booking.ends, Visit.state)
        .join(Visit)
        .where(Booking.id.in_(days), Booking.resource.is_null(False))
        .tuples()
    )
    return Counter(thing for thing, ends, state in held if ends > now and state in HOLDING)


def _shown(thing: Thing, row: Resource, phones: Phones) -> Thing:
    """A car's number is somebody's own; that of a house is everybody's."""
    return replace(thing, phone=phones.colleague(thing.phone, row.driver_id)) if row.kind == "car" else thing


def thing_of(row: Resource) -> Thing:
    """What is known of a thing."""
    return Thing(
        row.name, row.model, row.grade, row.seats, row.driver_id, row.phone, row.address, tuple(row.equipment),
        row.price, row.note,
    )  # fmt: skip


def _entries(session: Session, list_id: str) -> tuple[tuple[str, Name], ...]:
    return tuple((entry.id, entry.name) for entry in session.policy.lists.get(list_id, ()))
