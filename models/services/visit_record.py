"""The visit record: one visit with all that belongs to it, read once; costs over a span; numbers of visits.

A record shows the visit as it was when it was read: a verb that changed something asks for a new one (`renewed`).
Nothing is written here. Whatever changes a row of a record does so last, and hands the record on renewed. Inside
`reading` or `write`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from string import Formatter
from typing import Any, TypeVar

from models.errors import Refused
from models.form import Form
from models.policy.answer import Answer
from models.policy.case import Case, Hold, Past, People, Request
from models.policy.judge import judge, prepared
from models.policy.model import Cap, Policy
from models.policy.programme import Clash, clashes_of, equipment_of, programme, purposes_of, span_of
from models.policy.workdays import rolled_back
from models.schema.arrangements import Booking, Cost, Display, Leg, Lodging, Meal, Resource
from models.schema.base import Table
from models.schema.store import last_write, reading
from models.schema.tables import ClientPerson, Expense, Guest, Note, Stage, Task, Visit, VisitPerson
from models.services import visit_form
from models.services.person_register import Register, known_people
from models.services.session import Session, stored_policies
from models.services.visit_form import as_request, known_client, read_form, unpacked
from models.services.visits import tier_now
from models.services.whereabouts import WAYS, due, legs_among

# -- the record -------------------------------------------------------------------------------------------------------

Row = TypeVar("Row", bound=Table)
T = TypeVar("T")
Pair = tuple[datetime, datetime]


class Shared:
    """What records of one transaction have in common, read once for all of them: the register, the things that can be
    booked, the visits' policies, and what others hold. A verb changes none of it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.register = Register()
        self.around: dict[frozenset[date], Any] = {}
        """What `capacity.rivals` read, by the days it was read for."""
        self._followed: dict[int, tuple[object, dict[str, Any]]] = {}
        self._policies: Mapping[int | None, Policy | Refused] = {}
        self._people: dict[int | None, tuple[int, Mapping[str, ClientPerson]]] = {}

    def followed(self, visit: int, key: object) -> dict[str, Any]:
        """What was worked out of a visit's form, by what it is of, as long as `key` says that this is the same."""
        if self._followed.get(visit, (None,))[0] != key:
            self._followed[visit] = (key, {})
        return self._followed[visit][1]

    def people_of(self, client: int | None) -> Mapping[str, ClientPerson]:
        """See `known_people`."""
        known = last_write(ClientPerson)
        if self._people.get(client, (None,))[0] != known:
            self._people[client] = (known, known_people(client) if client is not None else {})
        return self._people[client][1]

    @cached_property
    def resources(self) -> Mapping[int | None, Resource]:
        """Every car, room and driver's car of the register, by id."""
        return {each.id: each for each in Resource.select()}

    def policy(self, row: Visit) -> Policy:
        """See `policy_of`."""
        if row.policy_id not in self._policies:
            self._policies = stored_policies(self.session)
        found = self._policies.get(row.policy_id, self.session.policy)
        if isinstance(found, Refused):
            raise found
        return found

    @property
    def policies(self) -> Mapping[int | None, Policy]:
        """Every version that visits are judged by; in place of one that can no longer be read the one in force."""
        self._policies = self._policies or stored_policies(self.session)
        return {
            number: self.session.policy if isinstance(found, Refused) else found
            for number, found in self._policies.items()
        }


class _Rows:
    """The rows of some visits; each table is read once for all of them, when the first asks for it."""

    def __init__(self, visits: Iterable[int], known: _Rows | None = None) -> None:
        self._visits = list(visits)
        read = known._read.items() if known is not None else ()
        self._read: dict[type[Table], tuple[int, dict[int, list[Any]]]]
        self._read = {table: found for table, found in read if found[0] == last_write(table)}

    def of(self, table: type[Row], visit: int) -> tuple[Row, ...]:
        if table not in self._read:
            model: Any = table
            known = last_write(table)
            order = [getattr(model, name) for name in _ORDER.get(table, ("position",))]
            found: dict[int, list[Any]] = {}
            for row in model.select().where(model.visit.in_(self._visits)).order_by(*order, model.id):
                found.setdefault(row.visit_id, []).append(row)
            self._read[table] = (known, found)
        return tuple(self._read[table][1].get(visit, ()))

    def states(self, tables: Iterable[type[Table]], visit: int) -> tuple[int, ...]:
        """When these tables were read, by the numbers of their last writes."""
        for table in tables:
            self.of(table, visit)
        return tuple(self._read[table][0] for table in tables)


_FORM = (VisitPerson, Leg, Guest, Meal, Lodging, Cost)
"""The tables that the form is kept in, beside the visit's own row."""
_BESIDE = frozenset(["version", "changed_utc", "total", "late", "comes", "goes", "owner", "coordinator"])
"""Columns of that row of which neither the form nor what the policy says to it depends."""
_ORDER: Mapping[type[Table], Sequence[str]] = {Leg: ("way", "position"), Booking: ("starts",), Display: (), Note: ()}


class VisitRecord:
    """One visit. Rows are those of the store, in the order of the form or of time; `form` is the one that holds: while
    a change of substance is being decided the one that was approved, and not the one asked for (`asked_form`)."""

    def __init__(self, session: Session, row: Visit, shared: Shared | None = None, rows: _Rows | None = None) -> None:
        self.session, self.row = session, row
        self.shared = shared or Shared(session)
        self._rows = rows or _Rows([row.id])

    def renewed(self) -> VisitRecord:
        """The visit as it is now, with what is read of the register and of other visits: tables to which something was
        written since are read again (its own row is always as it is)."""
        return VisitRecord(self.session, self.row, self.shared, _Rows([self.row.id], self._rows))

    # -- what is stored ------------------------------------------------------------------------------------

    @property
    def policy(self) -> Policy:
        """The visit's own, or the one in force where that can no longer be read."""
        try:
            return self.shared.policy(self.row)
        except Refused:
            return self.session.policy

    @property
    def own_policy(self) -> Policy:
        """The visit's own; Refused where it can no longer be read."""
        return self.shared.policy(self.row)

    @property
    def register(self) -> Register:
        """Everybody who works here."""
        return self.shared.register

    @property
    def guests(self) -> tuple[Guest, ...]:
        """The guests who are listed."""
        return self._rows.of(Guest, self.row.id)

    @property
    def parts(self) -> tuple[VisitPerson, ...]:
        """Ours who have a part in the visit."""
        return self._rows.of(VisitPerson, self.row.id)

    @property
    def all_legs(self) -> tuple[Leg, ...]:
        """How the guests come and go, empty groups among them."""
        return self._rows.of(Leg, self.row.id)

    @property
    def meals(self) -> tuple[Meal, ...]:
        """Its meals."""
        return self._rows.of(Meal, self.row.id)

    @cached_property
    def meals_by_id(self) -> Mapping[int | None, Meal]:
        """Its meals by their ids, as stages name them."""
        return {meal.id: meal for meal in self.meals}

    @property
    def lodging(self) -> tuple[Lodging, ...]:
        """Its rooms for the night."""
        return self._rows.of(Lodging, self.row.id)

    @property
    def costs(self) -> tuple[Cost, ...]:
        """Gifts, activities and other costs."""
        return self._rows.of(Cost, self.row.id)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Its stages, those that do not apply among them."""
        return self._rows.of(Stage, self.row.id)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Its tasks, without those that are gone."""
        return tuple(task for task in self._rows.of(Task, self.row.id) if task.state != "gone")

    @property
    def bookings(self) -> tuple[Booking, ...]:
        """What is booked, in order of time."""
        return self._rows.of(Booking, self.row.id)

    @property
    def displays(self) -> tuple[Display, ...]:
        """The texts that are shown or set out."""
        return self._rows.of(Display, self.row.id)

    @property
    def expenses(self) -> tuple[Expense, ...]:
        """The lines of its costs, planned and paid."""
        return self._rows.of(Expense, self.row.id)

    @property
    def notes(self) -> tuple[Note, ...]:
        """The remarks on it."""
        return self._rows.of(Note, self.row.id)

    @property
    def client_people(self) -> Mapping[str, ClientPerson]:
        """The people of its client, by the keys of their names."""
        return self.shared.people_of(self.row.client_id)

    def resource(self, booking: Booking) -> Resource | None:
        """The car or room that is booked."""
        return self.shared.resources.get(booking.resource_id) if booking.resource_id is not None else None

    @property
    def rooms(self) -> Mapping[int | None, str]:
        """The names of the rooms of the register, by id."""
        return {each.id: each.name for each in self.shared.resources.values() if each.kind == "room"}

    def driver(self, booking: Booking) -> int | None:
        """Who drives what is booked: somebody else than who always does, or that one."""
        car = self.resource(booking)
        return booking.driver_id or (car.driver_id if car is not None and car.kind == "car" else None)

    # -- what follows from it ------------------------------------------------------------------------------

    def _once(self, what: str, make: Callable[[], T]) -> T:
        """What follows from the form alone: worked out again only where that is another than in the record before."""
        data = {name: value for name, value in self.row.__data__.items() if name not in _BESIDE}
        known = self.shared.followed(self.row.id, (self._rows.states(_FORM, self.row.id), data))
        if what not in known:
            known[what] = make()
        found: T = known[what]
        return found

    @cached_property
    def asked_form(self) -> Form:
        """The form as it is stored."""
        lists = (self.guests, self.meals, self.lodging, self.costs)
        return self._once("form", lambda: visit_form.form_of(self.row, self.parts, self.all_legs, *lists))

    @cached_property
    def form(self) -> Form:
        """The form that holds."""
        return unpacked(self.row.before) if self.row.before is not None else self.asked_form

    @property
    def tier(self) -> str | None:
        """The tier that holds."""
        return self.form.tier if self.row.before is not None else tier_now(self.row)

    @property
    def hosts(self) -> tuple[int, ...]:
        """The lead hosts that hold."""
        return self.form.hosts

    def people(self, form: Form) -> People:
        """Who holds the policy's posts today, for `judge`; a form says who is named for one, and who asks."""
        return self.register.people(self.policy, self.session.now().date(), form.applicant, form.per_visit)

    @property
    def sitting(self) -> int | None:
        """How many sit in a room: the guests, as cars count them also while another number is being decided, and those
        of ours who receive them; None where nobody knows how many guests come."""
        guests = self.row.headcount
        return guests + len({*self.form.hosts, *self.form.companions}) if guests is not None else None

    @cached_property
    def legs(self) -> list[Leg]:
        """The groups in which the guests come and go, in order of time; who does not come any more is not among
        them."""
        return [leg for leg in legs_among(self.row, self.all_legs) if leg.state != "no_show"]

    # -- what the policy says to it ------------------------------------------------------------------------

    def request(self, form: Form, tier: str | None) -> Request:
        """A form of this visit as a request to its policy at a tier, with the time of its submission; Refused where
        fields are missing."""
        asked_at = self.row.submitted_at or self.session.now()
        return as_request(self.policy, form, requested_at=asked_at, tier=tier, register=self.register)

    def question(self, form: Form | None = None, tier: str | None = None) -> tuple[Policy, Request, People]:
        """What `judged` asks: of which policy, what, and who holds its posts. Refused as there."""
        return self._question if form is None and tier is None else self._asked(form or self.asked_form, tier)

    @cached_property
    def _question(self) -> tuple[Policy, Request, People]:
        return self._asked(self.asked_form, None)

    def _asked(self, form: Form, tier: str | None) -> tuple[Policy, Request, People]:
        policy = self.own_policy
        request = self.request(form, tier or tier_now(self.row))
        request = replace(request, reasons={**request.reasons, **self.row.reasons})
        return policy, with_history(policy, request, self.row.id), self.people(form)

    def judged(self, form: Form | None = None, tier: str | None = None) -> Answer:
        """What the visit's policy says to it, or to `form` in its place, at `tier` or the tier in force.

        Refused where fields are missing, or the policy's text cannot be read.
        """
        own = form in (None, self.asked_form) and tier in (None, tier_now(self.row))
        return self._answer if own else judge(*self.question(form, tier))

    @cached_property
    def _answer(self) -> Answer:
        return self._once("answer", lambda: judge(*self._question))

    @cached_property
    def case(self) -> Case | None:
        """Everything the policy asks about the form that holds; None where it cannot be asked."""
        try:
            return self._once("case", lambda: prepared(self.policy, self.request(self.form, self.tier)))
        except Refused:
            return None

    @cached_property
    def timed_stages(self) -> list[tuple[str, datetime]]:
        """The stages that apply and have a time: as planned, else as the policy proposes. One that there is for each
        meal has several."""
        if self.stages:
            applies = [(row.stage, row.at) for row in self.stages if row.state != "not_applicable"]
            return sorted([(stage, at) for stage, at in applies if at is not None], key=lambda each: each[1])
        found = programme(self.case) if self.case is not None else ()
        return [(stage.id, stage.at) for stage in found if stage.applies and stage.at is not None]

    def times(self, purpose: str) -> list[tuple[Leg | None, datetime]]:
        """When a purpose (arrival, departure or a stage) is: of each group of guests for itself."""
        if purpose not in WAYS:
            return [(None, at) for stage, at in self.timed_stages if stage == purpose]
        timed = [(leg, due(self.row, leg)) for leg in self.legs if leg.way == purpose]
        found: list[tuple[Leg | None, datetime]] = [(leg, at) for leg, at in timed if at is not None]
        at = self.form.arrive if purpose == "arrival" else self.form.depart
        known = any(leg.way == purpose for leg in self.all_legs)
        return found if known else ([(None, at)] if at is not None else [])

    def purposes(self, thing: str) -> tuple[str, ...]:
        """For what such a thing is held."""
        return purposes_of(self.case, thing) if self.case is not None else ()

    def span(self, thing: str, purpose: str, at: datetime) -> Pair | None:
        """From when until when it is held for a purpose at that time."""
        return span_of(self.case, thing, purpose, at) if self.case is not None else None

    def needs(self, starts: datetime, ends: datetime, stage: str | None = None) -> frozenset[str]:
        """What a room must have that is held so long: what its stage needs, and those that fall in wholly."""
        if self.case is None:
            return frozenset()
        wanted = {stage} if stage is not None else set()
        for each, at in self.timed_stages:
            span = self.span("room", each, at)
            if span is not None and starts <= span[0] and span[1] <= ends:
                wanted.add(each)
        return frozenset(item for each in wanted for item in equipment_of(self.case, each))

    def clashes(self, hold: Hold, others: Iterable[Hold]) -> tuple[Clash, ...]:
        """All that clashes with a hold of this visit."""
        return clashes_of(self.case, hold, others) if self.case is not None else ()


def records(session: Session, rows: Iterable[Visit], shared: Shared | None = None) -> dict[int, VisitRecord]:
    """The records of some visits by id, each table read once for all of them."""
    found = list(rows)
    shared = shared or Shared(session)
    read = _Rows([row.id for row in found])
    return {row.id: VisitRecord(session, row, shared, read) for row in found}


# -- costs over a span ------------------------------------------------------------------------------------------------

COUNTED = ("approved", "under_way", "done", "closed", "no_show")


def with_history(policy: Policy, request: Request, visit: int | None = None) -> Request:
    """The request with what was spent on other visits than `visit` as far as its caps look back; nothing is read where
    none does. What was paid counts, as long as that is not known what is planned; not what the guests pay (R75)."""
    caps = [cap for cap in policy.caps if cap.count_over]
    if not caps:
        return request
    with reading():
        found = [_Other(policy, caps, row) for row in _visits(policy, request, caps, visit)]
        past = tuple(each for other in found for each in other.spent())
    return replace(request, history=past)


def _visits(policy: Policy, request: Request, caps: Sequence[Cap], visit: int | None) -> Iterable[Visit]:
    days = Case(policy, request).days
    first = min(rolled_back(request.arrive.date(), cap.count_over, days) for cap in caps if cap.count_over)
    last = datetime.combine(request.depart.date() + timedelta(days=1), time())
    arranged = Visit.state.in_(COUNTED) | ((Visit.state == "submitted") & Visit.before.is_null(False))
    near = (Visit.goes >= datetime.combine(first, time())) & (Visit.comes < last)
    rows = Visit.select().where(arranged & near, Visit.id != (visit or 0))
    if all("client" in cap.count_by for cap in caps):
        known = known_client(request.client)
        rows = rows.where(Visit.client == (known.id if known else None))
    return list(rows.order_by(Visit.comes, Visit.id))


@dataclass
class _Other:
    """Another visit, by what caps ask about it."""

    policy: Policy
    caps: Sequence[Cap]
    row: Visit

    def spent(self) -> list[Past]:
        """Its lines under these caps, as far as the company pays them."""
        items = {item for cap in self.caps for item in cap.items}
        lines: Any = Expense.select().where(Expense.visit == self.row.id, Expense.item.in_(items))
        return [self._past(line) for line in lines.order_by(Expense.position) if not _by_others(line)]

    def _past(self, line: Expense) -> Past:
        whom = line.label if (line.line or "").startswith("cost") else ""
        meals = {entry.id for entry in self.policy.lists.get("meal", ())}
        arrive = self.row.comes
        assert arrive is not None  # it was asked for by its days
        return Past(
            on=line.on or arrive.date(),
            client=self.row.client_name,
            guest=whom,
            department=self.department,
            item=line.item,
            meal=line.label if line.label in meals else None,
            amount=_company(line),
            guests=() if whom else self.guests,
            persons=1 if whom else max(1, self.row.headcount or 1),
        )

    @cached_property
    def guests(self) -> tuple[str, ...]:
        """Who came by name, where some cap counts by guest."""
        if not any("guest" in cap.count_by for cap in self.caps):
            return ()
        rows = Guest.select().where(Guest.visit == self.row.id, Guest.name != "", Guest.counts)
        return tuple(row.name for row in rows.order_by(Guest.position))

    @cached_property
    def department(self) -> str | None:
        """Whose visit it was, where some cap counts by department: its own, else that of who asked for it."""
        if self.row.department or not any("department" in cap.count_by for cap in self.caps):
            return self.row.department
        asked = self.row.submitted_at or self.row.comes
        try:
            assert asked is not None  # it has days
            form = read_form(self.row)
            tier = self.row.tier or self.row.proposed_tier
            return Case(self.policy, as_request(self.policy, form, requested_at=asked, tier=tier)).department()
        except Refused:
            return None


def _by_others(line: Expense) -> bool:
    over = line.planned_over if line.actual is None else line.actual_over
    return line.payer != "company" and not over


def _company(line: Expense) -> int:
    """What of a line the company pays: as paid, else as planned."""
    amount, over = (line.planned, line.planned_over) if line.actual is None else (line.actual, line.actual_over)
    return (amount or 0) - (over if line.payer != "company" else 0)


# -- numbers of visits ------------------------------------------------------------------------------------------------


def next_number(form: str, year: int) -> str:
    """The next free number of `year` in a format such as `{year}-{n:04}`; inside a write transaction only."""
    pattern = re.compile(_pattern(form, year))
    start = form[: form.index("{n")].replace("{year}", str(year))
    rows: Any = Visit.select(Visit.number).where(Visit.number.startswith(start)).tuples()
    used = [int(found[1]) for (number,) in rows if (found := pattern.fullmatch(number))]
    return form.format(year=year, n=max(used, default=0) + 1)


def _pattern(form: str, year: int) -> str:
    parts = []
    for text, field, _, _ in Formatter().parse(form):
        parts.append(re.escape(text))
        if field is not None:
            parts.append(r"0*(\d+)" if field == "n" else str(year))
    return "".join(parts)


def moment(at: datetime | None) -> str:
    """A local time as it is said in every language."""
    return f"{at:%m-%d %H:%M}" if at else ""


def until(starts: datetime, ends: datetime) -> str:
    """When something ends that begins then (local times): on the same day the hour is enough."""
    return f"{ends:%H:%M}" if starts.date() == ends.date() else moment(ends)


def span(starts: datetime, ends: datetime) -> str:
    """From when until when, as it is said in every language."""
    return f"{moment(starts)}-{until(starts, ends)}"
