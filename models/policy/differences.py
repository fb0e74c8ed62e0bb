"""What changes between two versions of a policy, row by row, as it reads in one language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from models.policy.listing import CHOOSE, TABLES, Listed, listed
from models.policy.model import Policy
from models.policy.record import record
from models.words import Words

Kind = Literal["added", "removed", "changed", "moved"]


@record
class Difference:
    """One row that is not the same: `before` None where it was added, `after` None where it was removed. `moved`: the
    same row at another place, in a table of which the first row that holds wins."""

    table: str
    kind: Kind
    before: Listed | None
    after: Listed | None


def differences(old: Policy, new: Policy, w: Words, tables: Iterable[str] = tuple(TABLES)) -> tuple[Difference, ...]:
    """What `new` changes of `old` in these tables: the rows of `new` in order, then what was removed."""
    return tuple(each for table in tables for each in _table(table, listed(old, table, w), listed(new, table, w)))


def _table(table: str, old: Sequence[Listed], new: Sequence[Listed]) -> list[Difference]:
    pairs = _paired(old, new)
    found: list[Difference] = []
    last = -1
    for at, after in enumerate(new):
        place = pairs.get(at)
        if place is None:
            found.append(Difference(table, "added", None, after))
        elif old[place] != after:
            found.append(Difference(table, "changed", old[place], after))
        elif table in CHOOSE and place < last:
            found.append(Difference(table, "moved", old[place], after))
        last = max(last, -1 if place is None else place)
    gone = set(range(len(old))) - set(pairs.values())
    return [*found, *(Difference(table, "removed", old[place], None) for place in sorted(gone))]


def _paired(old: Sequence[Listed], new: Sequence[Listed]) -> dict[int, int]:
    """The old row that each new one stands for: the same one, else by id, else one about the same thing."""
    pairs: dict[int, int] = {}
    likenesses: tuple[Callable[[Listed], object], ...] = (
        lambda row: row,
        lambda row: (row.id, row.what, row.when) if row.id else None,
        lambda row: row.id or None,
        lambda row: (row.what, row.when),
        lambda row: row.what if not row.id else None,
    )
    for likeness in likenesses:
        taken = set(pairs.values())
        waiting: dict[object, list[int]] = {}
        for place, row in enumerate(old):
            if place not in taken:
                waiting.setdefault(likeness(row), []).append(place)
        waiting.pop(None, None)
        for at, row in enumerate(new):
            if at not in pairs and waiting.get(likeness(row)):
                pairs[at] = waiting[likeness(row)].pop(0)
    return pairs
