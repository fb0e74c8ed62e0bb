"""What is asked of a policy: one made-up or real visit, in the words of `jiedai try`.

Ids are the policy's. Money is in minor units. Times are naive local wall clock of the organisation.
`reading` makes one of a TOML text (names in any language are accepted there); a stored visit makes one
of its form.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from models.policy.record import record


@record
class Guest:
    """One of the guests; `counts` False: an interpreter, a driver, whose rank does not count."""

    name: str = ""
    post: str = ""
    principal: bool = False
    rank: str | None = None
    counts: bool = True


@record
class Meal:
    """One meal; diners are guests + companions (A10). Prices: `price` a head, `bottle_price`, `pack_price` each."""

    on: date
    guests: int
    companions: int = 0
    companion_posts: tuple[str, ...] = ()
    meal: str | None = None
    venue: str | None = None
    place: str = ""
    price: int | None = None
    bottles: int = 0
    bottle_price: int | None = None
    packs: int = 0
    pack_price: int | None = None
    city: str | None = None
    note: str = ""


@record
class Lodging:
    """Rooms for `people` over `nights`; `price` is for a person and night; `payer` company or guest (A12)."""

    on: date
    people: int
    nights: int = 1
    grade: str | None = None
    price: int | None = None
    city: str | None = None
    payer: str = "company"


@record
class Cost:
    """Any other cost: a gift, a car trip, an activity; `price` for one `unit`."""

    item: str
    quantity: Decimal = Decimal(1)
    unit: str = ""
    price: int | None = None
    on: date | None = None
    grade: str | None = None
    to: str = ""
    city: str | None = None


@record
class Past:
    """One earlier expense, for frequency and sums over a span: for one `guest`, or shared by `persons` of whom `guests`
    are known by name."""

    on: date
    client: str = ""
    guest: str = ""
    department: str | None = None
    item: str | None = None
    meal: str | None = None
    amount: int = 0
    guests: tuple[str, ...] = ()
    persons: int = 1


@record
class Decided:
    """What if this post decided so? (`decision` of `try`, A3)"""

    by: str
    tier: str | None = None


@record
class Hold:
    """A thing held from `starts` until before `ends`, naive local time: what bookings are judged by.

    `thing`: car room person. `what` says which one, `visit` for which visit, `key` which hold it is; `firm` once that
    visit is approved. `people` ride or sit there (None: the whole party), `seats` there are; `grade` is of the list
    `car` ("": it has none; None: not said). `equipment` a room has, `needs` what the duties of its stage ask for.
    """

    key: int | str
    thing: str
    what: int | str
    name: str
    starts: datetime
    ends: datetime
    visit: int | str
    firm: bool = True
    people: int | None = None
    seats: int | None = None
    grade: str | None = None
    equipment: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `bookings`: what is to be held for it, in `try`; `held`: what is held for others. `lands`, `leaves`:
    when the guests come to the airport or station and set out from there, which a real visit says."""

    kind: str
    client: str
    headcount: int
    requested_at: datetime
    arrive: datetime
    depart: datetime
    tier: str | None = None
    guests: tuple[Guest, ...] = ()
    purposes: tuple[str, ...] = ()
    purpose_text: str = ""
    services: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    applicant: str | None = None
    department: str | None = None
    host: tuple[str, ...] = ()
    city: str | None = None
    area: str | None = None
    scores: Mapping[str, str] = field(default_factory=dict)
    meals: tuple[Meal, ...] = ()
    lodging: tuple[Lodging, ...] = ()
    costs: tuple[Cost, ...] = ()
    documents: tuple[str, ...] = ()
    fields: Mapping[str, object] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    history: tuple[Past, ...] = ()
    bookings: tuple[Hold, ...] = ()
    held: tuple[Hold, ...] = ()
    decision: Decided | None = None
    lands: datetime | None = None
    leaves: datetime | None = None


@dataclass(frozen=True, slots=True)
class People:
    """Who holds the posts, on a real visit; persons are opaque keys.

    Lets the engine make one step of adjacent steps that the same person would take (A5), send an own
    request up by person (A34) and name posts that nobody holds. `per_visit` names the project leads (A24).
    """

    holders: Mapping[str, tuple[str, ...]]
    applicant: str | None = None
    per_visit: Mapping[str, str] = field(default_factory=dict)

    def holding(self, posts: Collection[str]) -> frozenset[str]:
        """The persons who hold any of these posts, on this visit where they are named for it."""
        named = {self.per_visit[post] for post in posts if post in self.per_visit}
        return frozenset(named.union(*(self.holders.get(post, ()) for post in posts if post not in self.per_visit)))
