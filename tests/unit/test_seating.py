"""Who has a seat and who has none: counted in one way, proposed, and kept when guests, groups or days change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

import pytest

from models.form import FormGuest
from models.policy.programme import Clash
from models.queries.day_clashes import clashing
from models.queries.day_lists import today
from models.queries.visit_history import notifications
from models.schema.arrangements import Booking, Leg, Resource
from models.schema.store import reading
from models.schema.tables import Visit
from models.services import booking_verbs, day_verbs
from models.services.arrangement_verbs import Amended, amend, take_change_back
from models.services.booking_verbs import WantedBooking, propose, take_proposal
from models.services.capacity import thing_name
from models.services.day_verbs import Journey, mark_told
from models.services.visit_diff import Difference, sentence
from models.services.visit_form import at_time, read_form
from models.services.whereabouts import due
from models.words import words
from tests.unit.booking import NINE, Garage, codes, garage, row, version, whole_booked
from tests.unit.life import refuses
from tests.unit.test_bookings import persons
from tests.unit.test_rebooking import arrival


def booking_of(visit: int, name: str) -> int:
    """The first booking of a thing for a visit."""
    with reading():
        rows = Booking.select().join(Resource).where(Booking.visit == visit, Resource.name == name)
        return int(rows.order_by(Booking.starts).get().id)


def said(differences: Iterable[Difference]) -> list[str]:
    """The effects in English."""
    return [words("en").text(sentence(each)) for each in differences]


def test_a_car_without_a_class_is_as_bad_as_one_below_it(tmp_path: Path) -> None:
    """R90, R91: nobody can say that it is of the class asked for; R92, A8: where none is, any car will do."""
    with garage(tmp_path) as g:
        g.add("car", "Van", seats=7)
        with refuses("clashes") as refusal:
            g.book(g.visit(), "Van")
        (clash,) = cast(tuple[Clash, ...], refusal.value.phrase.facts["clashes"])
        assert (clash.code, clash.level, clash.rule) == ("ungraded", "reason", "R90")
        apart = g.visit("routine", host="王海峰", client="鹏程线缆", services=("car",))
        assert g.book(apart, "Van", NINE.replace(hour=13)).clashes == ()


@pytest.mark.parametrize("level", ["info", "warn", "reason", "block"])
def test_a_driver_of_two_cars_of_one_visit_is_as_bad_as_of_two_visits(tmp_path: Path, level: str) -> None:
    with garage(tmp_path, persons(level)) as g:
        g.add("car", "Golf", grade="passat", seats=4, driver=g.who.ids["张德胜"])
        visit = g.visit("business", host="李卫东", headcount=4)
        first = g.book(visit, "BMW", people=2).booking
        if level in ("info", "warn"):
            assert [(each.code, each.level) for each in g.book(visit, "Golf", people=2).clashes] == [("twice", level)]
            return
        with refuses("clashes" if level == "reason" else "clashes_block") as refusal:
            g.book(visit, "Golf", people=2)
        (clash,) = cast(tuple[Clash, ...], refusal.value.phrase.facts["clashes"])
        assert (clash.code, clash.hold.name) == ("twice", "张德胜")
        apart = g.book(visit, "Golf", NINE.replace(hour=13), people=2)
        with refuses("clashes" if level == "reason" else "clashes_block"):
            booking_verbs.move(g.session, apart.booking or 0, NINE, expected=version(visit))
        if level == "reason":
            reasons = {f"twice:driver:{first}": "two runs"}
            kept = booking_verbs.move(g.session, apart.booking or 0, NINE, expected=version(visit), reasons=reasons)
            assert (codes(kept.clashes), row(apart.booking).reasons) == ({"twice"}, reasons)


def seats(g: Garage, visit: int, purpose: str = "arrival") -> list[tuple[str, int, tuple[str, ...]]]:
    """What is proposed for an arrival or a departure: which car, how many, who."""
    return [(each.name, each.people, each.guests) for each in propose(g.session, visit) if each.purpose == purpose]


def take(g: Garage, visit: int, purpose: str = "arrival") -> None:
    """Take all that is proposed for a purpose."""
    for each in propose(g.session, visit):
        if each.purpose == purpose and each.wanted is not None:
            take_proposal(g.session, visit, each, expected=version(visit))


def grown(g: Garage, visit: int, headcount: int, *guests: str) -> Amended:
    """The visit with more people."""
    with reading():
        made = read_form(Visit.get_by_id(visit))
    more = tuple(FormGuest(name) for name in guests)
    return amend(
        g.session, visit, replace(made, headcount=headcount, guests=(*made.guests, *more)), expected=version(visit)
    )


def seatless(g: Garage, visit: int) -> list[str]:
    """What Today says about the cars of a visit on the day it arrives."""
    g.who.now = NINE.replace(hour=8)
    (line,) = [each for each in clashing(g.session, today(g.session, NINE.date())).lines if each.visit == visit]
    return [words("en").text(each.text) for each in line.clashes if each.code in ("short", "none")]


def test_who_comes_in_addition_rides_in_a_car_that_has_free_seats(tmp_path: Path) -> None:
    """R91: five become nine: the bus takes them, on the tab as well as on Today and in the preview."""
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东", headcount=5)
        take(g, visit)
        bus = booking_of(visit, "Bus")
        assert (row(bus).people, row(bus).guests, seatless(g, visit)) == (5, ["徐明哲"], [])
        g.who.now = datetime(2026, 11, 23, 9)
        differences = grown(g, visit, 9, "甲", "乙").differences
        assert "arrival cars all 5 have seats -> 9 people, 5 seated" in said(differences)
        assert seats(g, visit) == [("Bus", 4, ("甲", "乙"))]
        assert seatless(g, visit) == [words("en")("today.seatless", n=4)]
        take(g, visit)
        assert (row(bus).people, row(bus).guests) == (9, ["徐明哲", "甲", "乙"])
        assert (seats(g, visit), seatless(g, visit)) == ([], [])


def test_who_finds_no_free_seat_gets_a_further_car(tmp_path: Path) -> None:
    """R91: the seats of the car booked first, the rest in another of the lowest class that will do."""
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东", headcount=3)
        take(g, visit)
        grown(g, visit, 6)
        assert seats(g, visit) == [("Passat", 1, ()), ("Bus", 2, ())]
        take(g, visit)
        assert (row(booking_of(visit, "Passat")).people, row(booking_of(visit, "Bus")).people) == (4, 2)
        assert seats(g, visit) == []


def test_a_car_of_whom_nobody_was_said_to_ride_takes_as_many_as_it_seats(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东", headcount=4)
        g.book(visit, "Passat", NINE.replace(minute=20), 2, way="arrival")
        assert (seats(g, visit), seatless(g, visit)) == ([], [])


def test_what_nothing_is_left_for_still_says_for_whom(tmp_path: Path) -> None:
    """The group and its guests, so that they can be booked by hand."""
    with garage(tmp_path) as g:
        visit = g.visit(headcount=5, guests=(FormGuest("徐明哲", principal=True), *map(FormGuest, "甲乙丙丁")))
        cars = [each for each in propose(g.session, visit) if each.purpose == "arrival"]
        assert [(each.name, each.guests) for each in cars][1:] == [("", ("丁",))]
        assert {each.leg for each in cars} == {arrival(visit)}


def group(g: Garage, visit: int, at: datetime, *guests: str, way: Literal["arrival", "departure"] = "arrival") -> int:
    """A group that comes or leaves on its own."""
    day_verbs.add_leg(g.session, visit, way, Journey(at=at, guests=guests), expected=version(visit))
    with reading():
        return int(Leg.select().where(Leg.visit == visit, Leg.way == way).order_by(Leg.position.desc()).get().id)


def times(visit: int) -> list[str]:
    """When the groups of their own come and leave."""
    with reading():
        rows = list(Leg.select().where(Leg.visit == visit, Leg.position > 0).order_by(Leg.way, Leg.position))
        return [f"{due(Visit.get_by_id(visit), leg):%d %H:%M}" for leg in rows]


def moved_to(g: Garage, visit: int, arrive: datetime, **changes: Any) -> Amended:
    """The visit on another day, as the change screen has it."""
    with reading():
        made = at_time(read_form(Visit.get_by_id(visit)), arrive)
    return amend(g.session, visit, replace(made, **changes), expected=version(visit))


def test_groups_and_their_cars_move_with_the_visit_to_another_day(tmp_path: Path) -> None:
    """A33: at the hours typed for them, be it that the change is still to be decided; taken back, they move back."""
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东", guests=tuple(map(FormGuest, "甲乙丙")))
        mine = group(g, visit, datetime(2026, 11, 30, 14), "甲", "乙")
        day_verbs.delay(g.session, mine, "+30", expected=version(visit))
        group(g, visit, datetime(2026, 12, 1, 9), "丙", way="departure")
        take(g, visit)
        car = next(each for each in booked_for(mine))
        assert f"{car.starts:%d %H:%M}" == "30 13:30"
        assert moved_to(g, visit, datetime(2026, 12, 3, 11), headcount=9).asks
        assert times(visit) == ["03 14:30", "04 09:00"]
        assert f"{row(car.id).starts:%d %H:%M}" == "03 13:30"
        take_change_back(g.session, visit, expected=version(visit))
        assert times(visit) == ["30 14:30", "01 09:00"]
        assert f"{row(car.id).starts:%d %H:%M}" == "30 13:30"


def test_another_hour_of_the_same_day_leaves_the_groups_alone(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东", guests=tuple(map(FormGuest, "甲乙丙")))
        group(g, visit, datetime(2026, 11, 30, 14), "甲")
        moved_to(g, visit, datetime(2026, 11, 30, 16))
        assert times(visit) == ["30 14:00"]


def booked_for(leg: int) -> list[Booking]:
    """What is booked for a group."""
    with reading():
        return list(Booking.select().where(Booking.leg == leg).order_by(Booking.starts, Booking.id))


TWO = datetime(2026, 11, 30, 14)


def apart(g: Garage, headcount: int, first: str) -> tuple[int, int]:
    """A visit of whom 甲 and 乙 come at two: the visit, and their group. The others ride in a car of this name."""
    visit = g.visit("business", host="李卫东", headcount=headcount, guests=tuple(map(FormGuest, "丙甲乙")))
    mine = group(g, visit, TWO, "甲", "乙")
    g.book(visit, first, NINE.replace(minute=20), 2, leg=arrival(visit), people=headcount - 2, guests=("丙",))
    return visit, mine


def test_a_group_that_comes_with_the_others_after_all_sits_in_their_car(tmp_path: Path) -> None:
    """A33: its own car is released and the driver told so."""
    with garage(tmp_path) as g:
        visit, mine = apart(g, 6, "Bus")
        g.book(visit, "BMW", TWO.replace(hour=13), 2, leg=mine, people=2, guests=("甲", "乙"))
        for line in notifications(g.session, visit):
            mark_told(g.session, line.id, expected=line.version)
        day_verbs.remove_leg(g.session, mine, expected=version(visit))
        (bus,) = booked_for(arrival(visit))
        assert (bus.people, bus.guests) == (6, ["丙", "甲", "乙"])
        assert (seats(g, visit), names(visit)) == ([], ["Bus"])
        told = {
            each.person: [words("en").text(what) for what in each.what]
            for each in notifications(g.session, visit)
            if not each.told_at
        }
        assert told["张德胜"][-1].endswith(" BMW: 11-30 13:00-15:00")


def test_a_group_taken_back_leaves_the_car_as_it_was(tmp_path: Path) -> None:
    """Who sat first sits first again, and the driver has nothing to hear."""
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东", headcount=3, guests=tuple(map(FormGuest, "甲乙丙")))
        g.book(visit, "Bus", NINE.replace(minute=20), 2, leg=arrival(visit), people=3, guests=("甲", "乙", "丙"))
        for line in notifications(g.session, visit):
            mark_told(g.session, line.id, expected=line.version)
        mine = group(g, visit, TWO, "甲")
        day_verbs.remove_leg(g.session, mine, expected=version(visit))
        (bus,) = booked_for(arrival(visit))
        assert (bus.people, bus.guests) == (3, ["甲", "乙", "丙"])
        assert [line.what for line in notifications(g.session, visit) if not line.told_at] == []


def test_a_group_for_whom_there_is_no_seat_brings_its_car_along(tmp_path: Path) -> None:
    """A33: at the time of the others; who is booked to meet it comes along, too."""
    with garage(tmp_path) as g:
        visit, mine = apart(g, 6, "Passat")
        g.book(visit, "BMW", TWO.replace(hour=13), 2, leg=mine, people=2, guests=("甲", "乙"))
        guide = WantedBooking(TWO, TWO.replace(hour=15), person=g.who.ids["陈志远"], leg=mine)
        booking_verbs.book(g.session, visit, guide, expected=version(visit))
        day_verbs.remove_leg(g.session, mine, expected=version(visit))
        assert [f"{each.starts:%H:%M}-{each.ends:%H:%M}" for each in booked_for(arrival(visit))] == [
            "09:20-11:20", "09:20-11:20", "10:20-11:20",
        ]  # fmt: skip
        assert (seats(g, visit), names(visit)) == ([], ["Passat", "BMW", "陈志远"])


def test_one_car_that_went_twice_goes_once(tmp_path: Path) -> None:
    """It cannot be held twice at one time; who then has no seat is proposed one."""
    with garage(tmp_path) as g:
        visit, mine = apart(g, 6, "Passat")
        g.book(visit, "Passat", TWO.replace(hour=13), 2, leg=mine, people=2, guests=("甲", "乙"))
        day_verbs.remove_leg(g.session, mine, expected=version(visit))
        assert names(visit) == ["Passat"]
        assert seats(g, visit) == [("Bus", 2, ("甲", "乙"))]


def names(visit: int) -> list[str]:
    """What is booked, in the order it was."""
    with reading():
        rows = list(Booking.select().where(Booking.visit == visit).order_by(Booking.id))
        return [thing_name(each) for each in rows]


def test_a_room_is_for_all_guests_however_many_they_become(tmp_path: Path) -> None:
    """A33: what was proposed for five and their host is too small for nine, and says so before and after."""
    with garage(tmp_path) as g:
        g.add("room", "Small", seats=6, equipment=("projector",))
        Resource.update(active=False).where(Resource.kind == "room", Resource.name != "Small").execute()
        visit = g.visit("business", host="李卫东", headcount=5)
        take(g, visit, "welcome")
        small = booking_of(visit, "Small")
        differences = said(grown(g, visit, 9).differences)
        assert "Small 6 on 6 seats, fits -> 10 on 6 seats, too small" in differences
        assert ("seats", "Small") in {(code, name) for code, _, name in g.clashes(visit)}
        (line,) = [each for each in whole_booked(g.session, visit).lines if each.id == small]
        assert (line.sitting, line.seats) == (10, 6)


def test_a_number_that_was_typed_for_a_room_stays(tmp_path: Path) -> None:
    """Three of them sit in the small room, how many ever come."""
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东", headcount=5)
        kept = g.book(visit, "R1", NINE, 2, stage="welcome", people=3)
        differences = said(grown(g, visit, 40).differences)
        assert not any("too small" in each for each in differences)
        assert row(kept.booking).people == 3
