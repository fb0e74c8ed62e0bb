"""A kind of visitor whose visits are organised by the department of each request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.policy.judge import judge
from models.policy.load import load_text
from models.policy.model import PolicyErrors
from models.policy.table_text import text_rows
from models.queries.request_preview import verdict
from models.services.arrangement_verbs import amend
from models.words import words
from tests.unit.asked import example
from tests.unit.life import Company, company, default_text, form, refuses, said, submitted, tasks, visit
from tests.unit.policy_texts import SMALL, changed

TEXT = default_text().replace('owner = "office"', 'owner = "@department"')
"""The default regulation with other visitors received by whose guests they are."""


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    with company(tmp_path, TEXT) as made:
        yield made


def other(who: Company, **changes: Any) -> Any:
    """A form for other visitors, asked for by the project's technical lead."""
    return form(who, kind="other", per_visit={}, **{"applicant": who.ids["赵启航"], **changes})


@pytest.mark.parametrize(
    ("asked", "head", "owner"),
    [
        ({"applicant": "project_technical_lead"}, "technology_head", "technology"),
        ({"applicant": "project_technical_lead", "department": "quality"}, "quality_head", "quality"),
        ({"applicant": "general_manager", "department": "supply"}, "supply_head", "supply"),
    ],
)
def test_the_department_of_the_request_owns_it(asked: dict[str, str], head: str, owner: str) -> None:
    answer = judge(load_text(TEXT), example(kind="other", **asked))
    assert answer.route[0].posts == (head,)
    assert {each.id: each.party for each in answer.duties}["R39"] == owner


def test_it_is_said_in_the_listing() -> None:
    line = next(line for line in text_rows(load_text(TEXT), "kind", words("zh")) if line.id == "other")
    assert "申请人所在部门" in line.figure


@pytest.mark.parametrize("wrong", ["@owner", "@applicant", "@departments"])
def test_no_other_reference_owns_a_kind(wrong: str) -> None:
    with pytest.raises(PolicyErrors) as caught:
        load_text(changed('owner = "front"', f'owner = "{wrong}"', SMALL))
    [problem] = caught.value.problems
    assert problem.path == "kind[1].owner"
    assert '"@department"' in problem.what(words("en"))


def test_a_visit_of_such_a_kind(who: Company) -> None:
    """The applicant's department owns it: opinion and tasks are its own; another where it is chosen."""
    done = submitted(who, other(who), by="赵启航")
    assert visit(done).owner == "technology"
    assert done.next == ("technology_head",)
    done = said(who, "周建国", said(who, "陈志远", done))
    assert tasks(done)["R39"].party == "technology"
    moved = amend(who.session("赵启航"), done.visit, other(who, department="supply"), expected=done.version).done
    assert visit(moved).owner == "supply"
    assert tasks(moved)["R39"].party == "supply"


def test_where_nobody_knows_the_department(who: Company) -> None:
    """A general manager is of no department: the form asks for it, and is not judged by another's."""
    made = other(who, applicant=who.ids["周建国"])
    found = verdict(who.session("周建国"), made)
    assert found.missing == ("department",)
    assert not any(step.posts[0].endswith("_head") for step in found.answer.route if step.posts)
    with refuses("incomplete"):
        submitted(who, made, by="周建国")
    chosen = replace(made, department="supply")
    assert verdict(who.session("周建国"), chosen).missing == ()
    assert visit(submitted(who, chosen, by="周建国")).owner == "supply"


def test_a_change_of_kind_changes_the_owner(who: Company) -> None:
    done = submitted(who, form(who))
    done = said(who, "周建国", said(who, "王海峰", done))
    assert visit(done).owner == "marketing"
    changed_form = form(who, kind="other", department="quality", per_visit={})
    assert visit(amend(who.session("刘晓燕"), done.visit, changed_form, expected=done.version).done).owner == "quality"
