"""The store of the sample company for a day, kept for that day: what builds one is imported where there is none yet."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta, tzinfo
from pathlib import Path

from models.policy.model import Policy
from models.schema import files, history
from models.schema.store import plain_reasons

_MODELS = Path(__file__).parents[1]
_MAKERS = ("demo", "services", "schema")
_KEPT = timedelta(days=1)


def demo_path(
    folder: Path, today: date, policy: Policy, zone: tzinfo | None = None, building: Callable[[], None] = lambda: None
) -> Path:
    """The store of the sample company for `today` in a cache folder, built where there is none yet.

    One for each policy and program; half built ones are never taken. Those of earlier days are removed, except
    yesterday's, which somebody may still have open. `building` is called before one is built, which takes seconds.
    Raises Refused where the folder or disk cannot be used.
    """
    path = folder / f"demo-{today.isoformat()}-{_edition(policy, zone)}.db"
    with plain_reasons(path), _held(folder):
        _sweep(folder, today)
        if not path.exists():
            building()
            fresh = path.with_suffix(".fresh")
            _remove(fresh)
            from models.demo.reception import build

            build(fresh, today, policy, zone)
            os.replace(fresh, path)
            _remove(fresh)
    return path


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """The folder, made where it is not there yet, for one builder at a time."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with files.lock(folder / "demo"):
        yield


def _edition(policy: Policy, zone: tzinfo | None) -> str:
    """What a store was made of, as a short word: the policy, the zone, and the code that makes it."""
    made = hashlib.sha256(f"{policy.sha256} {zone} {sorted(history.known())}".encode())
    for folder in _MAKERS:
        for file in sorted(os.scandir(_MODELS / folder), key=lambda file: file.name):
            if file.is_file():
                seen = file.stat()
                made.update(f"{file.name} {seen.st_mtime_ns} {seen.st_size}\n".encode())
    return made.hexdigest()[:10]


def _sweep(folder: Path, today: date) -> None:
    """Remove the stores of days before yesterday."""
    oldest = f"demo-{(today - _KEPT).isoformat()}"
    for path in folder.glob("demo-????-??-??-*"):
        if path.name < oldest:
            path.unlink(missing_ok=True)


def _remove(path: Path) -> None:
    for name in (path, *(Path(f"{path}{end}") for end in (*files.SIDES, ".lock", ".queue", ".turn"))):
        name.unlink(missing_ok=True)
