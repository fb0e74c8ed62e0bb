"""The list of those to be told: told, taken back, and who may say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from models.form import FormGuest
from models.queries.visit_detail import visit as whole
from models.queries.visit_history import notifications, waiting_notifications
from models.schema.store import reading
from models.services import day_verbs
from models.services.arrangement_verbs import amend
from models.services.day_verbs import mark_not_told, mark_told
from models.services.visit_diff import brief
from models.services.visit_form import at_time, following, for_headcount, read_form, with_guest
from models.services.visits import Done
from models.words import words
from tests.unit.life import Company, approved, form, leg, refuses, submitted, tasks, visit

ZH = words("zh")


@pytest.fixture
def fewer(who: Company) -> Done:
    """A visit of six that has become one of five."""
    done = approved(who, form(who))
    with reading():
        made = replace(read_form(visit(done)), headcount=5)
    return amend(who.session("林小雨"), done.visit, made, expected=done.version).done


def test_somebody_is_told_and_not_told_after_all(who: Company, fewer: Done) -> None:
    session = who.session("林小雨")
    lines = notifications(session, fewer.visit)
    host = next(line for line in lines if line.role == "host")
    assert (ZH.name(host.who), [ZH.text(each) for each in host.what]) == ("周建国", ["人数 6 -> 5"])
    before = waiting_notifications(session)
    mark_told(session, host.id, expected=host.version)
    assert waiting_notifications(session) == waiting_notifications(session, fewer.visit) == before - 1
    told = notifications(session)[-1]
    assert (told.id, told.told_at, told.told_by) == (host.id, who.now, "林小雨")
    with refuses("stale_notification"):
        mark_not_told(session, host.id, expected=host.version)
    with refuses("told_already"):
        mark_told(session, host.id, expected=told.version)
    mark_not_told(session, host.id, expected=told.version)
    assert waiting_notifications(session) == before
    with refuses("not_told"):
        mark_not_told(session, host.id, expected=told.version + 1)
    found = whole(session, fewer.visit)
    assert found is not None
    assert [(entry.verb, ZH.text(dict(entry.facts)["name"])) for entry in found.history[:2]] == [
        ("untell", "周建国"), ("tell", "周建国"),
    ]  # fmt: skip


def test_who_has_no_part_reads_and_says_nothing(who: Company, fewer: Done) -> None:
    session = who.session("陈志远")
    line = notifications(session, fewer.visit)[0]
    assert line.refused == "no_part"
    with refuses("no_part"):
        mark_told(session, line.id, expected=line.version)
    with refuses("no_notification"):
        mark_told(session, 999, expected=1)


def test_who_was_told_yesterday_is_no_longer_listed(who: Company, fewer: Done) -> None:
    session = who.session("林小雨")
    line = notifications(session)[0]
    mark_told(session, line.id, expected=line.version)
    who.wait(hours=25)
    assert line.id not in [each.id for each in notifications(session)]


def test_of_a_visit_called_off_they_are_told_still(who: Company, fewer: Done) -> None:
    day_verbs.cancel(who.session("林小雨"), fewer.visit, "客户改期", expected=fewer.version)
    assert {ZH.text(each) for line in notifications(who.session("林小雨")) for each in line.what} == {
        "取消 11-30 10:20 5 人"
    }


def test_what_calling_it_off_lets_go_is_known_before(who: Company, fewer: Done) -> None:
    """A26: nothing is done yet, and those are told who are told then; of a mere request there is nothing to let go."""
    session, ticket = who.session("林小雨"), leg(fewer, "departure")
    fewer = day_verbs.ticket(session, ticket.id, "G7504 5 张", expected=fewer.version)
    shown = day_verbs.cancelling(session, fewer.visit, "客户改期", expected=fewer.version)
    assert shown is not None
    said = [ZH.text(each) for each in brief(shown.differences)]
    assert said[:2] == ["取消 11-30 午餐 (公司内): 6 客 + 7 陪", "取消 11-30 住宿: 6 人 1 晚"]
    assert "取消 返程票: G7504 5 张" in said
    assert f"取消 任务: {len(tasks(fewer, 'open'))} 项没做完" in said
    assert (shown.off, visit(fewer).state, visit(fewer).version) == (True, "approved", fewer.version)
    with refuses("stale"):
        day_verbs.cancelling(session, fewer.visit, "客户改期", expected=fewer.version - 1)
    day_verbs.cancel(session, fewer.visit, "客户改期", expected=fewer.version)
    off = [line for line in notifications(session) if "取消" in ZH.text(line.what[0])]
    assert sorted(told.phone + told.name for told in shown.notifications) == sorted(
        line.phone + line.person for line in off
    )
    asked = submitted(who, form(who))
    assert day_verbs.cancelling(who.session("刘晓燕"), asked.visit, "改期", expected=asked.version) is None


def test_what_is_changed_on_the_day(who: Company) -> None:
    """R103: another first guest takes the place of the one there was; R107, R108: what was for all is for all."""
    made = form(who)
    later = at_time(made, datetime(2026, 11, 30, 11))
    assert (later.arrive, later.depart, later.meals) == (datetime(2026, 11, 30, 11), made.depart, made.meals)
    moved = at_time(made, datetime(2026, 12, 1, 9, 30))
    assert (moved.arrive, moved.depart) == (datetime(2026, 12, 1, 9, 30), datetime(2026, 12, 2, 15))
    assert (moved.meals[0].on, moved.lodging[0].on) == (datetime(2026, 12, 1).date(),) * 2
    nine = for_headcount(made, 9)
    assert (nine.headcount, nine.meals[0].guests, nine.lodging[0].people) == (9, 9, 9)
    assert following(made) == (1, 1)
    assert for_headcount(replace(made, meals=(replace(made.meals[0], guests=4),)), 9).meals[0].guests == 4
    assert with_guest(made, "李强").guests == (FormGuest("李强", "董事长", principal=True),)
    assert with_guest(replace(made, guests=()), "李强", "总工").guests == (FormGuest("李强", "总工", principal=True),)
