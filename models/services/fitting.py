"""How what is booked for a visit bears with it: whether everybody has a seat, and what clashes with whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from models.form import Form
from models.policy.holding import Clash
from models.policy.journey import days_of, odd_times
from models.policy.model import Policy
from models.policy.request import Hold
from models.schema.arrangements import Booking
from models.schema.tables import Visit
from models.services.clashing import bars, proper_span, whose
from models.services.desk import Desk
from models.services.fact import span
from models.services.holds import Plan, clashes_among, holds_of, rivals
from models.services.seating import parties
from models.services.whereabouts import WAYS, due, legs_of
from models.words import Name, Phrase

Found = tuple[str, str, Name | Phrase, Phrase]
"""A key, the kind of fact, what it is about, and how it is said."""


def fitting(desk: Desk, row: Visit) -> Iterator[Found]:
    """Seats against people for each car and room, times that do not go together, then each clash; inside a
    transaction."""
    plan = Plan(desk, row)
    mine = holds_of(desk, plan)
    for hold in mine:
        if hold.seats is not None:
            people = hold.people if hold.people is not None else plan.form.headcount or 0
            fits = Phrase(
                f"effects.{'fits' if people <= hold.seats else 'too_small'}", {"n": people, "seats": hold.seats}
            )
            yield f"fit:{hold.key}", "fit", Name.of(hold.name), fits
    for text in odd(plan.policy, row, plan.form):
        yield f"odd:{text.key}:{text.facts.get('day', '')}", "clash", Phrase("effects.what.clash"), text
    yield from _seated(plan)
    yield from _elsewhen(plan, {hold.key: hold for hold in mine})
    clashes = dict[str, Phrase]()
    for clash in whose(desk, clashes_among(plan, mine, rivals(desk, mine))):
        if clash.code != "seats":
            clashes.setdefault(_key(clash), clash.text)
    for key, text in clashes.items():
        yield f"clash:{key}", "clash", Phrase("effects.what.clash"), text


def odd(policy: Policy, row: Visit, form: Form) -> tuple[Phrase, ...]:
    """What of a visit's times, as they are known now, does not go together; inside `reading` or a transaction."""
    if row.comes is None or row.goes is None:
        return ()
    days = days_of(policy, form.meals if form.dining else (), form.lodging if form.lodged else ())
    lands, leaves = ([due(row, leg) for leg in legs_of(row, way) if leg.state != "no_show"] for way in WAYS)
    return tuple(odd_times(row.comes, row.goes, lands, leaves, days))


def _seated(plan: Plan) -> Iterator[Found]:
    """How many of the guests have a seat, where cars are booked for them."""
    for way in WAYS:
        found = parties(plan, way)
        if any(party.cars for party in found):
            people, left = sum(party.people for party in found), sum(party.left for party in found)
            said = Phrase(f"effects.{'unseated' if left else 'seated'}", {"n": people, "seats": people - left})
            yield f"seated:{way}", "fit", Phrase(f"effects.leg.{way}_cars"), said


def _elsewhen(plan: Plan, held: Mapping[int | str, Hold]) -> Iterator[Found]:
    """Each booking that is not there when what it is for is: it could not follow, or was booked for another time."""
    legs = {leg.id: leg for leg in plan.legs}
    for row in Booking.select().where(Booking.visit == plan.row.id).order_by(Booking.id):
        hold = held.get(row.id)
        proper = proper_span(plan, row, legs.get(row.leg_id or 0), hold.thing) if hold is not None else None
        if hold is not None and proper is not None:
            facts = {"thing": hold.name, "span": span(*proper)}
            said = Phrase("effects.elsewhen", facts)
            taken = _taken(plan, replace(hold, starts=proper[0], ends=proper[1]))
            if taken is not None:
                said = Phrase("effects.elsewhen_taken", {**facts, "why": taken.text})
            yield f"off:{row.id}", "clash", Phrase("effects.what.clash"), said


def _taken(plan: Plan, hold: Hold) -> Clash | None:
    """What stands in the way of holding it then: another visit has it."""
    found = [clash for clash in plan.clashes(hold, rivals(plan.desk, [hold])) if clash.other is not None]
    return next(iter(whose(plan.desk, [clash for clash in found if bars(clash)])), None)


def _key(clash: Clash) -> str:
    """The same for all that a visit holds of one thing and that clashes with one hold of another visit: where one of
    them moves away, nothing is resolved while another still clashes."""
    hold, other = clash.hold, clash.other
    if other is None or other.visit == hold.visit:
        return ":".join([clash.code, *sorted([str(hold.key), str(other.key if other is not None else "")])])
    return f"{clash.code}:{hold.thing}:{hold.what}:{other.key}"
