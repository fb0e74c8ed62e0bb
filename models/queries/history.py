"""What the journal tells of one visit: who did what, for whom, when, with what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from models.policy.model import Policy, item_name
from models.schema.journal import details_of
from models.schema.tables import Journal, JournalDetail
from models.services.difference import said, sentence, unpacked
from models.services.people import person_names
from models.services.session import Session
from models.words import Name, Phrase

Kind = Literal["name", "words", "money", "over", "outcome", "added", "removed", "time", "where", "changed"]
Fact = tuple[Kind, Any]
"""A kind and its value: a Name or Phrase, words that somebody wrote, minor units, an outcome's id, a number, a local
time, where the guests are (planned, on_way, here, on_site), sentences with an old and a new value."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: when (local time), who in whose name, the verb; what was said at a step that does not decide is the
    verb `opinion` or `sign`. `erased`: its details are gone, the entry stays."""

    id: int
    at: datetime
    who: str
    for_whom: str
    verb: str
    facts: tuple[Fact, ...]
    erased: bool
    visit: int | None = None


def history(session: Session, visit: int, policy: Policy) -> tuple[Entry, ...]:
    """Every entry of the visit, newest first; inside `reading`."""
    return _entries(session, _told_by().where(Journal.visit == visit), lambda row: policy)


def changes(
    session: Session, since: datetime, until: datetime, policies: Callable[[int], Policy | None]
) -> tuple[Entry, ...]:
    """The entries about visits between two moments (UTC, naive), newest first, of the visits for which there is a
    policy to say them by; inside `reading`."""
    return _entries(session, _told_by().where(_between(since, until)), lambda row: policies(row["visit"]))


def changed_visits(since: datetime, until: datetime) -> list[int]:
    """The visits that have an entry between two moments; inside `reading`."""
    found: Any = Journal.select(Journal.visit).where(_between(since, until)).distinct().tuples()
    return [visit for (visit,) in found]


def _between(since: datetime, until: datetime) -> Any:
    last = Journal.select().where(Journal.at_utc < since).order_by(Journal.id.desc()).first()
    known = last.id if last else 0
    return (Journal.id > known) & (Journal.at_utc < until) & Journal.visit.is_null(False)


def _told_by() -> Any:
    return (
        Journal.select(Journal, JournalDetail.details)
        .left_outer_join(JournalDetail, on=(JournalDetail.entry == Journal.id))
        .order_by(Journal.id.desc())
    )


def _entries(session: Session, found: Any, policies: Callable[[Any], Policy | None]) -> tuple[Entry, ...]:
    rows: list[Any] = list(found.dicts())
    told = [details_of(row["details"]) if row["details"] is not None else None for row in rows]
    handed = [each["person"] for each in told if each and isinstance(each.get("person"), int)]
    names = person_names([*handed, *(row["for_person"] for row in rows)])
    zone = session.clock().tzinfo
    return tuple(
        Entry(
            id=row["id"],
            at=row["at_utc"].replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None),
            who=row["actor_name"],
            for_whom=names.get(row["for_person"], ""),
            verb=_verb(row["verb"], details or {}),
            facts=_facts(details or {}, policy, names),
            erased=details is None,
            visit=row["visit"],
        )
        for row, details in zip(rows, told, strict=True)
        if (policy := policies(row)) is not None
    )


def _verb(verb: str, details: Mapping[str, Any]) -> str:
    what = details.get("what")
    return what if verb == "decide" and what in ("opinion", "sign") else verb


def _facts(details: Mapping[str, Any], policy: Policy, names: Mapping[int | None, str]) -> tuple[Fact, ...]:
    """What of an entry's details tells a person something."""
    details = {**details, "rewritten": details} if "before" in details and "display" in details else details
    known = [key for key in details if not (details.get("changed") and key in _IN_CHANGED)]
    found = [(kind, say(details[key], policy, names)) for key, kind, say in _TOLD if key in known and details[key]]
    return tuple((kind, value) for kind, value in found if value)


def _duty(value: Any, policy: Policy, names: Mapping[int | None, str]) -> Name:
    return next((duty.text for duty in policy.duties if duty.id == value), Name.of(str(value)))


def _named(value: Any, policy: Policy, names: Mapping[int | None, str]) -> Name:
    return policy.name_of(str(value))


def _item(value: Any, policy: Policy, names: Mapping[int | None, str]) -> Name:
    return item_name(policy, str(value))


def _person(value: Any, policy: Policy, names: Mapping[int | None, str]) -> Name:
    return Name.of(names.get(value, ""))


def _words(value: Any, policy: Policy, names: Mapping[int | None, str]) -> str:
    return str(value)


def _number(value: Any, policy: Policy, names: Mapping[int | None, str]) -> int:
    return len(value) if isinstance(value, list) else int(value)


def _where(value: Any, policy: Policy, names: Mapping[int | None, str]) -> str:
    return str(value) if value in ("planned", "on_way", "here", "on_site") else ""


def _time(value: Any, policy: Policy, names: Mapping[int | None, str]) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def _said(value: Any, policy: Policy, names: Mapping[int | None, str]) -> Name | None:
    whom = said(value)
    return whom if isinstance(whom, Name) else None


def _display(value: Any, policy: Policy, names: Mapping[int | None, str]) -> Phrase:
    return Phrase(f"done.display.{value}")


def _rewritten(value: Any, policy: Policy, names: Mapping[int | None, str]) -> tuple[Phrase, ...]:
    """The old and the new text in each language in which they differ."""
    before, after = value["before"], value.get("after", {})
    return tuple(
        Phrase(
            "effects.changed",
            {"what": Phrase(f"arrange.field.{code}"), "old": _in_a_line(old), "new": _in_a_line(after.get(code, ""))},
        )
        for code, old in before.items()
        if old != after.get(code, "")
    )


def _in_a_line(text: str) -> str:
    return " / ".join(text.splitlines()) or "-"


def _changed(value: Any, policy: Policy, names: Mapping[int | None, str]) -> tuple[Phrase, ...]:
    return tuple(sentence(unpacked(each)) for each in value)


_Say = Callable[[Any, Policy, Mapping[int | None, str]], Any]
_TOLD: tuple[tuple[str, Kind, _Say], ...] = (
    ("outcome", "outcome", _words),
    ("duty", "name", _duty),
    ("stage", "name", _named),
    ("item", "name", _item),
    ("post", "name", _named),
    ("tier", "name", _named),
    ("person", "name", _person),
    ("whom", "name", _said),
    ("state", "where", _where),
    ("expected", "time", _time),
    ("place", "words", _words),
    ("amount", "money", _number),
    ("over", "over", _number),
    ("added", "added", _number),
    ("removed", "removed", _number),
    ("words", "words", _words),
    ("why", "words", _words),
    ("text", "words", _words),
    ("reason", "words", _words),
    ("medium", "words", _words),
    ("display", "name", _display),
    ("rewritten", "changed", _rewritten),
    ("changed", "changed", _changed),
)
"""Which details are told, in this order, and as what."""
_IN_CHANGED = frozenset(["added", "removed", "place", "expected"])
"""Which of them the old and new values say already."""
