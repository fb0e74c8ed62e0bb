"""The register: people, and the posts they hold from when until when. Holdings are ended, never deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from models.errors import Refused
from models.policy.model import BY_PERSON, Policy
from models.schema import journal
from models.schema.store import reading, write
from models.schema.tables import Holding, Person
from models.services import typed
from models.services.names import DERIVED, person_columns
from models.services.session import Actor, Session
from models.words import alike, called, clean
from models.words.pinyin import Spelling, work_out

if TYPE_CHECKING:
    from models.policy.case import People

Assignment = tuple[str, str, Sequence[str]]
"""A name, a phone number and the posts held: one line of the first run."""


def add_person(session: Session, name: str, phone: str = "") -> int:
    """Enter a person and give their id. Two people may have the same name."""
    name, phone = _name(name), typed.line("phone", phone)
    with write():
        _allow(session)
        person = _insert(name, phone)
        journal.record(session, "person.add", None, {"person": person, "name": name, "phone": phone})
    return person


def change_person(
    session: Session,
    person: int,
    *,
    seen: int,
    name: str | None = None,
    phone: str | None = None,
    active: bool | None = None,
) -> int:
    """Change what is given, if the person is still as `seen`; the new version. Who is switched off holds no post."""
    changed: dict[str, object] = {}
    if name is not None:
        changed |= person_columns(_name(name))
    if phone is not None:
        changed["phone"] = typed.line("phone", phone)
    if active is not None:
        changed["active"] = active
    with write():
        _allow(session)
        row = _person(person)
        if row.version != seen:
            raise Refused("stale_person", name=row.name)
        told = {key: value for key, value in changed.items() if key not in DERIVED}
        before = {key: getattr(row, key) for key in told}
        Person.update(**changed, version=seen + 1).where(Person.id == person).execute()
        journal.record(session, "person.change", None, {"person": person, "before": before, "after": told})
    return seen + 1


def give_post(session: Session, person: int, post: str, since: date) -> int:
    """Let a person hold a post of the policy from `since` on; the holding's id. Others may hold it, too."""
    with write():
        _allow(session)
        row = _person(person)
        holding = _hold(session.policy, row, post, since)
        journal.record(session, "post.give", None, {"person": person, "name": row.name, "post": post, "since": since})
    return holding


def end_post(session: Session, holding: int, until: date, *, seen: date | None = None) -> None:
    """Let a holding end; `until` is its last day, `seen` the one the caller saw (None: held on). It is kept, so that
    the past stays what it was."""
    with write():
        _allow(session)
        row = Holding.get_or_none(Holding.id == holding)
        if row is None:
            raise Refused("no_holding")
        if row.until != seen:
            raise Refused("stale_person", name=name_of(row.person_id))
        if until < row.since:
            raise Refused("until_before_since", until=until.isoformat(), since=row.since.isoformat())
        Holding.update(until=until).where(Holding.id == holding).execute()
        journal.record(session, "post.end", None, {"person": row.person_id, "post": row.post, "until": until})


def set_up(session: Session, assignments: Sequence[Assignment], since: date | None = None) -> tuple[int, ...]:
    """First run: enter everybody with their posts (from `since`, default today) in one transaction.

    Lines with the same name and no differing phone are one person; lines without a name are posts left vacant.
    Gives the ids, in order. Refused when somebody is registered already, as two people may do this at once.
    """
    people = merged(assignments)
    start = since or session.now().date()
    with write():
        _allow(session)
        if Person.select().exists():
            raise Refused("already_set_up")
        ids = []
        for (name, phone), posts in people.items():
            person = _insert(name, phone)
            for post in dict.fromkeys(posts):
                _hold(session.policy, _person(person), post, start)
            ids.append(person)
        told = [{"name": name, "phone": phone, "posts": posts} for (name, phone), posts in people.items()]
        journal.record(session, "set_up", None, {"people": told, "since": start})
    return tuple(ids)


def merged(assignments: Sequence[Assignment]) -> dict[tuple[str, str], list[str]]:
    """The people these lines name, as name and phone, with their posts: the same name is one person, unless the phones
    differ; lines without a name count for nobody. Refused (`too_long`)."""
    merged: dict[tuple[str, str], list[str]] = {}
    for name, phone, posts in assignments:
        if not name.strip():
            continue
        key = (_name(name), typed.line("phone", phone))
        same = next((known for known in merged if _one_person(known, key)), None)
        if same is not None and not same[1] and key[1]:
            merged = {key if k == same else k: held for k, held in merged.items()}
            same = key
        merged.setdefault(same or key, []).extend(posts)
    return merged


def _one_person(one: tuple[str, str], other: tuple[str, str]) -> bool:
    phones = {alike.phone(phone) for _, phone in (one, other) if phone}
    return alike.same(one[0], other[0]) and len(phones) < 2


def holders(post: str, on: date) -> tuple[int, ...]:
    """The active people who hold `post` on a day, longest first; none where it is vacant."""
    with reading():
        rows = _held(on).where(Holding.post == post).order_by(Holding.since, Holding.id)
        return tuple(dict.fromkeys(row.person_id for row in rows))


def all_holders(on: date) -> dict[str, tuple[int, ...]]:
    """The active people who hold each post on a day, longest first; no entry for one that is vacant."""
    found: dict[str, dict[int, None]] = {}
    with reading():
        rows = _held(on, Holding.post, Holding.person).order_by(Holding.since, Holding.id)
        for post, person in rows.tuples():
            found.setdefault(post, {})[person] = None
    return {post: tuple(people) for post, people in found.items()}


def posts_of(person: int, on: date) -> tuple[str, ...]:
    """The posts a person holds on a day; none for who is switched off."""
    return posts_of_each([person], on).get(person, ())


def posts_of_each(persons: Collection[int], on: date) -> dict[int, tuple[str, ...]]:
    """The posts that each of these people holds on a day, by person."""
    if not persons:
        return {}
    held: dict[int, dict[str, None]] = {}
    with reading():
        rows = _held(on, Holding.person, Holding.post).where(Holding.person.in_(list(persons)))
        for person, post in rows.order_by(Holding.since, Holding.id).tuples():
            held.setdefault(person, {})[post] = None
    return {person: tuple(posts) for person, posts in held.items()}


def people(policy: Policy, on: date, applicant: int | None, per_visit: Mapping[str, int]) -> People:
    """See `Register.people`."""
    with reading():
        return Register().people(policy, on, applicant, per_visit)


class Register:
    """Everybody who works here and what posts they hold or held, read once; inside `reading` or `write`."""

    @cached_property
    def persons(self) -> Mapping[int | None, Person]:
        """Everybody by id, also who is switched off."""
        return {each.id: each for each in Person.select()}

    @cached_property
    def _holdings(self) -> list[Holding]:
        rows = Holding.select().order_by(Holding.since, Holding.id)
        return [each for each in rows if self.persons[each.person_id].active]

    def held(self, on: date) -> Iterator[tuple[str, int]]:
        """Each post that somebody active holds on a day, with them; who has held theirs longest first."""
        for each in self._holdings:
            if each.since <= on and (each.until is None or each.until >= on):
                yield each.post, each.person_id

    def holders(self, on: date) -> dict[str, tuple[int, ...]]:
        """See `all_holders`."""
        found: dict[str, dict[int, None]] = {}
        for post, person in self.held(on):
            found.setdefault(post, {})[person] = None
        return {post: tuple(people) for post, people in found.items()}

    def posts_of(self, person: int, on: date) -> tuple[str, ...]:
        """The posts a person holds on a day; none for who is switched off."""
        return tuple(dict.fromkeys(post for post, each in self.held(on) if each == person))

    def name(self, person: int | None) -> str:
        """A person's name; empty for nobody."""
        row = self.persons.get(person)
        return row.name if row is not None else ""

    def called(self, person: int) -> str:
        """A person's name; `#id` for one the register does not have."""
        return self.name(person) or f"#{person}"

    def people(self, policy: Policy, on: date, applicant: int | None, per_visit: Mapping[str, int]) -> People:
        """Who holds the policy's posts on a day, for `judge`; persons are their ids as text."""
        from models.policy.case import People

        held = self.holders(on)
        return People(
            holders={post.id: tuple(str(person) for person in held.get(post.id, ())) for post in policy.posts},
            applicant=None if applicant is None else str(applicant),
            per_visit={post: str(person) for post, person in per_visit.items() if post in policy.named_posts},
        )


def named_for(party: str, applicant: int | None, named: Mapping[str, Iterable[int]]) -> tuple[int, ...]:
    """Who is meant by a party on one visit, whatever posts they hold: its hosts, its applicant, or who is named there
    for a post; nobody for a department. `named`: persons by their role on the visit."""
    role = BY_PERSON.get(party, party)
    if role == "applicant":
        return () if applicant is None else (applicant,)
    return tuple(named.get(role, ()))


def insist_registered(persons: Iterable[int]) -> None:
    """Refused (`unknown_person`) where the register does not have one of these; inside `reading` or `write`."""
    wanted = set(persons)
    known = {row.id for row in Person.select(Person.id).where(Person.id.in_(wanted))} if wanted else set()
    for person in sorted(wanted - known):
        raise Refused("unknown_person", name=f"#{person}")


def insist_active(person: int) -> None:
    """Refused where the register does not have somebody (`unknown_person`), or they are switched off."""
    row = _person(person)
    if not row.active:
        raise Refused("inactive_person", name=row.name)


def name_of(person: int) -> str:
    """A person's name; `#id` for one the register does not have."""
    with reading():
        row = Person.get_or_none(Person.id == person)
    return row.name if row else f"#{person}"


def person_names(ids: Iterable[int | None]) -> dict[int | None, str]:
    """The names of these people by id. To be called inside `reading` or `write`."""
    wanted = {each for each in ids if each is not None}
    rows: Any = Person.select(Person.id, Person.name).where(Person.id.in_(wanted)).tuples()
    return dict(rows) if wanted else {}


def called_names(ids: Iterable[int | None]) -> dict[int | None, str]:
    """`person_names` for what is still to come: who is switched off bears the mark."""
    wanted = {each for each in ids if each is not None}
    rows: Any = Person.select(Person.id, Person.name, Person.active).where(Person.id.in_(wanted)).tuples()
    return {person: called(name, active) for person, name, active in rows} if wanted else {}


def actor_named(name: str, login: str = "", client: str = "") -> Actor:
    """Who is meant by a name, its pinyin or initials, or by `name#id` where several have the same.

    Refused (`unknown_person`, `ambiguous_person`) when that is nobody or more than one.
    """
    wanted = name.strip()
    with reading():
        everybody = list(Person.select().order_by(Person.pinyin, Person.id))
    rows = [row for row in everybody if row.active]
    called, _, number = alike.fold(wanted).rpartition("#")
    if number.isdecimal():
        rows = [row for row in rows if row.id == int(number)]
        wanted = called or next((row.name for row in rows), called)
    found = [row for row in rows if wanted and alike.same(wanted, row.name)]
    if not found:
        spellings = _spellings(rows)
        found = [row for row in rows if alike.named(wanted, row.name, *spellings[row.id])]
    if not found:
        gone = [row for row in everybody if not row.active and alike.same(wanted, row.name)]
        raise Refused("inactive_person", name=gone[0].name) if gone else Refused("unknown_person", name=clean(name))
    if len(found) > 1:
        raise Refused("ambiguous_person", name=clean(name), candidates=_candidates(found))
    return Actor(found[0].id, found[0].name, login, client)


def _spellings(rows: Sequence[Person]) -> dict[int, Spelling]:
    """How the names are spelt; what is not stored yet is asked for."""
    lacking = [row for row in rows if not row.pinyin]
    said = zip(lacking, work_out([row.name for row in lacking], surname=True), strict=True)
    return {row.id: Spelling(row.pinyin, row.initials) for row in rows} | {row.id: each for row, each in said}


def _allow(session: Session) -> None:
    from models.services.rights import may  # which asks this module who holds what

    code = may(session, "people")
    if code is not None:
        raise Refused(code)


def _candidates(rows: Sequence[Person]) -> str:
    keys = [alike.key(row.name) for row in rows]
    return ", ".join([f"{row.name}#{row.id}" if keys.count(alike.key(row.name)) > 1 else row.name for row in rows])


def _held(on: date, *columns: object):  # type: ignore[no-untyped-def]  # the stubs have no name for a select of joined tables
    until_later = Holding.until.is_null() | (Holding.until >= on)
    return Holding.select(*columns).join(Person).where(Person.active, Holding.since <= on, until_later)


def _name(name: str) -> str:
    cleaned = typed.line("name", name, 60)
    if not cleaned:
        raise Refused("name_needed")
    return cleaned


def _person(person: int) -> Person:
    row = Person.get_or_none(Person.id == person)
    if row is None:
        raise Refused("unknown_person", name=f"#{person}")
    return row


def _insert(name: str, phone: str) -> int:
    row = Person.create(phone=phone, **person_columns(name))
    return row.id


def _hold(policy: Policy, person: Person, post: str, since: date) -> int:
    if all(known.id != post for known in policy.posts):
        raise Refused("unknown_post", post=clean(post))
    insist_active(person.id)
    still = Holding.until.is_null() | (Holding.until >= since)
    if Holding.select().where(Holding.person == person.id, Holding.post == post, still).exists():
        raise Refused("already_holds", name=person.name, post=policy.name_of(post))
    return Holding.create(person=person.id, post=post, since=since).id
