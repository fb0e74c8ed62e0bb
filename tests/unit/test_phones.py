"""Phone numbers: whole for those who need them for a visit, masked for everybody else, wherever they are read (R74)."""

from __future__ import annotations

import importlib
import inspect
import io
import json
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import models.queries
from models.form import Form
from models.queries import (
    booking_lists,
    calendar_events,
    calendar_lists,
    client_records,
    day_clashes,
    day_lists,
    export_tables,
    figures,
    handover_facts,
    journal_lists,
    muster_lists,
    plain_lists,
    recorded_lists,
    register_lists,
    request_lists,
    request_preview,
    stand_in_lists,
    task_lists,
    visit_arrangements,
    visit_detail,
    visit_history,
)
from models.schema.arrangements import Leg, Resource
from models.schema.base import database
from models.schema.store import reading, write
from models.schema.tables import ClientPerson, Guest, Person, Task, Visit
from models.services import client_verbs, day_verbs, person_verbs
from models.services.session import Session
from models.services.stand_in_verbs import StandInEntry
from models.words.mask import kept, mask, mask_numbers
from tests.unit import every_verb
from tests.unit.life import Company, refuses
from tui.cli.main import run
from tui.office.entrance import Entry
from tui.settings import Settings

NOBODY = "何志明"
"""Has no part in the visits of the fixture, and no right by a post."""
COORDINATOR = "林小雨"
TABLES: tuple[Any, ...] = (Person, Guest, ClientPerson, Leg)


@pytest.mark.parametrize(
    ("phone", "said"),
    [
        ("13800135678", "138****5678"),
        ("138 0013 5678", "138 **** 5678"),
        ("+86 138-0013-5678", "+86 1**-****-5678"),
        ("0571-87654321", "057*-****4321"),
        ("8765432", "8*****2"),
        ("139", "***"),
        ("", ""),
        ("请打总机", "请打总机"),
    ],
)
def test_a_number_is_masked(phone: str, said: str) -> None:
    assert mask(phone) == said


def test_a_text_keeps_days_numbers_of_visits_and_amounts() -> None:
    text = "2026-0147 2026-11-30 10:20 MU5187 浙A12345 12,000 G20"
    assert mask_numbers(text) == text
    assert mask_numbers("打138 0013 5678或0571-87654321，证件330102199001011234") == (
        "打138 **** 5678或057*-****4321，证件330***********1234"
    )


def test_what_was_left_as_it_was_shown_is_what_is_stored() -> None:
    assert kept("138****5678", "13800135678") == "13800135678"
    assert kept("139****0000", "13800135678") == "139****0000"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Company, dict[str, Any], set[str]]]:
    """A visit with something of everything; everybody in it has a number, and one is written in a note."""
    with every_verb.office(tmp_path) as (who, ids):
        numbers = set()
        with write():
            for at, table in enumerate(TABLES):
                for row in table.select():
                    number = f"13{at}{row.id:04}7788"
                    table.update(phone=number).where(table.id == row.id).execute()
                    numbers.add(number)
            Resource.update(phone="13955550000").where(Resource.kind == "car").execute()
        day_verbs.note(who.session(COORDINATOR), ids["visit"], "请打13666660000找方圆")
        day_verbs.delay(who.session(COORDINATOR), ids["leg"].id, "+40", expected=Visit.get_by_id(ids["visit"]).version)
        with reading():
            own = Person.get_by_id(who.ids[NOBODY]).phone
        yield who, ids, (numbers | {"13955550000", "13666660000"}) - {own}


def office(who: Company, name: str) -> Session:
    return replace(who.session(name), office=True)


def reads(session: Session, ids: dict[str, Any]) -> dict[str, Callable[[], object]]:
    """Every query that depends on who asks, by its name."""
    visit, day, first, last = ids["visit"], date(2026, 11, 30), date(2026, 11, 1), date(2026, 12, 31)
    task, expense, leg = ids["task"].id, ids["expense"].id, ids["leg"]
    tasks = [row.id for row in Task.select()]
    return {
        "bookable": lambda: booking_lists.bookable(session, visit, ids["booking"].starts, ids["booking"].ends),
        "lanes": lambda: booking_lists.lanes(session, day),
        "calendar_events": lambda: calendar_events.calendar_events(session, first, last),
        "span": lambda: calendar_lists.span(session, first, last),
        "stands": lambda: calendar_lists.stands(session, ids["person"].id),
        "clients": lambda: client_records.clients(session),
        "record": lambda: client_records.record(session, ids["client"]),
        "known": lambda: client_records.known(session, "江南智造集团"),
        "brief": lambda: client_records.brief(session, visit),
        "clashing": lambda: day_clashes.clashing(session, day_lists.today(session, day)),
        "today": lambda: day_lists.today(session, day),
        "export_table": lambda: [export_tables.export_table(session, each, first, last) for each in EXPORTED],
        "statistics": lambda: figures.statistics(session, first, last),
        "muster": lambda: muster_lists.muster(session),
        "register": lambda: register_lists.register(session),
        "things": lambda: register_lists.things(session),
        "requests": lambda: request_lists.requests(session),
        "request_lines": lambda: request_lists.request_lines(session, Visit.id > 0),
        "lines_with_context": lambda: request_lists.lines_with_context(session, Visit.id > 0)[0],
        "signed": lambda: request_lists.signed(session, visit),
        "approvals": lambda: request_lists.approvals(session),
        "preview": lambda: request_lists.preview(session, ids["asked"]),
        "beside": lambda: request_lists.beside(session, Form()),
        "choices": lambda: request_preview.choices(session, session.policy, day),
        "opened": lambda: request_preview.opened(session, ids["draft"]),
        "dropped_draft": lambda: plain_lists.dropped_draft(session),
        "verdict": lambda: request_preview.verdict(session, Form()),
        "stand_in_list": lambda: stand_in_lists.stand_in_list(session),
        "stand_ins_for": lambda: stand_in_lists.stand_ins_for(session, 1),
        "entered": lambda: stand_in_lists.entered(session, StandInEntry(1, None, day, day)),
        "notices": lambda: stand_in_lists.notices(session),
        "checklist": lambda: task_lists.checklist(session),
        "task_lines": lambda: task_lists.task_lines(session, Task.id > 0),
        "task_refusal": lambda: task_lists.task_refusal(session, task),
        "helpers": lambda: task_lists.helpers(session, task),
        "waiting": lambda: task_lists.waiting(session),
        "reminders": lambda: task_lists.reminders(session, tasks),
        "unsigned": lambda: task_lists.unsigned(session),
        "signing": lambda: task_lists.signing(session),
        "to_sign": lambda: task_lists.to_sign(session),
        "meeters": lambda: visit_arrangements.meeters(session),
        "lacking": lambda: visit_arrangements.lacking(session, expense),
        "visit": lambda: visit_detail.visit(session, leg.visit_id),
        "heirs": lambda: visit_detail.heirs(session, visit),
        "changing": lambda: visit_detail.changing(session, visit),
        "notifications": lambda: visit_history.notifications(session),
        "journal_page": lambda: journal_lists.journal_page(session, journal_lists.JournalFilter()),
        "recorded": lambda: recorded_lists.recorded(session),
        "waiting_notifications": lambda: visit_history.waiting_notifications(session),
    }


JOURNAL = ("周建国", "方晓静")
"""Who may read the journal."""
EXPORTED: tuple[Any, ...] = ("visits", "tasks", "costs", "bookings", "register")
WITHIN = {"handover", "history", "changes", "entries_of"}
"""The handover is whole; the others give parts of what others show."""


def test_every_query_that_depends_on_who_asks_is_walked(place: tuple[Company, dict[str, Any], set[str]]) -> None:
    who, ids, _ = place
    asked = set()
    for module in pkgutil.iter_modules(models.queries.__path__):
        for name, made in vars(importlib.import_module(f"models.queries.{module.name}")).items():
            own = inspect.isfunction(made) and made.__module__ == f"models.queries.{module.name}"
            if own and not name.startswith("_") and "session" in inspect.signature(made).parameters:
                asked.add(name)
    assert asked == set(reads(office(who, NOBODY), ids)) | WITHIN


def found_in(session: Session, ids: dict[str, Any], numbers: set[str]) -> dict[str, set[str]]:
    """By query, which of the numbers somebody reads there."""
    found = {}
    for name, read in reads(session, ids).items():
        if name == "opened" and session.actor.name == NOBODY:
            with refuses("not_yours"):
                read()
            continue
        if name == "journal_page" and session.office and session.actor.name not in JOURNAL:
            with refuses("right_of_others"):
                read()
            continue
        with reading():
            text = repr(read())
        seen = {number for number in numbers if number in text}
        if seen:
            found[name] = seen
    return found


def test_who_has_no_part_reads_no_number(place: tuple[Company, dict[str, Any], set[str]]) -> None:
    who, ids, numbers = place
    assert found_in(office(who, NOBODY), ids, numbers) == {}


def test_who_needs_them_reads_them(place: tuple[Company, dict[str, Any], set[str]]) -> None:
    """The applicant those of the visit and the client, the coordinator all; alone everybody does."""
    who, ids, numbers = place
    whole = found_in(office(who, COORDINATOR), ids, numbers)
    assert {
        "visit",
        "register",
        "things",
        "lanes",
        "record",
        "choices",
        "notifications",
        "reminders",
        "preview",
    } <= set(whole)
    assert "13666660000" in whole["visit"]
    assert found_in(who.session(NOBODY), ids, numbers).keys() >= whole.keys() - {"opened"}
    applicant = found_in(office(who, "刘晓燕"), ids, numbers)
    assert {"visit", "record", "choices", "notifications"} <= set(applicant)
    assert applicant.get("register", set()) == {Person.get(Person.name == "刘晓燕").phone}


def test_the_handover_is_whole(place: tuple[Company, dict[str, Any], set[str]]) -> None:
    who, _, numbers = place
    said = repr(handover_facts.handover(office(who, NOBODY), date(2026, 11, 29)))
    assert any(number in said for number in numbers)


COMMANDS = (
    ("today", "2026-11-30"),
    ("visits",),
    ("tasks",),
    ("muster",),
    ("people", "--all"),
    ("stats",),
    ("standards",),
)


def test_no_command_tells_a_number(place: tuple[Company, dict[str, Any], set[str]], tmp_path: Path) -> None:
    who, _, numbers = place
    entry = Entry(Settings(store=str(tmp_path / "store.db")), who.ids[NOBODY], NOBODY)
    for words in COMMANDS:
        for more in ((), ("--json",)):
            base, said = database.obj, io.StringIO()
            with redirect_stdout(said), redirect_stderr(said):
                code = run([*words, *more], who.session(NOBODY).clock, entry)
            database.initialize(base)
            assert code == 0, said.getvalue()
            assert [number for number in numbers if number in said.getvalue()] == [], words
    text = said.getvalue()
    assert json.loads(text)


def test_what_is_shown_masked_is_never_stored_so(place: tuple[Company, dict[str, Any], set[str]]) -> None:
    who, ids, _ = place
    session = who.session(COORDINATOR)
    person, known = ids["person"].id, ids["known"].id
    with reading():
        before, other = Person.get_by_id(person), ClientPerson.get_by_id(known)
    person_verbs.change_person(session, person, expected=before.version, phone=mask(before.phone), name="赵启杭")
    client_verbs.change_client_person(session, known, expected=other.version, phone=mask(other.phone))
    with reading():
        assert Person.get_by_id(person).phone == before.phone
        assert ClientPerson.get_by_id(known).phone == other.phone


def test_who_drives_the_guests_can_call_them(tmp_path: Path) -> None:
    """A car slip is whole for its driver, though neither part nor task of the visit is theirs."""
    from models.queries.visit_detail import visit as whole_visit
    from tests.unit.booking import garage

    with garage(tmp_path / "store.db") as made:
        number = made.visit()
        with write():
            Leg.update(phone="13800135678").where(Leg.visit == number).execute()
        driver = replace(made.who.session("张德胜"), office=True)
        before = whole_visit(driver, number)
        assert before is not None
        assert {leg.phone for leg in before.travel} == {"138****5678"}
        made.book(number, "BMW", way="arrival", people=4)
        with write():
            Resource.update(driver=made.who.ids["张德胜"]).where(Resource.name.contains("BMW")).execute()
        after = whole_visit(driver, number)
        assert after is not None
        assert {leg.phone for leg in after.travel} == {"13800135678"}
