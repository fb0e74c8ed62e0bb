"""A request's life: filed, on its route, signed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.errors import Refused
from models.form import Form, FormMeal
from models.policy.case import PlannedCost, PlannedLodging
from models.queries.visit_detail import visit as whole
from models.schema import journal
from models.schema.store import reading, write
from models.schema.tables import Expense, Journal, Visit
from models.services.cost_verbs import add_expense, close, enter_actual, sign_expense
from models.services.decision_verbs import confirm_recorded, decide
from models.services.request_verbs import Saved, new_draft, save_draft, submit, urge, withdraw
from models.services.rights import refusal_code
from models.services.visit_form import read_form
from models.services.visits import Done
from models.words import words
from tests.unit.life import (
    POSTS,
    Company,
    approved,
    came,
    company,
    decisions,
    default_text,
    expenses,
    findings_of,
    form,
    left,
    refuses,
    route,
    said,
    stages,
    submitted,
    tasks,
    totals,
    visit,
)
from tests.unit.stores import lived_anew

# -- life requests -----------------------------------------------------------------------------------------------------
#
# What becomes of a request: late ones, numbers, return, withdraw, urge, recorded decisions, vacant posts.


def again(who: Company, done: Done, **changes: object) -> Done:
    """Correct a returned or withdrawn request and submit it again."""
    session = who.session("刘晓燕")
    with reading():
        made = read_form(Visit.get_by_id(done.visit))
    saved = save_draft(session, done.visit, replace(made, **changes), expected=done.version)  # type: ignore[arg-type]  # fields
    return submit(session, done.visit, expected=saved.version)


def test_a_late_request_wants_a_reason_and_is_marked(who: Company) -> None:
    """R8, A4: two days ahead is late, three are in time; late is taken with a reason."""
    who.now = datetime(2026, 11, 27, 9, 0)
    assert not visit(submitted(who, form(who))).late
    who.now = datetime(2026, 11, 28, 9, 0)
    session = who.session("刘晓燕")
    saved = new_draft(session, form(who))
    with refuses("findings") as info:
        submit(session, saved.visit, expected=saved.version)
    assert [each.code for each in findings_of(info)] == ["late"]
    done = submit(session, saved.visit, expected=saved.version, reasons={"late": "客户临时来"})
    assert visit(done).late
    assert visit(done).reasons == {"late": "客户临时来"}


def test_a_walk_in_and_one_filed_afterwards_are_late_not_invalid(who: Company) -> None:
    """A4: today's visit and yesterday's are taken with a reason, and approved like any other."""
    for now in (datetime(2026, 11, 30, 10, 0), datetime(2026, 12, 2, 9, 0)):
        who.now = now
        assert approved(who, form(who), late="客户已到").state == "approved"


def test_submit_says_what_is_not_filled_in(who: Company) -> None:
    """R9: a request needs its fields before the policy can be asked."""
    session = who.session("刘晓燕")
    saved = new_draft(session, form(who, headcount=None))
    with refuses("incomplete"):
        submit(session, saved.visit, expected=saved.version)


def test_numbers_run_through_a_year_and_are_never_used_again(who: Company) -> None:
    """A sequence for each year, given at the first submission, kept by what was withdrawn, returned or refused."""
    first = submitted(who, form(who))
    second = submitted(who, form(who))
    assert (first.number, second.number) == ("2026-0001", "2026-0002")
    second = withdraw(who.session("刘晓燕"), second.visit, expected=second.version)
    assert again(who, second).number == "2026-0002"
    assert submitted(who, form(who)).number == "2026-0003"
    who.now = datetime(2027, 1, 4, 9, 0)
    late = form(who, arrive=datetime(2027, 1, 20, 9, 0), depart=datetime(2027, 1, 20, 17, 0), dining=False)
    assert submitted(who, replace(late, meals=(), lodged=False, lodging=())).number == "2027-0001"


def test_numbers_of_requests_handed_in_at_the_same_time_differ(who: Company) -> None:
    """One writer at a time: the next number is looked up and given in the same transaction."""
    drafts = [new_draft(who.session("刘晓燕"), form(who)) for _ in range(8)]
    numbers: list[str | None] = []
    gate = threading.Barrier(4)

    def file(mine: list[Saved]) -> None:
        gate.wait()
        numbers.extend(submit(who.session("刘晓燕"), each.visit, expected=each.version).number for each in mine)

    threads = [threading.Thread(target=file, args=(drafts[n::4],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, numbers)) == [f"2026-{n:04}" for n in range(1, 9)]


@pytest.mark.parametrize(
    ("written", "first", "second"),
    [("{year}{n:03}号", "2026001号", "2026002号"), ("{n}%/{year}", "1%/2026", "2%/2026"), ("J{n}", "J1", "J2")],
)
def test_numbers_in_other_formats(tmp_path: Path, written: str, first: str, second: str) -> None:
    with company(tmp_path, default_text().replace('number = "{year}-{n:04}"', f'number = "{written}"')) as who:
        assert [submitted(who, form(who)).number for _ in range(2)] == [first, second]


def test_a_returned_request_comes_back_with_number_and_history(who: Company) -> None:
    """A32: returned with words, corrected, submitted again: same number, both rounds' decisions, a new route."""
    done = said(who, "王海峰", submitted(who, form(who)))
    done = said(who, "周建国", done, "return", "主陪写错")
    assert (done.state, done.next) == ("returned", ())
    with refuses("state.returned"):
        said(who, "周建国", done)
    done = again(who, done, headcount=8)
    assert (done.number, done.state, done.next) == ("2026-0001", "submitted", ("marketing_head",))
    done = said(who, "周建国", said(who, "王海峰", done))
    assert done.state == "approved"
    assert [each.outcome for each in decisions(done)] == ["agree", "return", "agree", "agree"]


def test_a_resubmission_picks_the_policy_version_anew(who: Company) -> None:
    """The version in force when it is submitted again judges it; the first one's text stays in the store."""
    done = said(who, "王海峰", submitted(who, form(who)), "return", "补充")
    first = visit(done).policy_id
    from models.policy.load import load_text

    who.policy = load_text(default_text() + "\n# a later version\n")
    assert visit(again(who, done)).policy_id != first


def test_a_refused_request_is_over(who: Company) -> None:
    """A32, R16: refused with the reason; nothing is arranged."""
    done = said(who, "王海峰", submitted(who, form(who)), "refuse", "时间不合适")
    assert (done.state, tasks(done), decisions(done)[0].words) == ("refused", {}, "时间不合适")
    assert refusal_code(who.session("刘晓燕"), "submit", done.visit) == "state.refused"


def test_who_may_withdraw(who: Company) -> None:
    """A32: the applicant or the owner department takes a request back; others may not."""
    done = submitted(who, form(who))
    with refuses("not_yours"):
        withdraw(who.session("陈志远"), done.visit, expected=done.version)
    done = withdraw(who.session("刘晓燕"), done.visit, expected=done.version)
    assert (done.state, done.next) == ("draft", ())
    assert route(done)[0][2] == "waiting"


def test_urging_is_recorded_at_most_once_an_hour(who: Company) -> None:
    """催办: the journal has it; within the hour it is refused."""
    done = submitted(who, form(who))
    done = urge(who.session("刘晓燕"), done.visit, expected=done.version)
    who.wait(minutes=59)
    with refuses("urged_lately"):
        urge(who.session("刘晓燕"), done.visit, expected=done.version)
    who.wait(minutes=1)
    urge(who.session("刘晓燕"), done.visit, expected=done.version)
    with reading():
        assert [row.verb for row in Journal.select().where(Journal.visit == done.visit)] == ["submit", "urge", "urge"]


def test_a_decision_given_by_phone_is_recorded_and_flagged(who: Company) -> None:
    """R19: the coordinator records who decided, when and how; it counts, and that person confirms it."""
    done = said(who, "王海峰", submitted(who, form(who)))
    told = datetime(2026, 11, 22, 20, 0)
    general = who.ids["周建国"]
    for other in ("陈志远", "王海峰"):
        with refuses("not_recorder"):
            said(who, other, done, for_person=general, medium="电话", decided_at=told)
    with refuses("not_recorder"):
        said(who, "陈志远", done, for_person=general, medium="电话", decided_at=told)
    with refuses("decides_other"):
        said(who, "林小雨", done, for_person=who.ids["李卫东"], medium="电话")
    with refuses("medium_needed"):
        said(who, "林小雨", done, for_person=general)
    with refuses("decided_later"):
        said(who, "林小雨", done, for_person=general, medium="电话", decided_at=datetime(2026, 11, 24, 9, 0))
    done = said(who, "林小雨", done, for_person=general, medium="电话", decided_at=told)
    assert done.state == "approved"
    last = decisions(done)[-1]
    assert (last.person_id, last.recorded_by_id, last.medium, last.at, last.confirmed_utc) == (
        general, who.ids["林小雨"], "电话", told, None,
    )  # fmt: skip
    with refuses("not_your_decision"):
        confirm_recorded(who.session("林小雨"), last.id)
    confirm_recorded(who.session("周建国"), last.id)
    assert decisions(done)[-1].confirmed_utc is not None
    with refuses("confirmed_already"):
        confirm_recorded(who.session("周建国"), last.id)
    with reading():
        row = Journal.select().where(Journal.verb == "decide").order_by(Journal.id.desc()).get()
    assert (row.actor_name, row.for_person) == ("林小雨", general)


def test_a_policy_may_forbid_recording(tmp_path: Path) -> None:
    """`recorded = false`: nobody enters a decision for another."""
    text = default_text()
    text = (
        text.replace("recorded = true", "recorded = false")
        if "\nrecorded = true" in text
        else "recorded = false\n" + text
    )
    with company(tmp_path, text) as who:
        done = submitted(who, form(who))
        with refuses("recording_off"):
            said(who, "林小雨", done, for_person=who.ids["王海峰"], medium="电话")


def test_a_post_nobody_holds_is_named_and_the_request_stays_decidable(tmp_path: Path) -> None:
    """R12: with no general manager registered, submit names the post, and the coordinator records what was decided."""
    with company(tmp_path, posts={name: held for name, held in POSTS.items() if name != "周建国"}) as who:
        done = submitted(who, form(who, host="李卫东"), lead_host="总经理空缺")
        assert "总经理" in words("zh").text(done.message)
        done = said(who, "王海峰", done)
        with refuses("decides_vacant"):
            said(who, "李卫东", done)
        done = said(who, "林小雨", done, medium="书面")
        assert done.state == "approved"
        last = decisions(done)[-1]
        assert (last.person_id, last.post, last.medium) == (None, "general_manager", "书面")


def test_with_the_whole_department_vacant_those_above_record(tmp_path: Path) -> None:
    """R17: nobody is in Marketing yet; the deputy above its head records what its head said."""
    posts = {name: held for name, held in POSTS.items() if name not in ("王海峰", "林小雨")}
    with company(tmp_path, posts=posts) as who:
        done = submitted(who, form(who))
        with refuses("not_recorder"):
            said(who, "方晓静", done, medium="电话")
        done = said(who, "李卫东", done, medium="电话")
        assert done.next == ("general_manager",)


def test_of_two_who_decide_on_what_they_saw_one_wins(who: Company) -> None:
    """Optimistic versions: two holders decide at once; the other is told the new state and who made it."""
    done = said(who, "王海峰", submitted(who, form(who)))
    results: list[Done | Refused] = []
    gate = threading.Barrier(2)

    def act(outcome: str) -> None:
        gate.wait()
        try:
            results.append(said(who, "周建国", done, outcome, "好"))
        except Refused as refused:
            results.append(refused)

    threads = [threading.Thread(target=act, args=(outcome,)) for outcome in ("agree", "refuse")]
    with lived_anew():  # each of the two decides, and no copy
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    won = [each for each in results if isinstance(each, Done)]
    lost = [each for each in results if isinstance(each, Refused)]
    assert (len(won), len(lost), lost[0].code) == (1, 1, "stale")
    state = words("zh")(f"done.state.{won[0].state}")
    assert state in words("zh").text(lost[0].phrase)
    assert "周建国" in words("zh").text(lost[0].phrase)


def test_a_failed_write_changes_nothing(who: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the journal cannot be written neither is the decision: no step, no task, no state."""
    done = said(who, "王海峰", submitted(who, form(who)))

    def fail(*_: object, **__: object) -> int:
        raise RuntimeError("no room")

    monkeypatch.setattr(journal, "record", fail)
    with pytest.raises(RuntimeError):
        decide(who.session("周建国"), done.visit, expected=done.version, outcome="agree", words="同意")
    assert (visit(done).state, visit(done).version, tasks(done)) == ("submitted", done.version, {})
    assert [state for _, _, state in route(done)] == ["done", "current"]
    assert len(decisions(done)) == 1


def test_drafts_are_not_journalled(who: Company) -> None:
    """Only what is submitted is told."""
    new_draft(who.session("刘晓燕"), form(who))
    with reading():
        assert Journal.select().where(Journal.visit.is_null(False)).count() == 0


def test_a_visit_that_is_gone_is_said_to_be(who: Company) -> None:
    """A verb on what is not there is refused with a sentence, inside another transaction too."""
    with write(), refuses("no_visit"):
        withdraw(who.session("刘晓燕"), 99, expected=1)


# -- life route --------------------------------------------------------------------------------------------------------
#
# From submission to approval: who is asked, who decides, what a raised tier does.


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


# -- life signed -------------------------------------------------------------------------------------------------------
#
# What was paid beyond what was agreed to: sums judged again, further signatures by the policy, names of lines.


DAY = date(2026, 11, 30)
SIGNS = """
[[sign]]
id = "dear_meal"
when = { item = "meal", of_cap = ">100%..200%" }
by = "deputy_general_manager_in_charge"

[[sign]]
id = "very_dear_meal"
when = { item = "meal", of_cap = ">200%.." }
by = "general_manager"

[[sign]]
id = "dear_visit"
when = { total = ">5000.." }
by = "office_director"
"""


@contextmanager
def settling(path: Path, more: str = "", **changes: Any) -> Iterator[tuple[Company, Done]]:
    """A visit whose guests have come and gone, under the default regulation with some rows more."""
    with company(path, default_text() + more) as who:
        done = approved(who, replaced(form(who), **changes), cap="标准外", count="次数")
        yield who, left(who, came(who, done))


def replaced(made: Form, **changes: Any) -> Form:
    return replace(made, **{"lodged": False, "lodging": (), **changes})


def lunch(**more: Any) -> FormMeal:
    return FormMeal(DAY, 6, 7, meal="lunch", venue="in_house", **more)


def pay(who: Company, done: Done, line: str, amount: int, **more: Any) -> int:
    """Enter what a planned line cost; what is over."""
    row = expenses(done)[line]
    return enter_actual(who.session("林小雨"), row.id, expected=row.version, amount=amount, **more).over


def sign(who: Company, name: str, done: Done, line: str) -> None:
    row = expenses(done)[line]
    sign_expense(who.session(name), row.id, expected=row.version)


def lacks(who: Company, done: Done) -> list[tuple[str, str]]:
    found = whole(who.session("林小雨"), done.visit)
    assert found is not None
    return [(line.name.say("zh"), what) for line in found.costs for what in line.lacks]


def test_beyond_the_cap_another_must_agree_before_closing(tmp_path: Path) -> None:
    """A10, A27: the meal goes over what was planned, and the row of the policy asks the deputy in charge."""
    with settling(tmp_path, SIGNS, meals=(lunch(),)) as (who, done):
        assert pay(who, done, "meal1", 200_000, reason="加了两道菜") == 5_000
        assert lacks(who, done) == [("用餐 午餐", "signature")]
        with refuses("close_missing") as info:
            close(who.session("林小雨"), done.visit, expected=done.version)
        assert info.value.phrase.facts["n"] == 1
        with refuses("signs_other"):
            sign(who, "林小雨", done, "meal1")
        sign(who, "李卫东", done, "meal1")
        assert lacks(who, done) == []
        with refuses("nothing_to_sign"):
            sign(who, "李卫东", done, "meal1")
        signed = whole(who.session("林小雨"), done.visit)
        assert signed is not None
        assert [(each.name, each.amount) for each in signed.costs[0].signed] == [("李卫东", 200_000)]
        assert close(who.session("林小雨"), done.visit, expected=done.version).state == "closed"


def test_who_is_above_may_agree_and_a_higher_amount_is_agreed_to_anew(tmp_path: Path) -> None:
    """A3: the general manager stands above the deputy; what was agreed to is an amount, not whatever it becomes."""
    with settling(tmp_path, SIGNS, meals=(lunch(),)) as (who, done):
        pay(who, done, "meal1", 200_000, reason="加菜")
        sign(who, "周建国", done, "meal1")
        pay(who, done, "meal1", 199_000)
        assert lacks(who, done) == [], "less than what was agreed to"
        pay(who, done, "meal1", 210_000)
        assert lacks(who, done) == [("用餐 午餐", "signature")]
        pay(who, done, "meal1", 400_000)
        with refuses("signs_other"):
            sign(who, "李卫东", done, "meal1")
        sign(who, "周建国", done, "meal1")
        assert lacks(who, done) == []


def test_what_the_plan_was_signed_for_is_not_signed_again(tmp_path: Path) -> None:
    with settling(tmp_path, SIGNS, meals=(lunch(price=18_000),)) as (who, done):
        assert pay(who, done, "meal1", 234_000, reason="如计划") == 39_000
        assert lacks(who, done) == [], "it was planned and decided so"
        pay(who, done, "meal1", 240_000)
        assert lacks(who, done) == [("用餐 午餐", "signature")]


def test_one_line_over_and_one_under_are_not_netted(tmp_path: Path) -> None:
    """A10: 500 yuan saved on wine do not pay for 50 yuan more of the meal."""
    with settling(tmp_path, SIGNS, meals=(lunch(bottles=4),)) as (who, done):
        assert pay(who, done, "meal1", 200_000) == 5_000
        assert pay(who, done, "drink1", 150_000) == 0
        with reading():
            sums = totals(done.visit)
        assert (sums.planned, sums.actual, sums.over) == (395_000, 350_000, 5_000)
        assert {what for _, what in lacks(who, done)} == {"reason", "signature"}


def test_a_total_beyond_what_was_planned_is_agreed_to_on_the_lines_that_made_it_so(tmp_path: Path) -> None:
    """Two signatures may be wanted for one line, from posts of which neither stands above the other."""
    beside = SIGNS.replace('"deputy_general_manager_in_charge"', '"marketing_head"')
    with settling(tmp_path, beside, meals=(lunch(bottles=4),)) as (who, done):
        pay(who, done, "drink1", 150_000)
        pay(who, done, "meal1", 390_000, reason="临时加人")
        assert lacks(who, done) == [("用餐 午餐", "signature")]
        sign(who, "王海峰", done, "meal1")
        assert lacks(who, done) == [("用餐 午餐", "signature")]
        sign(who, "方晓静", done, "meal1")
        assert lacks(who, done) == []
        add_expense(who.session("林小雨"), done.visit, item="car", amount=30_000)
        assert [what for _, what in lacks(who, done)] == ["signature"]


JOINT = """
[[cap]]
id = "day_car"
item = "car"
per = "person_day"
most = 100
"""


def test_a_cap_of_a_day_is_judged_on_what_was_really_paid(tmp_path: Path) -> None:
    """A10: two trips of a day together; what the first saves the second may use, beyond the sum it is over."""
    trips = (PlannedCost("car", Decimal(1), "trip", 30_000, DAY), PlannedCost("car", Decimal(1), "trip", 30_000, DAY))
    with settling(tmp_path, JOINT, dining=False, meals=(), costs=trips) as (who, done):
        assert pay(who, done, "cost1", 50_000) == 0
        assert pay(who, done, "cost2", 20_000, reason="绕路") == 10_000, "6 guests, 100 yuan each and day"
        pay(who, done, "cost1", 30_000)
        with reading():
            assert totals(done.visit).over == 0, "with the first trip cheaper the second is within the sum"
        pay(who, done, "cost2", 45_000)
        rows = expenses(done)
        assert (rows["cost1"].actual_over, rows["cost2"].actual_over) == (0, 15_000)


def test_the_totals_are_the_sums_of_the_lines(tmp_path: Path) -> None:
    """A10, A12, A27: what the guests pay themselves is in no sum of the company's."""
    rooms = (PlannedLodging(DAY, 2, price=60_000, payer="guest"), PlannedLodging(DAY, 4, price=50_000))
    meals = (lunch(bottles=4), FormMeal(DAY, 6, meal="dinner", venue="in_house", packs=3))
    with settling(tmp_path, meals=meals, lodged=True, lodging=rooms) as (who, done):
        for at, line in enumerate(expenses(done)):
            pay(who, done, line, 77_700 * (at + 1), reason="实际")
        found = whole(who.session("林小雨"), done.visit)
        assert found is not None
        assert found.totals.actual == sum(line.actual or 0 for line in found.costs)
        assert found.totals.over == sum(line.over for line in found.costs) > 0
        assert found.totals.company == sum(line.company for line in found.costs) < found.totals.actual
        guests = next(line for line in found.costs if line.payer == "guest")
        assert (guests.over, guests.company) == (0, 0)


def test_lodging_without_a_price_is_asked_for(tmp_path: Path) -> None:
    """A27: what has no figure cost something all the same, or 0."""
    rooms = (PlannedLodging(DAY, 6),)
    with settling(tmp_path, dining=False, meals=(), lodged=True, lodging=rooms) as (who, done):
        assert lacks(who, done) == [("住宿", "actual")]
        pay(who, done, "lodging1", 0)
        assert lacks(who, done) == []


def test_two_meals_of_one_day_have_names_of_their_own(tmp_path: Path) -> None:
    with settling(tmp_path, meals=(lunch(), lunch(), FormMeal(DAY, 6, meal="dinner", venue="in_house"))) as (who, done):
        names = [name for name, _ in lacks(who, done)]
        assert names == ["用餐 午餐 1", "用餐 午餐 2", "用餐 晚餐"]


@pytest.mark.parametrize("label", ["lunch", "午餐"])
def test_a_meal_nobody_planned_is_held_against_its_own_standard(tmp_path: Path, label: str) -> None:
    """A10, A27: three more ate for 100 yuan each, whose standard is 150."""
    with settling(tmp_path, meals=(lunch(),)) as (who, done):
        session = who.session("林小雨")
        added = add_expense(session, done.visit, item="meal", label=label, amount=60_000, quantity=Decimal(3))
        assert added.over == 60_000 - 3 * 15_000
        with reading():
            assert Expense.get_by_id(added.expense).payer == "company"
