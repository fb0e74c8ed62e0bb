"""The notation of `config.toml`: what the organisation is. One `…_KEYS` is one table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from models.policy.model import (
    CalendarRows,
    Currency,
    Entry,
    Holiday,
    Kind,
)
from models.policy.notation.clauses import (
    COLUMN_AXES,
    ITEMS,
    LIST_AXES,
    OTHER_AXES,
    OWN_LISTS,
    known_item,
)
from models.policy.notation.consistency import unique
from models.policy.notation.quantities import clock, day, day_of, ends, whole
from models.policy.notation.readers import (
    Reading,
    Wrong,
    flag,
    identifier,
    is_id,
    known,
    listed,
    many,
    may,
    must,
    name,
    one_or_many,
    ref,
    rows_of,
    shown,
    table,
    text,
)
from models.policy.problem import Path
from models.words import Name, clean

DEPARTMENTS = ("@owner", "@department")
"""What may stand for a department: that which owns the kind, and that of the request."""

RESERVED_LISTS = frozenset([*COLUMN_AXES, *OTHER_AXES, "not"]) - OWN_LISTS
"""Names that a `when` already uses, so that no choice field may."""

LABELS = ("tier", "visit", "guest", "host", "applicant", "coordinator", "services", "department")

ENTRY_KEYS = {"id": must(identifier), "name": may(name), "means": may(name)}


def named(make: Callable[..., Any]) -> Callable[..., Any]:
    """`make` of a row whose name is its id where it has none."""

    def made(**row: Any) -> Any:
        row["name"] = row["name"] or Name.of(row["id"] or "?")
        return make(**row)

    return made


def entry(r: Reading, at: Path, value: object) -> Entry:
    """An entry of a list: an id, or a table with a name."""
    if isinstance(value, str):
        return Entry(identifier(r, at, value), Name.of(value))
    made: Entry = named(Entry)(**table(r, at, value, ENTRY_KEYS))
    return made


def _item(r: Reading, at: Path, value: object) -> Entry:
    """An entry of the list `item`: one that every plan has is called as we call it where it has no name."""
    made = entry(r, at, value)
    unnamed = isinstance(value, str) or (isinstance(value, dict) and "name" not in value)
    return Entry(made.id, known_item(made.id), made.means) if unnamed and made.id in ITEMS else made


MEAL_KEYS = {**ENTRY_KEYS, "at": may(clock)}


def _meal(r: Reading, at: Path, value: object) -> Entry:
    """An entry of the list `meal`: it may say at which hour that meal usually is."""
    if isinstance(value, str):
        return entry(r, at, value)
    made: Entry = named(Entry)(**table(r, at, value, MEAL_KEYS))
    return made


_ENTRIES = {"item": _item, "meal": _meal}
"""Lists whose entries are read in another way than those of all others."""


def _owner(r: Reading, at: Path, value: object) -> str:
    """The department that owns a kind of visitor, or that of each request."""
    return value if value == "@department" else known(value, r.ids["department"], '"@department", [[department]]')


KIND_KEYS = {
    "id": must(identifier),
    "name": may(name),
    "owner": may(_owner),
    "applicants": may(one_or_many(ref("post")), ()),
    "see": may(one_or_many(ref("post")), ()),
}


def kind(r: Reading, at: Path, value: object) -> Kind:
    """A kind of visitor; the first department owns those that name none."""
    row = table(r, at, value, KIND_KEYS)
    row["owner"] = row["owner"] or next(iter(r.ids["department"]), "")
    made: Kind = named(Kind)(**row)
    return made


DEPARTMENT_KEYS = {"id": must(identifier), "name": may(name), "alias": may(name), "head": may(ref("post"))}


def rank(r: Reading, at: Path, value: object) -> str:
    """A rank of the list `rank`."""
    return known(value, r.lists.get("rank", ()), "[list] rank")


POST_KEYS = {
    "id": must(identifier),
    "name": may(name),
    "up": may(ref("post")),
    "department": may(ref("department")),
    "rank": may(rank),
    "per_visit": may(flag, False),
}
GROUP_KEYS = {
    "id": must(identifier),
    "name": may(name),
    "leader": must(ref("post")),
    "deputy": may(ref("post")),
    "posts": may(one_or_many(ref("post")), ()),
}
CONDUCT_KEYS = {"id": must(identifier), "text": must(name)}
CURRENCY_KEYS = {"code": must(text), "minor": may(whole(0, 4), 2)}


def labels(r: Reading, at: Path, value: object) -> Mapping[str, Name]:
    """What this organisation calls a tier, a visit …"""
    read = table(r, at, value, {label: may(name) for label in LABELS})
    return {label: said for label, said in read.items() if said is not None}


def lists(r: Reading, at: Path, value: object) -> Mapping[str, tuple[Entry, ...]]:
    """The organisation's own words, by list."""
    if not isinstance(value, dict):
        raise Wrong("bad_table", value=shown(value), allowed=listed([*LIST_AXES.values(), "…"]))
    read = table(r, at, value, {list_id: may(many(_ENTRIES.get(list_id, entry)), ()) for list_id in value})
    for list_id, entries in read.items():
        if list_id in RESERVED_LISTS or not is_id(list_id):
            r.note((*at, list_id), "bad_list_name", value=clean(list_id))
        unique(r, (*at, list_id), [one.id for one in entries])
    return read


def number_format(r: Reading, at: Path, value: object) -> str:
    """The format of a visit's number, from its `year` and its place `n` in the year."""
    written = text(r, at, value)
    plain, fields = re.subn(r"\{year\}|\{n(:0[1-9])?\}", "", written)
    if len(written) > 40 or not fields or "{n" not in written or "{" in plain or "}" in plain:
        raise Wrong("bad_number_format", value=shown(value))
    return written


def _days(r: Reading, at: Path, value: object) -> tuple[date, date]:
    both = ends(value) if isinstance(value, str) else None
    if both is None:
        only = day_of(value)
        return only, only
    first, last = day_of(both.low), day_of(both.high)
    if first > last or both.low_open or both.high_open:
        raise Wrong("reversed_range", value=shown(value))
    return first, last


def _holiday(name: Name | None, days: tuple[date, date] | None) -> Holiday:
    first, last = days or (date.min, date.min)
    return Holiday(name or Name.of("?"), first, last)


HOLIDAY_KEYS = {"name": must(name), "days": must(_days)}
CALENDAR_KEYS = {
    "holidays": may(rows_of(HOLIDAY_KEYS, _holiday), ()),
    "workdays": may(many(day), ()),
    "only": may(flag, False),
}


def calendar(r: Reading, at: Path, value: object) -> CalendarRows:
    """The organisation's own holidays and shifted working days."""
    read = table(r, at, value, CALENDAR_KEYS)
    return CalendarRows(read["holidays"], frozenset(read["workdays"]), read["only"])


def currency(r: Reading, at: Path, value: object) -> Currency:
    """The currency and the digits of its minor unit."""
    return Currency(**table(r, at, value, CURRENCY_KEYS))
