"""How the real program begins in a real terminal."""

from __future__ import annotations

import gc
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sample import DAY, ZONE, Sample
from tests.ui.term import Term, python
from tests.ui.test_today_terminal import SCRIPT
from tui.terminal import keep_memory


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
        term.press("3")
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


def test_a_sample_company_that_is_there_is_opened_without_what_builds_it() -> None:
    code = "import sys, tui.cli.demo, models.demo.daily; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    loaded = done.stdout.split()
    assert "models.demo.daily" in loaded
    assert not [
        name for name in loaded if name.startswith(("models.services", "models.demo.reception", "models.demo.cast"))
    ]
