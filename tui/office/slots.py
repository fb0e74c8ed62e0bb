"""How many sessions there are at once: each holds a lock for as long as its process lives, however it ends."""

from __future__ import annotations

import fcntl
import os

from models.errors import Refused

FOLDER = "sessions"
"""Beside the store: an empty file for each place that was ever taken."""
_held: list[int] = []


def take(store: str, person: int, each: int, everybody: int) -> None:
    """Take a place for a session of a person until this process ends. Refused (`office_full_each`, `office_full`)
    where the person has so many, or all people together."""
    folder = os.path.join(os.path.dirname(store), FOLDER)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    if not _taken(folder, f"person-{person}", each):
        raise Refused("office_full_each", most=each)
    if not _taken(folder, "all", everybody):
        raise Refused("office_full", most=everybody)


def _taken(folder: str, name: str, most: int) -> bool:
    """Whether one of so many places was free; it is ours now."""
    for number in range(1, most + 1):
        handle = os.open(os.path.join(folder, f"{name}-{number}"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            continue
        _held.append(handle)
        return True
    return False
