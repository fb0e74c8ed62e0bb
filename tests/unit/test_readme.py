"""What the README says is what the program says. `make readme` writes the generated parts anew."""

from __future__ import annotations

import asyncio
import re
import shlex
from pathlib import Path

import pytest
from rich.segment import Segment

from models.words import cell_len
from tests.readme import PICTURE, README, ROOT, SIZE, found, parts, picture, screen
from tests.sample import DAY, Sample
from tui.cli.parse import parse

ANEW = "make readme"
TEXT = README.read_text("utf-8")


@pytest.fixture(scope="module")
def today(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> list[list[Segment]]:
    """Today of the sample company, drawn once."""
    return asyncio.run(screen(sample(DAY, tmp_path_factory.mktemp("sample") / "sample.db")))


@pytest.fixture(scope="module")
def made(today: list[list[Segment]]) -> dict[str, str]:
    """The generated parts, made once."""
    return parts(TEXT, today)


@pytest.mark.parametrize("part", ["today", "keys", "files", "help", "tried"])
def test_a_generated_part_stands_in_the_readme(part: str, made: dict[str, str]) -> None:
    assert found(TEXT).get(part) == made[part], ANEW


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
    shown = re.findall(r"^(jiedai .*)$", TEXT, re.M) + re.findall(r"`(jiedai(?: [^`]*)?)`", TEXT)
    calls = [shlex.split(call, comments=True)[1:] for call in shown]
    assert len(calls) > 15
    for call in calls:
        parse(call)


def test_every_make_target_shown_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", TEXT, re.M)) <= targets


def test_every_linked_file_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", TEXT) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / Path(link)).exists()] == []
