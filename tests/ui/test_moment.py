"""A moment typed in one line: which day a time alone is of."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from screens.kit.fields import MomentField, Rank, after, nearest, within


@pytest.mark.parametrize(
    ("anchor", "text", "meant"),
    [
        (nearest(datetime(2026, 12, 3)), "23:55", datetime(2026, 12, 2, 23, 55)),
        (nearest(datetime(2026, 12, 3, 10, 20)), "9:10", datetime(2026, 12, 3, 9, 10)),
        (nearest(datetime(2026, 12, 3, 23, 50)), "0:10", datetime(2026, 12, 4, 0, 10)),
        (after(datetime(2026, 12, 3, 9)), "23:00", datetime(2026, 12, 3, 23)),
        (after(datetime(2026, 12, 3, 22)), "1:00", datetime(2026, 12, 4, 1)),
        (
            within(datetime(2026, 12, 4, 9), datetime(2026, 12, 3, 10), datetime(2026, 12, 4, 15)),
            "14:00", datetime(2026, 12, 4, 14),
        ),
        (
            within(datetime(2026, 12, 3, 23), datetime(2026, 12, 3, 22), datetime(2026, 12, 4, 15)),
            "1:00", datetime(2026, 12, 4, 1),
        ),
        (
            within(datetime(2026, 12, 3, 10), datetime(2026, 12, 3, 10), datetime(2026, 12, 4, 15)),
            "9:40", datetime(2026, 12, 3, 9, 40),
        ),
        (
            within(datetime(2026, 12, 3, 10), datetime(2026, 12, 3, 10), datetime(2026, 12, 4, 15)),
            "22:30", datetime(2026, 12, 3, 22, 30),
        ),
        (nearest(None), "12-5 8:00", datetime(2026, 12, 5, 8)),
    ],
)  # fmt: skip
def test_a_time_typed_alone_is_of_the_day_that_fits(
    anchor: tuple[date, Rank] | None, text: str, meant: datetime
) -> None:
    """A visit from midnight on: the guests land five minutes before it, on the day before."""
    field = MomentField("at", today=date(2026, 12, 1), anchor=lambda: anchor)
    assert field.parse(text) == meant
