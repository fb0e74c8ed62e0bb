"""The query of Today: which visits, in which order, where the guests are, what comes next, what is late."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from models.form import FormLeg
from models.queries.common import tier_marks
from models.queries.day_lists import Day, DayLine, today
from models.queries.visit_arrangements import leg_lines
from models.schema import arrangements
from models.schema.store import reading, write
from models.schema.tables import Stage, Visit
from models.services import day_verbs, task_verbs
from models.services.arrangement_verbs import amend
from models.services.decision_verbs import decide
from models.services.phones import Phones
from models.services.visit_record import VisitRecord
from models.services.visits import Done
from tests.unit.life import Company, approved, form, late, said, stages, submitted, visit
from tests.unit.life import tasks as tasks_of

ARRIVAL = date(2026, 11, 30)


@pytest.fixture
def vip(who: Company) -> Done:
    return approved(who, form(who, arrival=FormLeg("plane", "MU5187", "虹桥机场")))


def day(who: Company, on: date = ARRIVAL, name: str = "林小雨") -> Day:
    """The day as one of the people sees it now."""
    return today(who.session(name), on)


def line(who: Company, on: date = ARRIVAL, name: str = "林小雨") -> DayLine:
    """Its only visit."""
    (only,) = day(who, on, name).lines
    return only


def test_what_is_known_of_a_visit(who: Company, vip: Done) -> None:
    """R16, R20, R32, R53, R103: who comes when and how, who meets them, who is host, what is asked of whom."""
    found = line(who)
    assert (found.client, found.headcount, found.tier, found.number) == ("江南智造集团", 6, "vip", "2026-0001")
    assert (found.at, found.going, found.by, found.where) == (
        datetime(2026, 11, 30, 10, 20), False, ("plane", "MU5187"), "planned",
    )  # fmt: skip
    assert (found.principal, found.principal_post, found.hosts, found.met_by) == (
        "徐明哲",
        "董事长",
        ("周建国",),
        "周建国",
    )
    assert (found.done, found.total) == (0, 29)
    assert found.planned == sum((1950_00, 2000_00, 120_00))
    assert found.next is not None
    assert found.next.stage == "pick_up"


def test_a_visit_stands_on_each_of_its_days(who: Company, vip: Done) -> None:
    """R33, R35: on the day it arrives, in between without a time, and when it leaves."""
    assert line(who, date(2026, 12, 1)).going
    assert line(who, date(2026, 12, 1)).at == datetime(2026, 12, 1, 15)
    assert day(who, date(2026, 11, 29)).lines == ()
    assert day(who, date(2026, 12, 2)).lines == ()
    approved(who, form(who, client="远东电缆", depart=datetime(2026, 12, 3, 12)))
    between = [each for each in day(who, date(2026, 12, 2)).lines if each.client == "远东电缆"]
    assert [(each.at, each.going, each.stays) for each in between] == [(None, False, True)]


def test_guests_who_are_still_here_stay_on_the_screen(who: Company, vip: Done) -> None:
    """However long ago they came: a visit under way wants somebody to see it off."""
    who.now = datetime(2026, 11, 30, 10, 20)
    day_verbs.met(who.session("林小雨"), vip.visit, expected=vip.version)
    assert day(who, date(2026, 11, 29)).lines == ()
    who.now = datetime(2027, 2, 1, 9)
    assert line(who, date(2027, 2, 1)).where == "met"


def test_guests_who_leave_today_are_not_on_later_days(who: Company, vip: Done) -> None:
    """R35: until they are gone they are here today; nobody expects them the day after they leave."""
    who.now = datetime(2026, 11, 30, 10, 20)
    done = day_verbs.met(who.session("林小雨"), vip.visit, expected=vip.version)
    assert [each.visit for each in day(who, date(2026, 12, 1)).lines] == [done.visit], "their last day"
    assert day(who, date(2026, 12, 2)).lines == ()
    who.now = datetime(2026, 12, 2, 9)
    assert [each.visit for each in day(who, date(2026, 12, 2)).lines] == [done.visit], "they are here still"
    assert day(who, date(2026, 12, 3)).lines == ()


def test_the_lines_stand_in_order_of_time(who: Company, vip: Done) -> None:
    for client, hour in (("乙", 16), ("甲", 8)):
        approved(who, form(who, client=client, arrive=datetime(2026, 11, 30, hour)))
    assert [each.client for each in day(who).lines] == ["甲", "江南智造集团", "乙"]
    leg = late(who.session("林小雨"), vip, "17:00")
    assert leg.state == "approved"
    assert [each.client for each in day(who).lines] == ["甲", "乙", "江南智造集团"]


def test_where_the_guests_are(who: Company, vip: Done) -> None:
    """R26, R35, A26: asked, due, on way, here, met, on site, left; and nobody came."""
    session, done = who.session("林小雨"), vip
    for state in ("on_way", "here"):
        done = day_verbs.track(session, done.visit, state, expected=done.version)
        assert line(who).where == state
    done = day_verbs.met(session, done.visit, expected=done.version)
    assert line(who).where == "met"
    done = day_verbs.track(session, done.visit, "on_site", expected=done.version)
    assert line(who).where == "on_site"
    day_verbs.seen_off(session, done.visit, expected=done.version)
    assert line(who).where == "left"
    assert line(who).next is None


def test_asked_for_and_not_come(who: Company) -> None:
    done = submitted(who, form(who))
    assert line(who).where == "asked"
    assert line(who).total == 0
    done = said(who, "周建国", said(who, "王海峰", done))
    who.now = datetime(2026, 11, 30, 12)
    day_verbs.no_show(who.session("林小雨"), done.visit, expected=done.version)
    assert line(who).where == "no_show"


def test_a_cancelled_visit_is_gone(who: Company, vip: Done) -> None:
    day_verbs.cancel(who.session("林小雨"), vip.visit, "客户改期", expected=vip.version)
    assert day(who).lines == ()


def test_a_change_being_decided_leaves_it_running(who: Company, vip: Done) -> None:
    """A26, A33: it goes on as it was approved, wherever the guests are."""
    session = who.session("林小雨")
    met = day_verbs.met(session, vip.visit, expected=vip.version)
    amend(session, vip.visit, form(who, headcount=12), expected=met.version)
    assert visit(vip).state == "submitted"
    assert (line(who).where, line(who).changing, line(who).total) == ("met", True, 29)
    assert line(who).refusals["track"] is None
    assert line(who).refusals["seen_off"] is None


def test_what_is_late_and_what_is_due_today(who: Company, vip: Done) -> None:
    """R50, R53, R60: open tasks by due time, late ones apart; a ticked one is neither."""
    who.now = datetime(2026, 11, 30, 9, 30)
    found = line(who)
    assert [each.due for each in found.late] == sorted(each.due for each in found.late)
    assert all(each.due < who.now for each in found.late)
    assert all(who.now <= each.due < datetime(2026, 12, 1) for each in found.soon)
    late = found.late[0]
    row = next(row for row in tasks_of(vip).values() if row.id == late.task)
    seen = task_verbs.assign(who.session("林小雨"), row.id, who.ids["方晓静"], expected=row.version).version
    task_verbs.tick(who.session("林小雨"), row.id, expected=seen)
    assert late.task not in [each.task for each in line(who).late]
    assert line(who).done == 1


def test_tasks_that_need_somebody_are_counted(who: Company, vip: Done) -> None:
    """R43, A31: the attendants at meals and at talks must be named."""
    before = line(who).unassigned
    assert before == sum(row.needs_assignee for row in tasks_of(vip).values()) > 0
    row = next(row for row in tasks_of(vip).values() if row.needs_assignee)
    task_verbs.assign(who.session("林小雨"), row.id, who.ids["林小雨"], expected=row.version)
    assert line(who).unassigned == before - 1


def test_recorded_decisions_wait_to_be_confirmed(who: Company) -> None:
    """R19: flagged until that person confirms."""
    done = said(who, "王海峰", submitted(who, form(who)))
    decide(who.session("林小雨"), done.visit, expected=done.version, outcome="agree", words="同意",
           for_person=who.ids["周建国"], medium="电话")  # fmt: skip
    assert [(each.code, each.n) for each in line(who).alerts if each.code == "unconfirmed"] == [("unconfirmed", 1)]


def test_the_next_stage_is_the_one_that_is_on_or_comes(who: Company, vip: Done) -> None:
    """R26, R28: until the guests are met the one that meets them; then a stage nobody began stays the next one for half
    an hour; one that was begun is it, whatever the time."""
    planned = {name: row.at for name, row in stages(vip).items() if row.at is not None}
    order = sorted(planned, key=lambda name: planned[name])

    def following() -> str:
        found = line(who).next
        assert found is not None
        return found.stage

    who.now = planned[order[0]] + timedelta(hours=3)
    assert following() == order[0] == "pick_up"
    day_verbs.met(who.session("林小雨"), vip.visit, expected=vip.version)
    who.now = planned[order[0]]
    assert following() == order[1]
    who.now = planned[order[1]] + timedelta(minutes=29)
    assert following() == order[1]
    who.now = planned[order[1]] + timedelta(minutes=31)
    assert following() != order[1]
    who.now = planned[order[1]]
    with reading():
        Stage.update(state="under_way").where(Stage.stage == order[0]).execute()
    assert following() == order[1], "the guests are met: what met them is over, though nobody said so"
    with reading():
        Stage.update(state="under_way").where(Stage.stage == order[1]).execute()
    who.now = planned[order[-1]]
    assert following() == order[1]


def test_mine_is_where_i_am_named(who: Company, vip: Done) -> None:
    """R17, R20, R24, R25: applicant, coordinator, lead host, companions and those who lead the project."""
    mine = {name for name in who.ids if line(who, name=name).mine}
    assert mine == {"刘晓燕", "林小雨", "周建国", "赵启航"}
    assert not day(who, name="方晓静").lines[0].mine


def test_who_meets_them_is_the_same_where_their_travel_is_shown(who: Company, vip: Done) -> None:
    """R53: nobody is named for it: who has the first stage, or the last, else the host."""

    def met() -> list[str]:
        with reading():
            record = VisitRecord(who.session("林小雨"), Visit.get_by_id(vip.visit))
            return [each.met_by for each in leg_lines(record, Phones.of(record.session))]

    assert met() == [line(who).met_by, "周建国"]
    first, *_, last = stages(vip).values()
    with write():
        Stage.update(people="刘晓燕").where(Stage.id == first.id).execute()
        Stage.update(people="王海峰").where(Stage.id == last.id).execute()
    assert met() == ["刘晓燕", "王海峰"]
    assert line(who).met_by == "刘晓燕"


def test_each_group_has_a_line_of_its_own(who: Company, vip: Done) -> None:
    """R26, R52: two come on another train, who meets them and in which car; the others are fewer by them."""
    noon = datetime(2026, 11, 30, 12)
    with write():
        leg = arrangements.Leg.create(visit=vip.visit, way="arrival", position=1, guests=["徐明哲", "方圆"],
                                      mode="train", number="G7385", planned=noon, meeter=who.ids["刘晓燕"])  # fmt: skip
        car = arrangements.Resource.create(kind="car", name="浙A B8801", driver=who.ids["张德胜"], phone="139")
        arrangements.Booking.create(visit=vip.visit, resource=car, leg=leg, starts=noon, ends=noon + timedelta(hours=1))
    main, group = day(who).lines
    assert (main.headcount, main.rides, main.key) == (4, (), str(vip.visit))
    assert (group.at, group.headcount, group.names, group.by) == (noon, 2, ("徐明哲", "方圆"), ("train", "G7385"))
    assert (group.met_by, group.rides[0].car, group.rides[0].driver) == ("刘晓燕", "浙A B8801", "张德胜")
    assert {name for name in who.ids if any(each.mine for each in day(who, name=name).lines)} >= {"张德胜", "刘晓燕"}
    with write():
        arrangements.Leg.update(state="met").where(arrangements.Leg.id == leg.id).execute()
    assert [each.where for each in day(who).lines] == ["planned", "met"]


def test_a_visit_of_which_nobody_said_anything_stays(who: Company, vip: Done) -> None:
    """A26: an approved visit is not forgotten with its last day: somebody must say whether its guests came."""
    who.now = datetime(2026, 12, 4, 9)
    assert [each.code for each in line(who, who.now.date()).alerts if each.code == "forgotten"] == ["forgotten"]
    day_verbs.no_show(who.session("林小雨"), vip.visit, expected=vip.version)
    assert day(who, who.now.date()).lines == ()


def test_what_hurts_first_stands_first(who: Company, vip: Done) -> None:
    who.now = datetime(2026, 11, 30, 10, 50)
    alerts = line(who).alerts
    assert alerts[0].code == "overdue_guest"
    assert [each.at for each in alerts] == sorted(each.at for each in alerts)


def test_the_day_after(who: Company, vip: Done) -> None:
    ahead = day(who, date(2026, 11, 29)).tomorrow
    assert (ahead.day, ahead.visits, ahead.guests, ahead.first_client) == (ARRIVAL, 1, 6, "江南智造集团")
    assert ahead.first_at == datetime(2026, 11, 30, 10, 20)
    assert day(who).tomorrow.visits == 0


def test_whoever_has_no_part_may_say_nothing(who: Company, vip: Done) -> None:
    """R17: the coordinator may, a deputy without a part may not."""
    assert line(who, name="林小雨").refusals["track"] is None
    assert set(line(who, name="何志明").refusals.values()) >= {"no_part"}


def test_marks_of_tiers_are_unique(who: Company) -> None:
    """R3: the shortest beginning of its name that no other tier's name has."""
    marks = tier_marks(who.policy)
    assert [mark.say("zh") for mark in marks.values()] == ["贵", "嘉", "商", "业"]
    assert [mark.say("en") for mark in marks.values()] == ["V", "D", "B", "R"]


def test_midnight_is_a_time(who: Company, vip: Done) -> None:
    """Guests who come at midnight have a time; those who are here all day have none on that day."""
    approved(who, form(who, client="远东电缆", arrive=datetime(2026, 12, 1), depart=datetime(2026, 12, 3, 12)))
    night = next(each for each in day(who, date(2026, 12, 1)).lines if each.client == "远东电缆")
    assert (night.at, night.stays) == (datetime(2026, 12, 1), False)
    (between,) = day(who, date(2026, 12, 2)).lines
    assert (between.at, between.stays, between.due) == (None, True, datetime(2026, 12, 1))


def test_how_late_the_guests_are_is_counted_from_when_they_were_due(who: Company, vip: Done) -> None:
    """A26: also on the day after; of those who were reported nobody says that nobody reported them."""
    who.now = datetime(2026, 12, 1, 3, 20)
    found = line(who, date(2026, 12, 1))
    assert (found.at, found.due, found.stays) == (None, datetime(2026, 11, 30, 10, 20), False)
    assert [each.at for each in found.alerts if each.code == "overdue_guest"] == [found.due]
    who.now = datetime(2026, 12, 1, 16)
    assert "forgotten" not in [each.code for each in line(who, date(2026, 12, 1)).alerts], "it is the same day"
    day_verbs.track(who.session("林小雨"), vip.visit, "here", expected=vip.version)
    who.now = datetime(2026, 12, 2, 9)
    codes = [each.code for each in line(who, date(2026, 12, 2)).alerts]
    assert "unmet" in codes
    assert not {"forgotten", "overdue_guest"} & set(codes)
