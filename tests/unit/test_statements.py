"""How many SQL statements the verbs take that take most: every one that SQLite is given, savepoints among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from pathlib import Path

from models.form import MealEntry
from models.queries.visit_detail import visit
from models.schema.arrangements import Booking, Leg
from models.schema.base import database
from models.schema.store import reading, write
from models.schema.tables import Guest, Stage, Task, Visit
from models.services.arrangement_verbs import save_meal
from models.services.booking_verbs import move
from models.services.day_verbs import cancel, delay, met, plan_stage
from models.services.decision_verbs import decide
from models.services.frame import preview_of
from models.services.task_verbs import tick
from models.services.visit_record import VisitRecord
from models.services.visits import Done
from tests.unit.booking import NINE, Garage, garage, now, version
from tests.unit.life import POSTS, form, leg, said, submitted
from tests.unit.stores import lived_anew

MOST = {
    "save a meal": 79,
    "final approval": 75,
    "delay": 66,
    "preview of a delay": 74,
    "open a visit": 48,
    "move a booking": 50,
    "a stage planned": 50,
    "a guest met": 18,
    "a task ticked": 18,
    "cancel": 42,
}
"""The ceilings, to be lowered by whatever brings a figure down. Of the first five were asked 120, 90, 80, 80, 50."""
LUNCH = MealEntry(date(2026, 11, 30), 6, 7, at=time(12, 0), meal="lunch", venue="in_house", bottles=4, packs=3)


@contextmanager
def busy_day(path: Path) -> Iterator[Garage]:
    """Two approved visits of one day, each with a car of its own."""
    with garage(path) as made:
        made.book(made.visit(), "BMW", way="arrival", people=4)
        made.book(made.visit("routine"), "Passat", way="arrival", people=4)
        yield made


def statements(work: Callable[[], object]) -> list[str]:
    """The statements that it takes, in order."""
    found: list[str] = []
    with database.connection_context():
        raw = database.connection()
        raw.set_trace_callback(found.append)
        work()
        raw.set_trace_callback(None)
    return found


def last_step(g: Garage) -> tuple[Done, str]:
    """A third visit before its last decision, and who gives it."""
    heads = {post: name for name, posts in POSTS.items() for post in posts}
    done = submitted(g.who, form(g.who))
    while heads[done.next[0]] != "周建国":
        done = said(g.who, heads[done.next[0]], done)
    return done, "周建国"


def version_of(task: int) -> int:
    """A task's version now."""
    with reading():
        return int(Task.get_by_id(task).version)


def verbs(g: Garage) -> dict[str, Callable[[], object]]:
    """What is measured, each to be done once, in this order."""
    done, boss = last_step(g)
    with reading():
        number = int(Visit.select().order_by(Visit.id).first().id)
        car = Booking.get(Booking.visit == number)
        stage = Stage.get(Stage.visit == number, Stage.position == 2)
        task = Task.get(Task.visit == number, ~Task.needs_assignee)

    def late(text: str) -> Done:
        return delay(g.session, leg(now(number)).id, text, expected=version(number))

    return {
        "save a meal": lambda: save_meal(g.session, number, None, LUNCH, expected=version(number)),
        "final approval": lambda: decide(
            g.who.session(boss), done.visit, expected=done.version, outcome="agree", words="同意"
        ),
        "delay": lambda: late("+20"),
        "preview of a delay": lambda: preview_of(g.session, number, lambda: late("+20")),
        "open a visit": lambda: visit(g.session, number),
        "move a booking": lambda: move(g.session, car.id, NINE + timedelta(hours=1), expected=version(number)),
        "a stage planned": lambda: plan_stage(g.session, stage.id, at=NINE, expected=version(number)),
        "a guest met": lambda: met(g.session, number, expected=version(number)),
        "a task ticked": lambda: tick(g.session, task.id, expected=version_of(task.id)),
        "cancel": lambda: cancel(g.session, number, "改期", expected=version(number)),
    }


def test_no_verb_takes_more_statements_than_it_did(tmp_path: Path) -> None:
    with busy_day(tmp_path) as g, lived_anew():
        found = {name: len(statements(verb)) for name, verb in verbs(g).items()}
    assert {name: n for name, n in found.items() if n > MOST[name]} == {}, found


def test_a_record_reads_again_only_what_was_written(tmp_path: Path) -> None:
    """Also rows that a deletion elsewhere changed: what is booked for a group that is gone is booked for none."""
    with busy_day(tmp_path) as g, write():
        row = Visit.select().order_by(Visit.id).first()
        record = VisitRecord(g.session, row)
        before, booked = record.asked_form, [each.leg_id for each in record.bookings]
        assert statements(lambda: record.renewed().asked_form) == []
        Guest.update(name="徐鸣喆").where(Guest.visit == row.id, Guest.principal).execute()
        (read,) = statements(lambda: record.renewed().asked_form)
        assert '"guest"' in read
        assert record.asked_form is before, "a record shows the visit as it was when it was read"
        assert record.renewed().asked_form.guests[0].name == "徐鸣喆"
        assert any(booked)
        Leg.delete().where(Leg.visit == row.id).execute()
        assert [each.leg_id for each in record.renewed().bookings] == [None for _ in booked]
