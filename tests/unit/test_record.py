"""`@record`: a frozen dataclass to its user."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, asdict, dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from models.frozen import record

FROZEN = re.compile(r"\s*@dataclass\(.*frozen=True")


@record
class Plain:
    """A record."""

    number: int
    words: tuple[str, ...] = ()


@record
class Holder:
    """A record that holds one."""

    plain: Plain


@dataclass(frozen=True)
class Frozen:
    """What it stands for."""

    number: int
    words: tuple[str, ...] = ()


def test_it_is_made_compared_and_shown_like_a_dataclass() -> None:
    assert Plain(1) == Plain(1, ()) != Plain(2)
    assert len({Plain(1), Plain(1), Plain(2)}) == 2
    assert repr(Plain(1, ("a",))) == "Plain(number=1, words=('a',))"


@pytest.mark.parametrize("values", [{}, {"number": 1, "other": 2}])
def test_a_missing_or_unknown_field_is_an_error(values: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        Plain(**values)


def test_it_does_not_change() -> None:
    plain: Any = Plain(1)
    with pytest.raises((AttributeError, FrozenInstanceError)):
        plain.number = 2
    with pytest.raises(AttributeError):
        del plain.number


def test_the_tools_for_dataclasses_take_it() -> None:
    assert replace(Plain(1, ("a",)), number=2) == Plain(2, ("a",))
    assert [(each.name, each.default) for each in fields(Plain)][1] == ("words", ())
    assert [each.name for each in fields(Plain)] == [each.name for each in fields(Frozen)]
    assert asdict(Holder(Plain(1))) == {"plain": {"number": 1, "words": ()}}
    assert is_dataclass(Plain)


def test_every_type_of_which_nothing_is_changed_is_one() -> None:
    """And so has no default that can be changed."""
    root = Path(__file__).parents[2]
    paths = [path for package in ("models", "screens", "tui") for path in (root / package).rglob("*.py")]
    found = [path.name for path in paths for line in path.read_text("utf-8").splitlines() if FROZEN.match(line)]
    assert found == []


@pytest.mark.parametrize("default", [[], {}, set()])
def test_a_default_that_can_be_changed_is_refused(default: object) -> None:
    with pytest.raises(ValueError, match=r"Trip\.stops"):
        record(type("Trip", (), {"__annotations__": {"stops": "object"}, "stops": default}))
