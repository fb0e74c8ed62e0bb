"""Requests and policies for tests of the engine: the worked example, and a small organisation to add rows to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from models.policy.answer import Answer, Finding
from models.policy.case import PlannedLodging, PlannedMeal, Request
from models.policy.load import load_text
from models.policy.model import Policy

DEFAULT = (Path(__file__).parents[2] / "config.toml").read_text("utf-8")
FIRST = date(2026, 11, 30)

LUNCH = PlannedMeal(on=FIRST, guests=6, companions=7, meal="lunch", venue="in_house", bottles=4, packs=3)

EXAMPLE = Request(
    kind="customer",
    tier="vip",
    client="江南智造集团",
    headcount=6,
    requested_at=datetime(2026, 11, 23, 9),
    arrive=datetime(2026, 11, 30, 10, 20),
    depart=datetime(2026, 12, 1, 15),
    services=("car", "tour"),
    meals=(LUNCH,),
    lodging=(PlannedLodging(on=FIRST, people=6),),
)
"""The worked example of the regulation."""

SMALL = """
effective = 2026-01-01
judged_on = "request"
currency = { code = "CNY", minor = 2 }
kind = [{ id = "business", owner = "desk" }, { id = "public", owner = "desk" }]
department = [{ id = "desk", head = "head" }, { id = "lab", head = "lab_head" }]
post = [
  { id = "president", rank = "minister" },
  { id = "dean", up = "president", rank = "bureau" },
  { id = "vice_dean", up = "dean", rank = "bureau" },
  { id = "head", up = "dean", department = "desk" },
  { id = "lab_head", up = "dean", department = "lab" },
  { id = "clerk", up = "head", department = "desk" },
  { id = "driver", up = "head", department = "desk" },
]
[list]
rank = ["minister", "bureau", "other"]
item = ["meal", "drink", "tobacco", "lodging", "gift", "car", "activity"]
meal = ["breakfast", "lunch", "dinner", "banquet"]
venue = ["in_house", "outside"]
purpose = ["talks", "leisure"]
service = ["car"]
want = ["gifts"]
lodging = ["four_star", "three_star", "inn"]
band = ["A", "B", "C"]
score = ["turnover", "influence", "closeness"]
fund = ["state", "donation"]
"""
ROUTE = """
[[route]]
steps = [{ by = "@owner_head", do = "opinion" }, { by = "dean", do = "decide" }]
"""
TIERS = 'tier = [{ id = "high" }, { id = "middle" }, { id = "low" }]\n'

PLAIN = Request(
    kind="business",
    client="Acme",
    headcount=4,
    requested_at=datetime(2026, 11, 2, 9),  # a Monday
    arrive=datetime(2026, 11, 9, 10),
    depart=datetime(2026, 11, 10, 16),
)
MONDAY = PLAIN.arrive.date()


def small(rows: str = "", *, route: str = ROUTE, tiers: bool = False) -> Policy:
    """The small organisation with these rows added."""
    return load_text((TIERS if tiers else "") + SMALL + route + rows)


def example(**changes: Any) -> Request:
    """The worked example, changed."""
    return replace(EXAMPLE, **changes)


def plain(**changes: Any) -> Request:
    """A request to the small organisation."""
    return replace(PLAIN, **changes)


def changed(old: str, new: str) -> Policy:
    """The default file with one text in it replaced, which must be there."""
    assert old in DEFAULT, old
    return load_text(DEFAULT.replace(old, new, 1))


def with_code(answer: Answer, code: str) -> list[Finding]:
    """The findings of one code."""
    return [finding for finding in answer.findings if finding.code == code]


def codes(answer: Answer) -> list[tuple[str, str, str | None]]:
    """Level, code and rule of each finding."""
    return [(finding.level, finding.code, finding.rule) for finding in answer.findings]


def duty_ids(answer: Answer) -> set[str]:
    """Which duties apply."""
    return {duty.id for duty in answer.duties}
