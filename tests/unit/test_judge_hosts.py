"""Lead hosts and companions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.policy.answer import CompanionLine, LeadHostAnswer
from models.policy.case import PlannedGuest, PlannedMeal
from models.policy.judge import judge
from models.policy.model import Policy
from tests.unit.asked import MONDAY, changed, codes, example, plain, small, with_code

DEPUTIES = ("deputy_general_manager", "deputy_general_manager_in_charge")


@pytest.mark.parametrize(
    ("tier", "host", "satisfied"),
    [
        ("vip", ("general_manager",), True),
        ("vip", ("deputy_general_manager",), False),
        ("vip", ("deputy_general_manager", "general_manager"), True),
        ("distinguished", ("deputy_general_manager",), True),
        ("distinguished", ("marketing_head",), False),
        ("distinguished", DEPUTIES, True),
        ("business", ("deputy_general_manager_in_charge",), True),
        ("business", ("general_manager",), True),
        ("routine", ("marketing_head",), True),
        ("routine", ("deputy_general_manager_in_charge",), True),
        ("routine", ("deputy_general_manager",), False),
        ("routine", ("technology_head",), False),
    ],
)
def test_lead_host(default_policy: Policy, tier: str, host: tuple[str, ...], satisfied: bool) -> None:
    """R20: the general manager for VIP; R21 and R22: at least one deputy, several allowed; R23: the head of Marketing.
    A15: a higher post satisfies too; else a reason is asked for."""
    answer = judge(default_policy, example(tier=tier, host=host))
    assert answer.lead_host.satisfied is satisfied
    assert [finding.level for finding in with_code(answer, "lead_host")] == ([] if satisfied else ["reason"])


def test_a_substitute_with_a_reason(default_policy: Policy) -> None:
    """A15: a substitute is an exception with a reason, which the approver still sees."""
    request = example(host=("deputy_general_manager",), reasons={"lead_host": "the general manager is abroad"})
    answer = judge(default_policy, request)
    assert (codes(answer), answer.verdict) == ([("reason", "lead_host", "R20")], "fits")


def test_nobody_named_yet(default_policy: Policy) -> None:
    """An empty field is an info at most."""
    answer = judge(default_policy, example(tier="business"))
    assert answer.lead_host == LeadHostAnswer(DEPUTIES, 1, False)
    assert (codes(answer), answer.verdict) == ([("info", "lead_host", "R22")], "fits")


def test_without_a_row() -> None:
    """No rule: no posts, and satisfied."""
    assert judge(small(), plain()).lead_host == LeadHostAnswer((), 0, True)


def test_at_least_two_and_not_higher() -> None:
    """At least n, and a row in which a higher post does not count."""
    policy = small('[[lead_host]]\nposts = ["dean", "vice_dean"]\nat_least = 2\nhigher = false\nbreach = "block"')
    assert judge(policy, plain(host=("dean", "vice_dean"))).lead_host.satisfied
    answer = judge(policy, plain(host=("president", "dean")))
    assert (answer.lead_host.satisfied, answer.verdict) == (False, "blocked")


def test_above_any_of_the_posts_will_do() -> None:
    """A15: who stands above one of the posts satisfies, whatever the others are."""
    policy = small('[[lead_host]]\nposts = ["head", "president"]\nhigher = true')
    assert judge(policy, plain(host=("dean",))).lead_host.satisfied
    assert not judge(policy, plain(host=("clerk",))).lead_host.satisfied


def test_named_substitute() -> None:
    """`instead` satisfies, with a finding at level reason."""
    policy = small('[[lead_host]]\nid = "h"\nposts = ["dean"]\ninstead = ["clerk"]\nbreach = "block"')
    answer = judge(policy, plain(host=("clerk",)))
    assert answer.lead_host.satisfied
    assert (codes(answer), answer.verdict) == ([("reason", "lead_host", "h")], "needs")


def test_equal_rank() -> None:
    """A host of the guest's rank, by the highest-ranking guest that counts."""
    policy = small('[[lead_host]]\nposts = ["@guest_rank"]')
    guests = (
        PlannedGuest("a", rank="other"),
        PlannedGuest("b", rank="bureau"),
        PlannedGuest("c", rank="minister", counts=False),
    )
    answer = judge(policy, plain(guests=guests, host=("vice_dean",)))
    assert answer.lead_host == LeadHostAnswer(("dean", "vice_dean"), 1, True)
    assert not judge(policy, plain(guests=guests, host=("head",))).lead_host.satisfied


def test_companions_offered(default_policy: Policy) -> None:
    """R24: six posts are offered by default, R25 and A24: the two project leads among them, named per visit;
    A14: not Quality, though it has duties; A28: no limit."""
    answer = judge(default_policy, example())
    assert answer.companions.posts == (
        "marketing_head", "technology_head", "production_head", "supply_head",
        "project_technical_lead", "project_sales_lead",
    )  # fmt: skip
    assert all(default_policy.post(post).per_visit for post in answer.companions.posts[4:])
    assert (answer.companions.max, answer.companions.lines) == (None, (CompanionLine("meal1", None, 7),))


PIECES = """
[[companions]]
id = "few"
when = { headcount = "..10" }
posts = ["head", "@applicant"]
most = 3
not_counted = ["driver"]
breach = "warn"
[[companions]]
id = "many"
most = { each = "1/3" }
never = { each = 1 }
"""


@pytest.mark.parametrize(
    ("guests", "companions", "level"),
    [(10, 3, None), (10, 4, "warn"), (11, 3, None), (11, 4, "reason"), (12, 4, None), (12, 13, "block")],
)
def test_companion_limits(guests: int, companions: int, level: str | None) -> None:
    """Up to ten guests 3, above a third rounded down, never more than the guests; per meal."""
    meal = PlannedMeal(on=MONDAY, guests=guests, companions=companions)
    answer = judge(small(PIECES), plain(headcount=guests, meals=(meal,)))
    assert [finding.level for finding in with_code(answer, "companions")] == ([level] if level else [])
    most = 3 if guests <= 10 else guests // 3
    assert answer.companions.max == most
    assert answer.companions.lines == (CompanionLine("meal1", most, companions),)


def test_linear_form() -> None:
    """Five guests equal, above five plus half the excess: base 5, over 5, each one half; never more than guests."""
    policy = small('[[companions]]\nmost = { base = 5, over = 5, each = "1/2" }\nnever = { each = 1 }')

    def most(guests: int) -> int | None:
        return judge(policy, plain(headcount=guests)).companions.max

    assert [most(guests) for guests in (2, 5, 6, 8, 11)] == [2, 5, 5, 6, 8]


def test_who_is_not_counted() -> None:
    """A driver among the companions does not count; a reference is resolved."""
    meal = PlannedMeal(on=MONDAY, guests=4, companions=4, companion_posts=("head", "clerk", "dean", "driver"))
    answer = judge(small(PIECES), plain(applicant="clerk", meals=(meal,)))
    assert answer.companions.lines == (CompanionLine("meal1", 3, 3),)
    assert answer.companions.posts == ("head", "clerk")
    assert not with_code(answer, "companions")
    more = judge(small(PIECES), plain(meals=(replace(meal, companions=5),)))
    assert [finding.level for finding in with_code(more, "companions")] == ["warn"]


def test_another_post_in_the_file() -> None:
    """A changed row changes the answer."""
    policy = changed('posts = ["general_manager"]', 'posts = ["marketing_head"]')
    assert judge(policy, example(host=("marketing_head",))).lead_host.satisfied
