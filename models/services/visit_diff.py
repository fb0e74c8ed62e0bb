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
_DAY = re.compile(r"\d\d-\d\d ")
"""How what `facts.moment` says begins."""


@record
class Effect:
    """One fact that changed: `old` and `new` as they are said, None where there was or is none.

    `whom`: keys of the recipients whom it concerns.
    """

    key: str
    kind: str
    what: Said
    old: Said | None
    new: Said | None
    whom: frozenset[str] = frozenset()


def difference(before: Facts, after: Facts) -> tuple[Effect, ...]:
    """Every fact in which two moments of a visit differ, in order; of one called off only that it is. A group that
    moved with the visit is not told apart."""
    if before.standing != after.standing or after.standing != "on":
        return ()
    found, renamed = [], _renamed(before, after)
    for key in dict.fromkeys([*before.known, *after.known]):
        if key in renamed.values():
            continue
        old, new = before.known.get(key), after.known.get(renamed.get(key, key))
        if not _same(old, new) and not _of_a_thing(key, old, new, before, after):
            found.append(_effect(key, old, new))
    moves = [(effect.old, effect.new) for effect in found if effect.key in ("arrive", "depart")]
    return tuple(effect for effect in found if not (_LEG.match(effect.key) and (effect.old, effect.new) in moves))


def _renamed(before: Facts, after: Facts) -> dict[str, str]:
    """By the key of a guest who is called otherwise now, or gave way to another, the key of who is there instead."""
    pairs = {f"{_GUEST}{old}": f"{_GUEST}{new}" for old, new in became(_guests(before), _guests(after)).items() if new}
    return {old: new for old, new in pairs.items() if new not in before.known}


def _guests(facts: Facts) -> list[tuple[str, bool]]:
    """The guests in order, and who is the principal."""
    first = facts.known.get("principal")
    names = [key.removeprefix(_GUEST) for key in facts.known if key.startswith(_GUEST)]
    return [(name, first is not None and first.said == name) for name in names]


def sentence(effect: Effect) -> Phrase:
    """The effect in one phrase: "headcount 5 -> 6", "added task: …"."""
    if effect.kind == "state" and isinstance(effect.new, Phrase):
        return effect.new
    if effect.kind in THINGS and (effect.old is None or effect.new is None):
        sign = "added" if effect.old is None else "removed"
        sign = f"clash_{sign}" if effect.kind == "clash" else sign
        return Phrase(f"effects.{sign}", {"what": effect.what, "it": effect.new or effect.old or ""})
    if effect.kind == "money" and isinstance(effect.old, Phrase) and isinstance(effect.new, Phrase):
        had, has = effect.old.facts, effect.new.facts
        by = int(str(has["minor"])) - int(str(had["minor"]))
        more = f"{'+' if by > 0 else ''}{say_money(by, int(str(has['digits'])))}"
        return Phrase("effects.changed_money", {"what": effect.what, "old": effect.old, "new": effect.new, "by": more})
    old, new = _or_none(effect.old), _or_none(effect.new)
    if isinstance(old, str) and isinstance(new, str) and _DAY.match(old) and old[:6] == new[:6]:
        new = new[6:]  # the same day need not be said twice
    return Phrase("effects.changed", {"what": effect.what, "old": old, "new": new})


def brief(effects: Iterable[Effect]) -> tuple[Phrase, ...]:
    """The effects in sentences, what weighs most first; many of one small kind are only counted. A stage that moves
    further than the guests do is no small one: it is pushed past something, such as lunch."""
    found = list(effects)
    guests = max((_by(effect) for effect in found if _LEG.match(effect.key)), default=None)
    pushed = {effect.key for effect in found if guests is not None and _by(effect) > guests}
    smalls = {effect.key: "" if effect.key in pushed else _small(effect) for effect in found}
    known = sorted(found, key=lambda effect: _WEIGHT.get(smalls[effect.key] or effect.kind, len(_WEIGHT)))
    counts = Counter(smalls.values())
    said: dict[Phrase, None] = {}
    for effect in known:
        small = smalls[effect.key]
        many = bool(small) and counts[small] > FEW
        said[Phrase(f"effects.many.{small}", {"n": counts[small]}) if many else sentence(effect)] = None
    return tuple(said)


def _by(effect: Effect) -> timedelta:
    """How much later a group or a stage is than it was; nothing for any other effect."""
    if effect.kind != "time" or not isinstance(effect.old, str) or not isinstance(effect.new, str):
        return timedelta()
    old, new = (datetime.strptime(f"2000-{said}", "%Y-%m-%d %H:%M") for said in (effect.old, effect.new))
    return new - old


def _small(effect: Effect) -> str:
    """The small kind of which there may be many: tasks due at another time, stages at another hour."""
    if effect.kind == "due":
        return "due"
    return "stage" if effect.key.startswith("stage:") and effect.kind in ("time", "stage") else ""


FEW = 2
_WEIGHT = {kind: at for at, kind in enumerate((
    "state", "time", "people", "guest", "guest_first", "host", "tier", "money", "fit", "clash", "booking", "leg",
    "meal", "room", "gift", "count", "place", "task", "form", "stage", "due",
))}  # fmt: skip


def packed(effect: Effect) -> Packed:
    """The effect as JSON keeps it, without whom it concerns."""
    return {
        "key": effect.key,
        "kind": effect.kind,
        "what": packed_said(effect.what),
        "old": packed_said(effect.old),
        "new": packed_said(effect.new),
    }


def unpacked(kept: Mapping[str, Any]) -> Effect:
    """The effect that `packed` gave."""
    what = said(kept["what"])
    assert what is not None
    return Effect(str(kept["key"]), str(kept["kind"]), what, said(kept["old"]), said(kept["new"]))


def packed_said(text: object) -> Any:
    """A name, a phrase or a plain text as JSON keeps it."""
    if isinstance(text, Name):
        return {"name": {code: text.say(code) for code in LANGUAGES}}
    if isinstance(text, Phrase):
        return {"key": text.key, "facts": {name: packed_said(fact) for name, fact in text.facts.items()}}
    return text


def said(kept: Any) -> Said | None:
    """What `packed_said` gave, to be said in the reader's language."""
    if isinstance(kept, dict) and "name" in kept:
        return Name(kept["name"])
    if isinstance(kept, dict):
        return Phrase(kept["key"], {name: said(fact) for name, fact in kept["facts"].items()})
    return kept  # type: ignore[no-any-return]  # JSON has no types: text, a number, or nothing


def _effect(key: str, old: Fact | None, new: Fact | None) -> Effect:
    fact = new or old
    assert fact is not None
    whom = (old.whom if old else frozenset()) | (new.whom if new else frozenset())
    return Effect(key, fact.kind, fact.what, old.said if old else None, new.said if new else None, whom)


def _same(old: Fact | None, new: Fact | None) -> bool:
    return (packed_said(old.said) if old else None) == (packed_said(new.said) if new else None)


def _of_a_thing(key: str, old: Fact | None, new: Fact | None, before: Facts, after: Facts) -> bool:
    """Whether this is but a part of a thing that came or went as a whole, which says it already."""
    if old is not None and new is not None:
        return False
    head, _, rest = key.partition(":")
    if head == "due":  # a tick makes no difference to when it was due
        return True
    if head == "leg" or not rest:
        return False
    whole = f"{head}:{rest.rpartition(':')[0]}" if ":" in rest else ""
    return bool(whole) and (whole in before.known) != (whole in after.known)


def _or_none(text: Said | None) -> Said:
    return "-" if text is None else text


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
