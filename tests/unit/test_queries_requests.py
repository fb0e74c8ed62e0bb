"""The query of Requests: what is there for whom, in which order, at whom it lies, what may be done."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from models.form import Form
from models.queries.request_lists import RequestLine, requests
from models.services import day_verbs
from models.services import request_verbs as verbs
from models.services.arrangement_verbs import amend
from models.services.decision_verbs import decide
from models.services.request_verbs import new_draft
from tests.unit.life import Company, approved, company, form, said, submitted


def lines(who: Company, name: str = "刘晓燕") -> dict[str, RequestLine]:
    """All that one of the people sees, by client, in order."""
    return {line.client: line for line in requests(who.session(name))}


def test_the_order_is_what_wants_something_done(who: Company) -> None:
    """A32: returned, drafts, what waits, what is arranged, what is over."""
    approved(who, form(who, client="批"))
    over = approved(who, form(who, client="消"))
    day_verbs.cancel(who.session("林小雨"), over.visit, "改期", expected=over.version)
    submitted(who, form(who, client="交"))
    said(who, "王海峰", submitted(who, form(who, client="退")), "return", "改日")
    new_draft(who.session("刘晓燕"), Form(client="稿", applicant=who.ids["刘晓燕"]))
    assert list(lines(who)) == ["退", "稿", "交", "批", "消"]


def test_at_whom_it_lies_and_since_when(who: Company) -> None:
    """R10, R12, R18: the persons of the current step; where it is returned, its applicant."""
    done = submitted(who, form(who))
    who.wait(hours=2)
    line = lines(who)["江南智造集团"]
    assert (line.at, line.posts, line.number) == (("王海峰",), ("marketing_head",), "2026-0001")
    assert line.since is not None
    assert who.session("刘晓燕").now_utc() - line.since == timedelta(hours=2)
    done = said(who, "王海峰", done)
    assert lines(who)["江南智造集团"].at == ("周建国",)
    said(who, "周建国", done, "return", "改日")
    line = lines(who)["江南智造集团"]
    assert (line.state, line.at) == ("returned", ("刘晓燕",))


def test_a_vacant_post_has_nobody(tmp_path: Path) -> None:
    posts = {"王海峰": ["marketing_head"], "刘晓燕": ["project_sales_lead"], "赵启航": ["project_technical_lead"],
             "何志明": ["deputy_general_manager"]}  # fmt: skip
    with company(tmp_path, posts=posts) as who:
        said(who, "王海峰", submitted(who, form(who, host="何志明"), lead_host="空缺"))
        line = lines(who)["江南智造集团"]
        assert (line.at, line.posts) == ((), ("general_manager",))


def test_what_was_said_oldest_first(who: Company) -> None:
    """R18, R19, R112: person, post, words; who recorded it for whom, and whether it is confirmed."""
    done = said(who, "王海峰", submitted(who, form(who)), said_words="请周总审批")
    decide(who.session("林小雨"), done.visit, expected=done.version, outcome="agree", words="同意",
           for_person=who.ids["周建国"], medium="电话")  # fmt: skip
    first, second = lines(who)["江南智造集团"].said
    assert (first.who, first.what, first.words, first.recorded_by) == ("王海峰", "opinion", "请周总审批", "")
    assert (second.who, second.what, second.recorded_by, second.medium) == ("周建国", "decide", "林小雨", "电话")
    assert (first.unconfirmed, second.unconfirmed) == (False, True)


def test_mine_are_those_i_asked_for_or_run(who: Company) -> None:
    """R17: the applicant's, and from approval on the coordinator's."""
    submitted(who, form(who, client="甲"))
    approved(who, form(who, client="乙"))
    for name, mine in (("刘晓燕", ["甲", "乙"]), ("林小雨", ["乙"]), ("王海峰", [])):
        assert [line.client for line in requests(who.session(name)) if line.mine] == mine


def test_drafts_of_others_are_theirs(who: Company) -> None:
    """Never submitted, a draft is seen by whoever may go on with it; withdrawn, by all."""
    new_draft(who.session("刘晓燕"), Form(client="稿", applicant=who.ids["刘晓燕"]))
    assert "稿" in lines(who, "刘晓燕")
    assert "稿" not in lines(who, "陈志远")
    done = submitted(who, form(who))
    verbs.withdraw(who.session("刘晓燕"), done.visit, expected=done.version)
    assert lines(who, "陈志远")["江南智造集团"].state == "draft"


def test_what_may_be_done(who: Company) -> None:
    done = submitted(who, form(who))
    assert lines(who)["江南智造集团"].refusals == {"urge": None, "withdraw": None}
    assert lines(who, "陈志远")["江南智造集团"].refusals == {"urge": "not_yours", "withdraw": "not_yours"}
    verbs.urge(who.session("刘晓燕"), done.visit, expected=done.version)
    assert lines(who)["江南智造集团"].urged


def test_a_change_being_decided(who: Company) -> None:
    """A26: told from a request that was never approved."""
    done = approved(who, form(who))
    amend(who.session("林小雨"), done.visit, form(who, headcount=12), expected=done.version)
    assert (lines(who)["江南智造集团"].state, lines(who)["江南智造集团"].changing) == ("submitted", True)


def test_what_is_long_over_is_left_out(who: Company) -> None:
    done = approved(who, form(who))
    day_verbs.cancel(who.session("林小雨"), done.visit, "改期", expected=done.version)
    assert "江南智造集团" in lines(who)
    who.wait(days=120)
    assert lines(who) == {}
