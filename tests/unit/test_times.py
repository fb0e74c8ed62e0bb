"""When a visit begins and ends: whatever list, sheet or page says it, it is the same time (R100, R26, R35)."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from models.errors import Refused
from models.form import FormGuest, FormLeg
from models.queries.calendar_lists import span
from models.queries.client_records import brief, clients, record
from models.queries.day_lists import today
from models.queries.handover_facts import handover
from models.queries.plain_lists import visits
from models.queries.request_lists import approvals, requests
from models.queries.request_lists import preview as to_decide
from models.queries.task_lists import checklist, reminders
from models.queries.visit_detail import changing
from models.queries.visit_detail import visit as whole
from models.schema import tables
from models.schema.arrangements import Leg, VisitDay
from models.schema.store import open_store, reading
from models.services.arrangement_verbs import amend
from models.services.day_verbs import (
    Journey,
    add_leg,
    cancel,
    change_leg,
    delay,
    miss_leg,
    next_leg,
    remove_leg,
    restore,
)
from models.services.visits import Done
from models.services.whereabouts import Way
from tests.unit.drawn import drawn
from tests.unit.life import Company, approved, company, form, late, leg, said, visit

DAY = datetime(2026, 11, 30)
GUESTS = (FormGuest("徐明哲", "董事长", principal=True), FormGuest("何丽"), FormGuest("宋平"))
DESK = "林小雨"


def read(who: Company, done: Done) -> dict[str, datetime | None]:
    """When the visit begins as each reader has it."""
    session, row = who.session(DESK), visit(done)
    assert row.comes is not None
    day = row.comes.date()
    lines = [line for line in today(session, day).lines if line.visit == done.visit and not line.going]
    entries = [entry for each in span(session, day, day).days for entry in each.entries if entry.visit == done.visit]
    with reading():
        tasks = [task.id for task in tables.Task.select(tables.Task.id).where(tables.Task.state == "open")]
    who.now, now = datetime.combine(day - timedelta(days=1), who.now.time()), who.now
    coming = [line for line in handover(who.session(DESK)).arrivals if line.visit == done.visit]
    who.now = now
    opened, change = whole(session, done.visit), changing(session, done.visit)
    assert opened is not None
    assert change is not None
    client = record(session, clients(session)[0].id)
    assert client is not None
    return {
        "today": min((line.at for line in lines if line.at and line.where != "no_show"), default=None),
        "calendar": next((entry.at for entry in entries if entry.arrives), None),
        "lists": next(line.arrive for line in visits() if line.id == done.visit),
        "requests": next(line.arrive for line in requests(session) if line.visit == done.visit),
        "checklist": next((line.arrive for line in checklist(session).lines if line.visit == done.visit), row.comes),
        "reminders": next((each.arrive for each in reminders(session, tasks)), row.comes),
        "handover": min((line.due for line in coming), default=None),
        "approvals": next((p.line.arrive for p in approvals(session) if p.line.visit == done.visit), row.comes),
        "visit": opened.comes,
        "change": change.comes,
        "client": next(each.arrive for each in client.visits if each.visit == done.visit),
        "brief": brief(session, done.visit).visit.arrive,
    }


def ends(who: Company, done: Done) -> dict[str, datetime | None]:
    """When the visit ends, the same way."""
    session, row = who.session(DESK), visit(done)
    assert row.goes is not None
    day = row.goes.date()
    every = [line for line in today(session, day).lines if line.visit == done.visit and line.at]
    lines = [] if any(not line.going for line in every) else every  # who come on that day stand there as coming
    entries = [entry for each in span(session, day, day).days for entry in each.entries if entry.visit == done.visit]
    opened = whole(session, done.visit)
    assert opened is not None
    return {
        "today": max((line.at for line in lines if line.at), default=row.goes),
        "calendar": next((entry.at for entry in entries if entry.going), row.goes),
        "lists": next(line.depart for line in visits() if line.id == done.visit),
        "visit": opened.goes,
        "brief": brief(session, done.visit).depart,
    }


def days(done: Done) -> list[date]:
    with reading():
        rows = VisitDay.select(VisitDay.day).where(VisitDay.visit == done.visit)
        return [row.day for row in rows.order_by(VisitDay.day)]


@pytest.fixture
def vip(who: Company) -> Done:
    return approved(who, form(who, guests=GUESTS))


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    with company(tmp_path) as made:
        yield made


def test_a_delay_is_the_same_delay_everywhere(who: Company, vip: Done) -> None:
    done = late(who.session(DESK), vip, "+40")
    assert set(read(who, done).values()) == {DAY.replace(hour=11)}, read(who, done)
    done = late(who.session(DESK), done, "+30", "departure")
    assert set(ends(who, done).values()) == {datetime(2026, 12, 1, 15, 30)}


def test_the_guests_land_before_the_visit_begins(who: Company) -> None:
    """The flight's time is another fact: it is late by as much as the visit, whichever of the two is typed."""
    landing = FormLeg("plane", "MU5187", "萧山机场", DAY.replace(hour=9, minute=10))
    done = approved(who, form(who, guests=GUESTS, arrival=landing))
    assert set(read(who, done).values()) == {DAY.replace(hour=10, minute=20)}
    session, shown = who.session(DESK), DAY.replace(hour=10, minute=20)
    done = delay(session, leg(done).id, "11:00", expected=done.version, at=shown)
    assert leg(done).expected == DAY.replace(hour=9, minute=50)
    assert set(read(who, done).values()) == {DAY.replace(hour=11)}
    done = delay(session, leg(done).id, "9:20", expected=done.version)
    assert set(read(who, done).values()) == {DAY.replace(hour=10, minute=30)}


def test_over_midnight_the_visit_is_on_other_days(who: Company, vip: Done) -> None:
    done = late(who.session(DESK), vip, "12-1 0:00")
    assert set(read(who, done).values()) == {datetime(2026, 12, 1)}
    assert days(done) == [date(2026, 12, 1)]
    assert not today(who.session(DESK), DAY.date()).lines
    done = late(who.session(DESK), done, "11-30 10:20")
    assert days(done) == [date(2026, 11, 30), date(2026, 12, 1)]


def test_the_first_group_begins_the_visit_and_the_last_one_ends_it(who: Company, vip: Done) -> None:
    session = who.session(DESK)
    early = Journey("train", "G20", at=datetime(2026, 11, 29, 20), guests=("何丽",))
    done = add_leg(session, vip.visit, "arrival", early, expected=vip.version)
    assert set(read(who, done).values()) == {datetime(2026, 11, 29, 20)}
    last = Journey("train", "G21", at=datetime(2026, 12, 2, 8), guests=("宋平",))
    done = add_leg(session, done.visit, "departure", last, expected=done.version)
    assert set(ends(who, done).values()) == {datetime(2026, 12, 2, 8)}
    assert days(done) == [date(2026, 11, 29), date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)]
    done = remove_leg(session, leg(done, position=1).id, expected=done.version)
    assert set(read(who, done).values()) == {DAY.replace(hour=10, minute=20)}


def test_who_does_not_come_does_not_begin_it(who: Company, vip: Done) -> None:
    session = who.session(DESK)
    done = add_leg(
        session, vip.visit, "arrival", Journey(at=DAY.replace(hour=8), guests=("何丽",)), expected=vip.version
    )
    who.now = DAY.replace(hour=9)
    done = miss_leg(session, leg(done, position=1).id, expected=done.version)
    assert set(read(who, done).values()) == {DAY.replace(hour=10, minute=20)}


def test_another_form_and_a_visit_on_again(who: Company, vip: Done) -> None:
    """A change to the form, one that is being decided and given up, a visit that is restored: the delay is gone."""
    session, later = who.session(DESK), DAY.replace(hour=14)
    done = late(session, vip, "+40")
    done = amend(session, done.visit, form(who, guests=GUESTS, arrive=later, headcount=9), expected=done.version).done
    assert done.state == "submitted"
    assert set(read(who, done).values()) == {later}
    done = late(session, done, "+40")
    shown = to_decide(who.session("周建国"), done.visit)
    assert shown is not None
    assert {shown.comes, *read(who, done).values()} == {later + timedelta(minutes=40)}
    done = said(who, "周建国", done, "refuse", "不同意")
    assert set(read(who, done).values()) == {DAY.replace(hour=10, minute=20)}
    done = cancel(session, late(session, done, "+20").visit, "改期", expected=visit(done).version)
    done = restore(session, done.visit, expected=done.version)
    assert visit(done).comes == DAY.replace(hour=10, minute=20)


TEXTS = st.sampled_from(["+40", "-15", "10:00", "23:50", "0:00", "12-2 9:00", "11-29 16:30"])
VERBS = st.lists(
    st.tuples(
        st.sampled_from(["delay", "change", "add", "remove", "next", "miss"]),
        st.sampled_from(["arrival", "departure"]),
        st.integers(0, 2),
        TEXTS,
        st.datetimes(DAY - timedelta(days=1), DAY + timedelta(days=3)),
    ),
    max_size=8,
)


def test_all_readers_of_a_time_say_the_same() -> None:
    """Whatever is said of whichever group."""
    made: Counter[str] = Counter()

    @drawn(5, 8, phases=[Phase.explicit, Phase.reuse, Phase.generate])
    @given(VERBS)
    def each(verbs: list[tuple[str, Way, int, str, datetime]]) -> None:
        with TemporaryDirectory() as folder, company(Path(folder)) as who:
            done = approved(who, form(who, guests=GUESTS))
            who.now = DAY.replace(hour=8)
            for verb, way, position, text, moment in verbs:
                with suppress(Refused):  # what may not be done now is not done
                    made[verb] += apply(who, done, verb, way, position, text, moment)
                check(who, done)

    each()
    assert len(+made) >= 3, "what is always refused shows nothing"


def apply(who: Company, done: Done, verb: str, way: Way, position: int, text: str, moment: datetime) -> bool:
    """Do it; whether there was a group to do it to."""
    session, seen = who.session(DESK), visit(done).version
    with reading():
        found = Leg.get_or_none(Leg.visit == done.visit, Leg.way == way, Leg.position == position)
    at = moment.replace(second=0, microsecond=0)
    if verb == "add":
        add_leg(session, done.visit, way, Journey("train", "G1", at=at, people=1), expected=seen)
    elif found is None:
        return False
    elif verb == "delay":
        delay(session, found.id, text, expected=seen)
    elif verb == "change":
        change_leg(session, found.id, Journey(at=at, people=found.people), expected=seen)
    else:
        {"remove": remove_leg, "next": next_leg, "miss": miss_leg}[verb](session, found.id, expected=seen)
    return True


def check(who: Company, done: Done) -> None:
    """All readers agree, as far as they show the visit at all."""
    row = visit(done)
    if row.state not in ("approved", "under_way"):
        return
    waits = all(each.state == "planned" for each in legs(done, "arrival"))
    begin, end = read(who, done), ends(who, done)
    if not waits:
        begin.pop("today")
        begin.pop("handover")
    assert set(begin.values()) == {row.comes}, begin
    if row.comes is not None and row.goes is not None and row.comes.date() < row.goes.date():
        assert set(end.values()) == {row.goes}, end


def legs(done: Done, way: Way) -> list[Leg]:
    with reading():
        return list(Leg.select().where(Leg.visit == done.visit, Leg.way == way))


def test_a_store_of_before_is_filled_with_the_times_as_they_are(who: Company, vip: Done, tmp_path: Path) -> None:
    """Also of visits that were delayed, or whose guests come in groups."""
    session = who.session(DESK)
    done = add_leg(
        session, vip.visit, "departure", Journey(at=datetime(2026, 12, 2, 8), people=1), expected=vip.version
    )
    done = late(session, done, "+40")
    was, on = visit(done), days(done)
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(tmp_path / "store.db")) as now, closing(sqlite3.connect(old)) as copy:
        now.backup(copy)
        for new, old_one in (("state_comes", "state_arrive"), ("comes_goes", "arrive_depart")):
            copy.execute(f"DROP INDEX visit_{new}")
            copy.execute(f"CREATE INDEX visit_{old_one} ON visit (arrive)")
        for column in ("comes", "goes"):
            copy.execute(f"ALTER TABLE visit DROP COLUMN {column}")
        copy.execute("DELETE FROM visit_day WHERE day > '2026-12-01'")
        copy.execute("DELETE FROM jiedai_migration WHERE name = '0009_times'")
        copy.commit()
    before = open_store(old)
    try:
        assert (visit(done).comes, visit(done).goes, days(done)) == (was.comes, was.goes, on)
    finally:
        before.close()
