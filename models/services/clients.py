"""The record of clients: what is known of an organisation and its people, two names of one organisation joined."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from models.errors import Refused
from models.schema import journal
from models.schema.store import reading, write
from models.schema.tables import Client, ClientPerson, Guest, Visit
from models.services import displays, typed
from models.services.desk import Desk
from models.services.rights import may_client
from models.words.pinyin import Spelling, spell

MOST = {"likes": 200, "diet": 200, "points": 500, "notes": 500}
"""How many characters the texts about a client, or about somebody there, may have."""
GIVEN = ("post", "address", "phone", "diet")
"""What a visit's list of guests says of somebody."""
_LABELS = {"post": "guest_post", "address": "guest_address", "notes": "note"}
_FORMS = re.compile(
    r"股份有限公司|有限责任公司|有限公司|集团公司|公司|集团|\b(?:company|group|corporation|corp|co|ltd|limited|inc|gmbh)\b"
)


def bare_name(name: str) -> str:
    """A client's name without what says its legal form, without brackets, marks and blanks; for comparing only."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    bare = "".join(filter(str.isalnum, _FORMS.sub(" ", folded)))
    return bare or "".join(filter(str.isalnum, folded)) or folded


# -- what visits tell ----------------------------------------------------------------------------------------------


def spelt_guests(visit: int) -> dict[str, Spelling]:
    """The pinyin of a visit's guests for `keep_guests`; slow, so before the transaction begins."""
    with reading():
        names = [row.name for row in Guest.select().where(Guest.visit == visit, Guest.name != "")]
    return spelt(names)


def spelt(names: list[str]) -> dict[str, Spelling]:
    """The pinyin of people's names, of those whom no client has yet."""
    with reading():
        known = {row.name for row in ClientPerson.select(ClientPerson.name).where(ClientPerson.name.in_(names))}
    fresh = [name for name in dict.fromkeys(names) if name not in known]
    return dict(zip(fresh, spell(fresh, surname=True), strict=True))


def keep_guests(visit: Visit, spellings: Mapping[str, Spelling]) -> None:
    """Enter the visit's guests among its client's people; inside a write transaction.

    Of who is there already the latest is kept, but for what somebody wrote by hand.
    """
    if visit.client_id is None:
        return
    for guest in Guest.select().where(Guest.visit == visit.id, Guest.name != "").order_by(Guest.position):
        known = ClientPerson.get_or_none(ClientPerson.client == visit.client_id, ClientPerson.name == guest.name)
        said = {field: getattr(guest, field) for field in GIVEN if getattr(guest, field)}
        if known is None:
            full, initials = spellings.get(guest.name, Spelling("", ""))
            ClientPerson.create(client=visit.client_id, name=guest.name, pinyin=full, initials=initials, **said)
            continue
        fresh = {f: text for f, text in said.items() if f not in known.edited and getattr(known, f) != text}
        if fresh:
            ClientPerson.update(**fresh, version=known.version + 1).where(ClientPerson.id == known.id).execute()


# -- what people write ---------------------------------------------------------------------------------------------


def change_client(desk: Desk, client: int, *, seen: int, name: str | None = None, **texts: str) -> int:
    """Change the name or the `texts` (likes, diet, points, notes) that are given; the new version.

    Another name is that of all its visits, too. Refused: `stale_client`, `client_exists`, who may not.
    """
    changed: dict[str, str] = _texts(texts)
    if name is not None:
        changed["name"] = name = _needed("client", name)
        changed["pinyin"], changed["initials"] = spell([name])[0]
    coming = _with_texts(client) if name is not None else []
    with write():
        row = _seen(desk, client, seen)
        if name is not None and Client.select().where(Client.name == name, Client.id != client).exists():
            raise Refused("client_exists", name=name)
        before = {field: getattr(row, field) for field in changed}
        Client.update(**changed, version=seen + 1).where(Client.id == client).execute()
        if name is not None:
            Visit.update(client_name=name).where(Visit.client == client).execute()
            _renamed(desk, coming)
        journal.record(desk, "client.change", None, {"client": client, "before": before, "after": changed})
    return seen + 1


def change_client_person(desk: Desk, person: int, *, seen: int, name: str | None = None, **texts: str) -> int:
    """Change the name or the `texts` (post, address, phone, likes, diet) that are given; the new version.

    What is written here no later visit changes. Refused: `stale_client`, `client_person_exists`, who may not.
    """
    changed: dict[str, object] = dict(_texts(texts))
    if name is not None:
        changed["name"] = name = _needed("guest_name", name)
        changed["pinyin"], changed["initials"] = spell([name], surname=True)[0]
    with write():
        row = ClientPerson.get_or_none(ClientPerson.id == person)
        if row is None:
            raise Refused("no_client")
        _allow(desk, row.client_id)
        if row.version != seen:
            raise Refused("stale_client", name=row.name)
        others = ClientPerson.select().where(ClientPerson.client == row.client_id, ClientPerson.id != person)
        if name is not None and others.where(ClientPerson.name == name).exists():
            raise Refused("client_person_exists", name=name)
        before = {field: getattr(row, field) for field in changed}
        changed["edited"] = sorted({*row.edited, *(field for field in GIVEN if field in texts)})
        ClientPerson.update(**changed, version=seen + 1).where(ClientPerson.id == person).execute()
        journal.record(desk, "client.person", None, {"person": person, "before": before, "after": changed})
    return seen + 1


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of two clients: the one that is left, and how many visits moved to it."""

    client: int
    name: str
    moved: int


def merge(desk: Desk, client: int, into: int, *, seen: int, into_seen: int) -> Merged:
    """Let `client` and `into` be one, called as `into` is: visits, people and texts move, `client` is no more.

    Refused: `stale_client`, `same_client`, `too_long` where the texts of both do not fit, who may not.
    """
    if client == into:
        raise Refused("same_client")
    coming = _with_texts(client)
    with write():
        old, new = _seen(desk, client, seen), _seen(desk, into, into_seen)
        texts = _texts({field: _both(getattr(new, field), getattr(old, field)) for field in MOST})
        visits = [row.id for row in Visit.select(Visit.id).where(Visit.client == client)]
        Visit.update(client=into, client_name=new.name).where(Visit.client == client).execute()
        _renamed(desk, coming)
        _merge_people(client, into)
        Client.update(**texts, version=into_seen + 1).where(Client.id == into).execute()
        gone = {"client": client, "name": old.name, **{field: getattr(old, field) for field in MOST}}
        old.delete_instance()
        journal.record(desk, "client.merge", None, {**gone, "into": into, "into_name": new.name, "visits": visits})
    return Merged(into, new.name, len(visits))


def _with_texts(client: int) -> list[int]:
    """The visits whose texts name the client, with all that is slow about them ready."""
    coming = displays.arranged_for(client)
    for visit in coming:
        displays.ready(visit)
    return coming


def _renamed(desk: Desk, visits: list[int]) -> None:
    for visit in visits:
        displays.refresh(desk, Visit.get_by_id(visit))


def _merge_people(client: int, into: int) -> None:
    """The people of both; of who is in both, what only one of the two knows is kept."""
    there = {row.name: row for row in ClientPerson.select().where(ClientPerson.client == into)}
    for row in ClientPerson.select().where(ClientPerson.client == client):
        same = there.get(row.name)
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
        field: typed.line(_LABELS.get(field, field), text, MOST.get(field, typed.LINE))
        for field, text in texts.items()
    }  # fmt: skip


def _needed(field: str, name: str) -> str:
    cleaned = typed.line(field, name)
    if not cleaned:
        raise Refused("name_needed")
    return cleaned


def _allow(desk: Desk, client: int) -> None:
    code = may_client(desk, client)
    if code is not None:
        raise Refused(code)


def _seen(desk: Desk, client: int, seen: int) -> Client:
    row = Client.get_or_none(Client.id == client)
    if row is None:
        raise Refused("no_client")
    _allow(desk, client)
    if row.version != seen:
        raise Refused("stale_client", name=row.name)
    return row
