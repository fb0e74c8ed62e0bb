"""The worked example of the regulation, figure by figure."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal

from models.policy.answer import answer_json
from models.policy.judge import judge
from models.policy.model import Policy
from tests.unit.asked import EXAMPLE, duty_ids, example


def test_the_answer_as_json(default_policy: Policy) -> None:
    """Route, notice, plan and verdict as the regulation works them out; amounts in minor units."""
    said = answer_json(judge(default_policy, EXAMPLE), default_policy, "zh")
    assert json.loads(json.dumps(said)) == said
    assert [(step["posts"], step["what"]) for step in said["route"]] == [
        (["marketing_head"], "opinion"),
        (["general_manager"], "decide"),
    ]
    assert said["notice"] == {"needed": 3, "given": 7, "unit": "d", "late": False, "state": "in_time"}
    assert said["plan"]["total"] == 407_000
    assert said["currency"] == {"code": "CNY", "minor": 2}
    assert said["policy"] == {"effective": "2014-04-07", "sha256": default_policy.sha256}
    assert len(said["duties"]) == 29
    assert said["verdict"] == "fits"


def test_the_duties(default_policy: Policy) -> None:
    """All but R44, R56, R57, R59 and R60 of the 34."""
    everything = {f"R{number}" for number in range(36, 70)}
    assert duty_ids(judge(default_policy, EXAMPLE)) == everything - {"R44", "R56", "R57", "R59", "R60"}


def test_the_lines(default_policy: Policy) -> None:
    """A10: 13 diners at 150, four bottles at 500 and three packets at 40, as lines of their own after their meal."""
    lines = judge(default_policy, EXAMPLE).plan
    assert [(line.item, line.per, line.quantity, line.cap, line.amount, line.rule) for line in lines] == [
        ("meal", "person_meal", Decimal(13), 15_000, 195_000, "R75"),
        ("drink", "bottle", Decimal(4), 50_000, 200_000, "R79"),
        ("tobacco", "pack", Decimal(3), 4_000, 12_000, "R83"),
        ("lodging", "night", Decimal(6), None, None, "R87"),
    ]


def test_named_due_times(default_policy: Policy) -> None:
    """The due times the regulation names, at the example's arrival 2026-11-30 10:20 and departure 12-01 15:00."""
    answer = judge(default_policy, example(services=("car", "tour", "fruit"), wants=("return_tickets",)))
    due = {duty.id: duty.due for duty in answer.duties}
    day_before = datetime(2026, 11, 29, 17)
    assert {due[each] for each in ("R39", "R41", "R52", "R58", "R61", "R63")} == {day_before}
    assert due["R42"] == datetime(2026, 11, 30, 9, 50)
    assert {due[each] for each in ("R53", "R54", "R55")} == {datetime(2026, 11, 30, 9, 20)}
    assert due["R36"] == due["R62"] == EXAMPLE.arrive
    assert due["R59"] == datetime(2026, 11, 30, 17)
    assert due["R67"] == datetime(2026, 11, 29, 10, 20)
    assert due["R69"] == EXAMPLE.depart
    at = {stage.id: stage.at for stage in answer.stages}
    assert at["dining"] is not None
    assert at["tour"] is not None
    assert due["R64"] == at["dining"].replace(day=29)
    assert due["R65"] == due["R66"] == at["tour"].replace(hour=at["tour"].hour - 1)
    assert due["R37"] == at["introduction"]
