"""How what is booked for a visit bears with it: whether everybody has a seat, and what clashes with whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from models.form import Form
from models.policy.case import Hold
from models.policy.programme import Clash, days_of, odd_times
from models.services.clashing import bars, proper_span, whose
from models.services.fact import span
from models.services.holds import clashes_among, holds_of, rivals
from models.services.seating import parties
from models.services.visit_record import VisitRecord
from models.services.whereabouts import WAYS, due
from models.words import Name, Phrase

Found = tuple[str, str, Name | Phrase, Phrase]
"""A key, the kind of fact, what it is about, and how it is said."""


def fitting(record: VisitRecord) -> Iterator[Found]:
    """Seats against people for each car and room, times that do not go together, then each clash."""
    mine = holds_of(record)
    for hold in mine:
        if hold.seats is not None:
            people = hold.people if hold.people is not None else record.form.headcount or 0
            fits = Phrase(
                f"effects.{'fits' if people <= hold.seats else 'too_small'}", {"n": people, "seats": hold.seats}
            )
            yield f"fit:{hold.key}", "fit", Name.of(hold.name), fits
    for text in odd(record):
        yield f"odd:{text.key}:{text.facts.get('day', '')}", "clash", Phrase("effects.what.clash"), text
    yield from _seated(record)
    yield from _elsewhen(record, {hold.key: hold for hold in mine})
    clashes = dict[str, Phrase]()
    found = clashes_among(record, mine, [*mine, *rivals(record, mine)])
    for clash in whose(record.session, found):
        if clash.code != "seats":
            clashes.setdefault(_key(clash), clash.text)
    for key, text in clashes.items():
        yield f"clash:{key}", "clash", Phrase("effects.what.clash"), text


def odd(record: VisitRecord, form: Form | None = None) -> tuple[Phrase, ...]:
    """What of a visit's times, as they are known now, does not go together, by the form that holds or another."""
    row, form = record.row, form or record.form
    if row.comes is None or row.goes is None:
        return ()
    days = days_of(record.policy, form.meals if form.dining else (), form.lodging if form.lodged else ())
    lands, leaves = ([due(row, leg) for leg in record.legs if leg.way == way] for way in WAYS)
    return tuple(odd_times(row.comes, row.goes, lands, leaves, days))


def _seated(record: VisitRecord) -> Iterator[Found]:
    """How many of the guests have a seat, where cars are booked for them."""
    for way in WAYS:
        found = parties(record, way)
        if any(party.cars for party in found):
            people, left = sum(party.people for party in found), sum(party.left for party in found)
            said = Phrase(f"effects.{'unseated' if left else 'seated'}", {"n": people, "seats": people - left})
            yield f"seated:{way}", "fit", Phrase(f"effects.leg.{way}_cars"), said


def _elsewhen(record: VisitRecord, held: Mapping[int | str, Hold]) -> Iterator[Found]:
    """Each booking that is not there when what it is for is: it could not follow, or was booked for another time."""
    legs = {leg.id: leg for leg in record.legs}
    for row in sorted(record.bookings, key=lambda row: row.id):
        hold = held.get(row.id)
        proper = proper_span(record, row, legs.get(row.leg_id or 0), hold.thing) if hold is not None else None
        if hold is not None and proper is not None:
            facts = {"thing": hold.name, "span": span(*proper)}
            said = Phrase("effects.elsewhen", facts)
            taken = _taken(record, replace(hold, starts=proper[0], ends=proper[1]))
            if taken is not None:
                said = Phrase("effects.elsewhen_taken", {**facts, "why": taken.text})
            yield f"off:{row.id}", "clash", Phrase("effects.what.clash"), said


def _taken(record: VisitRecord, hold: Hold) -> Clash | None:
    """What stands in the way of holding it then: another visit has it."""
    found = [clash for clash in record.clashes(hold, rivals(record, [hold])) if clash.other is not None]
    return next(iter(whose(record.session, [clash for clash in found if bars(clash)])), None)


def _key(clash: Clash) -> str:
    """The same for all that a visit holds of one thing and that clashes with one hold of another visit: where one of
    them moves away, nothing is resolved while another still clashes."""
    hold, other = clash.hold, clash.other
    if other is None or other.visit == hold.visit:
        return ":".join([clash.code, *sorted([str(hold.key), str(other.key if other is not None else "")])])
    return f"{clash.code}:{hold.thing}:{hold.what}:{other.key}"
