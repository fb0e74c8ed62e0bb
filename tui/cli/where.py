"""`jiedai where`: which files are in use, and why these."""

from __future__ import annotations

import os

from models.words import cell_len, pad
from tui.cli.call import Call
from tui.cli.out import give, give_json
from tui.folders import cache_folder
from tui.incident import log_path
from tui.where import policy_file, settings_file, store_file

_WHY = {"settings": "settings_why"}


def run_where(call: Call) -> int:
    """Print policy, settings, store, cache and log, each with whether it is there."""
    policy, policy_why = policy_file(call.given.option("config"), os.environ)
    store, store_why = store_file(call.given.option("store"), call.settings.store)
    rows = [
        ("config", policy, policy_why),
        ("settings", settings_file(), ""),
        ("store", store, store_why),
        ("cache", cache_folder(), ""),
        ("log", log_path(), ""),
    ]
    if call.json:
        give_json(
            {name: {"path": path, "why": why or None, "exists": os.path.exists(path)} for name, path, why in rows}
        )
    else:
        give([_line(call, *row) for row in rows])
    return 0


def _line(call: Call, name: str, path: str, why: str) -> str:
    names = [call.w(f"where.{each}") for each in ("config", "settings", "store", "cache", "log")]
    width = max(cell_len(each) for each in names)
    notes = [call.w(f"where.{_WHY.get(why, why)}")] if why else []
    notes += [] if os.path.exists(path) else [call.w("where.absent")]
    return "  ".join([pad(call.w(f"where.{name}"), width), path, *([f"({', '.join(notes)})"] if notes else [])])
