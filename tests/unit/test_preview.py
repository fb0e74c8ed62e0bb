"""What an edit of an arranged visit would touch: just what saving it then writes down; looking does nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Refused
from models.form import FormGuest, FormMeal, MealEntry
from models.schema import journal
from models.schema.arrangements import Booking, Leg, Notification, Resource
from models.schema.arrangements import Meal as MealRow
from models.schema.store import reading, write
from models.schema.tables import JournalDetail, Person, Stage
from models.services import arrangement_verbs, booking_verbs, day_verbs
from models.services.booking_verbs import WantedBooking, propose, take_proposal
from models.services.day_verbs import Journey
from models.services.frame import Preview, preview_of
from models.services.visit_diff import pack_difference, sentence, unpack_difference
from models.services.visit_state import merge_differences
from models.words import words
from tests.unit.booking import NINE, Garage, garage, now, row, version
from tests.unit.drawn import drawn
from tests.unit.life import default_text, form, leg, refuses, submitted

GUESTS = (FormGuest("徐明哲", "董事长", principal=True), FormGuest("何丽"), FormGuest("宋平"))


@pytest.fixture
def g(tmp_path: Path) -> Iterator[Garage]:
    with garage(tmp_path) as made:
        yield made


def stage(visit: int, name: str) -> int:
    """A stage of the visit, by its id in the policy."""
    with reading():
        return int(Stage.get(Stage.visit == visit, Stage.stage == name).id)


def said(shown: Preview | None) -> list[str]:
    """What is shown of the effects."""
    return [str(words("zh").text(sentence(each))) for each in shown.differences] if shown else []


def told(shown: Preview | None) -> dict[str, list[str]]:
    """Who would be told what."""
    say = words("zh").text
    return {
        each.name or each.party: [str(say(sentence(unpack_difference(entry)))) for entry in each.what]
        for each in (shown.notifications if shown else ())
    }


def waiting(visit: int) -> dict[tuple[str, str, str], list[dict[str, Any]]]:
    """Who waits to be told what."""
    with reading():
        rows = Notification.select().where(Notification.visit == visit, Notification.told_at.is_null())
        return {(row.role, row.party, row.name): row.what for row in rows}


def same_as_saving(g: Garage, visit: int, act: Callable[[], object]) -> Preview | None:
    """Look, then save, and find that both are the same."""
    before, head, was = waiting(visit), journal.head(), version(visit)
    shown = preview_of(g.session, visit, act)
    assert (waiting(visit), journal.head(), version(visit)) == (before, head, was), "looking does nothing"
    act()
    with reading():
        rows = JournalDetail.select().where(JournalDetail.entry > head).order_by(JournalDetail.entry)
        kept: list[dict[str, Any]] = []
        for row in rows:
            kept = merge_differences(kept, json.loads(row.details).get("changed", []))
    assert [pack_difference(each) for each in (shown.differences if shown else ())] == kept
    now_waiting = waiting(visit)
    fresh = {
        key: [each for each in what if each not in before.get(key, [])]
        for key, what in now_waiting.items()
        if what != before.get(key)
    }
    assert {(e.role, e.party, e.name): list(e.what) for e in (shown.notifications if shown else ())} == fresh
    return shown


def test_what_booking_moving_and_releasing_touch(g: Garage) -> None:
    """R52, R90: the car, who sits in it, its driver, the clash and that it is solved."""
    with write():
        Resource.update(driver=g.who.ids["张德胜"]).where(Resource.name == "Passat").execute()
    other, visit = g.visit("business", host="何志明", client="鹏程线缆"), g.visit("business", host="李卫东")
    g.book(other, "Passat", NINE, 2, people=3)
    wanted = WantedBooking(NINE, NINE + timedelta(hours=2), resource=g.things["Passat"], people=3)
    with refuses("clashes"):
        preview_of(g.session, visit, lambda: booking_verbs.book(g.session, visit, wanted, expected=version(visit)))
    with reading():
        first = Booking.get(Booking.visit == other).id
    reasons = {f"twice:{first}": "同车", f"twice:driver:{first}": "同车"}
    shown = same_as_saving(
        g, visit, lambda: booking_verbs.book(g.session, visit, wanted, expected=version(visit), reasons=reasons)
    )
    assert said(shown)[0] == "新增 Passat: 11-30 09:00-11:00"
    assert any(text.startswith("新冲突: ") for text in said(shown))
    assert said(shown)[0] in told(shown)["张德胜"]
    with reading():
        booking = Booking.get(Booking.visit == visit).id
    shown = same_as_saving(
        g, visit, lambda: booking_verbs.move(g.session, booking, NINE + timedelta(hours=4), expected=version(visit))
    )
    assert said(shown)[0] == "Passat 11-30 09:00-11:00 -> 13:00-15:00"
    assert any(text.startswith("冲突已解: ") for text in said(shown))
    shown = same_as_saving(g, visit, lambda: booking_verbs.release(g.session, booking, expected=version(visit)))
    assert said(shown)[0] == "取消 Passat: 11-30 13:00-15:00"
    assert told(shown) == {}, "the driver was not told yet, and need not be any more"


def test_what_a_proposal_touches(g: Garage) -> None:
    visit = g.visit("business", host="李卫东")
    each = propose(g.session, visit)[0]
    shown = same_as_saving(g, visit, lambda: take_proposal(g.session, visit, each, expected=version(visit)))
    assert any(text.startswith(f"新增 {each.name}: ") for text in said(shown))


def test_what_a_stage_touches(g: Garage) -> None:
    """R26, R28, R68: another hour moves what hangs on it; left out it is told to the hosts and the guests, planned
    again they need not be told."""
    visit = g.visit()
    introduction = stage(visit, "introduction")
    at = NINE + timedelta(hours=4)
    plan = partial(day_verbs.plan_stage, g.session, introduction)
    shown = same_as_saving(g, visit, lambda: plan(expected=version(visit), at=at, place="三楼", people="李卫东"))
    assert {"公司介绍地点 - -> 三楼", "公司介绍人员 - -> 李卫东"} <= set(said(shown))
    assert any(text.startswith("公司介绍时间 11-30 ") and text.endswith("-> 13:00") for text in said(shown))
    assert any("公司介绍时间" in text for text in told(shown)["周建国"])
    shown = same_as_saving(g, visit, lambda: day_verbs.skip_stage(g.session, introduction, expected=version(visit)))
    assert said(shown) == ["取消 环节: 公司介绍"]
    assert {"取消 环节: 公司介绍"} == {text for texts in told(shown).values() for text in texts}
    assert {"周建国", "徐明哲 董事长"} <= told(shown).keys()
    shown = same_as_saving(g, visit, lambda: plan(expected=version(visit)))
    assert said(shown) == ["新增 环节: 公司介绍"]
    with reading():
        rows = Notification.select().where(Notification.visit == visit, Notification.told_at.is_null())
        assert not any(entry["key"] == "stage:introduction" for row in rows for entry in row.what)
    assert same_as_saving(g, visit, lambda: plan(expected=version(visit))) is None, "nothing is different"


def test_a_stage_that_is_on_again_is_told_to_who_was_told_that_it_is_off(g: Garage) -> None:
    visit = g.visit()
    tour = stage(visit, "tour")
    day_verbs.skip_stage(g.session, tour, expected=version(visit))
    with write():
        Notification.update(told_at=g.who.now).where(Notification.visit == visit).execute()
    shown = preview_of(g.session, visit, lambda: day_verbs.plan_stage(g.session, tour, expected=version(visit)))
    assert told(shown)["周建国"] == ["新增 环节: 参观介绍"]


def test_what_travel_touches(g: Garage) -> None:
    """R26, R35, R52: a group of its own, its change, a delay with the car that follows, and back with the others."""
    visit = g.visit("business", host="李卫东", guests=GUESTS)
    g.book(visit, "Bus", NINE.replace(minute=20), 2, leg=leg(now(visit)).id)
    by_train = Journey("train", "G20", "杭州东", "3 站台", NINE.replace(hour=13), ("何丽", "宋平"))
    shown = same_as_saving(
        g, visit, lambda: day_verbs.add_leg(g.session, visit, "arrival", by_train, expected=version(visit))
    )
    assert "接站时间 (何丽、宋平) - -> 11-30 13:00" in said(shown)
    group = leg(now(visit), position=1).id
    later = Journey("train", "G22", "杭州东", "3 站台", NINE.replace(hour=14), ("何丽", "宋平"))
    shown = same_as_saving(g, visit, lambda: day_verbs.change_leg(g.session, group, later, expected=version(visit)))
    assert {"接站时间 (何丽、宋平) 11-30 13:00 -> 14:00", "到达车次 (何丽、宋平) G20 -> G22"} <= set(said(shown))
    own = leg(now(visit)).id
    shown = same_as_saving(g, visit, lambda: day_verbs.delay(g.session, own, "+40", expected=version(visit)))
    assert {"接站时间 11-30 10:20 -> 11:00", "Bus 11-30 09:20-11:20 -> 10:00-12:00"} <= set(said(shown))
    shown = same_as_saving(g, visit, lambda: day_verbs.remove_leg(g.session, group, expected=version(visit)))
    assert any(text.startswith("接站时间 (何丽、宋平) 11-30 14:00 -> ") for text in said(shown))


def test_a_group_without_names_is_told_by_its_number(g: Garage) -> None:
    """Who reads "pick-up time - -> 13:00" takes it for everybody's."""
    visit = g.visit("business", host="李卫东", guests=GUESTS)
    three = Journey("train", "G20", "杭州东", "", NINE.replace(hour=13), (), 3)
    shown = same_as_saving(
        g, visit, lambda: day_verbs.add_leg(g.session, visit, "arrival", three, expected=version(visit))
    )
    assert "接站时间 (3 人) - -> 11-30 13:00" in said(shown)


def test_who_no_longer_drives_is_told_too(g: Garage) -> None:
    """R52: another driver for one trip; the car's own would wait for the guests as well."""
    visit = g.visit("business", host="李卫东", headcount=3)
    booking = g.book(visit, "BMW", NINE.replace(minute=20), 2, leg=leg(now(visit)).id).booking or 0
    other = replace(booking_verbs.as_booked(row(booking)), driver=g.who.ids["陈志远"])
    shown = preview_of(
        g.session, visit, lambda: booking_verbs.change_booking(g.session, booking, other, expected=version(visit))
    )
    said_so = "11-30 09:20-11:20 BMW 司机 张德胜 -> 陈志远"
    assert said_so in said(shown)
    assert shown is not None
    assert {each.name for each in shown.notifications if said_so in told(shown)[each.name]} == {"张德胜", "陈志远"}


def test_what_a_diet_touches(g: Garage) -> None:
    from models.schema.tables import Guest as GuestRow

    visit = g.visit(guests=GUESTS)
    with reading():
        guest = GuestRow.get(GuestRow.visit == visit, GuestRow.name == "何丽").id
    shown = same_as_saving(g, visit, lambda: arrangement_verbs.set_diet(g.session, guest, "清真"))
    assert any("清真" in text for text in said(shown))


def test_another_venue_is_told_to_who_has_the_meal_from_now_on(g: Garage) -> None:
    """A22: with another meal in the house no task is added, and yet the kitchen has one meal more."""
    day = NINE.date()
    both = (FormMeal(day, 6, 7, meal="lunch", venue="in_house"), FormMeal(day, 6, 7, meal="dinner", venue="outside"))
    visit = g.visit(meals=both)
    with reading():
        dinner = MealRow.get(MealRow.visit == visit, MealRow.meal == "dinner").id
    home = MealEntry(day, 6, 7, meal="dinner", venue="in_house")
    shown = preview_of(
        g.session, visit, lambda: arrangement_verbs.save_meal(g.session, visit, dinner, home, expected=version(visit))
    )
    assert "11-30 晚餐 公司外 -> 公司内" in said(shown)
    assert shown is not None
    kitchen = next(each for each in shown.notifications if each.party == "logistics")
    assert "11-30 晚餐 公司外 -> 公司内" in [
        words("zh").text(sentence(unpack_difference(each))) for each in kitchen.what
    ]


def test_whose_diets_no_longer_count_at_a_meal_is_seen(g: Garage) -> None:
    """Who sits there by name leaves the others' needs out: the sum is shown before and after, meal by meal."""
    visit = g.visit(guests=(FormGuest("徐明哲", principal=True, diet="清真"), FormGuest("何丽", diet="素食")))
    with reading():
        lunch = MealRow.get(MealRow.visit == visit)
    named = MealEntry(
        lunch.on, 6, 7, meal=lunch.meal, venue=lunch.venue, bottles=lunch.bottles, packs=lunch.packs,
        diners=("何丽",), diet="不吃香菜 2",
    )  # fmt: skip
    shown = preview_of(
        g.session,
        visit,
        lambda: arrangement_verbs.save_meal(g.session, visit, lunch.id, named, expected=version(visit)),
    )
    assert "11-30 午餐饮食 清真 1、素食 1 -> 素食 1、不吃香菜 2" in said(shown)


def test_a_visit_that_is_not_arranged_disturbs_nobody(g: Garage) -> None:
    """A request may be booked for before it is approved: nothing is shown, and nothing is tried."""
    visit = submitted(g.who, form(g.who)).visit
    tried: list[object] = []
    assert preview_of(g.session, visit, lambda: tried.append(1)) is None
    assert preview_of(g.session, 9999, lambda: tried.append(1)) is None
    assert tried == []


def test_what_is_refused_is_refused_before_it_is_shown(g: Garage) -> None:
    visit = g.visit()
    with refuses("stale"):
        preview_of(
            g.session, visit, lambda: day_verbs.skip_stage(g.session, stage(visit, "tour"), expected=version(visit) - 1)
        )
    head = journal.head()
    with refuses("own_leg"):
        preview_of(
            g.session, visit, lambda: day_verbs.remove_leg(g.session, leg(now(visit)).id, expected=version(visit))
        )
    assert journal.head() == head


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["book", "take", "move", "release", "delay", "plan", "skip", "group", "join"]),
        st.integers(0, 5),
        st.integers(-90, 90),
    ),
    min_size=1,
    max_size=6,
)


def test_any_edits_are_as_they_were_shown() -> None:
    """A33: whatever is edited after approval does what was shown before, no more and no less."""
    made: Counter[str] = Counter()

    @drawn(6, 15)
    @given(edits=EDITS)
    def check(edits: list[tuple[str, int, int]]) -> None:
        with TemporaryDirectory() as place, garage(Path(place)) as g:
            visit = g.visit("business", host="李卫东", guests=GUESTS)
            for verb, which, by in edits:
                act = _edit(g, visit, verb, which, by)
                if act is None:
                    continue
                try:
                    same_as_saving(g, visit, act)
                except Refused:
                    continue
                made[verb] += 1

    check()
    assert len(made) >= 6, made


def _edit(g: Garage, visit: int, verb: str, which: int, by: int) -> Callable[[], object] | None:
    """One edit, or None where there is nothing to do it to."""
    session, seen = g.session, version(visit)
    at = NINE + timedelta(minutes=by)
    if verb == "book":
        thing = list(g.things.values())[which % len(g.things)]
        return lambda: booking_verbs.book(
            session, visit, WantedBooking(at, at + timedelta(hours=1), resource=thing), expected=seen
        )
    if verb == "take":
        found = [each for each in propose(session, visit) if each.wanted]
        return (lambda: take_proposal(session, visit, found[which % len(found)], expected=seen)) if found else None
    if verb in ("move", "release"):
        with reading():
            rows = [each.id for each in Booking.select().where(Booking.visit == visit)]
        if not rows:
            return None
        row = rows[which % len(rows)]
        if verb == "release":
            return lambda: booking_verbs.release(session, row, expected=seen)
        return lambda: booking_verbs.move(session, row, at, expected=seen)
    if verb == "delay":
        return lambda: day_verbs.delay(session, leg(now(visit)).id, f"{by:+d}", expected=seen)
    if verb in ("plan", "skip"):
        with reading():
            rows = [each.id for each in Stage.select().where(Stage.visit == visit)]
        row = rows[which % len(rows)]
        if verb == "skip":
            return lambda: day_verbs.skip_stage(session, row, expected=seen)
        moment = datetime(2026, 11, 30, 14) + timedelta(minutes=by)
        return lambda: day_verbs.plan_stage(
            session, row, expected=seen, at=moment if by > 0 else None, place=f"{which} 楼"
        )
    if verb == "group":
        later = Journey("car", at=at, guests=(GUESTS[which % 3].name,))
        return lambda: day_verbs.add_leg(session, visit, "arrival", later, expected=seen)
    with reading():
        group = Leg.get_or_none(Leg.visit == visit, Leg.position > 0)
    return (lambda: day_verbs.remove_leg(session, group.id, expected=seen)) if group else None


def test_what_cannot_follow_is_shown_as_a_clash(g: Garage) -> None:
    """R52: a car that another visit has then stays where it is, which is seen before the delay is saved."""
    other, visit = g.visit("business", host="何志明", client="鹏程线缆"), g.visit("business", host="李卫东")
    arrival = leg(now(visit)).id
    booking = g.book(visit, "Bus", NINE.replace(minute=20), 2, leg=arrival).booking or 0
    g.book(other, "Bus", NINE.replace(hour=12), 2)
    shown = same_as_saving(g, visit, lambda: day_verbs.delay(g.session, arrival, "+60", expected=version(visit)))
    off = "Bus 时间不符, 应为 11-30 10:20-12:20；Bus：12:00-14:00 另有安排（鹏程线缆）"
    assert f"新冲突: {off}" in said(shown)
    assert not any("Bus 11-30 09:20-11:20 ->" in text for text in said(shown))
    shown = same_as_saving(g, visit, lambda: booking_verbs.release(g.session, booking, expected=version(visit)))
    assert f"冲突已解: {off}" in said(shown)


def test_a_clash_that_still_stands_is_not_said_to_be_resolved(g: Garage) -> None:
    """A host who has two parts in one visit may be wanted elsewhere at both; the one that moves away resolves
    nothing."""
    other, visit = g.visit("business", host="何志明", client="鹏程线缆"), g.visit("business", host="李卫东")
    with reading():
        host = Person.get(Person.name == "李卫东").id
    meeting = WantedBooking(NINE.replace(hour=8), datetime(2026, 12, 1, 18), person=host)
    booking_verbs.book(g.session, other, meeting, expected=version(other))
    leaving = leg(now(visit), "departure").id
    shown = same_as_saving(g, visit, lambda: day_verbs.delay(g.session, leaving, "+240", expected=version(visit)))
    assert "送站时间 12-01 15:00 -> 19:00" in said(shown)
    assert [text for text in said(shown) if "冲突" in text] == []


def test_a_visit_only_some_may_see_is_named_to_nobody(tmp_path: Path) -> None:
    """R74: what is said of a clash is kept in the history of the other visit, which many may read."""
    text = default_text().replace('id = "customer"\n', 'id = "customer"\nsee = ["general_manager"]\n', 1)
    assert "see = [" in text
    with garage(tmp_path, text) as g:
        visit, other = g.visit("business", host="李卫东"), g.visit(client="鹏程线缆", host="周建国")
        g.book(other, "R1", NINE, 4)
        with refuses("clashes") as refusal:
            g.book(visit, "R1", NINE, 2)
        assert "鹏程线缆" not in words("zh").text(refusal.value.phrase)
