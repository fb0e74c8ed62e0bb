"""The sample company: all of it built by the real verbs, for any day, and nothing of it yet to come."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from models.demo import GUIDE, reception
from models.demo.cast import filed, form_of, load
from models.demo.daily import demo_path
from models.demo.reception import build
from models.errors import Refused
from models.policy.load import load_file, load_text
from models.policy.model import Policy
from models.schema import journal
from models.schema.store import open_store
from models.services.person_register import actor_named
from tests.sample import DAY, ZONE, Sample

ROOT = Path(__file__).parents[2]
NEW_YEAR = date(2027, 1, 1)  # a Friday
LEAP_SUNDAY = date(2032, 2, 29)
DAYS = [DAY, *(pytest.param(day, marks=pytest.mark.long) for day in (NEW_YEAR, LEAP_SUNDAY))]
STATES = {
    "draft", "submitted", "returned", "refused", "approved", "under_way", "done", "closed", "cancelled", "no_show",
}  # fmt: skip
SECRET = {("journal_detail", "salt"), ("journal", "digest"), ("journal", "previous"), ("journal", "hash")}
Row = tuple[object, ...]


@dataclass(frozen=True)
class Built:
    """A store built for a day, to be looked into."""

    path: Path
    today: date

    def all(self, sql: str, *values: object) -> list[Row]:
        with closing(sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True)) as raw:
            return list(raw.execute(sql, values))

    def one(self, sql: str, *values: object) -> object:
        return self.all(sql, *values)[0][0]


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_file(ROOT / "config.toml")


@pytest.fixture(scope="module", params=DAYS, ids=str)
def built(request: pytest.FixtureRequest, sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(sample(request.param, tmp_path_factory.mktemp("demo") / "demo.db"), request.param)


def days() -> Iterator[date]:
    """Every day of two years, a leap day and two turns of the year among them."""
    first = date(2027, 9, 1)
    return (first + timedelta(days=n) for n in range(731))


def test_every_state_of_a_visit_is_there(built: Built) -> None:
    assert {state for (state,) in built.all("SELECT DISTINCT state FROM visit")} == STATES


def test_never_fewer_than_six_visits_today(built: Built) -> None:
    there = "date(arrive) <= ? AND date(depart) >= ? AND state IN ('approved', 'under_way')"
    today = built.today.isoformat()
    assert int(str(built.one(f"SELECT count(*) FROM visit WHERE {there}", today, today))) >= 6


def test_every_name_is_spelt_and_stands_on_the_plates_in_latin_letters(built: Built) -> None:
    for table in ("person", "client", "client_person", "resource"):
        assert built.all(f"SELECT name FROM {table} WHERE pinyin = ''") == []
    plates = "".join([str(text) for (text,) in built.all("SELECT en FROM display WHERE what = 'plates'")])
    assert plates
    assert not any("\u4e00" <= char <= "\u9fff" for char in plates)


def test_whatever_the_day_six_visits_of_the_plan_fall_on_it() -> None:
    cast = load()
    ids = {name: number for number, name in enumerate(cast.people, 1)}
    sure = [sketch for sketch in cast.visits if not (sketch.draft or sketch.answers or sketch.no_show)]
    for today in days():
        forms = [form_of(sketch, today, ids) for sketch in sure if abs(sketch.day) <= 1]
        there = [
            form for form in forms if form.arrive and form.depart and form.arrive.date() <= today <= form.depart.date()
        ]
        assert len(there) >= 7, today


def test_whatever_the_day_requests_come_before_their_visits_unless_they_are_late() -> None:
    cast = load()
    ids = {name: number for number, name in enumerate(cast.people, 1)}
    for today in days():
        for sketch in cast.visits:
            arrive = form_of(sketch, today, ids).arrive
            assert arrive is not None
            notice = arrive.date() - filed(sketch, today).date()
            assert (notice < timedelta(days=3)) == bool(sketch.late), (today, sketch.reason)


def test_the_guests_of_today_are_at_different_points(built: Built) -> None:
    today = built.today.isoformat()
    legs = "SELECT DISTINCT leg.state FROM leg JOIN visit ON visit.id = visit_id"
    states = {state for (state,) in built.all(f"{legs} WHERE date(arrive) <= ? AND date(depart) >= ?", today, today)}
    assert states >= {"planned", "on_way", "here", "met", "on_site", "left"}


def test_a_client_comes_again_of_whom_something_is_known(built: Built) -> None:
    """What the hosts' brief is made from: an earlier visit with a gift, likes, diets, points to raise."""
    known = built.one("SELECT id FROM client WHERE likes != '' AND points != ''")
    states = {state for (state,) in built.all("SELECT state FROM visit WHERE client_id = ?", known)}
    assert states >= {"closed", "approved"}
    gifts = "SELECT count(*) FROM expense JOIN visit ON visit.id = visit_id WHERE client_id = ? AND item = 'gift'"
    assert built.one(gifts, known)
    assert built.one("SELECT count(*) FROM client_person WHERE client_id = ? AND diet != ''", known)


def test_requests_wait_at_every_kind_of_step(built: Built) -> None:
    """R12, R13, R15, R18: at the opinion, the head of marketing, the deputy, the general manager; A34: an own one."""
    sql = (
        "SELECT posts, what, applicant_id FROM step JOIN visit ON visit.id = visit_id"
        " WHERE visit.state = 'submitted' AND step.state = 'current' AND step.round = visit.round"
    )
    waiting = built.all(sql)
    assert {(posts, what) for posts, what, _ in waiting} >= {
        ('["marketing_head"]', "opinion"),
        ('["marketing_head"]', "decide"),
        ('["office_director"]', "opinion"),
        ('["deputy_general_manager_in_charge"]', "decide"),
        ('["general_manager"]', "decide"),
    }
    head = built.one("SELECT id FROM person WHERE name = '王海峰'")
    assert [posts for posts, _, applicant in waiting if applicant == head] == ['["deputy_general_manager_in_charge"]']


def test_a_raise_above_the_own_authority_waits_for_the_general_manager(built: Built) -> None:
    """A3: raised and passed on, and nothing of it arranged; another was lowered and approved."""
    raised = built.all("SELECT visit_id FROM decision WHERE outcome = 'pass_on'")
    assert len(raised) == 1
    row = built.all("SELECT state, proposed_tier, tier FROM visit WHERE id = ?", *raised[0])
    assert row == [("submitted", "business", "vip")]
    assert built.one("SELECT count(*) FROM task WHERE visit_id = ?", *raised[0]) == 0
    lowered = "SELECT state FROM visit WHERE proposed_tier = 'vip' AND tier = 'distinguished'"
    assert built.all(lowered) == [("approved",)]


def test_decisions_by_phone_some_confirmed_and_some_not(built: Built) -> None:
    marks = {mark for (mark,) in built.all("SELECT confirmed_utc IS NULL FROM decision WHERE medium != ''")}
    assert marks == {0, 1}


def test_late_requests_and_walk_ins_have_their_reason(built: Built) -> None:
    """A4: late is a reason given, never refused, also after the fact."""
    late = built.all("SELECT reasons, submitted_at > arrive FROM visit WHERE late")
    assert len(late) >= 4
    assert all('"late"' in str(reasons) for reasons, _ in late)
    assert {after for _, after in late} == {0, 1}


def test_tasks_are_done_open_overdue_dropped_and_half_done(built: Built) -> None:
    now = f"{built.today.isoformat()} 08:02:00"
    live = "FROM task JOIN visit ON visit.id = visit_id WHERE visit.state IN ('approved', 'under_way')"
    assert built.one(f"SELECT count(*) {live} AND task.state = 'open' AND due < ?", now) in range(2, 12)
    assert {state for (state,) in built.all(f"SELECT DISTINCT task.state {live}")} == {"open", "done", "dropped"}
    half = built.all(f"SELECT parts {live} AND task.state = 'open' AND parts LIKE '%true%' AND duty = 'R53'")
    assert half


def test_costs_are_settled_one_of_them_over_standard_with_a_reason(built: Built) -> None:
    """R76, A27: closed visits have every actual amount; what is over is marked by line and explained."""
    closed = "FROM expense JOIN visit ON visit.id = visit_id WHERE state = 'closed'"
    assert built.one(f"SELECT count(*) {closed}") != 0
    assert built.one(f"SELECT count(*) {closed} AND actual IS NULL") == 0
    over = built.all("SELECT rule, reason FROM expense WHERE actual_over > 0")
    assert len(over) == 1
    assert over[0][0] == "R76"
    assert over[0][1]


def test_a_change_of_headcount_was_decided_again(built: Built) -> None:
    """A33: one more guest; the deciding step was asked once more and the ticks stayed."""
    assert built.all("SELECT state, headcount, round FROM visit WHERE round = 2") == [("approved", 9, 2)]


def test_nothing_has_happened_after_eight_of_today(built: Built) -> None:
    curtain = datetime.combine(built.today, datetime.min.time(), ZONE) + timedelta(hours=8, minutes=2)
    local = curtain.replace(tzinfo=None).isoformat(" ")
    utc = curtain.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    columns = {
        local: ["decision.at", "note.at", "task.done_at", "stage.started", "stage.ended", "visit.submitted_at"],
        utc: ["journal.at_utc", "step.since_utc", "step.urged_utc", "visit.changed_utc", "decision.confirmed_utc"],
    }
    for latest, names in columns.items():
        for name in names:
            table, column = name.split(".")
            newest = built.one(f"SELECT max({column}) FROM {table}")
            assert newest is not None
            assert str(newest) <= latest, name


def test_the_journal_is_whole_and_in_the_order_of_time(built: Built) -> None:
    store = open_store(built.path, create=False)
    try:
        report = journal.verify()
    finally:
        store.close()
    assert report.broken is None
    assert report.entries > 500
    times = [str(at) for (at,) in built.all("SELECT at_utc FROM journal ORDER BY id")]
    assert times == sorted(times)


def test_no_stage_has_two_places(built: Built) -> None:
    """Nothing is typed of a stage that is in a booked room or at a meal; of every meal it is known where it is."""
    assert built.one("SELECT count(*) FROM meal WHERE place = ''") == 0
    room = "SELECT 1 FROM booking b JOIN resource r ON r.id = b.resource_id AND r.kind = 'room'"
    twice = f"meal IS NOT NULL OR EXISTS ({room} WHERE b.visit_id = stage.visit_id AND b.stage = stage.stage)"
    assert built.one(f"SELECT count(*) FROM stage WHERE {twice}") != 0
    assert built.all(f"SELECT visit_id, stage, place FROM stage WHERE place <> '' AND ({twice})") == []


def test_numbers_start_anew_with_the_year(built: Built) -> None:
    years = {str(number)[:4] for (number,) in built.all("SELECT number FROM visit WHERE number IS NOT NULL")}
    assert years == {str(built.today.year), str((built.today - timedelta(days=28)).year)}
    sql = "SELECT number, submitted_at FROM visit WHERE round = 1 AND number IS NOT NULL"
    assert all(str(number)[:4] == str(at)[:4] for number, at in built.all(sql))


def test_the_coordinator_is_there_to_act(built: Built) -> None:
    store = open_store(built.path, create=False)
    try:
        assert actor_named(GUIDE).person is not None
    finally:
        store.close()


@pytest.mark.long
def test_two_builds_for_a_day_are_equal(built: Built, policy: Policy, tmp_path: Path) -> None:
    if built.today != DAY:
        pytest.skip("one day is enough")
    again = Built(tmp_path / "again.db", built.today)
    build(again.path, again.today, policy, ZONE)
    tables = [str(name) for (name,) in built.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
    for table in set(tables) - {"jiedai_migration"}:
        names = [str(row[1]) for row in built.all(f"PRAGMA table_info({table})")]
        wanted = ", ".join([f'"{name}"' for name in names if (table, name) not in SECRET])
        sql = f"SELECT {wanted} FROM {table} ORDER BY 1"
        assert built.all(sql) == again.all(sql), table


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Which files were built; nothing is really built."""
    made: list[Path] = []

    def note(path: Path, *_: object) -> None:
        made.append(path)
        path.write_text("whole")

    monkeypatch.setattr(reception, "build", note)
    return made


def test_a_demo_is_built_once_a_day(policy: Policy, builds: list[Path], tmp_path: Path) -> None:
    first = demo_path(tmp_path / "cache", NEW_YEAR, policy)
    assert demo_path(tmp_path / "cache", NEW_YEAR, policy) == first
    assert len(builds) == 1
    assert first.read_text() == "whole"
    assert demo_path(tmp_path / "cache", NEW_YEAR + timedelta(days=1), policy) != first


def test_a_demo_is_built_again_for_another_policy(policy: Policy, builds: list[Path], tmp_path: Path) -> None:
    first = demo_path(tmp_path, NEW_YEAR, policy)
    other = load_text(policy.text + "\n# another edition\n")
    assert demo_path(tmp_path, NEW_YEAR, other) != first
    assert len(builds) == 2


def test_an_interrupted_build_is_not_taken_for_a_whole_one(
    policy: Policy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(path: Path, *_: object) -> None:
        path.write_text("half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(reception, "build", broken)
        with pytest.raises(KeyboardInterrupt):
            demo_path(tmp_path, NEW_YEAR, policy)
    seen: list[bool] = []

    def whole(path: Path, *_: object) -> None:
        seen.append(path.exists())
        path.write_text("whole")

    monkeypatch.setattr(reception, "build", whole)
    assert demo_path(tmp_path, NEW_YEAR, policy).read_text() == "whole"
    assert seen == [False]


def test_a_folder_that_cannot_be_used_is_said(policy: Policy, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("not a folder")
    with pytest.raises(Refused) as caught:
        demo_path(tmp_path / "cache", NEW_YEAR, policy)
    assert caught.value.code == "store_unreachable"


def test_older_demos_are_removed_but_not_yesterdays(policy: Policy, builds: list[Path], tmp_path: Path) -> None:
    old, yesterday, today = (demo_path(tmp_path, NEW_YEAR - timedelta(days=ago), policy) for ago in (2, 1, 0))
    assert not old.exists()
    assert yesterday.exists()
    assert today.exists()
    assert len(builds) == 3
