"""The program on a machine of its own: `run_office.py PACKAGES FOLDER ARGUMENT...`.

FOLDER stands for the machine: `system` is its `/etc/xdg`, `home` the home of the account. PACKAGES is where a Python of
other accounts finds what the program needs, `-` where it is at home. Where there is a file `later` its clock differs by
so many seconds from ours; a file `minute` says how many seconds one has in which nobody presses a key."""

from __future__ import annotations

import pwd
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, sys.argv[1])
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import tui.clock  # the path comes first
import tui.where

if TYPE_CHECKING:
    from models.services.session import Clock


def main() -> int:
    """The program, there."""
    folder = Path(sys.argv[2])
    tui.where.SYSTEM = str(folder / "system")
    real = pwd.getpwnam

    def account(name: str) -> pwd.struct_passwd:
        return pwd.struct_passwd((*real(name)[:5], str(folder / "home"), *real(name)[6:]))

    vars(pwd)["getpwnam"] = account
    later = folder / "later"
    if later.exists():
        span, clock_of = timedelta(seconds=float(later.read_text("utf-8"))), tui.clock.clock_of

        def shifted(zone: str) -> Clock:
            clock = clock_of(zone)
            return lambda: clock() + span

        tui.clock.clock_of = shifted
    if (folder / "minute").exists():
        from tui.cli import screens

        screens.MINUTE = float((folder / "minute").read_text("utf-8"))
    from tui.__main__ import main as program

    return program(sys.argv[3:])


if __name__ == "__main__":
    sys.exit(main())
