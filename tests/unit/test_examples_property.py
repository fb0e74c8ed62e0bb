"""Any policy that is read answers any request; whatever is done to an example, it is read or named by line."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from models.policy.answer import answer_json
from models.policy.case import Request
from models.policy.judge import change_asks, decide, judge
from models.policy.load import load_text, positions
from models.policy.model import Path as KeyPath
from models.policy.model import Policy, Problem
from models.policy.request_file import RequestErrors, read_request
from models.policy.wording import standards, tiers_of
from tests.unit.drawn import drawn
from tests.unit.examples import FILES, PLAIN, policy_of, text_of
from tests.unit.test_judge_property import people, requests
from tests.unit.test_policy_mutations import KEYS, VALUES, problems_of, put, read_or_named

DEFAULT = (Path(__file__).parents[2] / "config.toml").read_text("utf-8")
TEXTS: dict[str, str] = {"default": DEFAULT, **{name: text_of(name) for name in FILES}}
DATA: dict[str, dict[str, Any]] = {name: tomllib.loads(text, parse_float=Decimal) for name, text in TEXTS.items()}
NAMES = st.sampled_from(sorted(TEXTS))


def leaves(data: object, at: KeyPath = ()) -> list[KeyPath]:
    """The path of everything in a parsed file."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path for step, each in inner for path in ((*at, step), *leaves(each, (*at, step)))]


def value_at(data: Any, path: KeyPath) -> Any:
    """What stands at a path."""
    for step in path:
        data = data[step]
    return data


PATHS = {name: leaves(data) for name, data in DATA.items()}
BY_KEY: dict[str, list[Any]] = {}
"""By key of a row: every value that any file has there. What is right in one row is often so in another."""
for _name, _data in DATA.items():
    for _path in PATHS[_name]:
        if isinstance(_path[-1], str):
            BY_KEY.setdefault(_path[-1], []).append(value_at(_data, _path))


TABLES = [
    "propose",
    "route",
    "notice",
    "lead_host",
    "companions",
    "cap",
    "sign",
    "need",
    "check",
    "stage",
    "duty",
    "change",
]

# what is done to a file; each gives back the file's data changed


def gone(data: Any, path: KeyPath, draw: st.DataObject) -> None:
    """A key or a row is taken away."""
    del value_at(data, path[:-1])[path[-1]]


def twice(data: Any, path: KeyPath, draw: st.DataObject) -> None:
    """A row stands there twice, or the rows are in another order."""
    rows = value_at(data, path[:-1])
    if isinstance(rows, list):
        rows.insert(draw.draw(st.integers(0, len(rows))), copy.deepcopy(rows[int(path[-1])]))


def turned(data: Any, path: KeyPath, draw: st.DataObject) -> None:
    """The rows are in the opposite order."""
    rows = value_at(data, path[:-1])
    if isinstance(rows, list):
        rows.reverse()


def of_another(data: Any, path: KeyPath, draw: st.DataObject) -> None:
    """A value is one that the same key has elsewhere, in this or another file."""
    if isinstance(path[-1], str):
        put(data, path, copy.deepcopy(draw.draw(st.sampled_from(BY_KEY[path[-1]]))))


def other_number(data: Any, path: KeyPath, draw: st.DataObject) -> None:
    """A number is another; what is none stays."""
    if isinstance(value_at(data, path), (int, Decimal)) and not isinstance(value_at(data, path), bool):
        put(data, path, draw.draw(st.integers(-3, 10**9) | st.decimals(0, 1000, places=2)))


def moved_row(data: Any, path: KeyPath, draw: st.DataObject) -> None:
    """A row of a table comes from another file."""
    table = draw.draw(
        st.sampled_from(["route", "cap", "sign", "notice", "need", "check", "duty", "lead_host", "companions"])
    )
    rows = DATA[draw.draw(NAMES)].get(table)
    if rows:
        data.setdefault(table, []).insert(0, copy.deepcopy(draw.draw(st.sampled_from(rows))))


MUTATIONS = st.sampled_from([gone, twice, turned, of_another, other_number, moved_row])


def mutated(draw: st.DataObject) -> str:
    """The text of a policy with one to four things done to it."""
    name = draw.draw(NAMES)
    data = copy.deepcopy(DATA[name])
    for _ in range(draw.draw(st.integers(1, 4))):
        change: Callable[[Any, KeyPath, st.DataObject], None] = draw.draw(MUTATIONS)
        change(data, draw.draw(st.sampled_from(leaves(data))), draw)
    return tomli_w.dumps(data)


def answered(policy: Policy, request: Request, draw: st.DataObject) -> None:
    """Everything that is asked of a policy about a request is answered, and is JSON in both languages."""
    answer = judge(policy, request, draw.draw(people(policy)))
    assert answer.total == sum(line.counted for line in answer.plan)
    for language in ("zh", "en"):
        json.dumps(answer_json(answer, policy, language), allow_nan=False)
    decide(policy, request, (draw.draw(st.sampled_from([post.id for post in policy.posts])),), answer.tier.proposed)
    assert change_asks(policy, request, request) == []


def test_any_policy_that_is_read_answers_any_request() -> None:
    """At least a fifth of the mutated policies are read, or this would show nothing."""
    made: list[bool] = []

    @drawn(30, 100)
    @given(st.data())
    def check(draw: st.DataObject) -> None:
        text = mutated(draw)
        made.append(problems_of(text) is None)
        if made[-1]:
            policy = load_text(text)
            answered(policy, draw.draw(requests(policy)), draw)
            for tier in tiers_of(policy):
                json.dumps(standards(policy, tier, "en"), allow_nan=False)

    check()
    assert sum(made) * 5 >= len(made)


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_request_is_answered_by_an_example(name: str) -> None:
    policy = policy_of(name)

    @drawn(8, 25)
    @given(st.data())
    def check(draw: st.DataObject) -> None:
        answered(policy, draw.draw(requests(policy)), draw)

    check()


WORDS = ["", "x", "lunch", "other", "Acme", "专", "high", "1"]
ANYTHING = st.recursive(
    st.booleans() | st.integers(-(10**7), 10**7) | st.decimals(0, 10**6, places=2) | st.sampled_from(WORDS)
    | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3),
    max_leaves=4,
)  # fmt: skip
REQUEST_KEYS = [
    "tier", "guests", "purposes", "purpose_text", "services", "wants", "applicant", "department", "host", "city",
    "area", "scores", "meals", "lodging", "costs", "documents", "fields", "reasons", "history", "decision", "headcount",
]  # fmt: skip


def test_any_request_as_text_is_answered_or_named() -> None:
    """What is no request is refused with the line of each problem; what is one is answered."""
    made: list[bool] = []

    @drawn(25, 80)
    @given(NAMES, st.dictionaries(st.sampled_from(REQUEST_KEYS), ANYTHING, max_size=3), st.data())
    def check(name: str, more: Mapping[str, Any], draw: st.DataObject) -> None:
        policy = load_text(TEXTS[name])
        kind = draw.draw(st.sampled_from([kind.id for kind in policy.kinds]))
        text = tomli_w.dumps({"kind": kind, **PLAIN, **more})
        request, problems = None, []
        try:
            request, _ = read_request(policy, text)
        except RequestErrors as errors:
            problems = errors.problems
        assert (request is None) == bool(problems)
        made.append(request is not None)
        assert all(0 <= problem.line <= text.count("\n") + 1 for problem in problems)
        if request is not None:
            answered(policy, request, draw)

    check()
    assert 0 < sum(made) < len(made), "some are answered, some are named"


# any mutation of an example is accepted or named by line

LINES = {name: text.splitlines(keepends=True) for name, text in TEXTS.items() if name != "default"}
CODE = {
    name: [number for number, line in enumerate(lines) if line.strip() and not line.startswith("#")]
    for name, lines in LINES.items()
}


@drawn(20, 60)
@given(st.sampled_from(sorted(LINES)), st.data())
def test_a_line_taken_away_or_moved(name: str, draw: st.DataObject) -> None:
    lines = LINES[name].copy()
    taken = lines.pop(draw.draw(st.sampled_from(CODE[name])))
    if draw.draw(st.booleans()):
        lines.insert(draw.draw(st.integers(0, len(lines))), taken)
    read_or_named("".join(lines))


@drawn(20, 60)
@given(st.sampled_from(sorted(LINES)), VALUES, KEYS, st.data())
def test_a_value_or_a_key_is_anything(name: str, value: object, key: str, draw: st.DataObject) -> None:
    data = copy.deepcopy(DATA[name])
    path = draw.draw(st.sampled_from(PATHS[name]))
    there = value_at(data, path)
    if isinstance(there, dict) and draw.draw(st.booleans()):
        there.setdefault(key, value)
    else:
        put(data, path, value)
    read_or_named(tomli_w.dumps(data))


def test_a_problem_has_a_line_where_something_stands() -> None:
    """A mutated policy that is not read: the line of each problem is that of a key or a row."""
    found: list[Problem] = []

    @drawn(15, 40)
    @given(st.data())
    def check(draw: st.DataObject) -> None:
        text = mutated(draw)
        places = {1, *positions(text).values()}
        problems = problems_of(text) or []
        found.extend(problems)
        assert {problem.line for problem in problems} <= places

    check()
    assert found
