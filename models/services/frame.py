"""The frame of a verb that changes a visit: what all of them do alike, in one order; a verb says only what is its own.

    with changing(session, (Leg, leg), "leg.delayed", right="track", expected=seen) as v:
        v.found(Leg).expected = at
        v.found(Leg).save()
        v.details = {"expected": at}
    return v.done("leg_delayed", at=at)

In this order: one write transaction; the visit's row, Refused where it is gone; the expected version, Refused `stale`;
the actor's right, Refused with its reason; the state of an arranged visit before; the verb's own change; what follows
from it (`reschedule`: the visit's times, stages, due times, bookings); what the verb checks now (`check_after`); the
state after; who is to be told of the difference; the visit's new version; the journal's entry with `v.details`.
What nobody who works on the visit need look at again is changed inside `marking`: the row's own version, no difference.
A verb that raises anything has changed nothing. `preview_of` shows what a verb would do: the same, rolled back.

A verb reads the visit from `v.record` (as it was before) or `v.renewed()` (as it is by now), changes rows of the store,
the visit's own being `v.row`, puts what the journal is to keep into `v.details`, calls no other verb, and says the
result after the `with`, when `v.differences`, `v.along` and the version are known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

from models.errors import Refused
from models.frozen import record
from models.policy.answer import Finding
from models.policy.model import Policy
from models.schema import journal
from models.schema.arrangements import Notification
from models.schema.base import Table
from models.schema.store import trial, write
from models.schema.tables import Step, Visit
from models.services.consequences import NO_BOOKINGS, Following, Plan
from models.services.rights import ActorContext, require
from models.services.session import Session
from models.services.visit_diff import (
    Difference,
    Packed,
    Recipient,
    VisitState,
    diff,
    pack_difference,
    unpack_difference,
)
from models.services.visit_record import VisitRecord
from models.services.visit_state import merge_differences, notify, notify_concerned, phase, snapshot
from models.services.visits import (
    Done,
    bump_version,
    current_step,
    done_at,
    expected_row,
    mark_changed,
    stale,
    visit_policy,
    visit_row,
)
from models.words import Name, Phrase

# -- the frame --------------------------------------------------------------------------------------------------------

T = TypeVar("T", bound=Table)
Owned = tuple[type[Table], int]
"""A row of a visit, by its table and id."""

_GONE = {
    "leg": "no_leg",
    "stage": "no_stage",
    "booking": "no_booking",
    "task": "no_task",
    "to_tell": "no_notification",
    "note": "no_promise",
    "expense": "no_expense",
    "decision": "no_decision",
}
"""With which code a row that is gone is refused; any other table's with `no_arrangement`."""
_STALE = {"display": "stale_display", "to_tell": "stale_notification", "expense": "stale_expense"}
NONE = VisitState("", {}, {})
"""What is known of a visit that is not compared."""
_KEYS = {"lead_host": "hosts", "host": "hosts"}
_HEADS = {"meals": "meal:", "lodging": "room:", "guests": "guest:"}


class VisitChange:
    """One change of a visit while it is made, inside `changing`. `row`: the visit's own, the frame saves it; `record`:
    the visit before; `context`: what the actor is to it; `details`: what the journal's entry keeps beside the
    difference, or what gives it of the visit after the change."""

    def __init__(
        self, record: VisitRecord, context: ActorContext, verb: str, found: Table | None, with_seats: bool, plain: bool
    ) -> None:
        self.session, self.row, self.context, self.verb = record.session, record.row, context, verb
        self.record = self.now = record
        self._found, self._with_seats = found, with_seats
        self.before: VisitState = NONE if plain else snapshot(self.record, with_seats=with_seats)
        self.details: Mapping[str, object] | Callable[[VisitRecord], Mapping[str, object]] = {}
        self.differences: tuple[Difference, ...] = ()
        """What is different, once the frame is left."""
        self.along = NO_BOOKINGS
        """What became of the bookings whose leg or stage moved, once the frame is left."""
        self.plan: Plan | None = None
        """What the policy says now, where that is to be made of the visit."""
        self.reschedule = True
        """Whether anything follows without a plan, where the frame lets it."""
        self.for_person: int | None = None
        """For whom the actor did it, where that is somebody else."""
        self.foreseen: Callable[[], tuple[Difference, ...]] | None = None
        """Gives what the journal says is different, where that is what an agreement will do."""
        self.step: Step | None = None
        """The step at which the visit lies, once the frame is left."""
        self._checks: list[Callable[[VisitRecord], None]] = []
        self._notices: list[tuple[tuple[Recipient, ...], tuple[str, ...]]] = []

    def found(self, table: type[T]) -> T:
        """The row of the visit that the verb was called for."""
        assert isinstance(self._found, table)
        return self._found

    def renewed(self) -> VisitRecord:
        """The visit as the change has made it until now."""
        self.now = self.now.renewed()
        return self.now

    def check_after(self, check: Callable[[VisitRecord], None]) -> None:
        """Have a check look at the visit as it is after the change and what follows from it: it raises Refused."""
        self._checks.append(check)

    def notify(self, recipients: Iterable[Recipient], fields: Iterable[str]) -> None:
        """Have these people told of what changes in these fields, whether or not it concerns them otherwise."""
        self._notices.append((tuple(recipients), tuple(fields)))

    def finish(self, record: VisitRecord) -> None:
        """See what is different now, and note who is to be told."""
        for check in self._checks:
            check(record)
        after = snapshot(record, with_seats=self._with_seats)
        self.differences = diff(self.before, after)
        notify_concerned(self.session, self.row, self.before, after, self.differences)
        for recipients, fields in self._notices:
            told = [difference for name in fields for difference in _of_field(name, self.differences)]
            notify(self.session, self.row, recipients, told)

    def done(self, message: str, **facts: object) -> Done:
        """The result of the verb, once the frame is left; `message` is a key of the `done` catalogue."""
        return done_at(self.row, self.step, message, **facts)


@contextmanager
def changing(
    session: Session, visit: int | Owned, verb: str, *, right: str | None, expected: int | None,
    reschedule: bool = True, with_seats: bool = True, keep_changes: bool = True, plain: bool = False,
    entry: bool = True,
) -> Iterator[VisitChange]:  # fmt: skip
    """Change one visit, by its id or that of a row it owns; see the module. `verb`: the journal's name for it (set
    `v.verb` where that is known only inside, "" where nothing was to be done); `right`: the right it needs, None where
    the verb sees to it; `expected`: the version that was seen, None for a preview and where none is asked for.

    Without `reschedule` nothing follows from the change: it moves neither a group, a stage nor the form's times.
    Without `with_seats` seats and clashes are not compared: it can touch neither. Without `keep_changes` the journal's
    entry says what was done and not what is different; nor are seats and clashes compared then: nobody is told.
    A `plain` change is none to anybody: nothing follows from it, nobody is told, and the journal says what was done.
    Without `entry` the journal's entry is the caller's, who changes several visits.
    """
    with write():
        found: Any = None if isinstance(visit, int) else _row(*visit)
        number = visit if isinstance(visit, int) else int(found.visit_id)
        row = visit_row(number) if expected is None else expected_row(number, expected)
        record = VisitRecord(session, row)
        context = ActorContext(session, (row,), None if plain else record)
        if right is not None:
            require(session, right, row, context)
        change = VisitChange(record, context, verb, found, with_seats and keep_changes, plain)
        following = Following(record) if reschedule and not plain else None
        yield change
        if not change.verb:
            change.step = current_step(row)
            return
        record = change.renewed()
        if following is not None and (change.reschedule or change.plan is not None):
            record = following.follow(record, change.plan)
            change.along = following.booked
        if not plain:
            change.finish(record)
        bump_version(session, row)
        change.step = current_step(row)
        differences = change.foreseen() if change.foreseen is not None else change.differences
        changed = (
            {"changed": [pack_difference(difference) for difference in differences]}
            if keep_changes and not plain
            else {}
        )
        details = change.details(record) if callable(change.details) else change.details
        if entry:
            journal.record(session, change.verb, row.id, {**details, **changed}, change.for_person)


class MarkedChange:
    """A change to what belongs to a visit while it is made, inside `marking`. `row`: the visit's, which is not saved;
    `details`: what the journal's entry keeps."""

    def __init__(self, session: Session, row: Visit, verb: str, found: Table | None) -> None:
        self.session, self.row, self.verb, self._found = session, row, verb, found
        self.details: Mapping[str, object] = {}
        self._step: Step | None = None

    @cached_property
    def record(self) -> VisitRecord:
        """The visit, read when it is first asked for."""
        return VisitRecord(self.session, self.row)

    def found(self, table: type[T]) -> T:
        """The row of the visit that the verb was called for."""
        assert isinstance(self._found, table)
        return self._found

    def remove(self) -> None:
        """Take away the row that the verb was called for."""
        assert self._found is not None
        self._found.delete_instance()
        self._found = None

    def finish(self) -> None:
        """Save the row as a new version of itself where it has versions, and write down what was done."""
        if self._found is not None:
            if hasattr(self._found, "version"):
                self._found.version += 1
            self._found.save()
        mark_changed(self.session, self.row)
        self._step = current_step(self.row)
        journal.record(self.session, self.verb, self.row.id, self.details)

    def done(self, message: str, **facts: object) -> Done:
        """The result of the verb, once the frame is left; `message` is a key of the `done` catalogue."""
        return done_at(self.row, self._step, message, **facts)


@contextmanager
def marking(
    session: Session, visit: int | Owned, verb: str = "", *, right: str | None, expected: int | None = None
) -> Iterator[MarkedChange]:
    """Change what belongs to a visit and nobody who works on the visit need look at again: a tick, a remark, a text. In
    one write transaction: the visit's row, or that of what it owns, Refused where it is gone; the actor's right (None:
    the verb sees to it); the version of what it owns, else of the visit, Refused `stale_…`; the verb's own change; the
    row saved with its new version, the visit marked as changed, the journal's entry with `v.details`. Where `v.verb` is
    "" nothing was to be done.
    """
    with write():
        found: Any = None if isinstance(visit, int) else _row(*visit)
        row = _asked(found, visit, expected)
        if right is not None:
            require(session, right, row)
        if expected is not None and found is not None and found.version != expected:
            about = ("expense", found.id) if found._meta.table_name == "expense" else None
            raise stale(_STALE[found._meta.table_name], row.id, about)
        marked = MarkedChange(session, row, verb, found)
        yield marked
        if marked.verb:
            marked.finish()


def _asked(found: Any, visit: int | Owned, expected: int | None) -> Visit:
    """The visit's own row; where it is asked for by its id as it was seen, else as it is."""
    if found is not None:
        return visit_row(int(found.visit_id))
    assert isinstance(visit, int)
    return visit_row(visit) if expected is None else expected_row(visit, expected)


def _row(table: type[Table], number: int) -> Any:
    model: Any = table
    found = model.get_or_none(model.id == number)
    if found is None:
        raise Refused(_GONE.get(table._meta.table_name, "no_arrangement"))
    return found


def _of_field(field: str, differences: tuple[Difference, ...]) -> list[Difference]:
    """The effects that a field of the request, or of the policy's own, has; at least that it changed."""
    keys = {_KEYS.get(field, field), f"field:{field}"}
    heads = _HEADS.get(field, "-")
    own = [difference for difference in differences if difference.key in keys or difference.key.startswith(heads)]
    return own or [Difference(field, "form", Phrase(f"fields.{field}"), None, Phrase("effects.another"))]


# -- preview of a change (A33) ----------------------------------------------------------------------------------------


@record
class NewNotification:
    """Somebody who is to be told of a change: see `Notification`; `what` as it is kept."""

    role: str
    party: str
    name: str
    phone: str
    what: tuple[Packed, ...]


@record
class Preview:
    """What a change would do, all of it: `asks` the fields for which `posts` decide again, `notices` those that are
    only told; `findings` stand in its way until there is a reason, or for good. `policy`: the visit's, for its names.
    """

    policy: Policy
    differences: tuple[Difference, ...]
    notifications: tuple[NewNotification, ...]
    asks: tuple[str, ...] = ()
    posts: Name | None = None
    notices: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    off: bool = False
    """Whether it calls the visit off; `differences` are then what is let go."""

    def same(self, other: Preview) -> bool:
        """Whether the other says the same."""
        return replace(self, policy=other.policy) == other


def preview_of(session: Session, visit: int, act: Callable[[], object]) -> Preview | None:
    """Preview of `act`, a verb on that visit: its differences and notifications. It is run and rolled back (A33).

    None where it changes nothing; also, without a call, where the visit is not arranged. Raises Refused as `act` does.
    The fields for which posts decide again are in the preview of `amend` only.
    """
    with trial():
        row = Visit.get_or_none(Visit.id == visit)
        if row is None or phase(row) != "on":
            return None
        waited, seen = waiting(visit), journal.head()
        act()
        changed: list[Packed] = []
        for details in journal.details_since(seen, visit):
            changed = merge_differences(changed, details.get("changed", []))
        notifications = fresh(waited, waiting(visit))
        if not changed and not notifications:
            return None
        return Preview(visit_policy(session, row), tuple(map(unpack_difference, changed)), notifications)


def waiting(visit: int) -> list[Notification]:
    """The notifications of a visit that are still to be given, as they are kept."""
    return list(
        Notification.select()
        .where(Notification.visit == visit, Notification.told_at.is_null())
        .order_by(Notification.id)
    )


def fresh(before: Iterable[Notification], now: Iterable[Notification]) -> tuple[NewNotification, ...]:
    """Notifications added, or added to, between two reads of `waiting`."""
    had: Mapping[int, list[Packed]] = {each.id: each.what for each in before}
    return tuple(
        NewNotification(
            each.role, each.party, each.name, each.phone, tuple(e for e in each.what if e not in had.get(each.id, ()))
        )
        for each in now
        if had.get(each.id) != each.what
    )
