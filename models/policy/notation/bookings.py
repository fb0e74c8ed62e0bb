"""The table `booking`: how long things are held, and what counts as a clash of them."""

from __future__ import annotations

from models.policy.model import Booking
from models.policy.notation.clauses import WHEN
from models.policy.notation.quantities import span
from models.policy.notation.readers import (
    Key,
    Reading,
    Wrong,
    choice,
    identifier,
    known,
    listed,
    may,
    must,
    one_or_many,
    table,
)
from models.policy.problem import Path

CLASHES = {
    "car": ("twice", "seats", "grade", "gap", "midnight"),
    "room": ("twice", "seats", "gap", "equipment", "midnight"),
    "person": ("twice", "gap", "midnight"),
}
"""What is held, and what can clash of each."""

ENDS = ("arrival", "departure")
"""What things are held for besides the stages."""


def purpose(r: Reading, at: Path, value: object) -> str:
    """Arrival, departure or a stage of the file."""
    return known(value, (*ENDS, *r.ids["stage"]), f"{', '.join(ENDS)}, [[stage]]")


def equipment(r: Reading, at: Path, value: object) -> str:
    """A piece of equipment of the file."""
    return known(value, r.lists.get("equipment", ()), "[list] equipment")


BOOKING_KEYS: dict[str, Key] = {
    "id": may(identifier),
    "thing": must(one_or_many(choice(*CLASHES))),
    "for": may(one_or_many(purpose), ()),
    "before": may(span),
    "after": may(span),
    "clash": may(choice(*dict.fromkeys(clash for each in CLASHES.values() for clash in each))),
    "least": may(span),
    "breach": may(choice("info", "warn", "reason", "block"), "reason"),
    "when": WHEN,
}
GOES_WITH = {"before": "for", "after": "for", "least": "clash", "breach": "clash"}
"""Keys that say nothing without another."""


def booking(r: Reading, at: Path, value: object) -> Booking:
    """A row of the table: either how long a thing is held, or a clash."""
    row = table(r, at, value, BOOKING_KEYS)
    given = value if isinstance(value, dict) else {}
    if ("for" in given) == ("clash" in given):
        raise Wrong("one_of_keys", keys="for, clash")
    for key, other in GOES_WITH.items():
        if key in given and other not in given:
            r.note((*at, key), "goes_with", key=key, other=other)
    _clash(r, at, row["thing"] or (), row["clash"], given)
    purposes = row.pop("for")
    return Booking(things=row.pop("thing") or (), purposes=purposes, **row)


def _clash(r: Reading, at: Path, things: tuple[str, ...], clash: str | None, given: dict[str, object]) -> None:
    """Notes what is wrong with the clash of a row."""
    if clash is None:
        return
    for thing in things:
        if clash not in CLASHES[thing]:
            r.note((*at, "clash"), "no_such_clash", value=clash, thing=thing, allowed=listed(CLASHES[thing]))
    if clash == "gap" and "least" not in given:
        r.note(at, "missing_key", key="least")
    if clash != "gap" and "least" in given:
        r.note((*at, "least"), "goes_with", key="least", other='clash = "gap"')
