"""Clients and cars and rooms: registered, renamed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.form import Form, FormGuest, MealEntry, RoomEntry
from models.policy.case import PlannedCost
from models.queries import client_records as queries
from models.schema import arrangements, files, journal
from models.schema.arrangements import Booking, Display, Leg, Lodging, Meal, Notification
from models.schema.store import open_store, reading
from models.schema.tables import Client, ClientPerson, Journal, JournalDetail, Visit
from models.services import client_verbs
from models.services.arrangement_verbs import amend, save_meal, save_room
from models.services.booking_verbs import propose
from models.services.client_verbs import bare_name, change_client_person
from models.services.day_verbs import Journey, add_leg
from models.services.request_verbs import new_draft, submit
from models.services.visit_form import with_guest
from models.services.whereabouts import became
from tests.unit.booking import Garage, garage, version
from tests.unit.life import Company, approved, form, refuses, submitted
from tests.unit.stores import without_keys

# -- clients -----------------------------------------------------------------------------------------------------------
#
# The record of clients: filled from guests, changed by hand, two names joined, and who may.


EVIL = "[/x] [bold] =cmd() \x1b[2J"


def filed(who: Company, client: str, *guests: FormGuest, **changes: Any) -> int:
    """A request of that client, submitted; the client's id."""
    done = submitted(who, form(who, client=client, guests=guests or (FormGuest("徐明哲", "董事长"),), **changes))
    with reading():
        return int(Visit.get_by_id(done.visit).client_id or 0)


def person(client: int, name: str) -> ClientPerson:
    with reading():
        return ClientPerson.get(ClientPerson.client == client, ClientPerson.name == name)


def known(client: int) -> Client:
    with reading():
        return Client.get_by_id(client)


def last_entry() -> tuple[str, dict[str, Any]]:
    """Verb and details of the journal's last entry."""
    with reading():
        entry = Journal.select().order_by(Journal.id.desc()).get()
        return entry.verb, json.loads(JournalDetail.get(JournalDetail.entry == entry.id).details)


def test_guests_become_the_clients_people_with_their_pinyin(who: Company) -> None:
    client = filed(
        who, "江南智造集团", FormGuest("徐明哲", "董事长", "徐董", "138"), FormGuest("", "秘书"), FormGuest("方圆")
    )
    row = person(client, "徐明哲")
    assert (row.post, row.address, row.phone, row.initials) == ("董事长", "徐董", "138", "x m z")
    with reading():
        assert {each.name for each in ClientPerson.select()} == {"徐明哲", "方圆"}


def test_a_draft_makes_nobody_known(who: Company) -> None:
    new_draft(who.session("刘晓燕"), form(who))
    with reading():
        assert ClientPerson.select().count() == 0


def test_the_latest_visit_is_believed_but_for_what_was_written_by_hand(who: Company) -> None:
    client = filed(who, "江南智造集团", FormGuest("徐明哲", "总经理", "徐总", "138"))
    row = person(client, "徐明哲")
    session = who.session("刘晓燕")
    client_verbs.change_client_person(session, row.id, expected=row.version, phone="139 本人", likes="龙井")
    filed(who, "江南智造集团", FormGuest("徐明哲", "董事长", "", "110"))
    row = person(client, "徐明哲")
    assert (row.post, row.address, row.phone, row.likes) == ("董事长", "徐总", "139 本人", "龙井")
    assert (row.edited, row.version) == (["phone"], 3)


def test_a_change_after_approval_brings_its_guests_along(who: Company) -> None:
    done = approved(who, form(who))
    made = form(who, guests=(FormGuest("徐明哲", "董事长", principal=True), FormGuest("新来的", "总工")))
    amend(who.session("林小雨"), done.visit, made, expected=done.version)
    with reading():
        assert {each.name for each in ClientPerson.select()} == {"徐明哲", "新来的"}


def test_texts_are_cleaned_and_within_limits_and_journalled(who: Company) -> None:
    client = filed(who, "江南智造集团")
    session = who.session("林小雨")
    assert client_verbs.change_client(session, client, expected=1, likes=f"茶\n{EVIL}", notes="常客") == 2
    assert "\x1b" not in known(client).likes
    assert "[bold]" in known(client).likes
    verb, details = last_entry()
    assert (verb, details["after"]["notes"], details["before"]["notes"]) == ("client.change", "常客", "")
    assert journal.verify().broken is None
    with refuses("too_long"):
        client_verbs.change_client(session, client, expected=2, points="x" * 501)
    with refuses("stale_client"):
        client_verbs.change_client(session, client, expected=1, notes="y")
    with refuses("no_client"):
        client_verbs.change_client(session, 99, expected=1, notes="y")


def test_another_name_is_that_of_all_visits_and_is_found_by_its_sound(who: Company) -> None:
    client = filed(who, "江南智造集团")
    other = filed(who, "苏能装备")
    session = who.session("刘晓燕")
    client_verbs.change_client(session, client, expected=1, name=" 华为科技 ")
    assert (known(client).name, known(client).initials) == ("华为科技", "h w k j/q")
    with reading():
        assert [row.client_name for row in Visit.select().where(Visit.client == client)] == ["华为科技"]
    with refuses("client_exists"):
        client_verbs.change_client(session, other, expected=1, name="华为 科技")
    with refuses("name_needed"):
        client_verbs.change_client(session, other, expected=1, name=" ")
    assert filed(who, "华为・科技") == client


def test_two_people_of_a_client_cannot_have_one_name(who: Company) -> None:
    client = filed(who, "江南智造集团", FormGuest("徐明哲"), FormGuest("方圆"))
    row = person(client, "方圆")
    with refuses("client_person_exists"):
        client_verbs.change_client_person(who.session("林小雨"), row.id, expected=row.version, name="徐 明哲")
    client_verbs.change_client_person(who.session("林小雨"), row.id, expected=row.version, name="方园")
    assert person(client, "方园").initials == "f/p/w y/w"
    with refuses("stale_client"):
        client_verbs.change_client_person(who.session("林小雨"), row.id, expected=row.version, diet="清真")


def test_who_has_nothing_to_do_with_a_client_changes_nothing(who: Company) -> None:
    client = filed(who, "江南智造集团")
    row = person(client, "徐明哲")
    for name in ("张德胜", "陈志远"):
        with refuses("not_client"):
            client_verbs.change_client(who.session(name), client, expected=1, notes="x")
        with refuses("not_client"):
            client_verbs.change_client_person(who.session(name), row.id, expected=1, likes="x")
    for seen, name in enumerate(("刘晓燕", "林小雨", "王海峰"), 1):
        client_verbs.change_client(who.session(name), client, expected=seen, notes=name)
    assert known(client).notes == "王海峰"


def test_two_names_of_one_client_become_one(who: Company) -> None:
    client = filed(who, "江南智造(集团)有限公司", FormGuest("徐明哲", "", "", "138"), FormGuest("方圆", "秘书"))
    into = filed(who, "江南智造集团", FormGuest("徐明哲", "董事长"))
    session = who.session("刘晓燕")
    client_verbs.change_client(session, client, expected=1, likes="茶", notes="老客户")
    client_verbs.change_client(session, into, expected=1, likes="咖啡")
    done = client_verbs.merge(session, client, into, expected=2, into_seen=2)
    assert (done.client, done.name, done.moved) == (into, "江南智造集团", 1)
    assert (known(into).likes, known(into).notes, known(into).version) == ("咖啡；茶", "老客户", 3)
    assert (person(into, "徐明哲").post, person(into, "徐明哲").phone) == ("董事长", "138")
    assert person(into, "方圆").post == "秘书"
    with reading():
        assert Client.select().count() == 1
        assert {(row.client_id, row.client_name) for row in Visit.select()} == {(into, "江南智造集团")}
    verb, details = last_entry()
    assert (verb, details["name"], details["into"], len(details["visits"])) == (
        "client.merge", "江南智造(集团)有限公司", into, 1,
    )  # fmt: skip


def test_a_merge_is_refused_whole(who: Company) -> None:
    client, into = filed(who, "甲公司"), filed(who, "乙公司")
    session = who.session("刘晓燕")
    with refuses("same_client"):
        client_verbs.merge(session, client, client, expected=1, into_seen=1)
    with refuses("stale_client"):
        client_verbs.merge(session, client, into, expected=1, into_seen=7)
    with refuses("not_client"):
        client_verbs.merge(who.session("张德胜"), client, into, expected=1, into_seen=1)
    client_verbs.change_client(session, client, expected=1, notes="x" * 300)
    client_verbs.change_client(session, into, expected=1, notes="y" * 300)
    with refuses("too_long"):
        client_verbs.merge(session, client, into, expected=2, into_seen=2)
    assert len(queries.clients(session)) == 2


@pytest.mark.parametrize(
    "name",
    ["江南智造集团", "江南智造（集团）有限公司", "江南 智造 股份有限公司", "江南智造公司", "江南智造有限责任公司"],
)
def test_names_of_one_client_are_nearly_the_same(name: str) -> None:
    assert bare_name(name) == "江南智造"


def test_names_that_differ_stay_different() -> None:
    assert bare_name("江南智造（苏州）有限公司") != bare_name("江南智造")
    assert bare_name("Acme Co., Ltd.") == bare_name("ACME") == "acme"
    assert bare_name("集团公司") == "集团公司"
    assert bare_name("Coltd") == "coltd"


def test_a_store_from_before_knows_the_guests_of_its_visits(who: Company, tmp_path: Path) -> None:
    client = filed(who, "江南智造集团", FormGuest("徐明哲", "总经理"))
    later = form(
        who, client="江南智造集团", guests=(FormGuest("徐明哲", "董事长"), FormGuest("方圆")), meals=(), lodging=()
    )
    later = replace(later, arrive=later.arrive and later.arrive.replace(year=2027), depart=None)
    file_later(who, later)
    new_draft(who.session("刘晓燕"), form(who, guests=(FormGuest("没来的"),)))
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as raw:
        without_keys(raw)
        raw.execute("DROP TABLE client_person")
        for column in ("likes", "diet", "points"):
            raw.execute(f"ALTER TABLE client DROP COLUMN {column}")
        raw.execute(f"DELETE FROM {files.TABLE} WHERE name = '0002_clients'")
        raw.commit()
    again = open_store(path)
    try:
        assert (person(client, "徐明哲").post, person(client, "徐明哲").edited) == ("董事长", [])
        with reading():
            assert {row.name for row in ClientPerson.select()} == {"徐明哲", "方圆"}
        assert known(client).likes == ""
    finally:
        again.close()


def file_later(who: Company, made: Form) -> None:
    """The form, filed and submitted."""
    made = replace(made, depart=made.arrive)
    saved = new_draft(who.session("刘晓燕"), made)
    submit(who.session("刘晓燕"), saved.visit, expected=saved.version)


# -- renaming ----------------------------------------------------------------------------------------------------------
#
# A guest who is named anew is named so everywhere: groups, cars, meals, rooms, gifts, texts, whom to tell.


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
