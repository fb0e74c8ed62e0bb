"""Stages: their places and meals, the journey's times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from models.form import Form, FormLeg, FormMeal, MealEntry
from models.queries import client_records, day_lists
from models.queries import visit_detail as visits
from models.queries.request_lists import preview
from models.queries.visit_detail import visit as whole
from models.queries.visit_history import NotificationLine, notifications
from models.schema import arrangements
from models.schema.arrangements import Booking
from models.schema.store import reading
from models.schema.tables import Stage
from models.services import arrangement_verbs, booking_verbs, day_verbs
from models.services.booking_verbs import as_booked
from models.services.frame import preview_of
from models.services.visit_diff import brief
from models.services.visit_record import VisitRecord
from models.words import words
from tests.unit.booking import Garage, garage, version
from tests.unit.life import Company, approved, form, late, refuses, submitted, visit

# -- stage places ------------------------------------------------------------------------------------------------------
#
# Where a stage is: in the room booked for it, else where its meal is, else where it was said to be.


DAY = datetime(2026, 11, 30)
LUNCH = FormMeal(DAY.date(), 6, 7, meal="lunch", venue="in_house", bottles=4, packs=3)
DINNER = FormMeal(DAY.date(), 6, 2, meal="dinner", venue="outside", place="杏花楼")


@dataclass
class Held:
    """A visit with a lunch of which nobody said where, and a dinner outside."""

    g: Garage
    visit: int

    @property
    def places(self) -> dict[str, tuple[str, str]]:
        """By stage where the visit's screen says that it is, and whose place that is."""
        whole = visits.visit(self.g.session, self.visit)
        assert whole is not None
        return {line.name.say("en"): (line.place.text, line.place.by) for line in whole.stages}

    def stage(self, name: str, meal: str | None = None) -> Stage:
        """One of its stages."""
        with reading():
            rows = Stage.select().where(Stage.visit == self.visit, Stage.stage == name).order_by(Stage.position)
            kinds: dict[int | None, str | None] = {row.id: row.meal for row in arrangements.Meal.select()}
            return next(row for row in rows if meal is None or kinds[row.meal] == meal)

    def plan(self, name: str, meal: str | None = None, **more: Any) -> None:
        """Plan a stage."""
        day_verbs.plan_stage(self.g.session, self.stage(name, meal).id, expected=version(self.visit), **more)

    def book(self, thing: str, name: str, meal: str | None = None, hours: float = 1) -> int:
        """Book a room for a stage, at its time."""
        at = self.stage(name, meal).at
        assert at is not None
        booking = self.g.book(self.visit, thing, at, hours, stage=name).booking
        assert booking is not None
        return booking

    def said(self, line: NotificationLine) -> list[str]:
        """What somebody is still to be told, in English."""
        return [str(words("en").text(phrase)) for phrase in line.what]

    @property
    def waiting(self) -> list[NotificationLine]:
        """Who is still to be told."""
        return [each for each in notifications(self.g.session, self.visit) if each.told_at is None]


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    with garage(tmp_path) as g:
        yield Held(g, g.visit(meals=(LUNCH, DINNER)))


def test_the_room_booked_for_a_stage_is_where_it_is(held: Held) -> None:
    held.plan("talks", place="the old hall")
    assert held.places["Business talks"] == ("the old hall", "")
    booking = held.book("R1", "talks")
    assert held.places["Business talks"] == ("R1", "booking")
    booking_verbs.release(held.g.session, booking, expected=version(held.visit))
    assert held.places["Business talks"] == ("the old hall", "")


def test_a_car_booked_for_a_stage_is_no_place(held: Held) -> None:
    held.plan("talks", place="works 1")
    held.g.book(held.visit, "Bus", stage="talks", reasons={"grade:": "shared"})
    assert held.places["Business talks"] == ("works 1", "")


def test_a_stage_is_where_its_meal_is_unless_a_room_is_booked_for_it(held: Held) -> None:
    held.plan("dining", "lunch", place="canteen")
    assert held.places["Dining Lunch"] == ("canteen", "")
    assert held.places["Dining Dinner"] == ("杏花楼", "meal")
    held.book("R2", "dining", "dinner")
    assert held.places["Dining Dinner"] == ("R2", "booking")
    assert held.places["Dining Lunch"] == ("canteen", ""), "the room is booked for the other one"


def test_of_two_rooms_for_one_stage_that_at_its_time_counts_and_both_where_both_do(held: Held) -> None:
    at = held.stage("talks").at
    assert at is not None
    held.g.book(held.visit, "R2", datetime.combine(at, time(20)), stage="talks")
    held.book("R1", "talks")
    assert held.places["Business talks"] == ("R1", "booking")
    held.g.book(held.visit, "R2", at, stage="talks")
    assert held.places["Business talks"] == ("R1 / R2", "booking")


def test_a_stage_of_which_nothing_is_said_shares_the_room_of_the_visit_at_its_time(held: Held) -> None:
    held.book("R1", "welcome", hours=8)
    found = held.places
    assert found["Business talks"] == ("R1", ""), "the policy holds rooms for talks"
    assert found["Guided tour"] == ("", ""), "and none for a tour"
    held.plan("talks", place="R1")
    with reading():
        assert held.stage("talks").place == "", "nothing new is kept"
    held.plan("talks", place="R2")
    assert held.places["Business talks"] == ("R2", "")


def test_another_place_than_the_booked_one_is_refused_and_nothing_changes(held: Held) -> None:
    held.book("R1", "talks")
    with refuses("stage_booked") as refused:
        held.plan("talks", place="R2", people="陈志远")
    assert refused.value.phrase.facts == {"place": "R2", "there": "R1"}
    assert held.stage("talks").people == ""
    held.plan("talks", place="R1", people="陈志远")
    assert (held.stage("talks").people, held.places["Business talks"]) == ("陈志远", ("R1", "booking"))
    with refuses("stage_at_meal"):
        held.plan("dining", "dinner", place="湖滨饭店")


def test_a_stage_left_out_is_planned_again_in_its_room(held: Held) -> None:
    held.book("R1", "talks")
    day_verbs.skip_stage(held.g.session, held.stage("talks").id, expected=version(held.visit))
    with refuses("stage_booked"):
        held.plan("talks", place="R2")
    held.plan("talks")
    assert held.places["Business talks"] == ("R1", "booking")


def test_another_room_tells_whom_the_stage_concerns_once(held: Held) -> None:
    booking = held.book("R1", "talks")
    assert held.waiting == [], "that it is somewhere is no news"
    with reading():
        booked = as_booked(Booking.get_by_id(booking))
    wanted = replace(booked, resource=held.g.things["R2"])
    booking_verbs.change_booking(held.g.session, booking, wanted, expected=version(held.visit))
    roles = [each.role for each in held.waiting]
    assert set(roles) == {"host", "contact", "department"}, "with whose duties the talks are"
    assert {phrase for each in held.waiting for phrase in held.said(each)} == {"place of Business talks R1 -> R2"}
    assert all(len(each.what) == 1 for each in held.waiting)
    booking_verbs.release(held.g.session, booking, expected=version(held.visit))
    assert {phrase for each in held.waiting for phrase in held.said(each)} == {"place of Business talks R1 -> -"}


def test_another_place_of_a_meal_tells_the_hosts_where_its_stage_is(held: Held) -> None:
    with reading():
        meal = arrangements.Meal.get(arrangements.Meal.visit == held.visit, arrangements.Meal.meal == "dinner").id
    entry = MealEntry(DINNER.on, 6, 2, meal="dinner", venue="outside", place="湖滨饭店")
    arrangement_verbs.save_meal(held.g.session, held.visit, meal, entry, expected=version(held.visit))
    assert held.places["Dining Dinner"] == ("湖滨饭店", "meal")
    told = {each.role: held.said(each) for each in held.waiting}
    assert told["host"] == ["place of Dining Dinner 杏花楼 -> 湖滨饭店"]
    assert [text.endswith("湖滨饭店") for text in told["department"]] == [True]


def test_today_and_the_page_for_the_hosts_say_the_same(held: Held) -> None:
    held.plan("pick_up", place="T4")
    held.plan("welcome", place="hall")
    held.book("R1", "welcome")
    day_verbs.skip_stage(held.g.session, held.stage("pick_up").id, expected=version(held.visit))
    (line,) = [each for each in day_lists.today(held.g.session, DAY.date()).lines if each.visit == held.visit]
    assert line.next is not None
    assert (line.next.stage, line.next.place) == ("welcome", "R1")
    brief = client_records.brief(held.g.session, held.visit)
    assert {part.name.say("en"): part.place for part in brief.stages}["Welcome"] == "R1"


# -- journey -----------------------------------------------------------------------------------------------------------
#
# The journey against the visit: what cannot be is said where it is asked for, decided, and looked at.


MEAL = FormMeal(date(2026, 11, 30), 6, meal="lunch", venue="in_house")


def said(who: Company, made: Form) -> list[str]:
    """What of the times the approver reads."""
    done = submitted(who, made)
    found = preview(who.session("王海峰"), done.visit)
    assert found is not None
    assert found.answer is not None
    assert found.answer.findings == VisitRecord(who.session("王海峰"), visit(done)).judged().findings
    return [words("zh").text(each.text) for each in found.answer.findings if each.code == "input"]


def test_what_goes_together_is_not_spoken_of(who: Company) -> None:
    landing, leaving = (
        FormLeg("plane", at=datetime(2026, 11, 29, 23, 55)),
        FormLeg("train", at=datetime(2026, 12, 1, 18)),
    )
    assert said(who, form(who, arrival=landing, departure=leaving)) == []


def test_they_land_after_it_and_leave_before_it(who: Company) -> None:
    landing, leaving = (
        FormLeg("plane", at=datetime(2026, 12, 1, 15, 1)),
        FormLeg("train", at=datetime(2026, 11, 30, 10, 19)),
    )
    assert said(who, form(who, arrival=landing, departure=leaving)) == [
        "客人 12-01 15:01 才到站，那时来访已于 12-01 15:00 结束",
        "客人 11-30 10:19 就要离站，早于来访开始的 11-30 10:20",
    ]


def test_a_meal_and_a_room_on_a_day_outside_of_it(who: Company) -> None:
    made = form(who)
    meals = (MEAL, replace(MEAL, on=date(2026, 12, 2)))
    rooms = (replace(made.lodging[0], on=date(2026, 11, 29)),)
    assert said(who, replace(made, meals=meals, lodging=rooms)) == [
        "午餐定在 12-02，不在来访的日子里",
        "住宿定在 11-29，不在来访的日子里",
    ]
    assert said(who, replace(made, client="北江", meals=meals, dining=False)) == []


def test_a_delay_beyond_the_visit_is_said_on_it(who: Company) -> None:
    done = approved(who, form(who))
    shown = preview_of(who.session("林小雨"), done.visit, lambda: late(who.session("林小雨"), done, "12-1 16:00"))
    assert shown is not None
    assert "新冲突: 离开时间早于到达时间" in [words("zh").text(each) for each in brief(shown.differences)]
    done = late(who.session("林小雨"), done, "12-1 16:00")
    found = whole(who.session("林小雨"), done.visit)
    assert found is not None
    assert [words("zh").text(each) for each in found.odd] == ["离开时间早于到达时间"]
