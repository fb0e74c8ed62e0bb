"""What a request may call the things of a policy: each by its id, or by its name in any language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from models.policy.model import Department, Entry, Policy, When
from models.policy.notation.clauses import ITEMS, known_item
from models.policy.notation.readers import Reader, Reading, Wrong, listed, nearest, shown
from models.policy.problem import Path
from models.policy.when import axes

CODES = (
    "late", "lead_host", "companions", "cap", "grade", "least", "count", "need", "check", "own_request", "vacancy",
    "booking", "input",
)  # fmt: skip
"""The codes of findings."""

PAYERS = ("company", "guest")


class Naming:
    """The names a policy gives to ids, and `unused`: the places of a request that the policy has no use for."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.unused: list[Path] = []
        self.axes = used_axes(policy)
        self.tables: dict[str, Mapping[str, str]] = {
            "tier": names_of(policy.tiers),
            "kind": names_of(policy.kinds),
            "department": names_of(policy.departments),
            "post": names_of(policy.posts),
            **{key: names_of(entries) for key, entries in policy.lists.items()},
        }
        if self.tables.get("item"):
            known = names_of(Entry(item, known_item(item)) for item in ITEMS)
            self.tables["item"] = {**known, **self.tables["item"]}

    def one(self, table: str) -> Reader[str | None]:
        """A reader of one thing of a table or list; where the policy has none of these, it is noted as unused."""

        def read(r: Reading, at: Path, value: object) -> str | None:
            names = self.tables.get(table)
            if names:
                return _known(value, names, table)
            self.pass_over(at)
            return None

        return read

    def several(self, table: str) -> Reader[tuple[str, ...]]:
        """A reader of an array of such things."""

        def read(r: Reading, at: Path, value: object) -> tuple[str, ...]:
            if not isinstance(value, list):
                raise Wrong("bad_list", value=shown(value))
            names = self.tables.get(table)
            if not names:
                if value:
                    self.pass_over(at)
                return ()
            found: dict[str, None] = {}
            for index, each in enumerate(value):
                try:
                    found[_known(each, names, table)] = None
                except Wrong as wrong:
                    r.wrong.append(((*at, index), wrong.phrase))
            return tuple(found)

        return read

    def pass_over(self, at: Path) -> None:
        """Note a place that the policy has no use for."""
        self.unused.append(at)


def _known(value: object, names: Mapping[str, str], table: str) -> str:
    if isinstance(value, str):
        found = names.get(value) or names.get(value.strip().casefold())
        if found is not None:
            return found
    ids = list(dict.fromkeys(names.values()))
    raise Wrong("unknown_id", value=shown(value), what=table, allowed=listed(ids), nearest=nearest(value, names))


def names_of(rows: Iterable[Any]) -> dict[str, str]:
    """Every way to say a row, an id before any name."""
    rows = tuple(rows)
    said = {row.id: row.id for row in rows}
    for row in rows:
        for text in _said(row):
            said.setdefault(text, row.id)
            said.setdefault(text.strip().casefold(), row.id)
    return said


def _said(row: Any) -> Iterator[str]:
    yield row.id
    yield from row.name.all()
    if isinstance(row, Department) and row.alias is not None:
        yield from row.alias.all()


def used_axes(policy: Policy) -> frozenset[str]:
    """Every axis that any row of the policy asks about, also by a reference to posts of the guests' rank; `department`
    where it matters of which one a request is."""
    tables = (
        policy.propose, policy.routes, policy.notices, policy.lead_hosts, policy.companions, policy.caps, policy.signs,
        policy.needs, policy.checks, policy.stages, policy.duties, policy.changes, policy.bookings,
    )  # fmt: skip
    whens: list[When] = [row.when for table in tables for row in table]
    for duty in policy.duties:
        whens += [
            duty.may_drop or (),
            *(part.when for part in duty.parts),
            *(part.may_drop or () for part in duty.parts),
        ]
    columns = frozenset(cap.by for cap in policy.caps if cap.by)
    rank = frozenset(["guest_rank"]) if any(post.startswith("@guest_rank") for post in _asked(policy)) else frozenset()
    asked = frozenset(["department"]) if _by_department(policy) else frozenset()
    return columns.union(rank, asked, *map(axes, whens))


def _by_department(policy: Policy) -> bool:
    """Whether it matters anywhere of which department a request is."""
    owned = any(kind.owner == "@department" for kind in policy.kinds)
    return (
        owned
        or any("department" in cap.count_by for cap in policy.caps)
        or any(party.startswith("@department") for party in _asked(policy))
    )


def _asked(policy: Policy) -> Iterator[str]:
    """Every post, department or reference that a row names."""
    for host in policy.lead_hosts:
        yield from (*host.posts, *host.instead)
    for route in policy.routes:
        yield from (post for step in route.steps for post in step.by)
    for few in policy.companions:
        yield from (*few.posts, *few.not_counted)
    yield from (post for sign in policy.signs for post in sign.by)
    yield from (party for duty in policy.duties for party in duty.parties())
