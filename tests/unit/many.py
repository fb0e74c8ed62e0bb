"""A store with many visits: one that the verbs made, copied with all that belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from models.schema import tables
from models.schema.base import database
from models.schema.history import TABLES
from models.schema.store import write
from tests.unit.stores import lived_anew

OF_VISIT = [table for table in TABLES if "visit" in table._meta.fields and table is not tables.Journal]
EVERY = 10
"""A step of the count: so many instructions of SQLite's machine."""


def steps(work: Callable[[], object]) -> int:
    """How much SQLite does for it, in units of `EVERY` instructions; the number is the same on every machine."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    with lived_anew(), database.connection_context():
        raw = database.connection()
        raw.set_progress_handler(step, EVERY)
        work()
        raw.set_progress_handler(None, EVERY)
    return count


def more_visits(base: int, n: int, day: Callable[[int], date], today: date) -> None:
    """Copy a visit with all that belongs to it `n` times, each on a day of its own choice; what is past is closed."""
    with write():
        first = (database.execute_sql("SELECT max(id) FROM visit").fetchone() or (0,))[0] + 1
        database.execute_sql("CREATE TEMP TABLE copy (visit_id INTEGER, arrive TEXT, depart TEXT, day TEXT, past INT)")
        rows = [(first + at, *times(day(at)), day(at) < today) for at in range(n)]
        for row in rows:
            database.execute_sql("INSERT INTO copy VALUES (?, ?, ?, ?, ?)", row)
        given = {"id": "copy.visit_id", "arrive": "copy.arrive", "depart": "copy.depart", "number": "NULL",
                 "comes": "copy.arrive", "goes": "copy.depart",
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
    """Rows of a table once more for each row of `copy` that fits, with these columns otherwise (as SQL)."""
    columns = [row[1] for row in database.execute_sql(f'PRAGMA table_info("{table}")').fetchall()]
    values = ", ".join(given.get(column, f'"{table}"."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    database.execute_sql(f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}", copy WHERE {where}')
