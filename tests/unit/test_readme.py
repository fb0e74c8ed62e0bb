"""README, manual and the house are as they say."""

from __future__ import annotations

import asyncio
import re
import shlex
from dataclasses import FrozenInstanceError, asdict, dataclass, fields, is_dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from rich.segment import Segment

from models.frozen import record
from models.words import cell_len
from tests.readme import KEYS, MANUAL, PICTURE, READMES, ROOT, SIZE, found, keys, parts, picture, screen
from tests.sample import DAY, Sample
from tui.cli.command_line import parse

# -- readme ------------------------------------------------------------------------------------------------------------
#
# What README and manual say is what the program says. `make readme` writes the generated parts anew.


ANEW = "make readme"
PAGES = [*READMES.values(), MANUAL, *KEYS.values()]
TEXT = {path: path.read_text("utf-8") for path in PAGES}


@pytest.fixture(scope="module")
def today(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> list[list[Segment]]:
    """Today of the sample company, drawn once."""
    return asyncio.run(screen(sample(DAY, tmp_path_factory.mktemp("sample") / "sample.db")))


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """The generated parts of the manual, made once."""
    return parts(TEXT[MANUAL])


@pytest.mark.parametrize("part", ["files", "help", "tried"])
def test_a_generated_part_stands_in_the_manual(part: str, made: dict[str, str]) -> None:
    assert found(TEXT[MANUAL]).get(part) == made[part], ANEW


@pytest.mark.parametrize("language", KEYS)
def test_the_pages_of_keys_are_what_the_program_binds(language: str) -> None:
    assert TEXT[KEYS[language]] == keys(language), ANEW


@pytest.mark.parametrize("path", READMES.values(), ids=READMES)
def test_a_readme_is_read_in_five_minutes(path: Path) -> None:
    assert len(TEXT[path].splitlines()) < 150


def test_both_readmes_tell_the_same() -> None:
    """As many headings, steps, points and commands in Chinese as in English."""
    told = [re.findall(r"^(#+|\d\.|-|\||!\[|make \w+)", TEXT[path], re.M) for path in READMES.values()]
    assert told[0] == told[1]


def test_the_picture_is_what_is_drawn(today: list[list[Segment]]) -> None:
    assert PICTURE.read_text("utf-8") == picture(today), ANEW


def test_the_picture_has_the_cells_of_the_screen(today: list[list[Segment]]) -> None:
    """No line is wider than the terminal, and the day is a full one."""
    lines = ["".join(segment.text for segment in row).rstrip() for row in today]
    assert len(lines) == SIZE[1]
    assert max(cell_len(line) for line in lines) <= SIZE[0]
    assert sum(bool(re.match(r"[ >]\d\d:\d\d ", line)) for line in lines) >= 6


def test_the_worked_example(made: dict[str, str]) -> None:
    """The tried request is the regulation's: 29 duties, 4,070 yuan."""
    assert "planned 4,070 CNY" in made["tried"]
    assert "29 after approval" in made["tried"]
    assert "Head of Marketing opinion  ->  General manager decides" in made["tried"]


def test_every_call_shown_is_one_the_program_knows() -> None:
    """A command or option that is gone, or misspelt, is a `Usage`."""
    text = "\n".join(TEXT.values())
    shown = re.findall(r"^(jiedai .*)$", text, re.M) + re.findall(r"`(jiedai(?: [^`]*)?)`", text)
    calls = [shlex.split(call, comments=True)[1:] for call in shown]
    assert len(calls) > 15
    for call in calls:
        parse(list(takewhile(lambda word: word not in "<>|", call)))


def test_every_make_target_shown_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert {target for text in TEXT.values() for target in re.findall(r"(?:^|`)make ([a-z]+)", text, re.M)} <= targets


def test_every_linked_file_is_there() -> None:
    links = [(path, link) for path in PAGES for link in re.findall(r"\]\(([^)#]+)\)", TEXT[path]) if "://" not in link]
    assert links
    assert [link for path, link in links if not (path.parent / link).exists()] == []


# -- record ------------------------------------------------------------------------------------------------------------
#
# `@record`: a frozen dataclass to its user.


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
