"""Verbs on all guests of a visit at once: where they are, met, seen off, nobody came. One group: `services.legs`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, get_args

from models.errors import Refused
from models.schema import journal
from models.schema.arrangements import Leg
from models.schema.store import write
from models.schema.tables import Stage, Visit
from models.services import typed
from models.services.choices import one_of
from models.services.effects import watched
from models.services.rebooking import let_go, settle
from models.services.rights import allow
from models.services.session import Session
from models.services.visit_record import VisitRecord
from models.services.visits import Done, done, seen_row, touch
from models.services.whereabouts import MET, WAITING, due, guests_met, legs_of, move, state_of

Place = Literal["planned", "on_way", "here", "on_site"]


def met(session: Session, visit: int, *, seen: int, at: datetime | None = None) -> Done:
    """All guests who are still expected are met: the visit is under way, at once or when a change to it is decided.
    `at`: local time, default now."""
    with write():
        row = seen_row(visit, seen)
        allow(session, "met", row)
        when = past(session, at)
        waiting = _waiting(row)
        if not waiting:
            raise Refused("state.under_way")
        move(row, waiting, "met", when)
        return kept(session, row, "met", "met", {"at": when})


def seen_off(session: Session, visit: int, *, seen: int, at: datetime | None = None) -> Done:
    """The last guest is seen off: the visit is done, and what was under way ends; while a change to it is decided it
    is done after that. `at`: local time, default now."""
    with write():
        row = seen_row(visit, seen)
        allow(session, "seen_off", row)
        when = past(session, at)
        leaving = [leg for leg in legs_of(row, "departure") if leg.state != "left"]
        if not leaving or not guests_met(row):
            raise Refused(f"state.{state_of(row)}")
        move(row, leaving, "left", when)
        return kept(session, row, "seen_off", "seen_off", {"at": when})


def track(session: Session, visit: int, state: Place, *, seen: int) -> Done:
    """Say where all guests are who are not met yet (`planned`, `on_way`, `here`), or those who were (`on_site`)."""
    with write():
        row = seen_row(visit, seen)
        allow(session, "track", row)
        one_of("leg_state", state, get_args(Place))
        here = guests_met(row)
        legs = [leg for leg in legs_of(row, "arrival") if leg.state in (MET if state == "on_site" else WAITING)]
        if not legs or (state == "on_site") != here:
            raise Refused("state.under_way" if here else f"state.{row.state}")
        move(row, legs, state, session.now())
        return kept(session, row, "track", "tracked", {"state": state})


def take_back(session: Session, visit: int, *, seen: int) -> Done:
    """Undo `met` (while no stage is under way or done), `seen_off` or `no_show`, said by mistake of all guests."""
    with write():
        row = seen_row(visit, seen)
        allow(session, "take_back", row)
        state = state_of(row)
        if row.before is None and state != row.state:
            raise Refused(f"state.{row.state}")
        if state == "approved":
            raise Refused("nothing_said")
        if state == "no_show":
            allow(session, "miss", row)
        with watched(session, row):
            if state == "done":
                move(row, _in(row, "departure", ("left",)), "planned", session.now())
            else:
                move(row, _in(row, "arrival", (*MET, "no_show") if state == "under_way" else ("no_show",)), "planned",
                     session.now())  # fmt: skip
                unbegun(row)
            settle(VisitRecord(session, row))
        return kept(session, row, "take_back", "taken_back", {"state": state_of(row)})


def no_show(session: Session, visit: int, *, seen: int, words: str = "") -> Done:
    """Nobody came: nothing is arranged any more, what it cost can be settled and the visit closed (A26). While a change
    to it is decided it is a no-show after that."""
    with write():
        row = seen_row(visit, seen)
        allow(session, "no_show", row)
        if guests_met(row):
            raise Refused("state.under_way")
        waiting = _waiting(row)
        for leg in waiting:
            overdue(session, row, leg)
        with watched(session, row):
            let_go(session, row)
            move(row, waiting, "no_show", session.now())
        return kept(session, row, "no_show", "no_show", {"words": typed.text("words", words)})


def unbegun(row: Visit) -> None:
    """Refused when, with nobody met any more, a stage has begun all the same."""
    begun = Stage.select().where(Stage.visit == row.id, Stage.state.in_(["under_way", "done"]))
    if not guests_met(row) and begun.exists():
        raise Refused("stages_begun")


def overdue(session: Session, row: Visit, leg: Leg) -> None:
    """Refused when a group that is said not to come is not due yet."""
    at = due(row, leg)
    if at is not None and at > session.now():
        raise Refused("not_yet_due")


def past(session: Session, at: datetime | None) -> datetime:
    """A moment that has come; now by default."""
    if at is not None and at > session.now():
        raise Refused("time_to_come", at=at.strftime("%Y-%m-%d %H:%M"))
    return at or session.now()


def kept(session: Session, row: Visit, verb: str, said: str, details: Mapping[str, object], **facts: object) -> Done:
    """Save the visit, write it down, say what happened."""
    touch(session, row)
    journal.record(session, verb, row.id, details)
    return done(row, said, **facts)


def _waiting(row: Visit) -> list[Leg]:
    return _in(row, "arrival", WAITING)


def _in(row: Visit, way: Literal["arrival", "departure"], states: tuple[str, ...]) -> list[Leg]:
    return [leg for leg in legs_of(row, way) if leg.state in states]
