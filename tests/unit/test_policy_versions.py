"""The versions of the policy that visits used: each text is kept once, and a visit stays with its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from models.form import Form, FormGuest
from models.policy.load import load_text
from models.policy.model import Policy
from models.queries.day_lists import today
from models.queries.request_lists import approvals, preview, requests
from models.queries.task_lists import waiting
from models.queries.visit_detail import visit
from models.schema.store import reading, write
from models.schema.tables import PolicyVersion, Visit
from models.services.decision_verbs import decide
from models.services.request_verbs import new_draft, submit
from models.services.session import in_force, policy_of, present, version_row
from tests.unit.conftest import START, Company, SessionFactory
from tests.unit.life import refuses

EXAMPLE = Form(
    kind="customer",
    tier="routine",
    client="江南智造集团",
    headcount=3,
    guests=(FormGuest("徐明哲", "董事长", principal=True),),
    arrive=datetime(2026, 11, 30, 10, 20),
    depart=datetime(2026, 11, 30, 15, 0),
    purposes=("inspection",),
)
pytestmark = pytest.mark.usefixtures("store")


def issued(policy: Policy, effective: date, judged_on: str = "request") -> Policy:
    """The same regulation, issued again for another day."""
    text = policy.text.replace("effective = 2014-04-07", f"effective = {effective}")
    return load_text(text.replace('judged_on = "request"', f'judged_on = "{judged_on}"'))


def kept(*policies: Policy) -> None:
    """Have the store keep these versions."""
    with write():
        for policy in policies:
            version_row(policy)


def test_a_text_is_kept_whole_and_once(session: SessionFactory) -> None:
    kept(session.policy, session.policy)
    with reading():
        row = PolicyVersion.get()
    assert (row.text, row.sha256, row.effective) == (
        session.policy.text,
        session.policy.sha256,
        session.policy.effective,
    )


def test_a_visit_keeps_the_version_it_was_judged_by(session: SessionFactory) -> None:
    at_new = session(policy=issued(session.policy, date(2026, 1, 1)))
    old, new = session.policy, issued(session.policy, date(2026, 1, 1))
    with write():
        visit = Visit.create(policy=version_row(old), changed_utc=START.replace(tzinfo=None))
        version_row(new)
    assert policy_of(at_new, visit).sha256 == old.sha256 != new.sha256
    assert policy_of(at_new, visit) is policy_of(at_new, visit)
    assert policy_of(at_new, Visit(changed_utc=START)) is at_new.policy


def test_a_text_that_another_program_wrote_is_told_and_blocks_no_screen(company: Company) -> None:
    """A visit whose policy can no longer be read stands in every list and can be received; judging it is refused."""
    own, session = company.as_("project_sales_lead"), company.as_("coordinator")
    filed = []
    for _ in range(2):
        saved = new_draft(own, EXAMPLE)
        filed.append(submit(own, saved.visit, expected=saved.version))
    foreign, fine = filed
    text = company.policy.text + "\n[teleport]\n"
    with write():
        version = PolicyVersion.create(sha256="f" * 64, text=text, effective=company.policy.effective)
        Visit.update(policy=version).where(Visit.id == foreign.visit).execute()
    assert [line.visit for line in requests(session)] == [foreign.visit, fine.visit]
    assert len(approvals(session)) == 2
    assert waiting(company.as_("marketing_head")).decisions == 2
    assert today(session, date(2026, 11, 30)).lines[0].client == EXAMPLE.client
    seen, looked = preview(session, foreign.visit), visit(session, foreign.visit)
    assert seen is not None
    assert seen.problem is not None
    assert seen.problem.code == "policy_unreadable"
    assert looked is not None
    assert looked.form.client == EXAMPLE.client
    head = company.as_("marketing_head")
    with refuses("policy_unreadable"):
        decide(head, foreign.visit, expected=foreign.version, outcome="agree", words="同意")
    assert decide(head, fine.visit, expected=fine.version, outcome="agree", words="同意").state == "approved"
    back = decide(head, foreign.visit, expected=foreign.version, outcome="return", words="请重新提交")
    assert submit(own, back.visit, expected=back.version).state == "submitted"


def test_the_newest_version_in_force_on_the_day_of_the_request_counts(session: SessionFactory) -> None:
    older, old, coming = (issued(session.policy, date(year, 1, 1)) for year in (2024, 2025, 2027))
    kept(older, old, coming)
    assert in_force(session(policy=coming), Form()).sha256 == old.sha256
    session.clock.forward(days=60)
    assert in_force(session(policy=coming), Form()).sha256 == coming.sha256


def test_the_day_of_the_visit_counts_where_the_policy_says_so(session: SessionFactory) -> None:
    kept(session.policy)
    coming = issued(session.policy, date(2027, 1, 1), judged_on="visit")
    after = Form(arrive=datetime(2027, 1, 4, 9))
    assert in_force(session(policy=coming), after).sha256 == coming.sha256
    assert in_force(session(policy=coming), Form(arrive=datetime(2026, 12, 31, 9))).sha256 == session.policy.sha256


def test_a_version_still_to_come_serves_where_there_is_no_other(session: SessionFactory) -> None:
    coming = issued(session.policy, date(2027, 1, 1))
    assert in_force(session(policy=coming), Form()).sha256 == coming.sha256


def test_of_several_versions_the_desk_has_the_one_of_today(session: SessionFactory) -> None:
    old, coming = session.policy, issued(session.policy, date(2027, 1, 1))
    wide = replace(session(policy=coming), versions=(coming, old))
    assert present(wide).policy is old
    session.clock.forward(days=60)
    assert present(wide).policy is coming


@pytest.mark.parametrize(("judged_on", "expected"), [("request", 2014), ("visit", 2027)])
def test_a_coming_version_judges_the_visits_of_its_time_where_their_day_counts(
    session: SessionFactory, judged_on: str, expected: int
) -> None:
    old = issued(session.policy, date(2014, 4, 7), judged_on)
    coming = issued(session.policy, date(2027, 1, 1))
    wide = present(replace(session(policy=old), versions=(coming, old)))
    assert in_force(wide, Form(arrive=datetime(2027, 1, 4, 9))).effective.year == expected
    assert in_force(wide, Form(arrive=datetime(2026, 12, 1, 9))).effective.year == 2014
    assert in_force(wide, Form()).effective.year == 2014
