"""The handover page as plain text, for the screen, the command and whoever it is sent to; imports no Textual."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from models.papers.journal_entries import entry_text, verb_name
from models.policy.model import Policy
from models.queries.day_lists import DayLine
from models.queries.handover_facts import ChangedVisit, Handover
from models.queries.request_lists import RequestLine
from models.queries.task_lists import TaskLine
from models.queries.visit_history import NotificationLine
from models.words import Words, clean_lines
from models.words.dates import say_span, say_weekday

Section = tuple[str, list[str]]
"""A heading and the lines under it."""
MOST = 8
"""So many open tasks of a party are told, and so many entries about a visit; the rest is counted."""

BRIEF = 3
"""So many of a visit's changes are told where somebody is still to hear of them."""


def handover_text(found: Handover, policy: Policy, w: Words, *, details: bool = False) -> str:
    """The whole page; moments in full, for it may be read on another day. `details`: every open task and every change,
    which are counted otherwise."""
    lines = [title(found, w), numbers(found, w)]
    for heading, under in sections(found, policy, w, details=details):
        lines += ["", heading, *(f"  {each}" for each in under)]
    return clean_lines("\n".join(lines))


def numbers(found: Handover, w: Words) -> str:
    """The shift in a line: who is still to come, who comes tomorrow, what is overdue, promised, waiting, not told."""
    tasks = [line for todo in found.todo for line in todo.tasks]
    counts = {
        "expected": (len(found.expected), sum(line.headcount or 0 for line in found.expected)),
        "arrivals": (len(found.arrivals), sum(line.headcount or 0 for line in found.arrivals)),
        "overdue": (sum(_late(line, found.at) for line in tasks), 0),
        "open": (len(tasks), 0),
        "promises": (len(found.promises), 0),
        "waiting": (len(found.waiting), 0),
        "unsigned": (len(found.unsigned), 0),
        "to_notify": (len(found.to_notify), 0),
    }
    return "   ".join(w(f"handover.count.{key}", n=n, guests=guests) for key, (n, guests) in counts.items() if n)


def title(found: Handover, w: Words) -> str:
    """What the page is and as of when."""
    return w("handover.title", day=f"{found.day} {say_weekday(found.day, w)}", at=f"{found.at:%m-%d %H:%M}")


def sections(found: Handover, policy: Policy, w: Words, *, details: bool = False) -> list[Section]:
    """The parts of the page in the order in which they hurt; one without anything says so. Without `details` of tasks
    only what is overdue, of the changes how many there were of each kind."""
    parts: dict[str, list[str]] = {
        "expected": [text for line in found.expected for text in _arrival(line, w)],
        "arrivals": [text for line in found.arrivals for text in _arrival(line, w)],
        "todo": _every_task(found, w) if details else list(_overdue(found, w)),
        "promises": [_joined(each.number, each.client, each.text, each.who, f"{each.at:%m-%d %H:%M}")
                     for each in found.promises],
        "waiting": [_waiting(line, found, policy, w) for line in found.waiting],
        "unsigned": [_joined(each.number, each.client, w.text(each.text)) for each in found.unsigned],
        "to_notify": _to_notify(found, w),
        "changed": [text for each in found.changed for text in _changed(each, found, w)] if details
                   else [_folded(each, w) for each in found.changed],
    }  # fmt: skip
    optional = ("expected", "unsigned")
    return [
        (w(f"handover.{key}", n=len(getattr(found, key))), lines or [w("handover.none")])
        for key, lines in parts.items()
        if lines or key not in optional
    ]


def _arrival(line: DayLine, w: Words) -> Iterator[str]:
    """When, who, how; who meets them; and in which cars, with the drivers' phones."""
    by = " ".join(part for part in line.by[1:] if part)
    heads = w("visit.heads", n=line.headcount) if line.headcount else ""
    asked = w("handover.asked") if line.where == "asked" else ""
    group = " ".join(line.names) if line.group else line.principal
    yield _joined(f"{line.due:%H:%M}", line.client, heads, group, by, line.place, asked)
    met = w("handover.met_by", who=line.met_by) if line.met_by else w("handover.met_by_nobody")
    rides = [_joined(ride.car, w.people([ride.driver]), ride.phone) for ride in line.rides]
    wanting = "" if line.by[0] == "car" else w("handover.no_car")
    yield f"  {_joined(met, '; '.join(rides) or wanting)}"


def _to_notify(found: Handover, w: Words) -> list[str]:
    """By visit, what was changed in short, and everybody who is to hear of it, with their phones."""
    lines: list[str] = []
    for visit in dict.fromkeys(each.visit for each in found.to_notify):
        theirs = [each for each in found.to_notify if each.visit == visit]
        lines.append(_joined(theirs[0].number, theirs[0].client))
        what = list(dict.fromkeys(w.text(what) for each in theirs for what in each.what))
        more = [w("handover.more_changes", n=len(what) - BRIEF)] if len(what) > BRIEF else []
        lines.append(f"  {'; '.join([*what[:BRIEF], *more])}")
        lines.append(f"  {', '.join(dict.fromkeys(_person(each, w) for each in theirs))}")
    return lines


def _person(line: NotificationLine, w: Words) -> str:
    who = w.name(line.who)
    person = line.person if line.person != who else ""
    return " ".join(part for part in (w.people([who]), w.people([person]), line.phone) if part)


def _waiting(line: RequestLine, found: Handover, policy: Policy, w: Words) -> str:
    who = w.people(line.at) or " ".join(w.name(policy.name_of(post)) for post in line.posts)
    since = say_span((found.at_utc - line.since).total_seconds(), w) if line.since else ""
    lies = w("visit.lies_at", who=who, since=since)
    arrives = w("checklist.arrives", at=_moment(line.arrive, w)) if line.arrive else ""
    late = w("requests.late") if line.late else ""
    urged = w("handover.urged") if line.urged else ""
    return _joined(line.number or "", line.client, lies, late, urged, arrives)


def _every_task(found: Handover, w: Words) -> list[str]:
    return [text for todo in found.todo for text in _todo(w.name(todo.party), todo.tasks, todo.later, found, w)]


def _overdue(found: Handover, w: Words) -> Iterator[str]:
    """What is overdue, with who has it; then how many tasks each party has."""
    for todo in found.todo:
        for line in todo.tasks:
            if _late(line, found.at):
                who = w.people([line.assignee]) or w.name(todo.party)
                yield _joined(f"{line.due:%m-%d %H:%M}!", line.client, w.name(line.text), who)
    counts = [f"{w.name(todo.party)} {len(todo.tasks)}" for todo in found.todo]
    if counts:
        yield w("handover.open", list="  ".join(counts))


def _folded(each: ChangedVisit, w: Words) -> str:
    """The changes of a visit by what was done, and how often."""
    kinds = Counter(verb_name(entry, w) for entry in each.entries)
    said = [f"{verb} {n}" if n > 1 else verb for verb, n in kinds.items()]
    return _joined(each.number, each.client, w("handover.changes", n=len(each.entries)), "; ".join(said))


def _todo(party: str, tasks: Iterable[TaskLine], later: int, found: Handover, w: Words) -> Iterator[str]:
    lines = list(tasks)
    late = sum(_late(line, found.at) for line in lines)
    counts = [w("handover.tasks", n=len(lines)), w("checklist.overdue", n=late) if late else "",
              w("handover.later", n=later) if later else ""]  # fmt: skip
    yield _joined(party, *counts)
    for line in lines[:MOST]:
        due = f"{line.due:%m-%d %H:%M}{'!' if _late(line, found.at) else ''}" if line.due else "-"
        wants = w("checklist.needs_assignee") if line.unassigned else ""
        waits = " ".join(w.name(each) for each in line.waits_for)
        waits = w("checklist.waits_for", what=waits) if waits else ""
        yield f"  {_joined(due, line.client, w.name(line.text), w.people([line.assignee]) or wants, waits)}"
    if len(lines) > MOST:
        yield f"  {w('handover.more_tasks', n=len(lines) - MOST)}"


def _late(line: TaskLine, at: datetime) -> bool:
    return line.due is not None and line.due < at


def _changed(each: ChangedVisit, found: Handover, w: Words) -> Iterator[str]:
    yield _joined(each.number, each.client)
    for entry in each.entries[:MOST]:
        yield f"  {_joined(f'{entry.at:%m-%d %H:%M}', entry.who, entry_text(entry, w, each.digits, found.day))}"
    if len(each.entries) > MOST:
        yield f"  {w('handover.more', n=len(each.entries) - MOST)}"


def _moment(at: datetime, w: Words) -> str:
    return f"{at:%m-%d} {say_weekday(at.date(), w)} {at:%H:%M}"


def _joined(*parts: str) -> str:
    return "  ".join(part for part in parts if part)
