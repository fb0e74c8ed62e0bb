"""The append-only record of who did what, chained by hashes (`DESIGN.md` § 8).

An entry's hash covers the previous hash, its id, time, verb, visit, actor, for whom, login, client and the
SHA-256 of salt + details. Details and salt lie in a row of their own; erasing that row leaves the chain whole.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Protocol

from peewee import DatabaseError

from models import frozen
from models.errors import Refused
from models.schema.base import cleaned, database
from models.schema.store import reading
from models.schema.tables import Journal, JournalDetail, Unjournalled
from models.words import clean

NOTHING = "0" * 64
"""What the first entry has for the hash before it."""

Row = dict[str, Any]
_CHAINED = (
    "previous", "id", "at_utc", "verb", "visit", "actor", "actor_name", "for_person", "login", "client", "digest",
)  # fmt: skip
_COLUMNS = (*_CHAINED, "hash", "salt", "details")
ENTRIES = (
    f"SELECT {', '.join([f'j.{column}' for column in (*_CHAINED, 'hash')])}, d.salt, d.details"
    " FROM journal j LEFT JOIN journal_detail d ON d.entry_id = j.id ORDER BY j.id"
)
"""Every entry with its details, oldest first, as `walk` takes them."""


class _Actor(Protocol):
    @property
    def person(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def login(self) -> str: ...
    @property
    def client(self) -> str: ...


class Author(Protocol):
    """Who writes and when: a `Session`, which lives a layer above."""

    @property
    def actor(self) -> _Actor: ...
    def now_utc(self) -> datetime: ...


@frozen.record
class Report:
    """What walking the chain found. `broken` is the first bad entry, `what` its fault.

    Faults: `order` (an entry is missing), `previous`, `hash`, `details` (an entry was changed); against the heads that
    were kept: `cut` (the end was cut off, from this entry on), `head` (this one, or one before it, is another than it
    was: the chain was written anew). `kept` is the last kept head that is still there, 0 for none. `erased` counts
    entries whose details are gone.
    """

    entries: int
    head: int
    hash: str
    erased: int
    broken: int | None = None
    what: str = ""
    kept: int = 0

    @property
    def line(self) -> str:
        """`id hash`, the line of `verify --head` to keep elsewhere."""
        return f"{self.head} {self.hash}"


def record(
    session: Author, verb: str, visit: int | None, details: Mapping[str, object], for_person: int | None = None
) -> int:
    """Append an entry inside the write transaction of the verb it tells of, and give its id.

    `details` are plain values; dates are kept as ISO text. `for_person` is whom the actor acted for.
    """
    if not database.in_transaction():
        raise RuntimeError("an entry belongs into the transaction of what it tells")
    last = Journal.select(Journal.id, Journal.hash).order_by(Journal.id.desc()).first()
    salt = secrets.token_hex(16)
    text = json.dumps(cleaned(details), ensure_ascii=False, sort_keys=True, default=_plain)
    entry: Row = {
        "id": last.id + 1 if last else 1,
        "at_utc": session.now_utc(),
        "verb": verb,
        "visit": visit,
        "actor": session.actor.person,
        "actor_name": clean(session.actor.name),
        "for_person": for_person,
        "login": clean(session.actor.login),
        "client": clean(session.actor.client),
        "digest": _digest(salt, text),
        "previous": last.hash if last else NOTHING,
    }
    Journal.insert(**entry, hash=_hash(entry)).execute()
    JournalDetail.insert(entry=entry["id"], salt=salt, details=text).execute()
    return int(entry["id"])


def head() -> int:
    """The id of the newest entry, 0 where there is none: it grows with everybody's writes."""
    with reading():
        return _head()


def changes() -> int:
    """A number that grows with everything lists show, in whatever process: with the journal, and with what it does not
    tell of."""
    with reading():
        return _head() + sum(row.changes for row in Unjournalled.select())


def count_unjournalled() -> None:
    """Count a change of which there is no entry; inside a write transaction."""
    if not Unjournalled.update(changes=Unjournalled.changes + 1).execute():
        Unjournalled.create(changes=1)


def details_of(text: str) -> Any:
    """What the stored details of an entry say. Where they are no data the store is damaged, which `reading` says."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise DatabaseError(f"malformed details: {error}") from error


def details_since(seen: int, visit: int) -> list[Row]:
    """The details of what was written of a visit after the entry `seen`, oldest first."""
    with reading():
        rows = (
            JournalDetail.select(JournalDetail.details).join(Journal).where(Journal.id > seen, Journal.visit == visit)
        )
        return [details_of(row.details) for row in rows.order_by(Journal.id)]


def has_detail(verb: str, key: str, value: str) -> bool:
    """Whether an entry of this verb has the value in its details."""
    with reading():
        rows = JournalDetail.select(JournalDetail.details).join(Journal).where(Journal.verb == verb)
        return any(details_of(row.details).get(key) == value for row in rows)


def verify(kept: str = "") -> Report:
    """Walk the whole chain. `kept` are lines `id hash` that were kept elsewhere, whose entries must be found in it.

    Raises Refused where there is something else in them.
    """
    heads = dict(_head_of(line) for line in kept.splitlines() if line.strip())
    with reading():
        return walk(database.execute_sql(ENTRIES), heads)


def walk(rows: Iterable[Sequence[Any]], heads: Mapping[int, str] = MappingProxyType({})) -> Report:
    """What `verify` finds in the rows of `ENTRIES`, wherever they come from; the entries of `heads` must have these
    hashes."""
    report = Report(0, 0, NOTHING, 0)
    other = 0
    for values in rows:
        row = dict(zip(_COLUMNS, values, strict=True))
        what = _fault(row, report)
        if what:
            return replace(report, broken=report.head + 1, what=what)
        number = int(row["id"])
        same = heads.get(number) == row["hash"]
        other = other or (number if number in heads and not same else 0)
        kept = number if same and not other else report.kept
        report = Report(report.entries + 1, number, row["hash"], report.erased + (row["salt"] is None), kept=kept)
    if other:
        return replace(report, broken=other, what="head")
    if any(number > report.head for number in heads):
        return replace(report, broken=report.head + 1, what="cut")
    return report


def _fault(row: Row, before: Report) -> str:
    if row["id"] != before.head + 1:
        return "order"
    if row["previous"] != before.hash:
        return "previous"
    try:
        if row["hash"] != _hash({**row, "at_utc": datetime.fromisoformat(str(row["at_utc"]))}):
            return "hash"
        if row["salt"] is not None and row["digest"] != _digest(row["salt"], row["details"]):
            return "details"
    except (TypeError, ValueError):
        return "hash"
    return ""


def _head() -> int:
    last = Journal.select(Journal.id).order_by(Journal.id.desc()).first()
    return last.id if last else 0


def _digest(salt: str, details: str) -> str:
    return hashlib.sha256((salt + details).encode()).hexdigest()


def _hash(entry: Row) -> str:
    fields = [entry[name] for name in _CHAINED]
    text = json.dumps(fields, ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _head_of(line: str) -> tuple[int, str]:
    number, _, digest = line.strip().partition(" ")
    if not (number.isdecimal() and len(digest) == len(NOTHING)):
        raise Refused("head_line", value=line)
    return int(number), digest


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, (set, frozenset)) else str(value)
