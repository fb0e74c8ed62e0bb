"""Opens the program with its clock set, from where it goes on: `run_sample.py 2026-11-23T07:50:02 ARGUMENT...`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import tui.clock  # the path comes first

if TYPE_CHECKING:
    from models.services.desk import Clock


def main() -> int:
    """The program, at that time."""
    begin = datetime.fromisoformat(sys.argv[1])
    real = tui.clock.clock_of

    def clock_of(zone: str) -> Clock:
        clock = real(zone)
        now = clock()
        shift = begin.replace(tzinfo=now.tzinfo) - now
        return lambda: clock() + shift

    tui.clock.clock_of = clock_of
    from tui.__main__ import main as program

    return program(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
