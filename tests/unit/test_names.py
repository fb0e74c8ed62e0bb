"""A thing that is written in another way is the same thing to every verb and every find; its pinyin may come later."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given

from models.form import FormGuest, MealEntry, RoomEntry
from models.queries.client_records import known
from models.queries.register_lists import register, things
from models.queries.request_preview import choices
from models.schema.arrangements import Booking, Display, Leg, Lodging, Meal, Resource
from models.schema.store import open_store, reading
from models.schema.tables import Client, ClientPerson, Person
from models.services import (
    arrangement_verbs,
    booking_verbs,
    client_verbs,
    day_verbs,
    person_register,
    person_verbs,
    resource_verbs,
)
from models.services.booking_verbs import WantedBooking
from models.services.client_verbs import make_up
from models.services.day_verbs import Journey
from models.services.person_register import all_spelt
from models.services.resource_verbs import Thing
from models.words import alike, pinyin
from tests.unit.drawn import drawn
from tests.unit.life import Company, approved, form, refuses, submitted, visit
from tests.unit.rewritten import rewritten
from tests.unit.stores import without_keys

UYGHUR = "买买提·吐尔逊"
THINGS = {"car": "浙A·P5218", "room": "第一会议室 A", "restaurant": "松鹤楼", "hotel": "Hyatt 君悦"}


def each_way(name: str, check: Callable[[str], None]) -> None:
    """Whether `check` holds of the ways of writing a name."""
    few = drawn(10, 25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    few(given(rewritten(name))(check))()


@pytest.mark.parametrize("kind", THINGS)
def test_no_thing_is_registered_twice(kind: str, who: Company) -> None:
    session = who.session("林小雨")
    first = resource_verbs.add_resource(session, kind, Thing(THINGS[kind]))
    other = resource_verbs.add_resource(session, kind, Thing("other"))

    def check(typed: str) -> None:
        with refuses("resource_exists") as refusal:
            resource_verbs.add_resource(session, kind, Thing(typed))
        assert refusal.value.phrase.facts["name"] == THINGS[kind], "the one that is there"
        with refuses("resource_exists"):
            resource_verbs.change_resource(session, other, Thing(typed), expected=1)

    each_way(THINGS[kind], check)
    resource_verbs.change_resource(session, first, Thing(THINGS[kind].replace("·", " ").lower()), expected=1)
    with reading():
        assert Resource.get_by_id(first).name == THINGS[kind].replace("·", " ").lower(), "as it was typed"


def test_numbers_with_another_dash_are_other_rooms(who: Company) -> None:
    for name in ("1-11", "11-1", "111"):
        resource_verbs.add_resource(who.session("林小雨"), "room", Thing(name))


def test_a_client_is_known_however_it_is_written(who: Company) -> None:
    submitted(who, form(who, client="华为科技 Cloud"))
    submitted(who, form(who, client="苏能装备", reason="二"))
    with reading():
        first, other = Client.select().order_by(Client.id)
    session = who.session("刘晓燕")

    def check(typed: str) -> None:
        assert known(session, typed) is not None
        with refuses("client_exists"):
            client_verbs.change_client(session, other.id, expected=1, name=typed)

    each_way("华为科技 Cloud", check)
    again = submitted(who, form(who, client="华为科技cloud", reason="三"))
    assert (visit(again).client_id, visit(again).client_name) == (first.id, "华为科技cloud")
    assert alike.key("华为科技cloud") in choices(session, who.policy, date(2026, 11, 30)).guests


def test_a_guest_is_one_of_the_clients_people_however_written(who: Company) -> None:
    for name in (UYGHUR, "买买提•吐尔逊", "买买提・吐尔逊", "买买提‧吐尔逊", "买买提.吐尔逊", "买买提 吐尔逊"):
        submitted(who, form(who, guests=(FormGuest(name, "部长", principal=True), FormGuest("李 明")), reason=name))
    with reading():
        assert {row.name for row in ClientPerson.select()} == {UYGHUR, "李 明"}
        stranger = ClientPerson.get(ClientPerson.name == "李 明")

    def check(typed: str) -> None:
        with refuses("client_person_exists"):
            client_verbs.change_client_person(who.session("林小雨"), stranger.id, expected=1, name=typed)

    each_way(UYGHUR, check)


def test_guests_named_somewhere_on_a_visit_are_those_of_its_form(who: Company) -> None:
    done = approved(who, form(who, guests=(FormGuest(UYGHUR, principal=True), FormGuest("李 明")), headcount=6))
    session = who.session("林小雨")
    named = ("买买提 吐尔逊", "李明", "李　明")
    day = datetime(2026, 11, 30, 12)
    done = day_verbs.add_leg(
        session, done.visit, "arrival", Journey("train", guests=named, at=day), expected=done.version
    )
    with refuses("guest_in_two"):
        day_verbs.add_leg(
            session, done.visit, "arrival", Journey("train", guests=("李‧明",), at=day), expected=done.version
        )
    entry = MealEntry(day.date(), guests=6, meal="dinner", diners=named)
    done = arrangement_verbs.save_meal(session, done.visit, None, entry, expected=done.version)
    done = arrangement_verbs.save_room(
        session, done.visit, None, RoomEntry(day.date(), 3, guests=named), expected=done.version
    )
    car = resource_verbs.add_resource(session, "car", Thing("浙A·P5218", grade="bmw", seats=4))
    wanted = WantedBooking(day, day.replace(hour=14), resource=car, guests=named)
    booking_verbs.book(session, done.visit, wanted, expected=visit(done).version)
    with reading():
        stored = [
            Leg.get(Leg.visit == done.visit, Leg.position == 1).guests,
            next(row.diners for row in Meal.select().where(Meal.visit == done.visit) if row.diners),
            next(row.guests for row in Lodging.select().where(Lodging.visit == done.visit) if row.guests),
            next(row.guests for row in Booking.select().where(Booking.visit == done.visit) if row.guests),
        ]
    assert stored == [[UYGHUR, "李 明"]] * 4


def test_colleagues_are_named_and_noticed_however_written(who: Company) -> None:
    mine = person_verbs.add_person(who.session("林小雨"), UYGHUR)
    shown = register(who.session("林小雨"))

    def check(typed: str) -> None:
        assert person_register.actor_named(typed).person == mine
        assert [each.id for each in shown.namesakes(typed)] == [mine]

    each_way(UYGHUR, check)


# -- pinyin that comes later -----------------------------------------------------------------------------------------


@pytest.fixture
def silent(spelling_by_another_process: None, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Nobody answers what is asked about pinyin, and nobody may be asked."""
    monkeypatch.setattr(pinyin, "_ask", lambda runs: pytest.fail("asked"))
    return monkeypatch


def test_no_verb_waits_for_pinyin_and_it_is_made_up_for(who: Company, silent: pytest.MonkeyPatch) -> None:
    session = who.session("林小雨")
    person_verbs.add_person(session, "单志强")
    resource_verbs.add_resource(session, "restaurant", Thing("朝阳楼"))
    done = approved(who, form(who, client="朝阳集团", guests=(FormGuest("完颜阿骨打", principal=True),)))
    assert not all_spelt()
    assert "完颜阿骨打" in plates(done.visit)
    silent.setattr(pinyin, "_ask", lambda runs: None)
    assert make_up(session) == 0, "the machine is loaded: another time"
    silent.setattr(pinyin, "_ask", pinyin._look_up)
    assert make_up(session) >= 4
    assert all_spelt()
    assert make_up(session) == 0
    assert plates(done.visit).startswith("Wanyan Aguda\n")
    with reading():
        rows: list[Any] = [Person.get(name="单志强"), Resource.get(name="朝阳楼"), Client.get(name="朝阳集团")]
    for row, typed in zip(rows, ("shanzhi", "chaoyang", "zyjt"), strict=True):
        assert alike.found(typed, row.name, spelt=(row.pinyin, row.initials))


def test_who_acts_is_found_by_pinyin_that_is_not_stored_yet(who: Company, silent: pytest.MonkeyPatch) -> None:
    mine = person_verbs.add_person(who.session("林小雨"), "单志强")
    silent.setattr(pinyin, "_ask", pinyin._look_up)
    assert person_register.actor_named("danzhiqiang").person == person_register.actor_named("szq").person == mine


def plates(visit: int) -> str:
    """The name plates of a visit in English."""
    with reading():
        return str(Display.get(Display.visit == visit, Display.what == "plates").en)


# -- stores of former versions ---------------------------------------------------------------------------------------


def test_a_store_from_before_gets_keys_and_keeps_what_is_there_twice(who: Company, tmp_path: Path) -> None:
    session = who.session("林小雨")
    for name in ("浙A·P5218", "浙B·K1111"):
        resource_verbs.add_resource(session, "car", Thing(name))
    submitted(who, form(who, client="华为科技"))
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as raw:
        without_keys(raw)
        raw.execute("UPDATE resource SET name = '浙AP5218', pinyin = 'zheap5218' WHERE name = '浙B·K1111'")
        raw.commit()
    again = open_store(path)
    try:
        with reading():
            assert [(row.name, row.key) for row in Resource.select()] == [
                ("浙A·P5218", "浙ap5218"), ("浙AP5218", "浙ap5218#2"),
            ]  # fmt: skip
            assert Client.get().key == "华为科技"
        assert not all_spelt()
        make_up(session)
        assert all_spelt()
        with refuses("resource_exists"):
            resource_verbs.add_resource(session, "car", Thing("浙 A P5218"))
        shown = things(session)
        first, second = shown.by_kind["car"]
        assert (shown.twin(first), shown.twin(second)) == (second, first), "both can be booked, and it is said"
        resource_verbs.switch_resource(session, second.id, expected=1, active=False)
        shown = things(session)
        assert [shown.twin(line) for line in shown.by_kind["car"]] == [None, None]
        with reading():
            assert Person.get(Person.name == "周建国").initials.startswith("z")
    finally:
        again.close()
