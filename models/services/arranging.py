"""What the verbs on meals, rooms, gifts and activities do alike.

What the request form knows of them goes through `amend`, so that plan, tasks and findings follow; what the form does
not know (the hour, who sits there, whether it is done) is kept beside it and asks nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from models.errors import Refused
from models.form import Form
from models.schema import journal
from models.schema.base import Table
from models.schema.store import reading, write
from models.schema.tables import Visit
from models.services.amend import amend_and_go_on, preview
from models.services.forms import read_form
from models.services.frame import changing
from models.services.look import Preview, look
from models.services.rights import allow
from models.services.session import Session
from models.services.visits import Done, done, mark, seen_row, visit_row

T = TypeVar("T")
Reasons = Mapping[str, str] | None


def change(
    session: Session,
    visit: int,
    verb: str,
    shape: Callable[[Form], Form],
    keep: Callable[[Visit], Mapping[str, object]] = lambda row: {},
    *,
    seen: int,
    reasons: Reasons = None,
) -> Done:
    """Change the form as `shape` says, and what stands beside it as `keep` does; `keep` gives what it changed.

    Raises Refused as `amend` does: `findings` wants `reasons` by code.
    """
    with write():
        row = seen_row(visit, seen)
        allow(session, "arrange", row)
        old = read_form(row)
        new = shape(old)
        amended, first = (
            amend_and_go_on(session, visit, new, seen=seen, reasons=reasons) if new != old else (None, None)
        )
        with changing(session, visit, verb, may="read", expected=seen, after=first) as v:
            v.details = keep(v.row)
            v.verb = verb if v.details else ""
        return amended.done if amended is not None else v.done("arranged")


def touches(
    session: Session, visit: int, shape: Callable[[Form], Form], save: Callable[[], object], reasons: Reasons = None
) -> Preview | None:
    """What `save`, a verb made of `change` with this `shape`, would do to the form and beside it; None where that is
    nothing. Findings that want a reason which `reasons` do not give stand in it alone."""
    with reading():
        old = read_form(visit_row(visit))
        new = shape(old)
    asked = preview(session, visit, new, reasons=reasons) if new != old else None
    if asked is not None and asked.findings:
        return asked
    whole = look(session, visit, save)
    if asked is None or whole is None:
        return asked or whole
    return replace(asked, effects=whole.effects, telling=asked.telling if asked.asks else whole.telling)


def place_of(table: type[Table], visit: int, row: int | None) -> int:
    """At which place of its list in the form a row stands; behind the last where there is none yet."""
    model: Any = table
    ids = [each.id for each in model.select(model.id).where(model.visit == visit).order_by(model.position)]
    if row is not None and row not in ids:
        raise Refused("no_arrangement")
    return len(ids) if row is None else ids.index(row)


def with_row(rows: tuple[T, ...], place: int, new: T | None) -> tuple[T, ...]:
    """The rows with another at a place, or with none there."""
    return (*rows[:place], *([] if new is None else [new]), *rows[place + 1 :])


def keep_beside(table: type[Table], visit: int, place: int, item: str, values: Mapping[str, object]) -> dict[str, Any]:
    """Keep what the form does not know of the row at that place; what of it is new, for the journal."""
    model: Any = table
    row = model.get(model.visit == visit, model.position == place)
    fresh = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not fresh:
        return {}
    before = {name: getattr(row, name) for name in fresh}
    model.update(**fresh).where(model.id == row.id).execute()
    return {"item": item, "before": before, "after": fresh}


def visit_of(table: type[Table], row: int) -> int:
    """Whose row it is; Refused where it is gone."""
    model: Any = table
    with reading():
        found = model.get_or_none(model.id == row)
    if found is None:
        raise Refused("no_arrangement")
    return int(found.visit_id)


def tick(
    session: Session, table: type[Table], row: int, verb: str, values: Mapping[str, object], told: Mapping[str, object]
) -> Done:
    """Note on a row that something was done, or was not after all; nobody who works on the visit is disturbed."""
    model: Any = table
    with write():
        visit = visit_row(visit_of(table, row))
        allow(session, "arranged", visit)
        model.update(**values).where(model.id == row).execute()
        mark(session, visit)
        journal.record(session, verb, visit.id, told)
        return done(visit, verb.replace(".", "_"))
