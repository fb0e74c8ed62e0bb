"""Verbs of the day: arrivals and departures, groups, stages, cancelling, handing over, notes, notifications."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal, get_args

from models.errors import Refused
from models.frozen import record
from models.policy.model import party_name
from models.schema.arrangements import Booking, Leg, Notification
from models.schema.store import trial
from models.schema.tables import Expense, Note, Person, Stage, Task, Visit
from models.services import consequences, displays, validate
from models.services.consequences import Followed, confirm_bookings, let_go, rejoin
from models.services.frame import Preview, VisitChange, changing, fresh, marking, waiting
from models.services.person_register import guest_names, posts_of, require_registered
from models.services.rights import department_posts, require
from models.services.session import Session
from models.services.stage_names import StagePlace, stage_names, stage_places
from models.services.visit_diff import Difference, pack_text
from models.services.visit_form import MODES, one_of
from models.services.visit_record import VisitRecord
from models.services.visit_state import phase
from models.services.visits import Done, needed_words, visit_policy, visit_row
from models.services.whereabouts import (
    MET,
    PATHS,
    WAITING,
    WAYS,
    Way,
    due,
    guests_met,
    legs_among,
    move,
    note_times,
    people_in,
    planned,
    state_of,
)
from models.words import Name, Phrase, Unreadable, words
from models.words.catalogue import LANGUAGES
from models.words.dates import parse_delay
from models.words.mask import kept

Place = Literal["planned", "on_way", "here", "on_site"]


def met(session: Session, visit: int, *, expected: int, at: datetime | None = None) -> Done:
    """All guests who are still expected are met: the visit is under way, at once or when a change to it is decided.
    `at`: local time, default now."""
    with changing(session, visit, "met", right="met", expected=expected, plain=True) as v:
        when = past(session, at)
        waiting = _in(v.record, "arrival", WAITING)
        if not waiting:
            raise Refused("state.under_way")
        move(v.row, v.record.all_legs, waiting, "met", when)
        v.details = {"at": when}
    return v.done("met")


def seen_off(session: Session, visit: int, *, expected: int, at: datetime | None = None) -> Done:
    """The last guest is seen off: the visit is done, and what was under way ends; while a change to it is decided it
    is done after that. `at`: local time, default now."""
    with changing(session, visit, "seen_off", right="seen_off", expected=expected, plain=True) as v:
        row, legs = v.row, v.record.all_legs
        when = past(session, at)
        leaving = [leg for leg in legs_among(row, legs, "departure") if leg.state != "left"]
        if not leaving or not guests_met(row, legs):
            raise Refused(f"state.{state_of(row, legs)}")
        move(row, legs, leaving, "left", when)
        v.details = {"at": when}
    return v.done("seen_off")


def track(session: Session, visit: int, state: Place, *, expected: int) -> Done:
    """Say where all guests are who are not met yet (`planned`, `on_way`, `here`), or those who were (`on_site`)."""
    with changing(session, visit, "track", right="track", expected=expected, plain=True) as v:
        one_of("leg_state", state, get_args(Place))
        here = guests_met(v.row, v.record.all_legs)
        legs = _in(v.record, "arrival", MET if state == "on_site" else WAITING)
        if not legs or (state == "on_site") != here:
            raise Refused("state.under_way" if here else f"state.{v.row.state}")
        move(v.row, v.record.all_legs, legs, state, session.now())
        v.details = {"state": state}
    return v.done("tracked")


def take_back(session: Session, visit: int, *, expected: int) -> Done:
    """Undo `met` (while no stage is under way or done), `seen_off` or `no_show`, said by mistake of all guests."""
    with changing(
        session, visit, "take_back", right="take_back", expected=expected, reschedule=False, keep_changes=False
    ) as v:
        row, legs = v.row, v.record.all_legs
        state = state_of(row, legs)
        if row.before is None and state != row.state:
            raise Refused(f"state.{row.state}")
        if state == "approved":
            raise Refused("nothing_said")
        if state == "no_show":
            require(session, "miss", row, v.context)
        if state == "done":
            move(row, legs, _in(v.record, "departure", ("left",)), "planned", session.now())
        else:
            came = _in(v.record, "arrival", (*MET, "no_show") if state == "under_way" else ("no_show",))
            move(row, legs, came, "planned", session.now())
            unbegun(v.record)
        confirm_bookings(v.record.renewed())
        v.details = {"state": state_of(row, legs)}
    return v.done("taken_back")


def no_show(session: Session, visit: int, *, expected: int, words: str = "") -> Done:
    """Nobody came: nothing is arranged any more, what it cost can be settled and the visit closed (A26). While a change
    to it is decided it is a no-show after that."""
    with changing(
        session, visit, "no_show", right="no_show", expected=expected, reschedule=False, keep_changes=False
    ) as v:
        if guests_met(v.row, v.record.all_legs):
            raise Refused("state.under_way")
        waiting = _in(v.record, "arrival", WAITING)
        for leg in waiting:
            overdue(v.record, leg)
        let_go(v.record)
        move(v.row, v.record.all_legs, waiting, "no_show", session.now())
        v.details = {"words": validate.text("words", words)}
    return v.done("no_show")


def unbegun(record: VisitRecord) -> None:
    """Refused when, with nobody met any more, a stage has begun all the same."""
    begun = any(stage.state in ("under_way", "done") for stage in record.stages)
    if begun and not guests_met(record.row, record.all_legs):
        raise Refused("stages_begun")


def overdue(record: VisitRecord, leg: Leg) -> None:
    """Refused when a group that is said not to come is not due yet."""
    at = due(record.row, leg)
    if at is not None and at > record.session.now():
        raise Refused("not_yet_due")


def past(session: Session, at: datetime | None) -> datetime:
    """A moment that has come; now by default."""
    if at is not None and at > session.now():
        raise Refused("time_to_come", at=at.strftime("%Y-%m-%d %H:%M"))
    return at or session.now()


def _in(record: VisitRecord, way: Way, states: tuple[str, ...]) -> list[Leg]:
    return [leg for leg in legs_among(record.row, record.all_legs, way) if leg.state in states]


# -- groups of guests -------------------------------------------------------------------------------------------------


@record
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


def add_leg(session: Session, visit: int, way: Way, journey: Journey, *, expected: int) -> Done:
    """A group that comes or goes on its own; the form's own leg is left to the others."""
    one_of("leg_way", way, WAYS)
    with changing(session, visit, "leg.added", right="arrange", expected=expected) as v:
        legs = [each for each in v.record.all_legs if each.way == way]
        leg = Leg(visit=v.row.id, way=way, position=max([each.position for each in legs], default=0) + 1)
        _fill(v.record, leg, journey, legs)
        leg.planned = journey.at
        leg.save()
        _unseat(leg, legs)
        who, v.details = _group(v.row, v.record.renewed().all_legs, leg)
    return v.done("leg_added", who=who, way=Phrase(f"travel.{way}"))


def change_leg(session: Session, leg: int, journey: Journey, *, expected: int) -> Done:
    """Change what is known of a group's way. Another time is when it is expected now; the planned one stays. Who is in
    the form's own leg follows from the others."""
    with changing(session, (Leg, leg), "leg.changed", right="arrange", expected=expected) as v:
        found = v.found(Leg)
        legs = [each for each in v.record.all_legs if each.way == found.way and each.id != found.id]
        _fill(v.record, found, journey, legs)
        if journey.at is not None and journey.at != due(v.row, found):
            _expect(v.row, found, journey.at)
        found.save()
        _unseat(found, legs)
        who, v.details = _group(v.row, v.record.renewed().all_legs, found)
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


def remove_leg(session: Session, leg: int, *, expected: int) -> Done:
    """Let a group come or go with the others, and with it what is booked for it; not once it is on its way."""
    with changing(session, (Leg, leg), "leg.removed", right="arrange", expected=expected) as v:
        found = v.found(Leg)
        if not found.position:
            raise Refused("own_leg")
        if found.state not in ("planned", "no_show"):
            raise Refused("leg_begun")
        rejoin(v.record, found)
        found.delete_instance()
        who, v.details = _group(v.row, v.record.renewed().all_legs, found)
    return v.done("leg_removed", who=who, way=Phrase(f"travel.{found.way}"))


def delay(session: Session, leg: int, text: str, *, expected: int, at: datetime | None = None) -> Done:
    """A group is expected at another time, typed as one ("10:20") or as minutes more ("+40"); not once it is here.
    `at`: what it is told from, be it when the visit begins and not when the guests land; default when they are due.

    Planned stages that hang on its arrival or departure and were not set by hand move with it, and with them when
    tasks are due.
    """
    with changing(session, (Leg, leg), "leg.delayed", right="track", expected=expected) as v:
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


def next_leg(session: Session, leg: int, *, expected: int, at: datetime | None = None) -> Done:
    """A group is one step further: on the way, here, met, on site; who is on site leaves. The first group met makes
    the visit under way, the last that left makes it done. `at`: local time, default now."""
    with changing(session, (Leg, leg), "track", right="track", expected=expected, plain=True) as v:
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


def back_leg(session: Session, leg: int, *, expected: int) -> Done:
    """Take back the last step of a group, said by mistake; not that the only ones here were met, once a stage began."""
    with changing(
        session, (Leg, leg), "take_back", right="read", expected=expected, reschedule=False, keep_changes=False
    ) as v:
        row, legs = v.row, v.record.all_legs
        found = _backward(row, legs, _one(legs, leg))
        right = "miss" if found.state == "no_show" else "take_back" if row.state == "done" else "track"
        require(session, right, row, v.context)
        path = PATHS[found.way]
        if found.state == path[0]:
            raise Refused("nothing_said")
        state = path[0] if found.state == "no_show" else path[path.index(found.state) - 1]
        was = guests_met(row, legs)
        move(row, legs, [found], state, session.now())
        if was:
            unbegun(v.record)
        confirm_bookings(v.record.renewed())
        who, about = _group(row, legs, found)
        v.details = {**about, "state": found.state, "at": session.now()}
    said, facts = _moved(found, v.verb, who, about)
    return v.done(said, **facts)


def miss_leg(session: Session, leg: int, *, expected: int) -> Done:
    """A group did not come; when none did the visit is a no-show (A26)."""
    with changing(
        session, (Leg, leg), "no_show", right="miss", expected=expected, reschedule=False, keep_changes=False
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


def ticket(session: Session, leg: int, text: str, *, expected: int) -> Done:
    """What was bought for a departure (R59): the ticket in words, with the time; empty takes it back."""
    with changing(session, (Leg, leg), "leg.ticketed", right="arranged", expected=expected, plain=True) as v:
        found = v.found(Leg)
        if found.way != "departure":
            raise Refused("ticket_back")
        found.ticket = validate.line("ticket", text)
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
        who: Phrase | Name = validate.joined([Name.of(name) for name in leg.guests])
    else:
        who = Phrase("travel.all") if alone else Phrase("travel.people", {"n": people_in(row, leg, legs) or 0})
    return who, {"leg": leg.id, **({} if alone else {"whom": pack_text(_in_words(who))})}


def _fill(record: VisitRecord, leg: Leg, journey: Journey, others: list[Leg]) -> None:
    leg.mode = one_of("leg_mode", journey.mode, MODES)
    leg.number = validate.line("leg_number", journey.number)
    leg.place = validate.line("leg_place", journey.place)
    leg.terminal = validate.line("terminal", journey.terminal)
    leg.phone = kept(validate.line("phone", journey.phone), leg.phone)
    leg.plates = validate.line("plates", journey.plates)
    require_registered([journey.meeter] if journey.meeter is not None else [])
    leg.meeter_id = journey.meeter
    if leg.position:
        _people(record, leg, journey, [each for each in others if each.position])


def _people(record: VisitRecord, leg: Leg, journey: Journey, others: list[Leg]) -> None:
    """Who is in the group: nobody twice, and no more than come at all."""
    row, names = record.row, guest_names(record.guests, journey.guests)
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
        raise Refused("out_of_range", field=validate.label("leg_people"), value=n, low=low, high=high)
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


# -- the visit as a whole ---------------------------------------------------------------------------------------------


def cancel(session: Session, visit: int, words: str, *, expected: int) -> Done:
    """Call a visit off, with the reason; it lies at nobody any more (A26)."""
    with changing(
        session, visit, "cancel", right="cancel", expected=expected, reschedule=False, keep_changes=False
    ) as v:
        _call_off(v, words)
    return v.done("cancelled")


def cancelling(session: Session, visit: int, words: str, *, expected: int) -> Preview | None:
    """What `cancel` would let go, and who waits to be told of it; None where nothing is arranged yet, or nobody is to
    be told."""
    with trial():
        if phase(visit_row(visit)) != "on":
            return None
        waited = waiting(visit)
        with changing(
            session, visit, "cancel", right="cancel", expected=expected, reschedule=False, keep_changes=False
        ) as v:
            held = _held(v)
            _call_off(v, words)
        notifications = fresh(waited, waiting(visit))
        return Preview(v.record.policy, held, notifications, off=True) if notifications else None


def _call_off(v: VisitChange, words: str) -> None:
    v.details = {"words": needed_words(words)}
    let_go(v.record)
    consequences.halt(v.row)
    v.row.state, v.row.before = "cancelled", None


def _held(v: VisitChange) -> tuple[Difference, ...]:
    """What nobody needs any more once the visit is called off: what is booked and arranged for it, each thing as a
    whole, tickets that were bought, and how many tasks are still open."""
    known = v.before.known
    things = [
        Difference(key, fact.kind, fact.what, fact.said, None)
        for key, fact in known.items()
        if fact.kind in ("booking", "meal", "room", "gift")
    ]
    bought = sorted([leg for leg in v.record.all_legs if leg.ticket], key=lambda leg: leg.position)
    tickets = [Difference(f"ticket:{leg.id}", "gift", Phrase("arrange.ticket"), leg.ticket, None) for leg in bought]
    n = sum(key.startswith("due:") for key in known)
    tasks = [Difference("tasks", "task", Phrase("effects.what.tasks"), Phrase("effects.open_tasks", {"n": n}), None)]
    return (*things, *tickets, *(tasks if n else ()))


def restore(session: Session, visit: int, *, expected: int) -> Done:
    """Make a cancelled visit a draft again, with its number, guests, texts and history.

    Its arrangements are made anew when it is approved again; costs already paid stay.
    """
    with changing(session, visit, "restore", right="restore", expected=expected, plain=True) as v:
        row = v.row
        for table in (Stage, Task):
            table.delete().where(table.visit == row.id).execute()
        Expense.delete().where(Expense.visit == row.id, Expense.actual.is_null()).execute()
        displays.taken_down(row)
        Leg.update(state="planned", expected=None).where(Leg.visit == row.id).execute()
        note_times(row)
        row.state, row.tier, row.total = "draft", None, 0
    return v.done("restored")


def hand_over(session: Session, visit: int, person: int, *, expected: int) -> Done:
    """Give the visit to another coordinator, somebody of the owner department (R17)."""
    with changing(session, visit, "hand_over", right="hand_over", expected=expected, plain=True) as v:
        row, policy = v.row, v.record.policy
        heir = Person.get_or_none(Person.id == person, Person.active)
        if heir is None:
            raise Refused("unknown_person", name=f"#{person}")
        if set(posts_of(person, session.now().date())).isdisjoint(department_posts(policy, row.owner, lasting=True)):
            raise Refused("not_of_department", who=heir.name, department=policy.name_of(row.owner or ""))
        row.coordinator = heir
        v.details = {"person": person}
    return v.done("handed_over", who=heir.name)


def note(session: Session, visit: int, text: str) -> Done:
    """Add a dated remark ("guest phoned: no fish"); it changes nothing else, so no version is asked for."""
    with marking(session, visit, "note", right="note") as v:
        remark = needed_words(text)
        Note.create(visit=visit, at=session.now(), person=session.actor.person, text=remark)
        v.details = {"text": remark}
    return v.done("noted")


# -- stages (R26 to R35) ----------------------------------------------------------------------------------------------


def plan_stage(
    session: Session,
    stage: int,
    *,
    expected: int,
    at: datetime | None = None,
    place: str | None = None,
    people: str | None = None,
) -> Done:
    """Set what is given: local time, place, who takes part. A stage left out is planned again. `expected`: the visit's.

    Refused `stage_booked`, `stage_at_meal` where its place is that of a room booked for it, or of its meal, and another
    is given.
    """
    with _changing(session, stage, "stage.planned", expected) as v:
        row = v.found(Stage)
        stands = _stands(v.record, stage)
        if row.state == "not_applicable":
            row.state = "planned"
        row.by_hand = row.by_hand or (at is not None and at != row.at)
        row.at = at or row.at
        row.place = row.place if place is None else _placed(row, stands, validate.line("place", place))
        row.people = row.people if people is None else validate.line("people", people)
        row.save()
        name = _name(v.record, row)
        about = {"stage": row.stage, "at": row.at, "people": row.people}
        v.details = lambda now: {**about, "place": _stands(now, stage).text}
    return v.done("stage_planned", stage=name)


def start_stage(session: Session, stage: int, *, expected: int) -> Done:
    """Begin a stage now; one that was finished too early goes on."""
    with _changing(session, stage, "stage.started", expected, plain=True) as v:
        row = v.found(Stage)
        if row.state == "under_way":
            raise Refused("stage_under_way")
        row.state, row.ended = "under_way", None
        row.started = row.started or session.now()
        row.save()
        name = _name(v.record, row)
        v.details = {"stage": row.stage, "at": row.started}
    return v.done("stage_started", stage=name)


def finish_stage(session: Session, stage: int, *, expected: int) -> Done:
    """End a stage now; one never begun is taken as begun at its planned time, or now."""
    with _changing(session, stage, "stage.finished", expected, plain=True) as v:
        row = v.found(Stage)
        if row.state in ("done", "not_applicable"):
            raise Refused("stage_not_begun" if row.state == "not_applicable" else "stage_done")
        now = session.now()
        row.state, row.ended = "done", now
        row.started = row.started or min(row.at or now, now)
        row.save()
        name = _name(v.record, row)
        v.details = {"stage": row.stage, "at": row.ended}
    return v.done("stage_finished", stage=name)


def skip_stage(session: Session, stage: int, *, expected: int) -> Done:
    """Mark a stage not applicable; it stays in the list and can be planned again."""
    with _changing(session, stage, "stage.skipped", expected, reschedule=False) as v:
        row = v.found(Stage)
        if row.state in ("under_way", "done"):
            raise Refused("stage_begun")
        row.state = "not_applicable"
        row.save()
        name = _name(v.record, row)
        v.details = {"stage": row.stage}
    return v.done("stage_skipped", stage=name)


def _changing(
    session: Session, stage: int, verb: str, expected: int, *, reschedule: bool = True, plain: bool = False
) -> AbstractContextManager[VisitChange]:
    return changing(session, (Stage, stage), verb, right="stage", expected=expected, reschedule=reschedule, plain=plain)


def _name(record: VisitRecord, row: Stage) -> Name:
    return stage_names(record.policy, [row], record.meals_by_id)[row.id]


def _stands(record: VisitRecord, stage: int) -> StagePlace:
    """Where a stage of a visit is held."""
    places = stage_places(record.policy, record.stages, record.bookings, record.rooms, record.meals_by_id)
    return places[stage]


def _placed(row: Stage, stands: StagePlace, place: str) -> str:
    """What is kept as typed where that place is typed: nothing new where the stage is held there already."""
    if place == stands.text:
        return row.place
    if stands.by:
        raise Refused("stage_booked" if stands.by == "booking" else "stage_at_meal", place=place, there=stands.text)
    return place


# -- notifications ----------------------------------------------------------------------------------------------------


def mark_told(session: Session, row: int, *, expected: int) -> Done:
    """Note that somebody was told, by the actor, now. `expected`: the row's version."""
    return _mark_told(session, row, expected, "tell")


def mark_not_told(session: Session, row: int, *, expected: int) -> Done:
    """Somebody was not told after all; a change since then made a row of its own, which stays."""
    return _mark_told(session, row, expected, "untell")


def recipient_name(session: Session, visit: Visit, row: Notification) -> Name:
    """Who is to be told: a department or post by its name, anybody else by theirs."""
    return party_name(visit_policy(session, visit), row.party) if row.party else Name.of(row.name)


def _mark_told(session: Session, row: int, expected: int, verb: Literal["tell", "untell"]) -> Done:
    with marking(session, (Notification, row), verb, right="tell", expected=expected) as v:
        found = v.found(Notification)
        told = verb == "tell"
        if (found.told_at is not None) == told:
            raise Refused("told_already" if told else "not_told")
        found.told_at, found.told_by_id = (session.now(), session.actor.person) if told else (None, None)
        who = recipient_name(session, v.row, found)
        v.details = {"whom": pack_text(who), "what": found.what}
    return v.done(verb, who=who)


# -- promises to guests -----------------------------------------------------------------------------------------------


def promise(session: Session, visit: int, text: str) -> Done:
    """Write down what was promised to the guests of a visit."""
    with marking(session, visit, "promise", right="note") as v:
        words = needed_words(text, "promise_needed")
        Note.create(visit=visit, at=session.now(), person=session.actor.person, text=words, promise=True)
        v.details = {"text": words}
    return v.done("promised")


def keep(session: Session, note: int, *, kept: bool = True) -> Done:
    """Say that a promise was kept, now; with `kept` False that it was not after all. Refused `no_promise`, and
    `promise_kept` where it is so already."""
    with marking(session, (Note, note), "promise_kept" if kept else "promise_open", right="note") as v:
        found = v.found(Note)
        if not found.promise:
            raise Refused("no_promise")
        if (found.kept_at is not None) == kept:
            raise Refused("promise_kept" if kept else "promise_open")
        found.kept_at = session.now() if kept else None
        v.details = {"text": found.text}
    return v.done(v.verb)
