"""Which phone numbers the actor sees whole, by the right `phones`; all others are masked where they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from models.policy.model import Policy
from models.policy.right import ANYBODY, holders_of, rows_for
from models.schema.arrangements import Booking, Resource
from models.schema.tables import Visit, VisitPerson
from models.services.rights import ActorContext, department_posts, refusal_code, refusals
from models.services.session import Session
from models.words import Phrase
from models.words.mask import mask, mask_numbers

if TYPE_CHECKING:
    from models.form import Form

T = TypeVar("T")


class Phones:
    """Of these visits, of the register, and of clients; inside `reading` or `write`. Alone with one's own file all are
    seen. `whole`: so they are on what is read away from the screen by whoever drives or takes over."""

    def __init__(self, context: ActorContext, *, whole: bool = False) -> None:
        self.context, self._whole = context, whole

    @classmethod
    def of(cls, session: Session) -> Phones:
        """Of the register and of clients alone."""
        return cls(ActorContext(session, ()))

    @cached_property
    def every(self) -> bool:
        """Whether the actor sees all of them, whatever the visit is."""
        session = self.context.session
        if self._whole or not session.office:
            return True
        if not self.context.registered:
            return False
        rows = [row for row in rows_for(session.policy, "phones") if not row.when]
        named = holders_of(session.policy, "phones", on_visits=True)
        return any(ANYBODY in row.by for row in rows) or not self.context.posts.isdisjoint(named)

    @cached_property
    def _visits(self) -> frozenset[int]:
        rows = self.context.rows
        seen = {row.id for row in rows if refusals(self.context, row, ("phones",))["phones"] is None}
        return frozenset(seen | self._driven({row.id for row in rows} - seen))

    def _driven(self, visits: set[int]) -> set[int]:
        """Those of these visits for which the actor drives: a driver must be able to call the guests."""
        person = self.context.person
        if person is None or not visits:
            return set()
        rows: Any = Booking.select(Booking.visit).join(Resource).where(Booking.visit.in_(visits), driven_by(person))
        return {visit for (visit,) in rows.distinct().tuples()}

    @cached_property
    def _register(self) -> bool:
        return refusal_code(self.context.session, "people") is None

    @cached_property
    def clients(self) -> frozenset[int]:
        """The clients with a visit that the actor has to do with: who asked for it, looks after it, is named on it, or
        works in the department that owns it."""
        context, policy = self.context, self.context.session.policy
        own = [
            each.id
            for each in policy.departments
            if not context.posts.isdisjoint(department_posts(policy, each.id, lasting=True))
        ]
        named = VisitPerson.select(VisitPerson.visit).where(VisitPerson.person == context.person)
        ours: Any = (Visit.applicant == context.person) | (Visit.coordinator == context.person)
        ours = ours | Visit.owner.in_(own) | Visit.id.in_(named)
        rows: Any = Visit.select(Visit.client).where(Visit.client.is_null(False), ours).distinct().tuples()
        return frozenset(client for (client,) in rows)

    def on(self, visit: int | None, phone: str, person: int | None = None) -> str:
        """A number on a visit, `person`'s where it is a colleague's."""
        seen = self.every or self._own(person) or visit in self._visits
        return phone if seen or not phone else mask(phone)

    def form(self, visit: int | None, form: Form) -> Form:
        """A form with the numbers of its guests."""
        seen = tuple(replace(each, phone=self.on(visit, each.phone)) for each in form.guests)
        return form if seen == form.guests else replace(form, guests=seen)

    def colleague(self, phone: str, person: int | None) -> str:
        """The number of one of the register: everybody sees their own, who keeps the register all of them."""
        return phone if not phone or self.every or self._own(person) or self._register else mask(phone)

    def client(self, client: int | None, phone: str) -> str:
        """The number of somebody of a client."""
        return phone if not phone or self.every or client in self.clients else mask(phone)

    def about(self, visit: int | None, value: T) -> T:
        """What is known of a visit, with the numbers masked that stand in its texts."""
        return value if self.every or visit in self._visits else _masked(value)

    def _own(self, person: int | None) -> bool:
        return person is not None and person == self.context.person


def driven_by(person: int) -> Any:
    """What holds of the bookings, joined with what is booked, that somebody drives: named for it, or the car's own."""
    return (Booking.driver == person) | (Booking.driver.is_null() & (Resource.driver == person))


def _masked(value: Any) -> Any:
    """A frozen value with every text in it masked; the regulation, which is everybody's, stays as it is."""
    if isinstance(value, str):
        return mask_numbers(value)
    if isinstance(value, Phrase):
        return Phrase(value.key, _masked(value.facts))
    if isinstance(value, tuple):
        return tuple(map(_masked, value))
    if isinstance(value, Mapping):
        return {key: _masked(each) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, (type, Policy)):
        own = {each.name: getattr(value, each.name) for each in fields(value) if each.init}
        changed = {name: new for name, each in own.items() if (new := _masked(each)) != each}
        return replace(value, **changed) if changed else value
    return value
