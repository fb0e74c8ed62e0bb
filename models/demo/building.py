"""The sample company as a store: built for a day, and kept for that day."""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta, tzinfo
from importlib import resources
from pathlib import Path

from models.demo.cast import GUIDE, Cast, load
from models.demo.play import Play
from models.demo.reception import Reception
from models.policy.model import Policy
from models.schema import files, history
from models.schema.store import open_store, plain_reasons, write
from models.services.people import set_up
from models.services.resources import Thing, add_resource
from models.words.pinyin import work_out

CURTAIN = time(8, 2)
"""The time of the day up to which everything has happened."""

_MAKERS = ("models.demo", "models.services", "models.schema")
_FOUNDED = timedelta(days=60)
_IN_OFFICE = timedelta(days=1400)
_KEPT = timedelta(days=1)


def build(path: Path, today: date, policy: Policy, zone: tzinfo | None = None) -> None:
    """Make a store at `path` with the sample company as it is on `today` about eight in the morning.

    The same for the same day, but for the salts of the journal. `zone` is the organisation's, None the machine's. The
    store is closed again, and no store is open then.
    """
    cast = load()
    begin = datetime.combine(today - _FOUNDED, time(9))
    play = Play(cast, policy, begin, datetime.combine(today, CURTAIN), zone)
    was_collecting = gc.isenabled()
    gc.disable()  # the objects of thousands of queries in a few seconds, hardly any of them in a circle
    _spell(cast)
    store = open_store(path)
    try:
        with write():  # one for all, so that a month does not wait for the disk thousands of times
            _people(play, today - _IN_OFFICE)
            _things(play)
            for sketch in cast.visits:
                Reception(play, sketch).begin()
            play.run()
    finally:
        store.close()
        if was_collecting:
            gc.enable()


def demo_path(folder: Path, today: date, policy: Policy, zone: tzinfo | None = None) -> Path:
    """The store of the sample company for `today` in a cache folder, built where there is none yet.

    One for each policy and program; half built ones are never taken. Those of earlier days are removed, except
    yesterday's, which somebody may still have open. Raises Refused where the folder or disk cannot be used.
    """
    path = folder / f"demo-{today.isoformat()}-{_edition(policy, zone)}.db"
    with plain_reasons(path), _held(folder):
        _sweep(folder, today)
        if not path.exists():
            fresh = path.with_suffix(".fresh")
            _remove(fresh)
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


def _spell(cast: Cast) -> None:
    """Have the spelling of every name ready; otherwise the texts of the first visits would be made without."""
    clients = {sketch.client.name: sketch.client for sketch in cast.visits}
    work_out([*clients, *[str(row["name"]) for rows in cast.things.values() for row in rows]])
    guests = [guest.split("/")[0] for client in clients.values() for guest in client.guests]
    work_out([*cast.people, *guests], surname=True)


def _people(play: Play, since: date) -> None:
    """Everybody with their posts, entered by nobody yet registered."""
    names = list(play.cast.people)
    rows = [(name, f"139 0000 {2001 + at * 37}", play.cast.people[name]) for at, name in enumerate(names)]
    play.ids = dict(zip(names, set_up(play.newcomer(), rows, since), strict=True))


def _things(play: Play) -> None:
    """The cars, rooms, restaurants and hotels, entered by who keeps the register."""
    desk = play.desk(GUIDE)
    for kind, rows in play.cast.things.items():
        for row in rows:
            driver = {"driver": play.ids[row["driver"]]} if "driver" in row else {}
            add_resource(desk, kind, Thing(**{**row, **driver}))


def _edition(policy: Policy, zone: tzinfo | None) -> str:
    """What a store was made of, as a short word: the policy, the zone, and the code that makes it."""
    made = hashlib.sha256(f"{policy.sha256} {zone} {sorted(history.known())}".encode())
    for package in _MAKERS:
        for file in sorted(resources.files(package).iterdir(), key=lambda file: file.name):
            if file.is_file():
                made.update(file.read_bytes())
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
