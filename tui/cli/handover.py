"""`jiedai handover [DATE]`: the page for the next shift, as plain text or JSON."""

from __future__ import annotations

from datetime import date

from models.papers.handover_page import handover_text
from models.policy.model import words_of
from models.queries.day_lists import Line
from models.queries.handover_facts import Handover, handover
from models.queries.task_lists import TaskLine
from models.queries.visit_history import Entry
from models.words import Name, Phrase, words
from models.words.catalogue import LANGUAGES
from models.words.inactive import plain
from tui.cli.asked import day, desk_of, store
from tui.cli.call import Call
from tui.cli.out import give, give_json, iso


def run_handover(call: Call) -> int:
    """Print the page of a day that is over, or of today."""
    asked = day(call, call.word())
    with store(call):
        session = desk_of(call)
        found = handover(session, asked)
        if call.json:
            give_json(_plain(found))
        else:
            give(handover_text(found, session.policy, words_of(session.policy, call.w.language)))
    return 0


def _plain(found: Handover) -> dict[str, object]:
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
            for each in found.untold
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
             "entries": [_entry(entry) for entry in each.entries]}
            for each in found.changed
        ],
    }  # fmt: skip


def _arrival(line: Line) -> dict[str, object]:
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


def _entry(entry: Entry) -> dict[str, object]:
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
