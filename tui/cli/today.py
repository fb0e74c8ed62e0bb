"""`jiedai today [DATE]`: the sheet of a day as plain text; also what `jiedai` says where there is no terminal."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from models.papers.day_sheet import DaySheet
from models.policy.model import words_of
from models.queries.day_lists import Day, Due, Line, today
from tui.cli.asked import day, desk_of, store
from tui.cli.call import Call, policy_in_use
from tui.cli.out import give, give_json, iso, room

if TYPE_CHECKING:
    from models.services.session import Session


def run_today(call: Call) -> int:
    """Print the day."""
    now = call.clock().replace(tzinfo=None)
    asked = day(call, call.word()) or now.date()
    policy = policy_in_use(call)
    with store(call):
        found = _found(desk_of(call), asked)
    if call.json:
        give_json(_plain(found))
    else:
        give(DaySheet(words_of(policy, call.w.language), policy, found, now, room()).lines())
    return 0


def _found(session: Session, asked: date) -> Day:
    from models.queries.day_lists import clashing

    return clashing(session, today(session, asked))


def _plain(found: Day) -> dict[str, object]:
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


def _plain_line(line: Line) -> dict[str, object]:
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
        "untold": len(line.untold),
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
