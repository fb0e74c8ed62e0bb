"""What the organisation calls the entries of its lists."""

from __future__ import annotations

from models.policy.model import Policy
from models.policy.notation.clauses import ITEMS, known_item
from models.words import Name


def entry_name(policy: Policy, list_id: str, id: str) -> Name:
    """The name of an entry of one list (ids repeat between lists); the id where the list has none."""
    for entry in policy.lists.get(list_id, ()):
        if entry.id == id:
            return entry.name
    return Name.of(id)


def item_name(policy: Policy, item: str) -> Name:
    """The name of an item that money is spent on; ours for one that every plan has, where the policy names it not."""
    if item in ITEMS and all(entry.id != item for entry in policy.lists.get("item", ())):
        return known_item(item)
    return entry_name(policy, "item", item)


def knows(policy: Policy, item: str) -> bool:
    """Whether the policy says anything of meals (`meal`) or of lodgings (`lodging`): kinds of them, or a limit."""
    return bool(policy.lists.get(item)) or any(item in cap.items for cap in policy.caps)
