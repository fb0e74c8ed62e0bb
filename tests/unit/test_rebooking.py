"""Bookings follow what they are made for; what a visit holds becomes firm, or nothing; what should be booked."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.form import FormGuest
from models.queries.visit_history import notifications
from models.schema.arrangements import Booking, Leg, Resource
from models.schema.store import reading
from models.schema.tables import Stage, Visit
from models.services import day_verbs
from models.services.booking_verbs import WantedBooking, book, propose, take_proposal
from models.services.capacity import holds_on
from models.services.decision_verbs import decide
from models.services.request_verbs import new_draft, submit
from models.words import words
from tests.unit.booking import COORDINATOR, NINE, Garage, garage, now, row, version
from tests.unit.life import form, said, submitted

HOUR = timedelta(hours=1)


def arrival(visit: int) -> int:
    with reading():
        return int(Leg.get(Leg.visit == visit, Leg.way == "arrival", Leg.position == 0).id)


def take_all(g: Garage, visit: int) -> list[str]:
    """Take every proposal; what was booked."""
    for proposal in propose(g.session, visit):
        if proposal.wanted is not None:
            take_proposal(g.session, visit, proposal, expected=version(visit))
    with reading():
        rows = Booking.select(Booking, Resource).join(Resource).where(Booking.visit == visit).order_by(Booking.starts)
        return [
            f"{each.resource and each.resource.name} {each.starts:%d %H:%M}-{each.ends:%H:%M} {each.people}"
            for each in rows
        ]


def test_a_delay_takes_the_car_along_and_clears_its_clash(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit, other = g.visit("business", host="李卫东"), g.visit("business", host="何志明", client="鹏程线缆")
        g.book(other, "Bus", datetime(2026, 11, 30, 8), 1.5)
        kept = book(
            g.session, visit,
            WantedBooking(NINE + HOUR / 3, NINE + 2.33 * HOUR, resource=g.things["Bus"], way="arrival"),
            expected=version(visit), reasons={f"twice:{1}": "shared"},
        )  # fmt: skip
        assert {clash.code for clash in kept.clashes} == {"twice"}
        day_verbs.delay(g.session, arrival(visit), "+40", expected=version(visit))
        assert row(kept.booking).starts == datetime(2026, 11, 30, 10)
        assert row(kept.booking).reasons == {}
        assert g.clashes(visit) == []


def test_a_booking_that_would_take_anothers_car_stays_where_it_is(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit, other = g.visit("business", host="李卫东"), g.visit("business", host="何志明", client="鹏程线缆")
        mine = book(
            g.session,
            visit,
            WantedBooking(NINE, NINE + 2 * HOUR, resource=g.things["Bus"], way="arrival"),
            expected=version(visit),
        )
        g.book(other, "Bus", NINE + 3 * HOUR, 2)
        day_verbs.delay(g.session, arrival(visit), "+120", expected=version(visit))
        assert row(mine.booking).starts == NINE
        assert "twice" not in {code for code, _, _ in g.clashes(visit)}


def test_a_booking_that_stayed_comes_along_by_what_it_would_have_been(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit, other = g.visit("business", host="李卫东"), g.visit("business", host="何志明", client="鹏程线缆")
        mine = book(
            g.session,
            visit,
            WantedBooking(NINE, NINE + HOUR, resource=g.things["Bus"], way="arrival"),
            expected=version(visit),
        )
        g.book(other, "Bus", NINE + HOUR, 1)
        day_verbs.delay(g.session, arrival(visit), "+60", expected=version(visit))
        assert row(mine.booking).starts == NINE
        day_verbs.delay(g.session, arrival(visit), "+20", expected=version(visit))
        assert row(mine.booking).starts == NINE, "the other has it until 11:00"
        day_verbs.delay(g.session, arrival(visit), "-80", expected=version(visit))
        assert row(mine.booking).starts == NINE, "as if there had been no delay"
        day_verbs.delay(g.session, arrival(visit), "+60", expected=version(visit))
        day_verbs.delay(g.session, arrival(visit), "+60", expected=version(visit))
        assert row(mine.booking).starts == NINE + 2 * HOUR, "free again by then"


def test_a_room_follows_its_stage(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = g.visit()
        at = datetime(2026, 11, 30, 13, 30)
        wanted = WantedBooking(at, at + 2 * HOUR, resource=g.things["R1"], stage="talks")
        kept = book(g.session, visit, wanted, expected=version(visit))
        with reading():
            talks = Stage.get(Stage.visit == visit, Stage.stage == "talks")
        day_verbs.plan_stage(g.session, talks.id, expected=version(visit), at=at + HOUR)
        assert (row(kept.booking).starts, row(kept.booking).ends) == (at + HOUR, at + 3 * HOUR)


def test_what_was_asked_for_becomes_firm_or_gives_way(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        asked = submitted(g.who, form(g.who, "business", host="李卫东"))
        late = g.book(asked.visit, "R1").booking
        free = g.book(asked.visit, "R2").booking
        firm = g.book(g.visit(), "R1").booking
        done = now(asked.visit)
        done = said(g.who, "王海峰", done)
        said(g.who, "李卫东", done)
        held = {hold.key: hold.firm for hold in holds_on(g.session, [NINE.date()]) if hold.thing == "room"}
        assert held == {firm: True, free: True}
        assert late not in held


def test_restored_and_approved_again_it_gives_way_to_who_came_meanwhile(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit, other = g.visit(), g.visit("business", host="李卫东")
        mine = g.book(visit, "R1").booking
        day_verbs.cancel(g.session, visit, "not coming", expected=version(visit))
        theirs = g.book(other, "R1").booking
        day_verbs.restore(g.session, visit, expected=version(visit))
        assert {hold.key for hold in holds_on(g.session, [NINE.date()]) if hold.thing == "room"} == {theirs}
        session = g.who.session("刘晓燕")
        done = submit(session, visit, expected=version(visit))
        done = said(g.who, "王海峰", done)
        said(g.who, "周建国", done)
        assert {hold.key for hold in holds_on(g.session, [NINE.date()]) if hold.thing == "room"} == {theirs}
        assert mine != theirs


def test_the_lowest_class_that_will_do_and_holds_the_party(tmp_path: Path) -> None:
    """R91: a Passat or above; the smallest that holds all, one that is free."""
    with garage(tmp_path) as g:
        three = g.visit("business", host="李卫东", headcount=3)
        found = {each.purpose: each for each in propose(g.session, three)}
        assert (found["arrival"].name, found["arrival"].starts) == ("Passat", datetime(2026, 11, 30, 9, 20))
        nine = g.visit("business", host="何志明", headcount=9, client="远东电缆")
        assert {each.purpose: each.name for each in propose(g.session, nine)}["arrival"] == "Bus"
        g.book(nine, "Passat", datetime(2026, 11, 30, 10), 1, people=4)
        assert {each.purpose: each.name for each in propose(g.session, three)}["arrival"] == "Bus"


def test_a_large_party_goes_in_several_cars_the_principal_in_the_first(tmp_path: Path) -> None:
    """R90: BMW or above; the guests are spread over the cars in their order, the principal in front."""
    with garage(tmp_path) as g:
        g.add("car", "BMW2", grade="bmw", seats=4)
        guests = (
            FormGuest("甲"),
            FormGuest("乙"),
            FormGuest("徐明哲", "董事长", principal=True),
            FormGuest("丙"),
            FormGuest("丁"),
        )
        visit = g.visit(guests=guests)
        cars = [each for each in propose(g.session, visit) if each.purpose == "arrival"]
        assert [(each.name, each.people, each.guests) for each in cars] == [
            ("BMW", 4, ("徐明哲", "甲", "乙", "丙")),
            ("BMW2", 2, ("丁",)),
        ]
        assert cars[0].driver == "张德胜"
        take_proposal(g.session, visit, cars[0], expected=version(visit))
        again = [each for each in propose(g.session, visit) if each.purpose == "arrival"]
        assert [(each.name, each.people, each.guests) for each in again] == [("BMW2", 2, ("丁",))]


def test_what_nothing_is_free_for_is_said(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = g.visit()
        cars = [(each.name, each.people) for each in propose(g.session, visit) if each.purpose == "arrival"]
        assert cars == [("BMW", 4), ("", 2)]


def test_all_proposals_taken_nothing_clashes_and_nothing_is_left(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        g.add("car", "BMW2", grade="bmw", seats=4)
        visit = g.visit()
        booked = take_all(g, visit)
        assert booked[:2] == ["BMW 30 09:20-11:20 4", "BMW2 30 09:20-11:20 2"]
        assert booked[2:4] == ["R1 30 10:50-11:35 None", "R1 30 13:30-15:30 None"]
        assert g.clashes(visit) == []
        assert propose(g.session, visit) == ()


def test_a_draft_holds_nothing_and_wants_nothing(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        saved = new_draft(g.who.session("刘晓燕"), form(g.who))
        assert propose(g.who.session(COORDINATOR), saved.visit) == ()
        with reading():
            assert Visit.get_by_id(saved.visit).state == "draft"


def test_a_reason_ends_with_the_visit_it_was_given_for(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit, other = g.visit(), g.visit("business", host="李卫东")
        one = g.book(visit, "R1").booking
        two = g.book(other, "R1", reasons={f"twice:{one}": "one table each"}).booking
        day_verbs.cancel(g.session, visit, "not coming", expected=version(visit))
        assert row(two).reasons == {}


def test_who_comes_after_all_gives_way_to_who_took_it_meanwhile(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit, other = g.visit(), g.visit("business", host="李卫东")
        g.book(visit, "R1", NINE, 8)
        g.who.now = NINE + 3 * HOUR
        day_verbs.no_show(g.session, visit, expected=version(visit))
        theirs = g.book(other, "R1", NINE + HOUR).booking
        day_verbs.take_back(g.session, visit, expected=version(visit))
        assert {hold.key for hold in holds_on(g.session, [NINE.date()]) if hold.thing == "room"} == {theirs}


@pytest.mark.parametrize("recorded", [False, True])
def test_who_looks_after_the_visit_hears_of_what_gave_way(tmp_path: Path, recorded: bool) -> None:
    """R16: also where they recorded the approval themselves: nothing says so to them otherwise."""
    with garage(tmp_path) as g:
        asked = submitted(g.who, form(g.who, "business", host="李卫东"))
        g.book(asked.visit, "R1", NINE + HOUR)
        g.book(asked.visit, "R2")
        g.book(g.visit(), "R1")
        done = said(g.who, "王海峰", now(asked.visit))
        if recorded:
            decide(
                g.session, done.visit, expected=done.version, outcome="agree", words="同意", medium="phone",
                for_person=g.who.ids["李卫东"],
            )  # fmt: skip
        else:
            said(g.who, "李卫东", done)
        (line,) = [each for each in notifications(g.session) if each.role == "coordinator"]
        assert (line.visit, line.person) == (asked.visit, COORDINATOR)
        assert [words("en").text(each) for each in line.what] == [
            "R1 11-30 10:00-12:00 is booked no more (R1: 09:00-11:00 taken); book another"
        ]


def test_a_room_holds_the_guests_and_those_who_receive_them(tmp_path: Path) -> None:
    """R28, R29: six guests with the lead host and six companions are thirteen: no room for eight."""
    with garage(tmp_path) as g:
        g.add("room", "R8", seats=8, equipment=("projector",))
        ours = tuple(g.who.ids[name] for name in ("王海峰", "陈志远", "刘晓燕", "赵启航", "何志明", "方晓静"))
        visit = g.visit(companions=ours)
        rooms = {each.purpose: each for each in propose(g.session, visit) if each.thing == "room"}
        assert {(each.name, each.people) for each in rooms.values()} == {("R1", 13)}
        kept = g.book(visit, "R8")
        assert ("seats", 13) in [(clash.code, clash.hold.people) for clash in kept.clashes]
