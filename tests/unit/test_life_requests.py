"""What becomes of a request: late ones, numbers, return, withdraw, urge, recorded decisions, vacant posts."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from models.errors import Refused
from models.schema import journal
from models.schema.store import reading, write
from models.schema.tables import Journal, Visit
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
    company,
    decisions,
    default_text,
    findings_of,
    form,
    refuses,
    route,
    said,
    submitted,
    tasks,
    visit,
)
from tests.unit.stores import lived_anew


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
