"""The one place that reads the wall clock for services, queries and screens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.services.session import Clock


class SystemZone(tzinfo):
    """The machine's zone with its rules (`TZ`, `/etc/localtime`), for any moment; `datetime.astimezone()` has those
    of one."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        return dt.replace(tzinfo=None).astimezone().utcoffset() if dt else None

    def dst(self, dt: datetime | None) -> timedelta | None:
        return None

    def tzname(self, dt: datetime | None) -> str | None:
        return dt.replace(tzinfo=None).astimezone().tzname() if dt else None

    def fromutc(self, dt: datetime) -> datetime:
        there = dt.replace(tzinfo=UTC).astimezone()
        local = there.replace(tzinfo=self, fold=0)
        return local if local.utcoffset() == there.utcoffset() else local.replace(fold=1)


def clock_of(zone: str) -> Clock:
    """A clock in the organisation's zone (`Asia/Shanghai`), or in the machine's where `zone` is empty.

    Raises ZoneInfoNotFoundError for a zone the machine does not know.
    """
    place: tzinfo = SystemZone()
    if zone:
        from zoneinfo import ZoneInfo

        place = ZoneInfo(zone)
    return lambda: datetime.now(place)
