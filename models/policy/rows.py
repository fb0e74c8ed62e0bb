"""The rows of a policy's tables, typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Literal

from models.policy.record import record
from models.policy.written import Ask, Breach, Do, LimitKind, Linear, Moment, NeedType, Span, When
from models.words import Name


@record
class Entry:
    """An entry of a list of the organisation (a tier, a service, a lodging grade …). `at`: the usual hour of a meal."""

    id: str
    name: Name
    means: Name | None = None
    at: time | None = None


@record
class Kind:
    """A kind of visitor and the department that owns its receptions (R1, R2, R6, R98), which may be `@department`."""

    id: str
    name: Name
    owner: str
    applicants: tuple[str, ...] = ()
    see: tuple[str, ...] = ()


@record
class Department:
    """A department, its other name (A1) and the post that heads it (None where the file names none)."""

    id: str
    name: Name
    alias: Name | None
    head: str | None


@record
class Post:
    """An office in the organisation; `up` is the post above it, `per_visit` is named on each visit (R25, A24)."""

    id: str
    name: Name
    up: str | None = None
    department: str | None = None
    rank: str | None = None
    per_visit: bool = False


@record
class Group:
    """A standing body to be shown (R5)."""

    id: str
    name: Name
    leader: str
    deputy: str | None
    posts: tuple[str, ...]


@record
class Conduct:
    """One group of phrases on how staff behave (R71, R72, R73, R74)."""

    id: str
    text: Name


@record
class Propose:
    """A tier from facts."""

    tier: str
    when: When
    id: str | None = None


@record
class RouteStep:
    """`by`: posts or references (`@owner_head`, `@lead_host.up` …), any one of whom may act.

    A step written with `all` has become as many steps.
    """

    by: tuple[str, ...]
    do: Do


@record
class Route:
    """The steps of a request, in order; none is legal."""

    steps: tuple[RouteStep, ...]
    when: When
    id: str | None = None


@record
class Notice:
    """`least` absent: no notice asked for. `never`: less than this is refused (negative: after arrival)."""

    least: Span | None
    never: Span | None
    breach: Breach
    when: When
    id: str | None = None


@record
class LeadHost:
    """`posts`: posts or references, of whom `at_least` receive; `higher`: who is above one counts too (A15)."""

    posts: tuple[str, ...]
    instead: tuple[str, ...]
    at_least: int
    higher: bool
    breach: Breach
    when: When
    id: str | None = None


@record
class Companions:
    """`posts` are offered by default (R24); `most` and `never` are limits by number of guests."""

    posts: tuple[str, ...]
    most: Linear | None
    never: Linear | None
    not_counted: tuple[str, ...]
    breach: Breach
    when: When
    id: str | None = None


@record
class CapColumn:
    """One column of a cap row.

    `most`, `least`: `Linear` in minor units, or the id of a grade (an entry of the list named like the item).
    `count`: how many times. `text`: a standard in words. `never`: the harder limit, beyond which it always
    blocks: of the kind of `most`, or a count (`Linear`) in a row that has only a `count`.
    """

    id: str | None = None
    most: Linear | str | None = None
    least: Linear | str | None = None
    count: int | None = None
    text: Name | None = None
    never: Linear | str | None = None


@record
class Cap:
    """A row of the cap table.

    `by` is the axis of its columns (an axis of ids); None: one column, under the key None. A column left out is
    "no limit". `limits`: the kinds this row closes for its items and `per`, for the first-row-wins of choose
    tables; all four where the row has neither figure nor text. `per` is as written: `person_meal`,
    `500ml` …; for a sum or a frequency over a span (`"department client 1mo"`) `count_by` is
    ("department", "client") and `count_over` the span.
    """

    items: tuple[str, ...]
    per: str
    limits: frozenset[LimitKind]
    by: str | None
    columns: Mapping[str | None, CapColumn]
    breach: Breach
    when: When
    count_over: Span | None = None
    count_by: tuple[str, ...] = ()


@record
class Sign:
    """A further signature (`decide`) or report; `by`: any one of these posts or references."""

    by: tuple[str, ...]
    do: Do
    when: When
    id: str | None = None


@record
class Need:
    """A document or an extra field of the form. `values`: the ids a `choice` takes, those of the list of its id.

    `least`, `most` bound a `number`: plain numbers, exact in `.base`. `required` false: asked, never missed.
    """

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


@record
class Check:
    """Anything else that is wrong, said by `text` (A16)."""

    id: str | None
    text: Name
    breach: Breach
    when: When


@record
class Stage:
    """A part of a reception (R26 and on), in the file's order; `at` is its proposed time, `lasts` how long it takes.

    `per` "meal": there is one for each meal, at the meal's hour (A36).
    """

    id: str
    name: Name
    at: Moment | None
    when: When
    lasts: Span | None = None
    per: Literal["meal"] | None = None


@record
class Part:
    """One thing of a duty; `may_drop` None: never, `()`: always."""

    text: Name
    when: When
    may_drop: When | None


@record
class Duty:
    """A row of the division of duties; `may_drop` None: never, `()`: always, else a `when` (A25).

    `party`: a department, a post or a reference, or one for each kind of visitor, and then none for the others (A35);
    `after`: ids of duties that come first; `equipment`: what the room of its stage must have. A row without an id is
    called `duty_7` after its place.
    """

    id: str
    party: str | Mapping[str, str]
    text: Name
    stage: str | None
    parts: tuple[Part, ...]
    due: Moment | None
    after: tuple[str, ...]
    may_drop: When | None
    assignee: bool
    when: When
    equipment: tuple[str, ...] = ()

    def asked_of(self, kind: str) -> str | None:
        """The party on a visit of this kind; None where it is nobody's duty."""
        return self.party if isinstance(self.party, str) else self.party.get(kind)

    def parties(self) -> tuple[str, ...]:
        """Every party that it may be asked of."""
        return (self.party,) if isinstance(self.party, str) else tuple(dict.fromkeys(self.party.values()))


@record
class Booking:
    """How long things are held, or what counts as a clash of them; things are "car", "room", "person".

    Either `purposes` ("arrival", "departure", stages), held from `before` the time until `after` it (None: from or
    until the time itself); or `clash` (twice seats grade gap equipment midnight), a `gap` when it is below `least`.
    """

    things: tuple[str, ...]
    purposes: tuple[str, ...]
    before: Span | None
    after: Span | None
    clash: str | None
    least: Span | None
    breach: Breach
    when: When
    id: str | None = None


@record
class Change:
    """After approval a change of one of `fields` asks for this.

    A field is a key of the request, a need's id, `lead_host` or `total`, with `+` at its end only when raised.
    """

    fields: tuple[str, ...]
    ask: Ask
    when: When
    id: str | None = None


@record
class Holiday:
    """Days off, `first` and `last` included."""

    name: Name
    first: date
    last: date


@record
class CalendarRows:
    """The organisation's own holidays and shifted working days; `only`: instead of the public ones."""

    holidays: tuple[Holiday, ...] = ()
    workdays: frozenset[date] = frozenset()
    only: bool = False


@record
class Currency:
    """`minor`: how many digits the minor unit has, 2 for CNY."""

    code: str
    minor: int
