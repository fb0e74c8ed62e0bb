"""Opens the program with its clock set: `run_sample.py 2026-11-23T07:50:02 ARGUMENT...`.

The clock stands still; the file `clock` in the home folder, where there is one, puts it on by so many seconds."""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import tui.clock  # the path comes first
from tests.ui.quiet import answer_when_at_rest

if TYPE_CHECKING:
    from models.services.session import Clock


def main() -> int:
    """The program, at that time."""
    begin = datetime.fromisoformat(sys.argv[1])
    later = Path(os.environ["HOME"]) / "clock"
    real = tui.clock.clock_of

    def clock_of(zone: str) -> Clock:
        start = begin.replace(tzinfo=real(zone)().tzinfo)
        return lambda: start + timedelta(seconds=float(later.read_text("utf-8")) if later.exists() else 0)

    tui.clock.clock_of = clock_of
    answer_when_at_rest()
    from tui.__main__ import main as program

    return program(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
