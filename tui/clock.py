"""The one place that reads the wall clock for services, queries and screens."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.services.desk import Clock


def clock_of(zone: str) -> Clock:
    """A clock in the organisation's zone (`Asia/Shanghai`), or in the machine's where `zone` is empty.

    Raises ZoneInfoNotFoundError for a zone the machine does not know.
    """
    place = None
    if zone:
        from zoneinfo import ZoneInfo

        place = ZoneInfo(zone)
    return lambda: datetime.now(place).astimezone(place)
