"""Commands on the day: `today`, `handover`, `muster`, `visits`, `tasks`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from models.papers.day_sheet import DaySheet
from models.papers.handover_page import handover_text
from models.papers.muster_sheet import NARROW, muster_lines
from models.policy.model import party_name, words_of
from models.policy.wording import askable
from models.queries.day_lists import Day, DayLine, Due, today
from models.queries.handover_facts import Handover, handover
from models.queries.muster_lists import Contact, Muster, Present, muster
from models.queries.plain_lists import ListedTask, ListedVisit, tasks, visits
from models.queries.task_lists import TaskLine
from models.queries.visit_history import JournalEntry
from models.words import Name, Phrase, words
from models.words.catalogue import LANGUAGES
from models.words.person_names import plain
from tui.cli.call import Call, day, hidden_from, me, one_of, policy_in_use, session_of, store
from tui.cli.out import columns, give, give_json, iso, narrow, room, tell

if TYPE_CHECKING:
    from models.policy.model import Policy
    from models.services.session import Session


def run_today(call: Call) -> int:
    """Print the day."""
    now = call.clock().replace(tzinfo=None)
    asked = day(call, call.word()) or now.date()
    policy = policy_in_use(call)
    with store(call):
        found = _found(session_of(call), asked)
    if call.json:
        give_json(_day_data(found))
    else:
        give(DaySheet(words_of(policy, call.w.language), policy, found, now, room()).lines())
    return 0


def _found(session: Session, asked: date) -> Day:
    from models.queries.day_clashes import clashing

    return clashing(session, today(session, asked))


def _day_data(found: Day) -> dict[str, object]:
    after = found.tomorrow
    return {
        "day": found.day.isoformat(),
        "visits": [_plain_line(line) for line in found.lines],
        "tomorrow": {
            "day": after.day.isoformat(),
            "visits": after.visits,
            "guests": after.guests,
            "first_at": iso(after.first_at),
            "first_client": after.first_client or None,
        },
    }


def _plain_line(line: DayLine) -> dict[str, object]:
    upcoming = line.next
    return {
        "id": line.visit,
        "number": line.number or None,
        "state": line.state,
        "where": line.where,
        "at": iso(line.at),
        "going": line.going,
        "client": line.client,
        "headcount": line.headcount,
        "tier": line.tier,
        "by": {"mode": line.by[0], "number": line.by[1]},
        "met_by": line.met_by or None,
        "hosts": list(line.hosts),
        "cars": [{"car": each.car, "driver": each.driver, "phone": each.phone} for each in line.rides],
        "clashes": [{"code": each.code, "thing": each.thing, "with": each.other or None} for each in line.clashes],
        "untold": len(line.to_notify),
        "tasks": {"done": line.done, "total": line.total, "unassigned": line.unassigned},
        "late": [_plain_due(due) for due in line.late],
        "soon": [_plain_due(due) for due in line.soon],
        "next": {"stage": upcoming.stage, "at": iso(upcoming.at), "place": upcoming.place} if upcoming else None,
        "planned": line.planned,
        "actual": line.actual,
    }


def _plain_due(due: Due) -> dict[str, object]:
    return {
        "task": due.task,
        "party": due.party,
        "text": {language: due.text.say(language) for language in ("zh", "en")},
        "due": due.due.isoformat(),
        "assignee": due.assignee or None,
    }


# -- handover ---------------------------------------------------------------------------------------------------------


def run_handover(call: Call) -> int:
    """Print the page of a day that is over, or of today."""
    asked = day(call, call.word())
    with store(call):
        session = session_of(call)
        found = handover(session, asked)
        if call.json:
            give_json(_handover_data(found))
        else:
            w = words_of(session.policy, call.w.language)
            give(handover_text(found, session.policy, w, details=call.given.has("details")))
    return 0


def _handover_data(found: Handover) -> dict[str, object]:
    """All that the page says, as data."""
    return {
        "day": found.day.isoformat(),
        "at": found.at.isoformat(),
        "expected": [_arrival(line) for line in found.expected],
        "arrivals": [_arrival(line) for line in found.arrivals],
        "untold": [
            {"visit": each.visit, "number": each.number, "client": each.client, "role": each.role,
             "who": _said(each.who), "person": each.person, "phone": each.phone,
             "changes": [_said(what) for what in each.what], "since": each.since.isoformat()}
            for each in found.to_notify
        ],
        "waiting": [
            {"visit": line.visit, "number": line.number, "client": line.client, "at": list(line.at),
             "posts": list(line.posts), "since_utc": iso(line.since), "late": line.late, "urged": line.urged,
             "arrive": iso(line.arrive)}
            for line in found.waiting
        ],
        "unsigned": [
            {"visit": each.visit, "number": each.number, "client": each.client, "expense": each.expense,
             "cost": _said(each.name), "on": iso(each.on), "amount": each.amount, "cap": each.cap, "over": each.over,
             "posts": [_said(post) for post in each.posts]}
            for each in found.unsigned
        ],
        "promises": [
            {"visit": each.visit, "number": each.number, "client": each.client, "at": each.at.isoformat(),
             "who": each.who, "text": each.text}
            for each in found.promises
        ],
        "tasks": [
            {"party": _said(todo.party), "later": todo.later, "open": [_task(line, found) for line in todo.tasks]}
            for todo in found.todo
        ],
        "changed": [
            {"visit": each.visit, "number": each.number, "client": each.client,
             "entries": [entry_data(entry) for entry in each.entries]}
            for each in found.changed
        ],
    }  # fmt: skip


def _arrival(line: DayLine) -> dict[str, object]:
    return {
        "id": line.visit,
        "number": line.number or None,
        "client": line.client,
        "principal": line.principal or None,
        "group": list(line.names) if line.group else None,
        "at": line.due.isoformat(),
        "headcount": line.headcount,
        "by": {"mode": line.by[0], "number": line.by[1]},
        "place": line.place,
        "approved": line.where != "asked",
        "met_by": line.met_by or None,
        "cars": [{"car": ride.car, "driver": ride.driver, "phone": ride.phone} for ride in line.rides],
    }


def _task(line: TaskLine, found: Handover) -> dict[str, object]:
    return {
        "id": line.task,
        "visit": line.visit,
        "number": line.number,
        "client": line.client,
        "text": _said(line.text),
        "due": iso(line.due),
        "overdue": line.due is not None and line.due < found.at,
        "assignee": line.assignee or None,
        "needs_assignee": line.unassigned,
        "waits_for": [_said(each) for each in line.waits_for],
    }


def entry_data(entry: JournalEntry) -> dict[str, object]:
    """An entry of the journal with what it tells: by kind of fact a name, words, minor units, a number or a time."""
    return {
        "at": entry.at.isoformat(),
        "who": entry.who,
        "for": entry.for_whom or None,
        "verb": entry.verb,
        "facts": [{"kind": kind, "value": _plain_fact(value)} for kind, value in entry.facts],
        "erased": entry.erased,
    }


def _plain_fact(value: object) -> object:
    if isinstance(value, (Name, Phrase)):
        return _said(value)
    if isinstance(value, tuple):
        return [_plain_fact(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _said(text: Name | Phrase) -> dict[str, str]:
    return {language: plain(words(language).text(text)) for language in LANGUAGES}


# -- muster -----------------------------------------------------------------------------------------------------------


def run_muster(call: Call) -> int:
    """Print who is on site now."""
    with store(call):
        session = session_of(call)
        found = muster(session)
    if call.json:
        give_json(_muster_data(found))
    else:
        give(muster_lines(found, words_of(session.policy, call.w.language), narrow(NARROW)))
    return 0


def _muster_data(found: Muster) -> dict[str, object]:
    return {
        "at": found.at.isoformat(),
        "guests": found.guests,
        "colleagues": found.colleagues,
        "drivers": found.drivers,
        "visits": [_present(group) for group in found.groups],
    }


def _present(group: Present) -> dict[str, object]:
    return {
        "visit": group.visit,
        "number": group.number or None,
        "client": group.client or None,
        "restricted": not group.seen,
        "people": group.people,
        "names": list(group.names),
        "state": group.state,
        "since": iso(group.since),
        "leaves": iso(group.leaves),
        "overdue": group.overdue,
        "stage": _said(group.stage) if group.stage is not None else None,
        "place": group.place or None,
        "drivers": [{"name": each.driver, "phone": each.phone, "car": each.car} for each in group.drivers],
        "along": [_contact(each) for each in group.along],
        "answers": [_contact(each) for each in group.answers],
    }


def _contact(each: Contact) -> dict[str, object]:
    return {"part": each.role, "name": each.name, "phone": each.phone or None}


# -- visits -----------------------------------------------------------------------------------------------------------

VISIT_STATES = (
    "draft",
    "submitted",
    "returned",
    "refused",
    "approved",
    "under_way",
    "done",
    "closed",
    "cancelled",
    "no_show",
)


def run_visits(call: Call) -> int:
    """Print the visits that the options let through."""
    state = one_of(call.given.option("state"), _state_names(), "unknown_state")
    first, last = day(call, call.given.option("from")), day(call, call.given.option("to"))
    policy = policy_in_use(call)
    with store(call):
        found = visits(state=state, first=first, last=last, person=me(call), hidden=hidden_from(call))
    if call.json:
        give_json([_plain(each) for each in found])
    elif found:
        give(_table(call, policy, found))
    else:
        tell(call.w("lists.no_visits"))
    return 0


def _state_names() -> dict[str, list[str]]:
    return {state: [words(language)(f"done.state.{state}") for language in LANGUAGES] for state in VISIT_STATES}


def _table(call: Call, policy: Policy, found: tuple[ListedVisit, ...]) -> list[str]:
    """The visits under their titles; no column for tiers where there are none."""
    w = words_of(policy, call.w.language)
    head = [w(f"lists.{each}") for each in ("number", "arrive", "tier", "headcount", "state", "host", "client")]
    rows = [
        [
            each.number or "-",
            f"{each.arrive:%Y-%m-%d %H:%M}" if each.arrive else "-",
            w.name(policy.name_of(each.tier)) if each.tier else "-",
            str(each.headcount or "-"),
            w(f"done.state.{each.state}"),
            w.people(each.hosts) or "-",
            each.client or "-",
        ]
        for each in found
    ]
    table, holds = [head, *rows], ["data", "data", "text", "data", "text", "text", "text"]
    if not policy.tiers:
        table, holds = [[*row[:2], *row[3:]] for row in table], [*holds[:2], *holds[3:]]
    return columns(table, holds)


def _plain(each: ListedVisit) -> dict[str, object]:
    return {
        "id": each.id,
        "number": each.number,
        "state": each.state,
        "client": each.client,
        "headcount": each.headcount,
        "tier": each.tier,
        "arrive": iso(each.arrive),
        "depart": iso(each.depart),
        "applicant": each.applicant or None,
        "coordinator": each.coordinator or None,
        "hosts": list(each.hosts),
    }


# -- tasks ------------------------------------------------------------------------------------------------------------

TASK_STATES = ("open", "done", "dropped", "gone")


def run_tasks(call: Call) -> int:
    """Print the tasks that the options let through."""
    policy = policy_in_use(call)
    state = one_of(call.given.option("state"), _task_state_names(), "unknown_state")
    party = one_of(call.given.option("party"), _parties(policy), "unknown_party")
    first, last = day(call, call.given.option("from")), day(call, call.given.option("to"))
    with store(call):
        hidden = hidden_from(call)
        found = tasks(state=state or "open", party=party, first=first, last=last, person=me(call), hidden=hidden)
    if call.json:
        give_json([_task_data(each) for each in found])
    elif found:
        give(_task_table(call, policy, found))
    else:
        tell(call.w("lists.no_tasks"))
    return 0


def _task_state_names() -> dict[str, list[str]]:
    return {state: [words(language)(f"done.task_state.{state}") for language in LANGUAGES] for state in TASK_STATES}


def _parties(policy: Policy) -> dict[str, list[str]]:
    """Whoever may be asked for something, by every name."""
    parties = [*(row.id for row in policy.departments), *(row.id for row in policy.posts), *askable(policy)]
    return {party: list(party_name(policy, party).all()) for party in parties}


def _task_table(call: Call, policy: Policy, found: tuple[ListedTask, ...]) -> list[str]:
    w = call.w
    head = [w(f"lists.{each}") for each in ("due", "party", "assignee", "number", "client", "task")]
    rows = [
        [
            f"{each.due:%m-%d %H:%M}" if each.due else "-",
            w.name(party_name(policy, each.party)),
            w.people([each.assignee]) or "-",
            each.number or "-",
            each.client or "-",
            w.name(Name(each.text)) if each.text else each.duty,
        ]
        for each in found
    ]
    return columns([head, *rows], ["data", "text", "text", "data", "text", "text"])


def _task_data(each: ListedTask) -> dict[str, object]:
    return {
        "id": each.id,
        "visit": each.visit,
        "number": each.number,
        "client": each.client,
        "duty": each.duty,
        "party": each.party,
        "text": dict(each.text),
        "due": iso(each.due),
        "state": each.state,
        "assignee": each.assignee or None,
        "done_by": each.done_by or None,
        "done_at": iso(each.done_at),
    }
