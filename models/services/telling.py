"""Verbs on the list of those to be told of a change: told, and not told after all."""

from __future__ import annotations

from models.errors import Refused
from models.policy.model import party_name
from models.schema import journal
from models.schema.arrangements import ToTell
from models.schema.store import write
from models.schema.tables import Visit
from models.services.difference import packed_said
from models.services.rights import allow
from models.services.session import Session
from models.services.visits import Done, done, mark, visit_policy, visit_row
from models.words import Name


def tell(session: Session, row: int, *, seen: int) -> Done:
    """Note that somebody was told, by the actor, now. `seen`: the row's version."""
    with write():
        found, visit = _row(session, row, seen)
        if found.told_at is not None:
            raise Refused("told_already")
        found.told_at, found.told_by_id = session.now(), session.actor.person
        return _kept(session, found, visit, "tell")


def untell(session: Session, row: int, *, seen: int) -> Done:
    """Somebody was not told after all; a change since then made a row of its own, which stays."""
    with write():
        found, visit = _row(session, row, seen)
        if found.told_at is None:
            raise Refused("not_told")
        found.told_at = found.told_by = None
        return _kept(session, found, visit, "untell")


def recipient_name(session: Session, visit: Visit, row: ToTell) -> Name:
    """Who is to be told: a department or post by its name, anybody else by theirs."""
    return party_name(visit_policy(session, visit), row.party) if row.party else Name.of(row.name)


def _row(session: Session, row: int, seen: int) -> tuple[ToTell, Visit]:
    found = ToTell.get_or_none(ToTell.id == row)
    if found is None:
        raise Refused("no_telling")
    visit = visit_row(found.visit_id)
    allow(session, "tell", visit)
    if found.version != seen:
        raise Refused("stale_telling")
    return found, visit


def _kept(session: Session, row: ToTell, visit: Visit, verb: str) -> Done:
    row.version += 1
    row.save()
    mark(session, visit)
    who = recipient_name(session, visit, row)
    journal.record(session, verb, visit.id, {"whom": packed_said(who), "what": row.what})
    return done(visit, verb, who=who)
