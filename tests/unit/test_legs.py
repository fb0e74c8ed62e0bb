"""Groups of guests: who comes how, one step after the other, delays and what moves with them, tickets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Refused
from models.form import FormGuest
from models.schema.arrangements import Booking, Leg
from models.schema.store import reading, write
from models.schema.tables import Stage, Visit
from models.services.arrangement_verbs import amend
from models.services.booking_verbs import WantedBooking, book
from models.services.day_verbs import (
    Journey,
    add_leg,
    back_leg,
    change_leg,
    delay,
    met,
    miss_leg,
    next_leg,
    no_show,
    plan_stage,
    remove_leg,
    restore,
    seen_off,
    start_stage,
    take_back,
    ticket,
)
from models.services.resource_verbs import Thing, add_resource
from models.services.task_verbs import tick
from models.services.visits import Done
from models.services.whereabouts import PATHS
from tests.unit.drawn import drawn
from tests.unit.life import Company, approved, company, form, late, leg, refuses, said, stages, tasks, visit

DAY = datetime(2026, 11, 30)
GUESTS = (FormGuest("徐明哲", "董事长", principal=True), FormGuest("何丽"), FormGuest("宋平"))


@pytest.fixture
def vip(who: Company) -> Done:
    return approved(who, form(who, guests=GUESTS))


def grouped(who: Company, done: Done) -> Done:
    """Two of the six come three hours later by train."""
    by_train = Journey("train", "G20", "杭州东", "3 站台", DAY.replace(hour=13), ("何丽", "宋平"))
    return add_leg(who.session("林小雨"), done.visit, "arrival", by_train, expected=visit(done).version)


def step(who: Company, done: Done, way: str = "arrival", position: int = 0) -> Done:
    return next_leg(who.session("林小雨"), leg(done, way, position).id, expected=visit(done).version)


def moved(was: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, timedelta]:
    """By how much each stage, or each task's due time, was moved."""
    found = {}
    for key, old in was.items():
        at, new = (row.at if isinstance(row, Stage) else row.due for row in (old, now[key]))
        if at is not None and new is not None and new != at:
            found[key] = new - at
    return found


def test_one_group_after_the_other_is_met_and_leaves(who: Company, vip: Done) -> None:
    """R26, R35: the first group met makes the visit under way, the last that left makes it done."""
    done = grouped(who, vip)
    who.now = DAY.replace(hour=10)
    for state in ("on_way", "here", "met"):
        done = step(who, done)
        assert leg(done).state == state
    assert (done.state, leg(done, position=1).state) == ("under_way", "planned")
    done = step(who, step(who, step(who, done, position=1), position=1), position=1)
    assert leg(done, position=1).state == "met"
    session = who.session("林小雨")
    going = Journey("plane", "CA1", people=4, at=DAY.replace(day=1, month=12, hour=9))
    done = add_leg(session, done.visit, "departure", going, expected=done.version)
    done = step(who, done, "departure", 1)
    assert (done.state, leg(done, "departure", 1).state) == ("under_way", "left")
    done = step(who, done, "departure")
    assert done.state == "done"


def test_all_guests_at_once(who: Company, vip: Done) -> None:
    """R26: what is said of the whole visit is said of every group that it can be said of."""
    done = grouped(who, vip)
    done = met(who.session("林小雨"), done.visit, expected=done.version)
    assert [leg(done, position=n).state for n in (0, 1)] == ["met", "met"]
    done = seen_off(who.session("林小雨"), done.visit, expected=done.version)
    done = take_back(who.session("林小雨"), done.visit, expected=done.version)
    assert (done.state, leg(done, "departure").state) == ("under_way", "planned")


def test_a_group_that_does_not_come(who: Company, vip: Done) -> None:
    """A26: the others are received all the same; when no group came the visit is a no-show."""
    done = grouped(who, vip)
    session = who.session("林小雨")
    who.now = DAY.replace(hour=12)
    with refuses("not_yet_due"):
        miss_leg(session, leg(done, position=1).id, expected=done.version)
    with refuses("not_coordinator"):
        miss_leg(who.session("周建国"), leg(done).id, expected=done.version)
    done = miss_leg(session, leg(done).id, expected=done.version)
    assert done.state == "approved"
    who.now = DAY.replace(hour=18)
    done = miss_leg(session, leg(done, position=1).id, expected=done.version)
    assert done.state == "no_show"
    with refuses("not_coordinator"):
        take_back(who.session("周建国"), done.visit, expected=done.version)
    done = back_leg(session, leg(done, position=1).id, expected=done.version)
    assert (done.state, leg(done, position=1).state, leg(done).state) == ("approved", "planned", "no_show")


def test_who_is_in_which_group(who: Company, vip: Done) -> None:
    """A19: nobody comes twice, and no more come than were announced; the form's own leg has the others."""
    done = grouped(who, vip)
    session, at = who.session("林小雨"), DAY.replace(hour=15)
    for journey, code in (
        (Journey(at=at, guests=("何丽",)), "guest_in_two"),
        (Journey(at=at), "leg_empty"),
        (Journey(at=at, people=5), "out_of_range"),
        (Journey(at=at, people=1, guests=("徐明哲", "丁")), "out_of_range"),
        (Journey("rocket", at=at, people=1), "not_one_of"),
    ):
        with refuses(code):
            add_leg(session, done.visit, "arrival", journey, expected=done.version)
    with refuses("own_leg"):
        remove_leg(session, leg(done).id, expected=done.version)
    done = add_leg(session, done.visit, "arrival", Journey(at=at, people=4), expected=done.version)
    done = step(who, step(who, step(who, done, position=1), position=1), position=1)
    with refuses("leg_begun"):
        remove_leg(session, leg(done, position=1).id, expected=done.version)
    done = remove_leg(session, leg(done, position=2).id, expected=done.version)
    with reading():
        assert Leg.select().where(Leg.way == "arrival").count() == 2


def test_who_comes_later_sits_in_no_car_of_the_others(who: Company, vip: Done) -> None:
    """R52: their seats are free again."""
    session, begin = who.session("林小雨"), DAY.replace(hour=9, minute=20)
    car = add_resource(session, "car", Thing("浙A·B8801", grade="bmw", seats=4, driver=who.ids["张德胜"]))
    names = ("徐明哲", "何丽", "宋平")
    wanted = WantedBooking(begin, begin + timedelta(hours=2), resource=car, leg=leg(vip).id, people=4, guests=names)
    grouped(who, book(session, vip.visit, wanted, expected=vip.version).done)
    with reading():
        booking = Booking.get()
    assert (booking.guests, booking.people) == (["徐明哲"], 2)


def test_a_group_of_all_leaves_the_forms_own_leg_empty(who: Company, vip: Done) -> None:
    """R35: an empty leg waits for nobody: the visit is done when the groups have left."""
    session = who.session("林小雨")
    done = met(session, vip.visit, expected=vip.version)
    for n in (2, 4):
        done = add_leg(session, done.visit, "departure", Journey(people=n), expected=done.version)
    done = step(who, step(who, done, "departure", 1), "departure", 2)
    assert done.state == "done"


def test_a_delay_moves_what_hangs_on_the_arrival(who: Company, vip: Done) -> None:
    """R26, R41: planned stages and open tasks follow; what was set by hand, ticked, or hangs on the departure stays."""
    session = who.session("林小雨")
    done = plan_stage(session, stages(vip)["talks"].id, expected=vip.version, at=DAY.replace(hour=13))
    tick(who.session("王海峰"), tasks(done)["R39"].id, expected=tasks(done)["R39"].version)
    was, due = stages(done), tasks(done)
    done = late(session, done, "+40")
    assert leg(done).expected == DAY.replace(hour=11)
    shift = moved(was, stages(done))
    assert {name: shift.get(name) for name in ("pick_up", "welcome")} == dict.fromkeys(
        ("pick_up", "welcome"), timedelta(minutes=40)
    )
    assert stages(done)["introduction"].at == DAY.replace(hour=13, minute=45), "after lunch, and the talks set by hand"
    assert not {"talks", "dining", "send_off"} & shift.keys(), "a meal is at its hour"
    assert moved(due, tasks(done))["R68"] == timedelta(minutes=40), "due at the welcome"
    assert "R39" not in moved(due, tasks(done)), "ticked"
    done = late(session, done, "10:20")
    assert leg(done).expected is None
    assert moved(was, stages(done)) == moved(due, tasks(done)) == {}


def test_tasks_follow_the_stage_that_was_planned(who: Company, vip: Done) -> None:
    """R45: a stage put elsewhere by hand takes the open tasks along that are due by it."""
    due = tasks(vip)
    session = who.session("林小雨")
    done = plan_stage(session, stages(vip)["tour"].id, expected=vip.version, at=DAY.replace(hour=18, minute=15))
    assert set(moved(due, tasks(done)).values()) == {timedelta(hours=4)}


def test_a_later_group_does_not_move_the_visit(who: Company, vip: Done) -> None:
    done = grouped(who, vip)
    was = stages(done)
    session = who.session("林小雨")
    done = delay(session, leg(done, position=1).id, "14:30", expected=done.version)
    assert leg(done, position=1).expected == DAY.replace(hour=14, minute=30)
    assert moved(was, stages(done)) == {}
    own = leg(done)
    alone = Journey("plane", "MU1", at=DAY.replace(hour=11), people=None)
    done = change_leg(session, own.id, alone, expected=done.version)
    assert (leg(done).number, leg(done).planned, leg(done).expected) == ("MU1", None, DAY.replace(hour=11))
    assert moved(was, stages(done))["welcome"] == timedelta(minutes=40)


def test_a_change_of_the_form_takes_a_delay_away_and_moves_the_stages(who: Company, vip: Done) -> None:
    """A33: a new day of arrival is a new time; stages that had moved with the delay move with it, too."""
    session = who.session("林小雨")
    done = late(session, vip, "+40")
    tuesday = DAY + timedelta(days=1)
    changed = form(who, guests=GUESTS, arrive=tuesday.replace(hour=10), depart=tuesday.replace(hour=20))
    done = amend(session, done.visit, changed, expected=done.version).done
    assert leg(done).expected is None
    assert stages(done)["welcome"].at == datetime(2026, 12, 1, 10, 50)


def test_what_cannot_be_delayed_or_understood(who: Company, vip: Done) -> None:
    done = step(who, step(who, vip))
    session = who.session("林小雨")
    with refuses("leg_here"):
        late(session, done, "+10")
    with refuses("not_understood"):
        late(session, done, "bald", "departure")
    with refuses("no_part"):
        late(who.session("陈志远"), done, "+10", "departure")
    with refuses("stale"):
        delay(session, leg(done).id, "+10", expected=vip.version)
    with refuses("no_leg"):
        delay(session, 99, "+10", expected=done.version)


def test_the_ticket_back(who: Company, vip: Done) -> None:
    """R59: what was bought, and when; said by mistake it is taken back."""
    session = who.session("林小雨")
    with refuses("ticket_back"):
        ticket(session, leg(vip).id, "G21", expected=vip.version)
    done = ticket(session, leg(vip, "departure").id, "G21 6 张", expected=vip.version)
    assert (leg(done, "departure").ticket, leg(done, "departure").ticketed_at) == ("G21 6 张", who.now)
    done = ticket(session, leg(done, "departure").id, "", expected=done.version)
    assert leg(done, "departure").ticketed_at is None


def test_a_step_back_when_a_stage_began(who: Company, vip: Done) -> None:
    session = who.session("林小雨")
    done = met(session, vip.visit, expected=vip.version)
    done = back_leg(session, leg(done).id, expected=done.version)
    assert (done.state, leg(done).state) == ("approved", "here")
    done = step(who, done)
    done = start_stage(session, stages(done)["welcome"].id, expected=done.version)
    with refuses("stages_begun"):
        back_leg(session, leg(done).id, expected=done.version)
    done = step(who, step(who, done))
    assert done.state == "done"
    assert back_leg(session, leg(done).id, expected=done.version).state == "under_way"


def test_guests_leave_or_stay_away_while_a_change_is_decided(who: Company, vip: Done) -> None:
    """A26: nothing of it waits for the decision; the visit is then where its guests are."""
    session = who.session("林小雨")
    who.now = DAY.replace(hour=12)
    done = amend(session, vip.visit, form(who, guests=GUESTS, headcount=9), expected=vip.version).done
    done = no_show(session, done.visit, expected=done.version)
    assert (done.state, leg(done).state) == ("submitted", "no_show")
    done = take_back(session, done.visit, expected=done.version)
    done = seen_off(session, met(session, done.visit, expected=done.version).visit, expected=done.version + 1)
    assert done.state == "submitted"
    done = said(who, "周建国", done)
    assert done.state == "done"


def test_restored_everybody_is_expected_again(who: Company, vip: Done) -> None:
    from models.services.day_verbs import cancel

    done = step(who, late(who.session("林小雨"), vip, "+20"))
    done = cancel(who.session("林小雨"), done.visit, "改期", expected=done.version)
    done = restore(who.session("林小雨"), done.visit, expected=done.version)
    assert (leg(done).state, leg(done).expected) == ("planned", None)


VERBS = st.lists(
    st.tuples(
        st.sampled_from(["next", "back", "miss", "delay", "add", "remove"]),
        st.sampled_from(["arrival", "departure"]),
        st.integers(0, 3),
        st.sampled_from(["+40", "-15", "+0:30", "10:00", "16:30"]),
    ),
    min_size=8,
    max_size=25,
)


def test_groups_only_move_along_their_path_and_stages_stay_in_order() -> None:
    """R26, R35, A26: whatever is said of whichever group, each is a step from where it was; the visit's state is that
    of its groups; stages that stood in order still do, and no task is lost."""
    made: Counter[str] = Counter()

    @drawn(20, 32)
    @given(VERBS)
    def each(verbs: list[tuple[str, str, int, str]]) -> None:
        with TemporaryDirectory() as folder, company(Path(folder)) as who:
            done = approved(who, form(who, guests=GUESTS))
            order, duties = list(tasks(done)), [name for name, each in stages(done).items() if each.at]
            who.now = DAY.replace(hour=20)
            for verb, way, position, text in verbs:
                before = states(done)
                made[verb] += apply(who, done, verb, way, position, text)
                for place, state in states(done).items():
                    was = before.get(place, "planned")
                    path = PATHS[place[0]]
                    assert state in (*path, "no_show")
                    if "no_show" not in (was, state):
                        assert abs(path.index(state) - path.index(was)) <= 1
                check(done)
            found = stages(done)
            arriving = [found[name].at for name in duties if name not in ("dining", "send_off")]
            assert arriving == sorted(at for at in arriving if at)
            assert list(tasks(done)) == order

    each()
    assert len(+made) >= 4, made


def states(done: Done) -> dict[tuple[str, int], str]:
    with reading():
        return {(each.way, each.position): each.state for each in Leg.select().where(Leg.visit == done.visit)}


def apply(who: Company, done: Done, verb: str, way: str, position: int, text: str) -> bool:
    """Do it if it may be done now; whether it was done."""
    session, seen = who.session("林小雨"), visit(done).version
    with reading():
        found = Leg.get_or_none(Leg.visit == done.visit, Leg.way == way, Leg.position == position)
    try:
        if verb == "add":
            add_leg(
                session,
                done.visit,
                "arrival" if way == "arrival" else "departure",
                Journey(people=position),
                expected=seen,
            )
        elif found is not None and verb == "delay":
            delay(session, found.id, text, expected=seen)
        elif found is not None:
            {"next": next_leg, "back": back_leg, "miss": miss_leg, "remove": remove_leg}[verb](
                session, found.id, expected=seen
            )
    except Refused:
        assert visit(done).version == seen, "what is refused changes nothing"
    return visit(done).version != seen


def check(done: Done) -> None:
    """The visit is what its groups make it."""
    row = visit(done)
    with reading():
        legs = list(Leg.select().where(Leg.visit == row.id))
    counted = [each for each in legs if each.position or (row.headcount or 0) > sum(
        other.people or 0 for other in legs if other.way == each.way and other.position)]  # fmt: skip
    here = any(each.state in ("met", "on_site") for each in counted)
    gone = all(each.state == "left" for each in counted if each.way == "departure")
    away = all(each.state == "no_show" for each in counted if each.way == "arrival")
    expected = "done" if gone else "under_way" if here else "no_show" if away else "approved"
    assert row.state == expected


def test_every_visit_has_its_own_two_legs(who: Company, vip: Done) -> None:
    """R104: also one whose form did not say how its guests come."""
    with write():
        assert {each.way for each in Leg.select().where(Leg.visit == vip.visit)} == {"arrival", "departure"}
        assert Visit.get_by_id(vip.visit).headcount == 6
