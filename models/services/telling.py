"""Verbs on the list of those to be told of a change: told, and not told after all."""

from __future__ import annotations

from typing import Literal

from models.errors import Refused
from models.policy.model import party_name
from models.schema.arrangements import ToTell
from models.schema.tables import Visit
from models.services.difference import packed_said
from models.services.frame import marking
from models.services.session import Session
from models.services.visits import Done, visit_policy
from models.words import Name


def tell(session: Session, row: int, *, seen: int) -> Done:
    """Note that somebody was told, by the actor, now. `seen`: the row's version."""
    return _told(session, row, seen, "tell")


def untell(session: Session, row: int, *, seen: int) -> Done:
    """Somebody was not told after all; a change since then made a row of its own, which stays."""
    return _told(session, row, seen, "untell")


def recipient_name(session: Session, visit: Visit, row: ToTell) -> Name:
    """Who is to be told: a department or post by its name, anybody else by theirs."""
    return party_name(visit_policy(session, visit), row.party) if row.party else Name.of(row.name)


def _told(session: Session, row: int, seen: int, verb: Literal["tell", "untell"]) -> Done:
    with marking(session, (ToTell, row), verb, may="tell", expected=seen) as v:
        found = v.found(ToTell)
        told = verb == "tell"
        if (found.told_at is not None) == told:
            raise Refused("told_already" if told else "not_told")
        found.told_at, found.told_by_id = (session.now(), session.actor.person) if told else (None, None)
        who = recipient_name(session, v.row, found)
        v.details = {"whom": packed_said(who), "what": found.what}
    return v.done(verb, who=who)
