"""Names of people that bear more than a name: of who is switched off, a mark; of who acts for another, for whom."""

from __future__ import annotations

MARK = "!"
"""Stands before the name: a name is shortened at its end."""


class Inactive(str):
    """The name, with its mark, of somebody who is switched off."""

    __slots__ = ()

    @property
    def plain(self) -> str:
        """The name alone, as data have it."""
        return self[len(MARK) :]


def plain(name: str) -> str:
    """A name without its mark."""
    return name.plain if isinstance(name, Inactive) else name


def called(name: str, active: bool) -> str:
    """A name as it is to be shown."""
    return name if active or not name else Inactive(MARK + name)


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
