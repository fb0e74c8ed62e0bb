"""Who is told of what: differences, notifications, parties."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from models.form import FormGuest, FormLeg
from models.queries.visit_detail import visit as whole
from models.queries.visit_history import notifications, waiting_notifications
from models.schema import journal
from models.schema.arrangements import Leg as LegRow
from models.schema.arrangements import Notification
from models.schema.store import reading, write
from models.schema.tables import Stage
from models.services import day_verbs
from models.services.arrangement_verbs import amend
from models.services.booking_verbs import WantedBooking, book
from models.services.day_verbs import delay, mark_not_told, mark_told, no_show
from models.services.frame import VisitChange, changing, preview_of
from models.services.resource_verbs import Thing, add_resource
from models.services.visit_diff import brief, pack_difference, sentence, unpack_difference, unpack_text
from models.services.visit_form import at_time, following, for_headcount, read_form, with_guest
from models.services.visit_state import waits
from models.services.visits import Done
from models.words import Phrase, words
from tests.unit.life import Company, approved, form, late, leg, refuses, stored, submitted, tasks, visit

# -- notifications -----------------------------------------------------------------------------------------------------
#
# The list of those to be told: told, taken back, and who may say so.


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


# -- visit diff --------------------------------------------------------------------------------------------------------
#
# What an edit of an arranged visit does, and who is to be told of it.


def told(done: Done) -> dict[str, list[str]]:
    """What is still to be told of a visit, by name and role."""
    with reading():
        rows = list(Notification.select().where(Notification.visit == done.visit, Notification.told_at.is_null()))
    say = words("zh").text
    return {
        f"{row.role} {row.name}": [str(say(sentence(unpack_difference(entry)))) for entry in waits(row.what)]
        for row in rows
    }


def changing_it(who: Company, done: Done) -> AbstractContextManager[VisitChange]:
    """A change by the coordinator, from which nothing follows."""
    return changing(who.session("林小雨"), done.visit, "amend", right=None, expected=None, reschedule=False)


def changed(who: Company, done: Done, **columns: object) -> VisitChange:
    """Columns of the visit changed by the coordinator."""
    with changing_it(who, done) as change:
        for name, value in columns.items():
            setattr(change.row, name, value)
    return change


def test_a_change_tells_hosts_contact_and_whose_work_depends_on_it(who: Company) -> None:
    """A33: what changed is listed."""
    done = approved(who, form(who))
    change = changed(who, done, headcount=7)
    assert [(each.key, each.old, each.new) for each in change.differences] == [
        ("headcount", "6", "7"), ("plates", "6", "7"),
    ]  # fmt: skip
    waiting = told(done)
    assert waiting["host 周建国"] == ["人数 6 -> 7"]
    assert waiting["department 方晓静"] == ["人数 6 -> 7"]
    assert not any(role.startswith("contact") for role in waiting)
    assert "department " not in waiting or waiting["department "]


def test_a_stage_that_a_delay_pushes_past_lunch_is_said(who: Company) -> None:
    """The others, which move as the guests do, are only counted."""
    done = approved(who, form(who))
    session = who.session("林小雨")

    def said(minutes: str) -> list[str]:
        seen = preview_of(session, done.visit, lambda: delay(session, leg(done).id, minutes, expected=done.version))
        assert seen is not None
        return [str(words("en").text(each)) for each in brief(seen.differences) if "introduction" in str(each.facts)]

    assert said("+20") == []
    assert said("+40") == ["time of Company introduction 11-30 11:20 -> 13:30"]


def test_a_guest_named_otherwise_is_the_same_guest(who: Company) -> None:
    """A name spelt anew, and another guest in the place of one, are told as that; what is told is what is known by now,
    however often it changed."""
    first, others = (
        FormGuest("徐明哲", "董事长", principal=True),
        (FormGuest("李强", "总工"), FormGuest("买买提·吐尔逊")),
    )
    done = approved(who, form(who, guests=(first, *others)))

    def listed(*guests: FormGuest) -> list[str]:
        amend(who.session("林小雨"), done.visit, replace(stored(done), guests=guests), expected=visit(done).version)
        return [text for text in told(done).get("host 周建国", []) if text.startswith(("客人", "新增", "取消"))]

    spelt = FormGuest("徐明喆", "董事长", principal=True)
    assert listed(spelt, *others) == ["客人 徐明哲 董事长 -> 徐明喆 董事长"]
    assert listed(spelt, FormGuest("李强", "总工"), FormGuest("王芳")) == [
        "客人 徐明哲 董事长 -> 徐明喆 董事长", "客人 买买提·吐尔逊 -> 王芳",
    ]  # fmt: skip
    third = replace(spelt, name="徐鸣喆")
    assert listed(third, *others) == ["客人 徐明哲 董事长 -> 徐鸣喆 董事长"]
    assert listed(*others) == ["取消 客人: 徐明哲 董事长"]
    assert listed(first, *others) == []
    assert listed(spelt, *others) == ["客人 徐明哲 董事长 -> 徐明喆 董事长"]
    assert listed(spelt, *others, replace(first, principal=False)) == ["新增 客人: 徐明喆 董事长"]


def test_a_later_change_joins_the_first_and_one_taken_back_leaves_nothing(who: Company) -> None:
    done = approved(who, form(who))
    changed(who, done, headcount=7)
    changed(who, done, headcount=9)
    assert told(done)["host 周建国"] == ["人数 6 -> 9"]
    changed(who, done, headcount=6)
    assert told(done) == {}


def test_what_was_told_already_is_told_again_when_it_changes_back(who: Company) -> None:
    done = approved(who, form(who))
    changed(who, done, headcount=7)
    with write():
        Notification.update(told_at=who.now).where(Notification.visit == done.visit).execute()
    changed(who, done, headcount=6)
    assert told(done)["host 周建国"] == ["人数 7 -> 6"]


def test_another_time_is_told_to_the_guests_contact_without_the_hours_that_follow(who: Company) -> None:
    done = approved(who, form(who))
    with changing_it(who, done) as change:
        change.row.arrive = datetime(2026, 11, 30, 11, 0)
        for stage in Stage.select().where(Stage.visit == done.visit, Stage.stage != "send_off"):
            Stage.update(at=stage.at and stage.at + timedelta(minutes=40)).where(Stage.id == stage.id).execute()
    assert told(done)["contact 徐明哲 董事长"] == ["到达 11-30 10:20 -> 11:00"]


def test_nothing_is_told_of_a_request_that_is_not_arranged(who: Company) -> None:
    from tests.unit.life import submitted

    done = submitted(who, form(who))
    assert changed(who, done, headcount=7).differences == ()
    assert told(done) == {}


def test_an_effect_is_kept_and_read_again(who: Company) -> None:
    done = approved(who, form(who))
    with changing_it(who, done) as change:
        Stage.update(place="第一会议室").where(Stage.visit == done.visit, Stage.stage == "welcome").execute()
    (difference,) = change.differences
    (kept,) = journal.details_since(journal.head() - 1, done.visit)
    assert kept["changed"] == [pack_difference(difference)]
    assert pack_difference(unpack_difference(pack_difference(difference))) == pack_difference(difference)
    assert (
        words("en").text(sentence(unpack_difference(pack_difference(difference)))) == "place of Welcome - -> 第一会议室"
    )
    assert unpack_text(None) is None


def test_guests_without_a_seat_are_an_effect(who: Company) -> None:
    """R52, R90: where it was said who rides in which car, more guests are seen to have no seat."""
    done = approved(who, form(who, arrival=FormLeg("plane", "MU5187")))
    session = who.session("林小雨")
    begin = datetime(2026, 11, 30, 9, 20)
    with reading():
        leg = LegRow.get(LegRow.visit == done.visit, LegRow.way == "arrival")
    for plate, people in (("浙A 1", 4), ("浙A 2", 2)):
        car = add_resource(session, "car", Thing(plate, grade="bmw", seats=4))
        wanted = WantedBooking(begin, begin + timedelta(hours=2), resource=car, leg=leg.id, people=people)
        done = book(session, done.visit, wanted, expected=done.version).done
    change = changed(who, done, headcount=7)
    said_of = {
        each.key: (words("zh").text(each.old or ""), words("zh").text(each.new or "")) for each in change.differences
    }
    assert said_of["seated:arrival"] == ("6 人都有座", "7 人只排了 6 个座")


def test_whoever_did_not_come_is_not_told_so(who: Company) -> None:
    """A26: hosts and departments are."""
    done = approved(who, form(who))
    who.now = datetime(2026, 11, 30, 12)
    no_show(who.session("林小雨"), done.visit, expected=done.version)
    roles = {key.split(" ")[0] for key in told(done)}
    assert "host" in roles
    assert "contact" not in roles


def test_the_first_delay_of_guests_without_a_time_of_their_own_says_both_times(who: Company) -> None:
    """A33: when they were to come before is the visit's own time; that the whole visit moves is said once."""
    done = approved(who, form(who))
    late(who.session("林小雨"), done, "+40")
    assert "接站时间 11-30 10:20 -> 11:00" in told(done)["host 周建国"]
    change = changed(who, done, depart=datetime(2026, 12, 1, 16))
    assert [sentence(each) for each in change.differences if each.kind == "time"] == [
        Phrase("effects.changed", {"what": Phrase("effects.what.depart"), "old": "12-01 15:00", "new": "16:00"})
    ]


def test_a_part_of_a_task_that_is_asked_for_no_more_is_said(who: Company) -> None:
    """A33, R63: below VIP fruit is bought still, flowers are not; of a task that goes its parts go unsaid."""
    done = approved(who, form(who, services=("car", "tour", "fruit")))
    made = replace(stored(done), tier="distinguished")
    found = amend(who.session("林小雨"), done.visit, made, expected=done.version, reasons={"lead_host": "已商定"})
    said_zh = [words("zh").text(sentence(each)) for each in found.differences if each.kind == "task"]
    assert any("采购水果、鲜花等：鲜花" in each for each in said_zh), said_zh
    assert sum("桌牌" in each for each in said_zh) == 1


def test_what_a_change_took_away_lists_parts_of_tasks(who: Company) -> None:
    """A33, R53: the room is made ready still, without fruit."""
    done = approved(who, form(who, "business", host="李卫东", services=("car", "tour", "fruit")))
    made = replace(stored(done), services=("car", "tour"))
    found = amend(who.session("林小雨"), done.visit, made, expected=done.version)
    assert found.asks == ()
    assert ("R53", "水果", True) in [(each.duty, each.text.say("zh"), each.part) for each in found.removed]
