"""Verbs on the register of people: add, rename, switch off, give and end posts, logins and SSH keys. Holdings are
ended and keys switched off, never deleted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from models.errors import Refused
from models.policy.model import Policy
from models.schema import journal
from models.schema.store import write
from models.schema.tables import Holding, Person, PersonKey
from models.services import validate
from models.services.person_register import DERIVED, Assignment, _person, name_of, person_columns, require_active
from models.services.public_key import read_key
from models.services.session import Session
from models.services.visits import stale
from models.words import alike, clean
from models.words.mask import kept


def add_person(session: Session, name: str, phone: str = "") -> int:
    """Enter a person and give their id. Two people may have the same name."""
    name, phone = _name(name), validate.line("phone", phone)
    with write():
        _require(session)
        person = _insert(name, phone)
        journal.record(session, "person.add", None, {"person": person, "name": name, "phone": phone})
    return person


def change_person(
    session: Session,
    person: int,
    *,
    expected: int,
    name: str | None = None,
    phone: str | None = None,
    active: bool | None = None,
) -> int:
    """Change what is given, if the person is still as `expected`; the new version. Who is off holds no post."""
    changed: dict[str, object] = {}
    if name is not None:
        changed |= person_columns(_name(name))
    if phone is not None:
        changed["phone"] = validate.line("phone", phone)
    if active is not None:
        changed["active"] = active
    with write():
        _require(session)
        row = _person(person)
        if row.version != expected:
            raise stale("stale_person", None, ("person", person), name=row.name)
        if phone is not None:
            changed["phone"] = kept(str(changed["phone"]), row.phone)
        told = {key: value for key, value in changed.items() if key not in DERIVED}
        before = {key: getattr(row, key) for key in told}
        Person.update(**changed, version=expected + 1).where(Person.id == person).execute()
        journal.record(session, "person.change", None, {"person": person, "before": before, "after": told})
    return expected + 1


def give_post(session: Session, person: int, post: str, since: date) -> int:
    """Let a person hold a post of the policy from `since` on; the holding's id. Others may hold it, too."""
    with write():
        _require(session)
        row = _person(person)
        holding = _hold(session.policy, row, post, since)
        journal.record(session, "post.give", None, {"person": person, "name": row.name, "post": post, "since": since})
    return holding


def end_post(session: Session, holding: int, until: date, *, expected: date | None = None) -> None:
    """Let a holding end; `until` is its last day, `expected` the one the caller saw (None: held on). It is
    kept, so that the past stays what it was."""
    with write():
        _require(session)
        row = Holding.get_or_none(Holding.id == holding)
        if row is None:
            raise Refused("no_holding")
        if row.until != expected:
            raise stale("stale_person", None, ("person", row.person_id), name=name_of(row.person_id))
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
        _require(session)
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
        key = (_name(name), validate.line("phone", phone))
        same = next((known for known in merged if _one_person(known, key)), None)
        if same is not None and not same[1] and key[1]:
            merged = {key if k == same else k: held for k, held in merged.items()}
            same = key
        merged.setdefault(same or key, []).extend(posts)
    return merged


# -- by what an office knows somebody ---------------------------------------------------------------------------------

_LOGIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.@-]{0,63}")


def set_login(session: Session, person: int, login: str) -> None:
    """Say by which login the machine of an office knows a person; empty: by none.

    Refused (`login_unreadable`) for what no login is, (`login_taken`) for somebody else's.
    """
    login = validate.line("login", login)
    if login and not _LOGIN.fullmatch(login):
        raise Refused("login_unreadable", login=login)
    with write():
        _require(session)
        row = _person(person)
        other = Person.get_or_none(Person.login == login, Person.id != person) if login else None
        if other is not None:
            raise Refused("login_taken", login=login, name=other.name)
        _known_by(session, row, "login", login)


def set_language(session: Session, person: int, language: str) -> None:
    """Keep the language a person reads the program in; empty: as their terminal says. Everybody chooses their own."""
    with write():
        if session.actor.person != person:
            _require(session)
        _known_by(session, _person(person), "language", language)


def _known_by(session: Session, row: Person, column: str, value: str) -> None:
    before = getattr(row, column)
    if before == value:
        return
    Person.update(**{column: value}, version=row.version + 1).where(Person.id == row.id).execute()
    told = {"person": row.id, "before": {column: before}, "after": {column: value}}
    journal.record(session, "person.change", None, told)


def add_key(session: Session, person: int, line: str, label: str = "") -> int:
    """Let a person be known by an SSH key, given as the line of its public half; the key's id. `label`: what they call
    it, else the line's comment.

    Refused as `read_key` says, and (`key_known`) for one that is or was somebody's, (`inactive_person`) for who left.
    """
    key = read_key(line)
    label = validate.line("key_label", label or key.comment)
    with write():
        _require(session)
        require_active(person)
        known = PersonKey.get_or_none(PersonKey.fingerprint == key.fingerprint)
        if known is not None:
            raise Refused("key_known", fingerprint=key.fingerprint, name=name_of(known.person_id))
        added = PersonKey.create(
            person=person, fingerprint=key.fingerprint, line=key.line, label=label, added_utc=session.now_utc()
        )
        told = {"person": person, "key": added.id, "fingerprint": key.fingerprint, "label": label}
        journal.record(session, "key.add", None, told)
    return int(added.id)


def switch_key_off(session: Session, key: int) -> None:
    """Let nobody be known by a key any more, from their next write on. Refused (`no_key`, `key_off`)."""
    with write():
        _require(session)
        row = PersonKey.get_or_none(PersonKey.id == key)
        if row is None:
            raise Refused("no_key", key=key)
        if row.off_utc is not None:
            raise Refused("key_off", fingerprint=row.fingerprint)
        PersonKey.update(off_utc=session.now_utc()).where(PersonKey.id == key).execute()
        told = {"person": row.person_id, "key": key, "fingerprint": row.fingerprint}
        journal.record(session, "key.off", None, told)


def _require(session: Session) -> None:
    from models.services.rights import withheld  # which asks this module who holds what

    refused = withheld(session, "people")
    if refused is not None:
        raise refused


def _insert(name: str, phone: str) -> int:
    row = Person.create(phone=phone, **person_columns(name))
    return row.id


def _hold(policy: Policy, person: Person, post: str, since: date) -> int:
    if all(known.id != post for known in policy.posts):
        raise Refused("unknown_post", post=clean(post))
    require_active(person.id)
    still = Holding.until.is_null() | (Holding.until >= since)
    if Holding.select().where(Holding.person == person.id, Holding.post == post, still).exists():
        raise Refused("already_holds", name=person.name, post=policy.name_of(post))
    return Holding.create(person=person.id, post=post, since=since).id


def _one_person(one: tuple[str, str], other: tuple[str, str]) -> bool:
    phones = {alike.phone(phone) for _, phone in (one, other) if phone}
    return alike.same(one[0], other[0]) and len(phones) < 2


def _name(name: str) -> str:
    cleaned = validate.line("name", name, 60)
    if not cleaned:
        raise Refused("name_needed")
    return cleaned
