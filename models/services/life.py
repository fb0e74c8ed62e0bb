"""Verbs on a visit that is arranged: cancel and restore, hand over, note; with those on its guests."""

from __future__ import annotations

from models.errors import Refused
from models.schema.arrangements import Leg
from models.schema.store import trial
from models.schema.tables import Expense, Note, Person, Stage, Task
from models.services import displays, routing
from models.services.difference import Effect
from models.services.facts import standing
from models.services.frame import Change, changing, marking
from models.services.guests import Place, met, no_show, seen_off, take_back, track
from models.services.look import Preview, fresh, waiting
from models.services.people import posts_of
from models.services.rebooking import let_go
from models.services.session import Session
from models.services.standing import department_posts
from models.services.visits import Done, needed_words, visit_row
from models.services.whereabouts import note_times
from models.words import Phrase

__all__ = [
    "Place", "cancel", "cancelling", "hand_over", "met", "no_show", "note", "restore", "seen_off", "take_back", "track",
]  # fmt: skip


def cancel(session: Session, visit: int, words: str, *, seen: int) -> Done:
    """Call a visit off, with the reason; it lies at nobody any more (A26)."""
    with changing(session, visit, "cancel", may="cancel", expected=seen, reschedule=False, keep_changes=False) as v:
        _call_off(v, words)
    return v.done("cancelled")


def cancelling(session: Session, visit: int, words: str, *, seen: int) -> Preview | None:
    """What `cancel` would let go, and who waits to be told of it; None where nothing is arranged yet, or nobody is to
    be told."""
    with trial():
        if standing(visit_row(visit)) != "on":
            return None
        waited = waiting(visit)
        with changing(session, visit, "cancel", may="cancel", expected=seen, reschedule=False, keep_changes=False) as v:
            held = _held(v)
            _call_off(v, words)
        telling = fresh(waited, waiting(visit))
        return Preview(v.record.policy, held, telling, off=True) if telling else None


def _call_off(v: Change, words: str) -> None:
    v.details = {"words": needed_words(words)}
    let_go(v.record)
    routing.halt(v.row)
    v.row.state, v.row.before = "cancelled", None


def _held(v: Change) -> tuple[Effect, ...]:
    """What nobody needs any more once the visit is called off: what is booked and arranged for it, each thing as a
    whole, tickets that were bought, and how many tasks are still open."""
    known = v.before.known
    things = [
        Effect(key, fact.kind, fact.what, fact.said, None)
        for key, fact in known.items()
        if fact.kind in ("booking", "meal", "room", "gift")
    ]
    bought = sorted([leg for leg in v.record.all_legs if leg.ticket], key=lambda leg: leg.position)
    tickets = [Effect(f"ticket:{leg.id}", "gift", Phrase("arrange.ticket"), leg.ticket, None) for leg in bought]
    n = sum(key.startswith("due:") for key in known)
    tasks = [Effect("tasks", "task", Phrase("effects.what.tasks"), Phrase("effects.open_tasks", {"n": n}), None)]
    return (*things, *tickets, *(tasks if n else ()))


def restore(session: Session, visit: int, *, seen: int) -> Done:
    """Make a cancelled visit a draft again, with its number, guests, texts and history.

    Its arrangements are made anew when it is approved again; costs already paid stay.
    """
    with changing(session, visit, "restore", may="restore", expected=seen, plain=True) as v:
        row = v.row
        for table in (Stage, Task):
            table.delete().where(table.visit == row.id).execute()
        Expense.delete().where(Expense.visit == row.id, Expense.actual.is_null()).execute()
        displays.taken_down(row)
        Leg.update(state="planned", expected=None).where(Leg.visit == row.id).execute()
        note_times(row)
        row.state, row.tier, row.total = "draft", None, 0
    return v.done("restored")


def hand_over(session: Session, visit: int, person: int, *, seen: int) -> Done:
    """Give the visit to another coordinator, somebody of the owner department (R17)."""
    with changing(session, visit, "hand_over", may="hand_over", expected=seen, plain=True) as v:
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
    with marking(session, visit, "note", may="note") as v:
        remark = needed_words(text)
        Note.create(visit=visit, at=session.now(), person=session.actor.person, text=remark)
        v.details = {"text": remark}
    return v.done("noted")
