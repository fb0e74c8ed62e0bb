"""Figures of a span of days: how many visits and guests, what was planned and paid, over standard, late, cancelled.

A visit counts on the day it begins. Nothing but visits, their costs and decisions is looked at, so that the figures
stay what they were once names and phones of guests are erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any, Literal, get_args

from peewee import fn

from models.frozen import record
from models.policy.model import Policy
from models.queries.common import parts
from models.schema.store import reading
from models.schema.tables import Decision, Expense, Step, Visit
from models.services.rights import hidden
from models.services.session import Session
from models.services.visits import company_share
from models.words import Name

Axis = Literal["month", "quarter", "year", "tier", "kind", "department", "owner", "client", "host"]
AXES: tuple[Axis, ...] = get_args(Axis)
"""What figures may be told apart by."""
IN_TIME: tuple[Axis, ...] = ("month", "quarter", "year")

CARRIED_OUT = ("done", "closed")
COMING = ("submitted", "returned", "approved", "under_way")
COUNTED = (*CARRIED_OUT, *COMING, "cancelled", "no_show", "refused")
"""A draft is nobody's figure yet."""


@record
class Counted:
    """One visit, as it counts. `begins`, local time; `planned` and `paid`, minor units, are the company's; `over`: what
    its lines have over their standards, each by itself; `standard`: what those lines would have been allowed.
    `decided`: minutes from filing until who decides had agreed; `again`: its client had been here before. `hosts`:
    person and name."""

    visit: int
    number: str
    state: str
    begins: datetime
    tier: str | None
    kind: str | None
    department: str | None
    owner: str | None
    client: int | None
    client_name: str
    hosts: tuple[tuple[int, str], ...]
    guests: int
    planned: int
    paid: int
    over: int
    standard: int
    late: bool
    decided: int | None
    again: bool


@record
class Figures:
    """What a group of visits comes to. `filed`: all of them; `carried_out` of them were done, and `guests`, `planned`,
    `paid`, `over`, `over_visits` and `again` are those visits' alone; `unsettled` of them still lack costs. `late` were
    filed too late. Amounts in minor units, `decided` the median minutes of a decision, None where none was made."""

    filed: int
    carried_out: int
    coming: int
    cancelled: int
    no_shows: int
    refused: int
    guests: int
    planned: int
    paid: int
    over: int
    over_visits: int
    standard: int
    late: int
    again: int
    unsettled: int
    decided: int | None

    @property
    def over_percent(self) -> int | None:
        """By how much the lines over their standard are over it, None where none is or nothing was allowed."""
        return round(self.over * 100 / self.standard) if self.over and self.standard else None

    @property
    def late_percent(self) -> int:
        """How many of a hundred requests were late."""
        return round(self.late * 100 / self.filed) if self.filed else 0


@record
class FigureGroup:
    """The visits that are alike on an axis: their key, what that is called, and their figures. A visit with several
    lead hosts is in the group of each."""

    key: str
    name: Name
    figures: Figures
    visits: tuple[Counted, ...]


@record
class Statistics:
    """The figures of the days from `first` to `last`, by group and together; `visits` are all of them, in order."""

    first: date
    last: date
    by: Axis
    groups: tuple[FigureGroup, ...]
    total: Figures
    visits: tuple[Counted, ...]


def statistics(session: Session, first: date, last: date, by: Axis = "month") -> Statistics:
    """The figures of the visits that begin on one of these days and that the actor may see."""
    with reading():
        visits = _counted(session, first, last)
    groups = tuple(_groups(session.policy, visits, by, first, last))
    return Statistics(first, last, by, groups, figures(visits), visits)


def figures(visits: Iterable[Counted]) -> Figures:
    """What these visits come to."""
    every = tuple(visits)
    out = [each for each in every if each.state in CARRIED_OUT]
    minutes = [each.decided for each in every if each.decided is not None]

    def count(*states: str) -> int:
        return sum(each.state in states for each in every)

    return Figures(
        filed=len(every),
        carried_out=len(out),
        coming=count(*COMING),
        cancelled=count("cancelled"),
        no_shows=count("no_show"),
        refused=count("refused"),
        guests=sum(each.guests for each in out),
        planned=sum(each.planned for each in out),
        paid=sum(each.paid for each in out),
        over=sum(each.over for each in out),
        over_visits=sum(each.over > 0 for each in out),
        standard=sum(each.standard for each in out),
        late=sum(each.late for each in every),
        again=sum(each.again for each in out),
        unsettled=count("done"),
        decided=round(median(minutes)) if minutes else None,
    )


# -- what counts ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Costs:
    paid: int = 0
    over: int = 0
    standard: int = 0


@dataclass(slots=True)
class _Read:
    """What is read of the visits beside their rows, by visit."""

    costs: Mapping[int, _Costs] = field(default_factory=dict)
    decided: Mapping[int, datetime] = field(default_factory=dict)
    hosts: Mapping[int, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    first_visits: Mapping[int, datetime] = field(default_factory=dict)


def _counted(session: Session, first: date, last: date) -> tuple[Counted, ...]:
    among = Visit.comes.between(datetime.combine(first, time()), datetime.combine(last, time.max))
    among &= Visit.state.in_(COUNTED)
    unseen = hidden(session, among)
    rows = [row for row in Visit.select().where(among).order_by(Visit.comes, Visit.id) if row.id not in unseen]
    chosen = Visit.select(Visit.id).where(among)
    roles = parts(row.id for row in rows)
    read = _Read(
        costs=_costs(chosen),
        decided=_decided(chosen),
        hosts={visit: tuple(by_role.get("host", ())) for visit, by_role in roles.items()},
        first_visits=_first_visits({row.client_id for row in rows if row.client_id is not None}),
    )
    return tuple(_one(row, read) for row in rows)


def _one(row: Visit, read: _Read) -> Counted:
    costs = read.costs.get(row.id, _Costs())
    decided, filed = read.decided.get(row.id), row.submitted_at
    had = read.first_visits.get(row.client_id or 0)
    begins = row.comes
    assert begins is not None
    return Counted(
        visit=row.id,
        number=row.number or "",
        state=row.state,
        begins=begins,
        tier=row.tier or row.proposed_tier,
        kind=row.kind,
        department=row.department,
        owner=row.owner,
        client=row.client_id,
        client_name=row.client_name,
        hosts=read.hosts.get(row.id, ()),
        guests=row.headcount or 0,
        planned=row.total,
        paid=costs.paid,
        over=costs.over,
        standard=costs.standard,
        late=row.late,
        decided=int((decided - filed).total_seconds() // 60) if decided and filed and decided >= filed else None,
        again=had is not None and had < begins,
    )


def _costs(chosen: Any) -> dict[int, _Costs]:
    """What the company paid for these visits and what is over, by visit."""
    found: dict[int, _Costs] = {}
    columns = (Expense.visit, Expense.payer, Expense.actual, Expense.actual_over)
    for line in Expense.select(*columns).where(Expense.visit.in_(chosen)):
        costs = found.setdefault(line.visit_id, _Costs())
        costs.paid += company_share(line)
        costs.over += line.actual_over
        costs.standard += (line.actual or 0) - line.actual_over if line.actual_over else 0
    return found


def _decided(chosen: Any) -> dict[int, datetime]:
    """When who decides first agreed, by visit."""
    agreed: Any = Decision.select(Decision.visit, fn.MIN(Decision.at)).join(Step, on=Decision.step == Step.id)
    agreed = agreed.where(Decision.visit.in_(chosen), Decision.outcome == "agree", Step.what == "decide")
    return {visit: _moment(at) for visit, at in agreed.group_by(Decision.visit).tuples()}


def _moment(at: object) -> datetime:
    return at if isinstance(at, datetime) else datetime.fromisoformat(str(at))


def _first_visits(clients: set[int]) -> dict[int, datetime]:
    """When the first visit of these clients that was carried out began."""
    rows: Any = Visit.select(Visit.client, fn.MIN(Visit.comes)).where(
        Visit.client.in_(clients), Visit.state.in_((*CARRIED_OUT, "under_way")), Visit.comes.is_null(False)
    )
    return {client: _moment(at) for client, at in rows.group_by(Visit.client).tuples()}


# -- groups -----------------------------------------------------------------------------------------------------------


def _groups(policy: Policy, visits: Iterable[Counted], by: Axis, first: date, last: date) -> Iterator[FigureGroup]:
    """In the order of time or of the regulation, clients and hosts by how often they come; a month without a visit
    is there, too."""
    found: dict[str, list[Counted]] = {key: [] for key in (_spans(by, first, last) if by in IN_TIME else ())}
    names: dict[str, Name] = {}
    for each in visits:
        for key, name in _keys(policy, each, by):
            found.setdefault(key, []).append(each)
            names[key] = name
    for key in sorted(found, key=_order(policy, found, by)):
        yield FigureGroup(key, names.get(key, Name.of(key)), figures(found[key]), tuple(found[key]))


def _keys(policy: Policy, each: Counted, by: Axis) -> list[tuple[str, Name]]:
    """Under which keys a visit counts, and what they are called; "" where it has none."""
    if by in IN_TIME:
        key = span_of(each.begins.date(), by)
        return [(key, Name.of(key))]
    if by == "client":
        return [(str(each.client or each.client_name), Name.of(each.client_name))]
    if by == "host":
        return [(str(person), Name.of(name)) for person, name in each.hosts] or [("", Name.of("-"))]
    key = getattr(each, by) or ""
    return [(key, policy.name_of(key) if key else Name.of("-"))]


def span_of(day: date, by: Axis) -> str:
    """The month, quarter or year of a day, as it is written: `2026-12`, `2026-Q4`, `2026`."""
    spans = {"month": f"{day:%Y-%m}", "quarter": f"{day.year}-Q{(day.month + 2) // 3}"}
    return spans.get(by, f"{day.year}")


def _spans(by: Axis, first: date, last: date) -> Iterator[str]:
    day = first.replace(day=1)
    while day <= last:
        yield span_of(day, by)
        day = (day + timedelta(days=32)).replace(day=1)


def _order(policy: Policy, found: Mapping[str, list[Counted]], by: Axis) -> Callable[[str], tuple[int, str]]:
    if by in ("client", "host"):
        return lambda key: (-len(found[key]), key)
    departments = [row.id for row in policy.departments]
    known = {
        "tier": [row.id for row in policy.tiers],
        "kind": [row.id for row in policy.kinds],
        "department": departments,
        "owner": departments,
    }.get(by, [])
    return lambda key: (known.index(key) if key in known else len(known) if key else -1, key)
