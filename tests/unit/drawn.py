"""On how many drawn examples a property is tried: on few in the default run, the same each time, so that it fails for
everybody or for nobody; on many new ones with the long tests."""

from __future__ import annotations

from typing import Any

from hypothesis import settings

_long: list[bool] = [False]


def draw_many(whether: bool) -> None:
    """Say whether the long tests run."""
    _long[0] = whether


def drawn(few: int, many: int, **options: Any) -> settings:
    """The settings of a property that is tried on `few` examples, or on `many` with the long tests."""
    long = _long[0]
    return settings(**{"max_examples": many if long else few, "deadline": None, "derandomize": not long, **options})
