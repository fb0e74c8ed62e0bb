"""Before somebody is switched off all they still stand for is named; afterwards they are not called unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from models.queries.calendar_lists import stands
from models.queries.day_lists import today
from models.schema.arrangements import Booking, Leg
from models.schema.store import reading, write
from models.schema.tables import Person, Task
from models.services.day_verbs import Journey, add_leg
from models.services.person_register import actor_named
from models.services.person_verbs import change_person
from models.services.request_verbs import new_draft
from models.services.task_verbs import assign
from models.words import words
from tests.unit.booking import garage, version
from tests.unit.life import approved, form, refuses, submitted


def test_every_part_is_named(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        who, chief = g.who, g.who.ids["周建国"]
        coordinator, lead, driver = (who.ids[name] for name in ("林小雨", "刘晓燕", "张德胜"))
        done = approved(who, replace(form(who), companions=(coordinator,), diners=(coordinator,)))
        journey = Journey("train", "G1", "东站", "", datetime(2026, 11, 30, 11), (), 2, coordinator)
        add_leg(g.session, done.visit, "arrival", journey, expected=version(done.visit))
        begins = datetime(2026, 11, 30, 10)
        with write():
            Booking.create(visit=done.visit, resource=g.things["BMW"], starts=begins, ends=begins.replace(hour=12))
        with reading():
            task = Task.select().where(Task.visit == done.visit, Task.state == "open").first()
        assign(g.session, task.id, coordinator, expected=task.version)
        new_draft(who.session("刘晓燕"), form(who, client="草稿"))
        waiting = submitted(who, form(who, client="北方机床"))

        def parts(person: int) -> set[str]:
            found = stands(g.session, person)
            assert all(words(language).text(each) for each in found for language in ("zh", "en"))
            return {each.key.rpartition(".")[2] for each in found}

        assert parts(chief) == {"host"}
        assert parts(coordinator) == {"companion", "diner", "coordinator", "meeter", "task"}
        assert parts(lead) == {"named", "applicant"}
        assert parts(driver) == {"driver", "car"}
        head = who.ids["王海峰"]
        assert waiting.next == ("marketing_head",)
        assert "decides" in parts(head)


def test_who_is_switched_off_is_said_to_be_so(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        person = g.who.ids["赵启航"]
        with reading():
            seen = Person.get_by_id(person).version
        change_person(g.session, person, expected=seen, active=False)
        with refuses("inactive_person"):
            actor_named("赵启航")
        with refuses("unknown_person"):
            actor_named("没有这个人")


def test_today_names_who_stands_on_a_visit_and_is_switched_off(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = approved(g.who, form(g.who)).visit
        with write():
            Leg.update(meeter=g.who.ids["赵启航"]).where(Leg.visit == visit, Leg.way == "arrival").execute()
        for name in ("周建国", "林小雨", "赵启航", "李卫东"):
            with reading():
                seen = Person.get_by_id(g.who.ids[name]).version
            change_person(g.who.session("方晓静"), g.who.ids[name], expected=seen, active=False)
        line = today(g.who.session("方晓静"), date(2026, 11, 30)).lines[0]
        assert set(line.gone) == {"周建国", "林小雨", "赵启航"}
        assert "gone" in {alert.code for alert in line.alerts}
