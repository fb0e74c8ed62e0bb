"""The difference between two states of a visit: effects, as sentences and as the journal keeps them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from models.frozen import record
from models.schema.tables import Person
from models.services.whereabouts import became
from models.words import Name, Phrase
from models.words.catalogue import LANGUAGES
from models.words.money import say_money

# -- differences ------------------------------------------------------------------------------------------------------

Packed = dict[str, Any]
_LEG = re.compile(r"leg:.*:at$")
"""The key of when a group comes or goes."""
_GUEST = "guest:"
_ARRANGED = ("meal", "room", "gift")
_OWN = (":place", ":diet")
"""How the keys end of what such a thing does not say itself when it comes: where and who, what they may not eat."""
_DAY = re.compile(r"\d\d-\d\d ")
"""How what `facts.moment` says begins."""


@record
class Difference:
    """One item of a visit's state that changed: `old` and `new` as they are said, None where there was or is none.

    `whom`: keys of the recipients whom it concerns.
    """

    key: str
    kind: str
    what: Sayable
    old: Sayable | None
    new: Sayable | None
    whom: frozenset[str] = frozenset()


def diff(before: VisitState, after: VisitState) -> tuple[Difference, ...]:
    """Differences between two snapshots of a visit, in order; for one called off only that it is. A group that
    moved with the visit is not told apart."""
    if before.phase != after.phase or after.phase != "on":
        return ()
    found, renamed = [], _renamed(before, after)
    for key in dict.fromkeys([*before.known, *after.known]):
        if key in renamed.values():
            continue
        old, new = before.known.get(key), after.known.get(renamed.get(key, key))
        if not _same(old, new) and not _of_a_whole_thing(key, old, new, before, after):
            found.append(_difference(key, old, new))
    moves = [(difference.old, difference.new) for difference in found if difference.key in ("arrive", "depart")]
    return tuple(
        difference
        for difference in found
        if not (_LEG.match(difference.key) and (difference.old, difference.new) in moves)
    )


def _renamed(before: VisitState, after: VisitState) -> dict[str, str]:
    """By the key of a guest who is called otherwise now, or gave way to another, the key of who is there instead."""
    pairs = {f"{_GUEST}{old}": f"{_GUEST}{new}" for old, new in became(_guests(before), _guests(after)).items() if new}
    return {old: new for old, new in pairs.items() if new not in before.known}


def _guests(facts: VisitState) -> list[tuple[str, bool]]:
    """The guests in order, and who is the principal."""
    first = facts.known.get("principal")
    names = [key.removeprefix(_GUEST) for key in facts.known if key.startswith(_GUEST)]
    return [(name, first is not None and first.said == name) for name in names]


def sentence(difference: Difference) -> Phrase:
    """A difference in one phrase: "headcount 5 -> 6", "added task: …"."""
    if difference.kind == "state" and isinstance(difference.new, Phrase):
        return difference.new
    if difference.kind in THINGS and (difference.old is None or difference.new is None):
        sign = "added" if difference.old is None else "removed"
        sign = f"clash_{sign}" if difference.kind == "clash" else sign
        return Phrase(f"effects.{sign}", {"what": difference.what, "it": difference.new or difference.old or ""})
    if difference.kind == "money" and isinstance(difference.old, Phrase) and isinstance(difference.new, Phrase):
        had, has = difference.old.facts, difference.new.facts
        by = int(str(has["minor"])) - int(str(had["minor"]))
        more = f"{'+' if by > 0 else ''}{say_money(by, int(str(has['digits'])))}"
        return Phrase(
            "effects.changed_money", {"what": difference.what, "old": difference.old, "new": difference.new, "by": more}
        )
    old, new = _or_none(difference.old), _or_none(difference.new)
    if isinstance(old, str) and isinstance(new, str) and _DAY.match(old) and old[:6] == new[:6]:
        new = new[6:]  # the same day need not be said twice
    return Phrase("effects.changed", {"what": difference.what, "old": old, "new": new})


def brief(differences: Iterable[Difference]) -> tuple[Phrase, ...]:
    """Differences as sentences, what weighs most first; many of one small kind are only counted. A stage that moves
    further than the guests do is no small one: it is pushed past something, such as lunch."""
    found = list(differences)
    guests = max((_by(difference) for difference in found if _LEG.match(difference.key)), default=None)
    pushed = {difference.key for difference in found if guests is not None and _by(difference) > guests}
    smalls = {difference.key: "" if difference.key in pushed else _small(difference) for difference in found}
    known = sorted(found, key=lambda difference: _WEIGHT.get(smalls[difference.key] or difference.kind, len(_WEIGHT)))
    counts = Counter(smalls.values())
    said: dict[Phrase, None] = {}
    for difference in known:
        small = smalls[difference.key]
        many = bool(small) and counts[small] > FEW
        said[Phrase(f"effects.many.{small}", {"n": counts[small]}) if many else sentence(difference)] = None
    return tuple(said)


def _by(difference: Difference) -> timedelta:
    """How much later a group or a stage is than it was; nothing for any other effect."""
    if difference.kind != "time" or not isinstance(difference.old, str) or not isinstance(difference.new, str):
        return timedelta()
    old, new = (datetime.strptime(f"2000-{said}", "%Y-%m-%d %H:%M") for said in (difference.old, difference.new))
    return new - old


def _small(difference: Difference) -> str:
    """The small kind of which there may be many: tasks due at another time, stages at another hour."""
    if difference.kind == "due":
        return "due"
    return "stage" if difference.key.startswith("stage:") and difference.kind in ("time", "stage") else ""


FEW = 2
_WEIGHT = {kind: at for at, kind in enumerate((
    "state", "time", "people", "guest", "guest_first", "host", "tier", "money", "fit", "clash", "booking", "leg",
    "meal", "room", "gift", "count", "place", "task", "form", "stage", "due",
))}  # fmt: skip


def pack_difference(difference: Difference) -> Packed:
    """A difference as JSON keeps it, without whom it concerns."""
    return {
        "key": difference.key,
        "kind": difference.kind,
        "what": pack_text(difference.what),
        "old": pack_text(difference.old),
        "new": pack_text(difference.new),
    }


def unpack_difference(kept: Mapping[str, Any]) -> Difference:
    """The difference that `pack_difference` packed."""
    what = unpack_text(kept["what"])
    assert what is not None
    return Difference(str(kept["key"]), str(kept["kind"]), what, unpack_text(kept["old"]), unpack_text(kept["new"]))


def pack_text(text: object) -> Any:
    """A name, a phrase or a plain text as JSON keeps it."""
    if isinstance(text, Name):
        return {"name": {code: text.say(code) for code in LANGUAGES}}
    if isinstance(text, Phrase):
        return {"key": text.key, "facts": {name: pack_text(fact) for name, fact in text.facts.items()}}
    return text


def unpack_text(kept: Any) -> Sayable | None:
    """The text that `pack_text` packed, to be said in the reader's language."""
    if isinstance(kept, dict) and "name" in kept:
        return Name(kept["name"])
    if isinstance(kept, dict):
        return Phrase(kept["key"], {name: unpack_text(fact) for name, fact in kept["facts"].items()})
    return kept  # type: ignore[no-any-return]  # JSON has no types: text, a number, or nothing


def _difference(key: str, old: StateItem | None, new: StateItem | None) -> Difference:
    fact = new or old
    assert fact is not None
    whom = (old.whom if old else frozenset()) | (new.whom if new else frozenset())
    return Difference(key, fact.kind, fact.what, old.said if old else None, new.said if new else None, whom)


def _same(old: StateItem | None, new: StateItem | None) -> bool:
    return (pack_text(old.said) if old else None) == (pack_text(new.said) if new else None)


def _of_a_whole_thing(
    key: str, old: StateItem | None, new: StateItem | None, before: VisitState, after: VisitState
) -> bool:
    """Whether this is but a part of a thing that came or went as a whole, which says it already."""
    if old is not None and new is not None:
        return False
    head, _, rest = key.partition(":")
    if old is None and head in _ARRANGED and key.endswith(_OWN):
        return False
    if head == "due":  # a tick makes no difference to when it was due
        return True
    if head == "leg" or not rest:
        return False
    whole = f"{head}:{rest.rpartition(':')[0]}" if ":" in rest else ""
    return bool(whole) and (whole in before.known) != (whole in after.known)


def _or_none(text: Sayable | None) -> Sayable:
    return "-" if text is None else text


Sayable = Name | Phrase | str
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
class StateItem:
    """One value of a visit's state: what it is called and how it is said; `whom`: keys of the recipients that must know
    it."""

    kind: str
    what: Sayable
    said: Sayable
    whom: frozenset[str] = frozenset()


@record
class VisitState:
    """Snapshot of a visit: values and recipients by key. `phase`: on, off (called off), or neither."""

    phase: str
    known: Mapping[str, StateItem]
    people: Mapping[str, Recipient]


def person_recipient(role: str, person: int) -> Recipient:
    """A person of the register as the recipient of a notification."""
    row = Person.get_or_none(Person.id == person)
    return Recipient(role, "", person, row.name if row else "", row.phone if row else "")
