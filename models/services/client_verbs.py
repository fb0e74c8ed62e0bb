"""Verbs on the record of clients: know an organisation and its people, join two names of one, spell them later."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from peewee import SQL

from models.errors import Refused
from models.frozen import record
from models.schema import journal
from models.schema.arrangements import Display
from models.schema.store import reading, write
from models.schema.tables import Client, ClientPerson, Guest, Person, Visit, VisitPerson
from models.services import displays, validate, whereabouts
from models.services.frame import changing
from models.services.person_register import (
    DERIVED,
    GIVEN,
    TABLES,
    client_columns,
    client_person_columns,
    known_people,
    unspelt,
)
from models.services.rights import EDITED, LIVE, client_refusal
from models.services.session import Session
from models.services.visit_record import VisitRecord
from models.services.visits import stale
from models.words import alike
from models.words.mask import kept
from models.words.pinyin import NOT_YET, Spelling, work_out

MOST = {"likes": 200, "diet": 200, "points": 500, "notes": 500}
"""How many characters the texts about a client, or about somebody there, may have."""
_LABELS = {"post": "guest_post", "address": "guest_address", "notes": "note"}
_FORMS = re.compile(
    r"股份有限公司|有限责任公司|有限公司|集团公司|公司|集团|\b(?:company|group|corporation|corp|co|ltd|limited|inc|gmbh)\b"
)


def bare_name(name: str) -> str:
    """A client's name without what says its legal form, without brackets, marks and blanks; for comparing only."""
    folded = alike.fold(name)
    bare = "".join(filter(str.isalnum, _FORMS.sub(" ", folded)))
    return bare or "".join(filter(str.isalnum, folded)) or folded


# -- what people write ------------------------------------------------------------------------------------------------


def change_client(session: Session, client: int, *, expected: int, name: str | None = None, **texts: str) -> int:
    """Change the name or the `texts` (likes, diet, points, notes) that are given; the new version.

    Another name is that of all its visits, too. Refused: `stale_client`, `client_exists`, who may not.
    """
    changed: dict[str, str] = _texts(texts)
    if name is not None:
        changed |= client_columns(_needed("client", name))
    with write():
        row = _expected_row(session, client, expected)
        if name is not None:
            _unlike(Client.select().where(Client.id != client), changed["key"], "client_exists")
        told = {field: value for field, value in changed.items() if field not in DERIVED}
        before = {field: getattr(row, field) for field in told}
        Client.update(**changed, version=expected + 1).where(Client.id == client).execute()
        if name is not None:
            Visit.update(client_name=changed["name"]).where(Visit.client == client).execute()
            _renamed(session, displays.arranged_for(client))
        journal.record(session, "client.change", None, {"client": client, "before": before, "after": told})
    return expected + 1


def change_client_person(session: Session, person: int, *, expected: int, name: str | None = None, **texts: str) -> int:
    """Change the name or the `texts` (post, address, phone, likes, diet) that are given; the new version.

    What is written here no later visit changes; another name is that of all their visits that are not over, too.
    Refused: `stale_client`, `client_person_exists`, who may not.
    """
    changed: dict[str, object] = dict(_texts(texts))
    if name is not None:
        changed |= client_person_columns(_needed("guest_name", name))
    with write():
        row = ClientPerson.get_or_none(ClientPerson.id == person)
        if row is None:
            raise Refused("no_client")
        _require(session, row.client_id)
        if row.version != expected:
            raise stale("stale_client", None, ("person", person), name=row.name)
        if "phone" in changed:
            changed["phone"] = kept(str(changed["phone"]), row.phone)
        others = ClientPerson.select().where(ClientPerson.client == row.client_id, ClientPerson.id != person)
        if name is not None:
            _unlike(others, str(changed["key"]), "client_person_exists")
        told = {field: value for field, value in changed.items() if field not in DERIVED}
        before = {field: getattr(row, field) for field in told}
        told["edited"] = changed["edited"] = sorted({*row.edited, *(field for field in GIVEN if field in texts)})
        ClientPerson.update(**changed, version=expected + 1).where(ClientPerson.id == person).execute()
        visits = _rename_guest(session, row, str(changed["name"])) if name is not None else []
        journal.record(
            session, "client.person", None, {"person": person, "before": before, "after": told, "visits": visits}
        )
    return expected + 1


def _rename_guest(session: Session, known: ClientPerson, name: str) -> list[int]:
    """Name somebody of a client anew on all visits that are not over, or else the next of them would enter the old
    name again; which visits these are."""
    coming = Visit.select(Visit.id).where(
        Visit.client == known.client_id, Visit.state.in_(EDITED | LIVE | {"submitted"})
    )
    guests: Any = Guest.select().where(Guest.visit.in_(coming)).order_by(Guest.visit) if name != known.name else ()
    found: dict[int, list[int]] = {}
    for guest in guests:
        if alike.same(guest.name, known.name):
            found.setdefault(guest.visit_id, []).append(guest.id)
    for visit, mine in found.items():
        with changing(session, visit, "client.person", right=None, expected=None, reschedule=False, entry=False) as v:
            before = whereabouts.listed(visit)
            Guest.update(name=name).where(Guest.id.in_(mine)).execute()
            whereabouts.follow(v.row, before)
            if v.row.before is not None:
                v.row.before = whereabouts.in_packed(v.row.before, known.name, name)
            if v.record.displays:
                displays.refresh(v.renewed())
    return list(found)


def _unlike(others: Any, key: str, code: str) -> None:
    """Refused where one of the others has this key."""
    same = others.where(SQL("key") == key).first()
    if same is not None:
        raise Refused(code, name=same.name)


@record
class Merged:
    """What became of two clients: the one that is left, and how many visits moved to it."""

    client: int
    name: str
    moved: int


def merge(session: Session, client: int, into: int, *, expected: int, into_seen: int) -> Merged:
    """Let `client` and `into` be one, called as `into` is: visits, people and texts move, `client` is no more.

    Refused: `stale_client`, `same_client`, `too_long` where the texts of both do not fit, who may not.
    """
    if client == into:
        raise Refused("same_client")
    with write():
        old, new = _expected_row(session, client, expected), _expected_row(session, into, into_seen)
        coming = displays.arranged_for(client)
        texts = _texts({field: _both(getattr(new, field), getattr(old, field)) for field in MOST})
        visits = [row.id for row in Visit.select(Visit.id).where(Visit.client == client)]
        Visit.update(client=into, client_name=new.name).where(Visit.client == client).execute()
        _merge_people(client, into)
        _renamed(session, coming)
        gone = {"client": client, "name": old.name, **{field: getattr(old, field) for field in MOST}}
        old.delete_instance()
        # Its own key may have borne a number, because of the other one.
        Client.update(**texts, key=alike.key(new.name), version=into_seen + 1).where(Client.id == into).execute()
        journal.record(session, "client.merge", None, {**gone, "into": into, "into_name": new.name, "visits": visits})
    return Merged(into, new.name, len(visits))


def _renamed(session: Session, visits: list[int]) -> None:
    for visit in visits:
        displays.refresh(VisitRecord(session, Visit.get_by_id(visit)))


def _merge_people(client: int, into: int) -> None:
    """The people of both; of who is in both, what only one of the two knows is kept."""
    there = known_people(into)
    for key, row in known_people(client).items():
        same = there.get(key)
        if same is None:
            ClientPerson.update(client=into).where(ClientPerson.id == row.id).execute()
            continue
        fields = (*GIVEN, "likes")
        lacking = {f: getattr(row, f) for f in fields if not getattr(same, f) and f not in same.edited}
        ClientPerson.update(**lacking, version=same.version + 1).where(ClientPerson.id == same.id).execute()


def _both(first: str, second: str) -> str:
    return first if second in first else "；".join(text for text in (first, second) if text)


def _texts(texts: Mapping[str, str]) -> dict[str, str]:
    """Cleaned, on one line, within their limits."""
    return {
        field: validate.line(_LABELS.get(field, field), text, MOST.get(field, validate.LINE))
        for field, text in texts.items()
    }  # fmt: skip


def _needed(field: str, name: str) -> str:
    cleaned = validate.line(field, name)
    if not cleaned:
        raise Refused("name_needed")
    return cleaned


def _require(session: Session, client: int) -> None:
    code = client_refusal(session, client)
    if code is not None:
        raise Refused(code)


def _expected_row(session: Session, client: int, expected: int) -> Client:
    row = Client.get_or_none(Client.id == client)
    if row is None:
        raise Refused("no_client")
    _require(session, client)
    if row.version != expected:
        raise stale("stale_client", None, ("client", client), name=row.name)
    return row


# -- spelling for later -----------------------------------------------------------------------------------------------

_AT_ONCE = 500  # names


def make_up(session: Session) -> int:
    """Spell the names that are stored without spelling, as far as that can be done now, and make anew the texts that
    have them in Latin letters; how many names. Slow: not for the event loop, and never inside a transaction."""
    spelt = [(table, row, said) for table, surname in TABLES.items() for row, said in _spelt(table, surname)]
    for start in range(0, len(spelt), _AT_ONCE):
        with write():
            for table, row, said in spelt[start : start + _AT_ONCE]:
                same = (table.id == row.id) & (table.name == row.name)
                table.update(pinyin=said.full, initials=said.initials).where(same).execute()
            journal.count_unjournalled()
    ours = [row.id for table, row, _ in spelt if table is Person]
    clients = {row.client_id for table, row, _ in spelt if table is ClientPerson}
    if ours or clients:
        _follow(session, ours, list(clients))
    return len(spelt)


def _spelt(table: Any, surname: bool) -> list[tuple[Any, Spelling]]:
    """The rows of a table that have no spelling, with the one they get."""
    with reading():
        rows = list(table.select().where(unspelt(table)))
    spellings = work_out([row.name for row in rows], surname)
    return [(row, said) for row, said in zip(rows, spellings, strict=True) if said != NOT_YET]


def _follow(session: Session, ours: list[int], clients: list[int]) -> None:
    with write():
        named = VisitPerson.select(VisitPerson.visit).where(VisitPerson.person.in_(ours))
        texts = Display.select(Display.visit).where(~Display.edited)
        theirs = Visit.client.in_(clients) | Visit.id.in_(named)
        arranged = Visit.state.in_(list(LIVE)) | Visit.before.is_null(False)
        for row in Visit.select().where(arranged, Visit.id.in_(texts), theirs):
            displays.refresh(VisitRecord(session, row))
