"""Promises made to guests: remarks on a visit that stay open until they are kept."""

from __future__ import annotations

from models.errors import Refused
from models.schema import journal
from models.schema.store import write
from models.schema.tables import Note
from models.services.desk import Desk
from models.services.rights import allow
from models.services.visits import Done, done, mark, needed_words, visit_row


def promise(desk: Desk, visit: int, text: str) -> Done:
    """Write down what was promised to the guests of a visit."""
    with write():
        row = visit_row(visit)
        allow(desk, "note", row)
        words = needed_words(text, "promise_needed")
        Note.create(visit=visit, at=desk.now(), person=desk.actor.person, text=words, promise=True)
        mark(desk, row)
        journal.record(desk, "promise", visit, {"text": words})
        return done(row, "promised")


def keep(desk: Desk, note: int, *, kept: bool = True) -> Done:
    """Say that a promise was kept, now; with `kept` False that it was not after all. Refused `no_promise`, and
    `promise_kept` where it is so already."""
    with write():
        found = Note.get_or_none(Note.id == note)
        if found is None or not found.promise:
            raise Refused("no_promise")
        row = visit_row(found.visit_id)
        allow(desk, "note", row)
        if (found.kept_at is not None) == kept:
            raise Refused("promise_kept" if kept else "promise_open")
        found.kept_at = desk.now() if kept else None
        found.save()
        mark(desk, row)
        journal.record(desk, "promise_kept" if kept else "promise_open", row.id, {"text": found.text})
        return done(row, "promise_kept" if kept else "promise_open")
