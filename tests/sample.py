"""The sample company on one morning: built once for all processes of a test run, and copied from there."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from models.demo.reception import build
from models.policy.load import load_file

CONFIG = Path(__file__).parents[1] / "config.toml"
ZONE = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 26, 8, 2, tzinfo=ZONE)
"""A Thursday: the day of every test that asks for no other, as each day is another build."""
DAY = MORNING.date()
Sample = Callable[[date, Path], Path]


def sampler(factory: pytest.TempPathFactory) -> Sample:
    """What gives the sample company of a day as a store of one's own at a path. Workers of one run share the builds."""
    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent

    def sample(day: date, path: Path) -> Path:
        built = folder / f"sample-{day}.db"
        with open(f"{built}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not built.exists():
                half = folder / f"half-{day}.db"
                half.unlink(missing_ok=True)
                build(half, day, load_file(CONFIG), ZONE)
                half.rename(built)
        shutil.copy(built, path)
        return path

    return sample
