"""A visit's stages and its meals: each meal has its own, at its hour; what somebody set by hand stays (A36)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from models.form import FormMeal, MealEntry
from models.queries import visit_detail as visits
from models.queries.visit_detail import StageLine
from models.schema import arrangements
from models.schema.store import open_store, reading
from models.schema.tables import Stage
from models.services import arrangement_verbs
from models.services.day_verbs import finish_stage, plan_stage
from models.services.visit_record import VisitRecord
from models.services.visits import Done
from tests.unit.life import Company, approved, form, tasks, visit

DAY = date(2026, 11, 30)
COORDINATOR = "林小雨"
LUNCH = MealEntry(DAY, 6, 7, meal="lunch", venue="in_house", bottles=4, packs=3)
DINNER = MealEntry(DAY, 6, 2, meal="dinner", venue="in_house")


def on(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(DAY, time(hour, minute))


@pytest.fixture
def done(who: Company) -> Done:
    """A visit with a lunch and a dinner."""
    lunch = FormMeal(DAY, 6, 7, meal="lunch", venue="in_house", bottles=4, packs=3)
    return approved(who, form(who, meals=(FormMeal(DAY, 6, 2, meal="dinner", venue="in_house"), lunch)))


def dining(done: Done) -> list[Stage]:
    """The dining stages, in order."""
    with reading():
        stages = Stage.select().where(Stage.visit == done.visit, Stage.stage == "dining")
        return list(stages.order_by(Stage.position))


def lines(who: Company, done: Done) -> tuple[StageLine, ...]:
    """All stages as the screen has them."""
    found = visits.visit(who.session(COORDINATOR), done.visit)
    assert found is not None
    return found.stages


def meal(done: Done, kind: str) -> int:
    with reading():
        table = arrangements.Meal
        return int(table.get(table.visit == done.visit, table.meal == kind).id)


def test_each_meal_has_its_stage_named_with_it_at_its_hour(who: Company, done: Done) -> None:
    found = [(line.name.say("zh"), line.name.say("en"), line.at) for line in lines(who, done)]
    assert [each for each in found if each[0].startswith("餐饮招待")] == [
        ("餐饮招待 午餐", "Dining Lunch", on(12)),
        ("餐饮招待 晚餐", "Dining Dinner", on(18)),
    ]
    times = [line.at for line in lines(who, done) if line.state == "planned"]
    assert times == sorted(at for at in times if at is not None)
    with reading():
        assert [at for _, at in VisitRecord(who.session(COORDINATOR), visit(done)).times("dining")] == [on(12), on(18)]


def test_a_meal_at_another_hour_takes_its_stage_along_and_the_others_make_way(who: Company, done: Done) -> None:
    entry = replace(LUNCH, at=time(11, 30))
    session = who.session(COORDINATOR)
    after = arrangement_verbs.save_meal(session, done.visit, meal(done, "lunch"), entry, expected=done.version)
    assert [stage.at for stage in dining(done)] == [on(11, 30), on(18)]
    talks = next(line for line in lines(who, done) if line.name.say("en") == "Business talks")
    assert talks.at == on(13, 15), "after the introduction, that does not fit before lunch any more"
    arrangement_verbs.save_meal(
        session, done.visit, meal(done, "lunch"), replace(entry, at=time(19, 30)), expected=after.version
    )
    assert [stage.at for stage in dining(done)] == [on(18), on(19, 30)], "in order of time"


def test_what_is_due_by_dining_is_due_by_the_first_meal(done: Done) -> None:
    due = {task.due for task in tasks(done, "open").values() if task.stage == "dining" and task.due is not None}
    assert all(at <= on(12) for at in due)


def test_a_meal_more_and_one_less(who: Company, done: Done) -> None:
    session = who.session(COORDINATOR)
    moved = plan_stage(session, dining(done)[1].id, expected=done.version, at=on(18, 45), place="A1")
    breakfast = MealEntry(DAY + timedelta(days=1), 6, 0, meal="breakfast", venue="in_house")
    more = arrangement_verbs.save_meal(session, done.visit, None, breakfast, expected=moved.version)
    assert [stage.at for stage in dining(done)] == [on(12), on(18, 45), datetime(2026, 12, 1, 7, 30)]
    less = arrangement_verbs.remove_meal(session, meal(done, "lunch"), expected=more.version)
    assert [(stage.at, stage.place) for stage in dining(done)] == [
        (on(18, 45), "A1"), (datetime(2026, 12, 1, 7, 30), ""),
    ], "what was set by hand stays with its meal"  # fmt: skip
    for kind in ("dinner", "breakfast"):
        less = arrangement_verbs.remove_meal(session, meal(done, kind), expected=less.version)
    assert [(stage.meal, stage.state) for stage in dining(done)] == [(None, "not_applicable")]


def test_a_stage_that_was_held_stays_when_its_meal_goes(who: Company, done: Done) -> None:
    session = who.session(COORDINATOR)
    who.now = on(13)
    over = finish_stage(session, dining(done)[0].id, expected=done.version)
    arrangement_verbs.remove_meal(session, meal(done, "lunch"), expected=over.version)
    assert [stage.state for stage in dining(done)] == ["done", "planned"]


def test_a_store_of_before_keeps_what_was_set_by_hand(who: Company, tmp_path: Path) -> None:
    """The one dining stage becomes that of the first meal; a stage that was moved stays, one given a place does not."""
    done = approved(who, form(who))
    session = who.session(COORDINATOR)
    with reading():
        found = {row.stage: row for row in Stage.select().where(Stage.visit == done.visit)}
    placed = plan_stage(session, found["welcome"].id, expected=done.version, at=found["welcome"].at, place="A1")
    moved = plan_stage(session, found["talks"].id, expected=placed.version, at=on(15))
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(tmp_path / "store.db")) as now, closing(sqlite3.connect(old)) as copy:
        now.backup(copy)
        for column in ("meal", "by_hand"):
            copy.execute(f"ALTER TABLE stage DROP COLUMN {column}")
        copy.execute("DELETE FROM jiedai_migration WHERE name IN ('0011_stages', '0012_diners')")
        copy.commit()
    before = open_store(old)
    try:
        with reading():
            by_hand = {row.stage for row in Stage.select().where(Stage.visit == done.visit) if row.by_hand}
        assert by_hand == {"talks"}
        arrangement_verbs.save_meal(session, done.visit, None, DINNER, expected=moved.version)
        first, second = dining(done)
        assert (first.id, first.at, second.at) == (found["dining"].id, on(12), on(18))
    finally:
        before.close()
