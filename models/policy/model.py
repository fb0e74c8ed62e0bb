"""The regulation as immutable, typed data: what `load` makes of a `config.toml`.

Everything that has an order is highest first, as in the file. Money is in minor units. The notation
is described in the comments of `config.toml`; how rows are chosen is `judge`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Literal, Protocol, TypeVar

from models.policy.record import record
from models.policy.rows import (
    Booking,
    CalendarRows,
    Cap,
    CapColumn,
    Change,
    Check,
    Companions,
    Conduct,
    Currency,
    Department,
    Duty,
    Entry,
    Group,
    Holiday,
    Kind,
    LeadHost,
    Need,
    Notice,
    Part,
    Post,
    Propose,
    Route,
    RouteStep,
    Sign,
    Stage,
)
from models.policy.written import (
    Ask,
    Breach,
    Clause,
    Do,
    LimitKind,
    Linear,
    Moment,
    NeedType,
    Range,
    Span,
    SpanUnit,
    Test,
    When,
)
from models.words import Name

# fmt: off
__all__ = [
    "Ask", "Booking", "Breach", "CalendarRows", "Cap", "CapColumn", "Change", "Check", "Clause", "Companions",
    "Conduct", "Currency", "Department", "Do", "Duty", "Entry", "Group", "Holiday", "Kind", "LeadHost", "LimitKind",
    "Linear", "Moment", "Need", "NeedType", "Notice", "Part", "Policy", "Post", "Propose", "Range", "Route",
    "RouteStep", "Sign", "Span", "SpanUnit", "Stage", "Test", "When",
]
# fmt: on


@record
class Policy:
    """One whole version of a regulation. `text` is the file's exact text."""

    text: str
    effective: date
    judged_on: Literal["request", "visit"]
    currency: Currency
    number: str
    own_request: Literal["up", "flag"]
    recorded: bool
    labels: Mapping[str, Name]
    tiers: tuple[Entry, ...]
    kinds: tuple[Kind, ...]
    departments: tuple[Department, ...]
    posts: tuple[Post, ...]
    groups: tuple[Group, ...]
    conduct: tuple[Conduct, ...]
    lists: Mapping[str, tuple[Entry, ...]]
    calendar: CalendarRows
    propose: tuple[Propose, ...]
    routes: tuple[Route, ...]
    notices: tuple[Notice, ...]
    lead_hosts: tuple[LeadHost, ...]
    companions: tuple[Companions, ...]
    caps: tuple[Cap, ...]
    signs: tuple[Sign, ...]
    needs: tuple[Need, ...]
    checks: tuple[Check, ...]
    stages: tuple[Stage, ...]
    duties: tuple[Duty, ...]
    changes: tuple[Change, ...]
    bookings: tuple[Booking, ...]

    @cached_property
    def sha256(self) -> str:
        """The identity of this version: the SHA-256 of its exact text, in hexadecimal digits."""
        import hashlib

        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def named_posts(self) -> frozenset[str]:
        """The posts for which somebody is named on each visit (A24); for no other one anybody can be."""
        return frozenset([post.id for post in self.posts if post.per_visit])

    def post(self, id: str) -> Post:
        """The post with this id; KeyError if the policy has none."""
        return _by_id(self.posts, id)

    def tier(self, id: str) -> Entry:
        """The tier with this id; KeyError if the policy has none."""
        return _by_id(self.tiers, id)

    def kind(self, id: str) -> Kind:
        """The kind of visitor with this id; KeyError if the policy has none."""
        return _by_id(self.kinds, id)

    def department(self, id: str) -> Department:
        """The department with this id; KeyError if the policy has none."""
        return _by_id(self.departments, id)

    def entry(self, list_id: str, id: str) -> Entry:
        """An entry of a list (`service`, `lodging` …); KeyError if there is none."""
        return _by_id(self.lists.get(list_id, ()), id)

    def owner(self, kind: str | None, department: str | None) -> str | None:
        """The department that owns receptions of this kind of visitor (R6, R98), the request's own where the kind says
        so; of the only kind where none is named."""
        named = next((each for each in self.kinds if each.id == kind), self.kinds[0] if len(self.kinds) == 1 else None)
        if named is None:
            return None
        return department if named.owner == "@department" else named.owner

    def above(self, post: str) -> tuple[str, ...]:
        """The posts reachable by `up` from `post`, nearest first, without `post` itself."""
        chain: list[str] = []
        up = self.post(post).up
        while up is not None and up not in chain:
            chain.append(up)
            up = self.post(up).up
        return tuple(chain)

    def satisfies(self, post: str, wanted: str) -> bool:
        """Whether `post` is `wanted` or above it (own authority, A3, A15)."""
        return post == wanted or post in self.above(wanted)

    def name_of(self, id: str) -> Name:
        """The name of anything the policy declares, by id; the id itself where nothing has it."""
        for table in (
            self.tiers,
            self.kinds,
            self.departments,
            self.posts,
            self.stages,
            self.groups,
            self.needs,
        ):
            for row in table:
                if row.id == id:
                    return row.name
        for entries in self.lists.values():
            for entry in entries:
                if entry.id == id:
                    return entry.name
        return Name.of(id)


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=_Identified)


def _by_id(rows: tuple[Row, ...], wanted: str) -> Row:
    for row in rows:
        if row.id == wanted:
            return row
    raise KeyError(wanted)
