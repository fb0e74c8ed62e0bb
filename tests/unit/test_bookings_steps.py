"""The work of looking for what is free is that of its day, whatever else is in the store."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from models.queries.booking_lists import lanes
from tests.unit.booking import NINE, garage, whole_booked
from tests.unit.many import more_visits, steps

DAY = date(2026, 11, 30)


def test_what_is_booked_on_other_days_costs_nothing(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        times = {"arrive": datetime(2026, 11, 30, 10), "depart": datetime(2026, 11, 30, 15)}
        base = g.visit("business", host="李卫东", **times)
        g.book(base, "Bus", NINE, 2)
        more_visits(base, 9, lambda at: DAY, DAY)
        found = []
        done = 10
        for wanted in (500, 10_000):
            more_visits(base, wanted - done, lambda at: DAY + timedelta(days=(at % 250 + 2) * (-1) ** at), DAY)
            done = wanted
            found.append((steps(lambda: lanes(g.session, DAY)), steps(lambda: whole_booked(g.session, base))))
        assert all(now <= before * 1.2 for before, now in zip(*found, strict=True)), found
