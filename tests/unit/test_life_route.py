"""From submission to approval: who is asked, who decides, what a raised tier does."""

from __future__ import annotations

from pathlib import Path

from models.words import words
from tests.unit.life import (
    POSTS,
    Company,
    company,
    decisions,
    default_text,
    expenses,
    findings_of,
    form,
    refuses,
    route,
    said,
    stages,
    submitted,
    tasks,
    visit,
)


def test_the_worked_example_is_approved(who: Company) -> None:
    """R7, R10, R12, R16, R19: raised by the sales lead, opinion of Marketing, decided by the general manager."""
    done = submitted(who, form(who))
    assert (done.number, done.state, done.next) == ("2026-0001", "submitted", ("marketing_head",))
    assert tasks(done) == {}
    assert stages(done) == {}
    done = said(who, "王海峰", done)
    assert done.next == ("general_manager",)
    assert tasks(done) == {}
    done = said(who, "周建国", done)
    assert (done.state, done.next, visit(done).tier) == ("approved", (), "vip")
    assert len(tasks(done)) == 29
    assert visit(done).coordinator_id == who.ids["林小雨"]
    assert [(d.post, d.person_id, d.outcome) for d in decisions(done)] == [
        ("marketing_head", who.ids["王海峰"], "agree"),
        ("general_manager", who.ids["周建国"], "agree"),
    ]
    assert visit(done).total == sum(line.planned or 0 for line in expenses(done).values())


def test_the_head_of_marketing_decides_routine_alone_and_once(who: Company) -> None:
    """R15, A5: one act at the merged step, both boxes of the form kept in the step's `also`."""
    done = submitted(who, form(who, "routine", host="王海峰"), cap="同席", lead_host="")
    assert route(done) == [(["marketing_head"], "decide", "current")]
    done = said(who, "王海峰", done)
    assert (done.state, len(decisions(done))) == ("approved", 1)


def test_distinguished_and_business_go_to_the_deputy_in_charge(who: Company) -> None:
    """R13, R14: the deputy general manager in charge decides both."""
    for tier in ("distinguished", "business"):
        done = said(who, "王海峰", submitted(who, form(who, tier, host="李卫东")))
        assert done.next == ("deputy_general_manager_in_charge",)
        assert said(who, "李卫东", done).state == "approved"


def test_nobody_else_decides(who: Company) -> None:
    """R10: Marketing comes first; the refusal names who may."""
    done = submitted(who, form(who))
    with refuses("decides_other") as info:
        said(who, "周建国", done)
    assert "王海峰" in words("zh").text(info.value.phrase)
    assert visit(done).version == done.version


def test_a_raise_above_own_authority_approves_nothing(who: Company) -> None:
    """A3, R11, R16: the deputy raises to the highest tier; the general manager decides, before him nothing starts."""
    done = said(who, "王海峰", submitted(who, form(who, "business", host="李卫东")))
    with refuses("findings") as info:
        said(who, "李卫东", done, tier="vip")
    assert [finding.code for finding in findings_of(info)] == ["lead_host"]
    done = said(who, "李卫东", done, said_words="大客户", tier="vip", hosts=(who.ids["周建国"],))
    assert (done.state, done.next) == ("submitted", ("general_manager",))
    assert (tasks(done), stages(done), expenses(done)) == ({}, {}, {})
    assert [d.outcome for d in decisions(done)] == ["agree", "pass_on"]
    assert (visit(done).proposed_tier, visit(done).tier) == ("business", "vip")
    done = said(who, "周建国", done)
    assert (done.state, visit(done).tier, visit(done).proposed_tier) == ("approved", "vip", "business")
    assert "R38" in tasks(done)


def test_a_raise_may_be_taken_with_a_reason(who: Company) -> None:
    """R20, A15: a broken lead host rule needs hosts or a reason of its own; an older reason does not cover it."""
    made = form(who, "business", host="陈志远")
    done = said(who, "王海峰", submitted(who, made, lead_host="副总出差"))
    with refuses("findings"):
        said(who, "李卫东", done, said_words="大客户", tier="vip")
    done = said(who, "李卫东", done, said_words="大客户", tier="vip", reasons={"lead_host": "总经理出国"})
    assert (done.state, done.next) == ("submitted", ("general_manager",))
    assert visit(done).reasons["lead_host"] == "总经理出国"


def test_another_tier_a_return_and_a_refusal_want_words(who: Company) -> None:
    """A32: why is always said."""
    done = said(who, "王海峰", submitted(who, form(who)))
    for outcome, more in (("agree", {"tier": "distinguished"}), ("return", {}), ("refuse", {})):
        with refuses("words_needed"):
            said(who, "周建国", done, outcome, " ", **more)


def test_a_lowered_tier_keeps_its_authority(who: Company) -> None:
    """A3: the general manager lowers to Business and has decided it; the deputy is not asked."""
    done = said(who, "王海峰", submitted(who, form(who)))
    reasons = {"cap": "已订", "lead_host": "总经理亲自"}
    done = said(who, "周建国", done, said_words="按商务级", tier="business", reasons=reasons)
    assert (done.state, visit(done).tier) == ("approved", "business")


def test_the_opinion_corrects_the_tier(who: Company) -> None:
    """R18, R11: the head of Marketing corrects Business to the highest tier; the route goes to the general manager."""
    done = submitted(who, form(who, "business", host="李卫东"))
    done = said(who, "王海峰", done, said_words="董事长来", tier="vip", hosts=(who.ids["周建国"],))
    assert done.next == ("general_manager",)
    assert [posts for posts, _, _ in route(done)] == [["marketing_head"], ["general_manager"]]
    assert decisions(done)[0].outcome == "agree"


def test_an_opinion_that_corrects_to_ones_own_tier_decides(who: Company) -> None:
    """A5: lowered to Routine, the head of Marketing would be asked twice, and acts once."""
    done = submitted(who, form(who, "business", host="李卫东"))
    done = said(who, "王海峰", done, said_words="一般来访", tier="routine", reasons={"cap": "已订"})
    assert (done.state, visit(done).tier) == ("approved", "routine")


def test_a_routine_request_raised_by_its_decider_is_passed_on(who: Company) -> None:
    """A3: the head of Marketing decides Routine, not Business."""
    done = submitted(who, form(who, "routine", host="王海峰"))
    done = said(who, "王海峰", done, said_words="重要客户", tier="business", hosts=(who.ids["李卫东"],))
    assert (done.state, done.next) == ("submitted", ("deputy_general_manager_in_charge",))
    assert decisions(done)[0].outcome == "pass_on"


def test_other_visitors_are_the_offices(who: Company) -> None:
    """A6, A13, R98: the owning department's head gives the opinion and decides Routine; no driver coordinates."""
    done = submitted(who, form(who, "routine", kind="other", host="方晓静"))
    assert done.next == ("office_director",)
    done = said(who, "方晓静", done)
    assert (done.state, visit(done).coordinator_id) == ("approved", who.ids["方晓静"])


def test_own_requests_go_one_up(who: Company) -> None:
    """A34: the head of Marketing files Routine; it goes above, and no further approval is his."""
    made = form(who, "routine", host="王海峰", applicant=who.ids["王海峰"])
    done = submitted(who, made, by="王海峰")
    assert route(done) == [(["deputy_general_manager_in_charge"], "decide", "current")]
    with refuses("decides_other"):
        said(who, "王海峰", done)
    assert said(who, "李卫东", done).state == "approved"


def test_at_the_top_ones_own_request_is_allowed(who: Company) -> None:
    """A34: nobody is above the general manager; he decides what he files, flagged."""
    made = form(who, applicant=who.ids["周建国"])
    done = said(who, "王海峰", submitted(who, made, by="周建国"))
    assert said(who, "周建国", done).state == "approved"


def test_any_one_holder_of_several_posts_decides(tmp_path: Path) -> None:
    """A2: where a step names several posts any one of their holders acts, once."""
    old = '{ by = "deputy_general_manager_in_charge", do = "decide" }'
    text = default_text()
    assert old in text
    new = '{ by = ["deputy_general_manager_in_charge", "deputy_general_manager"], do = "decide" }'
    with company(tmp_path, text.replace(old, new)) as who:
        done = said(who, "王海峰", submitted(who, form(who, "business", host="李卫东")))
        assert set(done.next) == {"deputy_general_manager_in_charge", "deputy_general_manager"}
        assert said(who, "何志明", done).state == "approved"
        assert decisions(done)[-1].post == "deputy_general_manager"


def test_every_deciding_step_is_asked_whatever_the_first_corrects(tmp_path: Path) -> None:
    """A3: the last decider alone keeps authority; the first of two sets the hosts, the second still decides."""
    old = '{ by = "deputy_general_manager_in_charge", do = "decide" }'
    text = default_text().replace(old, '{ by = "technology_head", do = "decide" }, ' + old)
    with company(tmp_path, text) as who:
        done = said(who, "王海峰", submitted(who, form(who, "business", host="李卫东")))
        done = said(who, "陈志远", done, hosts=(who.ids["何志明"],))
        assert (done.state, done.next) == ("submitted", ("deputy_general_manager_in_charge",))
        assert said(who, "李卫东", done).state == "approved"


def test_the_next_step_is_said_to_be_vacant(tmp_path: Path) -> None:
    """R13: the opinion is given, nobody is deputy in charge: the sentence says so."""
    posts = {name: held for name, held in POSTS.items() if name != "李卫东"}
    with company(tmp_path, posts=posts) as who:
        done = said(who, "王海峰", submitted(who, form(who, "business", host="何志明")))
        assert "无人担任" in words("zh").text(done.message)
