"""What the handover page says: the end of a shift, without visits that its reader may not see."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from models.frozen import record
from models.policy.model import Policy
from models.queries.common import ARRANGED
from models.queries.day_lists import DayLine, today
from models.queries.request_lists import RequestLine, request_lines
from models.queries.task_lists import TaskLine, Unsigned, task_lines, unsigned
from models.queries.visit_history import JournalEntry, NotificationLine, changed_visits, changes, notifications
from models.schema.store import reading
from models.schema.tables import Note, Person, Task, Visit
from models.services.rights import hidden, hidden_among
from models.services.session import Session
from models.services.visits import visit_policy
from models.words import Name

TOLD_OTHERWISE = ("task.", "expense.", "stage.", "note", "promise", "told", "tell", "display", "read")
"""Beginnings of the journal's verbs that a handover tells in other ways, or not at all."""


@record
class Todo:
    """A party's open tasks until the end of the next day, overdue ones among them; `later`: how many are due then."""

    party: Name
    tasks: tuple[TaskLine, ...]
    later: int


@record
class ChangedVisit:
    """What was changed about a visit since yesterday at this time, newest first."""

    visit: int
    number: str
    client: str
    digits: int
    entries: tuple[JournalEntry, ...]


@record
class Promise:
    """What guests were promised and was not kept yet: when (local time), by whom."""

    visit: int
    number: str
    client: str
    at: datetime
    who: str
    text: str


@record
class Handover:
    """The page as of `at` (local time), the end of `day` where that is past; `expected` who has not come yet today,
    `arrivals` who comes on the day after; `waiting` requests, the longest first."""

    day: date
    at: datetime
    at_utc: datetime
    todo: tuple[Todo, ...]
    expected: tuple[DayLine, ...]
    arrivals: tuple[DayLine, ...]
    changed: tuple[ChangedVisit, ...]
    promises: tuple[Promise, ...]
    waiting: tuple[RequestLine, ...]
    unsigned: tuple[Unsigned, ...]
    to_notify: tuple[NotificationLine, ...]


def handover(session: Session, day: date | None = None) -> Handover:
    """What is open now, who is still to come and who arrives on the day after `day` (default today), what was changed
    in the 24 hours to its end, or to now."""
    now = session.now()
    shift = day or now.date()
    at = now if shift == now.date() else datetime.combine(shift + timedelta(days=1), time())
    with reading():
        tomorrow = shift + timedelta(days=1)
        waiting = request_lines(session, Visit.state == "submitted")
        return Handover(
            day=shift,
            at=at,
            at_utc=_utc(session, at),
            todo=_todo(session, datetime.combine(tomorrow + timedelta(days=1), time())),
            expected=_arrivals(session, shift) if shift == now.date() else (),
            arrivals=_arrivals(session, tomorrow),
            changed=_changed(session, at),
            promises=_promises(session),
            waiting=tuple(sorted(waiting, key=lambda line: (line.since or session.now_utc(), line.visit))),
            unsigned=unsigned(session),
            to_notify=tuple(
                sorted(
                    (line for line in notifications(session, whole=True) if line.told_at is None),
                    key=_since,
                    reverse=True,
                )
            ),
        )


def _arrivals(session: Session, day: date) -> tuple[DayLine, ...]:
    """Who arrives on a day: not who is here already, or is expected no more."""
    lines = [line for line in today(session, day, whole=True).lines if not line.going and line.at is not None]
    expected = [line for line in lines if line.state in ("submitted", "approved", "under_way")]
    return tuple(line for line in expected if line.where in ("asked", "planned", "on_way"))


def _since(line: NotificationLine) -> tuple[datetime, int]:
    """By visit what was changed last first."""
    return line.since, -line.id


def _todo(session: Session, until: datetime) -> tuple[Todo, ...]:
    unseen = hidden(session, Visit.state.in_(ARRANGED))
    lines = task_lines(session, Visit.state.in_(ARRANGED) & Visit.id.not_in(unseen) & (Task.state == "open"))
    found: list[Todo] = []
    for party in dict.fromkeys(line.party_name for line in lines):
        theirs = [line for line in lines if line.party_name == party]
        soon = tuple(line for line in theirs if line.due is None or line.due < until)
        found.append(Todo(party, soon, len(theirs) - len(soon)))
    return tuple(found)


def _changed(session: Session, at: datetime) -> tuple[ChangedVisit, ...]:
    """By visit, what was done about it in the 24 hours before."""
    since, until = _utc(session, at - timedelta(hours=24)), _utc(session, at + timedelta(seconds=1))
    rows = {row.id: row for row in Visit.select().where(Visit.id.in_(changed_visits(since, until)))}
    unseen = hidden_among(session, rows)
    policies: dict[int | None, Policy] = {}

    def policy_of(number: int) -> Policy | None:
        row = rows.get(number)
        if row is None or number in unseen or row.number is None:
            return None
        if row.policy_id not in policies:
            policies[row.policy_id] = visit_policy(session, row)
        return policies[row.policy_id]

    entries = changes(session, since, until, policy_of)
    told = [each for each in entries if not each.verb.startswith(TOLD_OTHERWISE)]
    found: list[ChangedVisit] = []
    for number in dict.fromkeys(each.visit for each in told):
        row = rows.get(number or 0)
        if row is not None and number is not None:
            digits = policies[row.policy_id].currency.minor
            theirs = tuple(each for each in told if each.visit == number)
            found.append(ChangedVisit(number, row.number or "", row.client_name, digits, theirs))
    return tuple(found)


def _promises(session: Session) -> tuple[Promise, ...]:
    rows = list[Note](
        Note.select(Note, Visit, Person)
        .join(Visit)
        .switch(Note)
        .left_outer_join(Person)
        .where(Note.promise, Note.kept_at.is_null())
        .order_by(Note.at, Note.id)
    )
    unseen = hidden_among(session, (row.visit_id for row in rows))
    return tuple(
        Promise(row.visit_id, row.visit.number or "", row.visit.client_name, row.at,
                row.person.name if row.person else "", row.text)
        for row in rows
        if row.visit_id not in unseen
    )  # fmt: skip


def _utc(session: Session, at: datetime) -> datetime:
    """A local moment in UTC, naive, as the journal has it."""
    return at.replace(tzinfo=session.clock().tzinfo).astimezone(UTC).replace(tzinfo=None)
