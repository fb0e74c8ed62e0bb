"""A fact of a visit, how it is said, and the people whom it may concern."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models.frozen import record
from models.schema.tables import Person
from models.words import Name, Phrase

Said = Name | Phrase | str
THINGS = frozenset(["task", "guest", "stage", "booking", "clash", "meal", "room", "gift"])
"""Kinds of facts that are added or taken away as a whole; any other is a value, which may be none."""


@record
class Recipient:
    """Somebody whom a change may concern; `role` driver, person, host, department, contact, approver or coordinator."""

    role: str
    party: str = ""
    person: int | None = None
    name: str = ""
    phone: str = ""


@record
class Fact:
    """One fact: what it is called and how it is said; `whom`: keys of the recipients that must know it."""

    kind: str
    what: Said
    said: Said
    whom: frozenset[str] = frozenset()


@record
class Facts:
    """All of a visit at one moment: facts and recipients by key. `standing`: on, off (called off), or neither."""

    standing: str
    known: Mapping[str, Fact]
    people: Mapping[str, Recipient]


def person_recipient(role: str, person: int) -> Recipient:
    """Somebody of the register as one to be told."""
    row = Person.get_or_none(Person.id == person)
    return Recipient(role, "", person, row.name if row else "", row.phone if row else "")


def moment(at: datetime | None) -> str:
    """A local time as it is said in every language."""
    return f"{at:%m-%d %H:%M}" if at else ""


def until(starts: datetime, ends: datetime) -> str:
    """When something ends that begins then (local times): on the same day the hour is enough."""
    return f"{ends:%H:%M}" if starts.date() == ends.date() else moment(ends)


def span(starts: datetime, ends: datetime) -> str:
    """From when until when, as it is said in every language."""
    return f"{moment(starts)}-{until(starts, ends)}"
