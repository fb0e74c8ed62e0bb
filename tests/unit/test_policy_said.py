"""Whatever `check` accepts can be looked up, compared and warned of; a long policy is no trouble."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from models.policy.lint import lint
from models.policy.load import load_text
from models.policy.model import Path as KeyPath
from models.policy.model import PolicyErrors
from models.policy.notation import NOT_YET
from models.policy.table_text import TABLES, differences, text_rows
from models.words import words
from tests.bench.policy import LINES, checked, long_policy, tried
from tests.unit.drawn import drawn
from tests.unit.policy_texts import SMALL
from tests.unit.test_policy_mutations import PATHS, VALUES, put

TESTS: dict[str, list[Any]] = {
    "tier": ["high", ["high", "low"], "low.."],
    "kind": ["guest"],
    "headcount": ["..3", ["..3", 10], ">3..<9"],
    "lead": ["..24h", "1d..3wd"],
    "date": ["07-01..08-31", "2026-05-01", "..2026-05-01"],
    "holiday": [True, False, "3wd"],
    "bands": [{"A": 1}, {"A": 1, "B": 2}],
    "words": ["club", ["club", "spa"]],
    "of_cap": [">100%..200%", "100..", 50],
    "amount": ["..9.50", 3],
    "city": ["x", ["x", "y"]],
    "meal": ["lunch", "banquet.."],
    "fund": ["state"],
    "guest_rank": ["bureau..", "..bureau"],
    "not": [{}, {"tier": "high"}, [{"meal": "lunch"}, {"late": True}]],
}
WHENS = st.lists(
    st.dictionaries(st.sampled_from(sorted(TESTS)), st.integers(0, 2), max_size=3).map(
        lambda picked: {axis: TESTS[axis][place % len(TESTS[axis])] for axis, place in picked.items()}
    ),
    min_size=1,
    max_size=3,
)
Condition = dict[str, object]
ROWS = ("propose", "route", "notice", "companions", "cap", "sign", "check", "duty", "stage", "change")


def asked_for(when: Any) -> set[str]:
    """The axes of a condition, also those inside `not`."""
    clauses = when if isinstance(when, list) else [when]
    inner = [asked_for(clause["not"]) for clause in clauses if "not" in clause]
    return {axis for clause in clauses for axis in clause}.union(*inner)


def looked_up(text: str) -> bool:
    """Whether a text is a policy; if it is, everything that can be said of it is said."""
    try:
        policy = load_text(text)
    except PolicyErrors:
        return False
    small = load_text(SMALL)
    for language in ("zh", "en"):
        w = words(language)
        assert all(
            row.what or row.figure or row.when or table in ROWS
            for table in TABLES
            for row in text_rows(policy, table, w)
        )
        assert all(problem.line and problem.said(w, "x.toml") for problem in lint(policy))
        there, back = differences(small, policy, w), differences(policy, small, w)
        count = {"added": "removed", "removed": "added", "changed": "changed"}
        assert {kind: sum(each.kind == kind for each in there) for kind in count} == {
            kind: sum(each.kind == other for each in back) for kind, other in count.items()
        }
    return True


def test_the_small_policy_is_one() -> None:
    assert looked_up(SMALL)


@drawn(40, 80)
@given(st.sampled_from(PATHS), VALUES)
def test_a_value_changed_to_anything(path: KeyPath, value: object) -> None:
    data = tomllib.loads(SMALL)
    put(data, path, value)
    looked_up(tomli_w.dumps(data))


@drawn(40, 60)
@given(st.sampled_from(ROWS), WHENS, WHENS)
def test_any_condition_on_any_row(table: str, one: list[Condition], other: list[Condition]) -> None:
    data = tomllib.loads(SMALL)
    rows = data.setdefault(table, [{"tier": "high"}])
    rows[0:0] = [{**rows[0], "id": "one", "when": one}, {**rows[0], "id": "other", "when": other}]
    too_early = any(axis in NOT_YET.get(table, ()) for axis in asked_for([*one, *other]))
    assert looked_up(tomli_w.dumps(data)) is not too_early


def test_a_long_policy_is_checked_and_tried(tmp_path: Path) -> None:
    path = tmp_path / "long.toml"
    path.write_text(long_policy(), "utf-8")
    assert long_policy().count("\n") >= LINES
    checked(path)
    tried(path)
