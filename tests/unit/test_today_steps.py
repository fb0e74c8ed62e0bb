"""The work of Today is that of its day: what SQLite does is counted, step by step, in a small and a big store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from models.form import Leg
from models.queries.today import today
from models.schema import tables
from models.schema.base import database
from models.schema.history import TABLES
from models.schema.store import write
from tests.unit.life import Company, approved, company, form

DAY = date(2026, 11, 30)
VISITS = 40
EVERY = 10
"""A step of the count: so many instructions of SQLite's machine."""
OF_VISIT = [table for table in TABLES if "visit" in table._meta.fields and table is not tables.Journal]


def more_visits(who: Company, base: int, n: int, day: Callable[[int], date]) -> None:
    """Copy a visit with all that belongs to it `n` times, each on a day of its own choice."""
    with write():
        first = (database.execute_sql("SELECT max(id) FROM visit").fetchone() or (0,))[0] + 1
        database.execute_sql("CREATE TEMP TABLE copy (visit_id INTEGER, arrive TEXT, depart TEXT, day TEXT, past INT)")
        rows = [(first + at, *times(day(at)), day(at) < DAY) for at in range(n)]
        for row in rows:
            database.execute_sql("INSERT INTO copy VALUES (?, ?, ?, ?, ?)", row)
        given = {"id": "copy.visit_id", "arrive": "copy.arrive", "depart": "copy.depart", "number": "NULL",
                 "state": "iif(copy.past, 'closed', visit.state)"}  # fmt: skip
        copied("visit", given, f"visit.id = {base}")
        for table in OF_VISIT:
            name = table._meta.table_name
            copied(name, {"id": "NULL", "visit_id": "copy.visit_id", "day": "copy.day"}, f"{name}.visit_id = {base}")
        database.execute_sql("DROP TABLE copy")


def times(day: date) -> tuple[str, str, str]:
    """From ten to three."""
    begin = datetime.combine(day, datetime.min.time()) + timedelta(hours=10)
    return f"{begin}", f"{begin + timedelta(hours=5)}", f"{day}"


def copied(table: str, given: dict[str, str], where: str) -> None:
    columns = [row[1] for row in database.execute_sql(f'PRAGMA table_info("{table}")').fetchall()]
    values = ", ".join(given.get(column, f'"{table}"."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    database.execute_sql(f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}", copy WHERE {where}')


def steps(work: Callable[[], object]) -> int:
    """How much SQLite does for it, in units of `EVERY` instructions; the number is the same on every machine."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    with database.connection_context():
        raw = database.connection()
        raw.set_progress_handler(step, EVERY)
        work()
        raw.set_progress_handler(None, EVERY)
    return count


def test_the_visits_of_other_days_cost_nothing(tmp_path: Path) -> None:
    """R16: forty visits on the day, 1,000 in the store and then 50,000."""
    with company(tmp_path) as who:
        begin, end = datetime(2026, 11, 30, 10), datetime(2026, 11, 30, 15)
        base = approved(who, form(who, arrival=Leg("plane", "MU5187"), arrive=begin, depart=end)).visit
        with write():
            tables.Task.delete().where(tables.Task.position > 4).execute()
        more_visits(who, base, VISITS - 1, lambda at: DAY)
        who.now = datetime(2026, 11, 30, 7, 50)
        desk = who.desk("林小雨")
        assert len(today(desk, DAY).lines) == VISITS
        done = VISITS
        found = []
        for wanted in (1_000, 50_000):
            more_visits(who, base, wanted - done, lambda at: DAY + timedelta(days=(at % 250 + 2) * (-1) ** at))
            done = wanted
            found.append(steps(lambda: today(desk, DAY)))
        assert len(today(desk, DAY).lines) == VISITS
        assert found[0] > 100
        assert found[1] <= found[0] * 1.2, found
