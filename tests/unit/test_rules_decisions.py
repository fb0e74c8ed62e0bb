"""Decisions that are recorded, confirmed, or that only look like one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from models.services.decision_verbs import confirm_recorded
from models.services.person_verbs import give_post
from tests.unit.life import POSTS, approved, company, decisions, default_text, form, refuses, said, submitted, visit

NO_MANAGER = {name: held for name, held in POSTS.items() if name != "周建国"} | {"周建国": []}


def test_what_was_recorded_for_a_vacant_post_is_confirmed_by_its_holder(tmp_path: Path) -> None:
    """R19: nobody else confirms it, the next holder does, once; a decision said in person needs none."""
    with company(tmp_path, posts=NO_MANAGER) as who:
        done = said(who, "王海峰", submitted(who, form(who, host="李卫东"), lead_host="总经理空缺"))
        done = said(who, "林小雨", done, medium="书面")
        opinion, decision = decisions(done)
        for name in ("周建国", "李卫东", "林小雨"):
            with refuses("not_your_decision"):
                confirm_recorded(who.session(name), decision.id)
        give_post(who.session("林小雨"), who.ids["周建国"], "general_manager", date(2026, 11, 1))
        confirm_recorded(who.session("周建国"), decision.id)
        with refuses("confirmed_already"):
            confirm_recorded(who.session("周建国"), decision.id)
        for number in (opinion.id, 99):
            with refuses("no_decision"):
                confirm_recorded(who.session("王海峰"), number)


def test_a_decision_for_a_vacant_post_names_somebody_there_is(tmp_path: Path) -> None:
    """R19: who decided is named, or nobody; not a person the register does not have."""
    with company(tmp_path, posts=NO_MANAGER) as who:
        done = said(who, "王海峰", submitted(who, form(who, host="李卫东"), lead_host="总经理空缺"))
        with refuses("unknown_person"):
            said(who, "林小雨", done, medium="电话", for_person=999)
        done = said(who, "林小雨", done, medium="电话", for_person=who.ids["周建国"])
        assert (done.state, decisions(done)[-1].person_name) == ("approved", "周建国")


def test_a_visit_is_not_left_to_who_is_named_for_it_alone(tmp_path: Path) -> None:
    """R17: with no coordinator the head of Marketing looks after it, not the project sales lead of the visit."""
    posts = POSTS | {"林小雨": []}
    with company(tmp_path, posts=posts) as who:
        assert visit(approved(who, form(who))).coordinator_id == who.ids["王海峰"]


def test_an_opinion_from_above_is_no_decision(tmp_path: Path) -> None:
    """R18, A3: the general manager's opinion with another host leaves the decision to the deputy in charge."""
    old = 'steps = [{ by = "@owner_head", do = "opinion" }, { by = "deputy_general_manager_in_charge", do = "decide" }]'
    assert old in default_text()
    with company(tmp_path, default_text().replace(old, old.replace("@owner_head", "general_manager"))) as who:
        done = submitted(who, form(who, "business", host="李卫东"))
        done = said(who, "周建国", done, hosts=(who.ids["何志明"],))
        assert (done.state, done.next) == ("submitted", ("deputy_general_manager_in_charge",))
        assert said(who, "李卫东", done).state == "approved"
