"""A day at the desk and a morning of changes in a real 80×24 terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.schema.arrangements import Booking, Resource
from models.schema.store import open_store, reading
from models.schema.tables import Visit
from models.services.booking_verbs import WantedBooking, book
from tests.ui.morning import arranged, five
from tests.ui.term import KEYS, Term
from tests.unit.life import Company, approved, company, default_text, said, submitted

# -- day ---------------------------------------------------------------------------------------------------------------
#
# A day at the desk by keyboard alone in a real 80×24 terminal: delays, nine instead of five, a host wanted twice.


pytestmark = pytest.mark.pty
COMMAND = str(Path(sys.executable).with_name("jiedai"))


class Session:
    """The coordinator at the keyboard, at ten to eight or somewhat later."""

    def __init__(self, term: Term) -> None:
        self.term = term

    def keys(self, *keys: str) -> None:
        """Keys by name, or texts."""
        for key in keys:
            self.term.send(KEYS.get(key, key).encode())

    def sees(self, *texts: str) -> list[str]:
        """Wait until the screen says all this; its lines."""
        for text in texts:
            self.term.until(text)
        return self.term.lines

    def sees_no(self, text: str) -> list[str]:
        """Wait until it no longer does."""
        self.term.until(lambda screen: text not in screen)
        return self.term.lines

    def menu(self, name: str) -> None:
        """Do what the F2 menu calls so."""
        self.term.menu("这里能做的事", name)


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[tuple[Company, datetime]]:
    """A company on the morning of today, so that the program's own clock stands there."""
    hour = datetime.now(UTC).hour
    today = (datetime.now(UTC) - timedelta(hours=hour - 7)).date()
    day = datetime.combine(today, datetime.min.time())
    with company(tmp_path) as who:
        who.now = day - timedelta(days=7) + timedelta(hours=9)
        yield who, day


@contextmanager
def at_work(tmp_path: Path, name: str = "林小雨", *options: str) -> Iterator[Session]:
    """The program on that store, in a terminal of its own; it leaves in order and its journal is whole."""
    home = tmp_path / "home"
    home.mkdir()
    env = {"HOME": str(home), "LANG": "zh_CN.UTF-8", "TZ": f"<DESK>{datetime.now(UTC).hour - 7:+d}"}
    env |= {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    command = [COMMAND, "--store", str(tmp_path / "store.db"), "--as", name, *options]
    with Term(command, env=env) as term:
        session = Session(term)
        session.sees("今日", "F1 帮助")
        yield session
        assert not list(home.rglob("incidents.log")), next(home.rglob("incidents.log")).read_text()
        session.keys("f10")
        assert term.wait() == 0
    verify = [*command[:3], "verify"]
    told = subprocess.run(verify, env={**os.environ, **env}, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


def told(tmp_path: Path, *arguments: str) -> Any:
    """What the command line says of the store."""
    command = [COMMAND, *arguments, "--json", "--store", str(tmp_path / "store.db")]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def second(who: Company, comes: datetime) -> None:
    """A visit later that day, in the same car."""
    done = approved(who, five(who, comes, tier="business", host="李卫东", client="苏能装备", meals=(), dining=False))
    with reading():
        car = Resource.get(Resource.kind == "car").id
    span = timedelta(minutes=30)
    book(
        who.session("林小雨"),
        done.visit,
        WantedBooking(comes - span, comes + span, resource=car, way="arrival"),
        expected=done.version,
    )


def test_a_delay_clears_what_another_delay_made_clash(tmp_path: Path, morning: tuple[Company, datetime]) -> None:
    """R52, R90: ten minutes are too little between two trips of a car. The later guests come 40 minutes late, and the
    car with them: enough. Then the first are late, into that trip: their car is not taken from the others, and it is
    said that it is not there at their time."""
    who, day = morning
    arranged(who, day.replace(hour=10, minute=20))
    second(who, day.replace(hour=11, minute=30))
    with at_work(tmp_path) as session:
        lines = session.sees("10:20", "11:30", "浙A B8801", "车太紧")
        assert sum("车太紧" in line for line in lines) == 2
        session.keys("down")
        session.sees(">11:30")
        session.keys("d")
        session.sees("改到几点")
        session.keys("+40", "enter")
        session.sees("冲突已解", "浙A B8801")
        session.keys("enter")
        session.sees(">12:10")
        session.sees_no("车太紧")
        with reading():
            spans = [(row.starts, row.ends) for row in Booking.select().where(Booking.leg.is_null(False))]
        assert (day.replace(hour=11, minute=40), day.replace(hour=12, minute=40)) in spans
        session.keys("up")
        session.sees(">10:20")
        session.keys("d")
        session.sees("改到几点")
        session.keys("11:30", "enter")
        session.sees("修改的影响")
        session.keys("enter")
        session.sees(">11:30", "车不到")


def test_five_guests_become_nine(tmp_path: Path, morning: tuple[Company, datetime]) -> None:
    """R75, A10, A33: three keys and the number; before it is saved it is said what that does: the lunch 16, not 12
    diners at 150, 9 people in a car for 6, the room still fits, 9 at the hotel, 9 plates, the general manager asked
    again; after that who is to be told."""
    who, day = morning
    arranged(who, day.replace(hour=10, minute=20))
    with at_work(tmp_path) as session:
        session.sees("10:20")
        session.keys("f8")
        session.sees("当日变更")
        session.keys("down", "9")
        session.sees("1,800 -> 2,400", "浙A B8801", "第一会议室", "总经理")
        session.keys("enter")
        session.sees("今日", "改动待批")
        session.keys("f7")
        session.sees("要告诉")
    found = told(tmp_path, "visits")[0]
    assert (found["headcount"], found["state"]) == (9, "submitted")


def test_a_visit_called_off_and_taken_up_again(tmp_path: Path, morning: tuple[Company, datetime]) -> None:
    """A26: everybody who knew is to be told, the car is free at once, and it comes back as a draft with its guests."""
    who, day = morning
    arranged(who, day.replace(hour=10, minute=20))
    with at_work(tmp_path) as session:
        session.sees("10:20", "浙A B8801")
        session.keys("enter")
        session.sees("2026-0001" if day.year == 2026 else "-0001")
        session.menu("取消接待")
        session.sees("理由")
        session.keys("客户改期", "enter")
        session.sees("取消 浙A B8801: ", "要告诉 12 处")
        session.keys("enter")
        session.sees("已取消")
        session.menu("恢复")
        session.sees("草稿")
    found = told(tmp_path, "visits")[0]
    assert (found["state"], found["headcount"], found["client"]) == ("draft", 5, "江南智造集团")


def test_a_host_wanted_twice_is_warned_of(tmp_path: Path, morning: tuple[Company, datetime]) -> None:
    """R20: the default regulation warns: both rows say so, and the line below with whom and until when."""
    who, day = morning
    arranged(who, day.replace(hour=10, minute=20))
    approved(who, five(who, day.replace(hour=10, minute=40), client="苏能装备", meals=(), dining=False))
    with at_work(tmp_path) as session:
        lines = session.sees("人冲", "周建国", "另有安排 苏能装备")
        assert sum("人冲" in line for line in lines) == 2


def test_a_host_wanted_twice_is_refused_where_the_regulation_says_so(
    tmp_path: Path, morning: tuple[Company, datetime]
) -> None:
    """R20: with `breach = "block"` the general manager cannot agree to be at two places; the request stays his."""
    _, day = morning
    text = default_text()
    warned = 'thing = "person"\nclash = "twice"\nbreach = "warn"'
    assert warned in text
    strict = text.replace(warned, warned.replace("warn", "block"))
    place = tmp_path / "strict"
    place.mkdir()
    (place / "config.toml").write_text(strict, "utf-8")
    with company(place, strict) as who:
        who.now = day - timedelta(days=7) + timedelta(hours=9)
        arranged(who, day.replace(hour=10, minute=20))
        done = submitted(who, five(who, day.replace(hour=10, minute=40), client="苏能装备", meals=(), dining=False))
        said(who, "王海峰", done)
        with at_work(place, "周建国", "--config", str(place / "config.toml")) as session:
            session.keys("4")
            session.sees("等我 1", "苏能装备")
            session.keys("enter")
            session.sees("决定")
            session.keys("enter")
            session.sees("周建国：09:20-11:35 另有安排", "改后同意")
            session.keys("esc")
            session.sees_no("改后同意")
        states = {each["client"]: each["state"] for each in told(place, "visits")}
    assert states["苏能装备"] == "submitted"


# -- day actions terminal ----------------------------------------------------------------------------------------------
#
# Five guests become nine on the morning, and the visit is called off and on, by keyboard in a real 80×24 terminal.


JIEDAI = str(Path(sys.executable).with_name("jiedai"))


def keys(term: Term, *names: str) -> None:
    """Keys by name, or texts, one after the other and without waiting."""
    for name in names:
        term.send(KEYS.get(name, name).encode())


def chosen(term: Term, name: str) -> None:
    """The entry of the F2 menu with that name."""
    term.menu("这里能做的事", name)


def test_a_morning_of_changes(tmp_path: Path) -> None:
    """A26, A33: meal total, a car too small, a room that still fits, the hotel's rooms, the plates and whom to tell are
    seen before it is saved; called off, those who knew are told."""
    now = datetime.now(UTC).replace(tzinfo=None)
    behind = now.hour - 9  # it is between nine and ten in the morning there
    comes = (now - timedelta(hours=behind)).replace(hour=15, minute=0, second=0, microsecond=0)
    with company(tmp_path) as who:
        who.now = comes - timedelta(days=7)
        arranged(who, comes)
    env = {"HOME": str(tmp_path), "LANG": "zh_CN.UTF-8", "TZ": f"<DESK>{behind:+d}"}
    env |= {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    command = [JIEDAI, "--store", str(tmp_path / "store.db"), "--as", "林小雨"]
    with Term(command, env=env) as term:
        term.until("江南智造集团")
        keys(term, "f8")
        term.until("当日变更")
        keys(term, "down", "9")
        for text in ("人数 5 -> 9", "(+600)", "9 人 6 座, 不够", "10 人 20 座, 够", "9 客 + 7 陪", "9 人 1 晚",
                     "桌牌 5 -> 9", "要告诉", "司机 张德胜  13800000002  人数 5 -> 9", "要 总经理 再批"):  # fmt: skip
            term.until(text)
        assert sees(command, env, lambda row: row.headcount == 5), "only seen, not done"
        keys(term, "enter")
        term.until("等待再次审批")
        keys(term, "enter")
        term.until("申请表")
        chosen(term, "撤回修改")
        term.until("照原批准的安排")
        chosen(term, "取消")
        term.until("取消江南智造集团的接待吗")
        keys(term, "改期", "enter")
        term.until("取消接待的影响")
        term.until("徐明哲")
        keys(term, "enter")
        term.until("已取消")
        keys(term, "w")
        term.until("取消")
        term.until("5 人")
        keys(term, "space")
        term.until("[x]")
        term.until("已告知 张德胜")
        keys(term, "esc")
        term.until("申请表")
        chosen(term, "恢复")
        term.until("草稿")
        keys(term, "f10")
        assert term.wait() == 0
    assert not list(tmp_path.rglob("incidents.log"))


def sees(command: list[str], env: dict[str, str], holds: Callable[[Visit], bool]) -> bool:
    """Whether the one visit of the store is so."""
    told = subprocess.run(
        [*command[:3], "visits", "--json"], env={**os.environ, **env}, capture_output=True, text=True, check=True
    )
    assert told.stdout
    store = open_store(command[2], create=False)
    try:
        with reading():
            return holds(Visit.get())
    finally:
        store.close()
