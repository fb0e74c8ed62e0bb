"""The stores that tests begin with: lived through once in a run, and copied for each of them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from models.schema.store import write
from models.schema.tables import Person, Visit
from tests.unit.life import Company, approved, company, form
from tests.unit.stores import filled_store, once

LIVED: list[str] = []


@once
def grown(who: Company, client: str) -> int:
    """A visit approved; it is counted how often."""
    LIVED.append(client)
    return approved(who, form(who, client=client)).visit


def rows() -> list[tuple[object, ...]]:
    return [*Person.select().tuples(), *Visit.select().tuples()]


def test_a_step_of_a_life_is_lived_once_and_its_copies_are_nobody_elses(tmp_path: Path) -> None:
    """What one test does to its copy, another does not see."""
    seen: list[list[tuple[object, ...]]] = []
    for name in ("one", "two", "three"):
        with company(tmp_path / name) as who:
            visit = grown(who, "一次")
            seen.append(rows())
            with write():
                Visit.update(headcount=99).where(Visit.id == visit).execute()
                Person.update(phone=name).execute()
    assert seen[0] == seen[1] == seen[2]
    assert LIVED == ["一次"]


def test_a_filled_store_too(tmp_path: Path) -> None:
    filled: list[int] = []

    def fill() -> int:
        filled.append(1)
        with write():
            return int(Person.create(name="甲", pinyin="jia", initials="j").id)

    for name in ("one", "two"):
        store, person = filled_store(tmp_path / name, "tests/ui/test_stores", fill)
        with closing(store), write():
            assert Person.get_by_id(person).name == "甲"
            Person.update(name="乙").execute()
    assert filled == [1]


def test_where_a_test_patches_nothing_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The verbs may be others then."""
    before = len(LIVED)
    for name in ("one", "two"):
        with company(tmp_path / name) as who:
            grown(who, "两次")
    assert LIVED[before:] == ["两次", "两次"]
