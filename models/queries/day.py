"""What is known of one day at the desk: its lines, and what of each hurts, soonest first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from models.frozen import record
from models.words import Name, Phrase

Where = Literal["asked", "planned", "on_way", "here", "met", "on_site", "left", "no_show"]
STEPS: Mapping[Where, tuple[Where, str]] = {
    "planned": ("on_way", "track"),
    "on_way": ("here", "track"),
    "here": ("met", "track"),
    "met": ("on_site", "track"),
    "on_site": ("left", "seen_off"),
}
"""Where guests are → where they are next, and the verb that says so."""
VERBS = ("track", "seen_off", "take_back", "miss")
"""What is said of guests on their day."""


@record
class Next:
    """The next stage of a visit: what, when (local time), where, with whom; for which kind of `meal`, if any."""

    stage: str
    at: datetime | None
    place: str
    people: str
    meal: str | None = None


@record
class Due:
    """An open task: whose, what, by when (local time), for whom it is."""

    task: int
    party: str
    text: Name
    due: datetime
    assignee: str


@record
class Remark:
    """A note: when (local time), who, what."""

    at: datetime
    who: str
    text: str


@record
class Ride:
    """A car that carries guests: its plate, who drives it under which number, from when until when (local time); how
    many `people` ride in it."""

    car: str
    driver: str
    phone: str
    starts: datetime
    ends: datetime
    people: int


@record
class Untold:
    """Somebody who has not been told of a change yet: `role` driver department host contact, a department's id in
    `party` or a name; `what` has changed, in sentences."""

    role: str
    party: str
    name: str
    what: tuple[Phrase, ...]


@record
class Trouble:
    """A clash: its `code`, of which `thing` (car room person), from when on (local time), in a sentence; `other`: the
    client of the visit with which it clashes.

    `code`: twice seats grade ungraded gap equipment midnight; none: no car, short: not everybody has a seat, off: the
    car is booked for another time.
    """

    code: str
    thing: str
    at: datetime
    text: Phrase
    other: str


@record
class Alert:
    """Something wrong: what (a key of `today.alert`), how many, and from when on it hurts (local time)."""

    code: str
    n: int
    at: datetime


@record
class Line:
    """Guests who come or go on this day: a visit, or one group of it (`group`: the place of its leg, 0 for the visit).

    `due` is when they come, or go when `going`, as it is known now; `at` the same where it is on this day, None of
    those who do neither on it; `by` how (mode, number); `where` they are; `stays`: they are to have come before this
    day, and to be here all of it; `headcount` those of the group. `planned`, `actual` are what the company pays for
    the visit, minor units; `late` and `soon` open tasks overdue and due by the end of the day; `changing`: a change of
    substance is being decided, the visit goes on meanwhile; `alerts` what is wrong, what hurts first in front;
    `gone` who stands on the visit and is switched off; `may`: by verb of `VERBS` None, or the code of why the actor may
    not (see `rights.may`).
    """

    visit: int
    leg: int | None
    group: int
    version: int
    number: str
    state: str
    where: Where
    client: str
    find: tuple[str, ...]
    headcount: int
    names: tuple[str, ...]
    tier: str | None
    mark: Name | None
    at: datetime | None
    due: datetime
    going: bool
    stays: bool
    by: tuple[str, str]
    place: str
    met_by: str
    rides: tuple[Ride, ...]
    principal: str
    principal_post: str
    hosts: tuple[str, ...]
    mine: bool
    done: int
    total: int
    late: tuple[Due, ...]
    soon: tuple[Due, ...]
    unassigned: int
    untold: tuple[Untold, ...]
    clashes: tuple[Trouble, ...]
    alerts: tuple[Alert, ...]
    changing: bool
    next: Next | None
    planned: int
    actual: int
    note: Remark | None
    may: Mapping[str, str | None]
    gone: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the line is known by: the visit's id, that of a group behind it."""
        return f"{self.visit}.{self.leg}" if self.group else f"{self.visit}"


@record
class Tomorrow:
    """What the day after holds: visits and guests that arrive, and the earliest of them."""

    day: date
    visits: int
    guests: int
    first_at: datetime | None
    first_client: str
    first_tier: Name | None


@record
class Day:
    """All of one day, in order of time."""

    day: date
    lines: tuple[Line, ...]
    tomorrow: Tomorrow
