"""Who is to be told of a change to an arranged visit: rows that wait until somebody says they were told.

What is still to be told to somebody is one row: a later change joins it, one that is taken back leaves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from models.schema.arrangements import ToTell
from models.schema.tables import Visit
from models.services.difference import Effect, Packed, packed, packed_said
from models.services.fact import Facts, Recipient, moment
from models.services.session import Session
from models.words import Name, Phrase

Waiting = dict[tuple[str, str, int | None], ToTell]
"""Rows of who waits to be told, by recipient."""
STATE = "state"
"""The entry that says that a visit is off, or on again."""

_ARRANGED = ("stage:", "booking:")
"""Where they are for the first time is no news for anybody but who drives: nobody was told otherwise. That there is a
stage at all is."""
_FOLLOWING = ("arrive", "depart")
"""When these changed, the hours of the stages changed with them: hosts and guests need not be told one by one."""


def tell_of(session: Session, row: Visit, before: Facts, after: Facts, effects: Iterable[Effect]) -> None:
    """Note whom the difference concerns; of a visit called off everybody who knew of it."""
    waiting = _waiting(row)
    if before.standing == "on" and after.standing == "off":
        for key, recipient in before.people.items():
            if key == "contact" and row.state == "no_show":
                continue  # whoever did not come need not be told so
            _join(session, row, waiting, recipient, [_off(row)], known=_parties(before, key))
    elif after.standing == "on" and before.standing != "on":
        _on_again(session, row, waiting)
    elif after.standing == "on":
        people = {**before.people, **after.people}
        of_each: dict[str, list[Effect]] = {}
        for effect in effects:
            for key in effect.whom:
                of_each.setdefault(key, []).append(effect)
        for key in people:
            mine = _worth(key, of_each.get(key, []))
            if mine:
                _join(session, row, waiting, people[key], [packed(effect) for effect in mine])


def notify(
    session: Session, row: Visit, recipients: Iterable[Recipient], effects: Iterable[Effect], *, himself: bool = False
) -> None:
    """Note that these people are to be told of these effects, as the policy asks (`change`, ask = "notify"); with
    `himself` also the actor, who may not have seen them happen."""
    told = [packed(effect) for effect in effects]
    waiting = _waiting(row) if told else {}
    for recipient in recipients if told else ():
        _join(session, row, waiting, recipient, told, himself=himself)


def _parties(facts: Facts, key: str) -> bool:
    """Whether a recipient knew of the visit: departments that still have a task, and everybody else."""
    return not key.startswith("department:") or any(
        key in fact.whom for name, fact in facts.known.items() if name.startswith("task:")
    )


def _worth(key: str, effects: list[Effect]) -> list[Effect]:
    """What of it this recipient needs: nothing that only follows from something else told."""
    known = {effect.key: effect for effect in effects}
    moves = [known[field] for field in _FOLLOWING if field in known]
    left = [Name.of(str(each.old)) for each in effects if each.key.startswith("stage:") and each.kind == "place"]
    return [
        effect
        for effect in effects
        if not (effect.key.startswith("stage:") and moves and effect.key.endswith(":at"))
        and not (_at_first(effect) and not key.startswith("driver:"))
        and not (effect.kind == "booking" and effect.new is None and effect.what in left)  # said as the stage's place
    ]


def _at_first(effect: Effect) -> bool:
    return effect.key.startswith(_ARRANGED) and effect.old is None and effect.kind != "stage"


def _join(
    session: Session, row: Visit, rows: Waiting, recipient: Recipient, told: list[Packed], *, known: bool = True,
    himself: bool = False,
) -> None:  # fmt: skip
    """Put these into the row that this recipient still waits for, or a new one; nothing left to tell leaves none."""
    key = _key(recipient.role, recipient.party, recipient.person)
    waiting = rows.get(key)
    own = recipient.person is not None and recipient.person == session.actor.person and not recipient.party
    if not known or (own and waiting is None and not himself):
        return
    entries = merged(waiting.what if waiting else [], told)
    if waiting is None:
        if entries:
            rows[key] = ToTell.create(
                visit=row.id, role=recipient.role, party=recipient.party, person=recipient.person,
                name=recipient.name, phone=recipient.phone, what=entries, made_at=session.now(),
            )  # fmt: skip
    elif not entries:
        waiting.delete_instance()
        del rows[key]
    elif entries != waiting.what:
        waiting.what, waiting.made_at = entries, session.now()
        waiting.name, waiting.phone = recipient.name or waiting.name, recipient.phone or waiting.phone
        waiting.version += 1
        waiting.save()


def merged(had: list[Packed], told: list[Packed]) -> list[Packed]:
    """Entries by key: what somebody knows stays as it was, the newest is what they are told; back again is nothing.
    A guest stands by the name that they know, whatever else that guest was called meanwhile."""
    entries: dict[str, Packed] = {entry["key"]: entry for entry in had}
    for new in told:
        key = next((each["key"] for each in entries.values() if _named_since(each, new)), new["key"])
        old = entries.get(key)
        if old and new["kind"] == "guest" and new["old"] is None and old["new"] is not None:
            entries[key] = {**old, "old": None}  # who was called so is back: the one called otherwise is who came
        else:
            entries[key] = {**new, "key": key, "old": old["old"]} if old else new
    return [entry for entry in entries.values() if entry["old"] != entry["new"]]


def _named_since(had: Packed, new: Packed) -> bool:
    """Whether both entries are of one guest: as the first one ends the second begins."""
    return had["kind"] == new["kind"] == "guest" and had["new"] is not None and had["new"] == new["old"]


def _waiting(row: Visit) -> Waiting:
    """Who waits to be told of this visit."""
    rows = ToTell.select().where(ToTell.visit == row.id, ToTell.told_at.is_null()).order_by(ToTell.id.desc())
    return {_key(each.role, each.party, each.person_id): each for each in rows}


def _key(role: str, party: str, person: int | None) -> tuple[str, str, int | None]:
    """A party is told once, whoever stands for it by then."""
    return role, party, None if party else person


def _that(row: Visit, what: str) -> object:
    return packed_said(Phrase(f"effects.{what}", {"at": moment(row.comes), "n": row.headcount or 0}))


def _off(row: Visit) -> Packed:
    return _state(_that(row, "on"), _that(row, f"off.{row.state}"))


def _state(old: object, new: object) -> Packed:
    return {"key": STATE, "kind": STATE, "what": packed_said(Phrase("effects.what.state")), "old": old, "new": new}


def _on_again(session: Session, row: Visit, waiting: Waiting) -> None:
    """Who was told that it is off must hear that it is on; who was not, only what differs from what they know."""
    latest: dict[tuple[str, str, int | None], ToTell] = {}
    for each in ToTell.select().where(ToTell.visit == row.id).order_by(ToTell.id):
        if any(entry["key"] == STATE for entry in each.what):
            latest[each.role, each.party, each.person_id] = each
    on = _that(row, "on")
    for each in latest.values():
        recipient = Recipient(each.role, each.party, each.person_id, each.name, each.phone)
        old = next(entry["new"] for entry in each.what if entry["key"] == STATE)
        if old != on or each.told_at is None:
            _join(session, row, waiting, recipient, [_state(old, on)])


def waits(what: list[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """What of a row's entries is said: that a visit is off makes everything else idle."""
    off = [entry for entry in what if entry["key"] == STATE and "off" in str(entry["new"])]
    return off or what
