"""A row that somebody else wrote and nobody can read costs its cell, not the program: on all lists and the visit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from models.policy.load import load_file
from models.schema.store import open_store, reading
from models.schema.tables import Person, Visit
from screens.visit.tab import TABS
from tests.sample import CONFIG, DAY, Sample
from tests.ui.build import at_desk
from tests.ui.look import shown
from tests.ui.overlong import NOW
from tests.unit.life import Company
from tui.cli.main import run

STARTS = ("today", "calendar", "requests", "approvals", "checklist", "register")
SURROGATE = "CAST(x'e58d97eda080e69687' AS TEXT)"
"""A name with half a character in it, which no text may have."""
DAMAGES = {
    "leg mode": "UPDATE leg SET mode = 'zeppelin', number = ''",
    "leg state": "UPDATE leg SET state = 'lost'",
    "stage state": "UPDATE stage SET state = 'lost'",
    "task state": "UPDATE task SET state = 'lost' WHERE id % 2",
    "visit state": "UPDATE visit SET state = 'lost' WHERE id % 3 = 0",
    "payer": "UPDATE expense SET payer = 'nobody'; UPDATE lodging SET payer = 'nobody'",
    "policy ids": "UPDATE expense SET item = 'x1'; UPDATE meal SET meal = 'x2', venue = 'x3';"
    " UPDATE lodging SET grade = 'x4'; UPDATE resource SET grade = 'x5'",
    "tier": "UPDATE visit SET tier = 'x6', proposed_tier = 'x6', kind = 'x7'",
    "stage and party": "UPDATE stage SET stage = 'x8'; UPDATE task SET party = 'x9'; UPDATE booking SET stage = 'x8'",
    "guests": f"UPDATE guest SET name = {SURROGATE}",
    "people": f"UPDATE person SET name = {SURROGATE} || id WHERE name <> '林小雨'",
    "clients": f"UPDATE visit SET client_name = {SURROGATE} || id; UPDATE client SET name = {SURROGATE} || id",
    "cars": f"UPDATE resource SET name = {SURROGATE} || id",
}
AT_ONCE = (
    ("leg mode", "leg state", "stage state", "payer", "guests"),
    ("task state", "policy ids", "tier", "stage and party"),
    ("visit state", "people", "clients", "cars"),
)
"""All of them in three stores; each in a store of its own, where no other can hide it, in the long run."""
TOGETHER = pytest.mark.parametrize(
    "what", [*AT_ONCE, *(pytest.param((what,), marks=pytest.mark.long) for what in DAMAGES)], ids=", ".join
)
Damaged = Callable[[tuple[str, ...]], Path]


@pytest.fixture
def damaged(sample: Sample, tmp_path: Path) -> Damaged:
    """A sample company with some kinds of rows that nobody can read."""

    def damage(what: tuple[str, ...]) -> Path:
        store = sample(DAY, tmp_path / "store.db")
        with closing(sqlite3.connect(store)) as raw, raw:
            for each in what:
                raw.executescript(DAMAGES[each])
        return store

    return damage


def test_all_damages_are_among_those_at_once() -> None:
    assert sorted(each for some in AT_ONCE for each in some) == sorted(DAMAGES)


@TOGETHER
async def test_on_every_screen(damaged: Damaged, what: tuple[str, ...]) -> None:
    """`at.rest` sees to it that there was no incident."""
    opened = open_store(damaged(what))
    try:
        policy = load_file(CONFIG)
        with reading():
            ids = {person.name: person.id for person in Person.select()}
            number = Visit.get(Visit.state == "under_way").id
        who = Company(policy, ids, NOW, policy.text)
        for start in STARTS:
            async with at_desk(who, "林小雨", start) as at:
                await at.press("down", "right", "down", "f2", "escape")
        async with at_desk(who, "林小雨") as at:
            for screen in ("clients", "resources", "lanes", "notifications", "handover"):
                at.app.open(screen)
                await at.rest()
                await at.press("down", "escape")
            at.app.open("visit", number)
            await at.rest()
            for tab in TABS:
                at.app.screen.go_tab(tab)  # type: ignore[attr-defined]  # the screen of a visit
                await at.rest()
                await at.press("down", "f2", "escape")
            assert "\ud800" not in shown(at.app)
    finally:
        opened.close()


@TOGETHER
def test_by_every_command(
    damaged: Damaged,
    what: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    store = str(damaged(what))
    for command in ("visits", "tasks", "today", "handover"):
        for form in ([], ["--json"]):
            words = [command, *form, "--store", store, "--config", str(CONFIG)]
            assert run(words, lambda: NOW.replace(tzinfo=ZoneInfo("Asia/Shanghai"))) == 0, capsys.readouterr().err
