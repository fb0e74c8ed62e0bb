"""Stages and duties of the default policy: each with its condition, party and due time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.policy.answer import DutyAnswer
from models.policy.case import Request
from models.policy.judge import judge
from models.policy.load import load_text
from models.policy.model import Policy
from tests.unit.asked import DEFAULT, LUNCH, changed, codes, duty_ids, example, plain, small

BARE = example(services=(), meals=(), lodging=(), tier="distinguished")
"""A Distinguished visit with nothing asked for."""


def duty(policy: Policy, request: Request, name: str) -> DutyAnswer:
    """One duty that applies."""
    return next(duty for duty in judge(policy, request).duties if duty.id == name)


def test_duties_of_every_visit(default_policy: Policy) -> None:
    """Whatever is asked for: R36 R37 of the lead host, R39 R40 R41 R42 of Marketing, R46 of Technology, R47 R48 of
    Production, R49 of Supply, R50 R51 of Quality, R53 R55 of the Office (A20: one duty for caption and big screen), R61
    R62 of Logistics, R67 R68 R69 of the project sales lead."""
    answer = judge(default_policy, BARE)
    parties = {each.id: each.party for each in answer.duties}
    assert parties == {
        **dict.fromkeys(("R36", "R37"), "@lead_host"),
        **dict.fromkeys(("R39", "R40", "R41", "R42"), "marketing"),
        "R46": "technology",
        **dict.fromkeys(("R47", "R48"), "production"),
        "R49": "supply",
        **dict.fromkeys(("R50", "R51"), "quality"),
        **dict.fromkeys(("R53", "R55"), "office"),
        **dict.fromkeys(("R61", "R62"), "logistics"),
        **dict.fromkeys(("R67", "R68", "R69"), "project_sales_lead"),
    }


@pytest.mark.parametrize(
    ("wished", "added"),
    [
        ({"services": ("car",)}, {"R52"}),
        ({"services": ("tour",)}, {"R45", "R65", "R66"}),
        ({"services": ("fruit",)}, {"R63"}),
        ({"services": ("caption", "leaders", "other")}, set()),
        ({"wants": ("activities",)}, {"R44", "R60"}),
        ({"wants": ("gifts",)}, {"R57"}),
        ({"wants": ("return_tickets",)}, {"R59"}),
        ({"meals": (LUNCH,)}, {"R43", "R64"}),
        ({"meals": (replace(LUNCH, venue="outside"),)}, {"R56"}),
        ({"meals": (LUNCH, replace(LUNCH, venue="outside"))}, {"R43", "R64", "R56"}),
        ({"lodging": example().lodging}, {"R58"}),
        ({"tier": "vip"}, {"R38", "R54", "R63"}),
    ],
)
def test_what_a_wish_adds(default_policy: Policy, wished: dict[str, object], added: set[str]) -> None:
    """R52 with a car; R45 R65 R66 with a tour; R63 with fruit, or for VIP, whose flowers are bought; R44 R60 with
    activities; R57 with gifts; R59 with return tickets (A23: any); R43 R64 with an in-house meal and R56 with one
    outside (A22: each meal's place decides); R58 with lodging; R38 R54 for VIP (A7: beside the car)."""
    more = judge(default_policy, replace(BARE, **wished))  # type: ignore[arg-type]  # by field
    assert duty_ids(more) - duty_ids(judge(default_policy, BARE)) == added


def test_thirty_four_duties(default_policy: Policy) -> None:
    """R97: VIP has all 34 with everything wanted; R95: Distinguished is the baseline of 32."""
    everything = {
        "services": ("car", "tour", "fruit"),
        "wants": ("activities", "gifts", "return_tickets"),
        "meals": (LUNCH, replace(LUNCH, venue="outside")),
        "lodging": example().lodging,
    }
    assert len(judge(default_policy, example(**everything)).duties) == 34
    assert len(judge(default_policy, example(tier="distinguished", **everything)).duties) == 32
    dropping = judge(default_policy, example(tier="business", **everything)).duties
    assert {each.id for each in dropping if each.may_drop} == {"R43", "R48", "R51", "R55", "R57", "R60", "R66"}


def test_simplified(default_policy: Policy) -> None:
    """R96, A25: at Business and Routine duties may be dropped but are there; at Distinguished and VIP none may."""
    for tier, droppable in (("vip", False), ("distinguished", False), ("business", True), ("routine", True)):
        answer = judge(default_policy, replace(BARE, tier=tier, services=("fruit",)))
        assert {each.may_drop for each in answer.duties if each.id in ("R48", "R51", "R55")} == {droppable}
        parts = next(each for each in answer.duties if each.id == "R53").parts
        assert [part.text.say("zh") for part in parts if part.may_drop] == (
            ["水果", "专人现场服务"] if droppable else []
        )


def test_meeting_room_parts(default_policy: Policy) -> None:
    """R53: six things to do, the fruit only when it is bought (R63); A21: the purchase comes first."""
    with_fruit = duty(default_policy, replace(BARE, services=("fruit",)), "R53")
    assert (len(with_fruit.parts), with_fruit.after) == (6, ("R63",))
    without = duty(default_policy, BARE, "R53")
    assert (len(without.parts), without.after) == (5, ())
    buying = duty(default_policy, replace(BARE, services=("fruit",)), "R63")
    assert buying.due is not None
    assert with_fruit.due is not None
    assert buying.due < with_fruit.due


def test_attendants_need_a_name(default_policy: Policy) -> None:
    """A31: the duties of an attendant ask for an assignee."""
    answer = judge(default_policy, replace(BARE, meals=(LUNCH,)))
    assert {each.id for each in answer.duties if each.assignee} == {"R43", "R53"}


def test_ten_stages(default_policy: Policy) -> None:
    """In this order: R26 R27 R28 R29 R30 R31 R32 R33 R34 R35; one not asked for is there as not applicable."""
    answer = judge(default_policy, BARE)
    assert [stage.id for stage in answer.stages] == [
        "pick_up", "welcome", "introduction", "talks", "tour", "dining", "lodging", "activities", "gifts", "send_off",
    ]  # fmt: skip
    assert [stage.id for stage in answer.stages if stage.applies] == ["welcome", "introduction", "talks"]
    assert all(stage.applies for stage in judge(default_policy, example(wants=("activities", "gifts"))).stages)


def test_leisure_alone(default_policy: Policy) -> None:
    """A16: leisure as the only purpose warns; beside another it does not."""
    assert ("warn", "check", "A16") in codes(judge(default_policy, replace(BARE, purposes=("leisure",))))
    for more in (("leisure", "signing"), ("inspection",), ()):
        assert ("warn", "check", "A16") not in codes(judge(default_policy, replace(BARE, purposes=more)))


def test_an_added_tier() -> None:
    """A tier more in the file is a tier more in every answer: its route, its caps by column, its duties."""
    text = DEFAULT.replace('[[tier]]\nid = "vip"', '[[tier]]\nid = "royal"\n\n[[tier]]\nid = "vip"', 1).replace(
        "most = { vip = 150,", "most = { royal = 300, vip = 150,", 1
    )
    text = text.replace("[[route]]", '[[route]]\nwhen = { tier = "royal" }\nsteps = []\n\n[[route]]', 1)
    answer = judge(load_text(text), example(tier="royal"))
    assert (answer.route, answer.plan[0].cap, answer.plan[1].cap) == ((), 30_000, None)
    assert "R38" not in duty_ids(answer)


def test_a_changed_condition() -> None:
    """Another condition in the file moves the duty."""
    policy = changed('due = "pick_up"\nwhen = { tier = "vip" }', 'due = "pick_up"')
    assert "R38" in duty_ids(judge(policy, BARE))


def test_due_without_a_time() -> None:
    """An anchor that has no time yet is said in words; working days go by the calendar; no due is the stage's."""
    policy = small("""
[[stage]]
id = "open"
[[stage]]
id = "talk"
at = "arrive +1h"
[[duty]]
id = "a"
party = "desk"
text = "a"
due = "close 10d"
[[duty]]
id = "b"
party = "desk"
text = "b"
stage = "open"
[[duty]]
id = "c"
party = "desk"
text = "c"
stage = "talk"
[[duty]]
id = "d"
party = "desk"
text = "d"
due = "arrive -2wd 09:30"
[[duty]]
id = "e"
party = "desk"
text = "e"
""")
    duties = {each.id: each for each in judge(policy, plain()).duties}
    assert (duties["a"].due, duties["a"].due_words) == (None, "close +10d")
    assert (duties["b"].due, duties["b"].due_words) == (None, "open")
    assert str(duties["c"].due) == "2026-11-09 11:00:00"
    assert str(duties["d"].due) == "2026-11-05 09:30:00"  # the Thursday before that Monday
    assert (duties["e"].due, duties["e"].due_words) == (None, None)
