"""The form of a visit: between the store's rows, the policy's request and JSON, and the choices of each field."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from models.errors import Refused
from models.form import BESIDE, FORM, LEG, ROWS, Form, FormGuest, FormLeg, FormMeal
from models.policy import case
from models.policy.case import PAYERS, Fields, FieldSpec, PlannedCost, PlannedLodging, Request
from models.policy.model import ITEMS, Policy, known_item
from models.schema import arrangements, tables
from models.schema.base import Table, database
from models.schema.base import allowed as words_of
from models.schema.store import reading
from models.schema.tables import Client, Visit, VisitPerson
from models.services import validate, whereabouts
from models.services.person_register import Register, client_columns, guest_names, require_registered
from models.services.whereabouts import note_times
from models.words import Name, alike, clean

Row = dict[str, Any]
ROLES = {"hosts": "host", "companions": "companion", "diners": "diner"}
"""Fields of the form that list people, and their role in the store; any other role is a post named per visit."""

TABLES: dict[str, type[Table]] = {
    "guests": tables.Guest,
    "meals": arrangements.Meal,
    "lodging": arrangements.Lodging,
    "costs": arrangements.Cost,
}
"""The tables of the form, and what they are stored in."""

OF_FORM: dict[type[Table], Sequence[str]] = {
    **{table: list(ROWS[name]) for name, table in TABLES.items()},
    VisitPerson: ("person", "role"),
}
"""The columns that are the form's; the others belong to what is arranged."""
_ALIKE: dict[type[Table], Sequence[Sequence[str]]] = {
    tables.Guest: [("name",)],
    arrangements.Meal: [("on", "meal"), ("meal",), ()],
    arrangements.Lodging: [("on", "grade"), ("on",), ()],
    arrangements.Cost: [("item", "to"), ("item",)],
}
"""Columns by which a row is taken for the same one that was changed, round by round."""

_OWN = {name: field for name, field in FORM.items() if name != "tier"}
"""The fields that the visit has under the same name."""
_AS_THEY_ARE = ("arrive", "depart", "dining", "other", "other_from", "other_until")
_MAPPINGS = ("scores", "reasons", "raw", "fields")


def read(visit: Visit) -> Form:
    """The form of a visit."""
    leg = arrangements.Leg
    own = list(leg.select().where(leg.visit == visit.id, leg.position == 0))
    return _form(visit, own, _rows(VisitPerson, visit), *[_rows(table, visit) for table in TABLES.values()])


def form_of(
    visit: Visit, parts: Iterable[VisitPerson], legs: Iterable[arrangements.Leg], *lists: Iterable[Table]
) -> Form:
    """The form of a visit of which all is read already; `lists`: its guests, meals, lodging and costs."""
    people = [{"person": each.person_id, "role": each.role} for each in parts]
    read = [[{name: _whole(getattr(row, name)) for name in OF_FORM[type(row)]} for row in rows] for rows in lists]
    return _form(visit, [leg for leg in legs if not leg.position], people, *read)


def _form(
    visit: Visit,
    own: Iterable[arrangements.Leg],
    people: list[Row],
    guests: list[Row],
    meals: list[Row],
    lodging: list[Row],
    costs: list[Row],
) -> Form:
    legs = {row.way: FormLeg(row.mode, row.number, row.place, row.planned, row.plates) for row in own}
    fields: Row = {field: getattr(visit, field) for field in _AS_THEY_ARE}
    fields |= {field: _whole(getattr(visit, field)) for field in _OWN}
    fields |= {field: {key: value_of(value) for key, value in getattr(visit, field).items()} for field in _MAPPINGS}
    fields |= {field: tuple([row["person"] for row in people if row["role"] == role]) for field, role in ROLES.items()}
    return Form(
        **fields,
        tier=visit.proposed_tier,
        client=visit.client_name,
        client_id=visit.client_id,
        applicant=visit.applicant_id,
        headcount=visit.headcount,
        lodged=visit.lodging,
        arrangements=visit.arrangements,
        arrival=legs.get("arrival", FormLeg()),
        departure=legs.get("departure", FormLeg()),
        guests=tuple([FormGuest(**row) for row in guests]),
        meals=tuple([FormMeal(**row) for row in meals]),
        lodging=tuple([PlannedLodging(**row) for row in lodging]),
        costs=tuple([PlannedCost(**row) for row in costs]),
        per_visit={row["role"]: row["person"] for row in people if row["role"] not in ROLES.values()},
    )


def save(visit: Visit, form: Form) -> None:
    """Store the form with a visit that has its row already, and save the row."""
    _known_people(form)
    was = {"arrival": visit.arrive, "departure": visit.depart}
    for name, value in _columns(form).items():
        setattr(visit, name, value)
    visit.save()
    guests = whereabouts.listed(visit.id)
    for field, table in TABLES.items():
        _replace(table, visit, [_cleaned(row, ROWS[field]) for row in getattr(form, field)])
    _hours(visit)
    whereabouts.follow(visit, guests)
    _replace(VisitPerson, visit, _parts(form))
    now = {"arrival": visit.arrive, "departure": visit.depart}
    moved = {way: now[way] != was[way] for way in now}
    _legs(visit, {"arrival": form.arrival, "departure": form.departure}, moved)
    _groups(visit, was, now)
    note_times(visit)


def _columns(form: Form) -> Row:
    client = validate.line("client", form.client)
    return {
        "proposed_tier": _clean(FORM["tier"], form.tier),
        "client_name": client,
        "client": known_client(client),
        "applicant": form.applicant,
        "headcount": validate.number("headcount", form.headcount),
        "lodging": form.lodged,
        "arrangements": validate.text("arrangements", form.arrangements),
        **_cleaned(form, _OWN),
        **{field: getattr(form, field) for field in _AS_THEY_ARE},
        **{field: _mapping(field, getattr(form, field)) for field in _MAPPINGS},
    }


def known_client(name: str) -> Client | None:
    """The client of that name, however it is written; the one written so where two were entered in former times."""
    if not name:
        return None
    return Client.get_or_none(Client.name == name) or Client.get_or_none(Client.key == alike.key(name))


def of_form(table: str, row: object) -> Row:
    """What the form says of a row of a table of its own, cleaned."""
    return {name: _whole(value) for name, value in _cleaned(row, ROWS[table]).items()}


def beside_form(table: str, row: Any, guests: Iterable[tables.Guest]) -> Row:
    """What is arranged of such a row beside the form, as its columns keep it; `guests` are the visit's."""
    kept = _cleaned(row, BESIDE[table])
    for name, field in BESIDE[table].items():
        if field.kind == "names":
            kept[name] = guest_names(guests, kept[name])
        elif field.kind == "time":
            kept[name] = datetime.combine(row.on, kept[name]) if row.on and kept[name] is not None else None
    return kept


def as_arranged(table: str, row: Table) -> Row:
    """All that is arranged of a stored row of a table of the form, by field; a time is one of its day."""
    values = {name: _whole(getattr(row, name)) for name in (*ROWS[table], *BESIDE[table])}
    times = {name for name, field in BESIDE[table].items() if field.kind == "time"}
    return {name: value.time() if name in times and value else value for name, value in values.items()}


def _cleaned(row: object, fields: Fields) -> Row:
    """The values of a row of the form as its columns keep them; Refused names the field that is over its limits."""
    return {name: _clean(field, getattr(row, name)) for name, field in fields.items()}


def _clean(field: FieldSpec, value: Any) -> Any:
    match field.kind:
        case "line" | "choice" | "place":
            return None if value is None else validate.line(field.label, value)
        case "count":
            return validate.number(field.label, value)
        case "money":
            return validate.number(field.label, value, high=validate.MONEY)
        case "quantity":
            return validate.quantity(value)
        case "posts" | "choices":
            validate.rows(field.label, len(value))
            return [validate.line(field.label, post) for post in value]
        case "people":
            return list(value)
    return value


def _whole(value: Any) -> Any:
    """A value of the store as the form has it: a list is a tuple there."""
    return tuple(value) if isinstance(value, list) else value


def _parts(form: Form) -> list[Row]:
    """Everybody's part in the visit, in the order of the form."""
    listed = [(person, role) for field, role in ROLES.items() for person in dict.fromkeys(getattr(form, field))]
    named = [(person, post) for post, person in form.per_visit.items()]
    return [{"person": person, "role": role} for person, role in [*listed, *named]]


def _known_people(form: Form) -> None:
    """Refused when the form names somebody the register does not have."""
    listed = [person for field in ROLES for person in getattr(form, field)]
    listed += [person for meal in form.meals for person in meal.ours]
    require_registered([*listed, *form.per_visit.values(), *([] if form.applicant is None else [form.applicant])])


def _legs(visit: Visit, legs: Mapping[str, FormLeg], moved: Mapping[str, bool]) -> None:
    """Kept in their rows where they are already: how far the guests have come is not the form's to say. What was
    expected in place of a time that the form changes is expected no more."""
    table = arrangements.Leg
    for way, leg in legs.items():
        values = {**_cleaned(leg, LEG), "planned": leg.at}
        row = table.get_or_none(table.visit == visit.id, table.way == way, table.position == 0)
        if row is None:
            table.insert(visit=visit.id, way=way, **values).execute()
            continue
        if moved[way] or row.planned != leg.at:
            values["expected"] = None
        if any(getattr(row, name) != value for name, value in values.items()):
            table.update(**values).where(table.id == row.id).execute()


def _groups(visit: Visit, was: Mapping[str, datetime | None], now: Mapping[str, datetime | None]) -> None:
    """The hours typed for groups that come or go on their own are those of a day of the visit, to whatever day it
    moves; who is here already, or has left, stays."""
    table = arrangements.Leg
    for way in now:
        old, new = was[way], now[way]
        if old is None or new is None or old.date() == new.date():
            continue
        by = new.date() - old.date()
        waiting = table.state.in_(["planned", "on_way"])
        for row in table.select().where(table.visit == visit.id, table.way == way, table.position > 0, waiting):
            row.planned, row.expected = row.planned and row.planned + by, row.expected and row.expected + by
            row.save()


def _hours(visit: Visit) -> None:
    """The hour of a meal or an activity is one of its day, to whatever day it moves."""
    for table in (arrangements.Meal, arrangements.Cost):
        for row in table.select().where(table.visit == visit.id, table.at.is_null(False)):
            at = datetime.combine(row.on, row.at.time()) if row.on and row.at else None
            if at != row.at:
                table.update(at=at).where(table.id == row.id).execute()


def _rows(table: type[Table], visit: Visit) -> list[Row]:
    """A visit's rows of a table, in order, with the columns that are the form's."""
    sql, fields = _asking(table)
    rows = database.execute_sql(sql, (visit.id,)).fetchall()
    return [
        {name: _whole(read_value(value)) for (name, read_value), value in zip(fields, row, strict=True)} for row in rows
    ]


@cache
def _asking(table: type[Table]) -> tuple[str, list[tuple[str, Callable[[Any], Any]]]]:
    """The question for them, and how each value is read. Written once: a form is read for every visit that is near
    another, and making the question anew took longer than the answer."""
    fields = [(name, table._meta.fields[name]) for name in OF_FORM[table]]
    columns = ", ".join(f'"{field.column_name}"' for _, field in fields)
    sql = f'SELECT {columns} FROM "{table._meta.table_name}" WHERE "visit_id" = {database.param} ORDER BY "position"'
    return sql, [(name, field.python_value) for name, field in fields]


def _replace(table: type[Table], visit: Visit, wanted: Sequence[Row]) -> None:
    """Make these the visit's rows. One that is there already keeps its row, and with it what is not the form's."""
    validate.rows(table._meta.table_name, len(wanted))
    model: Any = table
    had = list(model.select().where(model.visit == visit.id).order_by(model.position).dicts())
    found: dict[int, Row] = {}
    for names in (tuple(OF_FORM[table]), *_ALIKE.get(table, ())):
        for position, row in enumerate(wanted):
            like = next((old for old in had if all(old[name] == row[name] for name in names)), None)
            if position not in found and like is not None:
                found[position] = like
                had.remove(like)
    if had:
        model.delete().where(model.id.in_([row["id"] for row in had])).execute()
    for position, row in enumerate(wanted):
        if position not in found:
            model.insert(visit=visit.id, position=position, **row).execute()
        elif any(found[position][name] != value for name, value in {**row, "position": position}.items()):
            model.update(position=position, **row).where(model.id == found[position]["id"]).execute()


def _mapping(field: str, values: Mapping[str, object]) -> Row:
    validate.rows(field, len(values))
    return {validate.line(field, key): stored_value(field, value) for key, value in values.items()}


def stored_value(field: str, value: object) -> object:
    """A value of a mapping as JSON has it, cleaned: dates and decimals with their type beside them."""
    if isinstance(value, str):
        return validate.text(field, value)
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"number": str(value)}
    if isinstance(value, (list, tuple)):
        return [stored_value(field, item) for item in value]
    return value


def value_of(stored: object) -> object:
    """The value that `stored_value` gave."""
    if isinstance(stored, dict) and "date" in stored:
        return date.fromisoformat(stored["date"])
    if isinstance(stored, dict) and "number" in stored:
        return Decimal(stored["number"])
    if isinstance(stored, list):
        return tuple([value_of(item) for item in stored])
    return stored


# -- the form in the store, and as a request (R99 to R111) ------------------------------------------------------------


class Incomplete(Refused):
    """What the policy must know is not filled in: `fields`, names of the form's fields in its order."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__("incomplete", fields=validate.labels(fields))
        self.fields = tuple(fields)


def read_form(visit: Visit) -> Form:
    """The form as stored with this visit."""
    with reading():
        return read(visit)


def write_form(policies: Sequence[Policy], visit: Visit, form: Form) -> None:
    """Store the form with this visit, cleaned; inside a write transaction. The row is saved, `version` is the caller's.

    Refused names the field that is too long or out of range, or chooses what none of these policies knows, or a person
    the register does not have.
    """
    require_known(policies, form, lambda: read(visit))
    save(visit, form)


def keep_client(visit: Visit) -> None:
    """Enter the visit's client among the known ones, where it is not yet; inside a write transaction. The row is the
    caller's to save."""
    if visit.client_id is None and visit.client_name:
        visit.client = known_client(visit.client_name) or Client.create(**client_columns(visit.client_name))


def as_request(
    policy: Policy, form: Form, *, requested_at: datetime, tier: str | None = None, register: Register | None = None
) -> Request:
    """The form as the policy is asked, at `tier` or the form's; hosts and who dines of ours by their posts.

    `register`: where it has been read already. Raises Incomplete when the policy cannot be asked yet. Meals and lodging
    count only where their box is ticked.
    """
    with reading():
        return _request(policy, known_to(policy, form), requested_at, tier, register or Register())


def _request(policy: Policy, form: Form, requested_at: datetime, tier: str | None, register: Register) -> Request:
    kind = form.kind or (policy.kinds[0].id if len(policy.kinds) == 1 else None)
    tier = tier or form.tier
    arrive, depart = form.arrive, form.depart
    missing = _missing(policy, form, kind, tier, requested_at.date(), register)
    if missing or not (kind and form.headcount and arrive and depart):
        raise Incomplete(missing)
    day = arrive.date()
    posts = posts_held(policy, form, [*[who for meal in form.meals for who in meal.ours], *form.hosts], day, register)
    meals = [
        replace(meal, companion_posts=tuple([post for person in meal.ours for post in posts[person][:1]]))
        if meal.ours else meal
        for meal in form.meals
    ]  # fmt: skip
    return Request(
        kind=kind,
        tier=tier,
        client=form.client,
        headcount=form.headcount,
        requested_at=requested_at,
        arrive=arrive,
        depart=depart,
        guests=tuple(case.PlannedGuest(g.name, g.post, g.principal, g.rank, g.counts) for g in form.guests),
        purposes=form.purposes,
        purpose_text=form.purpose_text,
        services=form.services,
        wants=form.wants,
        applicant=applicant_post(policy, form, requested_at.date(), register),
        department=form.department,
        # Who holds no post is given by name, so that they do not pass for nobody.
        host=tuple([post for person in form.hosts for post in posts[person] or (register.called(person),)]),
        city=form.city,
        area=form.area,
        scores=form.scores,
        meals=tuple(meals) if form.dining else (),
        lodging=form.lodging if form.lodged else (),
        costs=form.costs,
        documents=form.documents,
        fields=form.fields,
        reasons=form.reasons,
        lands=form.arrival.at,
        leaves=form.departure.at,
    )


def applicant_post(policy: Policy, form: Form, on: date, register: Register) -> str | None:
    """The post in which the applicant asks, of those held on a day or on this visit: one that may ask for this kind of
    visitor, else the highest."""
    if form.applicant is None:
        return None
    own = posts_held(policy, form, [form.applicant], on, register)[form.applicant]
    asked = next((kind.applicants for kind in policy.kinds if kind.id == form.kind or len(policy.kinds) == 1), ())
    return next((post for post in asked if post in own), next(iter(own), None))


def department_of(policy: Policy, form: Form, on: date, register: Register) -> str | None:
    """The department of a request: the one chosen, else that of the applicant's post on a day."""
    post = None if form.department else applicant_post(policy, form, on, register)
    return form.department or (policy.post(post).department if post else None)


def owner_of(policy: Policy, form: Form, on: date, register: Register | None = None) -> str | None:
    """The department that owns the visit of this form (R6, R98), asked for on a day; inside `reading` or `write`."""
    return policy.owner(form.kind, department_of(policy, form, on, register or Register()))


def _tier_known(policy: Policy, tier: str | None) -> bool:
    return bool(tier or not policy.tiers or policy.propose)


def _missing(policy: Policy, form: Form, kind: str | None, tier: str | None, on: date, register: Register) -> list[str]:
    known = {
        "client": form.client,
        "headcount": form.headcount,
        "arrive": form.arrive,
        "depart": form.depart,
        "kind": kind,
        "tier": _tier_known(policy, tier),
        "department": kind is None or policy.owner(kind, department_of(policy, form, on, register)),
    }
    return [field for field, value in known.items() if not value]


def posts_held(
    policy: Policy, form: Form, persons: Sequence[int], on: date, register: Register
) -> dict[int, list[str]]:
    """The policy's posts that each of these people holds on a day or on this visit, highest first."""
    found = {}
    for person in persons:
        named = [post for post in policy.named_posts if form.per_visit.get(post) == person]
        posts = {*register.posts_of(person, on), *named}
        known = [post.id for post in policy.posts if post.id in posts]
        found[person] = sorted(known, key=lambda post: len(policy.above(post)))
    return found


def moved(form: Form, arrive: datetime) -> Form:
    """The form for another arrival: departure, meals, lodging, costs and the rest move by as many days.

    Of a form without arrival (one copied) the earliest of those days becomes the day of arrival.
    """
    dated = [*[meal.on for meal in form.meals], *[room.on for room in form.lodging], *[cost.on for cost in form.costs]]
    days = [day for day in dated if day is not None]
    first = form.arrive.date() if form.arrive else min(days, default=arrive.date())
    by = arrive.date() - first
    return replace(
        form,
        arrive=arrive,
        depart=form.depart and form.depart + by,
        arrival=replace(form.arrival, at=form.arrival.at and form.arrival.at + by),
        departure=replace(form.departure, at=form.departure.at and form.departure.at + by),
        other_from=form.other_from and form.other_from + by,
        other_until=form.other_until and form.other_until + by,
        meals=tuple([replace(meal, on=meal.on + by) for meal in form.meals]),
        lodging=tuple([replace(lodging, on=lodging.on + by) for lodging in form.lodging]),
        costs=tuple([replace(cost, on=cost.on and cost.on + by) for cost in form.costs]),
    )


# -- the form as JSON -------------------------------------------------------------------------------------------------


def packed(form: Form) -> dict[str, Any]:
    """The form as JSON can keep it."""
    fields = {key: stored_value("fields", value) for key, value in form.fields.items()}
    plain = _plain({**vars(form), "fields": fields})
    assert isinstance(plain, dict)
    return plain


def unpacked(values: Mapping[str, Any]) -> Form:
    """The form that `packed` gave."""
    made = _typed(Form, values)
    assert isinstance(made, Form)
    return made


def _plain(value: object) -> object:
    if is_dataclass(value):
        value = vars(value)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _typed(kind: Any, value: Any) -> object:
    """A plain value as the type that a field of the form has."""
    if value is None:
        return None
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{name: _typed(hints[name], each) for name, each in value.items()})
    arguments = get_args(kind)
    if NoneType in arguments:
        return _typed(next(each for each in arguments if each is not NoneType), value)
    if get_origin(kind) is tuple:
        return tuple([_typed(arguments[0], each) for each in value])
    if arguments:
        return {key: _typed(arguments[1], each) for key, each in value.items()}
    if kind is object:
        return value_of(value)  # of a type that only the policy knows
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return Decimal(value) if kind is Decimal else value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


# -- changes on the day -----------------------------------------------------------------------------------------------


def at_time(form: Form, arrive: datetime) -> Form:
    """The form for guests who come at another time (naive local); on another day all of it moves there."""
    if form.arrive is None:
        return replace(form, arrive=arrive)
    by = arrive - datetime.combine(arrive, form.arrive.time())
    if arrive.date() != form.arrive.date():
        form = moved(form, arrive)
    return replace(form, arrive=arrive, arrival=replace(form.arrival, at=form.arrival.at and form.arrival.at + by))


def for_headcount(form: Form, headcount: int) -> Form:
    """The form for so many guests: meals and rooms that were for all of them are for all of them again."""
    meals = [replace(meal, guests=headcount) if meal.guests == form.headcount else meal for meal in form.meals]
    rooms = [replace(room, people=headcount) if room.people == form.headcount else room for room in form.lodging]
    return replace(form, headcount=headcount, meals=tuple(meals), lodging=tuple(rooms))


def following(form: Form) -> tuple[int, int]:
    """How many meals and lodgings are for all guests, and follow their number."""
    meals = [meal for meal in form.meals if form.dining and meal.guests == form.headcount]
    rooms = [room for room in form.lodging if form.lodged and room.people == form.headcount]
    return len(meals), len(rooms)


def with_guest(form: Form, name: str, post: str = "") -> Form:
    """The form with another first guest: in place of the one there was, whose post stays where none is given."""
    first = next((at for at, guest in enumerate(form.guests) if guest.principal), 0)
    if not form.guests:
        return replace(form, guests=(FormGuest(name, post, principal=True),))
    old = form.guests[first]
    new = FormGuest(name, post or old.post, principal=old.principal, rank=None if post else old.rank, counts=old.counts)
    return replace(form, guests=(*form.guests[:first], new, *form.guests[first + 1 :]))


def first_guest(form: Form) -> FormGuest | None:
    """Who comes first among the guests: the principal, else the first on the list."""
    return next((guest for guest in form.guests if guest.principal), form.guests[0] if form.guests else None)


# -- choices ----------------------------------------------------------------------------------------------------------

T = TypeVar("T")
Allowed = Mapping[str, Name]
Keeps = Callable[[str, str, Allowed], bool]
"""Whether a value that is none of those allowed may stay all the same; asked with the field's name before it."""

MODES = words_of(arrangements.Leg.mode)
"""How guests come or go; empty while nobody said."""


def require_known(policies: Sequence[Policy], form: Form, had: Callable[[], Form]) -> None:
    """Refused (`not_one_of`) where the form chooses what none of these policies has, or (`not_per_visit`) names
    somebody for a post that is not given per visit (A24): who may name themselves for any could approve all.

    What stood in the form already (`had`) may stay, whichever regulation it is from.
    """
    odd = {(field, value): allowed for field, value, allowed in _odd(policies[0], form)}
    for other in policies[1:]:
        odd = {key: odd[key] for field, value, _ in _odd(other, form) if (key := (field, value)) in odd}
    if not odd:
        return
    stood = had()
    before = {(field, value) for field, value, _ in _odd(policies[0], stood)}
    for (field, value), allowed in odd.items():
        if field == "per_visit":
            if stood.per_visit.get(value) != form.per_visit[value]:
                named = validate.joined(allowed.values())
                raise Refused("not_per_visit", post=policies[0].name_of(clean(value)), posts=named)
        elif (field, value) not in before:
            raise not_one_of(field, value, allowed.values())


def known_to(policy: Policy, form: Form) -> Form:
    """The form without what the policy does not know: chosen under another regulation, it is to be chosen anew."""
    return _kept(policy, form, lambda field, value, allowed: False)


def not_one_of(field: str, value: str, allowed: Iterable[Name]) -> Refused:
    """The refusal of a value that is not in its closed set."""
    return Refused("not_one_of", field=validate.label(field), value=clean(value), allowed=validate.joined(allowed))


def one_of(field: str, value: str, allowed: Collection[str]) -> str:
    """A value of one of the program's own closed sets as it is; Refused (`not_one_of`) where it is none."""
    if value not in allowed:
        raise not_one_of(field, value, [Name.of(each) for each in allowed if each])
    return value


def _odd(policy: Policy, form: Form) -> list[tuple[str, str, Allowed]]:
    """The fields, values and what is allowed there, of all that the policy does not know."""
    found: list[tuple[str, str, Allowed]] = []

    def noted(field: str, value: str, allowed: Allowed) -> bool:
        found.append((field, value, allowed))
        return True

    _kept(policy, form, noted)
    return found


class _Keeper:
    """Says of each value whether the policy allows it, or it may stay."""

    def __init__(self, policy: Policy, keeps: Keeps) -> None:
        self._sets, self._keeps = _sets(policy), keeps

    def one(self, field: str, value: str | None, table: str) -> str | None:
        """The value, None where it may not stay."""
        allowed = self._sets.get(table)
        fits = value is None or allowed is None or value in allowed or self._keeps(field, value, allowed)
        return value if fits else None

    def many(self, field: str, values: Iterable[str], table: str) -> tuple[str, ...]:
        """Those that may stay."""
        return tuple([value for value in values if self.one(field, value, table) is not None])

    def own(self, key: str, value: object) -> object:
        """A value of the organisation's own fields: of the list of that name, where there is one."""
        if isinstance(value, (tuple, list)):
            return self.many("fields", map(str, value), key)
        return self.one("fields", value, key) if isinstance(value, str) else value

    def listed(self, each: T, fields: Fields) -> T:
        """A row with what of it is chosen; of a closed set of the program the first where nothing else may stay."""
        chosen: Row = {}
        for name, field in fields.items():
            value, table = getattr(each, name), field.listed or (f"@{field.label}" if field.options else "")
            if field.kind == "posts":
                chosen[name] = self.many(field.label, value, "post")
            elif field.kind in ("choice", "place"):
                chosen[name] = self.one(field.label, value, table or each.item) or next(iter(field.options), None)  # type: ignore[attr-defined]  # a grade of a cost's item
        return _with_values(each, **chosen)


def _with_values(row: T, **values: object) -> T:
    """The row with these values; itself where it has them already."""
    fresh = {name: value for name, value in values.items() if getattr(row, name) != value}
    return replace(row, **fresh) if fresh else row  # type: ignore[type-var]  # a record is as good as a dataclass


def _kept(policy: Policy, form: Form, keeps: Keeps) -> Form:
    """The form with the values that are allowed and those that may stay."""
    keep = _Keeper(policy, keeps)
    values: dict[str, Any] = {
        name: (keep.many if field.kind == "choices" else keep.one)(field.label, getattr(form, name), field.listed)
        for name, field in FORM.items() if field.listed
    }  # fmt: skip
    for name, fields in ROWS.items():
        values[name] = tuple([keep.listed(each, fields) for each in getattr(form, name)])
    values["costs"] = tuple([kept for kept in values["costs"] if kept.item is not None])
    for way in ("arrival", "departure"):
        leg = getattr(form, way)
        values[way] = _with_values(leg, mode=keep.one("leg_mode", leg.mode, "@mode") or "")
    values["per_visit"] = {
        post: who for post, who in form.per_visit.items() if keep.one("per_visit", post, "@per_visit") is not None
    }
    values["scores"] = {
        score: band for score, band in form.scores.items()
        if keep.one("scores", score, "score") is not None and keep.one("scores", band, "band") is not None
    }  # fmt: skip
    values["fields"] = {
        key: kept for key, value in form.fields.items() if (kept := keep.own(key, value)) is not None or value is None
    }  # fmt: skip
    return replace(form, **{field: value for field, value in values.items() if value != getattr(form, field)})


def _sets(policy: Policy) -> dict[str, Allowed]:
    """Every closed set by the name of its table or list; what has no list here may be any word."""
    sets: dict[str, Allowed] = {key: {entry.id: entry.name for entry in entries}
                                for key, entries in policy.lists.items() if entries}  # fmt: skip
    if "item" in sets:
        sets["item"] = {**{item: known_item(item) for item in ITEMS}, **sets["item"]}
    tables = {"kind": policy.kinds, "tier": policy.tiers, "department": policy.departments, "post": policy.posts}
    sets |= {key: {row.id: row.name for row in rows} for key, rows in tables.items()}  # type: ignore[attr-defined]  # all have both
    sets["@per_visit"] = {post.id: post.name for post in policy.posts if post.id in policy.named_posts}
    documents = {need.id: need.name for need in policy.needs if need.type == "document"}
    sets |= {"@need": documents} if documents else {}
    sets["@payer"] = {payer: Name.of(payer) for payer in PAYERS}
    sets["@mode"] = {mode: Name.of(mode) for mode in MODES}
    return sets
