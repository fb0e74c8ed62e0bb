"""A meal has those of ours who are named for it, and the request names all of them: one fact, not two."""

from __future__ import annotations

import json
from typing import Any

NAMED = "SELECT visit_id, person_id FROM visit_person WHERE role = 'diner' ORDER BY visit_id, position"
MEALS = "SELECT id, visit_id, companions, ours, on_day, meal FROM meal ORDER BY visit_id, position"


def up(migrator: Any, db: Any) -> None:
    """At a meal where nobody is named sit those named on the request, never more than its number; the request names who
    sits at a meal. What a change that waits to be agreed to would put back is completed, too. No number changes."""
    asked: dict[int, list[int]] = {}
    for visit, person in db.execute_sql(NAMED).fetchall():
        asked.setdefault(visit, []).append(person)
    sitting: dict[int, dict[tuple[str, str | None], list[int]]] = {}
    for meal, visit, companions, said, day, which in db.execute_sql(MEALS).fetchall():
        had = json.loads(said)
        ours = (had or asked.get(visit, []))[:companions]
        if ours != had:
            db.execute_sql("UPDATE meal SET ours = ? WHERE id = ?", (json.dumps(ours), meal))
        sitting.setdefault(visit, {})[str(day), which] = ours
    for visit, meals in sitting.items():
        _name(
            db, visit, list(dict.fromkeys([*asked.get(visit, ()), *[who for ours in meals.values() for who in ours]]))
        )
    for visit, said in db.execute_sql("SELECT id, before FROM visit WHERE before IS NOT NULL").fetchall():
        before = json.loads(said)
        for meal in (before or {}).get("meals", ()):
            meal["ours"] = sitting.get(visit, {}).get((meal["on"], meal["meal"]), [])[: meal["companions"]]
        db.execute_sql("UPDATE visit SET before = ? WHERE id = ?", (json.dumps(before, ensure_ascii=False), visit))


def _name(db: Any, visit: int, people: list[int]) -> None:
    db.execute_sql("DELETE FROM visit_person WHERE visit_id = ? AND role = 'diner'", (visit,))
    last = "SELECT coalesce(max(position), -1) FROM visit_person WHERE visit_id = ?"
    for position, person in enumerate(people, db.execute_sql(last, (visit,)).fetchone()[0] + 1):
        db.execute_sql(
            "INSERT INTO visit_person (visit_id, person_id, role, position) VALUES (?, ?, 'diner', ?)",
            (visit, person, position),
        )
