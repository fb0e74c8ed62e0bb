"""What an edit of an arranged visit does, seen by comparing it before and after, and whom it makes to be told.

Every verb that changes an arranged visit does so inside `watched`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from models.schema.tables import Visit
from models.services.difference import Effect, Packed, difference, packed
from models.services.fact import Facts, Recipient
from models.services.facts import facts
from models.services.session import Session
from models.services.tell import notify, tell_of
from models.services.visit_record import VisitRecord
from models.words import Phrase


@dataclass(slots=True)
class Change:
    """What happened inside `watched`, known when it ends. `before`: what the visit was; `notices`: whom the policy has
    told of which fields."""

    before: Facts
    effects: tuple[Effect, ...] = ()
    notices: list[tuple[tuple[Recipient, ...], tuple[str, ...]]] = field(default_factory=list)

    @property
    def said(self) -> list[Packed]:
        """Old and new values as the journal keeps them; the history says them in the reader's language."""
        return said_of(self.effects)

    def notify(self, recipients: Iterable[Recipient], fields: Iterable[str]) -> None:
        """Have these people told of what changes in these fields, whether or not it concerns them otherwise."""
        self.notices.append((tuple(recipients), tuple(fields)))


def said_of(effects: Iterable[Effect]) -> list[Packed]:
    """Effects as the journal keeps them."""
    return [packed(effect) for effect in effects]


@contextmanager
def watched(session: Session, row: Visit, *, fit: bool = True) -> Iterator[Change]:
    """Compare an arranged visit before and after what is done inside, and note who is to be told of the difference.

    Inside a write transaction; `row` is the visit before it is changed, and is looked at again as it is at the end.
    Nothing happens where it is not arranged: only to one called off or on again, of which people are told, too.
    Without `fit` seats and clashes are left out (see `facts`).
    """
    record = VisitRecord(session, row)
    before = facts(record, fit=fit)
    change = Change(before)
    yield change
    after = facts(record.renewed(), fit=fit)
    change.effects = difference(before, after)
    tell_of(session, row, before, after, change.effects)
    for recipients, fields in change.notices:
        notify(session, row, recipients, [effect for name in fields for effect in _of_field(name, change.effects)])


def _of_field(field: str, effects: tuple[Effect, ...]) -> list[Effect]:
    """The effects that a field of the request, or of the policy's own, has; at least that it changed."""
    keys = {_KEYS.get(field, field), f"field:{field}"}
    heads = _HEADS.get(field, "-")
    own = [effect for effect in effects if effect.key in keys or effect.key.startswith(heads)]
    return own or [Effect(field, "form", Phrase(f"fields.{field}"), None, Phrase("effects.another"))]


_KEYS = {"lead_host": "hosts", "host": "hosts"}
_HEADS = {"meals": "meal:", "lodging": "room:", "guests": "guest:"}
