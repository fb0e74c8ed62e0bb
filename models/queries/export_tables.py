"""What is exported as a spreadsheet: visits, tasks, costs, bookings, and the year's register of receptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args

from models.frozen import record
from models.policy.model import LODGING, OF_MEAL, Policy, entry_name, item_name, party_name
from models.queries.common import parts
from models.queries.figures import CARRIED_OUT
from models.schema.arrangements import Booking, Cost, Resource
from models.schema.store import reading
from models.schema.tables import Expense, Guest, Person, Task, Visit
from models.services.cost_check import line_names
from models.services.rights import hidden, withheld
from models.services.session import Session
from models.services.visits import company_share, visit_policy
from models.words import Name, Phrase

Exported = Literal["visits", "tasks", "costs", "bookings", "register"]
EXPORTED: tuple[Exported, ...] = get_args(Exported)
"""What can be exported as a table."""

Value = str | int | Decimal | date | datetime | Name | Phrase | tuple[str | Name, ...] | None


@record
class ExportTable:
    """A table: which one, the ids of its columns, and its rows of values. Amounts are in main units of money."""

    what: Exported
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def export_table(session: Session, what: Exported, first: date | None, last: date | None) -> ExportTable:
    """The rows of the visits that the actor may see and that are on the premises from `first` to `last`; the register
    has those that were carried out and begin then. Refused for who may not export."""
    refused = withheld(session, "export")
    if refused is not None:
        raise refused
    with reading():
        rows = _visits(session, first, last, carried_out=what == "register")
        columns, lay = _TABLES[what]
        return ExportTable(what, columns, tuple(lay(session, rows)))


def _visits(session: Session, first: date | None, last: date | None, *, carried_out: bool) -> list[Visit]:
    among: Any = Visit.state.in_(CARRIED_OUT) if carried_out else Visit.state != "draft"
    if first is not None:
        among &= (Visit.comes if carried_out else Visit.goes) >= datetime.combine(first, time())
    if last is not None:
        among &= Visit.comes < datetime.combine(last + timedelta(days=1), time())
    unseen = hidden(session, among)
    return [row for row in Visit.select().where(among).order_by(Visit.comes, Visit.id) if row.id not in unseen]


def _main(minor: int | None, policy: Policy) -> Decimal | None:
    """Minor units in main units, with the currency's decimals."""
    return None if minor is None else Decimal(minor).scaleb(-policy.currency.minor)


def _names(ids: Iterable[int | None]) -> Mapping[int | None, str]:
    wanted = {each for each in ids if each is not None}
    return {row.id: row.name for row in Person.select(Person.id, Person.name).where(Person.id.in_(wanted))}


def _named(policy: Policy, id: str | None) -> Name | None:
    return policy.name_of(id) if id else None


def _state(row: Visit) -> Phrase:
    return Phrase(f"done.state.{row.state}")


# -- the tables -------------------------------------------------------------------------------------------------------

_VISITS = ("number", "state", "tier", "kind", "client", "headcount", "begins", "ends", "filed", "applicant", "owner",
           "coordinator", "hosts", "planned", "paid", "over", "late")  # fmt: skip


def _lay_visits(session: Session, rows: list[Visit]) -> Iterator[tuple[Value, ...]]:
    roles, costs = parts(row.id for row in rows), _costs(rows)
    names = _names([each for row in rows for each in (row.applicant_id, row.coordinator_id)])
    for row in rows:
        policy = visit_policy(session, row)
        lines = costs.get(row.id, [])
        hosts = tuple(name for _, name in roles.get(row.id, {}).get("host", ()))
        yield (
            row.number, _state(row), _named(policy, row.tier or row.proposed_tier), _named(policy, row.kind),
            row.client_name, row.headcount, row.comes, row.goes, row.submitted_at, names.get(row.applicant_id),
            _named(policy, row.owner), names.get(row.coordinator_id), hosts, _main(row.total, policy),
            _main(sum(map(company_share, lines)), policy), _main(sum(line.actual_over for line in lines), policy),
            Phrase("export.late") if row.late else None,
        )  # fmt: skip


def _costs(rows: list[Visit]) -> dict[int, list[Expense]]:
    found: dict[int, list[Expense]] = {}
    for line in Expense.select().where(Expense.visit.in_([row.id for row in rows])).order_by(Expense.position):
        found.setdefault(line.visit_id, []).append(line)
    return found


_TASKS = ("number", "client", "begins", "party", "task", "due", "task_state", "assignee", "done_by", "done_at", "why")


def _lay_tasks(session: Session, rows: list[Visit]) -> Iterator[tuple[Value, ...]]:
    by_id = {row.id: row for row in rows}
    tasks = list(Task.select().where(Task.visit.in_(list(by_id)), Task.state != "gone").order_by(Task.due, Task.id))
    names = _names([each for task in tasks for each in (task.assignee_id, task.done_by_id)])
    for task in tasks:
        row = by_id[task.visit_id]
        yield (
            row.number, row.client_name, row.comes, party_name(visit_policy(session, row), task.party),
            Name(task.text) if task.text else task.duty, task.due, Phrase(f"done.task_state.{task.state}"),
            names.get(task.assignee_id), names.get(task.done_by_id), task.done_at, task.dropped_for,
        )  # fmt: skip


_COSTS = ("number", "client", "on", "item", "line", "quantity", "planned", "actual", "over", "payer", "reason",
          "decided_by", "receipt")  # fmt: skip


def _lay_costs(session: Session, rows: list[Visit]) -> Iterator[tuple[Value, ...]]:
    by_id = {row.id: row for row in rows}
    for visit, lines in _costs(rows).items():
        row = by_id[visit]
        policy = visit_policy(session, row)
        names = line_names(policy, lines)
        for line in lines:
            yield (
                row.number, row.client_name, line.on, item_name(policy, line.item), names[line.id], line.counted,
                _main(line.planned, policy), _main(line.actual, policy), _main(line.actual_over, policy),
                Phrase(f"export.payer.{line.payer}"), line.reason, line.decided_by, line.receipt,
            )  # fmt: skip


_BOOKINGS = ("number", "client", "thing", "name", "starts", "until", "people", "driver")


def _lay_bookings(session: Session, rows: list[Visit]) -> Iterator[tuple[Value, ...]]:
    by_id = {row.id: row for row in rows}
    bookings = list(Booking.select().where(Booking.visit.in_(list(by_id))).order_by(Booking.starts, Booking.id))
    things = {row.id: row for row in Resource.select().where(Resource.id.in_({b.resource_id for b in bookings}))}
    names = _names([each for b in bookings for each in (b.driver_id, b.person_id)])
    for booking in bookings:
        row, thing = by_id[booking.visit_id], things.get(booking.resource_id or 0)
        driver = booking.driver_id or (thing.driver_id if thing is not None else None)
        names = names if driver in names or driver is None else {**names, **_names([driver])}
        yield (
            row.number, row.client_name, Phrase(f"listing.thing.{thing.kind if thing else 'person'}"),
            thing.name if thing else names.get(booking.person_id), booking.starts, booking.ends, booking.people,
            names.get(driver),
        )  # fmt: skip


_REGISTER = ("position", "on", "number", "client", "principal", "principal_post", "headcount", "purpose", "tier",
             "owner", "hosts", "companions", "meals", "lodging", "gifts", "paid", "over", "coordinator")  # fmt: skip


def _lay_register(session: Session, rows: list[Visit]) -> Iterator[tuple[Value, ...]]:
    """接待台账: one line a reception, numbered, as the books of an office have it."""
    roles, costs = parts(row.id for row in rows), _costs(rows)
    ids = [row.id for row in rows]
    principals: dict[int, Guest] = {}
    guests: Any = Guest.select().where(Guest.visit.in_(ids)).order_by(Guest.principal.desc(), Guest.position)
    for each in guests:
        principals.setdefault(each.visit_id, each)
    gifts: dict[int, list[str]] = {}
    given: Any = Cost.select().where(Cost.visit.in_(ids), Cost.item == "gift").order_by(Cost.position)
    for cost in given:
        gifts.setdefault(cost.visit_id, []).append(cost.what or cost.to)
    names = _names(row.coordinator_id for row in rows)
    for position, row in enumerate(rows, 1):
        policy, lines = visit_policy(session, row), costs.get(row.id, [])
        people = {role: tuple(name for _, name in each) for role, each in roles.get(row.id, {}).items()}
        guest = principals.get(row.id)
        purposes = tuple(entry_name(policy, "purpose", each) for each in row.purposes)
        yield (
            position, row.comes.date() if row.comes else None, row.number, row.client_name,
            guest.name if guest else None, guest.post if guest else None, row.headcount,
            purposes or row.purpose_text,
            _named(policy, row.tier), _named(policy, row.owner), people.get("host", ()), people.get("companion", ()),
            _spent(lines, policy, *OF_MEAL), _spent(lines, policy, LODGING),
            tuple(filter(None, gifts.get(row.id, []))), _main(sum(map(company_share, lines)), policy),
            _main(sum(line.actual_over for line in lines), policy), names.get(row.coordinator_id),
        )  # fmt: skip


def _spent(lines: Iterable[Expense], policy: Policy, *items: str) -> Decimal | None:
    return _main(sum(company_share(line) for line in lines if line.item in items), policy)


_TABLES: dict[str, tuple[tuple[str, ...], Callable[[Session, list[Visit]], Iterator[tuple[Value, ...]]]]] = {
    "visits": (_VISITS, _lay_visits),
    "tasks": (_TASKS, _lay_tasks),
    "costs": (_COSTS, _lay_costs),
    "bookings": (_BOOKINGS, _lay_bookings),
    "register": (_REGISTER, _lay_register),
}
