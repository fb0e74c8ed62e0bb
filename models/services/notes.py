"""Promises made to guests: remarks on a visit that stay open until they are kept."""

from __future__ import annotations

from models.errors import Refused
from models.schema import journal
from models.schema.store import write
from models.schema.tables import Note
from models.services.rights import allow
from models.services.session import Session
from models.services.visits import Done, done, mark, needed_words, visit_row


def promise(session: Session, visit: int, text: str) -> Done:
    """Write down what was promised to the guests of a visit."""
    with write():
        row = visit_row(visit)
        allow(session, "note", row)
        words = needed_words(text, "promise_needed")
        Note.create(visit=visit, at=session.now(), person=session.actor.person, text=words, promise=True)
        mark(session, row)
        journal.record(session, "promise", visit, {"text": words})
        return done(row, "promised")


def keep(session: Session, note: int, *, kept: bool = True) -> Done:
    """Say that a promise was kept, now; with `kept` False that it was not after all. Refused `no_promise`, and
    `promise_kept` where it is so already."""
    with write():
        found = Note.get_or_none(Note.id == note)
        if found is None or not found.promise:
            raise Refused("no_promise")
        row = visit_row(found.visit_id)
        allow(session, "note", row)
        if (found.kept_at is not None) == kept:
            raise Refused("promise_kept" if kept else "promise_open")
        found.kept_at = session.now() if kept else None
        found.save()
        mark(session, row)
        journal.record(session, "promise_kept" if kept else "promise_open", row.id, {"text": found.text})
        return done(row, "promise_kept" if kept else "promise_open")
