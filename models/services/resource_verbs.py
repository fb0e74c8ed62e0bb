"""Verbs on the register of cars, rooms, restaurants and hotels. They are switched off, never deleted."""

from __future__ import annotations

from collections.abc import Collection

from models.errors import Refused
from models.frozen import record
from models.policy.model import Policy
from models.schema import journal
from models.schema.arrangements import Resource
from models.schema.store import reading, write
from models.services import validate
from models.services.person_register import require_active, thing_columns, thing_key
from models.services.rights import withheld
from models.services.session import Session
from models.services.visit_form import one_of
from models.services.visits import stale
from models.words import clean
from models.words.mask import kept

KINDS = ("car", "room", "restaurant", "hotel")
GRADES = {"car": "car", "restaurant": "restaurant", "hotel": "lodging"}
"""Which list of the policy the grades of a kind are of; one whose list the policy does not have has no grade."""
FIELDS = {
    "car": ("model", "grade", "seats", "driver", "phone", "note"),
    "room": ("seats", "equipment", "address", "note"),
    "restaurant": ("grade", "price", "phone", "address", "note"),
    "hotel": ("grade", "price", "phone", "address", "note"),
}
"""What is known of a kind besides its name, in the order in which it is asked for."""


@record
class Thing:
    """What the register knows of a thing. `name`: a car's plate; `grade`, `equipment`: ids of the policy's lists;
    `seats`: of a car those for guests; `price`: a head or a night, in minor units. What its kind has not is dropped."""

    name: str
    model: str = ""
    grade: str | None = None
    seats: int | None = None
    driver: int | None = None
    phone: str = ""
    address: str = ""
    equipment: tuple[str, ...] = ()
    price: int | None = None
    note: str = ""


def add_resource(session: Session, kind: str, thing: Thing) -> int:
    """Enter a car, room, restaurant or hotel and give its id.

    Refused: a name is missing or taken, a grade or equipment the policy does not know, a driver who does not work
    here.
    """
    one_of("resource_kind", kind, KINDS)
    values = _values(session.policy, kind, thing)
    with write():
        _require(session)
        _free(kind, str(values["name"]))
        _works_here(values.get("driver"))
        row = Resource.create(kind=kind, **{**values, **thing_columns(kind, str(values["name"]))})
        journal.record(session, "resource.add", None, {"resource": row.id, "kind": kind, **values})
        return row.id


def change_resource(session: Session, resource: int, thing: Thing, *, expected: int) -> int:
    """Make a thing what `thing` says, if it is still as `expected`; the new version. Refused as for `add_resource`.

    A grade or equipment that it had under an older policy may stay.
    """
    row = resource_row(resource)
    values = _values(session.policy, row.kind, thing, row)
    with write():
        _require(session)
        row = _expected_row(resource, expected)
        if "phone" in values:
            values["phone"] = kept(str(values["phone"]), row.phone)
        renamed = values["name"] != row.name
        if renamed:
            _free(row.kind, str(values["name"]), but=resource)
        if values.get("driver") != row.driver_id:
            _works_here(values.get("driver"))
        before = {name: getattr(row, "driver_id" if name == "driver" else name) for name in values}
        changed = {name: value for name, value in values.items() if before[name] != value}
        if not changed:
            return expected
        columns = thing_columns(row.kind, str(values["name"])) if renamed else {}
        Resource.update(**{**changed, **columns}, version=expected + 1).where(Resource.id == resource).execute()
        told = {name: before[name] for name in changed}
        journal.record(session, "resource.change", None, {"resource": resource, "before": told, "after": changed})
    return expected + 1


def switch_resource(session: Session, resource: int, *, expected: int, active: bool) -> int:
    """Switch a thing off, so that it is offered for nothing any more, or on again; the new version."""
    with write():
        _require(session)
        row = _expected_row(resource, expected)
        Resource.update(active=active, version=expected + 1).where(Resource.id == resource).execute()
        told = {"resource": resource, "before": {"active": row.active}, "after": {"active": active}}
        journal.record(session, "resource.change", None, told)
    return expected + 1


def resource_row(resource: int) -> Resource:
    """The row of a thing; Refused where there is none."""
    with reading():
        row = Resource.get_or_none(Resource.id == resource)
    if row is None:
        raise Refused("no_resource")
    return row


def _require(session: Session) -> None:
    refused = withheld(session, "things")
    if refused is not None:
        raise refused


def _expected_row(resource: int, expected: int) -> Resource:
    row = resource_row(resource)
    if row.version != expected:
        raise stale("stale_resource", None, ("resource", resource), name=row.name)
    return row


def _values(policy: Policy, kind: str, thing: Thing, row: Resource | None = None) -> dict[str, object]:
    """The columns of a thing of that kind, cleaned."""
    name = validate.line("resource_name", thing.name, 60)
    if not name:
        raise Refused("resource_name_needed", kind=validate.label(f"kind_{kind}"))
    had = row.equipment if row else ()
    known = {
        "model": validate.line("car_model", thing.model, 60),
        "grade": _known(policy, GRADES.get(kind, ""), thing.grade, row.grade if row else None),
        "seats": validate.number("seats", thing.seats, low=1, high=2000),
        "driver": thing.driver,
        "phone": validate.line("phone", thing.phone, 40),
        "address": validate.line("place", thing.address),
        "equipment": [_equipment(policy, each, had) for each in dict.fromkeys(thing.equipment)],
        "price": validate.number("price", thing.price, high=validate.MONEY),
        "note": validate.line("note", thing.note),
    }
    return {"name": name, **{field: known[field] for field in FIELDS[kind]}}


def _known(policy: Policy, list_id: str, grade: str | None, had: str | None) -> str | None:
    entries = policy.lists.get(list_id, ())
    if not grade or grade == had or any(entry.id == grade for entry in entries):
        return grade or None
    names = validate.joined([entry.name for entry in entries])
    raise Refused("unknown_grade", grade=clean(grade), grades=names)


def _equipment(policy: Policy, wanted: str, had: Collection[str]) -> str:
    entries = policy.lists.get("equipment", ())
    if wanted not in had and all(entry.id != wanted for entry in entries):
        names = validate.joined([entry.name for entry in entries])
        raise Refused("unknown_equipment", equipment=clean(wanted), known=names)
    return wanted


def _free(kind: str, name: str, but: int = 0) -> None:
    same = (Resource.kind == kind) & (Resource.key == thing_key(kind, name)) & (Resource.id != but)
    taken = Resource.get_or_none(same)
    if taken is not None:
        raise Refused("resource_exists", kind=validate.label(f"kind_{kind}"), name=taken.name)


def _works_here(driver: object) -> None:
    if isinstance(driver, int):
        require_active(driver)
