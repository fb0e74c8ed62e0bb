"""The fields of the form's rows are said once: store, names, cells and what `try` reads go by the same table."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import fields
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.form import BESIDE, FORM, LEG, ROWS, CostEntry, Form, FormGuest, FormLeg, MealEntry, RoomEntry
from models.schema.store import open_store, reading
from models.schema.tables import Visit
from models.services.request_verbs import new_draft
from models.services.visit_form import TABLES
from models.words import Unreadable, words
from models.words.catalogue import LANGUAGES
from screens.kit.cells import Cells
from tests.unit.life import Company

ARRANGED: dict[str, type] = {"guests": FormGuest, "meals": MealEntry, "lodging": RoomEntry, "costs": CostEntry}
VALUES: dict[str, Any] = {
    "line": "东湖 <宾馆>", "day": date(2026, 11, 30), "time": time(18, 30), "count": 3, "quantity": Decimal("2.5"),
    "money": 12050, "choice": "vip", "place": "杭州", "mark": True, "posts": ("driver", "guide"), "people": (3, 1),
}  # fmt: skip


@pytest.mark.parametrize("table", ROWS)
def test_every_field_of_a_row_has_its_place(table: str) -> None:
    known = {**ROWS[table], **BESIDE.get(table, {})}
    assert {each.name for each in fields(ARRANGED[table])} == set(known)
    assert set(known) <= set(TABLES[table]._meta.fields), "each has its column"
    labels = {spec.label for spec in known.values()}
    assert all(words(code).has(f"fields.{label}") for code in LANGUAGES for label in labels)


def test_every_field_of_the_form_itself_has_its_place() -> None:
    assert set(FORM) <= {each.name for each in fields(Form)}
    assert set(FORM) - {"tier"} <= set(Visit._meta.fields)
    assert all(words(code).has(f"fields.{spec.label}") for code in LANGUAGES for spec in FORM.values())


def test_every_field_of_a_way_has_its_place() -> None:
    assert {each.name for each in fields(FormLeg)} == {*LEG, "at"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", ROWS)
def test_what_a_cell_holds_is_typed_and_read_back(who: Company, table: str, language: str) -> None:
    cells = Cells(words(language), who.policy, date(2026, 11, 30))
    for name, spec in {**ROWS[table], **BESIDE.get(table, {})}.items():
        if spec.kind != "names":  # chosen of the visit's guests
            cell, value = cells.one(name, spec), VALUES[spec.kind]
            assert cell.value(cell.read(cell.text(value))) == value, name
            assert cell.title


def test_a_cell_takes_no_more_than_its_field(who: Company) -> None:
    """In a table as in a box: no night fewer than one, nobody fewer than none."""
    cells = Cells(words("en"), who.policy, date(2026, 11, 30)).all(ROWS["lodging"])
    assert cells["nights"].read("2") == "2"
    for name, typed in (("nights", "0"), ("people", "-1"), ("people", "some"), ("on", "32"), ("price", "-1")):
        with pytest.raises(Unreadable):
            cells[name].read(typed)


def test_what_was_typed_and_not_read_is_kept_by_a_store_of_before(who: Company, tmp_path: Path) -> None:
    raw = {"lodging.0.room_price": "many", "costs.1.unit_price": "1,,", "meals.0.price": "x", "costs": "room_price"}
    saved = new_draft(who.session("刘晓燕"), Form(raw=raw))
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(tmp_path / "store.db")) as now, closing(sqlite3.connect(old)) as copy:
        now.backup(copy)
        copy.execute("DELETE FROM jiedai_migration WHERE name = '0017_fields'")
        copy.commit()
    before = open_store(old)
    try:
        with reading():
            assert Visit.get_by_id(saved.visit).raw == {
                "lodging.0.price": "many", "costs.1.price": "1,,", "meals.0.price": "x", "costs": "room_price",
            }  # fmt: skip
    finally:
        before.close()
