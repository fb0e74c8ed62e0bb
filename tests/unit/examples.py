"""The example policies that are delivered, and a request to any of them, as `jiedai try` would be asked."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import tomli_w

from models.policy.answer import answer_json
from models.policy.judge import judge
from models.policy.load import load_text
from models.policy.model import Policy, PolicyErrors, Problem
from models.policy.request_file import read_request

FOLDER = Path(__file__).parents[2] / "models" / "examples"
FILES = {str(path.relative_to(FOLDER).with_suffix("")): path for path in sorted(FOLDER.rglob("*.toml"))}
"""Every version of every example by its name: `authority`, `us_university/2026-07-01` …"""

US = "us_university/2026-07-01"
MONDAY = datetime(2026, 11, 9, 10)
KIND = {
    "authority": "official",
    "branch": "client",
    "briefing_centre": "tour",
    "maker": "customer",
    "university": "academic",
    US: "donor_event",
    "us_university/2024-07-01": "donor_event",
}
"""The kind of visit that is asked for where a test names none."""

PLAIN: dict[str, Any] = {
    "client": "Acme",
    "headcount": 4,
    "requested_at": datetime(2026, 11, 2, 9),  # the Monday before
    "arrive": MONDAY,
    "depart": datetime(2026, 11, 10, 16),
}


@lru_cache
def text_of(name: str) -> str:
    """The exact text of an example."""
    return FILES[name].read_text("utf-8")


@lru_cache
def policy_of(name: str) -> Policy:
    """An example, loaded."""
    return load_text(text_of(name), str(FILES[name]))


def request_text(name: str, **values: Any) -> str:
    """A request of four guests on a Monday and Tuesday, asked for a week before, with these values, as TOML."""
    return tomli_w.dumps({"kind": KIND[name], **PLAIN, **values})


def tried(name: str, *, policy: Policy | None = None, **values: Any) -> dict[str, Any]:
    """The answer of an example (or of a `policy` made from it) to a request, as JSON."""
    asked = policy or policy_of(name)
    request, _ = read_request(asked, request_text(name, **values))
    return answer_json(judge(asked, request), asked, "en")


def mended(name: str, old: str, new: str) -> str:
    """The text of an example with one place changed, which must be there once."""
    text = text_of(name)
    assert text.count(old) == 1, f"{text.count(old)} × {old!r}"
    return text.replace(old, new)


def varied(name: str, old: str, new: str) -> Policy:
    """An example with one place changed."""
    return load_text(mended(name, old, new))


def wrong(name: str, old: str, new: str) -> tuple[Problem, int]:
    """The only problem of an example with one place changed, and the line where `new` begins."""
    text = mended(name, old, new)
    try:
        load_text(text)
    except PolicyErrors as errors:
        (problem,) = errors.problems
        return problem, text[: text.index(new)].count("\n") + 1
    raise AssertionError(f"{new!r} is accepted")


def steps(answer: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """What each step of a route is, and the posts."""
    return [(step["what"], step["posts"]) for step in answer["route"]]


def found(answer: dict[str, Any], *codes: str) -> list[tuple[str, str, str | None]]:
    """Level, code and rule of the findings of these codes; of all where none is named."""
    findings = (each for each in answer["findings"] if not codes or each["code"] in codes)
    return [(each["level"], each["code"], each["rule"]) for each in findings]


def lines(answer: dict[str, Any], *keys: str) -> list[tuple[Any, ...]]:
    """These keys of each line of the plan."""
    return [tuple(line[key] for key in keys) for line in answer["plan"]["lines"]]


def day(number: int) -> date:
    """A day of the November of the visit."""
    return date(2026, 11, number)
