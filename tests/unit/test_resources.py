"""The register of cars, rooms, restaurants and hotels: entered, changed as seen, switched off, journalled."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.schema import journal
from models.schema.arrangements import Resource
from models.schema.store import reading
from models.services import person_verbs
from models.services.resource_verbs import Thing, add_resource, change_resource, switch_resource
from tests.unit.conftest import Company, SessionFactory
from tests.unit.life import refuses

pytestmark = pytest.mark.usefixtures("store")
BUS = Thing("浙A 1907", "中巴", "passat", seats=18, phone="139")


def row(resource: int) -> Resource:
    """A thing as stored."""
    with reading():
        return Resource.get_by_id(resource)


def test_a_car_is_entered_clean_with_pinyin_and_journal(company: Company) -> None:
    driver = company.person["driver"]
    bus = add_resource(
        company.session(), "car", replace(BUS, name=" 浙A\x1b 1907 ", driver=driver, address="not a car's")
    )
    stored = row(bus)
    assert (stored.name, stored.model, stored.grade, stored.seats) == ("浙A␛ 1907", "中巴", "passat", 18)
    assert (stored.driver_id, stored.address, stored.version, stored.active) == (driver, "", 1, True)
    assert stored.pinyin.startswith("zhe")
    assert journal.head() == 2


def test_what_the_policy_does_not_know_is_said(session: SessionFactory) -> None:
    with refuses("unknown_grade") as refusal:
        add_resource(session(), "car", replace(BUS, grade="rolls"))
    assert "帕萨特级" in refusal.value.phrase.facts["grades"].say("zh")  # type: ignore[attr-defined]  # a Name
    with refuses("unknown_grade"):
        add_resource(session(), "hotel", Thing("国际饭店", grade="passat"))
    with refuses("unknown_equipment"):
        add_resource(session(), "room", Thing("第一会议室", equipment=("trampoline",)))
    assert journal.head() == 0


def test_a_name_is_needed_and_given_once_to_a_kind(session: SessionFactory) -> None:
    with refuses("resource_name_needed"):
        add_resource(session(), "car", Thing(" \u200b "))
    first = add_resource(session(), "car", BUS)
    with refuses("resource_exists"):
        add_resource(session(), "car", BUS)
    second = add_resource(session(), "room", Thing(BUS.name))
    assert row(second).seats is None
    third = add_resource(session(), "car", replace(BUS, name="other"))
    with refuses("resource_exists"):
        change_resource(session(), third, BUS, expected=1)
    assert first != second


def test_seats_and_prices_have_limits(session: SessionFactory) -> None:
    for thing in (replace(BUS, seats=0), replace(BUS, seats=2001)):
        with refuses("out_of_range"):
            add_resource(session(), "car", thing)
    with refuses("out_of_range"):
        add_resource(session(), "hotel", Thing("国际饭店", price=-1))


def test_a_driver_must_work_here(company: Company) -> None:
    session, driver = company.session(), company.person["driver"]
    with refuses("unknown_person"):
        add_resource(session, "car", replace(BUS, driver=999))
    bus = add_resource(session, "car", replace(BUS, driver=driver))
    person_verbs.change_person(session, driver, expected=1, active=False)
    assert change_resource(session, bus, replace(BUS, driver=driver, seats=20), expected=1) == 2
    with refuses("inactive_person"):
        add_resource(session, "car", replace(BUS, name="other", driver=driver))


def test_a_change_is_made_to_what_was_seen_and_tells_old_and_new(session: SessionFactory) -> None:
    hotel = add_resource(session(), "hotel", Thing("国际饭店", grade="four_star", price=58000))
    assert change_resource(session(), hotel, Thing("国际饭店", grade="three_star", price=58000), expected=1) == 2
    assert (row(hotel).grade, row(hotel).price) == ("three_star", 58000)
    with refuses("stale_resource"):
        change_resource(session(), hotel, Thing("饭店"), expected=1)
    before = journal.head()
    assert change_resource(session(), hotel, Thing("国际饭店", grade="three_star", price=58000), expected=2) == 2
    assert journal.head() == before


def test_a_grade_of_an_older_policy_may_stay(session: SessionFactory) -> None:
    bus = add_resource(session(), "car", BUS)
    with reading():
        Resource.update(grade="limousine").where(Resource.id == bus).execute()
    assert change_resource(session(), bus, replace(BUS, grade="limousine", seats=20), expected=1) == 2
    with refuses("unknown_grade"):
        change_resource(session(), bus, replace(BUS, grade="carriage"), expected=2)


def test_switched_off_and_on(session: SessionFactory) -> None:
    bus = add_resource(session(), "car", BUS)
    assert switch_resource(session(), bus, expected=1, active=False) == 2
    assert not row(bus).active
    with refuses("stale_resource"):
        switch_resource(session(), bus, expected=1, active=True)
    assert switch_resource(session(), bus, expected=2, active=True) == 3
    with refuses("no_resource"):
        switch_resource(session(), 99, expected=1, active=True)
