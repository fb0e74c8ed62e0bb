"""The journal of a visit as entries, notifications sent and still owed, and the check of store against journal."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from models.frozen import record
from models.policy.model import Policy, item_name
from models.schema.arrangements import Notification
from models.schema.base import database
from models.schema.journal import details_of
from models.schema.store import reading
from models.schema.tables import Decision, Expense, Journal, JournalDetail, Task, Visit
from models.services.day_verbs import recipient_name
from models.services.person_register import called_names, person_names
from models.services.phones import Phones
from models.services.rights import ActorContext, hidden_among, refusals
from models.services.session import Session
from models.services.visit_diff import brief, sentence, unpack_difference, unpack_text
from models.services.visit_state import waits
from models.services.visits import tier_now
from models.words import Inactive, Name, Phrase, called

Kind = Literal["name", "words", "money", "over", "outcome", "added", "removed", "time", "where", "changed"]
Fact = tuple[Kind, Any]
"""A kind and its value: a Name or Phrase, words that somebody wrote, minor units, an outcome's id, a number, a local
time, where the guests are (planned, on_way, here, on_site), sentences with an old and a new value."""


@record
class JournalEntry:
    """One entry: when (local time), who in whose name, the verb; what was said at a step that does not decide is the
    verb `opinion` or `sign`. `erased`: its details are gone, the entry stays."""

    id: int
    at: datetime
    who: str
    for_whom: str
    verb: str
    facts: tuple[Fact, ...]
    erased: bool
    visit: int | None = None


def history(session: Session, visit: int, policy: Policy) -> tuple[JournalEntry, ...]:
    """Every entry of the visit, newest first; inside `reading`."""
    return entries_of(session, with_details().where(Journal.visit == visit), lambda row: policy)


def changes(
    session: Session, since: datetime, until: datetime, policies: Callable[[int], Policy | None]
) -> tuple[JournalEntry, ...]:
    """The entries about visits between two moments (UTC, naive), newest first, of the visits for which there is a
    policy to say them by; inside `reading`."""
    return entries_of(session, with_details().where(_between(since, until)), lambda row: policies(row["visit"]))


def changed_visits(since: datetime, until: datetime) -> list[int]:
    """The visits that have an entry between two moments; inside `reading`."""
    found: Any = Journal.select(Journal.visit).where(_between(since, until)).distinct().tuples()
    return [visit for (visit,) in found]


def _between(since: datetime, until: datetime) -> Any:
    last = Journal.select().where(Journal.at_utc < since).order_by(Journal.id.desc()).first()
    known = last.id if last else 0
    return (Journal.id > known) & (Journal.at_utc < until) & Journal.visit.is_null(False)


def with_details() -> Any:
    """The journal with details, newest first, for `entries_of`; inside `reading`."""
    return (
        Journal.select(Journal, JournalDetail.details)
        .left_outer_join(JournalDetail, on=(JournalDetail.entry == Journal.id))
        .order_by(Journal.id.desc())
    )


def entries_of(session: Session, found: Any, policies: Callable[[Any], Policy | None]) -> tuple[JournalEntry, ...]:
    """Rows of `with_details` as entries, each said by the policy that there is for it; left out where there is none."""
    rows: list[Any] = list(found.dicts())
    told = [details_of(row["details"]) if row["details"] is not None else None for row in rows]
    handed = [each["person"] for each in told if each and isinstance(each.get("person"), int)]
    names = person_names([*handed, *(row["for_person"] for row in rows)])
    zone = session.clock().tzinfo
    return tuple(
        JournalEntry(
            id=row["id"],
            at=row["at_utc"].replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None),
            who=row["actor_name"],
            for_whom=names.get(row["for_person"], ""),
            verb=_verb(row["verb"], details or {}),
            facts=_facts(details or {}, policy, names),
            erased=details is None,
            visit=row["visit"],
        )
        for row, details in zip(rows, told, strict=True)
        if (policy := policies(row)) is not None
    )


def _verb(verb: str, details: Mapping[str, Any]) -> str:
    what = details.get("what")
    after = details.get("after")
    if verb == "person.change" and isinstance(after, dict) and isinstance(after.get("active"), bool):
        return "person.on" if after["active"] else "person.off"
    return what if verb == "decide" and what in ("opinion", "sign") else verb


def _facts(details: Mapping[str, Any], policy: Policy, names: Mapping[int | None, str]) -> tuple[Fact, ...]:
    """What of an entry's details tells a person something."""
    details = {**details, "rewritten": details} if "before" in details and "display" in details else details
    days = [str(details[key]) for key in ("since", "until") if details.get(key)]
    details = {**details, "days": " - ".join(days)} if days else details
    known = [key for key in details if not (details.get("changed") and key in _IN_CHANGED)]
    found = [
        (kind, say(details[key], policy, names)) for key, kind, say in _SHOWN_DETAILS if key in known and details[key]
    ]
    return tuple((kind, value) for kind, value in found if value)


def _duty(value: Any, policy: Policy, names: Mapping[int | None, str]) -> Name:
    return next((duty.text for duty in policy.duties if duty.id == value), Name.of(str(value)))


def _named(value: Any, policy: Policy, names: Mapping[int | None, str]) -> Name:
    return policy.name_of(str(value))


def _item(value: Any, policy: Policy, names: Mapping[int | None, str]) -> Name:
    return item_name(policy, str(value))


def _person(value: Any, policy: Policy, names: Mapping[int | None, str]) -> Name:
    return Name.of(names.get(value, ""))


def _days(value: Any, policy: Policy, names: Mapping[int | None, str]) -> Name:
    return Name.of(str(value))


def _words(value: Any, policy: Policy, names: Mapping[int | None, str]) -> str:
    return str(value)


def _number(value: Any, policy: Policy, names: Mapping[int | None, str]) -> int:
    return len(value) if isinstance(value, list) else int(value)


def _where(value: Any, policy: Policy, names: Mapping[int | None, str]) -> str:
    return str(value) if value in ("planned", "on_way", "here", "on_site") else ""


def _time(value: Any, policy: Policy, names: Mapping[int | None, str]) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def _said(value: Any, policy: Policy, names: Mapping[int | None, str]) -> Name | None:
    whom = unpack_text(value)
    return whom if isinstance(whom, Name) else None


def _display(value: Any, policy: Policy, names: Mapping[int | None, str]) -> Phrase:
    return Phrase(f"done.display.{value}")


def _rewritten(value: Any, policy: Policy, names: Mapping[int | None, str]) -> tuple[Phrase, ...]:
    """The old and the new text in each language in which they differ."""
    before, after = value["before"], value.get("after", {})
    return tuple(
        Phrase(
            "effects.changed",
            {"what": Phrase(f"arrange.field.{code}"), "old": _in_a_line(old), "new": _in_a_line(after.get(code, ""))},
        )
        for code, old in before.items()
        if old != after.get(code, "")
    )


def _in_a_line(text: str) -> str:
    return " / ".join(text.splitlines()) or "-"


def _changed(value: Any, policy: Policy, names: Mapping[int | None, str]) -> tuple[Phrase, ...]:
    return tuple(sentence(unpack_difference(each)) for each in value)


_Say = Callable[[Any, Policy, Mapping[int | None, str]], Any]
_SHOWN_DETAILS: tuple[tuple[str, Kind, _Say], ...] = (
    ("outcome", "outcome", _words),
    ("duty", "name", _duty),
    ("stage", "name", _named),
    ("item", "name", _item),
    ("post", "name", _named),
    ("tier", "name", _named),
    ("person", "name", _person),
    ("whom", "name", _said),
    ("days", "name", _days),
    ("state", "where", _where),
    ("expected", "time", _time),
    ("place", "words", _words),
    ("amount", "money", _number),
    ("over", "over", _number),
    ("added", "added", _number),
    ("removed", "removed", _number),
    ("words", "words", _words),
    ("why", "words", _words),
    ("text", "words", _words),
    ("reason", "words", _words),
    ("medium", "words", _words),
    ("display", "name", _display),
    ("rewritten", "changed", _rewritten),
    ("changed", "changed", _changed),
)
"""Which details are told, in this order, and as what."""
_IN_CHANGED = frozenset(["added", "removed", "place", "expected"])
"""Which of them the old and new values say already."""


# -- notifications ----------------------------------------------------------------------------------------------------

LATELY = timedelta(hours=24)


@record
class NotificationLine:
    """Somebody to be told: in which role, who it is, `person` whom to ask for, by which phone; what, since when.

    `told_at`, `told_by`: when and by whom they were told. `refused`: why the actor may not say so.
    """

    id: int
    version: int
    visit: int
    number: str
    client: str
    role: str
    who: Name
    person: str
    phone: str
    what: tuple[Phrase, ...]
    since: datetime
    told_at: datetime | None
    told_by: str
    refused: str | None


def notifications(session: Session, visit: int | None = None, *, whole: bool = False) -> tuple[NotificationLine, ...]:
    """Notifications of one visit, or of all that the actor may see: those still to be given, in the order in which the
    visits come; then those given within a day. With `whole` no phone is masked."""
    with reading():
        recent = Notification.told_at.is_null() | (Notification.told_at >= session.now() - LATELY)
        rows: Any = Notification.select(Notification, Visit).join(Visit).where(recent)
        if visit is not None:
            rows = rows.where(Notification.visit == visit)
        ordered = list(rows.order_by(Notification.told_at.is_null(False), Visit.comes, Visit.id, Notification.id))
        unseen = hidden_among(session, (each.visit_id for each in ordered))
        found = [each for each in ordered if each.visit_id not in unseen]
        names = person_names([each.told_by_id for each in found])
        still = called_names([each.person_id for each in found if each.told_at is None])
        visits = {each.visit_id: each.visit for each in found}
        standing = ActorContext(session, visits.values())
        phones = Phones(standing, whole=whole)
        refused = {visit: refusals(standing, row, ("tell",))["tell"] for visit, row in visits.items()}
        return tuple(
            NotificationLine(
                id=each.id,
                version=each.version,
                visit=each.visit_id,
                number=each.visit.number or "",
                client=each.visit.client_name,
                role=each.role,
                who=recipient_name(session, each.visit, each)
                if each.party
                else Name.of(_mark(each.name, still.get(each.person_id, ""))),
                person=_mark(each.name, still.get(each.person_id, "")),
                phone=phones.on(each.visit_id, each.phone, each.person_id),
                what=phones.about(each.visit_id, brief(unpack_difference(entry) for entry in waits(each.what))),
                since=each.made_at,
                told_at=each.told_at,
                told_by=names.get(each.told_by_id, ""),
                refused=refused[each.visit_id],
            )
            for each in found
        )


def _mark(name: str, now: str) -> str:
    """The name as it was kept, with the mark that the person's name bears `now`."""
    return called(name, not isinstance(now, Inactive))


def waiting_notifications(session: Session, visit: int | None = None) -> int:
    """Count of the notifications that are still to be given."""
    with reading():
        rows: Any = Notification.select(Notification.visit).where(Notification.told_at.is_null())
        visits = [each for (each,) in (rows if visit is None else rows.where(Notification.visit == visit)).tuples()]
        unseen = hidden_among(session, visits)
        return sum(each not in unseen for each in visits)


# -- store against journal --------------------------------------------------------------------------------------------

What = Literal["visit", "decision", "expense", "task", "total"]
_ARRANGED = frozenset(["approved", "under_way", "done", "no_show"])
GOING_ON = _ARRANGED | {"submitted"}
_STATES = {
    "submit": GOING_ON,
    "withdraw": frozenset(["draft"]),
    "cancel": frozenset(["cancelled"]),
    "restore": frozenset(["draft"]),
    "close": frozenset(["closed"]),
    "reopen": _ARRANGED,
}
"""The states in which a visit may be after each verb that changes it, where its entry does not say so itself."""
_STOPPED = {"return": frozenset(["returned"]), "refuse": frozenset(["refused"])}
_TASK_STATES = {"ticked": "done", "dropped": "dropped"}
"""What the last entry of a task makes of it; open after any other that changes it."""
_ASIDE = frozenset(["assigned", "unassigned"])
_PLANNED = frozenset(["approved", "under_way", "done", "closed"])
"""The states in which the planned lines are those of the visit's total."""
_REBUILDING = frozenset(["submit", "decide", "amend", "take_change_back"])
_REBUILT = frozenset(["open", "gone"])
"""What a task may be as well after a verb that lays the tasks of its visit anew: something of it is asked again, or
nothing any more."""


@record
class Disagreement:
    """Something of a visit (`number`, empty for a draft) that is not as the journal tells: its row, by id."""

    what: What
    id: int
    number: str


@record
class Agreement:
    """Result of comparing store and journal. `pages`: what SQLite says of a damaged file; `references`: rows that name
    missing ones."""

    pages: tuple[str, ...]
    references: int
    looked_at: dict[What, int]
    differing: tuple[Disagreement, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not (self.pages or self.references or self.differing)


@record
class _EntryDetails:
    verb: str
    details: dict[str, Any]


def agreement() -> Agreement:
    """Compare the store with what its journal says of it. An entry whose details are erased agrees with anything."""
    with reading():
        pages = [str(said) for (said,) in database.execute_sql("PRAGMA integrity_check").fetchall()]
        references = len(database.execute_sql("PRAGMA foreign_key_check").fetchall())
        told = _entry_details()
        visits: dict[int, Visit] = {row.id: row for row in Visit.select()}
        planned = _planned(visits)
        found = [
            *_visits(visits, told),
            *_decisions(told),
            *_expenses(told),
            *_tasks(told),
            *_totals(planned),
        ]
        looked_at: dict[What, int] = {
            "visit": len(visits),
            "decision": Decision.select().count(),
            "expense": Expense.select().where(Expense.actual.is_null(False)).count(),
            "task": Task.select().count(),
            "total": len(planned),
        }
        numbers = {row.id: row.number or "" for row in visits.values()}
    differing = tuple(Disagreement(what, row, numbers.get(visit, "")) for what, row, visit in found)
    return Agreement(tuple(said for said in pages if said != "ok"), references, looked_at, differing)


def _entry_details() -> dict[int, list[_EntryDetails]]:
    """The entries of each visit, oldest first."""
    query: Any = (
        Journal.select(Journal.visit, Journal.verb, JournalDetail.details)
        .left_outer_join(JournalDetail, on=(JournalDetail.entry == Journal.id))
        .where(Journal.visit.is_null(False))
        .order_by(Journal.id)
        .tuples()
    )
    told: dict[int, list[_EntryDetails]] = defaultdict(list)
    for visit, verb, details in query:
        told[visit].append(_EntryDetails(verb, _plain(details)))
    return told


def _plain(details: str | None) -> dict[str, Any]:
    try:
        found = json.loads(details or "{}")
    except ValueError:  # the chain says so
        return {}
    return found if isinstance(found, dict) else {}


Found = tuple[What, int, int]
"""What differs: its kind, its id and that of its visit."""


def _visits(visits: dict[int, Visit], told: dict[int, list[_EntryDetails]]) -> Iterator[Found]:
    for visit in sorted({*visits, *told}):
        row, entries = visits.get(visit), told.get(visit, [])
        submitted = any(entry.verb == "submit" for entry in entries)
        if row is None:
            if submitted:
                yield "visit", visit, visit
        elif row.state not in _allowed(entries) or (row.number is not None) != submitted or _retiered(row, entries):
            yield "visit", visit, visit


def _allowed(entries: list[_EntryDetails]) -> frozenset[str]:
    """The states in which a visit may be after these entries."""
    allowed, changing = frozenset(["draft"]), False
    for entry in entries:
        outcome, state = entry.details.get("outcome"), entry.details.get("standing", {}).get("state")
        if state is not None:
            allowed = _ARRANGED if state in _ARRANGED else frozenset([str(state)])
        elif entry.verb == "decide":
            # Of a change that is not agreed to the visit goes on as it was.
            stopped = GOING_ON if changing else _STOPPED.get(str(outcome), GOING_ON)
            allowed = stopped if outcome else GOING_ON.union(*_STOPPED.values())
        else:
            allowed = _STATES.get(entry.verb, allowed)
        changing = entry.verb != "submit" and (changing or entry.verb == "amend")
    return allowed


def _retiered(row: Visit, entries: list[_EntryDetails]) -> bool:
    """Whether a visit that goes on has another tier than the last entry about it left it with."""
    last = next((entry for entry in reversed(entries) if entry.verb in _REBUILDING), None)
    standing = last.details.get("standing") if last else None
    return standing is not None and row.state in (*GOING_ON, "closed") and tier_now(row) != standing.get("tier")


def _decisions(told: dict[int, list[_EntryDetails]]) -> Iterator[Found]:
    known = {
        entry.details["decision"]: (visit, entry.details)
        for visit, entries in told.items()
        for entry in entries
        if entry.verb == "decide" and "decision" in entry.details
    }
    for entry in (each for entries in told.values() for each in entries if each.verb == "undo_agree"):
        back = entry.details.get("decision")
        if back in known:
            known[back] = (known[back][0], {**known[back][1], "outcome": "taken_back"})
    unknown = any(entry.verb == "decide" and not entry.details for entries in told.values() for entry in entries)
    for row in Decision.select():
        visit, details = known.pop(row.id, (None, None))
        if details is None:
            if not unknown:
                yield "decision", row.id, row.visit_id
        elif visit != row.visit_id or any(
            key in details and getattr(row, key) != details[key]
            for key in ("person_name", "outcome", "post", "tier", "words", "medium")
        ):
            yield "decision", row.id, row.visit_id
    for decision, (visit, _) in known.items():
        yield "decision", decision, visit or 0


def _expenses(told: dict[int, list[_EntryDetails]]) -> Iterator[Found]:
    last: dict[int, tuple[int, dict[str, Any]]] = {}
    removed: dict[tuple[int, object], int] = defaultdict(int)
    unknown = set()
    for visit, entries in told.items():
        for entry in entries:
            if entry.verb.startswith("expense.") and not entry.details:
                unknown.add(visit)
            elif entry.verb == "expense.removed":
                removed[visit, entry.details.get("item")] += 1
            elif entry.verb.startswith("expense.") and "expense" in entry.details:
                last[entry.details["expense"]] = (visit, entry.details)
    for row in Expense.select():
        visit, details = last.pop(row.id, (row.visit_id, {"item": row.item, "amount": None}))
        same = (row.visit_id, row.item, row.actual) == (visit, details.get("item"), details.get("amount"))
        if not same and row.visit_id not in unknown:
            yield "expense", row.id, row.visit_id
    for expense, (visit, details) in last.items():
        removed[visit, details.get("item")] -= 1
        if removed[visit, details.get("item")] < 0 and visit not in unknown:
            yield "expense", expense, visit


def _tasks(told: dict[int, list[_EntryDetails]]) -> Iterator[Found]:
    allowed: dict[int, frozenset[str]] = {}
    rebuilt, unknown = set(), set()
    for visit, entries in told.items():
        mine: dict[int, frozenset[str]] = {}
        for entry in entries:
            what = entry.verb.removeprefix("task.")
            if entry.verb in _REBUILDING:
                rebuilt.add(visit)
                mine = {task: states | _REBUILT for task, states in mine.items()}
            elif what != entry.verb and not entry.details:
                unknown.add(visit)
            elif what != entry.verb and what not in _ASIDE and "task" in entry.details:
                mine[entry.details["task"]] = frozenset([_TASK_STATES.get(what, "open")])
        allowed |= mine
    for row in Task.select():
        untouched = _REBUILT if row.visit_id in rebuilt else frozenset(["open"])
        if row.visit_id not in unknown and row.state not in allowed.get(row.id, untouched):
            yield "task", row.id, row.visit_id


_Planned = list[tuple[Visit, list[Expense]]]


def _planned(visits: dict[int, Visit]) -> _Planned:
    """The visits whose plan stands, each with its planned lines."""
    lines: dict[int, list[Expense]] = defaultdict(list)
    for row in Expense.select().where(Expense.planned.is_null(False)):
        lines[row.visit_id].append(row)
    return [(row, lines[row.id]) for row in visits.values() if row.state in _PLANNED]


def _totals(planned: _Planned) -> Iterator[Found]:
    """What the company pays of a line for which somebody else pays is all of it or only what is within its cap: a total
    lies between the two sums."""
    for row, lines in planned:
        ours = sum(line.planned or 0 for line in lines if line.payer == "company")
        if not ours <= row.total <= sum(line.planned or 0 for line in lines):
            yield "total", row.id, row.id
