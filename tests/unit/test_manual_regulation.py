"""The manual page "Writing your regulation": its blocks make a file that loads, and it is right in what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.policy.answer import answer_json
from models.policy.judge import judge
from models.policy.load import load_text
from models.policy.model import PolicyErrors
from models.policy.request_file import read_request
from models.words import words
from tests.unit.examples import FILES, FOLDER, found, lines, steps

PAGE = Path(__file__).parents[2] / "docs" / "writing-your-regulation.md"
BLOCKS = re.findall(r"^```toml ?(\w*)\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
WHOLE = "\n".join(block for kind, block in BLOCKS if not kind)
REQUEST = next(block for kind, block in BLOCKS if kind == "request")
ROUTE = next(number for number, (kind, block) in enumerate(BLOCKS) if "[[route]]" in block) + 1
"""From here on the file is complete."""


@pytest.mark.parametrize("number", range(ROUTE, len(BLOCKS) + 1))
def test_every_block_is_loaded(number: int) -> None:
    """The file as far as the page has come, and with a block that shows another way, loads."""
    so_far = [block for kind, block in BLOCKS[:number] if not kind]
    kind, last = BLOCKS[number - 1]
    assert load_text("\n".join([*so_far, last] if kind == "try" else so_far)).routes


def test_the_visit_on_the_page() -> None:
    """16 × 120 = 1,920, of which 320 over, at 120 %; 760 for rooms, of which 60 the guests'; 2,620 in all. The room of
    the meeting at 10:30 from 10:00 to 13:30, ten seats for twelve, without a projector."""
    policy = load_text(WHOLE)
    request, unused = read_request(policy, REQUEST)
    answer = answer_json(judge(policy, request), policy, "en")
    assert unused == []
    assert lines(answer, "amount", "over", "of_cap", "payer") == [
        (192_000, 32_000, 120, "company"), (76_000, 6000, 108.5714, "guest"),
    ]  # fmt: skip
    assert answer["plan"]["total"] == 262_000
    assert answer["companions"]["lines"] == [{"line": "meal1", "max": 4, "given": 4}]
    assert steps(answer) == [
        ("opinion", ["medical_head"]), ("decide", ["deputy_director"]), ("sign", ["finance_head"]),
    ]  # fmt: skip
    assert [each for each in found(answer) if each[0] != "info"] == [
        ("reason", "cap", "reception_meal"), ("reason", "booking", "seats"), ("warn", "booking", "what_it_needs"),
    ]  # fmt: skip
    assert answer["verdict"] == "needs"
    assert answer["bookings"] == {
        "spans": [{"thing": "room", "for": "meeting", "from": "2027-03-08T10:00:00", "until": "2027-03-08T13:30:00"}],
        "grade": None,
    }


def test_the_room_on_the_page_that_is_taken() -> None:
    """With what the page says others hold, the visit is not possible."""
    held = re.search(r"^`(held = .*)` makes", PAGE.read_text("utf-8"), re.MULTILINE)
    assert held
    policy = load_text(WHOLE)
    answer = answer_json(judge(policy, read_request(policy, f"{REQUEST}{held[1]}\n")[0]), policy, "en")
    assert ("block", "booking", "one_at_a_time") in found(answer)
    assert answer["verdict"] == "blocked"


def test_the_mistake_on_the_page_is_said_so() -> None:
    """The file with the mistake gives the line that the page shows."""
    said = re.search(r"^my\.toml:(\d+): .*$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert said
    at = WHOLE.index('up = "director"', WHOLE.index('id = "deputy_director"') + 1)
    text = WHOLE[:at] + 'up = "directr"' + WHOLE[at + len('up = "director"') :]
    with pytest.raises(PolicyErrors) as caught:
        load_text(text, "my.toml")
    assert caught.value.said(words("en")) == [said[0]]


def test_every_example_is_on_the_page() -> None:
    named = set(re.findall(r"^\| `([a-z_]+)(?:\.toml|/)`", PAGE.read_text("utf-8"), re.MULTILINE))
    assert named == {name.partition("/")[0] for name in FILES}
    assert "models/examples/" in PAGE.read_text("utf-8")
    assert FOLDER.is_dir()
