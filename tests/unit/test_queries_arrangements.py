"""What is arranged for a visit, as its tab and others read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

from models.form import FormGuest, FormMeal, MealEntry
from models.queries.visit_arrangements import Arranged, arranged, offered
from models.schema.arrangements import Resource
from models.schema.store import reading, write
from models.schema.tables import Visit
from models.services import arrangement_verbs
from models.services.person_register import thing_columns
from models.services.visit_record import VisitRecord
from models.services.visits import Done
from models.words import words
from models.words.diets import say
from tests.unit.life import Company, approved, company, default_text, form, visit

DAY = date(2026, 11, 30)
GUESTS = (
    FormGuest("徐明哲", principal=True, diet="清真"), FormGuest("方圆", diet="素食、花生过敏"),
    FormGuest("何平", diet="halal"), FormGuest("", "司机", diet="素"),
)  # fmt: skip


def read(who: Company, done: Done) -> Arranged:
    session = who.session("林小雨")
    with reading():
        return arranged(VisitRecord(session, Visit.get_by_id(done.visit)))


def needs(found: Arranged, at: int = 0) -> str:
    return say(found.meals[at].needs, words("zh"))


def seated(who: Company, done: Done, entry: MealEntry) -> Arranged:
    row = read(who, done).meals[0].id
    arrangement_verbs.save_meal(who.session("林小雨"), done.visit, row, entry, expected=visit(done).version)
    return read(who, done)


def test_diets_are_summed_over_whom_the_meal_is_for(who: Company) -> None:
    """All of four: 2 halal, 2 vegetarian, 1 allergy; two by name: 1 and 1; beside them as many as are written."""
    done = approved(who, form(who, guests=GUESTS, meals=(FormMeal(DAY, 6, 0, meal="lunch"),)))
    everybody = read(who, done)
    assert (needs(everybody), everybody.meals[0].named) == ("清真 2、素食 2、花生过敏 1", True)
    lunch = MealEntry(DAY, 6, meal="lunch")
    named = seated(who, done, replace(lunch, diners=("徐明哲", "方圆")))
    assert (needs(named), named.meals[0].diners) == ("清真 1、素食 1、花生过敏 1", ("徐明哲", "方圆"))
    more = seated(who, done, replace(lunch, diners=("何平",), diet="清真 2、不吃香菜"))
    assert needs(more) == "清真 3、不吃香菜 1"
    few = seated(who, done, replace(lunch, guests=2))
    assert (needs(few), few.meals[0].named) == ("清真 2、素食 2、花生过敏 1", False), "anybody may be among them"
    gone = seated(who, done, replace(lunch, diners=("改了名字的人",)))
    assert gone.meals[0].diners == ()


def test_meals_stand_in_the_order_of_their_hours(who: Company) -> None:
    made = (
        FormMeal(DAY, 6, meal="dinner"),
        FormMeal(DAY, 6, meal="lunch"),
        FormMeal(date(2026, 12, 1), 6, meal="breakfast"),
    )
    done = approved(who, form(who, meals=made))
    found = seated(who, done, MealEntry(DAY, 6, at=time(18), meal="dinner"))
    rows = {line.meal: line.id for line in found.meals}
    entry = MealEntry(DAY, 6, at=time(12), meal="lunch")
    arrangement_verbs.save_meal(who.session("林小雨"), done.visit, rows["lunch"], entry, expected=visit(done).version)
    assert [(line.meal, line.when) for line in read(who, done).meals] == [
        ("lunch", datetime(2026, 11, 30, 12)), ("dinner", datetime(2026, 11, 30, 18)), ("breakfast", None),
    ]  # fmt: skip


def test_companions_stand_against_the_policys_limit(tmp_path: Path) -> None:
    """R24, A28: at most 3 of ours; 4 are one too many."""
    text = default_text().replace("[[companions]]\n", '[[companions]]\nmost = 3\nbreach = "warn"\n', 1)
    with company(tmp_path, text) as who:
        done = approved(who, form(who, meals=(FormMeal(DAY, 6, 3, meal="lunch"), FormMeal(DAY, 6, 4, meal="dinner"))))
        lunch, dinner = read(who, done).meals
    assert [(line.counted, line.most, line.over) for line in (lunch, dinner)] == [(3, 3, False), (4, 3, True)]


def test_without_a_limit_any_number_of_companions_may_come(who: Company) -> None:
    (lunch,) = read(who, approved(who, form(who))).meals
    assert (lunch.most, lunch.over) == (None, False)


def test_tickets_stand_there_where_they_are_wanted(who: Company) -> None:
    """R59: the way back, at the time of departure while nothing else is known."""
    assert read(who, approved(who, form(who))).tickets == ()
    (ticket,) = read(who, approved(who, form(who, wants=("return_tickets",)))).tickets
    assert (ticket.at, ticket.ticket, ticket.bought_at) == (datetime(2026, 12, 1, 15), "", None)


def test_what_the_clients_record_says_of_a_diet_is_beside_it(who: Company) -> None:
    approved(who, form(who, guests=(FormGuest("徐明哲", principal=True, diet="不吃鱼"),)))
    done = approved(who, form(who, guests=(FormGuest("徐明哲", principal=True),)))
    (line,) = read(who, done).diets
    assert (line.name, line.diet, line.known) == ("徐明哲", "", "不吃鱼")


def test_places_in_use_are_offered_by_their_kind(who: Company) -> None:
    with write():
        for kind, name, active in (
            ("restaurant", "松鹤楼", True),
            ("restaurant", "旧店", False),
            ("hotel", "东湖", True),
        ):
            Resource.create(kind=kind, active=active, **thing_columns(kind, name))
    assert [place.name for place in offered("restaurant").places] == ["松鹤楼"]
    assert [place.name for place in offered("hotel").places] == ["东湖"]
    assert "周建国" in [name for name, _ in offered("hotel").people]


def test_texts_not_made_yet_stand_there_as_such(who: Company) -> None:
    from models.schema.arrangements import Display

    done = approved(who, form(who))
    with write():
        Display.delete().execute()
    assert [(line.id, line.what) for line in read(who, done).texts] == [(0, "welcome"), (0, "plates"), (0, "seating")]
