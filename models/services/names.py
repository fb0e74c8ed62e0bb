"""Names as they are stored: with the key by which they are compared, and their spelling, which may come later.

A process with screens cannot spell a name at once (see `words.pinyin`): it is stored without, and `spelling.make_up`
fills it in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.schema.arrangements import Resource
from models.schema.store import reading
from models.schema.tables import Client, ClientPerson, Guest, Person
from models.services import typed
from models.words import alike
from models.words.pinyin import spell

Columns = dict[str, str]
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


def guest_names(visit: int, names: Iterable[str]) -> list[str]:
    """The guests of a visit that are named somewhere, cleaned, as its form writes them and nobody twice; a name that is
    not on it stays as it is. To be called inside `reading` or `write`."""
    listed = Guest.select(Guest.name).where(Guest.visit == visit, Guest.name != "")
    known = {alike.key(row.name): row.name for row in listed}
    named = [name for each in names if (name := typed.line("guest_name", each))]
    typed.rows("guest", len(named))
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
