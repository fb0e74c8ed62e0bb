"""What is arranged for a visit: meals, rooms, gifts, activities, texts, travel by group, notes and costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

from models.errors import Refused
from models.form import CostEntry, MealEntry, RoomEntry
from models.frozen import record
from models.policy.answer import Answer
from models.policy.model import RETURN_TICKETS, Policy, entry_name, item_name
from models.queries.common import COMING, MET, Ride, called_one, met_by, registered, ride
from models.schema.arrangements import Leg, Resource
from models.schema.store import reading
from models.schema.tables import Expense, Person, Visit
from models.services.cost_check import (
    CostSignature,
    check_costs,
    label_of,
    lacks,
    left_to_someone,
    line_names,
    may_sign,
    missing,
    open_asks,
    signatures,
)
from models.services.displays import WHAT, outdated
from models.services.person_register import person_names
from models.services.phones import Phones
from models.services.rights import ActorContext, acting_posts
from models.services.session import Session
from models.services.visit_form import as_arranged
from models.services.visit_record import VisitRecord
from models.services.visits import company_share
from models.services.whereabouts import due, legs_among, people_in, planned
from models.words import Name, Phrase, alike
from models.words.diets import DietNeed, summed


@record
class MealLine(MealEntry):
    """A meal as it is arranged, with its guests as they are on the form. `when`: its day and hour, as far as that is
    known. `most`: so many companions the policy lets come, None without a limit; `counted`: as it counts them.
    `named`: whether it is known who of the guests sits there. `needs`: what the guests may not eat, of all where it is
    not known who sits there."""

    id: int = 0
    when: datetime | None = None
    name: Name | None = None
    where: Name | None = None
    counted: int = 0
    most: int | None = None
    named: bool = False
    needs: tuple[DietNeed, ...] = ()

    @property
    def over(self) -> bool:
        """Whether more companions sit there than the policy lets."""
        return self.most is not None and self.counted > self.most


@record
class RoomLine(RoomEntry):
    """Rooms as they are arranged."""

    id: int = 0
    name: Name | None = None
    checked_in: datetime | None = None


@record
class GiftLine(CostEntry):
    """A gift, an activity or the like as it is arranged; `undecided`: the standard leaves it to somebody, who is not
    named yet (R93, R94). `when`: its day and hour, as far as that is known."""

    id: int = 0
    when: datetime | None = None
    name: Name = Name.of("")
    undecided: bool = False
    done_at: datetime | None = None
    done_by: str = ""


@record
class TicketLine:
    """A way back for which a ticket is wanted: whose (none: everybody's), by what, when, and what was bought."""

    id: int
    guests: tuple[str, ...]
    number: str
    at: datetime | None
    ticket: str
    bought_at: datetime | None


@record
class TextLine:
    """A text that is shown or set out; `id` 0 where it is not made yet. `outdated`: written by hand for a visit that is
    another since, and to be checked."""

    id: int
    version: int
    what: str
    texts: Mapping[str, str]
    edited: bool
    done_at: datetime | None
    done_by: str
    outdated: bool = False


@record
class DietLine:
    """A guest and what they may not eat; `known` what their client's record says."""

    id: int
    name: str
    diet: str
    known: str


@record
class Arranged:
    """All that is arranged for a visit beside its ways, cars and stages."""

    meals: tuple[MealLine, ...] = ()
    rooms: tuple[RoomLine, ...] = ()
    gifts: tuple[GiftLine, ...] = ()
    tickets: tuple[TicketLine, ...] = ()
    texts: tuple[TextLine, ...] = ()
    diets: tuple[DietLine, ...] = ()


@record
class NamedPlace:
    """A restaurant or hotel of the register; `grade` of the policy's list, `price` a head or a night, minor units."""

    id: int
    name: str
    find: tuple[str, str]
    grade: str | None
    price: int | None
    phone: str


@record
class Offered:
    """What to choose from where something is arranged: places of the register, and people by name."""

    places: tuple[NamedPlace, ...]
    people: tuple[tuple[str, tuple[str, str]], ...]


def arranged(record: VisitRecord) -> Arranged:
    """What is arranged for a visit; inside `reading`."""
    guests = record.guests
    diets = {guest.name: guest.diet for guest in guests if guest.name}
    unnamed = [guest.diet for guest in guests if not guest.name]
    return Arranged(
        meals=_meals(record, diets, unnamed),
        rooms=_rooms(record),
        gifts=_gifts(record),
        tickets=_tickets(record),
        texts=_texts(record),
        diets=_diets(record),
    )


def offered(kind: str) -> Offered:
    """The restaurants (`restaurant`) or hotels (`hotel`) that are in use, and everybody who works here."""
    with reading():
        places = Resource.select().where(Resource.kind == kind, Resource.active)
        people = Person.select().where(Person.active)
        return Offered(
            tuple(
                NamedPlace(each.id, each.name, (each.pinyin, each.initials), each.grade, each.price, each.phone)
                for each in places.order_by(Resource.pinyin, Resource.id)
            ),
            tuple(
                (each.name, (each.pinyin, each.initials)) for each in people.order_by(Person.pinyin, Person.id)
            ),
        )  # fmt: skip


def _meals(record: VisitRecord, diets: Mapping[str, str], unnamed: list[str]) -> tuple[MealLine, ...]:
    policy, rows = record.policy, record.meals
    limits = _limits(record) if rows else {}
    lines = []
    for number, each in enumerate(rows, 1):
        diners = tuple(name for name in each.diners if name in diets)
        sitting = [diets[name] for name in diners] if diners else [*diets.values(), *unnamed]
        most, counted = limits.get(f"meal{number}", (None, each.companions))
        entry = as_arranged("meals", each)
        lines.append(
            MealLine(
                **{**entry, "diners": diners}, id=each.id, when=each.at,
                name=entry_name(policy, "meal", each.meal) if each.meal else None,
                where=entry_name(policy, "venue", each.venue) if each.venue else None,
                counted=counted, most=most, named=bool(diners) or each.guests >= len(sitting),
                needs=summed(sitting, each.diet),
            )
        )  # fmt: skip
    return tuple(sorted(lines, key=lambda line: (line.on, line.at or time.max)))


def _limits(record: VisitRecord) -> dict[str, tuple[int | None, int]]:
    """By the plan's line of a meal: how many companions may come, and how many of those that do count."""
    answer = _answer(record)
    return {line.line: (line.max, line.given) for line in answer.companions.lines} if answer is not None else {}


def _answer(record: VisitRecord) -> Answer | None:
    """What the policy says to the visit; None where it cannot: a draft again, no longer complete, or by a policy that
    cannot be read."""
    try:
        return record.judged()
    except Refused:
        return None


def _rooms(record: VisitRecord) -> tuple[RoomLine, ...]:
    policy, rows = record.policy, sorted(record.lodging, key=lambda each: each.on)
    return tuple(
        RoomLine(
            **as_arranged("lodging", each), id=each.id, checked_in=each.checked_in,
            name=entry_name(policy, "lodging", each.grade) if each.grade else None,
        )
        for each in rows
    )  # fmt: skip


def _gifts(record: VisitRecord) -> tuple[GiftLine, ...]:
    policy, rows = record.policy, record.costs
    answer = _answer(record) if rows else None
    names = person_names([each.done_by_id for each in rows])
    return tuple(
        GiftLine(
            **as_arranged("costs", each), id=each.id, when=each.at, name=item_name(policy, each.item),
            undecided=answer is not None and not each.decided_by and left_to_someone(answer, each.item),
            done_at=each.done_at, done_by=names.get(each.done_by_id, ""),
        )
        for each in rows
    )  # fmt: skip


def _tickets(record: VisitRecord) -> tuple[TicketLine, ...]:
    """The ways back, where tickets are wanted or one was bought."""
    row, rows = record.row, [each for each in record.all_legs if each.way == "departure"]
    return tuple(
        TicketLine(each.id, tuple(each.guests), each.number, due(row, each), each.ticket,
                   each.ticketed_at)
        for each in rows
        if RETURN_TICKETS in row.wants or each.ticket or each.ticketed_at
    )  # fmt: skip


def _texts(record: VisitRecord) -> tuple[TextLine, ...]:
    wrong = outdated(record)
    rows = {each.what: each for each in record.displays}
    names = person_names([each.done_by_id for each in rows.values()])
    return tuple(
        TextLine(
            id=each.id, version=each.version, what=what, texts={"zh": each.zh, "en": each.en}, edited=each.edited,
            done_at=each.done_at, done_by=names.get(each.done_by_id, ""), outdated=wrong.get(what, False),
        )
        if (each := rows.get(what)) is not None
        else TextLine(0, 0, what, {}, edited=False, done_at=None, done_by="")
        for what in WHAT
    )  # fmt: skip


def _diets(record: VisitRecord) -> tuple[DietLine, ...]:
    known = {key: each.diet for key, each in record.client_people.items()}
    return tuple(
        DietLine(guest.id, guest.name or guest.post or guest.address, guest.diet, known.get(alike.key(guest.name), ""))
        for guest in record.guests
    )


# -- travel by group --------------------------------------------------------------------------------------------------


@record
class LegLine:
    """A group on its way here, or away. `own`: the form's, of everybody whom no other leg names; `alone`: there is no
    other one of its way. `planned`, `expected`: local times, the latter where it is another; `people` how many they
    are; `meeter` who is named to meet them or see them off, `met_by` who does; `rides` the cars booked for it."""

    id: int
    way: str
    own: bool
    alone: bool
    state: str
    mode: str
    number: str
    place: str
    terminal: str
    planned: datetime | None
    expected: datetime | None
    guests: tuple[str, ...]
    people: int
    meeter: int | None
    met_by: str
    met_phone: str
    phone: str
    plates: str
    rides: tuple[Ride, ...]
    ticket: str
    ticketed_at: datetime | None

    @property
    def at(self) -> datetime | None:
        """When they are to come or go, as it is known now."""
        return self.expected or self.planned


@record
class Meeter:
    """Somebody who may meet guests: name, phone, pinyin and initials."""

    person: int
    name: str
    phone: str
    find: tuple[str, str]


def leg_lines(record: VisitRecord, phones: Phones) -> tuple[LegLine, ...]:
    """The groups in order, arrivals first; inside `reading`."""
    row, every, people = record.row, record.all_legs, record.register.persons
    legs = legs_among(row, every)
    hosts = tuple(
        called_one(people.get(each.person_id), row.state in COMING) for each in record.parts if each.role == "host"
    )
    names = registered(people.values()) if row.state in COMING else {}
    rides = _rides(record, phones)

    def line(leg: Leg) -> LegLine:
        meeter = people.get(leg.meeter_id)
        return LegLine(
            id=leg.id,
            way=leg.way,
            own=not leg.position,
            alone=sum(each.way == leg.way for each in legs) == 1,
            state=leg.state,
            mode=leg.mode,
            number=leg.number,
            place=leg.place,
            terminal=leg.terminal,
            planned=planned(row, leg),
            expected=leg.expected,
            guests=tuple(leg.guests),
            people=people_in(row, leg, every) or 0,
            meeter=leg.meeter_id,
            met_by=called_one(meeter, row.state in COMING and leg.state not in MET)
            or met_by(record.stages, leg.way == "departure", hosts, names),
            met_phone=phones.on(row.id, meeter.phone, meeter.id) if meeter else "",
            phone=phones.on(row.id, leg.phone),
            plates=leg.plates,
            rides=tuple(rides.get(leg.id, ())),
            ticket=leg.ticket,
            ticketed_at=leg.ticketed_at,
        )

    return tuple(line(leg) for leg in legs)


def _rides(record: VisitRecord, phones: Phones) -> dict[int | None, list[Ride]]:
    """The cars booked for each leg, in order of time."""
    rides: dict[int | None, list[Ride]] = {}
    for each in record.bookings:
        car = record.resource(each) if each.leg_id is not None else None
        if car is not None and car.kind == "car":
            rides.setdefault(each.leg_id, []).append(
                ride(each, car, record.register.persons, record.session.now(), phones)
            )
    return rides


def meeters(session: Session) -> tuple[Meeter, ...]:
    """Everybody who works here."""
    with reading():
        phones = Phones.of(session)
        rows = list(Person.select().where(Person.active).order_by(Person.pinyin, Person.id))
        return tuple(
            Meeter(each.id, each.name, phones.colleague(each.phone, each.id), (each.pinyin, each.initials))
            for each in rows
        )


# -- notes and promises -----------------------------------------------------------------------------------------------


@record
class NoteLine:
    """A remark: when (local time), who, what. A `promise` is open until `kept_at`."""

    id: int
    at: datetime
    who: str
    text: str
    promise: bool
    kept_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether it is a promise that was not kept yet."""
        return self.promise and self.kept_at is None


def notes_of(record: VisitRecord) -> tuple[NoteLine, ...]:
    """The remarks on a visit, the newest first."""
    rows = sorted(record.notes, key=lambda row: (row.at, row.id), reverse=True)
    return tuple(
        NoteLine(row.id, row.at, record.register.name(row.person_id), row.text, row.promise, row.kept_at)
        for row in rows
    )


# -- costs ------------------------------------------------------------------------------------------------------------


@record
class CostLine:
    """A line of costs in minor units. `label` says which meal, grade or whom; `added`: nobody planned it.

    `left_to_someone`: the standard is what somebody sets, who must be named (R93, R94). `lacks`: what is wanted before
    the visit can be closed, by what it is: actual, reason, decided_by, signature. `asked`: the posts any one of which
    is still to sign it.
    """

    id: int
    version: int
    item: Name
    label: Name
    name: Name
    on: date | None
    quantity: Decimal
    cap: int | None
    planned: int | None
    actual: int | None
    over: int
    payer: str
    company: int
    reason: str
    decided_by: str
    receipt: str
    added: bool
    left_to_someone: bool
    lacks: Mapping[str, Phrase]
    signed: tuple[CostSignature, ...]
    may_sign: bool = False
    asked: tuple[str, ...] = ()


def percent_over(line: CostLine) -> str:
    """By how many percent a line costs more than was allowed for it; "" where it does not, or nothing was."""
    allowed = (line.actual or 0) - line.over
    if not line.over or allowed <= 0:
        return ""
    return f"{(Decimal(line.over) * 100 / allowed).quantize(Decimal('0.1')).normalize():f}"


def cost_lines(record: VisitRecord, context: ActorContext) -> tuple[CostLine, ...]:
    """The lines of a visit's costs as the actor of the standing sees them; inside `reading`."""
    row, policy, rows = record.row, record.policy, record.expenses
    if not rows:
        return ()
    names = line_names(policy, rows)
    try:
        found = check_costs(record, rows)
    except Refused:  # a draft again, no longer complete: what was paid is still shown
        return tuple(_cost(each, policy, names[each.id]) for each in rows)
    wanted: dict[int, dict[str, Phrase]] = {}
    for lack in lacks(found, rows):
        wanted.setdefault(lack.expense, {})[lack.what] = lack.text
    posts = acting_posts(context, row)
    asks = {each.id: open_asks(policy, each, found.lines[each.id].asks) for each in rows}
    return tuple(
        replace(
            _cost(each, policy, names[each.id], wanted.get(each.id), left=left_to_someone(found.answer, each.item)),
            may_sign=any(may_sign(policy, posts, ask) for ask in asks[each.id]),
            asked=tuple(dict.fromkeys(post for ask in asks[each.id] for post in ask.posts)),
        )
        for each in rows
    )


def _cost(
    row: Expense, policy: Policy, name: Name, lacking: Mapping[str, Phrase] | None = None, *, left: bool = False
) -> CostLine:
    return CostLine(
        id=row.id,
        version=row.version,
        item=item_name(policy, row.item),
        label=label_of(policy, row.label),
        name=name,
        on=row.on,
        quantity=row.counted,
        cap=row.cap,
        planned=row.planned,
        actual=row.actual,
        over=row.actual_over,
        payer=row.payer,
        company=company_share(row),
        reason=row.reason,
        decided_by=row.decided_by,
        receipt=row.receipt,
        added=row.line is None,
        left_to_someone=left,
        lacks=lacking or {},
        signed=signatures(row),
    )


def lacking(session: Session, expense: int) -> tuple[str, ...]:
    """What a line of costs still lacks: actual, reason, decided_by, signature."""
    with reading():
        row = Expense.get_or_none(Expense.id == expense)
        found = missing(VisitRecord(session, Visit.get_by_id(row.visit_id))) if row is not None else ()
        return tuple(lack.what for lack in found if lack.expense == expense)
