"""How the real program begins: in a terminal, with stores that are there, with names to spell."""

from __future__ import annotations

import gc
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from models.schema.store import write
from models.schema.tables import Person, Visit
from models.services import person_verbs
from models.services.person_register import all_spelt
from models.words import pinyin
from screens.kit.linelist import LineList, Row
from tests.sample import DAY, ZONE, Sample
from tests.ui.build import at_desk
from tests.ui.term import Term, python
from tests.ui.test_today_terminal import SCRIPT
from tests.unit.life import Company, approved, company, form
from tests.unit.stores import filled_store, once
from tui.app import ActorBox, Speller
from tui.cli.screens import spell
from tui.terminal import keep_memory

# -- start -------------------------------------------------------------------------------------------------------------
#
# How the real program begins in a real terminal.


@pytest.mark.pty
def test_no_kitty_keyboard(tmp_path: Path) -> None:
    """The program never asks for the Kitty keyboard protocol, under which a committed Chinese phrase arrives as
    garbage: Textual must not be imported before it is told so."""
    command = [sys.executable, "-P", "-m", "tui", "--store", str(tmp_path / "new.db"), "--lang", "zh"]
    with Term(command, env={"HOME": str(tmp_path)}) as term:
        term.until("F1")
        assert not re.search(rb"\x1b\[>\d+u", term.raw)
        assert b"\x1b[?1049h" in term.raw


ROOT = Path(__file__).parents[2]
FULL = """
mount -t tmpfs -o size=4m tmpfs "$1" || exit 99
cp "$2" "$1/store.db"
dd if=/dev/zero of="$1/fill" bs=4k 2>/dev/null
disk=$1
shift 2
exec "$@" --store "$disk/store.db"
"""


@pytest.mark.pty
def test_on_a_full_disk_the_screens_are_read_and_nothing_entered_is_lost(sample: Sample, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    away = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    if subprocess.run([*away, "mount", "-t", "tmpfs", "tmpfs", disk], capture_output=True, check=False).returncode:
        pytest.skip("no disk can be made here")
    store = sample(DAY, tmp_path / "store.db")
    command = python(SCRIPT, f"{DAY}T10:30:02", "--as", "林小雨", "--lang", "zh")
    full = [*away, "sh", "-c", FULL, "sh", str(disk), str(store), *command]
    with Term(full, env={"HOME": str(tmp_path), "TZ": ZONE.key}) as term:
        term.until(lambda text: "江南智造集团" in text and "磁盘已满：可以查看" in text)
        term.press("space")
        term.until("磁盘已满，没有保存")
        for _ in range(100):  # keys that follow a refused one at once are swallowed
            term.press("3")
            if "F4 新申请" in term.text:
                break
        term.until("F4 新申请")
        term.press("f4")
        term.until("新申请 1/5")
        term.press("华为")
        term.until(lambda text: "客户单位*  华为" in text and "磁盘已满，没有保存" in text)
        os.unlink(f"/proc/{term.process.pid}/root{disk}/fill")
        term.press("科技", "tab")
        term.until(lambda text: "客户单位*  华为科技" in text and "磁盘已满" not in text)
        term.press("esc")
        term.until("草稿已存下")
        term.until(lambda text: any("华为科技" in line and "草稿" in line for line in text.splitlines()))


def test_memory_is_looked_after_again() -> None:
    """The collector rests during the start only."""
    gc.disable()
    try:
        keep_memory()
        assert gc.isenabled()
    finally:
        gc.unfreeze()
        gc.enable()


def test_the_first_screen_loads_only_what_it_shows() -> None:
    """What is said of guests, judged or asked in a box is loaded when somebody first does it."""
    code = "import sys, tui.app, screens.today; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    late = {f"models.{name}" for name in ("services.day_verbs", "services.capacity", "policy.judge", "form")}
    assert {"models.queries.day_lists", "screens.kit.page"} <= set(done.stdout.split())
    assert set(done.stdout.split()).isdisjoint(late | {"screens.kit.dialogs", "argparse"})


OPENED = """
import sys
from tui import terminal
terminal.refusal = lambda: None
def run(session, **facts):
    import tui.app, screens.today
    print(*sys.modules)
    return 0
terminal.run = run
from tui.cli.main import run
raise SystemExit(run(["--lang", "en"]))
"""


def test_nor_does_what_opens_it(tmp_path: Path) -> None:
    """From the command line to the program on the screen: nothing that judges, nothing that changes a regulation."""
    told = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", OPENED]
    done = subprocess.run(command, env=told, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    loaded = set(done.stdout.split())
    assert {"models.queries.plain_lists", "screens.today", "tui.app"} <= loaded
    late = {"form", "policy.case", "policy.judge", "policy.table_text", "services.regulation_verbs", "services.frame"}
    assert loaded.isdisjoint({f"models.{name}" for name in late})


REGULATION = OPENED.replace("*sys.modules", "session.policy.effective, 'models.policy.load' in sys.modules").replace(
    '["--lang", "en"]', '["--config", sys.argv[1]]'
)


def test_a_regulation_that_was_checked_is_read_again_only_where_it_was_written_since(tmp_path: Path) -> None:
    """Also where what was kept is damaged; one that has a mistake is refused as ever."""
    path = tmp_path / "config.toml"
    told = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}

    def opened(text: str | None = None) -> str:
        if text is not None:
            path.write_text(text, "utf-8")
        command = [sys.executable, "-c", REGULATION, str(path)]
        done = subprocess.run(command, env=told, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
        return (done.stdout.strip().splitlines() or [f"{done.returncode} {done.stderr[:200]}"])[-1]

    text = (ROOT / "config.toml").read_text("utf-8")
    assert opened(text) == "2014-04-07 True"
    assert opened() == "2014-04-07 False"
    assert opened(text.replace("effective = 2014-04-07", "effective = 2015-05-08")) == "2015-05-08 True"
    assert opened() == "2015-05-08 False"
    (kept,) = tmp_path.rglob("policy.cache")
    kept.write_bytes(kept.read_bytes()[:-9] + b"x" * 9)
    assert opened() == "2015-05-08 True"
    assert opened("unknown = 1\n" + text).startswith("2 ")


def test_a_sample_company_that_is_there_is_opened_without_what_builds_it() -> None:
    code = "import sys, tui.cli.demo, models.demo.daily; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    loaded = done.stdout.split()
    assert "models.demo.daily" in loaded
    assert not [
        name for name in loaded if name.startswith(("models.services", "models.demo.reception", "models.demo.cast"))
    ]


# -- stores ------------------------------------------------------------------------------------------------------------
#
# The stores that tests begin with: lived through once in a run, and copied for each of them.


LIVED: list[str] = []


@once
def grown(who: Company, client: str) -> int:
    """A visit approved; it is counted how often."""
    LIVED.append(client)
    return approved(who, form(who, client=client)).visit


def rows() -> list[tuple[object, ...]]:
    return [*Person.select().tuples(), *Visit.select().tuples()]


def test_a_step_of_a_life_is_lived_once_and_its_copies_are_nobody_elses(tmp_path: Path) -> None:
    """What one test does to its copy, another does not see."""
    seen: list[list[tuple[object, ...]]] = []
    for name in ("one", "two", "three"):
        with company(tmp_path / name) as who:
            visit = grown(who, "一次")
            seen.append(rows())
            with write():
                Visit.update(headcount=99).where(Visit.id == visit).execute()
                Person.update(phone=name).execute()
    assert seen[0] == seen[1] == seen[2]
    assert LIVED == ["一次"]


def test_a_filled_store_too(tmp_path: Path) -> None:
    filled: list[int] = []

    def fill() -> int:
        filled.append(1)
        with write():
            return int(Person.create(name="甲", pinyin="jia", initials="j").id)

    for name in ("one", "two"):
        store, person = filled_store(tmp_path / name, "tests/ui/test_stores", fill)
        with closing(store), write():
            assert Person.get_by_id(person).name == "甲"
            Person.update(name="乙").execute()
    assert filled == [1]


def test_where_a_test_patches_nothing_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The verbs may be others then."""
    before = len(LIVED)
    for name in ("one", "two"):
        with company(tmp_path / name) as who:
            grown(who, "两次")
    assert LIVED[before:] == ["两次", "两次"]


# -- speller -----------------------------------------------------------------------------------------------------------
#
# Names are spelt behind the screens: once at a time, what is found by them is read anew, an error is an incident.


class Screens:
    """As much of the app as the speller needs."""

    def __init__(self) -> None:
        self.session = "desk"
        self.told: list[str] = []
        self.done = threading.Event()

    def spelt(self) -> None:
        self.told.append("spelt")

    def incident(self, error: BaseException) -> str:
        self.told.append(str(error))
        return "1"

    def call_from_thread(self, after: Callable[[], object]) -> None:
        after()
        self.done.set()


def test_what_was_spelt_is_read_anew_and_an_error_is_kept() -> None:
    for result, told in ((2, ["spelt"]), (ValueError("broken"), ["broken"])):
        screens = Screens()

        def work(session: str, result: object = result) -> int:
            assert session == "desk"
            if isinstance(result, Exception):
                raise result
            return 2

        Speller(screens, work).begin()
        assert screens.done.wait(300)
        assert screens.told == told


def test_it_is_done_once_at_a_time() -> None:
    begun, go_on, times = threading.Event(), threading.Event(), []

    def work(session: str) -> int:
        times.append(session)
        begun.set()
        go_on.wait(300)
        return 1

    screens = Screens()
    speller = Speller(screens, work)
    speller.begin()
    assert begun.wait(300)
    speller.begin()
    go_on.set()
    assert screens.done.wait(300)
    assert len(times) == 1


async def test_who_was_entered_on_a_loaded_machine_is_found_after_all(
    tmp_path: Path, spelling_by_another_process: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with company(tmp_path) as who:
        async with at_desk(who, "林小雨", "register") as at:
            person_verbs.add_person(who.session("林小雨"), "单于明")
            assert not all_spelt()
            monkeypatch.setattr(pinyin, "_ask", pinyin._look_up)
            assert spell(who.session("林小雨")) >= 1
            assert spell(who.session("林小雨")) == 0
            at.app.changed()
            await at.press("right", "f3", *"chanyu")
            assert ["单于明" in row.cells for row in at.list.rows] == [True]


async def test_who_is_spelt_while_one_is_asked_who_acts_is_found(tmp_path: Path) -> None:
    """At the first run everybody has just been entered when the box opens."""
    with company(tmp_path) as who:
        async with at_desk(who, "林小雨") as at:
            rows = [Row("1", ("王海峰",))]
            at.app._acting = ActorBox(at.app, lambda w: tuple(rows))
            at.app.choose_person()
            await at.rest()
            await at.put("wang")
            assert len(at.app.screen.query_one(LineList).rows) == 0
            rows[:] = [Row("1", ("王海峰",), find=("wang hai feng", "w h f"))]
            at.app.spelt()
            assert "王海峰" in await at.rest()
            assert [row.key for row in at.app.screen.query_one(LineList).rows] == ["1"]
