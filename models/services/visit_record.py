"""One visit with all that belongs to it, read once: what every computation on a visit is asked about.

A record shows the visit as it was when it was read: a verb that changed something asks for a new one (`renewed`).
Nothing is written here. Whatever changes a row of a record does so last, and hands the record on renewed. Inside
`reading` or `write`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from models.errors import Refused
from models.form import Form
from models.policy.answer import Answer
from models.policy.case import Case, Hold, People, Request
from models.policy.judge import judge, prepared
from models.policy.model import Policy
from models.policy.programme import Clash, clashes_of, equipment_of, programme, purposes_of, span_of
from models.schema.arrangements import Booking, Cost, Display, Leg, Lodging, Meal, Resource
from models.schema.base import Table
from models.schema.tables import Guest, Stage, Task, Visit, VisitPerson
from models.services import form_rows
from models.services.forms import as_request
from models.services.past import with_history
from models.services.people import Register
from models.services.policies import policy_of
from models.services.session import Session
from models.services.snapshot import unpacked
from models.services.visits import tier_now
from models.services.whereabouts import WAYS, due, legs_among

Row = TypeVar("Row", bound=Table)
Pair = tuple[datetime, datetime]


class Shared:
    """What records of one transaction have in common, read once for all of them: the register, the things that can be
    booked, the visits' policies, and what others hold. A verb changes none of it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.register = Register()
        self.around: dict[frozenset[date], Any] = {}
        """What `holds.rivals` read, by the days it was read for."""
        self._policies: dict[int | None, Policy | Refused] = {}

    @cached_property
    def resources(self) -> Mapping[int | None, Resource]:
        """Every car, room and driver's car of the register, by id."""
        return {each.id: each for each in Resource.select()}

    def policy(self, row: Visit) -> Policy:
        """See `policy_of`."""
        if row.policy_id not in self._policies:
            try:
                self._policies[row.policy_id] = policy_of(self.session, row)
            except Refused as refused:
                self._policies[row.policy_id] = refused
        found = self._policies[row.policy_id]
        if isinstance(found, Refused):
            raise found
        return found


class _Rows:
    """The rows of some visits; each table is read once for all of them, when the first asks for it."""

    def __init__(self, visits: Iterable[int], known: _Rows | None = None, but: Iterable[type[Table]] = ()) -> None:
        self._visits = list(visits)
        self._read: dict[type[Table], dict[int, list[Any]]] = dict(known._read) if known is not None else {}
        for table in but:
            self._read.pop(table, None)

    def of(self, table: type[Row], visit: int) -> tuple[Row, ...]:
        if table not in self._read:
            model: Any = table
            order = [getattr(model, name) for name in _ORDER.get(table, ("position",))]
            found: dict[int, list[Any]] = {}
            for row in model.select().where(model.visit.in_(self._visits)).order_by(*order, model.id):
                found.setdefault(row.visit_id, []).append(row)
            self._read[table] = found
        return tuple(self._read[table].get(visit, ()))


_ORDER: Mapping[type[Table], Sequence[str]] = {Leg: ("way", "position"), Booking: ("starts",), Display: ()}


class VisitRecord:
    """One visit. Rows are those of the store, in the order of the form or of time; `form` is the one that holds: while
    a change of substance is being decided the one that was approved, and not the one asked for (`asked_form`)."""

    def __init__(self, session: Session, row: Visit, shared: Shared | None = None, rows: _Rows | None = None) -> None:
        self.session, self.row = session, row
        self.shared = shared or Shared(session)
        self._rows = rows or _Rows([row.id])

    def renewed(self, *changed: type[Table]) -> VisitRecord:
        """The visit as it is now, with what is read of the register and of other visits. `changed`: the tables of which
        something was written, where nothing else of the visit was (its own row is always as it is)."""
        rows = _Rows([self.row.id], self._rows, changed) if changed else None
        return VisitRecord(self.session, self.row, self.shared, rows)

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

    @cached_property
    def asked_form(self) -> Form:
        """The form as it is stored."""
        return form_rows.form_of(self.row, self.parts, self.all_legs, self.guests, self.meals, self.lodging, self.costs)

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
        return self._answer if form is None and tier is None else judge(*self.question(form, tier))

    @cached_property
    def _answer(self) -> Answer:
        return judge(*self._question)

    @cached_property
    def case(self) -> Case | None:
        """Everything the policy asks about the form that holds; None where it cannot be asked."""
        try:
            return prepared(self.policy, self.request(self.form, self.tier))
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
