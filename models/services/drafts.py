"""Verbs of the wizard: keep what is typed as it is typed. Drafts are not journalled until they are submitted."""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.form import Form, Leg
from models.schema import journal
from models.schema.store import write
from models.schema.tables import Visit
from models.services.choices import known_to
from models.services.forms import read_form, write_form
from models.services.policies import in_force, versions
from models.services.renaming import listed
from models.services.rights import allow
from models.services.session import Session
from models.services.visits import seen_row, touch, visit_row

EMPTY = Form()


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft's visit and the version it now has."""

    visit: int
    version: int


def new_draft(session: Session, form: Form = EMPTY) -> Saved:
    """Begin a request; who acts is its applicant unless the form names another (R99)."""
    with write():
        row = Visit(changed_utc=session.now_utc())
        allow(session, "new", row)
        row.save(force_insert=True)
        named = form if form.applicant is not None else replace(form, applicant=session.actor.person)
        write_form(versions(session), row, named)
        journal.untold()
        return Saved(row.id, row.version)


def save_draft(session: Session, visit: int, form: Form, *, seen: int) -> Saved:
    """Keep a draft or returned request as typed so far, also incomplete.

    Raises Refused: `stale`, no longer a draft, or a text that is too long.
    """
    with write():
        row = seen_row(visit, seen)
        allow(session, "edit", row)
        before = _listed(row)
        row.version += 1
        row.changed_utc = session.now_utc()
        write_form(versions(session), row, form)
        if _listed(row) != before:
            journal.untold()
        return Saved(row.id, row.version)


def _listed(row: Visit) -> object:
    """What lists show of a draft."""
    columns = (row.client_name, row.headcount, row.arrive, row.depart, row.kind, row.proposed_tier, row.applicant_id)
    return columns, tuple(listed(row.id))


def discard_draft(session: Session, visit: int, *, seen: int) -> None:
    """Throw a draft away. One that was submitted before has a number and a history: it is cancelled instead."""
    with write():
        row = seen_row(visit, seen)
        allow(session, "discard", row)
        if row.number is None:
            row.delete_instance()
            journal.untold()
            return
        row.state = "cancelled"
        touch(session, row)
        journal.record(session, "cancel", visit, {"from": "draft"})


def copy_as_new(session: Session, visit: int) -> Saved:
    """Begin a request like a former one: its form without dates, decisions, reasons and number."""
    with write():
        row = visit_row(visit)
        allow(session, "copy", row)
        form = replace(read_form(row), applicant=session.actor.person)
        undated_form = undated(form)
        return new_draft(session, known_to(in_force(session, undated_form), undated_form))


def undated(form: Form) -> Form:
    """The form as the next visit may use it. Meals, lodging and costs keep their days for `forms.moved`."""
    return replace(
        form,
        arrive=None,
        depart=None,
        arrival=Leg(form.arrival.mode, place=form.arrival.place),
        departure=Leg(form.departure.mode, place=form.departure.place),
        other_from=None,
        other_until=None,
        documents=(),
        reasons={},
        raw={},
    )
