"""The journal as its screen and command list it: filtered, newest first, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from models.errors import Refused
from models.frozen import record
from models.policy.model import Policy
from models.queries.visit_history import JournalEntry, entries_of, with_details
from models.schema.store import reading
from models.schema.tables import Journal, Person, Visit
from models.services.phones import Phones
from models.services.rights import ActorContext, hidden_among, withheld
from models.services.session import Session
from models.services.visits import visit_policy
from models.words import clean

PAGE = 200
"""So many entries are read at once."""


@record
class JournalFilter:
    """What is asked for; empty for all. `persons` did it or had it done in their name; `verb` is the journal's;
    `first` and `last` are local days, both counted."""

    persons: tuple[int, ...] = ()
    visit: int | None = None
    verb: str = ""
    first: date | None = None
    last: date | None = None


@record
class JournalLine:
    """One entry with its visit's `number` and client, empty for what belongs to none; `digits` of an amount."""

    entry: JournalEntry
    number: str
    client: str
    digits: int


@record
class JournalPage:
    """Some entries, newest first. `older`: the id to read on from, None where there are no more."""

    lines: tuple[JournalLine, ...]
    older: int | None


def journal_page(session: Session, wanted: JournalFilter, before: int | None = None, most: int = PAGE) -> JournalPage:
    """The newest entries, or those before an entry, that the actor may see: those of visits hidden from them are left
    out. Refused for who may not read the journal."""
    refused = withheld(session, "journal")
    if refused is not None:
        raise refused
    with reading():
        ids = _ids(session, wanted, before, most + 1)
        found = ids[:most]
        visits: Any = (
            Journal.select(Journal.visit).where(Journal.id.in_(found), Journal.visit.is_null(False)).distinct()
        )
        rows = {row.id: row for row in Visit.select().where(Visit.id.in_([visit for (visit,) in visits.tuples()]))}
        unseen = hidden_among(session, rows)
        policies: dict[int | None, Policy] = {}

        def policy_of(entry: Any) -> Policy | None:
            if entry["visit"] in unseen:
                return None
            row = rows.get(entry["visit"])
            if row is None:
                return session.policy
            return policies.setdefault(row.policy_id, visit_policy(session, row))

        entries = entries_of(session, with_details().where(Journal.id.in_(found)), policy_of)
        phones = Phones(ActorContext(session, list(rows.values())))
        found_lines = [_line(entry, rows.get(entry.visit or 0), policies, session) for entry in entries]
        lines = tuple(phones.about(line.entry.visit, line) for line in found_lines)
    return JournalPage(lines, found[-1] if len(ids) > most else None)


def _line(entry: JournalEntry, row: Visit | None, policies: dict[int | None, Policy], session: Session) -> JournalLine:
    if row is None:
        return JournalLine(entry, "", "", session.policy.currency.minor)
    return JournalLine(entry, row.number or "", row.client_name, policies[row.policy_id].currency.minor)


def _ids(session: Session, wanted: JournalFilter, before: int | None, most: int) -> list[int]:
    """The newest that fit, newest first. Who did it and for whom are asked apart: each has its index."""
    zone = session.clock().tzinfo

    def utc(day: date) -> datetime:
        return datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)

    conditions = [
        *([Journal.id < before] if before is not None else []),
        *([Journal.visit == wanted.visit] if wanted.visit is not None else []),
        *([Journal.verb == wanted.verb] if wanted.verb else []),
        *([Journal.id >= _first_since(utc(wanted.first))] if wanted.first else []),
        *([Journal.id < _first_since(utc(wanted.last + timedelta(days=1)))] if wanted.last else []),
    ]
    whose = (
        [None] if not wanted.persons else [c == p for p in wanted.persons for c in (Journal.actor, Journal.for_person)]
    )
    found: set[int] = set()
    for condition in whose:
        query: Any = Journal.select(Journal.id)
        for each in (*conditions, *([condition] if condition is not None else [])):
            query = query.where(each)
        found |= {number for (number,) in query.order_by(Journal.id.desc()).limit(most).tuples()}
    return sorted(found, reverse=True)[:most]


def _first_since(moment: datetime) -> int:
    """The id of the first entry at or after a moment: ids and times grow together, as far as the clock does."""
    row = Journal.select(Journal.id).where(Journal.at_utc >= moment).order_by(Journal.at_utc, Journal.id).first()
    if row is not None:
        return int(row.id)
    last = Journal.select(Journal.id).order_by(Journal.id.desc()).first()
    return int(last.id) + 1 if last else 1


def persons_named(text: str) -> tuple[int, ...]:
    """Everybody who is called so, also who is switched off; `#id` for one. Refused (`unknown_person`)."""
    with reading():
        known = Person.id == int(text[1:]) if text[:1] == "#" and text[1:].isdecimal() else Person.name == text.strip()
        found = tuple(row.id for row in Person.select(Person.id).where(known))
    if not found:
        raise Refused("unknown_person", name=clean(text))
    return found


def visit_numbered(text: str) -> int:
    """The visit with this number, or id. Refused (`no_visit`)."""
    with reading():
        found = Visit.get_or_none(Visit.number == text.strip())
        if found is None and text.strip().isdecimal():
            found = Visit.get_or_none(Visit.id == int(text))
    if found is None:
        raise Refused("no_visit")
    return int(found.id)


def journal_people() -> Sequence[tuple[int, str, str, str]]:
    """Everybody to filter by: id, name, how that sounds."""
    with reading():
        rows = Person.select().order_by(Person.pinyin, Person.id)
        return [(row.id, row.name, row.pinyin, row.initials) for row in rows]
