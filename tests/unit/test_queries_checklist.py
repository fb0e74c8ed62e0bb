"""The query of the Checklist: which tasks, in which order, whose, waiting for what, and how far each party is."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from models.queries.day_lists import today
from models.queries.task_lists import checklist, helpers, reminders, task_lines, task_refusal
from models.schema.store import reading
from models.schema.tables import Task
from models.services import task_verbs as verbs
from models.services.day_verbs import cancel, no_show, seen_off
from models.services.visits import Done
from tests.unit.life import Company, approved, form, submitted, tasks


@pytest.fixture
def vip(who: Company) -> Done:
    return approved(who, form(who))


def tick(who: Company, done: Done, duty: str, name: str) -> None:
    row = tasks(done)[duty]
    verbs.tick(who.session(name), row.id, expected=row.version)


def test_only_approved_visits_have_something_to_do(who: Company) -> None:
    """R16: a pending request puts nothing on anybody's list."""
    submitted(who, form(who))
    assert checklist(who.session("林小雨")).lines == ()


def test_what_is_due_first_stands_first(who: Company, vip: Done) -> None:
    lines = checklist(who.session("林小雨")).lines
    dues = [line.due for line in lines if line.due]
    assert dues == sorted(dues)
    assert len(lines) == 29
    assert lines[0].due is not None
    assert lines[0].due < datetime(2026, 11, 29, 18)


def test_what_is_overdue_stands_before_what_is_done_or_due_later(who: Company, vip: Done) -> None:
    """One ticked just now keeps its place, so that the cursor is not taken away."""
    who.now = datetime(2026, 11, 30, 7)
    late = [line for line in checklist(who.session("林小雨")).lines if line.due and line.due < who.now]
    assert len(late) > 2
    first, second = late[0], late[1]
    verbs.tick(who.session("林小雨"), first.task, expected=first.version)
    assert [line.task for line in checklist(who.session("林小雨")).lines[:2]] == [first.task, second.task]
    who.wait(minutes=11)
    lines = checklist(who.session("林小雨")).lines
    assert lines[0].task == second.task
    assert lines[len(late) - 1].task == first.task


def test_it_starts_at_the_actors_own_party(who: Company, vip: Done) -> None:
    assert checklist(who.session("方晓静")).own == "office"
    assert checklist(who.session("林小雨")).own == "marketing"
    assert checklist(who.session("周建国")).own is None


def test_progress_counts_for_the_party(who: Company, vip: Done) -> None:
    """R70: each of the ten parties has its own progress, to which its ticks count."""
    before = {each.party: (each.done, each.total) for each in checklist(who.session("林小雨")).progress}
    assert len(before) == 10
    assert before["office"] == (0, 5)
    tick(who, vip, "R52", "方晓静")
    after = {each.party: (each.done, each.total) for each in checklist(who.session("林小雨")).progress}
    assert after["office"] == (1, 5)
    assert {**after, "office": (0, 5)} == before


def test_what_was_done_today_stays_until_midnight(who: Company, vip: Done) -> None:
    tick(who, vip, "R39", "林小雨")
    line = next(each for each in checklist(who.session("林小雨")).lines if each.state == "done")
    assert (line.done_by, line.done_at) == ("林小雨", who.now)
    who.wait(days=1)
    assert all(each.state == "open" for each in checklist(who.session("林小雨")).lines)


def test_what_a_task_waits_for_is_told_until_it_is_done(who: Company, vip: Done) -> None:
    """A21: flowers are bought before they are set out."""
    line = next(each for each in checklist(who.session("方晓静")).lines if each.task == tasks(vip)["R54"].id)
    assert [each.say("zh")[:2] for each in line.waits_for] == ["采购"]
    row = tasks(vip)["R63"]
    verbs.tick(who.session("林小雨"), row.id, expected=row.version)
    line = next(each for each in checklist(who.session("方晓静")).lines if each.task == line.task)
    assert line.waits_for == ()


def test_mine_is_what_i_am_named_for_or_my_part(who: Company, vip: Done) -> None:
    def mine(name: str) -> set[str]:
        ids = {row.id: duty for duty, row in tasks(vip).items()}
        return {ids[line.task] for line in checklist(who.session(name)).lines if line.mine}

    assert mine("周建国") == {"R36", "R37", "R38"}, "the lead host's"
    assert mine("刘晓燕") == {"R67", "R68", "R69"}, "the project sales lead of this visit"
    row = tasks(vip)["R52"]
    verbs.assign(who.session("方晓静"), row.id, who.ids["张德胜"], expected=row.version)
    assert "R52" in mine("张德胜")
    assert "R52" not in mine("方晓静")


def test_what_was_left_out_is_shown_while_the_visit_goes_on(who: Company) -> None:
    """A25: left out with a trace."""
    done = approved(who, form(who, "business", host="李卫东"))
    row = tasks(done)["R51"]
    verbs.drop(who.session("林小雨"), row.id, "客户不需要", expected=row.version)
    line = next(each for each in checklist(who.session("林小雨")).lines if each.task == row.id)
    assert (line.state, line.dropped_for) == ("dropped", "客户不需要")
    quality = next(each for each in checklist(who.session("林小雨")).progress if each.party == "quality")
    assert (quality.done, quality.total) == (0, 1)


def test_who_can_be_named_the_party_first(who: Company, vip: Done) -> None:
    found = helpers(who.session("方晓静"), tasks(vip)["R53"].id)
    assert {each.name for each in found if each.theirs} == {"方晓静", "张德胜"}
    assert [each.theirs for each in found] == sorted([each.theirs for each in found], reverse=True)
    assert len(found) == len(who.ids)
    host = helpers(who.session("方晓静"), tasks(vip)["R36"].id)
    assert host[0].name == "周建国"


def test_who_may_not_is_told_before_typing(who: Company, vip: Done) -> None:
    task = tasks(vip)["R53"].id
    assert task_refusal(who.session("方晓静"), task) is None
    refused = task_refusal(who.session("陈志远"), task)
    assert refused is not None
    assert refused.code == "not_your_task"
    gone = task_refusal(who.session("陈志远"), 9999)
    assert gone is not None
    assert gone.code == "no_task"


def test_a_visit_that_is_over_keeps_what_was_not_done(who: Company, vip: Done) -> None:
    from models.services.day_verbs import met

    who.wait(days=8)
    under_way = met(who.session("林小雨"), vip.visit, expected=vip.version)
    seen_off(who.session("林小雨"), vip.visit, expected=under_way.version)
    assert len(checklist(who.session("林小雨")).lines) == 29


def test_tasks_of_a_visit_called_off_need_not_be_done(who: Company) -> None:
    """A26: they are due no more, for nobody and nowhere; approved again they are asked for again."""
    done = approved(who, form(who))
    everything = (Task.visit == done.visit) & (Task.state != "gone")
    open_ones = [task.id for task in tasks(done).values()]
    assert reminders(who.session("林小雨"), open_ones)
    cancel(who.session("林小雨"), done.visit, "改期", expected=done.version)
    with reading():
        lines = task_lines(who.session("林小雨"), everything)
    assert {(line.state, line.due, line.unassigned, line.waits_for) for line in lines} == {("off", None, False, ())}
    assert reminders(who.session("林小雨"), open_ones) == ()


def test_nothing_is_overdue_of_guests_who_did_not_come(who: Company) -> None:
    done = approved(who, form(who))
    who.now = datetime(2026, 11, 30, 12)
    no_show(who.session("林小雨"), done.visit, expected=done.version)
    (line,) = today(who.session("林小雨"), date(2026, 11, 30)).lines
    assert (line.late, line.soon, line.unassigned) == ((), (), 0)
    assert not {"late", "unassigned"} & {alert.code for alert in line.alerts}
