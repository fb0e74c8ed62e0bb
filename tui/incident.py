"""An error nobody foresaw: a number for the user, the traceback in a private log."""

from __future__ import annotations

import os
import traceback
from datetime import datetime

from models.words import clean_lines
from tui.version import VERSION
from tui.where import state_folder

LOG = "incidents.log"


def log_path() -> str:
    """The log of incidents, which only its owner reads."""
    return os.path.join(state_folder(), LOG)


def keep(error: BaseException) -> str:
    """Write the traceback (without values of variables) to the log; its number, to be told to the user.

    The number is also given where the log cannot be written, then with `?` behind it.
    """
    now = datetime.now().astimezone()
    number = f"{now:%m%d-%H%M}-{os.urandom(2).hex()}"
    told = clean_lines("".join(traceback.format_exception(error)))
    entry = f"--- {number} {now.isoformat(timespec='seconds')} jiedai {VERSION}\n{told}\n"
    try:
        _append(log_path(), entry)
    except OSError:
        return number + "?"
    return number


def _append(path: str, entry: str) -> None:
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(file, "a", encoding="utf-8", errors="backslashreplace") as out:
        os.fchmod(out.fileno(), 0o600)
        out.write(entry)
