"""Who a duty is asked of: the organiser of the kind, somebody of the visit, one party for each kind of visitor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from models.policy.case import PlannedGuest
from models.policy.judge import judge
from models.policy.load import load_text
from models.policy.model import Policy, PolicyErrors
from models.policy.table_text import text_rows
from models.queries.task_lists import checklist, helpers, reminders
from models.services.task_verbs import tick
from models.words import words
from tests.unit.asked import LUNCH, example
from tests.unit.life import Company, company, form, said, submitted, tasks
from tests.unit.policy_texts import changed, with_row

EVERYTHING = example(
    kind="other",
    tier="vip",
    applicant="coordinator",
    services=("car", "tour", "fruit"),
    wants=("activities", "gifts", "return_tickets"),
    meals=(LUNCH, replace(LUNCH, venue="outside")),
)


def test_other_visitors_are_organised_by_the_office(default_policy: Policy) -> None:
    """A35: R39 R42 R43 R44 by the department that owns the kind, R68 R69 by the applicant; no R40 R41 R67, and nobody
    helps Marketing (R60), which organises nothing."""
    parties = {each.id: each.party for each in judge(default_policy, EVERYTHING).duties}
    assert [parties[rule] for rule in ("R39", "R42", "R43", "R44")] == ["office"] * 4
    assert [parties[rule] for rule in ("R68", "R69")] == ["@applicant"] * 2
    assert parties.keys().isdisjoint({"R40", "R41", "R60", "R67"})
    assert not {"marketing", "project_sales_lead"} & set(parties.values())


@pytest.mark.parametrize(
    ("party", "asked"),
    [
        ("@owner", "front"),
        ("@owner_head", "chief"),
        ("@owner_head.up", "chief"),
        ("@applicant", "@applicant"),
        ("@applicant.up", "chief"),
        ("@lead_host", "@lead_host"),
        ("@lead_host.up", "chief"),
        ("@guest_rank", "clerk"),
        ("@department", "@department"),
    ],
)
def test_what_a_reference_is_on_a_request(party: str, asked: str) -> None:
    """A department or post where the request says which; somebody of the visit, and what nobody is yet, as written."""
    policy = load_text(changed('party = "@department"', f'party = "{party}"'))
    request = replace(EVERYTHING, kind="guest", tier="high", applicant="clerk", host=("clerk",), wants=())
    request = replace(request, guests=(PlannedGuest("徐明哲", rank="bureau"),))
    assert [each.party for each in judge(policy, request).duties if each.id == "lay"] == [asked]


def test_a_party_for_each_kind() -> None:
    """A kind that is left out has no such duty; the listing says which party is for which kind."""
    text = changed('owner = "front"', 'owner = "front"\n[[kind]]\nid = "school"', with_row(
        "duty", 'id = "guide"\nparty = { guest = "clerk", school = "@owner" }'))  # fmt: skip
    policy = load_text(text)
    request = replace(EVERYTHING, kind="school", tier="high", applicant=None, host=(), wants=(), services=())
    assert {each.id: each.party for each in judge(policy, request).duties}["guide"] == "front"
    said = next(line for line in text_rows(policy, "duty", words("en")) if line.id == "guide")
    assert "clerk (guest) / the owner department (school)" in said.figure
    less = load_text(text.replace(', school = "@owner"', ""))
    assert "guide" not in [each.id for each in judge(less, request).duties]


@pytest.mark.parametrize(
    ("old", "new", "path", "en", "zh"),
    [
        ('party = "@department"', 'party = "@ownr"', "duty[2].party", "(nearest: @owner)", "@department 指部门"),
        ('party = "@department"', "party = {}", "duty[2].party", "at least one is needed", "至少要有一个"),
        ('party = "@department"', 'party = { gest = "clerk" }', "duty[2].party.gest", "(nearest: guest)", "guest"),
        ('party = "@department"', 'party = { guest = "clark" }', "duty[2].party.guest", "(nearest: clerk)", "clerk"),
        ('by = "@owner_head"', 'by = "@owner"', "route[1].steps[1].by", "refers to a department", "指的是部门"),
        ('by = "@owner_head"', 'by = "@department"', "route[1].steps[1].by", "a post is wanted", "要的是职务"),
        ('head = "chief"', 'head = "@applicant"', "department[1].head", "not possible here", "不能这样指"),
        ('up = "chief"', 'up = "@owner_head"', "post[2].up", "an id of [[post]]: chief, clerk", "[[post]] 里的代号"),
    ],
)  # fmt: skip
def test_a_reference_that_is_not_possible_there(old: str, new: str, path: str, en: str, zh: str) -> None:
    with pytest.raises(PolicyErrors) as wrong:
        load_text(changed(old, new))
    [problem] = wrong.value.problems
    assert problem.path == path
    assert en in problem.what(words("en"))
    assert zh in problem.what(words("zh"))


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    with company(tmp_path) as made:
        yield made


def test_the_tasks_of_other_visitors(who: Company) -> None:
    """On a real visit: the Office's checklist has what it organises, the applicant's own what is the applicant's, whom
    the reminder names, too, and who may tick it."""
    made = form(who, kind="other", per_visit={}, applicant=who.ids["赵启航"], hosts=(who.ids["周建国"],))
    visit = submitted(who, made, by="赵启航")
    visit = said(who, "周建国", said(who, "方晓静", visit))
    found = tasks(visit)
    assert (found["R39"].party, found["R68"].party) == ("office", "@applicant")
    mine = found["R68"].id
    lines = {line.task: line for line in checklist(who.session("赵启航")).lines}
    assert lines[mine].mine
    assert not {line.task: line for line in checklist(who.session("刘晓燕")).lines}[mine].mine
    progress = {each.name.say("zh"): each.total for each in checklist(who.session("方晓静")).progress}
    assert progress["申请人"] == 2
    assert progress["营销部"] == 0
    assert [each.name for each in helpers(who.session("林小雨"), mine) if each.theirs] == ["赵启航"]
    assert [each.who for each in reminders(who.session("林小雨"), [mine])] == ["赵启航"]
    who.now = datetime(2026, 11, 30, 10, 30)
    ticked = tick(who.session("赵启航"), mine, expected=found["R68"].version)
    assert ticked.visit == visit.visit
