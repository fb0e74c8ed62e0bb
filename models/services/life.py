"""Verbs on a visit that is arranged: cancel and restore, hand over, note; with those on its guests."""

from __future__ import annotations

from models.errors import Refused
from models.schema import journal
from models.schema.arrangements import Leg
from models.schema.store import write
from models.schema.tables import Expense, Note, Person, Stage, Task
from models.services import displays, routing
from models.services.effects import watched
from models.services.guests import Place, kept, met, no_show, seen_off, take_back, track
from models.services.look import Preview, look_off
from models.services.people import posts_of
from models.services.rebooking import let_go
from models.services.rights import allow
from models.services.session import Session
from models.services.standing import department_posts
from models.services.visits import (
    Done,
    done,
    mark,
    needed_words,
    seen_row,
    visit_policy,
    visit_row,
)
from models.services.whereabouts import note_times

__all__ = [
    "Place", "cancel", "cancelling", "hand_over", "met", "no_show", "note", "restore", "seen_off", "take_back", "track",
]  # fmt: skip


def cancel(session: Session, visit: int, words: str, *, seen: int) -> Done:
    """Call a visit off, with the reason; it lies at nobody any more (A26)."""
    with write():
        row = seen_row(visit, seen)
        allow(session, "cancel", row)
        why = needed_words(words)
        with watched(session, row):
            let_go(session, row)
            routing.halt(row)
            row.state, row.before = "cancelled", None
        return kept(session, row, "cancel", "cancelled", {"words": why})


def cancelling(session: Session, visit: int, words: str, *, seen: int) -> Preview | None:
    """What `cancel` would let go, and who waits to be told of it; None where nothing is arranged yet."""
    return look_off(session, visit, lambda: cancel(session, visit, words, seen=seen))


def restore(session: Session, visit: int, *, seen: int) -> Done:
    """Make a cancelled visit a draft again, with its number, guests, texts and history.

    Its arrangements are made anew when it is approved again; costs already paid stay.
    """
    with write():
        row = seen_row(visit, seen)
        allow(session, "restore", row)
        for table in (Stage, Task):
            table.delete().where(table.visit == row.id).execute()
        Expense.delete().where(Expense.visit == row.id, Expense.actual.is_null()).execute()
        displays.taken_down(row)
        Leg.update(state="planned", expected=None).where(Leg.visit == row.id).execute()
        note_times(row)
        row.state, row.tier, row.total = "draft", None, 0
        return kept(session, row, "restore", "restored", {})


def hand_over(session: Session, visit: int, person: int, *, seen: int) -> Done:
    """Give the visit to another coordinator, somebody of the owner department (R17)."""
    with write():
        row = seen_row(visit, seen)
        allow(session, "hand_over", row)
        policy = visit_policy(session, row)
        heir = Person.get_or_none(Person.id == person, Person.active)
        if heir is None:
            raise Refused("unknown_person", name=f"#{person}")
        if set(posts_of(person, session.now().date())).isdisjoint(department_posts(policy, row.owner, lasting=True)):
            raise Refused("not_of_department", who=heir.name, department=policy.name_of(row.owner or ""))
        row.coordinator = heir
        return kept(session, row, "hand_over", "handed_over", {"person": person}, who=heir.name)


def note(session: Session, visit: int, text: str) -> Done:
    """Add a dated remark ("guest phoned: no fish"); it changes nothing else, so no version is asked for."""
    with write():
        row = visit_row(visit)
        allow(session, "note", row)
        remark = needed_words(text)
        Note.create(visit=row.id, at=session.now(), person=session.actor.person, text=remark)
        mark(session, row)
        journal.record(session, "note", visit, {"text": remark})
        return done(row, "noted")
