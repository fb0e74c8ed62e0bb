"""The holds of a request of `jiedai try`: `bookings` are to be held for it, `held` is held for other visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from models.policy.holding import equipment_of, span_of, times_for
from models.policy.judge import prepared
from models.policy.model import Policy
from models.policy.naming import Naming, names_of
from models.policy.notation.bookings import CLASHES, ENDS
from models.policy.notation.quantities import whole
from models.policy.notation.readers import Key, Reader, Reading, choice, flag, known, many, may, must, table
from models.policy.problem import Path
from models.policy.programme import programme
from models.policy.request import Hold, Request
from models.policy.values import moment, not_empty
from models.words import Phrase, alike, clean

Raw = dict[str, Any]


def holds(naming: Naming, most: int) -> Reader[tuple[Raw, ...]]:
    """A reader of holds, still without what depends on the request; `most` people."""
    keys: dict[str, Key] = {
        "thing": must(choice(*CLASHES)),
        "name": must(not_empty),
        "for": may(_purpose(naming.policy)),
        "from": may(moment),
        "until": may(moment),
        "people": may(whole(0, most)),
        "seats": may(whole(0, most)),
        "grade": may(naming.one("car")),
        "equipment": may(naming.several("equipment"), ()),
        "firm": may(flag, True),
    }
    rows = many(lambda r, at, value: table(r, at, value, keys))

    def read(r: Reading, at: Path, value: object) -> tuple[Raw, ...]:
        found = rows(r, at, value)
        if found and not naming.policy.bookings:
            naming.pass_over(at)
            return ()
        return found

    return read


def with_holds(r: Reading, policy: Policy, request: Request, raw: Mapping[str, Sequence[Raw]]) -> Request:
    """The request with its `bookings` and `held`; a booking without times has those of what it is for. What is wrong
    with their times is noted."""
    if not any(raw.values()):
        return request
    case = prepared(policy, request)
    stages = programme(case)
    made: dict[str, tuple[Hold, ...]] = {}
    for key, rows in raw.items():
        kept: list[Hold] = []
        for index, row in enumerate(rows):
            purpose, at = row["for"], (key, index)
            if key == "bookings" and purpose and row["from"] is None and row["until"] is None:
                spans = [span_of(case, row["thing"], purpose, time) for time in times_for(case, purpose, stages)]
                row["from"], row["until"] = next(iter(spans), None) or (None, None)
            if _timed(r, at, row):
                needs = equipment_of(case, purpose or "") if row["thing"] == "room" else frozenset[str]()
                kept.append(_hold(key, index, row, needs))
        made[key] = tuple(kept)
    return replace(request, bookings=made["bookings"], held=made["held"])


def _timed(r: Reading, at: Path, row: Raw) -> bool:
    """Whether a hold has its two times in order; notes what is wrong."""
    missing = [key for key in ("from", "until") if row[key] is None]
    for key in missing:
        r.note(at, "missing_key", key=key)
    if not missing and row["until"] <= row["from"]:
        r.wrong.append(((*at, "until"), Phrase("request.until", {"value": str(row["until"])})))
    return not missing


def _hold(key: str, index: int, row: Raw, needs: frozenset[str]) -> Hold:
    """A hold of this request, or of another: each of these is a visit of its own."""
    return Hold(
        key=f"{key}{index + 1}",
        thing=row["thing"],
        what=(alike.plate if row["thing"] == "car" else alike.key)(row["name"]),
        name=clean(row["name"].strip()),
        starts=row["from"],
        ends=row["until"],
        visit=key if key == "bookings" else f"{key}{index + 1}",
        firm=row["firm"],
        people=row["people"],
        seats=row["seats"],
        grade=row["grade"],
        equipment=frozenset(row["equipment"]),
        needs=needs,
    )


def _purpose(policy: Policy) -> Reader[str]:
    names = names_of(policy.stages)

    def read(r: Reading, at: Path, value: object) -> str:
        said = names.get(value, value) if isinstance(value, str) else value
        return known(said, (*ENDS, *dict.fromkeys(names.values())), f"{', '.join(ENDS)}, [[stage]]")

    return read
