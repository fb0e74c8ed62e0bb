"""The handover page: what it tells, of which day, and nothing of what the reader may not see."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from models.form import FormLeg as Coming
from models.papers.handover_page import handover_text
from models.queries.handover_facts import handover
from models.schema.arrangements import Booking, BookingDay, Leg, Resource
from models.schema.store import reading, write
from models.services import day_verbs, task_verbs
from models.services.arrangement_verbs import amend
from models.services.day_verbs import Journey, add_leg, next_leg
from models.services.visits import Done
from models.words import words
from tests.unit.life import Company, approved, company, default_text, form, submitted
from tests.unit.life import tasks as stored
from tests.unit.test_life_requests import SIGNS, lunch, pay, settling
from tui.cli.main import run

EVE = datetime(2026, 11, 29, 17, 30)
"""The evening before the guests of the worked example arrive."""


def page(
    who: Company, name: str = "林小雨", day: date | None = None, language: str = "zh", *, details: bool = False
) -> str:
    session = who.session(name)
    return handover_text(handover(session, day), session.policy, words(language), details=details)


def driven(visit: int) -> None:
    """A car with its driver's phone is held for the arrival."""
    with write():
        car = Resource.create(kind="car", name="苏A·88888", phone="13900001111", grade="sedan", seats=4)
        starts, ends = datetime(2026, 11, 30, 9, 30), datetime(2026, 11, 30, 12)
        row = Booking.create(visit=visit, resource=car, starts=starts, ends=ends, people=6)
        BookingDay.create(booking=row, day=starts.date())


def test_tomorrows_arrivals_with_cars_and_phones(who: Company) -> None:
    done = approved(who, form(who))
    stays = approved(who, form(who, client="长住集团", arrive=datetime(2026, 11, 28, 9), depart=datetime(2026, 12, 2)))
    who.now = EVE
    assert "没有派车" in page(who)
    driven(done.visit)
    found = handover(who.session("林小雨"))
    assert [line.visit for line in found.arrivals] == [done.visit], "who is here already does not arrive"
    assert stays.visit not in [line.visit for line in found.arrivals]
    text = page(who)
    for part in ("10:20  江南智造集团  6 人  徐明哲", "苏A·88888", "13900001111", "2026-11-29 周日"):
        assert part in text, part
    assert [line.visit for line in handover(who.session("林小雨"), date(2026, 11, 28)).arrivals] == []


def test_who_comes_in_a_car_of_their_own_lacks_none(who: Company) -> None:
    approved(who, form(who, arrival=Coming(mode="car")))
    who.now = EVE
    assert "没有派车" not in page(who)


def test_who_is_still_to_come_today_stands_before_tomorrow(who: Company) -> None:
    """R16: at the end of the shift the evening's guests are the next one's; who is met is no more among them."""
    done = approved(who, form(who, arrive=datetime(2026, 11, 29, 21, 15), depart=datetime(2026, 12, 1, 15)))
    who.now = EVE
    assert [line.visit for line in handover(who.session("林小雨")).expected] == [done.visit]
    text = page(who)
    assert text.index("21:15  江南智造集团") < text.index("明天到访")
    assert handover(who.session("林小雨"), date(2026, 11, 28)).expected == ()
    with reading():
        leg = Leg.get(Leg.visit == done.visit, Leg.way == "arrival").id
    for _ in ("on the way", "here", "met"):
        done = next_leg(who.session("林小雨"), leg, expected=done.version)
    assert handover(who.session("林小雨")).expected == ()
    assert "今天还要到" not in page(who)


def test_a_group_that_follows_arrives_though_the_others_are_here(who: Company) -> None:
    done = approved(who, form(who, arrive=datetime(2026, 11, 29, 10, 20), depart=datetime(2026, 12, 1, 15)))
    who.now = EVE
    session = who.session("林小雨")
    journey = Journey("train", "G7", "杭州东站", at=datetime(2026, 11, 30, 9), people=2)
    done = add_leg(session, done.visit, "arrival", journey, expected=done.version)
    with reading():
        first = Leg.get(Leg.visit == done.visit, Leg.way == "arrival", Leg.position == 0).id
    for _ in ("on the way", "here", "met"):
        done = next_leg(session, first, expected=done.version)
    found = handover(session)
    assert found.expected == ()
    assert [(line.visit, line.headcount) for line in found.arrivals] == [(done.visit, 2)]


def test_open_tasks_by_department_overdue_ones_marked(who: Company) -> None:
    """R70: each department's own, until the end of the next day; what is done is gone, the rest is counted."""
    done = approved(who, form(who))
    who.now = EVE
    found = handover(who.session("林小雨"))
    office = next(todo for todo in found.todo if todo.party.say("zh") == "办公室")
    assert len(office.tasks) + office.later == 5
    row = stored(done)["R52"]
    task_verbs.tick(who.session("方晓静"), row.id, expected=row.version)
    office = next(todo for todo in handover(who.session("林小雨")).todo if todo.party.say("zh") == "办公室")
    assert row.id not in [line.task for line in office.tasks]
    assert "11-29 17:00!  江南智造集团" in page(who)
    assert "Overdue tasks" in page(who, language="en")
    assert page(who).count(":00!") + page(who).count(":20!") >= 1, "only what is overdue stands there, with who has it"
    assert "到明天要做：" in page(who)
    assert len(page(who, details=True).splitlines()) > len(page(who).splitlines())


def test_changes_of_the_last_day_and_not_of_the_day_before(who: Company) -> None:
    done = approved(who, form(who))
    who.now = EVE
    assert handover(who.session("林小雨")).changed == ()
    assert [each.visit for each in handover(who.session("林小雨"), date(2026, 11, 23)).changed] == [done.visit]
    day_verbs.hand_over(who.session("林小雨"), done.visit, who.ids["王海峰"], expected=done.version)
    row = stored(done)["R52"]
    task_verbs.tick(who.session("方晓静"), row.id, expected=row.version)
    (changed,) = handover(who.session("林小雨")).changed
    assert [entry.verb for entry in changed.entries] == ["hand_over"], "ticks are told by what is still open"
    assert "移交负责人 王海峰" in page(who, details=True)
    assert page(who).splitlines()[-1].endswith("1 条  移交负责人"), "one line a visit"
    who.wait(hours=25)
    assert handover(who.session("林小雨")).changed == ()


def test_promises_until_they_are_kept_and_what_waits_how_long(who: Company) -> None:
    done = approved(who, form(who))
    submitted(who, form(who, client="天山风电"))
    day_verbs.promise(who.session("刘晓燕"), done.visit, "寄样品给徐董")
    who.now = EVE
    found = handover(who.session("林小雨"))
    assert [each.text for each in found.promises] == ["寄样品给徐董"]
    assert [line.client for line in found.waiting] == ["天山风电"]
    text = page(who)
    assert "寄样品给徐董  刘晓燕  11-23 09:00" in text
    assert "天山风电  在王海峰处 6 天" in text
    from models.queries.visit_detail import visit

    whole = visit(who.session("刘晓燕"), done.visit)
    assert whole is not None
    day_verbs.keep(who.session("刘晓燕"), whole.notes[0].id)
    assert handover(who.session("林小雨")).promises == ()


def test_a_cost_that_somebody_must_agree_to_is_told(tmp_path: Path) -> None:
    """A10, A27: the visit cannot be closed before."""
    with settling(tmp_path, SIGNS, meals=(lunch(),)) as (who, done):
        assert handover(who.session("林小雨")).unsigned == ()
        pay(who, done, "meal1", 200_000, reason="加菜")
        (unsigned,) = handover(who.session("林小雨")).unsigned
        assert unsigned.visit == done.visit
        assert "主管副总经理同意" in page(who)


RESTRICTED = 'id = "customer"\n'


def test_nothing_of_a_visit_that_the_reader_may_not_see(tmp_path: Path) -> None:
    """A kind that only some posts see: arrivals, tasks, changes, promises and requests are left out for others."""
    text = default_text()
    assert RESTRICTED in text
    text = text.replace(RESTRICTED, RESTRICTED + 'see = ["general_manager"]\n', 1)
    with company(tmp_path, text) as who:
        done = approved(who, form(who, client="保密集团"))
        submitted(who, form(who, client="保密二部"))
        day_verbs.promise(who.session("刘晓燕"), done.visit, "保密样品")
        who.now = EVE
        day_verbs.hand_over(who.session("林小雨"), done.visit, who.ids["王海峰"], expected=done.version)
        assert "保密" not in page(who, "何志明")
        assert "保密样品" in page(who, "周建国")


def test_an_empty_company_says_so(who: Company) -> None:
    assert page(who).count("无") >= 4
    assert replace(handover(who.session("林小雨")), at=who.now).todo == ()


@pytest.mark.parametrize("asked", [[], ["11-29"], ["2026-11-29"]])
def test_the_command_prints_the_page_or_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with company(tmp_path) as who:
        approved(who, form(who))
    words = ["handover", *asked, "--store", str(tmp_path / "store.db"), "--as", "林小雨", "--lang", "en"]
    assert run(words, lambda: EVE.replace(tzinfo=UTC)) == 0
    assert "10:20  江南智造集团  6 guests" in capsys.readouterr().out
    assert run([*words, "--json"], lambda: EVE.replace(tzinfo=UTC)) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["client"] for each in told["arrivals"]] == ["江南智造集团"]
    assert {each["party"]["en"] for each in told["tasks"]} >= {"Office", "Marketing"}


def test_done_is_not_asked_for(who: Company) -> None:
    done: Done = approved(who, form(who))
    day_verbs.cancel(who.session("林小雨"), done.visit, "客户改期", expected=done.version)
    who.now = EVE
    assert handover(who.session("林小雨")).arrivals == ()


def as_data(who: Company, path: Path, capsys: pytest.CaptureFixture[str], day: str) -> dict[str, Any]:
    capsys.readouterr()
    words = ["handover", day, "--json", "--store", str(path / "store.db"), "--as", "林小雨", "--lang", "en"]
    assert run(words, lambda: who.now.replace(tzinfo=UTC)) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_the_data_says_whom_to_tell_of_what_and_what_was_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with company(tmp_path) as who:
        done = approved(who, form(who))
        who.now = EVE
        amend(
            who.session("林小雨"), done.visit, replace(form(who), headcount=5), expected=done.version, words="少来一位"
        )
    told = as_data(who, tmp_path, capsys, "11-29")
    to_notify = told["untold"][0]
    assert to_notify["client"] == "江南智造集团"
    assert to_notify["role"] in ("department", "host", "contact", "driver")
    assert any("6" in each["zh"] and "5" in each["en"] for each in to_notify["changes"])
    (changed,) = told["changed"]
    entry = next(each for each in changed["entries"] if each["verb"] == "amend")
    facts = {each["kind"]: each["value"] for each in entry["facts"]}
    assert facts["words"] == "少来一位"
    assert any("6" in each["zh"] and "5" in each["zh"] for each in facts["changed"])
    tasks_ = [task for party in told["tasks"] for task in party["open"]]
    assert {"overdue", "waits_for", "needs_assignee", "number"} <= set(tasks_[0])


def test_the_data_says_which_cost_waits_for_whose_signature(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A10: the line, what it cost in minor units, by how much it is over, and who may agree to it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with settling(tmp_path, SIGNS, meals=(lunch(),)) as (who, done):
        pay(who, done, "meal1", 200_000, reason="加菜")
    (unsigned,) = as_data(who, tmp_path, capsys, "12-1")["unsigned"]
    assert (unsigned["client"], unsigned["amount"], unsigned["over"]) == ("江南智造集团", 200_000, 5_000)
    assert "午餐" in unsigned["cost"]["zh"]
    assert [each["zh"] for each in unsigned["posts"]] == ["主管副总经理"]


def test_the_shift_in_a_line_of_numbers_stands_first(who: Company) -> None:
    approved(who, form(who))
    who.now = EVE
    first = page(who).splitlines()[1]
    assert first.startswith("明天 1 批 6 人   逾期 8 项")
    assert page(who, language="en").splitlines()[1].startswith("1 tomorrow (6)   8 overdue")
