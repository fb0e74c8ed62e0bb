"""The work of Today is that of its day: what SQLite does is counted, step by step, in a small and a big store."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from models.form import FormLeg
from models.queries.day_clashes import clashing
from models.queries.day_lists import today
from models.schema import tables
from models.schema.store import write
from tests.unit.life import approved, company, form
from tests.unit.many import more_visits, steps

DAY = date(2026, 11, 30)
VISITS = 40


@pytest.mark.parametrize("many", [10_000, pytest.param(50_000, marks=pytest.mark.long)])
def test_the_visits_of_other_days_cost_nothing(tmp_path: Path, many: int) -> None:
    """R16: forty visits on the day, 1,000 in the store and then ten and fifty times as many."""
    with company(tmp_path) as who:
        begin, end = datetime(2026, 11, 30, 10), datetime(2026, 11, 30, 15)
        base = approved(who, form(who, arrival=FormLeg("plane", "MU5187"), arrive=begin, depart=end)).visit
        with write():
            tables.Task.delete().where(tables.Task.position > 4).execute()
        more_visits(base, VISITS - 1, lambda at: DAY, DAY)
        who.now = datetime(2026, 11, 30, 7, 50)
        session = who.session("林小雨")
        assert len(today(session, DAY).lines) == VISITS
        done = VISITS
        found = []
        for wanted in (1_000, many):
            more_visits(base, wanted - done, lambda at: DAY + timedelta(days=(at % 250 + 2) * (-1) ** at), DAY)
            done = wanted
            found.append(steps(lambda: clashing(session, today(session, DAY))))
        assert len(today(session, DAY).lines) == VISITS
        assert found[0] > 100
        assert found[1] <= found[0] * 1.2, found
