"""Events as an iCalendar file, as calendars subscribe to it: stable ids, a sequence that grows, alarms, the zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo

from models.queries.calendar_events import CalendarEvent
from models.words import Words, clean

ALARMS = {"visit": timedelta(minutes=60), "driving": timedelta(minutes=30), "task": timedelta(minutes=30)}
"""How long before an event of a kind one is reminded; of a stage one is not."""


def calendar_file(events: Iterable[CalendarEvent], w: Words, zone: tzinfo, name: str) -> bytes:
    """The file, called `name` where it is subscribed to. `zone`: in which the events' local times are; a zone without a
    name of its own is written as UTC."""
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", "-//jiedai//reception//")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", clean(name))
    for event in events:
        made.add_component(_component(event, w, zone))
    if getattr(zone, "key", None):
        made.add_missing_timezones()
    return bytes(made.to_ical())


def _component(event: CalendarEvent, w: Words, zone: tzinfo):  # type: ignore[no-untyped-def]  # loaded when it is called
    from icalendar import Alarm, Event

    made = Event()
    made.add("uid", event.uid)
    made.add("sequence", event.sequence)
    made.add("status", event.stands.upper())
    made.add("dtstamp", event.changed.replace(tzinfo=UTC))
    made.add("last-modified", event.changed.replace(tzinfo=UTC))
    made.add("dtstart", _moment(event.starts, zone))
    made.add("dtend", _moment(event.ends, zone))
    made.add("summary", clean(summary(event, w)))
    if event.place:
        made.add("location", clean(event.place))
    made.add("description", "\n".join(clean(line) for line in description(event, w)))
    made.add("transp", "OPAQUE" if event.kind in ("stage", "driving") else "TRANSPARENT")
    if event.kind in ALARMS and event.stands != "cancelled":
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -ALARMS[event.kind])
        alarm.add("description", clean(summary(event, w)))
        made.add_component(alarm)
    return made


def _moment(at: datetime, zone: tzinfo) -> datetime:
    there = at.replace(tzinfo=zone)
    return there if getattr(zone, "key", None) else there.astimezone(UTC)


def summary(event: CalendarEvent, w: Words) -> str:
    """An event in a line: what it is, whose visit, and that it is only asked for."""
    tier = w.name(event.tier) if event.tier else ""
    heads = w("visit.heads", n=event.headcount) if event.headcount else ""
    whose = [tier, event.client, heads] if event.kind == "visit" else [event.client]
    what = w(f"calendar_file.{event.kind}", what=w.name(event.title)) if event.title else ""
    asked = w("calendar_file.tentative") if event.stands == "tentative" else ""
    return " ".join(part for part in (what, *whose, asked) if part)


def description(event: CalendarEvent, w: Words) -> list[str]:
    """The visit's number, its lead hosts, who looks after it."""
    lines = [event.number]
    lines += [w("calendar_file.hosts", who=w.people(event.hosts))] if event.hosts else []
    lines += [w("calendar_file.coordinator", who=event.coordinator)] if event.coordinator else []
    return lines
