"""Keys at random over all screens of the sample company: whatever is pressed, no exception and no end.

The suite presses a few hundred; `JIEDAI_RANDOM_KEYS=5000` presses so many in each run, `JIEDAI_RANDOM_SEED=7` begins
with another seed.
"""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot

from models.demo import GUIDE
from models.policy.load import load_file
from models.schema import journal
from models.schema.store import open_store
from models.services.person_register import actor_named
from models.services.session import Session
from tests.sample import CONFIG, DAY, MORNING, Sample
from tests.ui.look import settled
from tui.app import Jiedai
from tui.cli.screens import act_as, forget, people, status

COUNT = int(os.environ.get("JIEDAI_RANDOM_KEYS", "150"))
SEED = int(os.environ.get("JIEDAI_RANDOM_SEED", "122"))
OPEN = ("1", "2", "3", "4", "5", "6", "7", "9", "0", "8")
MOVE = ("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "tab", "shift+tab")
ACT = ("enter", "space", "escape", "delete", "backspace", *(f"f{n}" for n in range(1, 10)))
TYPE = (*"abcdeghimnoprtuvwxz/?+-", "、", "李", "九")
WEIGHTS = ((OPEN, 4), (MOVE, 6), (ACT, 9), (TYPE, 4))
PASTES = ("[/x] [bold]", "9:30", "2026-12-03", "张三\t经理\n李四,总工,139 0000 0001", "1200")
WINDOWS = ((80, 24), (60, 20), (120, 40))


def typed(chance: random.Random) -> Iterator[list[Key | Paste]]:
    """Bursts of one to four keys, or a paste, for ever."""
    while True:
        if chance.random() < 0.02:
            yield [Paste(chance.choice(PASTES))]
            continue
        groups = chance.choices([group for group, _ in WEIGHTS], [weight for _, weight in WEIGHTS], k=3)
        names = [chance.choice(group) for group in groups][: chance.choice((1, 1, 1, 2, 3))]
        if chance.random() < 0.3:  # the same key again
            names += names[-1:]
        yield [Key(name, " " if name == "space" else name if len(name) == 1 else None) for name in names]


@asynccontextmanager
async def company(store: Path, language: str, size: tuple[int, int]) -> AsyncIterator[tuple[Jiedai, Pilot[Any]]]:
    """The program as `jiedai demo` opens it."""
    opened = open_store(store)
    try:
        session = Session(actor_named(GUIDE, "demo"), lambda: MORNING, load_file(CONFIG))
        app = Jiedai(
            session, language=language, head=journal.head, status=status, people=people,
            act_as=lambda key: act_as(session, key, forget),
        )  # fmt: skip
        async with app.run_test(size=size) as pilot:
            await settled(cast(Any, pilot))
            yield app, cast(Any, pilot)
    finally:
        opened.close()


@pytest.mark.parametrize(("seed", "language", "size"), [(SEED, "zh", WINDOWS[0]), (SEED + 1, "en", WINDOWS[1])])
async def test_no_keys_end_the_program(
    sample: Sample, tmp_path: Path, seed: int, language: str, size: tuple[int, int]
) -> None:
    chance = random.Random(seed)
    store = sample(DAY, tmp_path / "store.db")
    pressed, where = list[str](), ""
    bursts = typed(chance)
    while len(pressed) < COUNT:
        async with company(store, language, size) as (app, pilot):
            while len(pressed) < COUNT and app.return_value is None:  # one may leave by the menu
                burst = next(bursts)
                pressed += [each.key if isinstance(each, Key) else "paste" for each in burst]
                for event in burst:
                    app.post_message(event)
                await pilot.pause()
                await settled(pilot)
                where = f"{type(app.screen).__name__}, {len(pressed)} keys of seed {seed}: {' '.join(pressed[-40:])}"
                for error in app.incidents:
                    raise AssertionError(where) from error
                if chance.random() < 0.01:
                    await pilot.resize_terminal(*chance.choice(WINDOWS))
            assert app.return_value in (None, 0), where
