"""Only posts that the regulation gives per visit can be named on a visit: naming oneself for any other would be signing
for it (A24)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from models.queries.request_lists import approvals
from models.schema.store import write
from models.schema.tables import VisitPerson
from models.services.arrangement_verbs import amend
from models.services.decision_verbs import decide
from models.services.person_register import people
from models.services.request_verbs import new_draft, save_draft, submit
from models.services.rights import refusal_code
from tests.unit.life import Company, approved, form, refuses, stored, submitted, visit

POSTS = ["general_manager", "deputy_general_manager", "marketing_head", "driver", "nobody_knows", "host", ""]


@pytest.mark.parametrize("post", POSTS)
def test_nobody_is_named_for_another_post_on_a_form(who: Company, post: str) -> None:
    lead = who.session("刘晓燕")
    made = form(who)
    attack = replace(made, per_visit={**made.per_visit, post: who.ids["刘晓燕"]})
    with refuses("not_per_visit"):
        new_draft(lead, attack)
    saved = new_draft(lead, made)
    with refuses("not_per_visit"):
        save_draft(lead, saved.visit, attack, expected=saved.version)
    assert submit(lead, saved.visit, expected=saved.version).state == "submitted"


def test_nobody_is_named_for_another_post_by_a_change(who: Company) -> None:
    done = approved(who, form(who))
    now = stored(done)
    with refuses("not_per_visit"):
        attack = replace(now, per_visit={**now.per_visit, "general_manager": who.ids["刘晓燕"]})
        amend(who.session("刘晓燕"), done.visit, attack, expected=done.version)


def test_a_name_that_is_in_the_store_all_the_same_signs_nothing(who: Company) -> None:
    done = submitted(who, form(who))
    me = who.ids["刘晓燕"]
    with write():
        for post in done.next:
            VisitPerson.create(visit=done.visit, person=me, role=post, position=9)
    assert refusal_code(who.session("刘晓燕"), "decide", done.visit) == "not_approver"
    with refuses("decides_other"):
        decide(who.session("刘晓燕"), done.visit, expected=done.version, outcome="agree", words="同意")
    assert not any(each.mine for each in approvals(who.session("刘晓燕")))
    head = next(name for name, posts in who_posts().items() if done.next[0] in posts)
    assert refusal_code(who.session(head), "decide", done.visit) is None
    known = people(who.policy, date(2026, 11, 30), me, {done.next[0]: me})
    assert done.next[0] not in known.per_visit


def test_a_name_from_an_older_regulation_costs_nobody_the_form(who: Company) -> None:
    """Stored while the post was one named per visit: it is kept, and the rest of the form can be saved."""
    saved = new_draft(who.session("刘晓燕"), form(who))
    with write():
        VisitPerson.create(visit=saved.visit, person=who.ids["刘晓燕"], role="driver", position=9)
    now = stored(saved)  # type: ignore[arg-type]  # it asks for the visit alone
    assert "driver" in now.per_visit
    saved = save_draft(who.session("刘晓燕"), saved.visit, replace(now, reason="考察"), expected=saved.version)
    assert visit(saved).reason == "考察"  # type: ignore[arg-type]  # as above
    with refuses("not_per_visit"):
        other = {**now.per_visit, "driver": who.ids["赵启航"]}
        save_draft(who.session("刘晓燕"), saved.visit, replace(now, per_visit=other), expected=saved.version)


def who_posts() -> dict[str, list[str]]:
    """Who holds what in the worked example."""
    from tests.unit.life import POSTS as HELD

    return HELD
