"""What the record of clients tells: counts and days, visits with hosts and gifts, twins, the brief."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from models.form import FormGuest
from models.policy.case import PlannedCost
from models.policy.load import load_text
from models.queries.client_records import brief, clients, record
from models.schema.store import reading
from models.schema.tables import Client
from models.services import client_verbs as verbs
from models.services import day_verbs
from models.services.visits import Done
from models.words import words
from tests.unit.life import Company, approved, company, default_text, form, leg, refuses, submitted

ARRIVE = datetime(2026, 11, 30, 10, 20)


def came(who: Company, **changes: Any) -> Done:
    """A visit of last year's autumn that took place; it is now again afterwards."""
    now = who.now
    who.now = datetime(2026, 3, 2, 9)
    times = {"arrive": datetime(2026, 3, 16, 9), "depart": datetime(2026, 3, 16, 17), "meals": (), "lodging": ()}
    done = approved(who, form(who, **{**times, **changes}))
    who.now = datetime(2026, 3, 16, 9, 30)
    done = day_verbs.met(who.session("林小雨"), done.visit, expected=done.version)
    done = day_verbs.seen_off(who.session("林小雨"), done.visit, expected=done.version)
    who.now = now
    return done


def id_of(name: str) -> int:
    with reading():
        return int(Client.get(Client.name == name).id)


def test_a_client_has_its_visits_counted_and_its_days(who: Company) -> None:
    came(who)
    approved(who, form(who))
    submitted(who, form(who, client="苏能装备"))
    lines = {line.name: line for line in clients(who.session("陈志远"))}
    line = lines["江南智造集团"]
    assert (line.visits, line.last, line.coming) == (1, date(2026, 3, 16), date(2026, 11, 30))
    assert line.find[:2] == ("jiang nan/na zhi zao/cao ji tuan/qiu", "j n z z/c j t/q")
    assert (lines["苏能装备"].visits, lines["苏能装备"].last) == (0, None)
    assert lines["苏能装备"].coming == date(2026, 11, 30)
    assert [each.name for each in clients(who.session("陈志远"))] == ["江南智造集团", "苏能装备"]


def test_a_visit_is_told_with_purpose_hosts_and_what_was_given(who: Company) -> None:
    came(who, wants=("gifts",), costs=(PlannedCost("gift", price=20000, to="徐董"),))
    found = record(who.session("陈志远"), id_of("江南智造集团"))
    assert found is not None
    (visit,) = found.visits
    zh = words("zh")
    assert (visit.number, visit.state, visit.headcount, visit.hosts) == ("2026-0001", "done", 6, ("周建国",))
    assert [zh.name(each) for each in visit.purposes] == ["考察", "合作"]
    assert visit.tier is not None
    assert zh.name(visit.tier) == "贵宾级"
    assert [(zh.name(gift.item), gift.to, gift.amount) for gift in visit.gifts] == [("礼品", "徐董", 20000)]
    assert (found.coming, found.refused) == (None, "not_client")
    assert [(each.name, each.post) for each in found.people] == [("徐明哲", "董事长")]


def test_drafts_and_what_was_refused_or_cancelled_is_no_visit(who: Company) -> None:
    done = approved(who, form(who))
    day_verbs.cancel(who.session("刘晓燕"), done.visit, "不来了", expected=done.version)
    (line,) = clients(who.session("刘晓燕"))
    assert (line.visits, line.last, line.coming) == (0, None, None)
    found = record(who.session("刘晓燕"), line.id)
    assert found is not None
    assert (found.visits, found.coming, found.refused) == ((), None, None)


def test_nearly_the_same_names_point_at_each_other(who: Company) -> None:
    for name in ("江南智造集团", "江南智造(集团)有限公司", "苏能装备"):
        submitted(who, form(who, client=name))
    lines = {line.name: [name for _, name in line.twins] for line in clients(who.session("刘晓燕"))}
    assert lines == {
        "江南智造集团": ["江南智造(集团)有限公司"], "江南智造(集团)有限公司": ["江南智造集团"], "苏能装备": [],
    }  # fmt: skip
    found = record(who.session("刘晓燕"), id_of("苏能装备"))
    assert found is not None
    assert found.twins == ()


def test_a_client_that_is_gone(who: Company) -> None:
    assert record(who.session("刘晓燕"), 99) is None
    with refuses("no_visit"):
        brief(who.session("刘晓燕"), 99)


def test_the_brief_tells_who_comes_and_what_was_before(who: Company) -> None:
    came(who)
    guests = (FormGuest("方圆", "秘书"), FormGuest("徐明哲", "董事长", "徐董", principal=True))
    done = approved(who, form(who, guests=guests, companions=(who.ids["陈志远"],), purpose_text="看二期"))
    session, client = who.session("林小雨"), id_of("江南智造集团")
    verbs.change_client(session, client, expected=1, points="二期付款；质保", diet="不吃辣")
    found = record(session, client)
    assert found is not None
    person = next(each for each in found.people if each.name == "徐明哲")
    verbs.change_client_person(session, person.id, expected=person.version, likes="龙井")
    told = brief(session, done.visit)
    assert (told.client, told.visit.number, told.visit.arrive) == ("江南智造集团", "2026-0002", ARRIVE)
    assert (told.points, told.diet, told.purpose_text, told.companions) == (
        "二期付款；质保", "不吃辣", "看二期", ("陈志远",),
    )  # fmt: skip
    assert [(each.name, each.principal, each.likes) for each in told.guests] == [
        ("徐明哲", True, "龙井"),
        ("方圆", False, ""),
    ]
    assert [each.number for each in told.last] == ["2026-0001"]
    assert len(told.stages) > 3
    assert told.stages[0].at is None or told.stages[0].at.date() == ARRIVE.date()


def test_visits_that_may_not_be_read_are_left_out(tmp_path: Path) -> None:
    """R98: a kind of visitor whose visits only some see."""
    text = default_text().replace('id = "customer"', 'id = "customer"\nsee = ["coordinator"]', 1)
    assert load_text(text).kinds[0].see == ("coordinator",)
    with company(tmp_path / "restricted", text) as who:
        came(who)
        done = approved(who, form(who))
        (line,) = clients(who.session("张德胜"))
        assert (line.visits, line.last, line.coming) == (0, None, None)
        found = record(who.session("张德胜"), line.id)
        assert found is not None
        assert (found.visits, found.coming) == ((), None)
        with refuses("restricted"):
            brief(who.session("张德胜"), done.visit)


def test_visits_without_restriction_are_not_asked_about_one_by_one(
    who: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    came(who)

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("models.queries.client_records.refusal_code", never)
    assert [line.visits for line in clients(who.session("张德胜"))] == [1]


def test_a_brief_says_when_they_come_as_it_is_known_now(who: Company) -> None:
    """R26: after a delay nobody sends the hosts to the old time."""
    done = approved(who, form(who))
    day_verbs.delay(who.session("林小雨"), leg(done).id, "+40", expected=done.version)
    told = brief(who.session("林小雨"), done.visit)
    assert (told.visit.arrive, told.depart) == (datetime(2026, 11, 30, 11), datetime(2026, 12, 1, 15))
