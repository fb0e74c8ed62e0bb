"""Who has a seat and who has none: counted in one way, proposed, and kept when guests, groups or days change."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from models.policy.holding import Clash
from models.services import bookings
from tests.unit.booking import NINE, codes, garage, row, version
from tests.unit.life import refuses
from tests.unit.test_booking_approval import persons


def test_a_car_without_a_class_is_as_bad_as_one_below_it(tmp_path: Path) -> None:
    """R90, R91: nobody can say that it is of the class asked for; R92, A8: where none is, any car will do."""
    with garage(tmp_path) as g:
        g.add("car", "Van", seats=7)
        with refuses("clashes") as refusal:
            g.book(g.visit(), "Van")
        (clash,) = cast(tuple[Clash, ...], refusal.value.phrase.facts["clashes"])
        assert (clash.code, clash.level, clash.rule) == ("ungraded", "reason", "R90")
        apart = g.visit("routine", host="王海峰", client="鹏程线缆", services=("car",))
        assert g.book(apart, "Van", NINE.replace(hour=13)).clashes == ()


@pytest.mark.parametrize("level", ["info", "warn", "reason", "block"])
def test_a_driver_of_two_cars_of_one_visit_is_as_bad_as_of_two_visits(tmp_path: Path, level: str) -> None:
    with garage(tmp_path, persons(level)) as g:
        g.add("car", "Golf", grade="passat", seats=4, driver=g.who.ids["张德胜"])
        visit = g.visit("business", host="李卫东", headcount=4)
        first = g.book(visit, "BMW", people=2).booking
        if level in ("info", "warn"):
            assert [(each.code, each.level) for each in g.book(visit, "Golf", people=2).clashes] == [("twice", level)]
            return
        with refuses("clashes" if level == "reason" else "clashes_block") as refusal:
            g.book(visit, "Golf", people=2)
        (clash,) = cast(tuple[Clash, ...], refusal.value.phrase.facts["clashes"])
        assert (clash.code, clash.hold.name) == ("twice", "张德胜")
        apart = g.book(visit, "Golf", NINE.replace(hour=13), people=2)
        with refuses("clashes" if level == "reason" else "clashes_block"):
            bookings.move(g.desk, apart.booking or 0, NINE, seen=version(visit))
        if level == "reason":
            reasons = {f"twice:driver:{first}": "two runs"}
            kept = bookings.move(g.desk, apart.booking or 0, NINE, seen=version(visit), reasons=reasons)
            assert (codes(kept.clashes), row(apart.booking).reasons) == ({"twice"}, reasons)
