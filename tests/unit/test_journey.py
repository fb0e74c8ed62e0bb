"""The journey against the visit: what cannot be is said where it is asked for, decided, and looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from models.form import Form, FormLeg, FormMeal
from models.queries.request_lists import preview
from models.queries.visit_detail import visit as whole
from models.services.frame import preview_of
from models.services.visit_diff import brief
from models.services.visit_record import VisitRecord
from models.words import words
from tests.unit.life import Company, approved, form, late, submitted, visit

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
