"""The regulation as immutable, typed data: what `load` makes of a `config.toml`.

Everything that has an order is highest first, as in the file. Money is in minor units. The notation
is described in the comments of `config.toml`; how rows are chosen is `judge`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from fractions import Fraction
from typing import Literal, Protocol, TypeVar

from models.words import Name

Breach = Literal["info", "warn", "reason", "block", "guest_pays", "applicant_pays"]
Do = Literal["opinion", "decide", "report"]
LimitKind = Literal["money", "grade", "count", "text"]
SpanUnit = Literal["m", "h", "d", "wd", "w", "mo", "y"]
NeedType = Literal["text", "number", "date", "choice", "document"]
Ask = Literal["decide", "notify", "refuse"]


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as written: `3d`, `30m`, `2w`; negative where the notation allows it."""

    number: int
    unit: SpanUnit


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time relative to a visit: anchor (arrive, depart, submit, close or a stage), offset, clock."""

    anchor: str
    offset: Span | None = None
    clock: time | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """`low..high`, either end absent or open. Ends are numbers, dates, spans in their unit, or list positions."""

    low: object | None = None
    high: object | None = None
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class Linear:
    """`base + each × max(0, n − over)`, rounded down; a plain limit is `base` alone (minor units or a count)."""

    base: Fraction
    over: int = 0
    each: Fraction = Fraction(0)

    def at(self, n: int) -> int:
        """The limit for `n` diners or guests."""
        value = self.base + self.each * max(0, n - self.over)
        return value.numerator // value.denominator


@dataclass(frozen=True, slots=True)
class Test:
    """One axis of a `when` and what it must be: ids (any of them), a range, or a truth value.

    `wanted` is a frozenset of ids, a `Range`, a `Span` (`holiday`), a bool (`late`, `holiday`), or for
    `bands` a mapping band → least number of attributes in it or a higher band, as a tuple of pairs.
    """

    __test__ = False
    axis: str
    wanted: frozenset[str] | Range | Span | bool | tuple[tuple[str, int], ...] | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """All tests hold, and none of `nots`."""

    tests: tuple[Test, ...]
    nots: tuple[tuple[Clause, ...], ...] = ()


When = tuple[Clause, ...]
"""Any clause holds; the empty tuple is always."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list of the organisation (a tier, a service, a lodging grade …)."""

    id: str
    name: Name
    means: Name | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of visitor and the department that owns its receptions (R1, R2, R6, R98)."""

    id: str
    name: Name
    owner: str
    applicants: tuple[str, ...] = ()
    see: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Department:
    """A department, its other name (A1) and the post that heads it."""

    id: str
    name: Name
    alias: Name | None
    head: str


@dataclass(frozen=True, slots=True)
class Post:
    """An office in the organisation; `up` is the post above it, `per_visit` is named on each visit (R25, A24)."""

    id: str
    name: Name
    up: str | None = None
    department: str | None = None
    rank: str | None = None
    per_visit: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A standing body to be shown (R5)."""

    id: str
    name: Name
    leader: str
    deputy: str | None
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conduct:
    """One group of phrases on how staff behave (R71, R72, R73, R74)."""

    id: str
    text: Name


@dataclass(frozen=True, slots=True)
class Propose:
    tier: str
    when: When
    id: str | None = None


@dataclass(frozen=True, slots=True)
class RouteStep:
    """`by`: posts or references, any one of whom may act."""

    by: tuple[str, ...]
    do: Do


@dataclass(frozen=True, slots=True)
class Route:
    steps: tuple[RouteStep, ...]
    when: When
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """`least` absent: no notice asked for. `never`: less than this is refused (negative: after arrival)."""

    least: Span | None
    never: Span | None
    breach: Breach
    when: When
    id: str | None = None


@dataclass(frozen=True, slots=True)
class LeadHost:
    posts: tuple[str, ...]
    instead: tuple[str, ...]
    at_least: int
    higher: bool
    breach: Breach
    when: When
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Companions:
    """`posts` are offered by default (R24); `most` and `never` are limits by number of guests."""

    posts: tuple[str, ...]
    most: Linear | None
    never: Linear | None
    not_counted: tuple[str, ...]
    breach: Breach
    when: When
    id: str | None = None


@dataclass(frozen=True, slots=True)
class CapColumn:
    """One column of a cap row: limits are minor units (or a count), or ids of grades; `text` is a standard in words."""

    id: str | None = None
    most: Linear | str | None = None
    least: Linear | str | None = None
    count: int | None = None
    text: Name | None = None
    never: Linear | None = None


@dataclass(frozen=True, slots=True)
class Cap:
    """A row of the cap table; `by` is the axis of its columns (None: one column under the key None)."""

    items: tuple[str, ...]
    per: str
    limits: frozenset[LimitKind]
    by: str | None
    columns: Mapping[str | None, CapColumn]
    breach: Breach
    when: When
    count_over: Span | None = None
    count_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    by: tuple[str, ...]
    do: Do
    when: When
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Need:
    id: str
    name: Name
    type: NeedType
    required: bool
    values: tuple[str, ...]
    least: Linear | None
    most: Linear | None
    due: Moment
    breach: Breach
    when: When


@dataclass(frozen=True, slots=True)
class Check:
    id: str | None
    text: Name
    breach: Breach
    when: When


@dataclass(frozen=True, slots=True)
class Stage:
    id: str
    name: Name
    at: Moment | None
    when: When


@dataclass(frozen=True, slots=True)
class Part:
    text: Name
    when: When
    may_drop: When | None


@dataclass(frozen=True, slots=True)
class Duty:
    """A row of the division of duties; `may_drop` None: never, else a `when` (A25)."""

    id: str
    party: str
    text: Name
    stage: str | None
    parts: tuple[Part, ...]
    due: Moment | None
    after: tuple[str, ...]
    may_drop: When | None
    assignee: bool
    when: When


@dataclass(frozen=True, slots=True)
class Change:
    """After approval a change of one of `fields` (`+`: only upwards) asks for this."""

    fields: tuple[str, ...]
    ask: Ask
    when: When
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Holiday:
    name: Name
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class CalendarRows:
    """The organisation's own holidays and shifted working days; `only`: instead of the public ones."""

    holidays: tuple[Holiday, ...] = ()
    workdays: frozenset[date] = frozenset()
    only: bool = False


@dataclass(frozen=True, slots=True)
class Currency:
    code: str
    minor: int


@dataclass(frozen=True)
class Policy:
    """One whole version of a regulation. `text` is the file's exact text, `sha256` its identity."""

    text: str
    sha256: str
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
