"""What the store keeps beside the form when the form changes."""

from __future__ import annotations

from datetime import date, datetime

from models.form import Form, FormMeal
from models.policy.case import PlannedLodging
from models.schema.arrangements import Lodging as Arranged
from models.schema.arrangements import Meal as ArrangedMeal
from models.schema.arrangements import VisitDay
from models.schema.store import reading, write
from models.services.request_verbs import new_draft, save_draft
from tests.unit.conftest import Company


def test_what_is_arranged_for_a_meal_or_a_room_outlives_a_change_of_the_form(company: Company) -> None:
    """A change of the form keeps the row of whatever it changes, and with it what is no field of the form."""
    session, day = company.as_("project_sales_lead"), date(2026, 11, 30)
    meals = (FormMeal(day, 6, meal="lunch"), FormMeal(day, 6, meal="dinner"))
    saved = new_draft(session, Form(meals=meals, lodging=(PlannedLodging(day, 6),)))
    with write():
        Arranged.update(place="江城饭店", checked_in=datetime(2026, 11, 30, 18)).execute()
        ArrangedMeal.update(diet="清真 2").where(ArrangedMeal.meal == "dinner").execute()
    form = Form(meals=(FormMeal(day, 9, meal="dinner"),), lodging=(PlannedLodging(day, 9, grade="four_star"),))
    save_draft(session, saved.visit, form, expected=saved.version)
    with reading():
        (room,), (meal,) = Arranged.select(), ArrangedMeal.select()
    assert (room.people, room.place, room.checked_in) == (9, "江城饭店", datetime(2026, 11, 30, 18))
    assert (meal.guests, meal.diet, meal.position) == (9, "清真 2", 0)


def test_the_days_of_a_visit_are_known(company: Company) -> None:
    """From the day of arrival to that of departure, and no day before it knows when it begins."""
    session, arrive = company.as_("project_sales_lead"), datetime(2026, 11, 30, 10)
    saved = new_draft(session, Form(arrive=arrive, depart=datetime(2026, 12, 2, 9)))
    with reading():
        assert [row.day.day for row in VisitDay.select().order_by(VisitDay.day)] == [30, 1, 2]
    saved = save_draft(session, saved.visit, Form(arrive=arrive), expected=saved.version)
    with reading():
        assert [row.day.day for row in VisitDay.select()] == [30]
    save_draft(session, saved.visit, Form(), expected=saved.version)
    with reading():
        assert not VisitDay.select().exists()
