"""What reminds people of their tasks, as plain text to send on: who, what, for which visit, by when, whom to call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from models.queries.task_lists import Reminder
from models.services.validate import joined
from models.words import Words
from models.words.dates import say_in_full


def reminder_text(found: Sequence[Reminder], w: Words) -> str:
    """The tasks under who has to do them and the visit they are for; times in full, for it may be read another day."""
    return "\n".join(_lines(found, w)).strip()


def _lines(found: Sequence[Reminder], w: Words) -> Iterator[str]:
    for (party, who, phone), theirs in groupby(found, key=lambda each: (each.party, each.who, each.phone)):
        yield "  ".join(part for part in (w.name(party), w.people([who]), phone) if part)
        for _, tasks in groupby(theirs, key=lambda each: each.number):
            of_visit = list(tasks)
            yield _visit(of_visit[0], w)
            yield from (f"- {_task(each, w)}" for each in of_visit)
        yield ""
    runs = {(each.runs, each.runs_phone): None for each in found if each.runs}
    yield from (w("remind.from", who=who, phone=phone).rstrip() for who, phone in runs)


def _visit(of: Reminder, w: Words) -> str:
    guests = w("remind.guests", n=of.headcount) if of.headcount else ""
    arrives = w("checklist.arrives", at=say_in_full(of.arrive, w)) if of.arrive else ""
    return "  ".join(part for part in (of.number, of.client, guests, arrives) if part)


def _task(each: Reminder, w: Words) -> str:
    due = w("remind.late" if each.late else "remind.due", at=say_in_full(each.due, w)) if each.due else ""
    parts = w("remind.parts", what=w.name(joined(each.parts))) if each.parts else ""
    return "  ".join(part for part in (w.name(each.text), parts, due) if part)
