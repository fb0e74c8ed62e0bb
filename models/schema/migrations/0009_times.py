"""When a visit begins and ends as it is known now, beside what its form says."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

ENDS = (("comes", "arrive", "arrival", min), ("goes", "depart", "departure", max))
GROUPS = "SELECT position, planned, expected, people, guests, state FROM leg WHERE visit_id = ? AND way = ?"
MOVED = "SELECT id, arrive, depart, headcount FROM visit WHERE arrive IS NOT NULL AND id IN ({legs})"
LEGS = "SELECT visit_id FROM leg WHERE position > 0 OR expected IS NOT NULL"


def up(migrator: Any, db: Any) -> None:
    """Add the columns with their indexes: as the form says, but for visits whose guests come at another time."""
    for index in ("visit_state_arrive", "visit_arrive_depart"):
        db.execute_sql(f"DROP INDEX {index}")
    for column, form, _, _ in ENDS:
        db.execute_sql(f"ALTER TABLE visit ADD COLUMN {column} DATETIME")
        db.execute_sql(f"UPDATE visit SET {column} = {form}")
    for visit, arrive, depart, headcount in db.execute_sql(MOVED.format(legs=LEGS)).fetchall():
        asked = {"comes": arrive, "goes": depart}
        now = {}
        for column, _, way, pick in ENDS:
            groups = db.execute_sql(GROUPS, (visit, way)).fetchall()
            now[column] = _end(_read(asked[column]), headcount or 0, groups, pick)
        db.execute_sql("UPDATE visit SET comes = ?, goes = ? WHERE id = ?", (*map(_said, now.values()), visit))
        _days(db, visit, now["comes"], now["goes"])
    db.execute_sql("CREATE INDEX visit_state_comes ON visit (state, comes)")
    db.execute_sql("CREATE INDEX visit_comes_goes ON visit (comes, goes)")


def _end(asked: datetime | None, headcount: int, groups: list[Any], pick: Any) -> datetime | None:
    """The first arrival or the last departure of the groups that have somebody in them."""
    if asked is None:
        return None
    apart = 0
    for position, _, _, people, guests, _ in groups:
        apart += (len(json.loads(guests)) if people is None else people) if position else 0
    found = []
    for position, planned, expected, _, _, state in groups:
        if state == "no_show" or (not position and headcount <= apart):
            continue
        base, now = _read(planned) or asked, _read(expected)
        found.append((now or base) if position else asked + ((now - base) if now else timedelta()))
    return pick(found) if found else asked


def _days(db: Any, visit: int, comes: datetime | None, goes: datetime | None) -> None:
    if comes is not None:
        db.execute_sql("DELETE FROM visit_day WHERE visit_id = ?", (visit,))
        last = max(comes.date(), (goes or comes).date())
        for n in range(min((last - comes.date()).days, 366) + 1):
            day: date = comes.date() + timedelta(n)
            db.execute_sql("INSERT INTO visit_day (visit_id, day) VALUES (?, ?)", (visit, day.isoformat()))


def _read(at: str | None) -> datetime | None:
    return datetime.fromisoformat(at) if at else None


def _said(at: datetime | None) -> str | None:
    return at.isoformat(" ") if at else None
