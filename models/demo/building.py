"""The sample company as a store, built for a day by the real verbs."""

from __future__ import annotations

import gc
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path

from models.demo import GUIDE
from models.demo.cast import Cast, load
from models.demo.play import Play
from models.demo.reception import Reception
from models.policy.model import Policy
from models.schema.store import open_store, write
from models.services.person_verbs import set_up
from models.services.resource_verbs import Thing, add_resource
from models.words.pinyin import work_out

CURTAIN = time(8, 2)
"""The time of the day up to which everything has happened."""
_FOUNDED = timedelta(days=60)
_IN_OFFICE = timedelta(days=1400)


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
    session = play.session(GUIDE)
    for kind, rows in play.cast.things.items():
        for row in rows:
            driver = {"driver": play.ids[row["driver"]]} if "driver" in row else {}
            add_resource(session, kind, Thing(**{**row, **driver}))
