"""A request, and the case it makes under a policy: what the conditions of `when` are held against."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal, Protocol, TypeVar

from models.frozen import NO_ENTRIES, record
from models.policy.model import (
    BY_PERSON,
    DRINK,
    LODGING,
    MEAL,
    TOBACCO,
    Clause,
    LeadHost,
    Policy,
    Post,
    Range,
    Span,
    Test,
    When,
)
from models.policy.workdays import WorkDays, compared
from models.words import Name, Phrase
from models.words.alike import fold

# What is asked of a policy: one made-up or real visit, in the words of `jiedai try`.
#
# Ids are the policy's. Money is in minor units. Times are naive local wall clock of the organisation.
# `reading` makes one of a TOML text (names in any language are accepted there); a stored visit makes one
# of its form.


PAYERS = ("company", "guest")
"""Who may pay for a lodging (A12)."""
MOST_PEOPLE = 100_000


@record
class FieldSpec:
    """What one field of a guest, meal, lodging or cost holds. The check of a form before it is stored, the cell of the
    wizard, the box on the visit and the key of `try` are made from it.

    `kind`: a choice is an id of the policy's list `listed` or one of `options`, choices are several; a place is one of
    its list, or any word where there is none; a mark is yes or no; money is in minor units; people are ids of the
    register, names are guests'. `label`: what it is called, in the catalogue's `fields`. `least`, `most`: what a count
    may be, in `try` and where one types it.
    """

    kind: Literal[
        "line", "day", "time", "count", "quantity", "money", "choice", "choices", "place", "mark", "posts", "people",
        "names",
    ]  # fmt: skip
    label: str
    listed: str = ""
    options: tuple[str, ...] = ()
    least: int = 0
    most: int = 10**6


Fields = Mapping[str, FieldSpec]
"""The fields of a row by name, in the order in which `try` names its keys."""


def of_kinds(fields: Fields, *kinds: str) -> list[str]:
    """The names of the fields of these kinds, in order."""
    return [name for name, field in fields.items() if field.kind in kinds]


@record
class PlannedGuest:
    """One of the guests; `counts` False: an interpreter, a driver, whose rank does not count."""

    name: str = ""
    post: str = ""
    principal: bool = False
    rank: str | None = None
    counts: bool = True


GUEST_FIELDS: Fields = {
    "name": FieldSpec("line", "guest_name"),
    "post": FieldSpec("line", "guest_post"),
    "principal": FieldSpec("mark", "principal"),
    "rank": FieldSpec("choice", "guest_rank", "rank"),
    "counts": FieldSpec("mark", "guest_rank"),
}


@record
class PlannedMeal:
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


MEAL_FIELDS: Fields = {
    "meal": FieldSpec("choice", "meal", "meal"),
    "venue": FieldSpec("choice", "meal_venue", "venue"),
    "place": FieldSpec("line", "meal_place"),
    "on": FieldSpec("day", "day"),
    "guests": FieldSpec("count", "meal_guests", most=MOST_PEOPLE),
    "companions": FieldSpec("count", "meal_companions", most=MOST_PEOPLE),
    "price": FieldSpec("money", "meal_price"),
    "bottles": FieldSpec("count", "bottles"),
    "bottle_price": FieldSpec("money", "bottle_price"),
    "packs": FieldSpec("count", "packs"),
    "pack_price": FieldSpec("money", "pack_price"),
    "city": FieldSpec("place", "city", "city"),
    "note": FieldSpec("line", "meal_note"),
}


@record
class PlannedLodging:
    """Rooms for `people` over `nights`; `price` is for a person and night; `payer` company or guest (A12)."""

    on: date
    people: int
    nights: int = 1
    grade: str | None = None
    price: int | None = None
    city: str | None = None
    payer: str = "company"


LODGING_FIELDS: Fields = {
    "on": FieldSpec("day", "day"),
    "people": FieldSpec("count", "lodging_people", most=MOST_PEOPLE),
    "nights": FieldSpec("count", "nights", least=1, most=10_000),
    "grade": FieldSpec("choice", "grade", "lodging"),
    "price": FieldSpec("money", "lodging_price"),
    "city": FieldSpec("place", "city", "city"),
    "payer": FieldSpec("choice", "payer", options=PAYERS),
}


@record
class PlannedCost:
    """Any other cost: a gift, a car trip, an activity; `price` for one `unit`."""

    item: str
    quantity: Decimal = Decimal(1)
    unit: str = ""
    price: int | None = None
    on: date | None = None
    grade: str | None = None
    to: str = ""
    city: str | None = None


COST_FIELDS: Fields = {
    "item": FieldSpec("choice", "cost", "item"),
    "quantity": FieldSpec("quantity", "quantity"),
    "unit": FieldSpec("line", "cost_unit"),
    "price": FieldSpec("money", "cost_price"),
    "on": FieldSpec("day", "day"),
    "grade": FieldSpec("choice", "grade"),
    "to": FieldSpec("line", "cost_to"),
    "city": FieldSpec("place", "city", "city"),
}


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


@record
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
    guests: tuple[PlannedGuest, ...] = ()
    purposes: tuple[str, ...] = ()
    purpose_text: str = ""
    services: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    applicant: str | None = None
    department: str | None = None
    host: tuple[str, ...] = ()
    city: str | None = None
    area: str | None = None
    scores: Mapping[str, str] = NO_ENTRIES
    meals: tuple[PlannedMeal, ...] = ()
    lodging: tuple[PlannedLodging, ...] = ()
    costs: tuple[PlannedCost, ...] = ()
    documents: tuple[str, ...] = ()
    fields: Mapping[str, object] = NO_ENTRIES
    reasons: Mapping[str, str] = NO_ENTRIES
    history: tuple[Past, ...] = ()
    bookings: tuple[Hold, ...] = ()
    held: tuple[Hold, ...] = ()
    decision: Decided | None = None
    lands: datetime | None = None
    leaves: datetime | None = None


@record
class People:
    """Who holds the posts, on a real visit; persons are opaque keys.

    Lets the engine make one step of adjacent steps that the same person would take (A5), send an own
    request up by person (A34) and name posts that nobody holds. `per_visit` names the project leads (A24).
    """

    holders: Mapping[str, tuple[str, ...]]
    applicant: str | None = None
    per_visit: Mapping[str, str] = NO_ENTRIES

    def holding(self, posts: Collection[str]) -> frozenset[str]:
        """The persons who hold any of these posts, on this visit where they are named for it."""
        named = {self.per_visit[post] for post in posts if post in self.per_visit}
        return frozenset(named.union(*(self.holders.get(post, ()) for post in posts if post not in self.per_visit)))


# The lines of a plan before they are priced: the meals, each followed by its drink and tobacco, lodging, costs.


@record
class CaseLine:
    """One line of the plan.

    `unit` is what its price is for (`person_meal bottle pack night`, a cost's own; "" not said), `quantity` how
    many of them, `persons` those it is for (A10: diners), `times` how often it counts for a frequency. Lines of
    one meal share `group`. `on` and `city` are its own, None where it has none.
    """

    id: str
    item: str
    unit: str
    quantity: Fraction
    price: int | None
    persons: int
    times: Fraction
    group: str
    on: date | None = None
    city: str | None = None
    meal: str | None = None
    venue: str | None = None
    grade: str | None = None
    to: str = ""
    payer: str = "company"

    @property
    def served(self) -> bool:
        """Whether it is part of a planned meal."""
        return self.group.startswith(MEAL)

    @property
    def priced(self) -> int | None:
        """Quantity × price, rounded down to a minor unit; None without a price."""
        return None if self.price is None else int(self.quantity * self.price)


def lines_of(request: Request) -> tuple[CaseLine, ...]:
    """All lines of a request, in the order of the plan."""
    lines: list[CaseLine] = []
    for number, meal in enumerate(request.meals, 1):
        lines += _meal_lines(number, meal)
    for number, lodging in enumerate(request.lodging, 1):
        name = f"lodging{number}"
        lines.append(
            CaseLine(
                id=name,
                item=LODGING,
                unit="night",
                quantity=Fraction(lodging.people * lodging.nights),
                price=lodging.price,
                persons=lodging.people,
                times=Fraction(lodging.nights),
                group=name,
                on=lodging.on,
                city=lodging.city,
                grade=lodging.grade,
                payer=lodging.payer,
            )
        )
    for number, cost in enumerate(request.costs, 1):
        name = f"cost{number}"
        quantity = Fraction(cost.quantity)
        lines.append(
            CaseLine(
                id=name,
                item=cost.item,
                unit=cost.unit,
                quantity=quantity,
                price=cost.price,
                persons=request.headcount,
                times=quantity,
                group=name,
                on=cost.on,
                city=cost.city,
                grade=cost.grade,
                to=cost.to,
            )
        )
    return tuple(lines)


def _meal_lines(number: int, meal: PlannedMeal) -> Iterator[CaseLine]:
    diners = meal.guests + meal.companions
    parts = (
        (f"{MEAL}{number}", MEAL, "person_meal", diners, meal.price, 1),
        (f"{DRINK}{number}", DRINK, "bottle", meal.bottles, meal.bottle_price, meal.bottles),
        (f"{TOBACCO}{number}", TOBACCO, "pack", meal.packs, meal.pack_price, meal.packs),
    )
    for name, item, unit, quantity, price, times in parts:
        if item == MEAL or quantity:
            yield CaseLine(
                id=name,
                item=item,
                unit=unit,
                quantity=Fraction(quantity),
                price=price,
                persons=diners,
                times=Fraction(times),
                group=f"{MEAL}{number}",
                on=meal.on,
                city=meal.city,
                meal=meal.meal,
                venue=meal.venue,
            )


# Whether a `when` holds: a table is AND, a list of tables is OR, `not` inside, absent is always.
#
# Answers are True, False or None (not known), so that the same walk serves a request, of which all is known,
# and a tier alone, of which the rest is open (the look-up of standards).

LINE_AXES = frozenset({"item", "meal", "venue", "amount", "of_cap"})
"""Axes that only a line of the plan has."""

LINE_OWN_AXES = frozenset({"date", "day", "city", "holiday"})
"""Axes of the visit that a row judged for a line takes from that line, where it has them."""

LineT = TypeVar("LineT")


class CaseFacts(Protocol[LineT]):
    """What a `when` is judged by. `lines` None: it is not known which there are."""

    @property
    def lines(self) -> tuple[LineT, ...] | None:
        """The lines of the plan."""

    def meets(self, test: Test, line: LineT | None, own: bool) -> bool | None:
        """Whether one test holds, with the facts of `line` where given; `own`: its date, day and city too."""


def truth(when: When, facts: CaseFacts[LineT], line: LineT | None = None, *, own: bool = False) -> bool | None:
    """Whether `when` holds. With `line` it is judged for that line (`own`: by its own date, day and city);
    without, a clause with axes of a line holds if all of them hold for one and the same line."""
    if not when:
        return True
    return _any(_clause(clause, facts, line, own) for clause in when)


def holds(when: When, facts: CaseFacts[LineT], line: LineT | None = None, *, own: bool = False) -> bool:
    """`truth` where all is known: what is not known does not hold."""
    return truth(when, facts, line, own=own) is True


def _clause(clause: Clause, facts: CaseFacts[LineT], line: LineT | None, own: bool) -> bool | None:
    if line is None and facts.lines is not None and about_a_line(clause):
        return _any(_all_of(clause, facts, each, own) for each in facts.lines)
    return _all_of(clause, facts, line, own)


def _all_of(clause: Clause, facts: CaseFacts[LineT], line: LineT | None, own: bool) -> bool | None:
    tests = (facts.meets(test, line, own) for test in clause.tests)
    nots = (_not(truth(inner, facts, line, own=own)) for inner in clause.nots)
    return _not(_any(_not(each) for group in (tests, nots) for each in group))


def _any(answers: Iterable[bool | None]) -> bool | None:
    known: bool | None = False
    for answer in answers:
        if answer:
            return True
        if answer is None:
            known = None
    return known


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def about_a_line(clause: Clause) -> bool:
    """Whether a clause asks for a line of the plan; what it has inside `not` does not make it so."""
    return any(test.axis in LINE_AXES for test in clause.tests)


def axes(when: When) -> frozenset[str]:
    """Every axis a `when` asks about, also inside `not`."""
    own = {test.axis for clause in when for test in clause.tests}
    inner = (axes(each) for clause in when for each in clause.nots)
    return frozenset(own).union(*inner)


class TierFacts:
    """All that is known when one asks for a tier alone: that tier, and the kind of visitor where there is only one."""

    lines = None

    def __init__(self, policy: Policy, tier: str | None) -> None:
        self._known = {"tier": tier}
        if len(policy.kinds) == 1:
            self._known["kind"] = policy.kinds[0].id

    def meets(self, test: Test, line: object, own: bool) -> bool | None:
        """Whether a test holds; None where it asks for anything else."""
        if test.axis not in self._known or not isinstance(test.wanted, frozenset):
            return None
        return self._known[test.axis] in test.wanted


def possible(policy: Policy, when: When, tier: str | None) -> bool:
    """Whether a row can hold for some visit of a tier."""
    return truth(when, TierFacts(policy, tier)) is not False


# One request under one policy: every fact a `when` may ask about.

Meets = Callable[["Case", Test, CaseLine | None, bool], bool]


class Case:
    """What is known of a request. The engine fills `tier`, `late`, `amounts`, `of_cap` and `total` in this order;
    what is not yet filled holds for nothing. `lines` stand in place of the request's own."""

    def __init__(
        self, policy: Policy, request: Request, people: People | None = None, lines: tuple[CaseLine, ...] | None = None
    ) -> None:
        self.policy = policy
        self.request = request
        self.people = people
        self.days = WorkDays(policy.calendar)
        self.tier = request.tier
        self.late = False
        self._lines = lines_of(request) if lines is None else lines
        self.amounts: dict[str, int] = {line.id: line.priced for line in self._lines if line.priced is not None}
        self.of_cap: dict[str, Fraction] = {}
        self.total: int | None = None
        self._posts = {post.id: post for post in policy.posts}

    @property
    def lines(self) -> tuple[CaseLine, ...]:
        """The lines of the plan."""
        return self._lines

    def meets(self, test: Test, line: CaseLine | None, own: bool) -> bool:
        """Whether one test of a `when` holds, for `line` where given (see `when.Facts`)."""
        return _AXES.get(test.axis, _choice_field)(self, test, line, own)

    def post(self, id: str) -> Post | None:
        """The post with this id, if the policy has it."""
        return self._posts.get(id)

    def day(self, line: CaseLine | None = None) -> date:
        """The day of a line; of the visit, its first (A18), where the line has none."""
        return line.on if line is not None and line.on is not None else self.request.arrive.date()

    def department(self) -> str | None:
        """The request's department, else that of the applicant's post."""
        if self.request.department is not None:
            return self.request.department
        post = self.post(self.request.applicant) if self.request.applicant else None
        return post.department if post else None

    def owner(self) -> str | None:
        """The department that owns receptions of this kind, the request's where the kind says so (A6)."""
        return self.policy.owner(self.request.kind, self.department())

    def head(self, department: str | None) -> str | None:
        """The post that heads a department."""
        heads = [each.head for each in self.policy.departments if each.id == department]
        return heads[0] if heads else None

    def guest_rank(self) -> str | None:
        """The highest rank of the guests that count; nobody ranked: the lowest. None without a list of ranks."""
        return self._highest(guest.rank for guest in self.request.guests if guest.counts)

    def host_rank(self) -> str | None:
        """The highest rank of the hosts' posts, as for guests."""
        posts = (self.post(host) for host in self.request.host)
        return self._highest(post.rank for post in posts if post)

    def _highest(self, ranks: Iterable[str | None]) -> str | None:
        order = [entry.id for entry in self.policy.lists.get("rank", ())]
        places = [order.index(rank) for rank in ranks if rank in order]
        return order[min(places)] if places else order[-1] if order else None


def inside(value: object, wanted: object) -> bool:
    """Whether a value lies in a range; both of the type the axis has."""
    if not isinstance(wanted, Range) or value is None:
        return False
    return _from(value, wanted) and _to(value, wanted)


def _from(value: object, wanted: Range) -> bool:
    if wanted.low is None:
        return True
    return value > wanted.low if wanted.low_open else value >= wanted.low  # type: ignore[operator,no-any-return] # one type by axis


def _to(value: object, wanted: Range) -> bool:
    if wanted.high is None:
        return True
    return value < wanted.high if wanted.high_open else value <= wanted.high  # type: ignore[operator,no-any-return] # one type by axis


def _among(value: str | None, test: Test) -> bool:
    return isinstance(test.wanted, frozenset) and value in test.wanted


def _any_among(values: Iterable[str], test: Test) -> bool:
    return isinstance(test.wanted, frozenset) and not test.wanted.isdisjoint(values)


def _city(case: Case, test: Test, line: CaseLine | None, own: bool) -> bool:
    return _among(line.city if own and line and line.city else case.request.city, test)


def _date(case: Case, test: Test, line: CaseLine | None, own: bool) -> bool:
    day = case.day(line if own else None)
    wanted = test.wanted
    if not isinstance(wanted, Range):
        return False
    if not isinstance(wanted.low if wanted.low is not None else wanted.high, tuple):
        return inside(day, wanted)
    place = (day.month, day.day)
    if wanted.low is not None and wanted.high is not None and wanted.low > wanted.high:  # type: ignore[operator] # a season
        return _from(place, wanted) or _to(place, wanted)
    return inside(place, wanted)


def _day(case: Case, test: Test, line: CaseLine | None, own: bool) -> bool:
    return inside((case.day(line if own else None) - case.request.arrive.date()).days + 1, test.wanted)


def _lead(case: Case, test: Test, line: CaseLine | None, own: bool) -> bool:
    wanted = test.wanted
    if not isinstance(wanted, Range):
        return False
    from_low = _beside(case, wanted.low) >= int(wanted.low_open)
    return from_low and _beside(case, wanted.high) <= -int(wanted.high_open)


def _beside(case: Case, end: object) -> int:
    """Whether the lead is less (-1) or more (1) than an end of a range; 0 for just as much."""
    return compared(case.request.requested_at, case.request.arrive, end, case.days) if isinstance(end, Span) else 0


def _holiday(case: Case, test: Test, line: CaseLine | None, own: bool) -> bool:
    """A line's own day, else any day of the visit."""
    wanted = test.wanted
    if own and line is not None and line.on is not None:
        days = [line.on]
    else:
        first, last = case.request.arrive.toordinal(), case.request.depart.toordinal()
        days = [date.fromordinal(day) for day in range(first, max(first, last) + 1)]
    if isinstance(wanted, Span):
        return any(case.days.near_holiday(day, wanted.number) for day in days)
    return any(map(case.days.is_holiday, days)) == wanted


def _bands(case: Case, test: Test, line: CaseLine | None, own: bool) -> bool:
    order = [entry.id for entry in case.policy.lists.get("band", ())]
    scored = [order.index(band) for band in case.request.scores.values() if band in order]
    if not isinstance(test.wanted, tuple):
        return False
    return all(
        isinstance(pair, tuple) and pair[0] in order and sum(s <= order.index(pair[0]) for s in scored) >= pair[1]
        for pair in test.wanted
    )


def _words(case: Case, test: Test, line: CaseLine | None, own: bool) -> bool:
    text = fold("\n".join(_free_text(case.request)))
    return isinstance(test.wanted, tuple) and any(fold(str(word)) in text for word in test.wanted)


def _free_text(request: Request) -> Iterable[str]:
    yield from (request.client, request.purpose_text, request.city or "", request.area or "")
    yield from _texts_of(request.guests, GUEST_FIELDS)
    yield from _texts_of(request.meals, MEAL_FIELDS)
    yield from _texts_of(request.lodging, LODGING_FIELDS)
    yield from _texts_of(request.costs, COST_FIELDS)
    yield from (str(value) for value in request.fields.values())
    yield from request.reasons.values()


def _texts_of(rows: Iterable[object], fields: Fields) -> Iterator[str]:
    """All that is written in words in these rows."""
    return (getattr(row, name) or "" for row in rows for name in of_kinds(fields, "line", "place"))


def _choice_field(case: Case, test: Test, line: CaseLine | None, own: bool) -> bool:
    value = case.request.fields.get(test.axis)
    return _any_among(map(str, value), test) if isinstance(value, (list, tuple)) else _among(str(value), test)


_AXES: dict[str, Meets] = {
    "tier": lambda case, test, line, own: _among(case.tier, test),
    "kind": lambda case, test, line, own: _among(case.request.kind, test),
    "purpose": lambda case, test, line, own: _any_among(case.request.purposes, test),
    "service": lambda case, test, line, own: _any_among(case.request.services, test),
    "want": lambda case, test, line, own: _any_among(case.request.wants, test),
    "headcount": lambda case, test, line, own: inside(case.request.headcount, test.wanted),
    "guest_rank": lambda case, test, line, own: _among(case.guest_rank(), test),
    "host_rank": lambda case, test, line, own: _among(case.host_rank(), test),
    "host": lambda case, test, line, own: _any_among(case.request.host, test),
    "applicant": lambda case, test, line, own: _among(case.request.applicant, test),
    "area": lambda case, test, line, own: _among(case.request.area, test),
    "city": _city,
    "date": _date,
    "day": _day,
    "lead": _lead,
    "late": lambda case, test, line, own: case.late == test.wanted,
    "holiday": _holiday,
    "bands": _bands,
    "words": _words,
    "item": lambda case, test, line, own: line is not None and _among(line.item, test),
    "meal": lambda case, test, line, own: line is not None and _among(line.meal, test),
    "venue": lambda case, test, line, own: line is not None and _among(line.venue, test),
    "amount": lambda case, test, line, own: line is not None and inside(case.amounts.get(line.id), test.wanted),
    "of_cap": lambda case, test, line, own: line is not None and inside(case.of_cap.get(line.id), test.wanted),
    "total": lambda case, test, line, own: inside(case.total, test.wanted),
}


# Whom a reference names on a request: posts (`@owner_head`, `@lead_host.up`), departments (`@owner`).


def resolved(case: Case, by: Iterable[str]) -> tuple[str, ...]:
    """The posts that these posts and references name, each once, in order."""
    return tuple(dict.fromkeys(post for each in by for post in _posts(case, each)))


def party_on(case: Case, party: str) -> str:
    """The department or post that a party is on this request; persons, and what names nobody, as written."""
    if party == "@owner":
        return case.owner() or party
    if party == "@department":
        return case.department() or party
    return party if party in BY_PERSON else next(iter(_posts(case, party)), party)


def lead_host_row(case: Case) -> LeadHost | None:
    """The row that says who must be lead host."""
    return next((row for row in case.policy.lead_hosts if holds(row.when, case)), None)


def named(case: Case, posts: Iterable[str]) -> Name | Phrase:
    """The names of posts, said one after the other: any of them."""
    names: list[Name] = [post.name if (post := case.post(each)) else Name.of(each) for each in posts]
    return one_of(names)


def one_of(names: list[Name]) -> Name | Phrase:
    """Names or phrases joined by "or"."""
    if not names:
        return Phrase("finding.nobody")
    said: Name | Phrase = names[0]
    for each in names[1:]:
        said = Phrase("finding.or", {"first": said, "second": each})
    return said


def _posts(case: Case, by: str) -> tuple[str, ...]:
    if not by.startswith("@"):
        return (by,)
    reference, _, up = by.partition(".")
    found = _referred(case, reference)
    return tuple(_up(case, post) for post in found) if up else found


def _up(case: Case, post: str) -> str:
    """The post above; at the top the post itself."""
    held = case.post(post)
    return held.up if held and held.up else post


def _referred(case: Case, reference: str) -> tuple[str, ...]:
    post: str | None = None
    match reference:
        case "@owner_head":
            post = case.head(case.owner())
        case "@department_head":
            post = case.head(case.department())
        case "@applicant":
            post = case.request.applicant
        case "@lead_host":
            return case.request.host or _by_rule(case)
        case "@guest_rank":
            rank = case.guest_rank()
            return tuple(each.id for each in case.policy.posts if rank and each.rank == rank)
    return (post,) if post else ()


def _by_rule(case: Case) -> tuple[str, ...]:
    """Where no lead host is named yet: whom the rule asks for."""
    row = lead_host_row(case)
    if row is None or any(post.startswith("@lead_host") for post in row.posts):
        return ()
    return resolved(case, row.posts)
