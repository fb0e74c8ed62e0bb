"""Verbs on one group of guests: how it comes or goes, where it is now, when it is expected, its tickets.

`seen` is the visit's version. The leg at position 0 is the form's own: of everybody whom no other one of its way names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.errors import Refused
from models.schema.arrangements import Booking, Leg
from models.schema.tables import Visit
from models.services import typed
from models.services.choices import MODES, one_of
from models.services.difference import packed_said
from models.services.frame import changing
from models.services.guests import overdue, past, unbegun
from models.services.names import guest_names
from models.services.people import insist_registered
from models.services.rebooking import Followed, rejoin, settle
from models.services.rights import allow
from models.services.session import Session
from models.services.visits import Done
from models.services.whereabouts import (
    PATHS,
    WAYS,
    Way,
    due,
    guests_met,
    legs_among,
    move,
    people_in,
    planned,
    state_of,
)
from models.words import Name, Phrase, Unreadable, words
from models.words.catalogue import LANGUAGES
from models.words.dates import parse_delay


@dataclass(frozen=True, slots=True)
class Journey:
    """How a group comes or goes, as typed. `at`: local time; `guests` by name, `people` how many of them there are
    (None: as many as are named); `phone` is theirs, `plates` of their cars for the gate (R62)."""

    mode: str = ""
    number: str = ""
    place: str = ""
    terminal: str = ""
    at: datetime | None = None
    guests: tuple[str, ...] = ()
    people: int | None = None
    meeter: int | None = None
    phone: str = ""
    plates: str = ""


def add_leg(session: Session, visit: int, way: Way, journey: Journey, *, seen: int) -> Done:
    """A group that comes or goes on its own; the form's own leg is left to the others."""
    one_of("leg_way", way, WAYS)
    with changing(session, visit, "leg.added", may="arrange", expected=seen, writes=(Leg, Booking)) as v:
        legs = [each for each in v.record.all_legs if each.way == way]
        leg = Leg(visit=v.row.id, way=way, position=max([each.position for each in legs], default=0) + 1)
        _fill(v.row, leg, journey, legs)
        leg.planned = journey.at
        leg.save()
        _unseat(leg, legs)
        who, v.details = _group(v.row, v.record.renewed(Leg).all_legs, leg)
    return v.done("leg_added", who=who, way=Phrase(f"travel.{way}"))


def change_leg(session: Session, leg: int, journey: Journey, *, seen: int) -> Done:
    """Change what is known of a group's way. Another time is when it is expected now; the planned one stays. Who is in
    the form's own leg follows from the others."""
    with changing(session, (Leg, leg), "leg.changed", may="arrange", expected=seen, writes=(Leg, Booking)) as v:
        found = v.found(Leg)
        legs = [each for each in v.record.all_legs if each.way == found.way and each.id != found.id]
        _fill(v.row, found, journey, legs)
        if journey.at is not None and journey.at != due(v.row, found):
            _expect(v.row, found, journey.at)
        found.save()
        _unseat(found, legs)
        who, v.details = _group(v.row, v.record.renewed(Leg).all_legs, found)
    return v.done("leg_changed", who=who, way=Phrase(f"travel.{found.way}"))


def _unseat(leg: Leg, others: list[Leg]) -> None:
    """Who comes with this group sits in no car of another one: the driver would look for them in vain."""
    for booking in Booking.select().where(Booking.leg.in_([each.id for each in others])):
        gone = [name for name in booking.guests if name in leg.guests]
        if gone:
            booking.guests = [name for name in booking.guests if name not in gone]
            booking.people = max(0, booking.people - len(gone)) if booking.people else None
            booking.version += 1
            booking.save()


def remove_leg(session: Session, leg: int, *, seen: int) -> Done:
    """Let a group come or go with the others, and with it what is booked for it; not once it is on its way."""
    with changing(session, (Leg, leg), "leg.removed", may="arrange", expected=seen, writes=(Leg, Booking)) as v:
        found = v.found(Leg)
        if not found.position:
            raise Refused("own_leg")
        if found.state not in ("planned", "no_show"):
            raise Refused("leg_begun")
        rejoin(v.record, found)
        found.delete_instance()
        who, v.details = _group(v.row, v.record.renewed(Leg).all_legs, found)
    return v.done("leg_removed", who=who, way=Phrase(f"travel.{found.way}"))


def delay(session: Session, leg: int, text: str, *, seen: int, at: datetime | None = None) -> Done:
    """A group is expected at another time, typed as one ("10:20") or as minutes more ("+40"); not once it is here.
    `at`: what it is told from, be it when the visit begins and not when the guests land; default when they are due.

    Planned stages that hang on its arrival or departure and were not set by hand move with it, and with them when
    tasks are due.
    """
    with changing(session, (Leg, leg), "leg.delayed", may="track", expected=seen, writes=(Leg,)) as v:
        found = _one(v.record.all_legs, leg)
        if found.state not in ("planned", "on_way"):
            raise Refused("leg_here")
        base = due(v.row, found)
        if base is None:
            raise Refused("leg_without_time")
        shown = at or base
        try:
            new = parse_delay(text, shown, session.now().date())
        except Unreadable as error:
            raise Refused("not_understood", what=error.phrase) from error
        _expect(v.row, found, base + (new - shown))
        found.save()
        who, about = _group(v.row, v.record.all_legs, found)
        v.details = {**about, "expected": new}
    return v.done("leg_delayed", who=who, at=f"{new:%m-%d %H:%M}", along=_along(v.along))


def next_leg(session: Session, leg: int, *, seen: int, at: datetime | None = None) -> Done:
    """A group is one step further: on the way, here, met, on site; who is on site leaves. The first group met makes
    the visit under way, the last that left makes it done. `at`: local time, default now."""
    with changing(session, (Leg, leg), "track", may="track", expected=seen, plain=True) as v:
        row, legs = v.row, v.record.all_legs
        found = _onward(row, legs, _one(legs, leg))
        path = PATHS[found.way]
        if found.state not in path[:-1]:
            raise Refused("leg_at_end", state=where(found.state))
        state = path[path.index(found.state) + 1]
        if state == "left" and not guests_met(row, legs):
            raise Refused(f"state.{state_of(row, legs)}")
        when = past(session, at)
        move(row, legs, [found], state, when)
        v.verb = {"met": "met", "left": "seen_off"}.get(state, "track")
        who, about = _group(row, legs, found)
        v.details = {**about, "state": found.state, "at": when}
    said, facts = _moved(found, v.verb, who, about)
    return v.done(said, **facts)


def back_leg(session: Session, leg: int, *, seen: int) -> Done:
    """Take back the last step of a group, said by mistake; not that the only ones here were met, once a stage began."""
    with changing(
        session, (Leg, leg), "take_back", may="read", expected=seen, reschedule=False, keep_changes=False,
        writes=(Leg, Booking),
    ) as v:  # fmt: skip
        row, legs = v.row, v.record.all_legs
        found = _backward(row, legs, _one(legs, leg))
        allow(session, "miss" if found.state == "no_show" else "take_back" if row.state == "done" else "track", row)
        path = PATHS[found.way]
        if found.state == path[0]:
            raise Refused("nothing_said")
        state = path[0] if found.state == "no_show" else path[path.index(found.state) - 1]
        was = guests_met(row, legs)
        move(row, legs, [found], state, session.now())
        if was:
            unbegun(v.record)
        settle(v.record.renewed(Leg))
        who, about = _group(row, legs, found)
        v.details = {**about, "state": found.state, "at": session.now()}
    said, facts = _moved(found, v.verb, who, about)
    return v.done(said, **facts)


def miss_leg(session: Session, leg: int, *, seen: int) -> Done:
    """A group did not come; when none did the visit is a no-show (A26)."""
    with changing(
        session, (Leg, leg), "no_show", may="miss", expected=seen, reschedule=False, keep_changes=False, writes=(Leg,)
    ) as v:
        legs = v.record.all_legs
        found = _one(legs, leg)
        if found.way != "arrival" or found.state not in ("planned", "on_way", "here"):
            raise Refused("leg_at_end", state=where(found.state))
        overdue(v.record, found)
        move(v.row, legs, [found], "no_show", session.now())
        who, about = _group(v.row, legs, found)
        v.details = {**about, "state": found.state, "at": session.now()}
    said, facts = _moved(found, v.verb, who, about)
    return v.done(said, **facts)


def ticket(session: Session, leg: int, text: str, *, seen: int) -> Done:
    """What was bought for a departure (R59): the ticket in words, with the time; empty takes it back."""
    with changing(session, (Leg, leg), "leg.ticketed", may="arranged", expected=seen, plain=True) as v:
        found = v.found(Leg)
        if found.way != "departure":
            raise Refused("ticket_back")
        found.ticket = typed.line("ticket", text)
        found.ticketed_at = session.now() if found.ticket else None
        found.save()
        who, about = _group(v.row, v.record.all_legs, found)
        v.details = {**about, "text": found.ticket}
    return v.done("leg_ticketed" if found.ticket else "leg_unticketed", who=who)


def where(state: str) -> Phrase:
    """A group's state in words."""
    return Phrase(f"travel.state.{state}")


def _one(legs: Iterable[Leg], leg: int) -> Leg:
    """The leg of this id."""
    return next(each for each in legs if each.id == leg)


def _group(row: Visit, legs: Sequence[Leg], leg: Leg) -> tuple[Phrase | Name, dict[str, object]]:
    """What a group is called as it is now: its guests' names, else how many they are, all guests where there is only
    one group; and what the journal says of it, which names none where it is all guests."""
    alone = not any(each.position and each.way == leg.way for each in legs)
    if leg.guests:
        who: Phrase | Name = typed.joined([Name.of(name) for name in leg.guests])
    else:
        who = Phrase("travel.all") if alone else Phrase("travel.people", {"n": people_in(row, leg, legs) or 0})
    return who, {"leg": leg.id, **({} if alone else {"whom": packed_said(_in_words(who))})}


def _fill(row: Visit, leg: Leg, journey: Journey, others: list[Leg]) -> None:
    leg.mode = one_of("leg_mode", journey.mode, MODES)
    leg.number = typed.line("leg_number", journey.number)
    leg.place = typed.line("leg_place", journey.place)
    leg.terminal = typed.line("terminal", journey.terminal)
    leg.phone = typed.line("phone", journey.phone)
    leg.plates = typed.line("plates", journey.plates)
    insist_registered([journey.meeter] if journey.meeter is not None else [])
    leg.meeter_id = journey.meeter
    if leg.position:
        _people(row, leg, journey, [each for each in others if each.position])


def _people(row: Visit, leg: Leg, journey: Journey, others: list[Leg]) -> None:
    """Who is in the group: nobody twice, and no more than come at all."""
    names = guest_names(row.id, journey.guests)
    for each in others:
        for name in names:
            if name in each.guests:
                raise Refused("guest_in_two", name=name)
    taken = sum(people_in(row, each, others) or 0 for each in others)
    low, high = max(1, len(names)), max(0, (row.headcount or 0) - taken)
    n = journey.people if journey.people is not None else len(names)
    if not names and journey.people is None:
        raise Refused("leg_empty")
    if n < low or n > high:
        raise Refused("out_of_range", field=typed.label("leg_people"), value=n, low=low, high=high)
    leg.guests, leg.people = names, journey.people


def _along(booked: Followed) -> Name:
    """What became of the bookings, in words behind the sentence; nothing where there is nothing to say."""
    counts = {"solved": booked.solved, "fresh": booked.fresh, "stuck": booked.stuck}
    said = [Phrase(f"travel.along.{key}", {"n": len(each)}) for key, each in counts.items() if each]
    return _in_words(*said)


def _in_words(*said: Phrase | Name) -> Name:
    return Name({code: "".join([words(code).text(each) for each in said]) for code in LANGUAGES})


def _expect(row: Visit, leg: Leg, at: datetime) -> None:
    leg.expected = None if at == planned(row, leg) else at


def _onward(row: Visit, legs: Sequence[Leg], leg: Leg) -> Leg:
    """The leg whose step comes next: who is on site leaves with the next group that does."""
    if leg.way == "departure" or leg.state != "on_site":
        return leg
    leaving = [each for each in legs_among(row, legs, "departure") if each.state != "left"]
    return next((each for each in leaving if each.position == leg.position), next(iter(leaving), leg))


def _backward(row: Visit, legs: Sequence[Leg], leg: Leg) -> Leg:
    """The leg whose step came last: an arrival whose guests have left, or a departure that nobody spoke of yet."""
    if leg.way == "arrival" and state_of(row, legs) == "done":
        return [each for each in legs_among(row, legs, "departure") if each.state == "left"][-1]
    if leg.way == "departure" and leg.state == "planned":
        come = [each for each in legs_among(row, legs, "arrival") if each.state != "planned"]
        return next((each for each in come if each.position == leg.position), come[-1] if come else leg)
    return leg


def _moved(leg: Leg, verb: str, who: Phrase | Name, about: Mapping[str, object]) -> tuple[str, dict[str, object]]:
    """The sentence that a group is somewhere else now: of all guests as it was always said, of one by its name."""
    if "whom" in about:
        return "leg_moved", {"who": who, "state": where(leg.state)}
    return {"track": "tracked", "take_back": "taken_back"}.get(verb, verb), {}
