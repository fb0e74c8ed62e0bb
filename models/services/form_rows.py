"""The form's fields in the store's rows, both ways. The one place that knows which column holds what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from models.form import LEG, ROWS, Cost, Form, Guest, Leg, Lodging, Meal
from models.policy.case import Field, Fields
from models.schema import arrangements, tables
from models.schema.base import Table, database
from models.schema.tables import Client, Visit, VisitPerson
from models.services import renaming, typed
from models.services.people import insist_registered
from models.services.whereabouts import note_times
from models.words import alike

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

_LINES = ("reason", "other_text", "purpose_text", "services_text")
_MAYBE = ("kind", "city", "area", "department")
_AS_THEY_ARE = ("arrive", "depart", "dining", "other", "other_from", "other_until")
_LISTS = ("purposes", "services", "wants", "documents")
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
    legs = {row.way: Leg(row.mode, row.number, row.place, row.planned, row.plates) for row in own}
    fields: Row = {field: getattr(visit, field) for field in (*_LINES, *_MAYBE, *_AS_THEY_ARE)}
    fields |= {field: tuple(getattr(visit, field)) for field in _LISTS}
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
        arrival=legs.get("arrival", Leg()),
        departure=legs.get("departure", Leg()),
        guests=tuple([Guest(**row) for row in guests]),
        meals=tuple([Meal(**row) for row in meals]),
        lodging=tuple([Lodging(**row) for row in lodging]),
        costs=tuple([Cost(**row) for row in costs]),
        per_visit={row["role"]: row["person"] for row in people if row["role"] not in ROLES.values()},
    )


def save(visit: Visit, form: Form) -> None:
    """Store the form with a visit that has its row already, and save the row."""
    _known_people(form)
    was = {"arrival": visit.arrive, "departure": visit.depart}
    for name, value in _columns(form).items():
        setattr(visit, name, value)
    visit.save()
    guests = renaming.listed(visit.id)
    for field, table in TABLES.items():
        _replace(table, visit, [_cleaned(row, ROWS[field]) for row in getattr(form, field)])
    _hours(visit)
    renaming.follow(visit, guests)
    _replace(VisitPerson, visit, _parts(form))
    now = {"arrival": visit.arrive, "departure": visit.depart}
    moved = {way: now[way] != was[way] for way in now}
    _legs(visit, {"arrival": form.arrival, "departure": form.departure}, moved)
    _groups(visit, was, now)
    note_times(visit)


def _columns(form: Form) -> Row:
    lists = {field: [typed.line(field, item) for item in getattr(form, field)] for field in _LISTS}
    for field in _LISTS:
        typed.rows(field, len(lists[field]))
    client = typed.line("client", form.client)
    return {
        "proposed_tier": _maybe("tier", form.tier),
        "client_name": client,
        "client": known_client(client),
        "applicant": form.applicant,
        "headcount": typed.number("headcount", form.headcount),
        "lodging": form.lodged,
        "arrangements": typed.text("arrangements", form.arrangements),
        **{field: typed.line(field, getattr(form, field)) for field in _LINES},
        **{field: _maybe(field, getattr(form, field)) for field in _MAYBE},
        **{field: getattr(form, field) for field in _AS_THEY_ARE},
        **lists,
        **{field: _mapping(field, getattr(form, field)) for field in _MAPPINGS},
    }


def known_client(name: str) -> Client | None:
    """The client of that name, however it is written; the one written so where two were entered in former times."""
    if not name:
        return None
    return Client.get_or_none(Client.name == name) or Client.get_or_none(Client.key == alike.key(name))


def _cleaned(row: object, fields: Fields) -> Row:
    """The values of a row of the form as its columns keep them; Refused names the field that is over its limits."""
    return {name: _clean(field, getattr(row, name)) for name, field in fields.items()}


def _clean(field: Field, value: Any) -> Any:
    match field.kind:
        case "line" | "choice" | "place":
            return None if value is None else typed.line(field.label, value)
        case "count":
            return typed.number(field.label, value)
        case "money":
            return typed.number(field.label, value, high=typed.MONEY)
        case "quantity":
            return typed.quantity(value)
        case "posts":
            return [typed.line(field.label, post) for post in value]
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
    insist_registered([*listed, *form.per_visit.values(), *([] if form.applicant is None else [form.applicant])])


def _legs(visit: Visit, legs: Mapping[str, Leg], moved: Mapping[str, bool]) -> None:
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
    typed.rows(table._meta.table_name, len(wanted))
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


def _maybe(field: str, value: str | None) -> str | None:
    return None if value is None else typed.line(field, value)


def _mapping(field: str, values: Mapping[str, object]) -> Row:
    typed.rows(field, len(values))
    return {typed.line(field, key): stored_value(field, value) for key, value in values.items()}


def stored_value(field: str, value: object) -> object:
    """A value of a mapping as JSON has it, cleaned: dates and decimals with their type beside them."""
    if isinstance(value, str):
        return typed.text(field, value)
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
