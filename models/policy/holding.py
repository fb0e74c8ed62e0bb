"""How long cars, rooms and persons are held for a visit, and what clashes with that (R90, R91, R92, A8, A9).

Rows of `[[booking]]` are chosen here: the first that holds, for each thing and purpose, and each thing and clash.
Times are naive local; a hold is half-open: at `ends` its thing is free again. Things are "car", "room", "person"
(hosts, meeters, drivers). Who holds what is given, and nothing is read or kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial

from models.policy.answer import BookingsAnswer, Finding, HeldAnswer, Level, StageAnswer, level_of
from models.policy.caps import caps_in_force
from models.policy.case import Case
from models.policy.model import Booking, Span
from models.policy.notation.bookings import CLASHES, ENDS
from models.policy.record import record
from models.policy.request import Hold
from models.policy.spans import moved
from models.policy.when import holds
from models.words import Name, Phrase

Pair = tuple[datetime, datetime]


@record
class Clash:
    """What is wrong with `hold`; for `twice` and `gap`, with which `other`.

    `code`: twice seats grade ungraded gap equipment midnight. `rule`: the row's id; for a class below the least, or
    not known, where the row has none, that of the cap (R90, R91).
    """

    code: str
    level: Level
    rule: str | None
    hold: Hold
    other: Hold | None
    text: Phrase


def clashes_of(case: Case, hold: Hold, others: Iterable[Hold]) -> tuple[Clash, ...]:
    """All that clashes with a hold of the case's visit: twice, seats, grade, gap, equipment, midnight, in this order;
    what no row asks about is not looked for.

    `others`: any holds, also this one, those of other things and of the same visit. Of the same visit they clash only
    where they overlap.
    """
    same = [other for other in others if _same(hold, other)]
    found: list[Clash] = []
    for code, look in _LOOK.items():
        row = _first(case, hold.thing, partial(_looks_for, code))
        if row is not None:
            found += (_clash(row, code, hold, *each) for each in look(case, row, hold, same))
    return tuple(found)


def span_of(case: Case, thing: str, purpose: str, at: datetime) -> Pair | None:
    """From when until when a thing is held for a purpose (arrival, departure, a stage's id) that is at that time; None
    where no row says so."""
    row = _first(case, thing, lambda row: purpose in row.purposes)
    if row is None:
        return None
    return _moved(case, at, row.before, -1), _moved(case, at, row.after, 1)


def purposes_of(case: Case, thing: str) -> tuple[str, ...]:
    """For what a thing is held, in the file's order; whether a stage applies is not asked."""
    rows = (row for row in case.policy.bookings if thing in row.things and holds(row.when, case))
    return tuple(dict.fromkeys(purpose for row in rows for purpose in row.purposes))


def least_of(case: Case, thing: str) -> tuple[str | None, str | None]:
    """The lowest class that the caps allow, and the id of the cap that says so (R90, R91); None where none is stated
    (R92, A8)."""
    order = _grades(case, thing)
    caps = [cap for cap in caps_in_force(case) if cap.item == (thing,) and cap.least in order]
    cap = min(caps, key=lambda each: order.index(str(each.least)), default=None)
    return (str(cap.least), cap.id) if cap else (None, None)


def equipment_of(case: Case, stage: str) -> frozenset[str]:
    """The equipment of the duties that apply to a stage."""
    duties = (duty for duty in case.policy.duties if duty.stage == stage and duty.equipment)
    return frozenset(each for duty in duties if holds(duty.when, case) for each in duty.equipment)


# the answer of `try`


def bookings(case: Case, stages: Iterable[StageAnswer]) -> BookingsAnswer:
    """What is held when by the request's own times: its arrival, its departure and the stages that apply."""
    applying = [stage for stage in stages if stage.applies]
    spans: list[HeldAnswer] = []
    for thing in CLASHES:
        for purpose in purposes_of(case, thing):
            held = [span_of(case, thing, purpose, at) for at in times_for(case, purpose, applying)]
            spans += [HeldAnswer(thing, purpose, *span) for span in held if span is not None]
    return BookingsAnswer(tuple(spans), least_of(case, "car")[0])


def booked(case: Case) -> list[Finding]:
    """A finding for each clash of the request's own holds, one for two of them that clash with each other."""
    found: list[Finding] = []
    for at, hold in enumerate(case.request.bookings):
        others = (*case.request.bookings[:at], *case.request.held)
        clashing = clashes_of(case, hold, others)
        found += (Finding(each.level, "booking", each.text, each.rule) for each in clashing)
    return found


def times_for(case: Case, purpose: str, stages: Iterable[StageAnswer]) -> tuple[datetime, ...]:
    """When the request has its arrival, its departure or a stage; a stage for each meal has several times."""
    ends = dict(zip(ENDS, (case.request.arrive, case.request.depart), strict=True))
    if purpose in ends:
        return (ends[purpose],)
    return tuple(stage.at for stage in stages if stage.id == purpose and stage.at is not None)


# the rows


def _looks_for(code: str, row: Booking) -> bool:
    return row.clash == _ROW.get(code, code)


def _first(case: Case, thing: str, about: Callable[[Booking], bool]) -> Booking | None:
    """The first row about a thing that holds."""
    rows = (row for row in case.policy.bookings if thing in row.things and about(row))
    return next((row for row in rows if holds(row.when, case)), None)


def _moved(case: Case, at: datetime, span: Span | None, sign: int) -> datetime:
    return moved(at, Span(sign * span.number, span.unit), case.days) if span else at


# what is looked for: with which other hold, what is said of it, and the rule where the row has no id

_Found = tuple[Hold | None, Phrase, str | None]
_Look = Callable[[Case, Booking, Hold, list[Hold]], Iterator[_Found]]


def _clash(row: Booking, code: str, hold: Hold, other: Hold | None, text: Phrase, rule: str | None) -> Clash:
    return Clash(code, level_of(row.breach), row.id or rule, hold, other, text)


def _same(hold: Hold, other: Hold) -> bool:
    """Whether another hold is of the same thing."""
    return other.key != hold.key and (other.thing, other.what) == (hold.thing, hold.what)


def _twice(case: Case, row: Booking, hold: Hold, others: list[Hold]) -> Iterator[_Found]:
    for other in others:
        if hold.starts < other.ends and other.starts < hold.ends:
            key = "own" if other.visit == hold.visit else "firm" if other.firm else "asked"
            start, end = _clock(hold, other.starts), _clock(hold, other.ends)
            yield other, _said(f"twice.{key}", hold, start=start, end=end), None


def _gap(case: Case, row: Booking, hold: Hold, others: list[Hold]) -> Iterator[_Found]:
    """Between visits only: on one visit a thing goes on with the same guests."""
    for other in others:
        first, then = (hold, other) if hold.starts < other.starts else (other, hold)
        if other.visit == hold.visit or row.least is None:
            continue
        if first.ends <= then.starts < moved(first.ends, row.least, case.days):
            minutes = Phrase("finding.span.m", {"n": (then.starts - first.ends) // timedelta(minutes=1)})
            least = Phrase(f"finding.span.{row.least.unit}", {"n": row.least.number})
            key = "after" if then is hold else "before"
            yield other, _said(f"gap.{key}", hold, given=minutes, least=least, at=_clock(hold, first.ends)), None


def _seats(case: Case, row: Booking, hold: Hold, others: list[Hold]) -> Iterator[_Found]:
    people = case.request.headcount if hold.people is None else hold.people
    if hold.seats is not None and people > hold.seats:
        yield None, _said("seats", hold, people=people, seats=hold.seats), None


def _grade(case: Case, row: Booking, hold: Hold, others: list[Hold]) -> Iterator[_Found]:
    order = _grades(case, hold.thing)
    least, rule = least_of(case, hold.thing)
    if least is not None and hold.grade in order and order.index(hold.grade) > order.index(least):
        given, wanted = (case.policy.entry(hold.thing, each).name for each in (hold.grade, least))
        yield None, _said("grade", hold, given=given, least=wanted), rule


def _ungraded(case: Case, row: Booking, hold: Hold, others: list[Hold]) -> Iterator[_Found]:
    """Where a class is asked for, nobody can say that a car without one is not below it."""
    least, rule = least_of(case, hold.thing)
    if least is not None and hold.grade is not None and hold.grade not in _grades(case, hold.thing):
        yield None, _said("ungraded", hold, least=case.policy.entry(hold.thing, least).name), rule


def _equipment(case: Case, row: Booking, hold: Hold, others: list[Hold]) -> Iterator[_Found]:
    missing = hold.needs - hold.equipment
    if missing:
        yield None, _said("equipment", hold, missing=_equipment_said(case, missing)), None


def _midnight(case: Case, row: Booking, hold: Hold, others: list[Hold]) -> Iterator[_Found]:
    """A hold that ends at midnight does not go over it."""
    if (hold.ends - timedelta(microseconds=1)).date() > hold.starts.date():
        start, end = hold.starts.strftime("%m-%d %H:%M"), _clock(hold, hold.ends)
        yield None, _said("midnight", hold, start=start, end=end), None


_LOOK: dict[str, _Look] = {
    "twice": _twice,
    "seats": _seats,
    "grade": _grade,
    "ungraded": _ungraded,
    "gap": _gap,
    "equipment": _equipment,
    "midnight": _midnight,
}
_ROW = {"ungraded": "grade"}
"""What a row is called that asks about it, where that is another word."""


# saying


def _said(key: str, hold: Hold, **facts: object) -> Phrase:
    return Phrase(f"finding.booking.{key}", {"name": hold.name, **facts})


def _clock(hold: Hold, at: datetime) -> str:
    """The time of day, with its day where that is not the hold's first."""
    return at.strftime("%H:%M" if at.date() == hold.starts.date() else "%m-%d %H:%M")


def _grades(case: Case, thing: str) -> list[str]:
    """The classes of a thing, highest first."""
    return [entry.id for entry in case.policy.lists.get(thing, ())]


def _equipment_said(case: Case, ids: frozenset[str]) -> Name | Phrase:
    """Several pieces of equipment, one after the other, in the order of the list."""
    names = {entry.id: entry.name for entry in case.policy.lists.get("equipment", ())}
    first, *rest = [*(each for each in names if each in ids), *sorted(ids - names.keys())]
    said: Name | Phrase = names.get(first) or Name.of(first)
    for each in rest:
        said = Phrase("finding.booking.and", {"first": said, "second": names.get(each) or Name.of(each)})
    return said
