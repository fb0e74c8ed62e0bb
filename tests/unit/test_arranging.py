"""Meals, rooms, gifts: what is changed after approval reaches plan, tasks and findings; what is ticked is kept."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.form import CostEntry, Form, FormGuest, FormMeal, MealEntry, RoomEntry
from models.policy.case import PlannedCost, PlannedLodging
from models.schema import arrangements, journal
from models.schema.arrangements import Notification
from models.schema.store import open_store, reading, write
from models.schema.tables import ClientPerson, JournalDetail, Visit
from models.schema.tables import Guest as GuestRow
from models.services import arrangement_verbs
from models.services.arrangement_verbs import amend, impact
from models.services.visit_form import as_request, read_form
from models.services.visits import Done
from tests.unit.life import (
    Company,
    approved,
    expenses,
    findings_of,
    form,
    refuses,
    said,
    submitted,
    tasks,
    visit,
)

EVIL = "[/x] [bold] =cmd() \x1b[2J 买买提·吐尔逊 𠮷"
DAY = date(2026, 11, 30)
LUNCH = MealEntry(DAY, 6, 7, at=time(12, 0), meal="lunch", venue="in_house", bottles=4, packs=3)


@pytest.fixture
def done(who: Company) -> Done:
    return approved(who, form(who))


def rows(table: Any, done: Done) -> list[Any]:
    """The visit's rows of a table, in order."""
    with reading():
        return list(table.select().where(table.visit == done.visit).order_by(table.position))


def meal(done: Done, at: int = 0) -> Any:
    return rows(arrangements.Meal, done)[at]


def stored_form(done: Done) -> Form:
    with reading():
        return read_form(Visit.get(Visit.id == done.visit))


def test_another_venue_gives_the_duty_to_another_department(who: Company, done: Done) -> None:
    """A22: R64 and R43 are asked for at home, R56 outside; the place goes with its meal. R43 R56 R64."""
    assert {"R43", "R64"} <= tasks(done, "open").keys()
    assert "R56" not in tasks(done, "open")
    out = arrangement_verbs.save_meal(
        who.session("林小雨"),
        done.visit,
        meal(done).id,
        replace(LUNCH, venue="outside", place="松鹤楼"),
        expected=done.version,
    )
    assert "R56" in tasks(out, "open")
    assert tasks(out, "gone").keys() >= {"R43", "R64"}
    assert (meal(done).place, meal(done).at) == ("松鹤楼", datetime(2026, 11, 30, 12))
    arrangement_verbs.save_meal(who.session("林小雨"), done.visit, meal(done).id, LUNCH, expected=out.version)
    assert {"R43", "R64"} <= tasks(done, "open").keys()


def test_the_plan_follows_the_diners_bottles_and_packs(who: Company, done: Done) -> None:
    """A10: 13 diners at 150, 4 bottles at 500, 3 packets at 40; then 9 diners at 120, 2 bottles, no tobacco."""
    assert visit(done).total - _lodged(done) == 13 * 15000 + 4 * 50000 + 3 * 4000
    entry = replace(LUNCH, guests=6, companions=3, price=12000, bottles=2, packs=0)
    arrangement_verbs.save_meal(who.session("林小雨"), done.visit, meal(done).id, entry, expected=done.version)
    assert "tobacco1" not in expenses(done)
    assert visit(done).total - _lodged(done) == 9 * 12000 + 2 * 50000


def test_who_sits_there_and_what_they_do_not_eat_changes_no_plan(who: Company, done: Done) -> None:
    total, journalled = visit(done).total, journal.head()
    entry = replace(LUNCH, diners=("徐明哲",), diet="清真 2", at=time(12, 30))
    after = arrangement_verbs.save_meal(who.session("林小雨"), done.visit, meal(done).id, entry, expected=done.version)
    kept = meal(done)
    assert (kept.diners, kept.diet, kept.at) == (["徐明哲"], "清真 2", datetime(2026, 11, 30, 12, 30))
    assert visit(done).total == total
    assert _verbs(done, journalled) == ["meal"]
    assert after.version > done.version
    again = arrangement_verbs.save_meal(who.session("林小雨"), done.visit, kept.id, entry, expected=after.version)
    assert again.version == after.version, "nothing changed"


def _lodged(done: Done) -> int:
    return expenses(done)["lodging1"].planned or 0


def _verbs(done: Done, since: int) -> list[str]:
    from models.schema.tables import Journal

    with reading():
        return [row.verb for row in Journal.select().where(Journal.id > since, Journal.visit == done.visit)]


def test_a_meal_more_and_one_less(who: Company, done: Done) -> None:
    session = who.session("林小雨")
    dinner = MealEntry(
        DAY, 6, 2, at=time(18, 30), meal="dinner", venue="outside", place="松鹤楼", price=10000, diners=("徐明哲",)
    )
    more = arrangement_verbs.save_meal(session, done.visit, None, dinner, expected=done.version)
    assert [row.meal for row in rows(arrangements.Meal, done)] == ["lunch", "dinner"]
    assert meal(done, 1).diners == ["徐明哲"]
    assert expenses(done)["meal2"].planned == 8 * 10000
    less = arrangement_verbs.remove_meal(session, meal(done).id, expected=more.version)
    assert [row.meal for row in rows(arrangements.Meal, done)] == ["dinner"]
    assert meal(done).at == datetime(2026, 11, 30, 18, 30), "what was arranged stays with its meal"
    assert less.state == "approved"
    with refuses("no_arrangement"):
        arrangement_verbs.remove_meal(session, 9999, expected=less.version)


def test_more_named_than_come_is_refused(who: Company, done: Done) -> None:
    with refuses("diners_more"):
        entry = replace(LUNCH, guests=1, diners=("徐明哲", "方圆"))
        arrangement_verbs.save_meal(who.session("林小雨"), done.visit, meal(done).id, entry, expected=done.version)
    with refuses("sleepers_more"):
        arrangement_verbs.save_room(
            who.session("林小雨"), done.visit, None, RoomEntry(DAY, 1, guests=("徐明哲", "方圆")), expected=done.version
        )


def test_who_of_ours_sits_there_counts_by_the_post_and_is_told(who: Company, done: Done) -> None:
    """A28: of two who are known and five who are not, each stands for one; their posts are those of the limit."""
    ours = (who.ids["周建国"], who.ids["刘晓燕"])
    session, lunch = who.session("林小雨"), meal(done).id
    saved = arrangement_verbs.save_meal(
        session, done.visit, lunch, replace(LUNCH, ours=ours, companions=7), expected=done.version
    )
    assert (meal(done).ours, meal(done).companions) == (list(ours), 7)
    asked = as_request(who.policy, stored_form(done), requested_at=who.now)
    assert asked.meals[0].companion_posts == ("general_manager", "project_sales_lead")
    assert stored_form(done).diners == ours, "the request names who is named at its meals"
    with reading():
        told = Notification.select().where(Notification.visit == done.visit)
        assert {each.name for each in told if each.role in ("host", "person")} == {"周建国", "刘晓燕"}
    again = arrangement_verbs.save_meal(
        session, done.visit, lunch, replace(LUNCH, companions=6), expected=saved.version
    )
    assert (meal(done).ours, meal(done).companion_posts, again.state) == ([], [], "approved")
    assert (meal(done).companions, stored_form(done).diners) == (6, ())


def test_over_the_standard_a_reason_is_asked_for_and_taken(who: Company, done: Done) -> None:
    dear = replace(LUNCH, price=30000)
    with refuses("findings") as refused:
        arrangement_verbs.save_meal(who.session("林小雨"), done.visit, meal(done).id, dear, expected=done.version)
    codes = [finding.code for finding in findings_of(refused)]
    arrangement_verbs.save_meal(
        who.session("林小雨"),
        done.visit,
        meal(done).id,
        dear,
        expected=done.version,
        reasons=dict.fromkeys(codes, "签约宴请"),
    )
    assert expenses(done)["meal1"].planned_over > 0


def test_the_hour_stays_when_the_day_moves(who: Company, done: Done) -> None:
    session = who.session("林小雨")
    saved = arrangement_verbs.save_meal(session, done.visit, meal(done).id, LUNCH, expected=done.version)
    made = read_form(visit(done))
    moved = replace(made, meals=(replace(made.meals[0], on=date(2026, 12, 1)),))
    amend(session, done.visit, moved, expected=saved.version)
    assert meal(done).at == datetime(2026, 12, 1, 12)


def test_a_diet_is_kept_with_the_guest_and_in_the_clients_record(who: Company, done: Done) -> None:
    (guest,) = rows(GuestRow, done)
    arrangement_verbs.set_diet(who.session("林小雨"), guest.id, f"清真、{EVIL}")
    (guest,) = rows(GuestRow, done)
    assert guest.diet.startswith("清真、[/x] [bold]")
    assert "\x1b" not in guest.diet
    with reading():
        assert ClientPerson.get(ClientPerson.name == "徐明哲").diet == guest.diet
    with refuses("no_part"):
        arrangement_verbs.set_diet(who.session("张德胜"), guest.id, "")
    with refuses("no_arrangement"):
        arrangement_verbs.set_diet(who.session("林小雨"), 999, "")


def test_a_diet_said_while_a_change_is_decided_outlives_its_refusal(who: Company, done: Done) -> None:
    more = amend(who.session("林小雨"), done.visit, replace(read_form(visit(done)), headcount=9), expected=done.version)
    assert more.done.state == "submitted"
    (guest,) = rows(GuestRow, done)
    arrangement_verbs.set_diet(who.session("林小雨"), guest.id, "花生过敏")
    now = visit(done)
    said(who, "周建国", replace(more.done, version=now.version), "refuse", "不必")
    (guest,) = rows(GuestRow, done)
    assert guest.diet == "花生过敏"


def test_rooms_are_arranged_and_ticked(who: Company, done: Done) -> None:
    """R108, A12: the hotel and who sleeps there beside the form; who pays is the form's, the tick anybody's."""
    session = who.session("林小雨")
    (room,) = rows(arrangements.Lodging, done)
    entry = RoomEntry(DAY, 6, 1, "four_star", 60000, place=f"东湖宾馆 {EVIL}", guests=("徐明哲",))
    saved = arrangement_verbs.save_room(session, done.visit, room.id, entry, expected=done.version)
    (room,) = rows(arrangements.Lodging, done)
    assert (room.grade, room.guests, "\x1b" in room.place) == ("four_star", ["徐明哲"], False)
    assert expenses(done)["lodging1"].planned == 6 * 60000
    arrangement_verbs.check_in(who.session("刘晓燕"), room.id)
    assert rows(arrangements.Lodging, done)[0].checked_in == who.now
    arrangement_verbs.check_in(session, room.id, there=False)
    assert rows(arrangements.Lodging, done)[0].checked_in is None
    own = arrangement_verbs.save_room(
        session, done.visit, room.id, replace(entry, payer="guest"), expected=saved.version
    )
    assert expenses(done)["lodging1"].payer == "guest"
    with refuses("no_part"):
        arrangement_verbs.check_in(who.session("张德胜"), room.id)
    two = arrangement_verbs.save_room(
        session, done.visit, None, RoomEntry(DAY, 1, payer="guest", place="如家"), expected=own.version
    )
    arrangement_verbs.remove_room(session, room.id, expected=two.version)
    assert [row.place for row in rows(arrangements.Lodging, done)] == ["如家"]


@pytest.mark.parametrize("entry", [RoomEntry(DAY, 0), RoomEntry(DAY, 6, 0), CostEntry("gift", Decimal(0), on=DAY)])
def test_none_of_something_is_not_arranged(who: Company, done: Done, entry: RoomEntry | CostEntry) -> None:
    session = who.session("林小雨")
    with refuses("out_of_range"):
        if isinstance(entry, RoomEntry):
            arrangement_verbs.save_room(session, done.visit, None, entry, expected=done.version)
        else:
            arrangement_verbs.save_cost(session, done.visit, None, entry, expected=done.version)
    assert visit(done).version == done.version


def test_a_gift_names_who_decided_it_and_the_costs_take_it_over(who: Company, done: Done) -> None:
    """R93, R94: what the standard leaves to the lead host is kept with who set it."""
    session = who.session("林小雨")
    entry = CostEntry("gift", Decimal(2), "", 20000, DAY, to="徐明哲", what="龙井", at=time(15, 0), decided_by="周建国")
    given = arrangement_verbs.save_cost(session, done.visit, None, entry, expected=done.version)
    (gift,) = rows(arrangements.Cost, done)
    assert (gift.what, gift.to, gift.decided_by, gift.at) == ("龙井", "徐明哲", "周建国", datetime(2026, 11, 30, 15))
    assert (expenses(done)["cost1"].planned, expenses(done)["cost1"].decided_by) == (40000, "周建国")
    arrangement_verbs.hand_out(session, gift.id)
    (gift,) = rows(arrangements.Cost, done)
    assert (gift.done_at, gift.done_by_id) == (who.now, who.ids["林小雨"])
    arrangement_verbs.hand_out(session, gift.id, there=False)
    assert rows(arrangements.Cost, done)[0].done_at is None
    other = arrangement_verbs.save_cost(
        session, done.visit, gift.id, replace(entry, decided_by="李卫东"), expected=given.version
    )
    assert expenses(done)["cost1"].decided_by == "李卫东"
    arrangement_verbs.remove_cost(session, gift.id, expected=other.version)
    assert rows(arrangements.Cost, done) == []
    assert "cost1" not in expenses(done)


def test_only_who_looks_after_the_visit_changes_its_form(who: Company, done: Done) -> None:
    """A host may say who sits where; what is to be paid is the coordinator's and the applicant's."""
    host = who.session("周建国")
    seated = arrangement_verbs.save_meal(host, done.visit, meal(done).id, LUNCH, expected=done.version)
    with refuses("not_yours"):
        arrangement_verbs.save_meal(host, done.visit, meal(done).id, replace(LUNCH, bottles=9), expected=seated.version)
    with refuses("no_part"):
        arrangement_verbs.save_meal(who.session("张德胜"), done.visit, meal(done).id, LUNCH, expected=seated.version)
    with refuses("stale"):
        arrangement_verbs.save_meal(host, done.visit, meal(done).id, LUNCH, expected=done.version)


def test_nothing_is_arranged_before_it_is_approved(who: Company) -> None:
    waiting = submitted(who, form(who))
    with refuses("state.submitted"):
        arrangement_verbs.save_meal(
            who.session("林小雨"), waiting.visit, meal(waiting).id, LUNCH, expected=waiting.version
        )


def test_hostile_text_in_every_text_is_cleaned(who: Company, done: Done) -> None:
    session = who.session("林小雨")
    entry = replace(LUNCH, place=EVIL, note=EVIL, diet=EVIL, diners=("买买提·吐尔逊",))
    saved = arrangement_verbs.save_meal(session, done.visit, meal(done).id, entry, expected=done.version)
    gift = CostEntry("gift", price=1, on=DAY, what=EVIL, to=EVIL, place=EVIL, decided_by=EVIL)
    arrangement_verbs.save_cost(session, done.visit, None, gift, expected=saved.version)
    (row,) = rows(arrangements.Cost, done)
    texts = [meal(done).place, meal(done).note, meal(done).diet, row.what, row.to, row.place, row.decided_by]
    assert all("\x1b" not in text and "𠮷" in text and "[bold]" in text for text in texts)
    with refuses("too_long"):
        arrangement_verbs.save_cost(
            session, done.visit, row.id, replace(gift, what="x" * 201), expected=visit(done).version
        )


def test_guests_meals_rooms_and_gifts_of_a_form_keep_what_was_arranged(who: Company) -> None:
    made = form(
        who, guests=(FormGuest("徐明哲", "董事长", principal=True, diet="清真"), FormGuest("方圆", diet="素食")),
        meals=(FormMeal(DAY, 6, meal="lunch"), FormMeal(DAY, 6, meal="dinner")), lodging=(PlannedLodging(DAY, 6),),
        costs=(PlannedCost("gift", to="徐明哲"),),
    )  # fmt: skip
    done = approved(who, made)
    assert [guest.diet for guest in read_form(visit(done)).guests] == ["清真", "素食"]


def test_the_history_says_what_is_different(who: Company, done: Done) -> None:
    """Who sits where, the hotel, the gift and the diets are told as old and new; a kitchen learns the sum."""
    session = who.session("林小雨")
    entry = replace(LUNCH, place="松鹤楼", diners=("徐明哲",))
    saved = arrangement_verbs.save_meal(session, done.visit, meal(done).id, entry, expected=done.version)
    (room,) = rows(arrangements.Lodging, done)
    housed = arrangement_verbs.save_room(
        session, done.visit, room.id, RoomEntry(DAY, 6, place="东湖宾馆"), expected=saved.version
    )
    gift = CostEntry("gift", Decimal(2), on=DAY, what="龙井", to="徐明哲", decided_by="周建国")
    arrangement_verbs.save_cost(session, done.visit, None, gift, expected=housed.version)
    (guest,) = rows(GuestRow, done)
    arrangement_verbs.set_diet(session, guest.id, "halal")
    with reading():
        kept = [row.details for row in JournalDetail.select().order_by(JournalDetail.id)]
    told = [effect["new"] for text in kept for effect in json.loads(text).get("changed", [])]
    for said_now in ("11-30 12:00 松鹤楼 徐明哲", "东湖宾馆", "龙井 x2 徐明哲", "周建国"):
        assert said_now in told, told
    assert {"name": {"zh": "清真 1", "en": "halal 1"}} in told


def test_what_a_change_touches_is_seen_without_making_it(who: Company, done: Done) -> None:
    """A33: of the form (another venue), beside it (who sits there), of both, and of neither."""
    session, lunch = who.session("林小雨"), meal(done).id

    def seen(entry: MealEntry) -> set[str]:
        shown = impact(
            session, done.visit, lambda record: arrangement_verbs.with_meal(record, lunch, entry),
            lambda: arrangement_verbs.save_meal(session, done.visit, lunch, entry, expected=done.version),
        )  # fmt: skip
        assert (meal(done).venue, meal(done).diners) == ("in_house", [])
        return {effect.key for effect in shown.differences} if shown else set()

    outside = replace(LUNCH, venue="outside", at=None)
    assert {"task:R43", "task:R64", "task:R56", "meal:2026-11-30:lunch:venue"} <= seen(outside)
    seated = {"meal:2026-11-30:lunch:place"}
    assert seen(replace(LUNCH, at=None, diners=("徐明哲",))) == seated
    assert {"task:R43", "task:R64", "task:R56", *seated} <= seen(replace(outside, diners=("徐明哲",)))
    assert seen(replace(LUNCH, at=None)) == set()


def test_a_store_of_before_has_who_was_named_at_its_meals(who: Company, tmp_path: Path) -> None:
    """Those named on the request sit at each meal, never more than its number; who was named at one is on the
    request."""
    first, second = who.ids["周建国"], who.ids["刘晓燕"]
    lunch = form(who).meals[0]
    asked = replace(form(who), diners=(first,), meals=(lunch, replace(lunch, meal="dinner", companions=1)))
    done = approved(who, asked)
    with write():
        arrangements.Meal.update(ours=[second, first]).where(arrangements.Meal.meal == "dinner").execute()
        Visit.update(before={"meals": [{"on": "2026-11-30", "meal": "lunch", "companions": 7}]}).execute()
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(tmp_path / "store.db")) as now, closing(sqlite3.connect(old)) as copy:
        now.backup(copy)
        copy.execute("DELETE FROM jiedai_migration WHERE name = '0012_diners'")
        copy.commit()
    before = open_store(old)
    try:
        read = stored_form(done)
        assert [(meal.ours, meal.companions, meal.further) for meal in read.meals] == [
            ((first,), 7, 6),
            ((second,), 1, 0),
        ]
        assert read.diners == (first, second)
        assert visit(done).before["meals"][0]["ours"] == [first]
    finally:
        before.close()
