"""An arranged visit: stages, guests met and seen off, changes, cancelling and restoring, who looks after it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from models.schema.arrangements import Leg
from models.schema.store import reading
from models.schema.tables import JournalDetail, Note
from models.services.arrangement_verbs import amend
from models.services.day_verbs import (
    cancel,
    finish_stage,
    hand_over,
    met,
    no_show,
    note,
    plan_stage,
    restore,
    seen_off,
    skip_stage,
    start_stage,
    take_back,
    track,
)
from models.services.request_verbs import submit, withdraw
from models.services.rights import refusal_code, refusal_codes
from models.services.task_verbs import drop, tick
from tests.unit.life import (
    Company,
    approved,
    company,
    decisions,
    default_text,
    expenses,
    form,
    late,
    refuses,
    route,
    said,
    stages,
    stored,
    submitted,
    tasks,
    visit,
)

REASONS = {"cap": "已订", "lead_host": "总经理亲自"}
TEN = [
    "pick_up", "welcome", "introduction", "talks", "tour", "dining", "lodging", "activities", "gifts", "send_off",
]  # fmt: skip


def test_the_ten_stages_in_order(who: Company) -> None:
    """R26, R27, R28, R29, R30, R31, R32, R33, R34, R35: all ten, in order, dining at the hour of lunch (A36); what is
    not asked for is shown as such."""
    found = stages(approved(who, form(who)))
    assert [name for name in found if name != "dining"] == [name for name in TEN if name != "dining"]
    assert list(found)[3:5] == ["dining", "talks"]
    assert found["dining"].at == datetime(2026, 11, 30, 12)
    assert {name for name, stage in found.items() if stage.state == "not_applicable"} == {"activities", "gifts"}


def test_a_stage_is_planned_begun_finished_or_left_out_but_never_lost(who: Company) -> None:
    """R30: times are kept; left out, a stage stays in the list and can be planned again."""
    done = approved(who, form(who))
    session = who.session("林小雨")
    tour = stages(done)["tour"].id
    done = plan_stage(
        session, tour, expected=done.version, at=datetime(2026, 11, 30, 14, 0), place="总装车间", people="陈志远"
    )
    with refuses("stale"):
        skip_stage(session, tour, expected=done.version - 1)
    done = skip_stage(session, tour, expected=done.version)
    assert (len(stages(done)), stages(done)["tour"].state) == (10, "not_applicable")
    done = plan_stage(session, tour, expected=done.version)
    assert (stages(done)["tour"].state, stages(done)["tour"].place) == ("planned", "总装车间")
    who.now = datetime(2026, 11, 30, 14, 5)
    done = start_stage(session, tour, expected=done.version)
    with refuses("stage_begun"):
        skip_stage(session, tour, expected=done.version)
    who.wait(hours=1)
    done = finish_stage(session, tour, expected=done.version)
    found = stages(done)["tour"]
    assert (found.state, found.started, found.ended) == ("done", datetime(2026, 11, 30, 14, 5), who.now)


def test_no_stage_begins_before_approval(who: Company) -> None:
    """R16: a submitted request has no stages, and no verb of the day works on it."""
    done = submitted(who, form(who))
    for verb in ("met", "seen_off", "stage", "task", "settle", "close", "no_show", "amend"):
        assert refusal_code(who.session("林小雨"), verb, done.visit) == "state.submitted"


def test_met_seen_off_done(who: Company) -> None:
    """The first guest met puts the visit under way, the last seen off makes it done; both with their times."""
    done = approved(who, form(who))
    who.now = datetime(2026, 11, 30, 10, 0)
    done = track(who.session("林小雨"), done.visit, "here", expected=done.version)
    with refuses("no_part"):
        met(who.session("陈志远"), done.visit, expected=done.version)
    with refuses("time_to_come"):
        met(who.session("周建国"), done.visit, expected=done.version, at=datetime(2026, 11, 30, 11, 0))
    done = met(who.session("周建国"), done.visit, expected=done.version)
    assert done.state == "under_way"
    done = start_stage(who.session("林小雨"), stages(done)["welcome"].id, expected=done.version)
    who.now = datetime(2026, 12, 1, 15, 0)
    done = seen_off(who.session("刘晓燕"), done.visit, expected=done.version)
    assert (done.state, stages(done)["welcome"].state) == ("done", "done")
    with reading():
        assert [(leg.way, leg.state) for leg in Leg.select().order_by(Leg.way)] == [
            ("arrival", "met"), ("departure", "left"),
        ]  # fmt: skip


def test_nobody_came(who: Company) -> None:
    """A26: a no-show is said only when they were due, and can be closed."""
    done = approved(who, form(who))
    with refuses("not_yet_due"):
        no_show(who.session("林小雨"), done.visit, expected=done.version)
    who.now = datetime(2026, 11, 30, 18, 0)
    assert no_show(who.session("林小雨"), done.visit, expected=done.version).state == "no_show"


def test_cancel_and_restore(who: Company) -> None:
    """A26: cancelled with a reason; restored as a draft with number, guests, texts and history, judged anew."""
    done = approved(who, form(who))
    tick(who.session("王海峰"), tasks(done)["R39"].id, expected=1)
    with refuses("words_needed"):
        cancel(who.session("刘晓燕"), done.visit, "", expected=done.version)
    done = cancel(who.session("刘晓燕"), done.visit, "客户改期", expected=done.version)
    assert done.state == "cancelled"
    with refuses("state.cancelled"):
        tick(who.session("王海峰"), tasks(done)["R40"].id, expected=1)
    done = restore(who.session("刘晓燕"), done.visit, expected=done.version)
    assert (done.state, done.number, tasks(done), stages(done)) == ("draft", "2026-0001", {}, {})
    assert (stored(done).guests[0].name, len(decisions(done))) == ("徐明哲", 2)
    who.now = datetime(2026, 11, 29, 9, 0)
    with refuses("findings"):
        submit(who.session("刘晓燕"), done.visit, expected=done.version)


def test_cancel_from_submitted_to_under_way_only(who: Company) -> None:
    """A26: what is done, closed or still a draft is not cancelled."""
    done = submitted(who, form(who))
    assert cancel(who.session("林小雨"), done.visit, "取消", expected=done.version).next == ()
    done = approved(who, form(who))
    who.now = datetime(2026, 11, 30, 11, 0)
    done = met(who.session("林小雨"), done.visit, expected=done.version)
    assert refusal_code(who.session("林小雨"), "cancel", done.visit) is None
    done = seen_off(who.session("林小雨"), done.visit, expected=done.version)
    assert refusal_code(who.session("林小雨"), "cancel", done.visit) == "state.done"


def test_a_change_keeps_ticks_and_tells_what_came_and_went(who: Company) -> None:
    """A33: an outside meal in place of the in-house one, no tour: duties change, ticks that still apply stay."""
    done = approved(who, form(who))
    before = tasks(done)
    tick(who.session("王海峰"), before["R39"].id, expected=1)
    old = stored(done)
    changed = replace(old, meals=(replace(old.meals[0], venue="outside"),), services=("car",))
    result = amend(who.session("林小雨"), done.visit, changed, expected=done.version)
    assert {duty.duty for duty in result.added} == {"R56"}
    assert {duty.duty for duty in result.removed} == {"R43", "R45", "R64", "R65", "R66"}
    assert (result.asks, result.done.state) == ((), "approved")
    after = tasks(result.done)
    assert (after["R39"].state, after["R39"].done_by_id) == ("done", who.ids["王海峰"])
    assert (after["R45"].state, stages(result.done)["tour"].state) == ("gone", "not_applicable")
    again = amend(who.session("林小雨"), done.visit, old, expected=result.done.version)
    assert {duty.duty for duty in again.added} == {"R43", "R45", "R64", "R65", "R66"}
    assert tasks(again.done)["R45"].state == "open"


def test_due_times_of_open_tasks_follow_the_visit(who: Company) -> None:
    """A33: a day later everything open is due a day later; what is done keeps its time."""
    done = approved(who, form(who))
    tick(who.session("王海峰"), tasks(done)["R39"].id, expected=1)
    old = stored(done)
    later = replace(old, arrive=datetime(2026, 12, 1, 10, 20), depart=datetime(2026, 12, 2, 15, 0))
    was = tasks(done)
    now = tasks(amend(who.session("林小雨"), done.visit, later, expected=done.version).done)
    assert (was["R41"].due, now["R41"].due) == (datetime(2026, 11, 29, 17, 0), datetime(2026, 11, 30, 17, 0))
    assert now["R39"].due == was["R39"].due


def test_a_change_of_substance_asks_the_deciding_step_again(who: Company) -> None:
    """A26: more guests go back to the general manager alone; the tasks stay, ticked ones too, and go on after it."""
    done = approved(who, form(who))
    tick(who.session("王海峰"), tasks(done)["R39"].id, expected=1)
    who.now = datetime(2026, 11, 30, 10, 30)
    done = met(who.session("林小雨"), done.visit, expected=done.version)
    result = amend(
        who.session("林小雨"), done.visit, replace(stored(done), headcount=9), expected=done.version, words="加人"
    )
    assert (result.asks, result.done.state, result.done.next) == (("headcount",), "submitted", ("general_manager",))
    assert route(result.done) == [(["general_manager"], "decide", "current")]
    assert len(tasks(result.done, "open", "done")) == 29
    tick(who.session("王海峰"), tasks(result.done)["R40"].id, expected=1)
    with refuses("change_being_decided"):
        withdraw(who.session("刘晓燕"), done.visit, expected=result.done.version)
    done = said(who, "周建国", result.done)
    assert (done.state, visit(done).headcount) == ("under_way", 9)
    assert [tasks(done)[duty].state for duty in ("R39", "R40")] == ["done", "done"]


def test_guests_are_received_while_a_change_is_being_decided(who: Company) -> None:
    """A26: more of them come than were approved, and nobody has answered yet when they stand at the door."""
    done = approved(who, form(who))
    session = who.session("林小雨")
    done = amend(session, done.visit, replace(stored(done), headcount=9), expected=done.version).done
    who.now = datetime(2026, 11, 30, 10, 30)
    done = track(session, done.visit, "here", expected=done.version)
    done = met(session, done.visit, expected=done.version)
    with refuses("state.under_way"):
        met(session, done.visit, expected=done.version)
    done = start_stage(session, stages(done)["welcome"].id, expected=done.version)
    done = track(session, done.visit, "on_site", expected=done.version)
    assert (done.state, done.next) == ("submitted", ("general_manager",))
    assert refusal_codes(session, done.visit)["amend"] == "state.submitted"
    with refuses("state.under_way"):
        no_show(session, done.visit, expected=done.version)
    assert refusal_code(session, "withdraw", done.visit) == "change_being_decided"
    done = said(who, "周建国", done)
    assert (done.state, stages(done)["welcome"].state) == ("under_way", "under_way")


@pytest.mark.parametrize("outcome", ["return", "refuse"])
def test_a_change_not_agreed_to_leaves_the_visit_as_it_was(who: Company, outcome: str) -> None:
    """A26, A33: refused or returned, the guests that are here stay received on the approved terms."""
    done = approved(who, form(who))
    old = stored(done)
    tick(who.session("王海峰"), tasks(done)["R39"].id, expected=1)
    made = replace(old, headcount=9, arrive=datetime(2026, 11, 30, 12, 0), services=("car",))
    result = amend(
        who.session("林小雨"), done.visit, made, expected=done.version, tier="distinguished", reasons=REASONS
    )
    done = said(who, "李卫东", result.done, outcome, "不变")
    assert (done.state, visit(done).tier, stored(done)) == ("approved", "vip", old)
    assert len(tasks(done, "open", "done")) == 29
    assert (tasks(done)["R39"].state, stages(done)["tour"].state) == ("done", "planned")
    assert decisions(done)[-1].words == "不变"


def test_said_by_mistake(who: Company) -> None:
    """Met, seen off and no-show can be taken back; met only while no stage has begun."""
    done = approved(who, form(who))
    session = who.session("林小雨")
    who.now = datetime(2026, 11, 30, 12, 0)
    done = take_back(session, no_show(session, done.visit, expected=done.version).visit, expected=done.version + 1)
    done = take_back(session, met(session, done.visit, expected=done.version).visit, expected=done.version + 1)
    assert done.state == "approved"
    done = met(session, done.visit, expected=done.version)
    done = start_stage(session, stages(done)["welcome"].id, expected=done.version)
    with refuses("stages_begun"):
        take_back(session, done.visit, expected=done.version)
    done = seen_off(session, done.visit, expected=done.version)
    assert take_back(session, done.visit, expected=done.version).state == "under_way"


def test_what_was_said_by_mistake_leaves_the_expected_time(who: Company) -> None:
    """The time at which they were said to be met is no time at which they are expected."""
    done = approved(who, form(who))
    session, flight = who.session("林小雨"), datetime(2026, 11, 30, 11, 40)
    done = late(session, track(session, done.visit, "on_way", expected=done.version), "11:40")
    who.now = datetime(2026, 11, 30, 9, 0)
    done = met(session, done.visit, expected=done.version)
    take_back(session, done.visit, expected=done.version)
    with reading():
        assert Leg.get(Leg.way == "arrival").expected == flight


def test_fewer_guests_are_no_change_of_substance(who: Company) -> None:
    """A26: only more guests, another tier or another lead host are."""
    done = approved(who, form(who))
    result = amend(who.session("林小雨"), done.visit, replace(stored(done), headcount=5), expected=done.version)
    assert (result.asks, result.done.state) == ((), "approved")


def test_a_lowered_tier_simplifies_and_a_raised_one_brings_back(who: Company) -> None:
    """A25, A33: under Business a duty is left out with a reason; raised to the highest tier it is asked for again."""
    done = approved(who, form(who, "business", host="李卫东"))
    dropped = tasks(done)["R48"]
    with refuses("may_not_drop"):
        drop(who.session("林小雨"), tasks(done)["R47"].id, "从简", expected=1)
    drop(who.session("林小雨"), dropped.id, "从简", expected=1)
    assert "R38" not in tasks(done)
    made = replace(stored(done), hosts=(who.ids["周建国"],))
    result = amend(who.session("林小雨"), done.visit, made, expected=done.version, tier="vip")
    assert set(result.asks) == {"tier", "lead_host"}
    assert tasks(result.done)["R48"].state == "dropped"
    done = said(who, "周建国", result.done)
    assert (visit(done).tier, tasks(done)["R48"].state, tasks(done)["R38"].state) == ("vip", "open", "open")


def test_a_change_that_breaks_a_rule_wants_a_reason(who: Company) -> None:
    """R21, A15: a lead host of too low a post is refused until a reason is given."""
    done = approved(who, form(who, "distinguished", host="李卫东"))
    made = replace(stored(done), hosts=(who.ids["陈志远"],))
    with refuses("findings"):
        amend(who.session("林小雨"), done.visit, made, expected=done.version)
    result = amend(who.session("林小雨"), done.visit, made, expected=done.version, reasons={"lead_host": "副总出差"})
    assert result.asks == ("lead_host",)


def test_a_cut_off_refuses_late_changes(tmp_path: Path) -> None:
    """A26: `ask = "refuse"` with a cut-off: within a day of the arrival nothing of substance changes."""
    text = default_text() + '\n[[change]]\nfields = ["headcount+"]\nask = "refuse"\nwhen = { lead = "..24h" }\n'
    with company(tmp_path, text) as who:
        done = approved(who, form(who))
        more = replace(stored(done), headcount=9)
        who.now = datetime(2026, 11, 30, 9, 0)
        with refuses("change_refused"):
            amend(who.session("林小雨"), done.visit, more, expected=done.version)


def test_the_coordinator_hands_over_within_the_department(who: Company) -> None:
    """R17: the owner department has a responsible coordinator, and only its people follow."""
    done = approved(who, form(who))
    with refuses("not_of_department"):
        hand_over(who.session("林小雨"), done.visit, who.ids["方晓静"], expected=done.version)
    done = hand_over(who.session("林小雨"), done.visit, who.ids["王海峰"], expected=done.version)
    assert visit(done).coordinator_id == who.ids["王海峰"]


def test_a_note_is_dated_and_disturbs_nobody(who: Company) -> None:
    """Notes need no version: whoever works on the visit meanwhile is not refused."""
    done = approved(who, form(who))
    note(who.session("方晓静"), done.visit, "客人来电：不吃鱼\x1b[2J")
    with reading():
        found = Note.get()
        told = JournalDetail.select().order_by(JournalDetail.id.desc()).get()
    assert (found.text, found.at, visit(done).version) == ("客人来电：不吃鱼␛[2J", who.now, done.version)
    assert json.loads(told.details)["text"] == found.text


def test_words_are_as_long_as_a_page_at_most(who: Company) -> None:
    """What is typed on a decision line or for a cancellation has a limit, like every other text."""
    done = submitted(who, form(who))
    with refuses("too_long"):
        said(who, "王海峰", done, "agree", "好" * 4001)
    with refuses("too_long"):
        said(who, "王海峰", done, reasons={"cap": "好" * 4001})
    with refuses("too_long"):
        cancel(who.session("林小雨"), done.visit, "好" * 4001, expected=done.version)


def test_the_planned_costs_are_those_of_the_worked_example(who: Company) -> None:
    """A10: 13 diners at 150, four bottles at 500, three packets at 40, each a line of its own; lodging by grade."""
    found = expenses(approved(who, form(who)))
    planned = {line.item: line.planned for line in found.values()}
    assert planned == {"meal": 195000, "drink": 200000, "tobacco": 12000, "lodging": None}
