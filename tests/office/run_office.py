"""The program on a machine of its own: `run_office.py PACKAGES FOLDER ARGUMENT...`.

FOLDER stands for the machine: `system` is its `/etc/xdg`, `home` the home of the account. PACKAGES is where a Python of
other accounts finds what the program needs, `-` where it is at home. A file `idle` in the folder says after how many
seconds without a key a session ends."""

from __future__ import annotations

import pwd
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import tui.folders  # the path comes first


def main() -> int:
    """The program, there."""
    folder = Path(sys.argv[2])
    tui.folders.SYSTEM = str(folder / "system")
    real = pwd.getpwnam

    def account(name: str) -> pwd.struct_passwd:
        return pwd.struct_passwd((*real(name)[:5], str(folder / "home"), *real(name)[6:]))

    vars(pwd)["getpwnam"] = account
    from tui.__main__ import main as program

    return program(sys.argv[3:])


if __name__ == "__main__":
    sys.exit(main())
