"""What an edit of an arranged visit would touch, to be read before it is saved (A33): the real verb is done, looked at,
and undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from models.policy.answer import Finding
from models.policy.model import Policy
from models.schema import journal
from models.schema.arrangements import ToTell
from models.schema.store import trial
from models.schema.tables import Visit
from models.services.difference import Effect, Packed, unpacked
from models.services.facts import standing
from models.services.session import Session
from models.services.tell import merged
from models.services.visits import visit_policy
from models.words import Name


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who is to be told of a change: see `ToTell`; `what` as it is kept."""

    role: str
    party: str
    name: str
    phone: str
    what: tuple[Packed, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do, all of it: `asks` the fields for which `posts` decide again, `notices` those that are
    only told; `findings` stand in its way until there is a reason, or for good. `policy`: the visit's, for its names.
    """

    policy: Policy
    effects: tuple[Effect, ...]
    telling: tuple[Told, ...]
    asks: tuple[str, ...] = ()
    posts: Name | None = None
    notices: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    off: bool = False
    """Whether it calls the visit off; `effects` are then what is let go."""

    def same(self, other: Preview) -> bool:
        """Whether the other says the same."""
        return replace(self, policy=other.policy) == other


def look(session: Session, visit: int, act: Callable[[], object]) -> Preview | None:
    """What `act`, a verb on that visit, would do: just what it writes down, and who waits to be told because of it.

    None where it touches nothing, or the visit is not arranged, so that there is nobody to disturb; `act` is not called
    then. Raises Refused as `act` does. Where `act` goes through `amend`, that one's `preview` says what it asks for.
    """
    with trial():
        row = Visit.get_or_none(Visit.id == visit)
        if row is None or standing(row) != "on":
            return None
        waited, seen = waiting(visit), journal.head()
        act()
        changed: list[Packed] = []
        for details in journal.details_since(seen, visit):
            changed = merged(changed, details.get("changed", []))
        telling = fresh(waited, waiting(visit))
        if not changed and not telling:
            return None
        return Preview(visit_policy(session, row), tuple(map(unpacked, changed)), telling)


def waiting(visit: int) -> list[ToTell]:
    """Who waits to be told of what changed on a visit."""
    return list(ToTell.select().where(ToTell.visit == visit, ToTell.told_at.is_null()).order_by(ToTell.id))


def fresh(before: list[ToTell], now: list[ToTell]) -> tuple[Told, ...]:
    """Who is to be told now of what they were not to be told before."""
    had: Mapping[int, list[Packed]] = {each.id: each.what for each in before}
    return tuple(
        Told(each.role, each.party, each.name, each.phone, tuple(e for e in each.what if e not in had.get(each.id, ())))
        for each in now
        if had.get(each.id) != each.what
    )
