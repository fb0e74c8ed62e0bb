"""Verbs on a visit that is arranged: guests met and seen off, nobody came, cancel and restore, hand over, note."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from models.errors import Refused
from models.schema import journal
from models.schema.arrangements import Leg
from models.schema.store import write
from models.schema.tables import Expense, Note, Person, Stage, Task, Visit
from models.services import routing, typed
from models.services.desk import Desk
from models.services.effects import watched
from models.services.people import posts_of
from models.services.rights import allow, department_posts
from models.services.visits import (
    Done,
    done,
    guests_met,
    mark,
    needed_words,
    seen_row,
    touch,
    visit_policy,
    visit_row,
)

Way = Literal["arrival", "departure"]

_BACK: dict[str, tuple[str, Way, str]] = {
    "under_way": ("approved", "arrival", "planned"),
    "done": ("under_way", "departure", "planned"),
    "no_show": ("approved", "arrival", "planned"),
}
"""State → what it was before, and what the guests' leg was then."""


Place = Literal["planned", "on_way", "here", "on_site"]


def met(desk: Desk, visit: int, *, seen: int, at: datetime | None = None) -> Done:
    """The first guest is met: the visit is under way, at once or when a change to it is decided. `at`: local time,
    default now."""
    with write():
        row = seen_row(visit, seen)
        allow(desk, "met", row)
        when = _past(desk, at)
        if guests_met(row):
            raise Refused("state.under_way")
        _leg(row, "arrival", "met")
        row.state = row.state if row.before else "under_way"
        return _kept(desk, row, "met", "met", {"at": when})


def seen_off(desk: Desk, visit: int, *, seen: int, at: datetime | None = None) -> Done:
    """The last guest is seen off: the visit is done, and what was under way ends. `at`: local time, default now."""
    with write():
        row = seen_row(visit, seen)
        allow(desk, "seen_off", row)
        when = _past(desk, at)
        _leg(row, "departure", "left")
        Stage.update(state="done", ended=when).where(Stage.visit == row.id, Stage.state == "under_way").execute()
        row.state = "done"
        return _kept(desk, row, "seen_off", "seen_off", {"at": when})


def track(
    desk: Desk, visit: int, state: Place, *, seen: int,
    expected: datetime | None = None,
) -> Done:  # fmt: skip
    """Say where the guests are before and after they are met, and when they are now expected (local time).

    `planned`, `on_way` and `here` are for guests not met yet, `on_site` for those who were.
    """
    with write():
        row = seen_row(visit, seen)
        allow(desk, "track", row)
        here = guests_met(row)
        if (state == "on_site") != here:
            raise Refused("state.under_way" if here else f"state.{row.state}")
        _leg(row, "arrival", state, expected)
        return _kept(desk, row, "track", "tracked", {"state": state, "expected": expected})


def take_back(desk: Desk, visit: int, *, seen: int) -> Done:
    """Undo `met` (while no stage is under way or done), `seen_off` or `no_show`, said by mistake."""
    with write():
        row = seen_row(visit, seen)
        allow(desk, "take_back", row)
        begun = Stage.select().where(Stage.visit == row.id, Stage.state.in_(["under_way", "done"]))
        if row.state == "under_way" and begun.exists():
            raise Refused("stages_begun")
        left = Leg.select().where(Leg.visit == row.id, Leg.way == "departure", Leg.state == "left")
        if row.state == "done" and not left.exists():
            raise Refused("state.done")
        state, way, leg = _BACK[row.state]
        with watched(desk, row):
            row.state = state
            _leg(row, way, leg)
        return _kept(desk, row, "take_back", "taken_back", {"state": state})


def no_show(desk: Desk, visit: int, *, seen: int, words: str = "") -> Done:
    """Nobody came: nothing is arranged any more, what it cost can be settled and the visit closed (A26)."""
    with write():
        row = seen_row(visit, seen)
        allow(desk, "no_show", row)
        if row.arrive is not None and row.arrive > desk.now():
            raise Refused("not_yet_due")
        with watched(desk, row):
            _leg(row, "arrival", "no_show")
            row.state = "no_show"
        return _kept(desk, row, "no_show", "no_show", {"words": typed.text("words", words)})


def cancel(desk: Desk, visit: int, words: str, *, seen: int) -> Done:
    """Call a visit off, with the reason; it lies at nobody any more (A26)."""
    with write():
        row = seen_row(visit, seen)
        allow(desk, "cancel", row)
        why = needed_words(words)
        with watched(desk, row):
            routing.halt(row)
            row.state, row.before = "cancelled", None
        return _kept(desk, row, "cancel", "cancelled", {"words": why})


def restore(desk: Desk, visit: int, *, seen: int) -> Done:
    """Make a cancelled visit a draft again, with its number, guests, texts and history.

    Its arrangements are made anew when it is approved again; costs already paid stay.
    """
    with write():
        row = seen_row(visit, seen)
        allow(desk, "restore", row)
        for table in (Stage, Task):
            table.delete().where(table.visit == row.id).execute()
        Expense.delete().where(Expense.visit == row.id, Expense.actual.is_null()).execute()
        Leg.update(state="planned", expected=None).where(Leg.visit == row.id).execute()
        row.state, row.tier, row.total = "draft", None, 0
        return _kept(desk, row, "restore", "restored", {})


def hand_over(desk: Desk, visit: int, person: int, *, seen: int) -> Done:
    """Give the visit to another coordinator, somebody of the owner department (R17)."""
    with write():
        row = seen_row(visit, seen)
        allow(desk, "hand_over", row)
        policy = visit_policy(desk, row)
        heir = Person.get_or_none(Person.id == person, Person.active)
        if heir is None:
            raise Refused("unknown_person", name=f"#{person}")
        if set(posts_of(person, desk.now().date())).isdisjoint(department_posts(policy, row.owner, lasting=True)):
            raise Refused("not_of_department", who=heir.name, department=policy.name_of(row.owner or ""))
        row.coordinator = heir
        return _kept(desk, row, "hand_over", "handed_over", {"person": person}, who=heir.name)


def note(desk: Desk, visit: int, text: str) -> Done:
    """Add a dated remark ("guest phoned: no fish"); it changes nothing else, so no version is asked for."""
    with write():
        row = visit_row(visit)
        allow(desk, "note", row)
        remark = needed_words(text)
        Note.create(visit=row.id, at=desk.now(), person=desk.actor.person, text=remark)
        mark(desk, row)
        journal.record(desk, "note", visit, {"text": remark})
        return done(row, "noted")


def _kept(desk: Desk, row: Visit, verb: str, said: str, details: dict[str, object], **facts: object) -> Done:
    touch(desk, row)
    journal.record(desk, verb, row.id, details)
    return done(row, said, **facts)


def _past(desk: Desk, at: datetime | None) -> datetime:
    """A moment that has come; now by default."""
    if at is not None and at > desk.now():
        raise Refused("time_to_come", at=at.strftime("%Y-%m-%d %H:%M"))
    return at or desk.now()


def _leg(row: Visit, way: Way, state: str, expected: datetime | None = None) -> None:
    leg = Leg.get_or_none(Leg.visit == row.id, Leg.way == way) or Leg(visit=row.id, way=way)
    leg.state = state
    leg.expected = expected or leg.expected
    leg.save()
