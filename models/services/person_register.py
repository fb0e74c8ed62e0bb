"""The register of people and posts as read and checked: who is known, who holds what, names as they are stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from models.errors import Refused
from models.policy.model import BY_PERSON, Policy
from models.schema.arrangements import Resource
from models.schema.store import reading
from models.schema.tables import Client, ClientPerson, Guest, Holding, Person, PersonKey
from models.services import validate
from models.services.session import Actor
from models.words import alike, called, clean
from models.words.pinyin import Spelling, spell, work_out

if TYPE_CHECKING:
    from models.policy.case import People


Assignment = tuple[str, str, Sequence[str]]
"""A name, a phone number and the posts held: one line of the first run."""


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

    def called_names(self, ids: Iterable[int | None]) -> dict[int | None, str]:
        """See `called_names`."""
        wanted = {each for each in ids if each is not None}
        return {row.id: called(row.name, bool(row.active)) for row in self.persons.values() if row.id in wanted}

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


def require_registered(persons: Iterable[int]) -> None:
    """Refused (`unknown_person`) where the register does not have one of these; inside `reading` or `write`."""
    wanted = set(persons)
    known = {row.id for row in Person.select(Person.id).where(Person.id.in_(wanted))} if wanted else set()
    for person in sorted(wanted - known):
        raise Refused("unknown_person", name=f"#{person}")


def require_active(person: int) -> None:
    """Refused where the register does not have somebody (`unknown_person`), or they are switched off."""
    row = _person(person)
    if not row.active:
        raise Refused("inactive_person", name=row.name)


def require_vouched(person: int, key: int | None, login: str) -> None:
    """Refused (`no_longer_vouched`) where a person was switched off, or that by which they came in: their key, or where
    there is none their login is another's or nobody's. Inside `write`."""
    row = _person(person)
    if key is None:
        known = row.login == login
    else:
        known = PersonKey.select().where(PersonKey.id == key, PersonKey.off_utc.is_null()).exists()
    if not (row.active and known):
        raise Refused("no_longer_vouched", name=row.name)


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


def _candidates(rows: Sequence[Person]) -> str:
    keys = [alike.key(row.name) for row in rows]
    return ", ".join([f"{row.name}#{row.id}" if keys.count(alike.key(row.name)) > 1 else row.name for row in rows])


def _held(on: date, *columns: object):  # type: ignore[no-untyped-def]  # the stubs have no name for a select of joined tables
    until_later = Holding.until.is_null() | (Holding.until >= on)
    return Holding.select(*columns).join(Person).where(Person.active, Holding.since <= on, until_later)


def _person(person: int) -> Person:
    row = Person.get_or_none(Person.id == person)
    if row is None:
        raise Refused("unknown_person", name=f"#{person}")
    return row


# -- names as stored --------------------------------------------------------------------------------------------------

Columns = dict[str, str]
GIVEN = ("post", "address", "phone", "diet")
"""What a visit's list of guests says of somebody."""
DERIVED = ("key", "pinyin", "initials")
"""Columns that follow from a name: nothing to tell anybody of."""
TABLES: dict[Any, bool] = {Person: True, Client: False, ClientPerson: True, Resource: False}
"""The tables of names, and whether these are people's."""


def person_columns(name: str) -> Columns:
    """The columns of a colleague of that name; several may have it."""
    return {"name": name, **_spelling(name, surname=True)}


def client_columns(name: str) -> Columns:
    """The columns of a client of that name."""
    return {"name": name, "key": alike.key(name), **_spelling(name)}


def client_person_columns(name: str) -> Columns:
    """The columns of somebody of a client, of that name."""
    return {"name": name, "key": alike.key(name), **_spelling(name, surname=True)}


def thing_key(kind: str, name: str) -> str:
    """The key of a car, room, restaurant or hotel."""
    return alike.plate(name) if kind == "car" else alike.key(name)


def thing_columns(kind: str, name: str) -> Columns:
    """The columns of a car, room, restaurant or hotel of that name."""
    return {"name": name, "key": thing_key(kind, name), **_spelling(name)}


def known_people(client: int | None) -> dict[str, ClientPerson]:
    """The people of a client, by the keys of their names. To be called inside `reading` or `write`."""
    return {row.key: row for row in ClientPerson.select().where(ClientPerson.client == client)}


def guest_names(guests: Iterable[Guest], names: Iterable[str]) -> list[str]:
    """Those of a visit's guests that are named somewhere, cleaned, as its form writes them and nobody twice; a name
    that is not on it stays as it is."""
    known = {alike.key(row.name): row.name for row in guests if row.name}
    named = [name for each in names if (name := validate.line("guest_name", each))]
    validate.rows("guest", len(named))
    return list({alike.key(name): known.get(alike.key(name), name) for name in named}.values())


def all_spelt() -> bool:
    """Whether every stored name has its spelling."""
    with reading():
        return not any(table.select().where(unspelt(table)).exists() for table in TABLES)


def unspelt(table: Any) -> Any:
    """What holds of the rows of a table whose name has no spelling yet."""
    return (table.pinyin == "") & (table.name != "")


def _spelling(name: str, *, surname: bool = False) -> Columns:
    full, initials = spell([name], surname)[0]
    return {"pinyin": full, "initials": initials}
