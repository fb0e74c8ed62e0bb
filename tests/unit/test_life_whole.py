"""Whole lives on the real regulation, from the draft to the closed visit, with every duty worked out by hand."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from models.form import FormMeal
from models.schema import journal
from models.schema.store import reading
from models.schema.tables import Journal
from models.services.cost_verbs import close, enter_actual
from models.services.task_verbs import assign, tick
from models.words.catalogue import LANGUAGES, sentences
from tests.unit.life import Company, approved, came, expenses, form, left, received, tasks

ALL = {f"R{n}" for n in range(36, 70)}
DROPPABLE = {"R43", "R48", "R51", "R55", "R57", "R60", "R66"}
SERVICES = Path(__file__).parents[2] / "models" / "services"


def test_a_visit_of_the_highest_tier_from_draft_to_closed(who: Company) -> None:
    """R16, R36, R38, R43, R52, R54, R58, R64: the worked example with a second meal outside, run to its end."""
    lunch = FormMeal(date(2026, 11, 30), 6, 7, meal="lunch", venue="in_house", bottles=4, packs=3)
    dinner = FormMeal(date(2026, 11, 30), 6, 3, meal="dinner", venue="outside")
    done = approved(who, form(who, meals=(lunch, dinner)))
    assert set(tasks(done)) == ALL - {"R44", "R57", "R59", "R60"}
    for duty, task in tasks(done).items():
        version = 1
        if task.needs_assignee:
            version = assign(who.session("林小雨"), task.id, who.ids["林小雨"], expected=1).version
        assert tick(who.session("林小雨"), task.id, expected=version).state == "done", duty
    done = left(who, received(who, came(who, done, by="周建国")))
    for line in expenses(done).values():
        over = 10000 if line.item == "drink" else 0
        cost = (line.planned or 0) + over
        entered = enter_actual(
            who.session("林小雨"), line.id, expected=line.version, amount=cost, reason="客户指定" if over else ""
        )
        assert entered.over == over
    assert close(who.session("林小雨"), done.visit, expected=done.version).state == "closed"
    assert journal.verify().broken is None


@pytest.mark.parametrize(
    ("tier", "host", "missing", "droppable"),
    [
        ("vip", "周建国", set(), set()),
        ("distinguished", "李卫东", {"R38", "R54"}, set()),
        ("business", "李卫东", {"R38", "R54"}, DROPPABLE),
        ("routine", "王海峰", {"R38", "R54"}, DROPPABLE),
    ],
)
def test_with_everything_asked_for_each_tier_has_its_duties(
    who: Company, tier: str, host: str, missing: set[str], droppable: set[str]
) -> None:
    """R37, R95, R96, R97, A25: 34 duties at the highest tier, 32 below, seven of them droppable from Business down."""
    meals = (
        FormMeal(date(2026, 11, 30), 6, meal="lunch", venue="in_house"),
        FormMeal(date(2026, 11, 30), 6, venue="outside"),
    )
    everything = {"wants": ("activities", "gifts", "return_tickets"), "services": ("car", "tour", "fruit", "caption")}
    found = tasks(approved(who, form(who, tier, host=host, meals=meals, **everything)))
    assert set(found) == ALL - missing
    assert {duty for duty, task in found.items() if task.may_drop} == droppable


def test_each_party_has_its_tasks(who: Company) -> None:
    """R70: the worked example's 29 tasks by party."""
    assert Counter(task.party for task in tasks(approved(who, form(who))).values()) == {
        "@lead_host": 3, "marketing": 5, "technology": 2, "production": 2, "supply": 1, "quality": 2,
        "office": 5, "logistics": 4, "workshop": 2, "project_sales_lead": 3,
    }  # fmt: skip


def test_what_the_journal_tells_has_a_name_in_both_languages(who: Company) -> None:
    """Every verb that the services record is said by the catalogue."""
    source = "\n".join([path.read_text("utf-8") for path in SERVICES.glob("*.py")])
    opened = r'(?:journal\.record\(\s*session, |(?:changing|marking)\(\s*session, [^"=]*)"([a-z_.]+)"'
    recorded = set(re.findall(opened, source))
    assert {"submit", "decide", "cancel", "expense.removed", "person.add"} <= recorded
    approved(who, form(who))
    with reading():
        recorded |= {row.verb for row in Journal.select()}
    for language in LANGUAGES:
        assert {verb for verb in recorded if f"verbs.{verb}" not in sentences(language, "verbs")} == set()
