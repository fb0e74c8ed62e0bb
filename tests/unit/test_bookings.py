"""Bookings: made, moved, approved, rebooked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from models.errors import Refused
from models.policy.programme import Clash
from models.queries.request_lists import preview
from models.schema.arrangements import Booking, BookingDay
from models.schema.store import reading
from models.services import booking_verbs, day_verbs
from models.services.arrangement_verbs import amend
from models.services.booking_verbs import WantedBooking
from models.services.capacity import holds_on
from models.services.visit_form import read_form
from tests.unit.booking import COORDINATOR, NINE, Garage, codes, garage, now, row, strict, version
from tests.unit.life import form, refuses, said, submitted
from tests.unit.life import visit as stored

# -- bookings ----------------------------------------------------------------------------------------------------------
#
# Bookings: held, moved, released; what clashes and what that does, by each severity of the policy.


HOUR = timedelta(hours=1)


def days(booking: int | None) -> list[str]:
    with reading():
        return [
            str(each.day) for each in BookingDay.select().where(BookingDay.booking == booking).order_by(BookingDay.day)
        ]


def test_a_booking_is_kept_with_its_days_and_the_journal(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = g.visit()
        kept = g.book(visit, "R2", NINE, 26, people=6)
        assert days(kept.booking) == ["2026-11-30", "2026-12-01"]
        assert (row(kept.booking).people, kept.done.version) == (6, version(visit))
        g2 = booking_verbs.move(g.session, kept.booking or 0, NINE + HOUR, NINE + 2 * HOUR, expected=version(visit))
        assert days(g2.booking) == ["2026-11-30"]
        booking_verbs.release(g.session, kept.booking or 0, expected=version(visit))
        assert days(kept.booking) == []
        with refuses("no_booking"):
            booking_verbs.release(g.session, kept.booking or 0, expected=version(visit))


def test_what_cannot_be_booked_is_said(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = g.visit()
        seen = version(visit)
        with refuses("ends_before_starts"):
            g.book(visit, "R1", NINE, 0)
        with refuses("nothing_to_book"):
            booking_verbs.book(g.session, visit, WantedBooking(NINE, NINE + HOUR), expected=seen)
        with refuses("no_resource"):
            booking_verbs.book(g.session, visit, WantedBooking(NINE, NINE + HOUR, resource=999), expected=seen)
        with refuses("unknown_person"):
            booking_verbs.book(g.session, visit, WantedBooking(NINE, NINE + HOUR, person=999), expected=seen)
        with refuses("booked_too_long"):
            g.book(visit, "R1", NINE, 24 * 61)
        with refuses("stale"):
            booking_verbs.book(
                g.session, visit, WantedBooking(NINE, NINE + HOUR, resource=g.things["R1"]), expected=seen - 1
            )
        with refuses("no_part"):
            booking_verbs.book(
                g.who.session("张德胜"), visit, WantedBooking(NINE, NINE + HOUR, resource=g.things["R1"]), expected=seen
            )


def test_reason_refuses_until_one_is_given_which_is_kept(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        first, second = g.visit(), g.visit("business", host="李卫东")
        one = g.book(first, "R1").booking
        with refuses("clashes") as refusal:
            g.book(second, "R1", NINE + HOUR)
        (clash,) = cast(tuple[Clash, ...], refusal.value.phrase.facts["clashes"])
        assert clash.other is not None
        assert (clash.code, clash.level, clash.other.key) == ("twice", "reason", one)
        two = g.book(second, "R1", NINE + HOUR, reasons={f"twice:{one}": "one table each"}).booking
        assert row(two).reasons == {f"twice:{one}": "one table each"}
        assert g.clashes(second) == [("twice", "reason", "R1")]


def test_moving_one_clears_what_it_solved_and_the_reason_with_it(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        first, second = g.visit(), g.visit("business", host="李卫东")
        one = g.book(first, "R1").booking
        two = g.book(second, "R1", NINE + HOUR, reasons={f"twice:{one}": "why"}).booking
        kept = booking_verbs.move(g.session, one or 0, NINE + 3 * HOUR, expected=version(first))
        assert codes(kept.solved) == {"twice"}
        assert row(two).reasons == {}
        assert g.clashes(second) == []
        assert kept.done.message.key == "done.booking_change_solved"
        with refuses("clashes"):
            booking_verbs.move(g.session, one or 0, NINE, expected=version(first))
        assert row(one).starts == NINE + 3 * HOUR


def test_block_refuses_whatever_the_reason(tmp_path: Path) -> None:
    with garage(tmp_path, strict("block")) as g:
        first, second = g.visit(), g.visit("business", host="李卫东")
        one = g.book(first, "R1").booking
        with refuses("clashes_block"):
            g.book(second, "R1", reasons={f"twice:{one}": "why"})
        g.book(second, "R1", NINE + 2 * HOUR)


@pytest.mark.parametrize("level", ["info", "warn"])
def test_what_is_only_said_is_booked(tmp_path: Path, level: str) -> None:
    with garage(tmp_path, strict(level)) as g:
        first, second = g.visit(), g.visit("business", host="李卫东")
        g.book(first, "R1")
        assert [(clash.code, clash.level) for clash in g.book(second, "R1").clashes] == [("twice", level)]


def test_a_car_below_the_tier_or_too_small_wants_a_reason(tmp_path: Path) -> None:
    """R90: a BMW or above for the highest tier; six guests do not fit into four seats."""
    with garage(tmp_path) as g:
        visit = g.visit()
        with refuses("clashes") as refusal:
            g.book(visit, "Passat")
        assert codes(cast(tuple[Clash, ...], refusal.value.phrase.facts["clashes"])) == {"seats", "grade"}
        kept = g.book(visit, "Passat", people=2, reasons={"grade:": "the BMW is in the garage"})
        assert row(kept.booking).reasons == {"grade:": "the BMW is in the garage"}
        changed = WantedBooking(NINE, NINE + HOUR, resource=g.things["BMW"], people=2)
        assert codes(
            booking_verbs.change_booking(g.session, kept.booking or 0, changed, expected=version(visit)).solved
        ) == {"grade"}
        assert row(kept.booking).reasons == {}


def test_across_midnight_where_the_policy_looks_for_it(tmp_path: Path) -> None:
    with garage(tmp_path, strict("warn", "midnight")) as g:
        visit = g.visit()
        kept = g.book(visit, "R1", datetime(2026, 11, 30, 23), 2)
        assert codes(kept.clashes) == {"midnight"}
        assert days(kept.booking) == ["2026-11-30", "2026-12-01"]
        assert days(g.book(visit, "R2", datetime(2026, 11, 30, 22), 2).booking) == ["2026-11-30"]


def test_a_buffer_over_midnight_is_seen_from_the_other_day(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        first, second = g.visit(), g.visit("business", host="李卫东")
        g.book(first, "Bus", datetime(2026, 11, 30, 22), 2, reasons={"grade:": "a bus"})
        assert codes(g.book(second, "Bus", datetime(2026, 12, 1, 0, 10), 1).clashes) == {"gap"}


def test_a_driver_cannot_drive_two_cars(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        first, second = g.visit(), g.visit("business", host="李卫东")
        g.book(first, "BMW", people=2)
        kept = g.book(second, "Passat", people=2, driver=g.who.ids["张德胜"])
        assert [(c.code, c.level, c.hold.name) for c in kept.clashes] == [("twice", "warn", "张德胜")]
        same = g.book(first, "Bus", driver=g.who.ids["张德胜"], reasons={"grade:": "no other"})
        assert ("twice", "张德胜") in {(c.code, c.hold.name) for c in same.clashes}


def test_a_host_in_two_places_is_seen_and_one_of_one_visit_is_in_one(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = g.visit()
        assert g.clashes(visit) == []
        other = g.visit("business", client="鹏程线缆")
        assert ("twice", "warn", "周建国") in g.clashes(other)
        apart = g.visit(
            "business", client="远东电缆", arrive=datetime(2026, 12, 4, 9), depart=datetime(2026, 12, 4, 16), meals=()
        )
        assert g.clashes(apart) == []


def test_a_person_is_booked_and_clashes_with_where_they_are_anyhow(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = g.visit("business", host="李卫东", client="鹏程线缆")
        g.visit()
        at = datetime(2026, 11, 30, 10, 30)
        wanted = WantedBooking(at, at + HOUR, person=g.who.ids["周建国"], stage="talks")
        kept = booking_verbs.book(g.session, visit, wanted, expected=version(visit))
        assert [(c.code, c.level) for c in kept.clashes] == [("twice", "warn")]


def test_a_room_without_what_its_tasks_need(tmp_path: Path) -> None:
    """The welcome needs a projector, be the room booked for them or for all the morning."""
    with garage(tmp_path) as g:
        visit = g.visit()
        assert codes(g.book(visit, "R2", NINE + 2 * HOUR, 1, stage="welcome").clashes) == {"equipment"}
        assert codes(g.book(visit, "R2", NINE - 5 * HOUR, 1).clashes) == set()
        assert codes(g.book(visit, "R1", NINE, 9).clashes) == set()


def test_what_is_asked_for_holds_tentatively_and_against_nobody(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = g.visit()
        asked = submitted(g.who, form(g.who, "business", host="李卫东")).visit
        one = g.book(visit, "R1").booking
        two = g.book(asked, "R1").booking
        held = {hold.key: hold.firm for hold in holds_on(g.session, [NINE.date()]) if hold.thing == "room"}
        assert held == {one: True, two: False}
        assert g.clashes(visit) == g.clashes(asked) == [("twice", "reason", "R1")]


@pytest.mark.parametrize("end", ["cancel", "no_show"])
def test_a_visit_that_is_off_holds_nothing(tmp_path: Path, end: str) -> None:
    with garage(tmp_path) as g:
        visit, other = g.visit(), g.visit("business", host="李卫东")
        g.book(visit, "R1")
        g.who.now = NINE + 2 * HOUR
        if end == "cancel":
            day_verbs.cancel(g.session, visit, "not coming", expected=version(visit))
        else:
            day_verbs.no_show(g.session, visit, expected=version(visit))
        assert [hold for hold in holds_on(g.session, [NINE.date()]) if hold.visit == visit] == []
        g.book(other, "R1")
        with pytest.raises(Refused):
            g.book(visit, "R2")
        with reading():
            assert Booking.select().count() == 2


def test_once_the_guests_left_nothing_is_held_any_more(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit, other = g.visit(), g.visit("business", host="李卫东")
        g.book(visit, "R1", NINE, 8)
        g.who.now = NINE + 2 * HOUR
        day_verbs.met(g.session, visit, expected=version(visit))
        day_verbs.seen_off(g.session, visit, expected=version(visit))
        held = [hold for hold in holds_on(g.session, [NINE.date()]) if hold.thing == "room"]
        assert [(hold.starts, hold.ends) for hold in held] == [(NINE, NINE + 2 * HOUR)]
        g.book(other, "R1", NINE + 3 * HOUR)


# -- booking approval --------------------------------------------------------------------------------------------------
#
# What an approval finds: a host who is needed elsewhere is the approver's to settle, a car is shown as competing.


def persons(level: str) -> str:
    """The default regulation, with another level for a person in two places."""
    return strict(level).replace('thing = ["car", "room"]\nclash = "twice"', 'thing = "person"\nclash = "twice"', 1)


def asked(g: Garage, **changes: Any) -> int:
    """A request with the host of another visit, at its last step."""
    done = submitted(g.who, form(g.who, "business", host="李卫东", client="鹏程线缆", **changes))
    said(g.who, "王海峰", done)
    return done.visit


@pytest.mark.parametrize("level", ["info", "warn"])
def test_a_host_in_two_places_is_only_said(tmp_path: Path, level: str) -> None:
    with garage(tmp_path, persons(level)) as g:
        g.visit("business", host="李卫东")
        visit = asked(g)
        assert said(g.who, "李卫东", now(visit)).state == "approved"
        assert ("twice", level, "李卫东") in g.clashes(visit)


def test_a_host_in_two_places_wants_a_reason(tmp_path: Path) -> None:
    with garage(tmp_path, persons("reason")) as g:
        g.visit("business", host="李卫东")
        visit = asked(g)
        with refuses("findings"):
            said(g.who, "李卫东", now(visit))
        done = said(g.who, "李卫东", now(visit), reasons={"host_busy": "both in the same hall"})
        assert done.state == "approved"
        assert stored(done).reasons["host_busy"] == "both in the same hall"


def test_a_host_in_two_places_is_replaced_where_that_blocks(tmp_path: Path) -> None:
    with garage(tmp_path, persons("block")) as g:
        g.visit("business", host="李卫东")
        visit = asked(g)
        with refuses("findings"):
            said(g.who, "李卫东", now(visit), reasons={"host_busy": "why"})
        done = said(g.who, "李卫东", now(visit), hosts=(g.who.ids["何志明"],))
        assert done.state == "approved"
        assert all(code != "twice" for code, _, _ in g.clashes(visit))


def test_a_change_may_not_put_a_host_in_two_places(tmp_path: Path) -> None:
    with garage(tmp_path, persons("block")) as g:
        g.visit("business", host="李卫东")
        far = {"arrive": NINE.replace(month=12, day=7), "depart": NINE.replace(month=12, day=7, hour=16), "meals": ()}
        visit = g.visit("business", host="李卫东", client="鹏程线缆", **far)
        old = read_form(stored(now(visit)))
        with refuses("findings"):
            amend(
                g.who.session(COORDINATOR),
                visit,
                replace(old, arrive=NINE.replace(hour=10), depart=NINE.replace(hour=16)),
                expected=version(visit),
            )


def test_who_decides_sees_what_competes(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = asked(g)
        g.book(visit, "R1", NINE)
        g.book(visit, "R2", NINE)
        g.book(g.visit(), "R1", NINE, 3)
        other = submitted(g.who, form(g.who, "business", host="何志明", client="远东电缆")).visit
        g.book(other, "R2", NINE)
        found = preview(g.who.session("李卫东"), visit)
        assert found is not None
        assert [(each.thing, each.client, each.firm) for each in found.competing] == [
            ("R1", "江南智造集团", True),
            ("R2", "远东电缆", False),
        ]
