"""What an approval finds: a host who is needed elsewhere is the approver's to settle, a car is shown as competing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.queries.request_lists import preview
from models.services.arrangement_verbs import amend
from models.services.visit_form import read_form
from tests.unit.booking import COORDINATOR, NINE, Garage, garage, now, strict, version
from tests.unit.life import form, refuses, said, submitted
from tests.unit.life import visit as stored


def persons(level: str) -> str:
    """The default regulation, with another level for a person in two places."""
    return strict(level).replace('thing = ["car", "room"]\nclash = "twice"', 'thing = "person"\nclash = "twice"', 1)


def asked(g: Garage, **changes: Any) -> int:
    """A request with the host of another visit, at its last step."""
    done = submitted(g.who, form(g.who, "business", host="李卫东", client="鹏程线缆", **changes))
    said(g.who, "王海峰", done)
    return done.visit


@pytest.mark.parametrize("level", ["info", "warn"])
def test_a_host_in_two_places_is_only_said(tmp_path: Path, level: str) -> None:
    with garage(tmp_path, persons(level)) as g:
        g.visit("business", host="李卫东")
        visit = asked(g)
        assert said(g.who, "李卫东", now(visit)).state == "approved"
        assert ("twice", level, "李卫东") in g.clashes(visit)


def test_a_host_in_two_places_wants_a_reason(tmp_path: Path) -> None:
    with garage(tmp_path, persons("reason")) as g:
        g.visit("business", host="李卫东")
        visit = asked(g)
        with refuses("findings"):
            said(g.who, "李卫东", now(visit))
        done = said(g.who, "李卫东", now(visit), reasons={"host_busy": "both in the same hall"})
        assert done.state == "approved"
        assert stored(done).reasons["host_busy"] == "both in the same hall"


def test_a_host_in_two_places_is_replaced_where_that_blocks(tmp_path: Path) -> None:
    with garage(tmp_path, persons("block")) as g:
        g.visit("business", host="李卫东")
        visit = asked(g)
        with refuses("findings"):
            said(g.who, "李卫东", now(visit), reasons={"host_busy": "why"})
        done = said(g.who, "李卫东", now(visit), hosts=(g.who.ids["何志明"],))
        assert done.state == "approved"
        assert all(code != "twice" for code, _, _ in g.clashes(visit))


def test_a_change_may_not_put_a_host_in_two_places(tmp_path: Path) -> None:
    with garage(tmp_path, persons("block")) as g:
        g.visit("business", host="李卫东")
        far = {"arrive": NINE.replace(month=12, day=7), "depart": NINE.replace(month=12, day=7, hour=16), "meals": ()}
        visit = g.visit("business", host="李卫东", client="鹏程线缆", **far)
        old = read_form(stored(now(visit)))
        with refuses("findings"):
            amend(
                g.who.session(COORDINATOR),
                visit,
                replace(old, arrive=NINE.replace(hour=10), depart=NINE.replace(hour=16)),
                expected=version(visit),
            )


def test_who_decides_sees_what_competes(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        visit = asked(g)
        g.book(visit, "R1", NINE)
        g.book(visit, "R2", NINE)
        g.book(g.visit(), "R1", NINE, 3)
        other = submitted(g.who, form(g.who, "business", host="何志明", client="远东电缆")).visit
        g.book(other, "R2", NINE)
        found = preview(g.who.session("李卫东"), visit)
        assert found is not None
        assert [(each.thing, each.client, each.firm) for each in found.competing] == [
            ("R1", "江南智造集团", True),
            ("R2", "远东电缆", False),
        ]
