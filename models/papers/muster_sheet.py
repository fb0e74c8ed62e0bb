"""The muster as plain text that can be read on 40 columns: to count by, outside, on whatever is at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from models.queries.muster_lists import Contact, Muster, Present
from models.words import Words, clean
from models.words.dates import say_moment, say_weekday
from models.words.wrapping import hanging

NARROW = 40
"""Cells of a line where there are no more."""


def muster_lines(found: Muster, w: Words, width: int = NARROW) -> list[str]:
    """All of it in lines of at most `width` cells: how many, then each visit with its people."""
    lines = _told(title(found, w), "", width) + _told(totals(found, w), "", width)
    for group in found.groups:
        lines += ["", *group_lines(group, found, w, width)]
    return lines


def title(found: Muster, w: Words) -> str:
    """What it is and as of when."""
    return w("muster.title", day=f"{found.at:%Y-%m-%d} {say_weekday(found.at.date(), w)}", at=f"{found.at:%H:%M}")


def totals(found: Muster, w: Words) -> str:
    """How many are on site."""
    if not found.groups:
        return w("muster.none")
    return w("muster.totals", n=len(found.groups), guests=found.guests, colleagues=found.colleagues,
             drivers=found.drivers)  # fmt: skip


def group_lines(group: Present, found: Muster, w: Words, width: int) -> list[str]:
    """The guests of one visit: who, since when, where, with whom, who answers for them; those who were to have left
    first say so."""
    head, *rest = _group(group, found, w)
    return [*_told(head, "", width), *(line for text in rest for line in _told(text, "  ", width))]


def _group(group: Present, found: Muster, w: Words) -> Iterator[str]:
    today = found.at.date()
    client = group.client if group.seen else w("muster.restricted")
    yield _joined(w("muster.overdue") if group.overdue else "", client, w("visit.heads", n=group.people))
    since = w("muster.since", at=say_moment(group.since, today, w)) if group.since else ""
    leaves = say_moment(group.leaves, today, w) if group.leaves else ""
    leaving = w("muster.was_to_leave" if group.overdue else "muster.leaves", at=leaves) if leaves else ""
    yield _joined(w(f"muster.state.{group.state}"), since, leaving)
    if group.stage is not None or group.place:
        yield w("muster.place", where=_joined(group.place, w.name(group.stage) if group.stage else ""))
    if group.names:
        yield w("muster.guests", who=_listed(group.names))
    for ride in group.drivers:
        yield w("muster.driver", who=_joined(w.people([ride.driver]), ride.phone, ride.car))
    answering = {each.name for each in group.answers}
    along = [each.name for each in group.along if each.name not in answering]
    if along:
        yield w("muster.along", who=_listed(along))
    for each in group.answers:
        yield w("muster.answers", who=_contact(each, w))


def _contact(each: Contact, w: Words) -> str:
    return _joined(each.name, each.phone or w("muster.no_phone"), w(f"muster.role.{each.role}"))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _told(text: str, indent: str, width: int) -> list[str]:
    return hanging(indent, clean(text), width)


def _joined(*parts: str) -> str:
    return "  ".join(part for part in parts if part)
