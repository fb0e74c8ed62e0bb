"""A changed file changes what the program does, with no code touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from models.policy.answer import Answer
from models.policy.case import PlannedMeal, Request
from models.policy.judge import judge
from models.policy.load import load_text
from tests.unit.policy_texts import changed

DEFAULT = (Path(__file__).parents[2] / "config.toml").read_text("utf-8")
ARRIVE = datetime(2026, 11, 30, 10, 20)
REQUEST = Request(
    kind="customer",
    tier="routine",
    client="南岭变压器厂",
    headcount=4,
    requested_at=datetime(2026, 11, 28, 9),
    arrive=ARRIVE,
    depart=datetime(2026, 11, 30, 17),
    meals=(PlannedMeal(on=ARRIVE.date(), guests=4, companions=2, meal="lunch", venue="in_house"),),
)


def asked(text: str, tier: str = "routine") -> Answer:
    """What a policy's text says to the request for a tier."""
    return judge(load_text(text), replace(REQUEST, tier=tier))


def route(answer: Answer) -> list[tuple[str, ...]]:
    """The posts of the route's steps."""
    return [step.posts for step in answer.route]


def test_an_approver_moved() -> None:
    """R13: the approver of a tier is the file's, not the code's."""
    moved = changed(
        'id = "R13"\nwhen = { tier = "distinguished" }\n'
        'steps = [{ by = "@owner_head", do = "opinion" }, { by = "deputy_general_manager_in_charge", do = "decide" }]',
        'id = "R13"\nwhen = { tier = "distinguished" }\nsteps = [{ by = "office_director", do = "decide" }]',
        DEFAULT,
    )
    assert route(asked(DEFAULT, "distinguished")) == [("marketing_head",), ("deputy_general_manager_in_charge",)]
    assert route(asked(moved, "distinguished")) == [("office_director",)]


def test_a_tier_added() -> None:
    """R3: a fifth tier above the others has its route, host and standards as soon as the file has them."""
    text = changed('[[tier]]\nid = "vip"', '[[tier]]\nid = "state"\nname = "国宾级"\n\n[[tier]]\nid = "vip"', DEFAULT)
    text += '\n[[route]]\nwhen = { tier = "state" }\nsteps = [{ by = "general_manager" }]\n'
    text += '\n[[lead_host]]\nwhen = { tier = "state" }\nposts = ["general_manager"]\n'
    text = changed("most = { vip = 150,", "most = { state = 300, vip = 150,", text)
    answer = asked(text, "state")
    assert load_text(text).tiers[0].name.say("en") == "国宾级"
    assert route(answer) == [("general_manager",)]
    assert answer.lead_host.posts == ("general_manager",)
    assert answer.total == 6 * 300_00


def test_a_cap_changed() -> None:
    """R78: the look-up and the plan follow the file."""
    text = changed("business = 80, routine = 60", "business = 80, routine = 55.50", DEFAULT)
    assert (asked(DEFAULT).total, asked(text).total) == (6 * 60_00, 6 * 55_50)


def test_notice_changed() -> None:
    """R8: two days are late, unless the file asks for two."""
    text = changed('least = "3d"', 'least = "2d"', DEFAULT)
    assert (asked(DEFAULT).notice.late, asked(text).notice.late) == (True, False)


def test_a_duty_taken_out() -> None:
    """R64: a duty is the file's; the attendant of R43 stays."""
    start = DEFAULT.index('[[duty]]\nid = "R64"')
    text = DEFAULT[:start] + DEFAULT[DEFAULT.index("# Workshop", start) :]
    gone = {duty.id for duty in asked(DEFAULT).duties} - {duty.id for duty in asked(text).duties}
    assert gone == {"R64"}
    assert "R43" in {duty.id for duty in asked(text).duties}


def test_an_organisation_without_tiers() -> None:
    text = "\n".join(
        [
            'effective = 2026-01-01\njudged_on = "visit"\ncurrency = { code = "CNY" }\n[list]',
            '[[kind]]\nid = "customer"\n[[department]]\nid = "office"\nhead = "director"',
            '[[post]]\nid = "director"\n[[route]]\nsteps = [{ by = "@owner_head" }]',
        ]
    )
    answer = judge(load_text(text), replace(REQUEST, tier=None, meals=()))
    assert route(answer) == [("director",)]
    assert (answer.notice.late, answer.caps, answer.duties) == (False, (), ())
