"""Who is on site: counted by groups, with those who answer for them; on 40 columns and as data."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.form import FormLeg
from models.papers.muster_sheet import NARROW, muster_lines
from models.queries.muster_lists import Present, muster
from models.services import day_verbs
from models.services.day_verbs import Journey, add_leg, next_leg
from models.services.person_verbs import change_person
from models.words import cell_len, words
from tests.ui.morning import arranged
from tests.unit.life import Company, approved, came, company, default_text, form, left, leg, stages, visit
from tests.unit.many import more_visits, steps
from tests.unit.stores import lived_anew

COMES = datetime(2026, 11, 30, 10, 20)


def one(who: Company, name: str = "林小雨") -> Present:
    """The only visit on site."""
    (only,) = muster(who.session(name)).groups
    return only


def nobody(who: Company) -> bool:
    found = muster(who.session("林小雨"))
    return not found.groups and not found.guests


def test_guests_are_on_site_from_when_they_are_met_until_they_are_seen_off(who: Company) -> None:
    done = approved(who, form(who))
    assert nobody(who)
    done = came(who, done)
    found = one(who)
    assert (found.client, found.people, found.names, found.state) == ("江南智造集团", 6, ("徐明哲",), "met")
    assert (found.since, found.leaves, found.overdue) == (COMES, datetime(2026, 12, 1, 15), False)
    assert [(each.role, each.name) for each in found.answers] == [("host", "周建国"), ("coordinator", "林小雨")]
    assert {"周建国", "刘晓燕", "赵启航"} <= {each.name for each in found.along}
    who.now = datetime(2026, 12, 1, 15, 1)
    assert one(who).overdue
    left(who, done)
    assert nobody(who)


def test_where_they_are_who_drives_and_whom_to_call(who: Company) -> None:
    done = arranged(who)
    change_person(who.session("林小雨"), who.ids["周建国"], expected=1, phone="13900000009")
    who.now = COMES
    done = day_verbs.met(who.session("林小雨"), done.visit, expected=visit(done).version)
    found = muster(who.session("林小雨"))
    (group,) = found.groups
    assert [(each.driver, each.phone, each.car) for each in group.drivers] == [("张德胜", "13800000002", "浙A B8801")]
    assert found.drivers == 1
    assert group.answers[0].phone.replace(" ", "") == "13900000009"
    talks = stages(done)["talks"]
    done = day_verbs.start_stage(who.session("林小雨"), talks.id, expected=done.version)
    group = one(who)
    assert group.place == "第一会议室"
    assert group.stage is not None
    who.wait(hours=2)
    assert one(who).drivers == (), "the car is held for them no more"


def test_groups_come_and_go_one_by_one(who: Company) -> None:
    """Who came with the first train is here, the others are not yet; who left early is no more."""
    session = who.session("林小雨")
    done = approved(who, form(who))
    train = Journey("train", "G7502", at=datetime(2026, 11, 30, 14), people=2, guests=("徐明哲",))
    done = add_leg(session, done.visit, "arrival", train, expected=done.version)
    early = Journey("train", "G7509", at=datetime(2026, 11, 30, 18), people=1)
    done = add_leg(session, done.visit, "departure", early, expected=visit(done).version)
    who.now = COMES
    for _ in range(3):
        done = next_leg(session, leg(done).id, expected=visit(done).version)
    found = one(who)
    assert (found.people, found.names) == (4, ())
    who.now = datetime(2026, 11, 30, 14)
    for _ in range(3):
        done = next_leg(session, leg(done, position=1).id, expected=visit(done).version)
    found = one(who)
    assert (found.people, found.names, found.leaves) == (6, ("徐明哲",), datetime(2026, 11, 30, 18))
    who.now = datetime(2026, 11, 30, 18)
    next_leg(session, leg(done, "departure", 1).id, expected=visit(done).version)
    assert one(who).people == 5


def test_at_the_gate_by_car_and_while_a_change_is_decided(who: Company) -> None:
    session = who.session("林小雨")
    by_car = approved(who, form(who, arrival=FormLeg("car", "", "")))
    by_air = approved(who, form(who, arrival=FormLeg("plane", "MU5187", "虹桥机场"), client="华为科技", host="周建国"))
    who.now = COMES
    for done in (by_car, by_air):
        day_verbs.track(session, done.visit, "here", expected=visit(done).version)
    assert [(each.client, each.state) for each in muster(session).groups] == [("江南智造集团", "here")]
    met = day_verbs.met(session, by_air.visit, expected=visit(by_air).version)
    assert len(muster(session).groups) == 2
    day_verbs.take_back(session, met.visit, expected=met.version)
    assert len(muster(session).groups) == 1


RESTRICTED = ('id = "customer"\n', 'id = "customer"\nsee = ["general_manager"]\n')


def test_visits_that_the_reader_may_not_see_are_counted_without_names(tmp_path: Path) -> None:
    """R74: in a fire everybody is counted."""
    assert RESTRICTED[0] in default_text()
    with company(tmp_path, default_text().replace(*RESTRICTED, 1)) as who:
        came(who, approved(who, form(who)))
        found = one(who, "张德胜")
        assert (found.people, found.client, found.names, found.along, found.seen) == (6, "", (), (), False)
        assert [each.name for each in found.answers] == ["周建国", "林小雨"]
        for language in ("zh", "en"):
            text = "\n".join(muster_lines(muster(who.session("张德胜")), words(language)))
            assert words(language)("muster.restricted") in text
            assert "徐明哲" not in text
            assert "江南" not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_read_on_forty_columns(who: Company, language: str) -> None:
    done = came(who, approved(who, form(who, client="一家名字很长的客户有限责任公司华东分公司第三事业部")))
    who.now = datetime(2026, 12, 1, 16)
    found, w = muster(who.session("林小雨")), words(language)
    lines = muster_lines(found, w)
    assert max(map(cell_len, lines)) <= NARROW
    assert w("muster.overdue") in "\n".join(lines)
    told = "".join(line.strip() for line in lines)
    for text in ("一家名字很长的客户有限责任公司华东分公司第三事业部", "周建国", "林小雨", "徐明哲"):
        assert text in told
    left(who, done)
    assert w("muster.none") in muster_lines(muster(who.session("林小雨")), w)


def test_the_work_is_that_of_who_is_on_site(who: Company) -> None:
    """However many visits there are: in a fire it opens at once."""
    with lived_anew():
        base = approved(who, form(who, depart=COMES + timedelta(hours=5), lodging=(), lodged=False))
        came(who, approved(who, form(who, client="华为科技")))
        session, day = who.session("林小雨"), COMES.date()
        found = []
        for n in (500, 5_000):
            more_visits(base.visit, n, lambda at: day + timedelta(days=(at % 250 + 2) * (-1) ** at), day)
            found.append(steps(lambda: muster(session)))
        assert found[1] <= found[0] * 1.2, found
