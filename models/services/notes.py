"""Promises made to guests: remarks on a visit that stay open until they are kept."""

from __future__ import annotations

from models.errors import Refused
from models.schema.tables import Note
from models.services.frame import marking
from models.services.session import Session
from models.services.visits import Done, needed_words


def promise(session: Session, visit: int, text: str) -> Done:
    """Write down what was promised to the guests of a visit."""
    with marking(session, visit, "promise", may="note") as v:
        words = needed_words(text, "promise_needed")
        Note.create(visit=visit, at=session.now(), person=session.actor.person, text=words, promise=True)
        v.details = {"text": words}
    return v.done("promised")


def keep(session: Session, note: int, *, kept: bool = True) -> Done:
    """Say that a promise was kept, now; with `kept` False that it was not after all. Refused `no_promise`, and
    `promise_kept` where it is so already."""
    with marking(session, (Note, note), "promise_kept" if kept else "promise_open", may="note") as v:
        found = v.found(Note)
        if not found.promise:
            raise Refused("no_promise")
        if (found.kept_at is not None) == kept:
            raise Refused("promise_kept" if kept else "promise_open")
        found.kept_at = session.now() if kept else None
        v.details = {"text": found.text}
    return v.done(v.verb)
