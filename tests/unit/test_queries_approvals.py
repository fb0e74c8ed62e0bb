"""The query of Approvals: what waits for whom, what a decision needs, what another tier would do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from models.queries.request_lists import RequestPreview, approvals, preview
from models.services.arrangement_verbs import amend
from models.services.visits import Done
from models.words import words
from tests.unit.life import Company, approved, form, said, submitted


def asked(who: Company, name: str, done: Done) -> RequestPreview:
    """The preview as one of the people has it."""
    found = preview(who.session(name), done.visit)
    assert found is not None
    return found


def test_mine_first_then_the_soonest(who: Company) -> None:
    """R10, R12: what lies at the head of marketing; what lies at the general manager waits for others."""
    said(who, "王海峰", submitted(who, form(who, client="周总的", arrive=datetime(2026, 11, 28, 9))))
    submitted(who, form(who, client="晚"))
    submitted(who, form(who, client="早", arrive=datetime(2026, 11, 29, 9)))
    found = approvals(who.session("王海峰"))
    assert [(each.line.client, each.mine) for each in found] == [("早", True), ("晚", True), ("周总的", False)]
    assert found[2].why_not == "not_approver"
    assert not found[2].record, "the head of the owner department speaks for themselves only"
    of_coordinator = {each.line.client: (each.mine, each.record) for each in approvals(who.session("林小雨"))}
    assert of_coordinator["周总的"] == (False, True)


def test_everything_of_one_request(who: Company) -> None:
    """R11, R18, R102, R104: form, verdict, route so far, who takes part."""
    done = said(who, "王海峰", submitted(who, form(who)), said_words="请周总审批")
    found = asked(who, "周建国", done)
    assert (found.number, found.tier, found.what, found.applicant) == ("2026-0001", "vip", "decide", "刘晓燕")
    assert (found.form.client, found.form.headcount) == ("江南智造集团", 6)
    assert found.answer is not None
    assert found.answer.total == 4070_00
    assert [each.words for each in found.said] == ["请周总审批"]
    assert [name for _, name in found.hosts] == ["周建国"]
    assert found.who == ((who.ids["周建国"], "周建国"),)
    assert ("project_sales_lead", "刘晓燕") in found.leads
    assert found.before is None


def test_what_another_tier_would_do(who: Company) -> None:
    """A3, R20: above the own authority it is passed on and breaks the lead host; below, it keeps authority."""
    done = said(who, "王海峰", submitted(who, form(who, "business", host="李卫东")))
    found = asked(who, "李卫东", done).what_if
    assert set(found) == {"vip", "distinguished", "routine"}
    assert found["vip"].next == ("general_manager",)
    assert [each.code for each in found["vip"].findings] == ["lead_host"]
    assert (found["distinguished"].next, found["distinguished"].findings) == ((), ())
    assert found["routine"].next == ()


def test_an_opinion_on_the_tier_says_who_decides_then(who: Company) -> None:
    """R11, R12, R13: the head of marketing corrects the tier, the route follows."""
    done = submitted(who, form(who, "business", host="李卫东"))
    found = asked(who, "王海峰", done).what_if
    assert found["vip"].next == ("general_manager",)
    assert found["distinguished"].next == ("deputy_general_manager_in_charge",)


def test_a_change_keeps_what_was_approved(who: Company) -> None:
    """A26, A33: old and new side by side."""
    done = approved(who, form(who))
    made = replace(form(who), headcount=12, hosts=(who.ids["何志明"],))
    amend(who.session("林小雨"), done.visit, made, expected=done.version, reasons={"lead_host": "周总出差"})
    found = asked(who, "周建国", done)
    assert found.before is not None
    assert (found.before.headcount, found.form.headcount, found.before.tier) == (6, 12, "vip")
    assert {found.names[each] for each in (*found.before.hosts, *found.form.hosts)} == {"周建国", "何志明"}


def test_a_lead_host_asked_for_elsewhere(who: Company) -> None:
    approved(who, form(who, client="甲"))
    submitted(who, form(who, client="乙", arrive=datetime(2026, 12, 1, 9), depart=datetime(2026, 12, 1, 18)))
    submitted(who, form(who, client="丙", arrive=datetime(2026, 12, 3, 9), depart=datetime(2026, 12, 3, 18)))
    done = submitted(who, form(who))
    found = asked(who, "王海峰", done).findings
    assert [words("zh").text(each.text) for each in found if each.code == "booking"] == [
        "周建国 11-30 10:20 另陪 甲",
        "周建国 12-01 09:00 另陪 乙（待批）",
    ]


def test_what_lies_nowhere_has_no_preview(who: Company) -> None:
    assert preview(who.session("周建国"), approved(who, form(who)).visit) is None
    assert preview(who.session("周建国"), 4711) is None
