"""Which cap a line is over, where several hold, and how that is said where there is no price."""

from __future__ import annotations

from models.policy.case import PlannedMeal
from models.policy.judge import judge
from tests.unit.asked import MONDAY, plain, small, with_code
from tests.unit.examples import tried


def test_over_is_against_the_narrowest_cap_exceeded() -> None:
    """Four at 110: 40 over by the head, 140 over by the meal; both are found, the line shows the greater."""
    for rows in (
        (("person_meal", 100, "head"), ("meal", 300, "whole")),
        (("meal", 300, "whole"), ("person_meal", 100, "head")),
    ):
        caps = "".join(
            f'[[cap]]\nid = "{name}"\nitem = "meal"\nper = "{per}"\nmost = {most}\n' for per, most, name in rows
        )
        answer = judge(small(caps), plain(meals=(PlannedMeal(on=MONDAY, guests=4, price=11_000),)))
        assert (answer.plan[0].over, answer.plan[0].rule) == (14_000, "whole")
        assert {finding.rule for finding in with_code(answer, "cap")} == {"head", "whole"}


def test_exactly_the_least_is_enough() -> None:
    """At least 50 a head: 50 fits, 49 is below."""
    policy = small('[[cap]]\nitem = "meal"\nper = "person_meal"\nleast = 50')
    for price, found in ((5_000, 0), (4_900, 1)):
        answer = judge(policy, plain(meals=(PlannedMeal(on=MONDAY, guests=4, price=price),)))
        assert len(with_code(answer, "least")) == found


def test_what_is_not_allowed_and_has_no_price_is_said_without_figures() -> None:
    """Authority: a gift without a price is none allowed, not 0 above a standard of 0; one at 10 is over by 10."""
    answer = tried("authority", costs=[{"item": "gift"}, {"item": "activity", "price": 10}])
    assert [each["text"] for each in answer["findings"] if each["code"] == "cap"] == [
        "Gift: none allowed",
        "Activity over standard: 10 for the visit, standard 0, over by 10",
    ]
    room = tried("briefing_centre", lodging=[{"people": 2}])
    assert [each["text"] for each in room["findings"] if each["code"] == "cap"] == [
        "Lodging: not provided; the guest pays"
    ]
