"""Verbs on all guests of a visit at once: where they are, met, seen off, nobody came. One group: `services.legs`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from models.errors import Refused
from models.schema.arrangements import Booking, Leg
from models.services import typed
from models.services.choices import one_of
from models.services.frame import changing
from models.services.rebooking import let_go, settle
from models.services.rights import allow
from models.services.session import Session
from models.services.visit_record import VisitRecord
from models.services.visits import Done
from models.services.whereabouts import MET, WAITING, Way, due, guests_met, legs_among, move, state_of

Place = Literal["planned", "on_way", "here", "on_site"]


def met(session: Session, visit: int, *, seen: int, at: datetime | None = None) -> Done:
    """All guests who are still expected are met: the visit is under way, at once or when a change to it is decided.
    `at`: local time, default now."""
    with changing(session, visit, "met", may="met", expected=seen, plain=True) as v:
        when = past(session, at)
        waiting = _in(v.record, "arrival", WAITING)
        if not waiting:
            raise Refused("state.under_way")
        move(v.row, v.record.all_legs, waiting, "met", when)
        v.details = {"at": when}
    return v.done("met")


def seen_off(session: Session, visit: int, *, seen: int, at: datetime | None = None) -> Done:
    """The last guest is seen off: the visit is done, and what was under way ends; while a change to it is decided it
    is done after that. `at`: local time, default now."""
    with changing(session, visit, "seen_off", may="seen_off", expected=seen, plain=True) as v:
        row, legs = v.row, v.record.all_legs
        when = past(session, at)
        leaving = [leg for leg in legs_among(row, legs, "departure") if leg.state != "left"]
        if not leaving or not guests_met(row, legs):
            raise Refused(f"state.{state_of(row, legs)}")
        move(row, legs, leaving, "left", when)
        v.details = {"at": when}
    return v.done("seen_off")


def track(session: Session, visit: int, state: Place, *, seen: int) -> Done:
    """Say where all guests are who are not met yet (`planned`, `on_way`, `here`), or those who were (`on_site`)."""
    with changing(session, visit, "track", may="track", expected=seen, plain=True) as v:
        one_of("leg_state", state, get_args(Place))
        here = guests_met(v.row, v.record.all_legs)
        legs = _in(v.record, "arrival", MET if state == "on_site" else WAITING)
        if not legs or (state == "on_site") != here:
            raise Refused("state.under_way" if here else f"state.{v.row.state}")
        move(v.row, v.record.all_legs, legs, state, session.now())
        v.details = {"state": state}
    return v.done("tracked")


def take_back(session: Session, visit: int, *, seen: int) -> Done:
    """Undo `met` (while no stage is under way or done), `seen_off` or `no_show`, said by mistake of all guests."""
    with changing(
        session, visit, "take_back", may="take_back", expected=seen, reschedule=False, keep_changes=False,
        writes=(Leg, Booking),
    ) as v:  # fmt: skip
        row, legs = v.row, v.record.all_legs
        state = state_of(row, legs)
        if row.before is None and state != row.state:
            raise Refused(f"state.{row.state}")
        if state == "approved":
            raise Refused("nothing_said")
        if state == "no_show":
            allow(session, "miss", row)
        if state == "done":
            move(row, legs, _in(v.record, "departure", ("left",)), "planned", session.now())
        else:
            came = _in(v.record, "arrival", (*MET, "no_show") if state == "under_way" else ("no_show",))
            move(row, legs, came, "planned", session.now())
            unbegun(v.record)
        settle(v.record.renewed(Leg))
        v.details = {"state": state_of(row, legs)}
    return v.done("taken_back")


def no_show(session: Session, visit: int, *, seen: int, words: str = "") -> Done:
    """Nobody came: nothing is arranged any more, what it cost can be settled and the visit closed (A26). While a change
    to it is decided it is a no-show after that."""
    with changing(session, visit, "no_show", may="no_show", expected=seen, reschedule=False, keep_changes=False) as v:
        if guests_met(v.row, v.record.all_legs):
            raise Refused("state.under_way")
        waiting = _in(v.record, "arrival", WAITING)
        for leg in waiting:
            overdue(v.record, leg)
        let_go(v.record)
        move(v.row, v.record.all_legs, waiting, "no_show", session.now())
        v.details = {"words": typed.text("words", words)}
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
