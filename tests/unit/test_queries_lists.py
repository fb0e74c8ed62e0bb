"""What the lists read: approvals, requests, calendar, checklist, status."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from models.form import Form
from models.queries.calendar_lists import span
from models.queries.request_lists import RequestLine, RequestPreview, approvals, preview, requests
from models.queries.task_lists import Waiting, departments_of, waiting
from models.services import day_verbs
from models.services import request_verbs as verbs
from models.services.arrangement_verbs import amend
from models.services.decision_verbs import decide
from models.services.request_verbs import new_draft
from models.services.session import Actor, Session
from models.services.visits import Done
from models.words import words
from tests.unit.life import Company, approved, company, form, said, stored, submitted

# -- queries approvals -------------------------------------------------------------------------------------------------
#
# The query of Approvals: what waits for whom, what a decision needs, what another tier would do.


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


# -- queries requests --------------------------------------------------------------------------------------------------
#
# The query of Requests: what is there for whom, in which order, at whom it lies, what may be done.


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


# -- queries calendar --------------------------------------------------------------------------------------------------
#
# The query of the Calendar: who is here on which day, holidays, what still waits.


def test_a_visit_is_on_each_of_its_days(who: Company) -> None:
    approved(who, form(who, depart=datetime(2026, 12, 2, 12)))
    found = span(who.session("林小雨"), date(2026, 11, 29), date(2026, 12, 3))
    assert [(len(day.entries), day.guests) for day in found.days] == [(0, 0), (1, 6), (1, 6), (1, 6), (0, 0)]
    entries = [entry for day in found.days for entry in day.entries]
    assert [(entry.at, entry.going, entry.arrives) for entry in entries] == [
        (datetime(2026, 11, 30, 10, 20), False, True),
        (None, False, False),
        (datetime(2026, 12, 2, 12), True, False),
    ]
    assert entries[0].hosts == ("周建国",)
    assert entries[0].purposes == ("inspection", "cooperation")
    assert entries[0].mark is not None
    assert entries[0].mark.say("zh") == "贵"


def test_the_day_is_in_order_of_time(who: Company) -> None:
    for client, hour in (("乙", 16), ("甲", 8)):
        submitted(who, form(who, client=client, arrive=datetime(2026, 11, 30, hour)))
    (day,) = span(who.session("林小雨"), date(2026, 11, 30), date(2026, 11, 30)).days
    assert [entry.client for entry in day.entries] == ["甲", "乙"]
    assert day.pending


def test_what_waits_and_what_is_not_there(who: Company) -> None:
    """R16, A26, A32: a request is shown as one; returned and cancelled ones are not; a change being decided runs on."""
    one = submitted(who, form(who, client="甲"))
    said(who, "王海峰", submitted(who, form(who, client="乙")), "return", "改日")
    two = approved(who, form(who, client="丙"))
    three = approved(who, form(who, client="丁"))
    amend(who.session("林小雨"), two.visit, form(who, client="丙", headcount=12), expected=two.version)
    day_verbs.cancel(who.session("林小雨"), three.visit, "客户改期", expected=three.version)
    (day,) = span(who.session("林小雨"), date(2026, 11, 30), date(2026, 11, 30)).days
    assert {entry.client: (entry.state, entry.asked) for entry in day.entries} == {
        "甲": ("submitted", True),
        "丙": ("submitted", False),
    }
    assert not day.pending
    assert one.visit in [entry.visit for entry in day.entries]


def test_holidays_and_shifted_days(who: Company) -> None:
    """A4: what the calendar package knows; years it does not know are named."""
    found = span(who.session("林小雨"), date(2026, 9, 28), date(2026, 10, 11))
    day = found.on(date(2026, 10, 1))
    assert day is not None
    assert (day.off, day.worked) == (True, False)
    assert any(each.worked for each in found.days)
    assert found.unknown == ()
    assert span(who.session("林小雨"), date(2050, 1, 1), date(2050, 1, 2)).unknown == (2050,)


def test_outside_the_span_there_is_nothing(who: Company) -> None:
    assert span(who.session("林小雨"), date(2026, 11, 1), date(2026, 11, 2)).on(date(2026, 11, 3)) is None


# -- queries status ----------------------------------------------------------------------------------------------------
#
# The title line and the counts of the tabs: who acts, what waits for them.


def counts(who: Company, name: str) -> tuple[int, int, int]:
    """Decisions, returned requests, tasks due by tonight."""
    found = waiting(who.session(name))
    return found.decisions, found.returned, found.tasks


def test_who_sits_where(who: Company) -> None:
    """R6, R17: the department of a post or its head's, else the post itself."""
    places = {name: waiting(who.session(name)).place for name in ("林小雨", "王海峰", "周建国")}
    assert {name: place.say("zh") for name, place in places.items() if place} == {
        "林小雨": "营销部", "王海峰": "营销部", "周建国": "总经理",
    }  # fmt: skip
    assert departments_of(who.policy, ("driver", "office_director"))[0] == "office"


def test_decisions_and_returned_requests(who: Company) -> None:
    """R10, R12, A32: one counts for whom it lies at, then for whom it is returned to."""
    done = submitted(who, form(who))
    assert [counts(who, name)[0] for name in ("王海峰", "周建国")] == [1, 0]
    done = said(who, "王海峰", done)
    assert [counts(who, name)[0] for name in ("王海峰", "周建国")] == [0, 1]
    said(who, "周建国", done, "return", "改日")
    assert counts(who, "周建国")[0] == 0
    assert counts(who, "刘晓燕")[1] == 1


def test_tasks_due_by_tonight(who: Company) -> None:
    """R52, R60: of the own department and those one is named for; nothing before it is approved."""
    done = submitted(who, form(who))
    who.now = datetime(2026, 11, 30, 7)
    assert counts(who, "方晓静")[2] == 0
    said(who, "周建国", said(who, "王海峰", done))
    assert counts(who, "方晓静")[2] > 0
    assert counts(who, "何志明")[2] == 0


def test_tasks_stay_due_while_a_change_is_decided(who: Company) -> None:
    """R16, A33: it is received as it was approved, whatever more is asked for."""
    done = approved(who, form(who))
    who.now = datetime(2026, 11, 30, 7)
    before = counts(who, "方晓静")[2]
    more = replace(stored(done), headcount=9)
    assert amend(who.session("林小雨"), done.visit, more, expected=done.version).asks
    assert counts(who, "方晓静")[2] == before > 0


def test_nobody_has_nothing_waiting(who: Company) -> None:
    approved(who, form(who))
    session = Session(Actor(None, "", "test"), lambda: who.now.replace(tzinfo=UTC), who.policy)
    assert waiting(session) == Waiting("", None, 0, 0, 0)
