"""A guest who is named anew is named so everywhere: groups, cars, meals, rooms, gifts, texts, whom to tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.form import Form, FormGuest, MealEntry, RoomEntry
from models.policy.case import PlannedCost
from models.schema import arrangements
from models.schema.arrangements import Booking, Display, Leg, Lodging, Meal, Notification
from models.schema.store import reading
from models.schema.tables import ClientPerson, Visit
from models.services.arrangement_verbs import amend, save_meal, save_room
from models.services.booking_verbs import propose
from models.services.client_verbs import change_client_person
from models.services.day_verbs import Journey, add_leg
from models.services.visit_form import with_guest
from models.services.whereabouts import became
from tests.unit.booking import Garage, garage, version
from tests.unit.life import approved, form

OLD, NEW = "徐明哲", "徐明者"
GUESTS = (FormGuest(OLD, "董事长", principal=True), FormGuest("何丽", "秘书"), FormGuest("宋平", "总工"))
HELD = (Leg, Booking, Meal, Lodging, arrangements.Cost, Display)


@pytest.fixture
def g(tmp_path: Path) -> Iterator[Garage]:
    with garage(tmp_path) as made:
        yield made


def arranged(g: Garage) -> int:
    """A visit that names its guests wherever it can."""
    costs = (PlannedCost("gift", Decimal(1), "件", 20000, date(2026, 11, 30), None, OLD),)
    visit = approved(g.who, form(g.who, guests=GUESTS, costs=costs)).visit
    session = g.session
    alone = Journey("train", "G20", "杭州东", "", datetime(2026, 11, 30, 11), (OLD, "何丽"))
    add_leg(session, visit, "arrival", alone, expected=version(visit))
    with reading():
        leg = Leg.get(Leg.visit == visit, Leg.position == 1).id
        meal = Meal.get(Meal.visit == visit)
        room = Lodging.get(Lodging.visit == visit)
    g.book(visit, "BMW", datetime(2026, 11, 30, 10), 2, leg=leg, people=2, guests=(OLD, "何丽"))
    entry = MealEntry(
        meal.on, 6, 7, meal="lunch", venue="in_house", place="食堂", price=meal.price, bottles=4, packs=3, at=time(12),
        diners=(OLD, "宋平"),
    )  # fmt: skip
    save_meal(session, visit, meal.id, entry, expected=version(visit))
    beds = RoomEntry(room.on, 6, 1, room.grade, room.price, place="宾馆", guests=(OLD, "何丽"))
    save_room(session, visit, room.id, beds, expected=version(visit))
    return visit


def held(visit: int) -> str:
    """Everything that is arranged for the visit, as text."""
    with reading():
        return json.dumps(
            [list(table.select().where(table.visit == visit).dicts()) for table in HELD],
            ensure_ascii=False, default=str,
        )  # fmt: skip


def stored(visit: int) -> Form:
    """The form as it is stored."""
    from models.services.visit_form import read_form

    with reading():
        return read_form(Visit.get_by_id(visit))


def test_the_first_guest_named_anew_is_named_so_wherever_they_stand(g: Garage) -> None:
    visit = arranged(g)
    assert held(visit).count(OLD) >= 8
    amend(g.session, visit, with_guest(stored(visit), NEW), expected=version(visit))
    now = held(visit)
    assert OLD not in now
    assert now.count(NEW) >= 8
    assert stored(visit).costs[0].to == NEW


def test_nobody_named_anew_is_offered_another_car(g: Garage) -> None:
    visit = arranged(g)
    before = [(each.purpose, each.people) for each in propose(g.session, visit)]
    amend(g.session, visit, with_guest(stored(visit), NEW), expected=version(visit))
    found = propose(g.session, visit)
    assert [(each.purpose, each.people) for each in found] == before
    assert not any(NEW in each.guests for each in found if each.purpose == "arrival")


def test_drivers_meeters_and_those_who_write_name_plates_are_told_of_another_name(g: Garage) -> None:
    visit = arranged(g)
    amend(g.session, visit, with_guest(stored(visit), NEW), expected=version(visit))
    with reading():
        waiting = list(Notification.select().where(Notification.visit == visit))
    told = {(each.role, each.party) for each in waiting if NEW in json.dumps(each.what, ensure_ascii=False)}
    assert {("driver", ""), ("host", ""), ("department", "office")} <= told


def test_a_guest_who_does_not_come_is_named_nowhere(g: Garage) -> None:
    visit = arranged(g)
    now = stored(visit)
    amend(g.session, visit, replace(now, guests=tuple(each for each in now.guests if each.name != "何丽")),
          expected=version(visit))  # fmt: skip
    assert "何丽" not in held(visit)
    with reading():
        booking = Booking.get(Booking.visit == visit)
        leg = Leg.get(Leg.visit == visit, Leg.position == 1)
    assert (booking.guests, booking.people) == ([OLD], 2)
    assert (leg.guests, leg.people) == ([OLD], 2)


def test_who_is_named_anew_in_the_clients_record_is_so_on_the_visits_to_come(g: Garage) -> None:
    visit = arranged(g)
    with reading():
        known = ClientPerson.get(ClientPerson.name == OLD)
    change_client_person(g.who.session("刘晓燕"), known.id, expected=known.version, name=NEW)
    assert OLD not in held(visit)
    assert stored(visit).guests[0].name == NEW
    amend(g.session, visit, replace(stored(visit), arrangements="先参观"), expected=version(visit))
    with reading():
        assert not ClientPerson.select().where(ClientPerson.name == OLD).exists()


NAMES = st.lists(st.sampled_from(["甲", "乙", "丙", "丁", "戊", ""]), max_size=5, unique=True)


@given(before=NAMES, after=NAMES)
def test_who_is_still_on_the_list_keeps_their_name_and_nobody_becomes_two(before: list[str], after: list[str]) -> None:
    found = became(
        [(name, at == 0) for at, name in enumerate(before)], [(name, at == 0) for at, name in enumerate(after)]
    )
    assert set(found) == {name for name in before if name and name not in after}
    new = [name for name in found.values() if name]
    assert len(new) == len(set(new))
    assert not {*new} & {*before}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (["甲", "乙"], ["丙", "乙"], {"甲": "丙"}),
        (["甲", "乙", "丙"], ["甲", "丁", "丙"], {"乙": "丁"}),
        (["甲", "乙", "丙"], ["甲", "丙"], {"乙": None}),
        (["甲", "李明"], ["甲", "李 明", "丙"], {"李明": "李 明"}),
        (["甲", "乙"], ["乙", "甲"], {}),
    ],
)
def test_what_guests_became(before: list[str], after: list[str], expected: dict[str, str | None]) -> None:
    pairs = [[(name, at == 0) for at, name in enumerate(names)] for names in (before, after)]
    assert became(*pairs) == expected
