"""A morning on which something changes: five guests with a car, a room, a lunch and rooms at the hotel."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.form import Form, FormGuest, FormLeg, FormMeal
from models.policy.case import PlannedLodging
from models.services import booking_verbs, resource_verbs
from models.services.booking_verbs import WantedBooking
from models.services.person_verbs import change_person
from models.services.resource_verbs import Thing
from models.services.visits import Done
from tests.unit.life import Company, approved, form
from tests.unit.stores import once

MORNING = datetime(2026, 11, 30, 7, 50)
COMES = datetime(2026, 11, 30, 10, 20)


def five(who: Company, comes: datetime = COMES, **changes: object) -> Form:
    """Five guests of the first tier for a day and a night."""
    day = comes.date()
    made: dict[str, object] = {
        "headcount": 5,
        "guests": (FormGuest("徐明哲", "董事长", phone="13900000001", principal=True),),
        "arrive": comes,
        "depart": comes + timedelta(days=1, hours=4),
        "arrival": FormLeg("plane", "MU5187", "虹桥机场", comes),
        "meals": (FormMeal(day, 5, 7, meal="lunch", venue="in_house"),),
        "lodging": (PlannedLodging(day, 5),),
    }
    return form(who, **{**made, **changes})  # type: ignore[arg-type]  # fields of the form by name


@once
def arranged(who: Company, comes: datetime = COMES, **changes: object) -> Done:
    """That visit, approved, with a car of six seats and a room of twenty."""
    done = approved(who, five(who, comes, **changes))
    session = who.session("林小雨")
    driver = who.ids["张德胜"]
    change_person(session, driver, expected=1, phone="13800000002")
    car = resource_verbs.add_resource(session, "car", Thing("浙A B8801", "BMW", grade="bmw", seats=6, driver=driver))
    room = resource_verbs.add_resource(session, "room", Thing("第一会议室", seats=20))
    span = timedelta(minutes=30)
    kept = booking_verbs.book(
        session,
        done.visit,
        WantedBooking(comes - span, comes + span, resource=car, way="arrival"),
        expected=done.version,
    )
    talks = comes + timedelta(minutes=75)
    kept = booking_verbs.book(
        session,
        done.visit,
        WantedBooking(talks, talks + 2 * span, resource=room, stage="talks"),
        expected=kept.done.version,
    )
    return kept.done
