"""The one place that reads the wall clock for services, queries and screens."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from models.services.desk import Clock


def clock_of(zone: str) -> Clock:
    """A clock in the organisation's zone (`Asia/Shanghai`), or in the machine's where `zone` is empty.

    Raises ZoneInfoNotFoundError for a zone the machine does not know.
    """
    place = ZoneInfo(zone) if zone else None
    return lambda: datetime.now(place).astimezone(place)
