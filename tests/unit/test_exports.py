"""What leaves as a file: spreadsheets that hold no formula, calendars that another program reads and follows."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import vobject

from models.papers.calendar_file import calendar_file
from models.papers.spreadsheet import csv_bytes, xlsx_bytes
from models.queries.calendar_events import calendar_events
from models.queries.export_tables import EXPORTED, export_table
from models.schema.store import open_store, write
from models.schema.tables import Person, Visit
from models.services.cost_verbs import enter_actual
from models.services.day_verbs import cancel
from models.services.task_verbs import assign
from models.words import words
from tests.unit.life import CONFIG, Company, approved, came, expenses, form, late, left, leg, tasks, visit
from tui.cli.main import run

SHANGHAI = ZoneInfo("Asia/Shanghai")


def read(who: Company, **options: Any) -> dict[str, Any]:
    """The calendar as another program reads it: events by id."""
    events = calendar_events(who.session("林小雨"), **options)
    data = calendar_file(events, words("zh"), SHANGHAI, "接待")
    return {event.uid.value: event for event in vobject.readOne(data.decode()).vevent_list}


def test_a_calendar_is_read_by_another_program(who: Company) -> None:
    """The visit and its stages, in the organisation's zone, with title, place and an hour's warning."""
    done = approved(who, form(who))
    found = read(who)
    whole = next(event for uid, event in found.items() if "-visit@" in uid)
    row = visit(done)
    assert whole.dtstart.value == row.comes.replace(tzinfo=SHANGHAI)  # type: ignore[union-attr]  # it has a time
    assert whole.dtstart.value.utcoffset() == timedelta(hours=8)
    assert whole.status.value == "CONFIRMED"
    assert "贵宾级" in whole.summary.value
    assert whole.valarm.trigger.value == -timedelta(hours=1)
    stages = [event for uid, event in found.items() if "-stage-" in uid]
    assert len(stages) >= 5
    assert all(event.dtend.value > event.dtstart.value for event in stages)


def test_a_delay_and_a_cancellation_reach_who_has_the_calendar(who: Company) -> None:
    """Ids stay, sequences grow, times follow; what is called off says so instead of vanishing."""
    done = approved(who, form(who))
    before = read(who)
    done = late(who.session("林小雨"), done, "+40")
    after = read(who)
    assert after.keys() == before.keys()
    assert all(int(after[uid].sequence.value) > int(before[uid].sequence.value) for uid in after)
    moved = {uid for uid in after if after[uid].dtstart.value != before[uid].dtstart.value}
    assert any("-visit@" in uid for uid in moved)
    assert leg(done).expected is not None
    cancel(who.session("林小雨"), done.visit, expected=visit(done).version, words="不来了")
    gone = read(who)
    whole = next(event for uid, event in gone.items() if "-visit@" in uid)
    assert whole.status.value == "CANCELLED"
    assert int(whole.sequence.value) > int(after[whole.uid.value].sequence.value)
    assert not hasattr(whole, "valarm")


def test_a_person_has_their_visits_and_their_tasks(who: Company) -> None:
    done = approved(who, form(who))
    task = next(iter(tasks(done).values()))
    assign(who.session("林小雨"), task.id, who.ids["方晓静"], expected=task.version)
    found = read(who, person=who.ids["方晓静"])
    assert [uid for uid in found if "-task-" in uid], "what was given to them"
    assert not [uid for uid in found if "-visit@" in uid], "they have no part in the visit itself"
    assert [uid for uid in read(who, person=who.ids["周建国"]) if "-visit@" in uid], "the lead host has"


def test_other_days_and_what_one_may_not_see_are_left_out(who: Company) -> None:
    approved(who, form(who))
    assert read(who)
    data = calendar_file(calendar_events(who.session("林小雨"), date(2027, 1, 1)), words("zh"), UTC, "x")
    assert b"VEVENT" not in data


# -- spreadsheets -----------------------------------------------------------------------------------------------------


@pytest.fixture
def over(who: Company) -> Company:
    """A visit that is over, one of its lines over the standard."""
    done = left(who, came(who, approved(who, form(who, client="=cmd|' /C calc'!A0"))))
    for line in expenses(done).values():
        extra = 8000 if line.item == "drink" else 0
        enter_actual(
            who.session("林小雨"), line.id, expected=line.version, amount=(line.planned or 0) + extra, reason="=1"
        )
    return who


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("what", EXPORTED)
def test_no_cell_is_a_formula_and_numbers_and_days_are_real(over: Company, what: Any, language: str) -> None:
    table = export_table(over.session("林小雨"), what, None, None)
    w = words(language)
    sheet: Any = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(table, w))).active
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert sheet.max_row == len(table.rows) + 1
    if what != "bookings":
        assert len(table.rows) > 0
    assert all(cell.data_type != "f" for cell in cells)
    data = csv_bytes(table, w)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert all(len(row) == len(table.columns) for row in rows)
    texts = [cell for row in rows for cell in row if not cell.lstrip("-").replace(".", "").isdigit()]
    assert not [cell for cell in texts if cell[:1] in ("=", "+", "-", "@")]


def test_the_register_has_a_line_for_each_reception(over: Company) -> None:
    table = export_table(over.session("林小雨"), "register", date(2026, 1, 1), date(2026, 12, 31))
    row = dict(zip(table.columns, table.rows[0], strict=True))
    assert (row["position"], row["headcount"], row["hosts"]) == (1, 6, ("周建国",))
    assert isinstance(row["on"], date)
    assert float(str(row["over"])) == 80.0
    assert float(str(row["paid"])) == 4070.0 + 80.0
    sheet: Any = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(table, words("zh")))).active
    head = [cell.value for cell in sheet[1]]
    line = dict(zip(head, sheet[2], strict=True))
    assert line["日期"].is_date
    assert line["实际费用"].value == 4150
    assert line["人数"].value == 6


# -- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def jiedai(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any) -> Any:
    """Runs `jiedai export`; its exit code, data and words."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.chdir(tmp_path)
    store = open_store(tmp_path / "desk.db")
    with write():
        Person.create(name="林小雨")
        at = datetime(2026, 12, 1, 10)
        Visit.create(number="2026-0001", state="approved", client_name="江南智造", headcount=3, comes=at, arrive=at,
                     goes=at + timedelta(hours=5), depart=at + timedelta(hours=5), changed_utc=at)  # fmt: skip
    store.close()

    def run_it(*given: str) -> tuple[int, bytes, str]:
        code = run(["export", *given, "--store", "desk.db", "--config", str(CONFIG)],
                   lambda: datetime(2026, 11, 30, 8, tzinfo=SHANGHAI))  # fmt: skip
        told = capfdbinary.readouterr()
        return code, told.out, told.err.decode()

    return run_it


def test_a_file_or_standard_output(jiedai: Any, tmp_path: Path) -> None:
    code, out, _ = jiedai("ics", "--visit", "2026-0001")
    assert code == 0
    assert "江南智造" in vobject.readOne(out.decode()).vevent.summary.value
    assert jiedai("ics", "feed.ics")[:2] == (0, b"")
    assert (tmp_path / "feed.ics").read_bytes() == jiedai("ics")[1]
    assert jiedai("visits", "v.xlsx")[0] == 0
    assert openpyxl.load_workbook(tmp_path / "v.xlsx").active["A2"].value == "2026-0001"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".") and "ics" in path.name] == []


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (("moon",), 2, "moon"),
        (("visits", "v.doc"), 2, ".xlsx"),
        (("ics", "feed.csv"), 2, ".ics"),
        (("visits", "nowhere/v.csv"), 1, "nowhere/v.csv"),
        (("ics", "--visit", "2099-1"), 1, "2099-1"),
    ],
)
def test_what_cannot_be_written_is_said(jiedai: Any, given: tuple[str, ...], code: int, said: str) -> None:
    found, out, told = jiedai(*given)
    assert (found, out) == (code, b"")
    assert said in told
