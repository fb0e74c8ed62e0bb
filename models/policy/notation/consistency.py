"""What is wrong between rows: an id used twice, a circle of `up`, of `after`, of stage times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from models.policy.notation.quantities import ANCHORS
from models.policy.notation.readers import Reading
from models.policy.problem import Path

DECLARING = ("tier", "kind", "department", "post", "group", "conduct", "stage", "need", "duty")
"""The tables whose rows are named by other rows or by the store, so that an id stands for one row."""


def check_between(r: Reading, read: Mapping[str, Any]) -> None:
    """Notes what is wrong between the rows of a whole file (`read`: the values of its keys)."""
    for key in DECLARING:
        unique(r, (key,), [row.id for row in read[key] or ()], "id")
    for index, post in enumerate(read["post"] or ()):
        if post.id in r.ids["department"]:
            r.note(("post", index, "id"), "department_and_post", value=post.id)
    for index, stage in enumerate(read["stage"]):
        if stage.id in ANCHORS:
            r.note(("stage", index, "id"), "reserved_anchor", value=stage.id)
    _no_circle(r, "post", "up", {post.id: [post.up] for post in read["post"] or ()})
    _no_circle(r, "duty", "after", {duty.id: duty.after for duty in read["duty"]})
    _no_circle(r, "stage", "at", {stage.id: [stage.at.anchor] for stage in read["stage"] if stage.at})


def unique(r: Reading, at: Path, ids: Iterable[str | None], key: str = "") -> None:
    """Notes every id that an earlier row has."""
    seen: set[str] = set()
    for index, one in enumerate(ids):
        if one is None:
            continue
        if one in seen:
            r.note((*at, index, key) if key else (*at, index), "duplicate", value=one)
        seen.add(one)


def _no_circle(r: Reading, table: str, key: str, edges: Mapping[str, Iterable[str | None]]) -> None:
    """Notes each circle once, at its first row in the file."""
    rows = {one: index for index, one in enumerate(r.ids[table])}
    done: set[str] = set()
    for start in edges:
        circle = _circle_from(start, edges, done)
        if circle:
            first = min(circle, key=lambda one: rows.get(one, 0))
            begin = circle.index(first)
            round_ = [*circle[begin:], *circle[:begin], first]
            r.note((table, rows.get(first, 0), key), "circle", key=key, way=" → ".join(round_))


def _circle_from(start: str, edges: Mapping[str, Iterable[str | None]], done: set[str]) -> list[str]:
    """The first circle met from `start` on, empty if there is none; what was walked is `done`."""
    way: list[str] = []
    walks = [(start, iter(edges[start]))]
    if start in done:
        return []
    way.append(start)
    while walks:
        here, rest = walks[-1]
        following = next((one for one in rest if one in edges and one not in done), None)
        if following is None:
            done.add(here)
            walks.pop()
            way.pop()
        elif following in way:
            circle = way[way.index(following) :]
            done.update(way)
            return circle
        else:
            way.append(following)
            walks.append((following, iter(edges[following])))
    return []
