"""One request under one policy: every fact a `when` may ask about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction

from models.policy.lines import Line, lines_of
from models.policy.model import Policy, Post, Range, Span, Test
from models.policy.request import People, Request
from models.policy.spans import compared
from models.policy.workdays import WorkDays
from models.words.alike import fold

Meets = Callable[["Case", Test, Line | None, bool], bool]


class Case:
    """What is known of a request. The engine fills `tier`, `late`, `amounts`, `of_cap` and `total` in this order;
    what is not yet filled holds for nothing. `lines` stand in place of the request's own."""

    def __init__(
        self, policy: Policy, request: Request, people: People | None = None, lines: tuple[Line, ...] | None = None
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
    def lines(self) -> tuple[Line, ...]:
        """The lines of the plan."""
        return self._lines

    def meets(self, test: Test, line: Line | None, own: bool) -> bool:
        """Whether one test of a `when` holds, for `line` where given (see `when.Facts`)."""
        return _AXES.get(test.axis, _choice_field)(self, test, line, own)

    def post(self, id: str) -> Post | None:
        """The post with this id, if the policy has it."""
        return self._posts.get(id)

    def day(self, line: Line | None = None) -> date:
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


def _city(case: Case, test: Test, line: Line | None, own: bool) -> bool:
    return _among(line.city if own and line and line.city else case.request.city, test)


def _date(case: Case, test: Test, line: Line | None, own: bool) -> bool:
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


def _day(case: Case, test: Test, line: Line | None, own: bool) -> bool:
    return inside((case.day(line if own else None) - case.request.arrive.date()).days + 1, test.wanted)


def _lead(case: Case, test: Test, line: Line | None, own: bool) -> bool:
    wanted = test.wanted
    if not isinstance(wanted, Range):
        return False
    from_low = _beside(case, wanted.low) >= int(wanted.low_open)
    return from_low and _beside(case, wanted.high) <= -int(wanted.high_open)


def _beside(case: Case, end: object) -> int:
    """Whether the lead is less (-1) or more (1) than an end of a range; 0 for just as much."""
    return compared(case.request.requested_at, case.request.arrive, end, case.days) if isinstance(end, Span) else 0


def _holiday(case: Case, test: Test, line: Line | None, own: bool) -> bool:
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


def _bands(case: Case, test: Test, line: Line | None, own: bool) -> bool:
    order = [entry.id for entry in case.policy.lists.get("band", ())]
    scored = [order.index(band) for band in case.request.scores.values() if band in order]
    if not isinstance(test.wanted, tuple):
        return False
    return all(
        isinstance(pair, tuple) and pair[0] in order and sum(s <= order.index(pair[0]) for s in scored) >= pair[1]
        for pair in test.wanted
    )


def _words(case: Case, test: Test, line: Line | None, own: bool) -> bool:
    text = fold("\n".join(_free_text(case.request)))
    return isinstance(test.wanted, tuple) and any(fold(str(word)) in text for word in test.wanted)


def _free_text(request: Request) -> Iterable[str]:
    yield from (request.client, request.purpose_text, request.city or "", request.area or "")
    for guest in request.guests:
        yield from (guest.name, guest.post)
    for meal in request.meals:
        yield from (meal.place, meal.note, meal.city or "")
    for cost in request.costs:
        yield from (cost.unit, cost.to)
    yield from (str(value) for value in request.fields.values())
    yield from request.reasons.values()


def _choice_field(case: Case, test: Test, line: Line | None, own: bool) -> bool:
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
