"""People who stand on a visit in every part there is, and are switched off."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from models.form import dining_with
from models.schema.arrangements import Booking
from models.schema.store import reading, write
from models.schema.tables import Person, Stage, Task
from models.services.day_verbs import Journey, add_leg
from models.services.person_verbs import change_person
from models.services.task_verbs import assign
from tests.unit.booking import COORDINATOR, version
from tests.unit.life import Company, approved, form, submitted
from tests.unit.stores import once

NAMED = ("周建国", "何志明", "陈志远", "刘晓燕", "林小雨", "赵启航", "张德胜", "李卫东")
"""Lead host, companion, diner, applicant and project lead, coordinator and assignee, meeter, driver, at a stage."""


@once
def everywhere(who: Company, car: int) -> tuple[int, int]:
    """A visit on which everybody of `NAMED` stands somewhere, with that car, and a request."""
    asked = dining_with(replace(form(who), companions=(who.ids["何志明"],)), [who.ids["陈志远"]])
    done = approved(who, asked).visit
    journey = Journey("train", "G1", "东站", "", datetime(2026, 11, 30, 11), (), 2, who.ids["赵启航"])
    add_leg(who.session(COORDINATOR), done, "arrival", journey, expected=version(done))
    begins = datetime(2026, 11, 30, 10)
    with write():
        Booking.create(visit=done, resource=car, starts=begins, ends=begins.replace(hour=12))
        Stage.update(people="李卫东、方晓静").where(Stage.visit == done).execute()
    with reading():
        task = Task.select().where(Task.visit == done, Task.state == "open").first()
    assign(who.session(COORDINATOR), task.id, who.ids["林小雨"], expected=task.version)
    waiting = submitted(who, replace(asked, client="北方机床")).visit
    who.now = datetime(2026, 11, 29, 10)
    return done, waiting


@once
def off(who: Company, *names: str) -> None:
    """Switch these people off in the register."""
    for name in names:
        with reading():
            seen = Person.get_by_id(who.ids[name]).version
        change_person(who.session("方晓静"), who.ids[name], expected=seen, active=False)
