"""What an edit of an arranged visit would touch, to be read before it is saved (A33): the real verb is done, looked at,
and undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from models.policy.answer import Finding
from models.policy.model import Policy
from models.schema import journal
from models.schema.arrangements import Leg, ToTell
from models.schema.store import trial
from models.schema.tables import Visit
from models.services.difference import Effect, Packed, unpacked
from models.services.facts import facts, standing
from models.services.session import Session
from models.services.tell import merged
from models.services.visit_record import VisitRecord
from models.services.visits import visit_policy
from models.words import Name, Phrase


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


def look_off(session: Session, visit: int, act: Callable[[], object]) -> Preview | None:
    """What `act`, a verb that calls that visit off, lets go, and who waits to be told of it; None as `look`."""
    with trial():
        row = Visit.get_or_none(Visit.id == visit)
        held = _let_go(session, row) if row is not None else ()
    shown = look(session, visit, act)
    return None if shown is None else replace(shown, effects=held, off=True)


def _let_go(session: Session, row: Visit) -> tuple[Effect, ...]:
    """What nobody needs any more once the visit is called off: what is booked and arranged for it, each thing as a
    whole, tickets that were bought, and how many tasks are still open; inside a transaction."""
    known = facts(VisitRecord(session, row), fit=False).known
    things = [
        Effect(key, fact.kind, fact.what, fact.said, None)
        for key, fact in known.items()
        if fact.kind in ("booking", "meal", "room", "gift")
    ]
    bought = Leg.select().where(Leg.visit == row.id, Leg.ticket != "").order_by(Leg.position)
    tickets = [Effect(f"ticket:{leg.id}", "gift", Phrase("arrange.ticket"), leg.ticket, None) for leg in bought]
    n = sum(key.startswith("due:") for key in known)
    tasks = [Effect("tasks", "task", Phrase("effects.what.tasks"), Phrase("effects.open_tasks", {"n": n}), None)]
    return (*things, *tickets, *(tasks if n else ()))


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
