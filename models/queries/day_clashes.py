"""The clashes of a day, read after the day itself is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from models.policy.case import Hold
from models.policy.programme import Clash
from models.queries.common import visits_on
from models.queries.day_lists import Alert, Day, DayLine, Trouble
from models.schema.arrangements import Booking, BookingDay
from models.schema.store import reading
from models.schema.tables import Visit
from models.services.capacity import clashes_among, holds_of, reason_of, reasons_of
from models.services.session import Session
from models.services.visit_record import VisitRecord, records
from models.words import Phrase

# -- clashes ----------------------------------------------------------------------------------------------------------

SERIOUS = ("warn", "reason", "block")


def clashing(session: Session, found: Day) -> Day:
    """The day with what clashes on it: looked for apart, because it takes longer than all the rest."""
    with reading():
        known = records(session, Visit.select().where(Visit.id.in_(_holding(found.day))))
        clashes = _clashes(found, known)
        return replace(found, lines=tuple([
            _with(line, (*_seatless(line, known.get(line.visit)), *clashes.get(line.visit, ()))) for line in found.lines
        ]))  # fmt: skip


def recalled(found: Day, before: Day | None) -> Day:
    """The day with the clashes that were known of it before."""
    if before is None or before.day != found.day:
        return found
    known = {line.key: line.clashes for line in before.lines}
    return replace(found, lines=tuple([_with(line, known.get(line.key, ())) for line in found.lines]))


def _seatless(line: DayLine, record: VisitRecord | None) -> tuple[Trouble, ...]:
    """What is wrong where the policy holds cars for these guests: a car elsewhere at their time, not enough seats."""
    way = "departure" if line.going else "arrival"
    over = line.where in (("left",) if line.going else ("asked", "met", "on_site"))
    if over or record is None or way not in record.purposes("car"):
        return ()
    off = [ride for ride in line.rides if not ride.starts <= line.due <= ride.ends]
    if off:
        span = {"car": off[0].car, "from": f"{off[0].starts:%H:%M}", "until": f"{off[0].ends:%H:%M}"}
        return (Trouble("off", "car", min(off[0].starts, line.due), Phrase("today.car_off", span), ""),)
    short = line.headcount - sum(ride.people for ride in line.rides)
    if short <= 0:
        return ()
    text = Phrase("today.seatless", {"n": short}) if line.rides else Phrase("today.no_car")
    return (Trouble("short" if line.rides else "none", "car", line.due, text, ""),)


def _with(line: DayLine, clashes: tuple[Trouble, ...]) -> DayLine:
    """The line with those of its own, among the alerts, too."""
    if line.where in ("left", "no_show") or not clashes:
        return line
    counted = Counter((each.code, each.thing) for each in clashes)
    first = {(each.code, each.thing): each.at for each in reversed(clashes)}
    found = [Alert(f"clash.{code}.{thing}", n, first[code, thing]) for (code, thing), n in counted.items()]
    alerts = sorted([*line.alerts, *found], key=lambda alert: alert.at)
    return replace(line, clashes=clashes, alerts=tuple(alerts))


def _clashes(found_day: Day, known: Mapping[int, VisitRecord]) -> Mapping[int, tuple[Trouble, ...]]:
    """What is wrong with what the visits of a day hold on it, by visit, in order of time."""
    day = found_day.day
    held = {visit: [hold for hold in holds_of(record) if _on(hold, day)] for visit, record in known.items()}
    others = [hold for each in held.values() for hold in each]
    shown = {line.visit: line.client for line in found_day.lines}
    found = {visit: clashes_among(known[visit], held[visit], others) for visit in held if visit in shown}
    reasons = reasons_of(clash for each in found.values() for clash in each)
    open_ones = {
        visit: [each for each in clashes if each.level in SERIOUS and not reason_of(each, reasons)]
        for visit, clashes in found.items()
    }
    return {visit: _told(clashes, shown) for visit, clashes in open_ones.items()}


def _told(clashes: Iterable[Clash], clients: Mapping[int, str]) -> tuple[Trouble, ...]:
    """Each thing and each other visit once, though they may meet several times a day."""
    told: dict[tuple[object, ...], Trouble] = {}
    for clash in sorted(clashes, key=lambda clash: clash.hold.starts):
        hold, other = clash.hold, clash.other
        client = clients.get(int(other.visit), "") if other is not None and other.visit != hold.visit else ""
        trouble = Trouble(clash.code, hold.thing, hold.starts, clash.text, client)
        told.setdefault((clash.code, hold.thing, hold.what, other.visit if other is not None else None), trouble)
    return tuple(told.values())


def _holding(day: date) -> set[int]:
    """The visits of the day, and those that hold something on it."""
    booked: Any = Booking.select(Booking.visit).join(BookingDay).where(BookingDay.day == day).tuples()
    return {*visits_on(day), *(visit for (visit,) in booked)}


def _on(hold: Hold, day: date) -> bool:
    return hold.starts.date() <= day <= hold.ends.date()
