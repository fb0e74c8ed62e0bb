"""`jiedai handover [DATE]`: the page for the next shift, as plain text or JSON."""

from __future__ import annotations

from datetime import date, datetime

from models.policy.wording import words_of
from models.queries.handover import Handover, handover
from models.words import Name
from models.words.catalogue import LANGUAGES
from screens.handover_text import handover_text
from tui.cli.asked import day, desk_of, store
from tui.cli.call import Call
from tui.cli.out import give, give_json


def run(call: Call) -> int:
    """Print the page of a day that is over, or of today."""
    asked = day(call, call.word())
    with store(call):
        desk = desk_of(call)
        found = handover(desk, asked)
        if call.json:
            give_json(_plain(found))
        else:
            give(handover_text(found, desk.policy, words_of(desk.policy, call.w.language)))
    return 0


def _plain(found: Handover) -> dict[str, object]:
    return {
        "day": found.day.isoformat(),
        "at": found.at.isoformat(),
        "arrivals": [
            {
                "id": line.visit, "number": line.number or None, "client": line.client, "at": line.at.isoformat(),
                "headcount": line.headcount, "by": {"mode": line.by[0], "number": line.by[1]}, "place": line.place,
                "approved": line.where != "asked", "met_by": line.met_by or None,
                "cars": [{"car": ride.car, "driver": ride.driver, "phone": ride.phone} for ride in line.rides],
            }
            for line in found.arrivals
        ],
        "untold": [
            {"visit": each.visit, "number": each.number, "who": _said(each.who), "person": each.person,
             "phone": each.phone, "since": each.since.isoformat()}
            for each in found.untold
        ],
        "waiting": [
            {"visit": line.visit, "number": line.number, "client": line.client, "at": list(line.at),
             "posts": list(line.posts), "since_utc": _iso(line.since), "late": line.late}
            for line in found.waiting
        ],
        "unsigned": [{"visit": each.visit, "number": each.number, "client": each.client} for each in found.unsigned],
        "promises": [
            {"visit": each.visit, "number": each.number, "client": each.client, "at": each.at.isoformat(),
             "who": each.who, "text": each.text}
            for each in found.promises
        ],
        "tasks": [
            {"party": _said(todo.party), "later": todo.later,
             "open": [{"id": line.task, "visit": line.visit, "client": line.client, "text": _said(line.text),
                       "due": _iso(line.due), "assignee": line.assignee or None} for line in todo.tasks]}
            for todo in found.todo
        ],
        "changed": [
            {"visit": each.visit, "number": each.number, "client": each.client,
             "entries": [{"at": entry.at.isoformat(), "who": entry.who, "verb": entry.verb} for entry in each.entries]}
            for each in found.changed
        ],
    }  # fmt: skip


def _said(name: Name) -> dict[str, str]:
    return {language: name.say(language) for language in LANGUAGES}


def _iso(at: date | datetime | None) -> str | None:
    return at.isoformat() if at else None
