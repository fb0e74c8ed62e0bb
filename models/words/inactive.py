"""Names of people of the register who are switched off: wherever such a name stands it bears a mark."""

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
