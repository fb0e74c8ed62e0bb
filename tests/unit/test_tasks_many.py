"""Several tasks at once: ticked and taken back in one go, or not at all; and who is reminded of what."""

from __future__ import annotations

import pytest

from models.queries.task_lists import reminders
from models.schema.store import reading
from models.schema.tables import Journal
from models.services import person_verbs, task_verbs
from models.services.visits import Done
from models.words import words
from screens.checklist import reminder_text
from tests.unit.life import Company, approved, form, refuses
from tests.unit.life import tasks as stored


@pytest.fixture
def vip(who: Company) -> Done:
    return approved(who, form(who))


def seen(done: Done, *duties: str) -> list[tuple[int, int]]:
    rows = stored(done)
    return [(rows[duty].id, rows[duty].version) for duty in duties]


def test_several_are_ticked_and_taken_back_at_once(who: Company, vip: Done) -> None:
    """R52, R54, R55: three of the office's, with who and when, each in the journal."""
    session, duties = who.session("方晓静"), ("R52", "R54", "R55")
    done = task_verbs.tick_many(session, seen(vip, *duties))
    assert [each.state for each in done.each] == ["done"] * 3
    assert {stored(vip)[duty].done_by_id for duty in duties} == {who.ids["方晓静"]}
    with reading():
        assert Journal.select().where(Journal.verb == "task.ticked").count() == 3
    task_verbs.untick_many(session, seen(vip, *duties))
    assert {stored(vip)[duty].state for duty in duties} == {"open"}


def test_one_that_may_not_leaves_all_as_they_are(who: Company, vip: Done) -> None:
    """A31: the attendant has no name, so nothing is ticked, and it is said of which task and why."""
    with refuses("one_of_many") as info:
        task_verbs.tick_many(who.session("林小雨"), seen(vip, "R52", "R43", "R54"))
    assert "专人服务" in words("zh").text(info.value.phrase)
    assert "要先指定负责人" in words("zh").text(info.value.phrase)
    assert {stored(vip)[duty].state for duty in ("R52", "R43", "R54")} == {"open"}
    with refuses("one_of_many"):
        task_verbs.tick_many(who.session("陈志远"), seen(vip, "R52"))
    with reading():
        assert not Journal.select().where(Journal.verb == "task.ticked").exists()


def test_a_reminder_says_who_what_for_whom_by_when_and_the_phone(who: Company, vip: Done) -> None:
    session = who.session("林小雨")
    person_verbs.change_person(session, who.ids["张德胜"], expected=1, phone="13800000007")
    person_verbs.change_person(session, who.ids["林小雨"], expected=1, phone="13800000005")
    rows = stored(vip)
    task_verbs.assign(who.session("方晓静"), rows["R52"].id, who.ids["张德胜"], expected=rows["R52"].version)
    row = stored(vip)["R53"]
    task_verbs.assign(who.session("方晓静"), row.id, who.ids["方晓静"], expected=row.version)
    task_verbs.tick_part(who.session("方晓静"), row.id, 0, expected=row.version + 1)
    found = reminders(session, [rows[duty].id for duty in ("R52", "R53", "R36")])
    assert {(each.who, each.phone) for each in found} == {("周建国", ""), ("方晓静", ""), ("张德胜", "13800000007")}
    text = reminder_text(found, words("zh"))
    for part in ("办公室  张德胜  13800000007", "江南智造集团", "6 人", "2026-11-30 周一 10:20", "林小雨 13800000005"):
        assert part in text, part
    assert "请在 2026-" in text
    room = next(each for each in found if each.task == row.id)
    assert len(room.parts) == 5, "what is ticked is not asked for again"
    who.wait(days=20)
    assert "已逾期" in reminder_text(reminders(session, [row.id]), words("zh"))
    assert "overdue" in reminder_text(reminders(session, [row.id]), words("en"))


def test_a_visit_is_named_once_for_all_its_tasks(who: Company, vip: Done) -> None:
    other = approved(who, form(who, client="天山风电"))
    both = [row.id for done in (vip, other) for row in stored(done).values() if row.party == "office"]
    text = reminder_text(reminders(who.session("林小雨"), both), words("zh"))
    assert len(both) == 10
    assert (text.count("江南智造集团"), text.count("天山风电"), text.count("\n- ")) == (1, 1, 10)


def test_nobody_is_reminded_of_what_is_done(who: Company, vip: Done) -> None:
    task_verbs.tick_many(who.session("方晓静"), seen(vip, "R52"))
    assert reminders(who.session("林小雨"), [stored(vip)["R52"].id]) == ()
