"""Names of people who act for somebody else: wherever such a name stands it says for whom."""

from __future__ import annotations


class Acting(str):
    """The name of who acts, and of whom they stand in for; as plain text "name (for whom)"."""

    __slots__ = ("name", "whom")

    name: str
    whom: str


def acting(name: str, whom: str) -> str:
    """A name as it is to be shown; `whom` is empty where they act for themselves."""
    if not whom or not name:
        return name
    found = Acting(f"{name} ({whom})")
    found.name, found.whom = name, whom
    return found
