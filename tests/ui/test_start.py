"""How the real program begins in a real terminal."""

from __future__ import annotations

import gc
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.term import Term
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
    late = {f"models.{name}" for name in ("services.legs", "services.life", "services.holds", "policy.judge", "form")}
    assert {"models.queries.today", "screens.kit.page"} <= set(done.stdout.split())
    assert set(done.stdout.split()).isdisjoint(late | {"screens.kit.dialogs", "argparse"})
