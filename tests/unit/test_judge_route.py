"""Who decides and who receives: route, joint decisions, hosts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.policy.answer import Answer, CompanionLine, DecisionEffect, LeadHostAnswer, StepAnswer
from models.policy.case import Decided, People, PlannedCost, PlannedGuest, PlannedMeal
from models.policy.judge import Spent, actuals, decide, judge, route_for
from models.policy.model import Policy
from tests.unit.asked import EXAMPLE, MONDAY, changed, codes, example, plain, small, with_code

# -- judge route -------------------------------------------------------------------------------------------------------
#
# Who decides: the route, own requests, vacancies, and what a decision does.


HEAD, DEPUTY, MANAGER = "marketing_head", "deputy_general_manager_in_charge", "general_manager"


def stops(route: tuple[StepAnswer, ...]) -> list[tuple[tuple[str, ...], str]]:
    """Posts and kind of each step."""
    return [(step.posts, step.what) for step in route]


@pytest.mark.parametrize(("tier", "approver"), [("vip", MANAGER), ("distinguished", DEPUTY), ("business", DEPUTY)])
def test_who_approves(default_policy: Policy, tier: str, approver: str) -> None:
    """R6: Marketing owns customers' visits; R10: its opinion comes first, as a step of its own; R12: then the
    general manager; R13 and R14: the deputy in charge (A2: a post, held by a named person)."""
    route = route_for(default_policy, example(tier=tier))
    assert stops(route) == [((HEAD,), "opinion"), ((approver,), "decide")]


def test_routine_is_one_step(default_policy: Policy) -> None:
    """R15: the head of Marketing decides; A5: opinion and decision of one post are one step, both boxes filled.
    R18: the opinion is not lost."""
    (step,) = route_for(default_policy, example(tier="routine"))
    assert (step.posts, step.what, step.also) == ((HEAD,), "decide", ("opinion",))


def test_other_visitors(default_policy: Policy) -> None:
    """R98 and R2: the Office organises other visitors. A6: its director's opinion; A13: at Routine the decision too."""
    request = example(kind="other", tier="distinguished")
    assert stops(route_for(default_policy, request)) == [(("office_director",), "opinion"), ((DEPUTY,), "decide")]
    (step,) = route_for(default_policy, example(kind="other", tier="routine"))
    assert (step.posts, step.what) == (("office_director",), "decide")
    assert judge(default_policy, example(kind="other", tier="routine")).lead_host.posts == ("office_director",)


def test_moving_an_approver_in_the_file() -> None:
    """Another post in the row of VIP decides, with no code touched."""
    policy = changed('{ by = "general_manager", do = "decide" }', f'{{ by = "{DEPUTY}", do = "decide" }}')
    assert stops(route_for(policy, EXAMPLE))[-1] == ((DEPUTY,), "decide")


def test_raising_beyond_own_authority(default_policy: Policy) -> None:
    """A3, R11: the deputy raises Business to VIP, so it goes on to the general manager and is not approved."""
    request = example(tier="business")
    assert decide(default_policy, request, (DEPUTY,), "vip") == DecisionEffect("passed_on", (MANAGER,))
    assert decide(default_policy, request, (DEPUTY,), "distinguished") == DecisionEffect("approved", ())
    assert decide(default_policy, request, (MANAGER,), "vip") == DecisionEffect("approved", ())
    assert decide(default_policy, example(tier="routine"), (HEAD,), "business") == DecisionEffect(
        "passed_on", (DEPUTY,)
    )


def test_own_authority_is_the_post_or_one_above(default_policy: Policy) -> None:
    """A3: the general manager may decide what the deputy decides; a deputy who is not in charge may not."""
    request = example(tier="business")
    assert decide(default_policy, request, (MANAGER,), "business") == DecisionEffect("approved", ())
    assert decide(default_policy, request, ("deputy_general_manager",), "business") == DecisionEffect(
        "passed_on", (DEPUTY,)
    )


def test_a_signature_is_still_outstanding() -> None:
    """A decision is not the approval while somebody must sign besides; who has signed is not asked again."""
    policy = small('[[sign]]\nby = "president"')
    assert decide(policy, plain(), ("dean",), None) == DecisionEffect("passed_on", ("president",))
    assert decide(policy, plain(), ("dean", "president"), None) == DecisionEffect("approved", ())


def test_lowering_keeps_authority(default_policy: Policy) -> None:
    """A3: the general manager may decide a VIP request as Routine; the head of Marketing may not decide it as VIP."""
    assert decide(default_policy, EXAMPLE, (MANAGER,), "routine") == DecisionEffect("approved", ())
    assert decide(default_policy, EXAMPLE, (DEPUTY,), "vip") == DecisionEffect("passed_on", (MANAGER,))
    assert decide(default_policy, EXAMPLE, (HEAD,), "routine") == DecisionEffect("approved", ())


def test_lowering_keeps_authority_outside_the_chain() -> None:
    """A3: also where the lower tier's decider is not below the higher one's."""
    route = """
[[route]]
when = { tier = "high" }
steps = [{ by = "vice_dean", do = "decide" }]
[[route]]
steps = [{ by = "head", do = "decide" }]
"""
    policy = small(route=route, tiers=True)
    assert decide(policy, plain(tier="high"), ("vice_dean",), "low") == DecisionEffect("approved", ())
    assert decide(policy, plain(tier="low"), ("vice_dean",), "low") == DecisionEffect("passed_on", ("head",))


def test_decision_asked_in_a_request(default_policy: Policy) -> None:
    """What if this post decided so? Only when asked."""
    asked = example(tier="business", decision=Decided(DEPUTY, "vip"))
    assert judge(default_policy, asked).decision == DecisionEffect("passed_on", (MANAGER,))
    assert judge(default_policy, example(decision=Decided(MANAGER))).decision == DecisionEffect("approved", ())
    assert judge(default_policy, EXAMPLE).decision is None


def test_own_request_goes_up(default_policy: Policy) -> None:
    """A34: the head of Marketing asks for a Routine visit, so the deputy in charge decides; it is only told."""
    answer = judge(default_policy, example(tier="routine", applicant=HEAD, host=(HEAD,)))
    assert stops(answer.route) == [((DEPUTY,), "decide")]
    assert codes(answer) == [("info", "own_request", None)]
    assert answer.verdict == "fits"


def test_an_opinion_on_an_own_request_stays(default_policy: Policy) -> None:
    """A34 is about deciding: the head of Marketing asks for a VIP visit, gives the opinion, and does not decide."""
    answer = judge(default_policy, example(applicant=HEAD))
    assert stops(answer.route) == [((HEAD,), "opinion"), ((MANAGER,), "decide")]
    assert not with_code(answer, "own_request")


def test_own_request_at_the_top(default_policy: Policy) -> None:
    """A34: above the general manager is nobody: allowed, and flagged."""
    answer = judge(default_policy, example(applicant=MANAGER))
    assert stops(answer.route)[-1] == ((MANAGER,), "decide")
    assert [finding.level for finding in with_code(answer, "own_request")] == ["warn"]


def test_own_request_flagged() -> None:
    """A34 (cfg): with `flag` the step stays and a warning says so."""
    policy = changed('own_request = "up"', 'own_request = "flag"')
    answer = judge(policy, example(tier="routine", applicant=HEAD))
    assert stops(answer.route) == [((HEAD,), "decide")]
    assert [finding.level for finding in with_code(answer, "own_request")] == ["warn"]


def test_own_request_by_person(default_policy: Policy) -> None:
    """A34: with people it is the person that counts: who holds both deciding posts passes it on to the third."""
    people = People({HEAD: ("ann",), DEPUTY: ("bob",), MANAGER: ("cho",)}, applicant="bob")
    request = example(tier="business", applicant="project_sales_lead")
    answer = judge(default_policy, request, people)
    assert stops(answer.route) == [((HEAD,), "opinion"), ((MANAGER,), "decide")]
    other = People({HEAD: ("ann",), DEPUTY: ("bob", "dan"), MANAGER: ("cho",)}, applicant="bob")
    assert stops(judge(default_policy, request, other).route)[-1] == ((DEPUTY,), "decide")


def test_same_person_at_adjacent_steps(default_policy: Policy) -> None:
    """A5: who heads Marketing and is deputy in charge acts once."""
    both = People({HEAD: ("ann",), DEPUTY: ("ann",)})
    (step,) = route_for(default_policy, example(tier="business"), both)
    assert (step.posts, step.what, step.also) == ((DEPUTY,), "decide", ("opinion",))
    apart = People({HEAD: ("ann",), DEPUTY: ("bob",)})
    assert len(route_for(default_policy, example(tier="business"), apart)) == 2


def test_vacancy(default_policy: Policy) -> None:
    """A post that nobody holds is named; without people nothing is said."""
    answer = judge(default_policy, EXAMPLE, People({HEAD: ("ann",)}))
    assert [step.vacant for step in answer.route] == [False, True]
    assert codes(answer)[-1] == ("warn", "vacancy", None)
    assert not with_code(judge(default_policy, EXAMPLE), "vacancy")


def test_people_named_for_a_visit() -> None:
    """A24, R25: a project lead is who is named for this visit, whoever else holds such a post."""
    people = People({"project_sales_lead": ("ann", "bob")}, per_visit={"project_sales_lead": "bob"})
    assert people.holding(("project_sales_lead",)) == {"bob"}


def test_references() -> None:
    """Steps by reference: the head of the applicant's department, the post above the lead host."""
    policy = small(
        route="""
[[route]]
when = { kind = "business" }
steps = [{ by = "@department_head", do = "opinion" }, { by = "@lead_host.up", do = "decide" }]
[[route]]
steps = [{ by = "@applicant.up", do = "decide" }]
"""
    )
    route = route_for(policy, plain(applicant="clerk", host=("head",)))
    assert stops(route) == [(("head",), "opinion"), (("dean",), "decide")]
    assert stops(route_for(policy, plain(department="lab", host=("dean",))))[0] == (("lab_head",), "opinion")
    assert stops(route_for(policy, plain(kind="public", applicant="head"))) == [(("dean",), "decide")]
    nobody = judge(policy, plain())
    assert [step.posts for step in nobody.route] == [(), ()]
    assert [finding.level for finding in with_code(nobody, "vacancy")] == ["warn", "warn"]


def test_no_step_and_any_one_of() -> None:
    """A route without steps is legal; a list of posts is any one of them, minus who asks."""
    policy = small(
        route="""
[[route]]
when = { kind = "public" }
steps = []
[[route]]
steps = [{ by = ["dean", "vice_dean"], do = "decide" }]
"""
    )
    assert route_for(policy, plain(kind="public")) == ()
    assert decide(policy, plain(kind="public"), ("clerk",), None) == DecisionEffect("approved", ())
    assert stops(route_for(policy, plain())) == [(("dean", "vice_dean"), "decide")]
    answer = judge(policy, plain(applicant="vice_dean"))
    assert stops(answer.route) == [(("dean",), "decide")]
    assert [finding.level for finding in with_code(answer, "own_request")] == ["info"]


# -- judge joint -------------------------------------------------------------------------------------------------------
#
# Caps per meal over what was not written as part of the meal: a second bill of the same day.


JOINT = """
[[cap]]
id = "table"
item = ["meal", "drink"]
per = "person_meal"
most = 100
"""
TUESDAY = MONDAY + timedelta(days=1)


def meal(**changes: Any) -> PlannedMeal:
    """A dinner of ten at 80 each on the first day."""
    made = PlannedMeal(meal="lunch", venue=None, place="", on=MONDAY, guests=4, companions=6, price=8000)
    return replace(made, **changes)


def wine(price: int = 3000, **changes: Any) -> PlannedCost:
    """Ten bottles on a bill of their own, of the first day."""
    return replace(PlannedCost(item="drink", quantity=Decimal(10), price=price, on=MONDAY), **changes)


def over(answer: Answer) -> dict[str, int]:
    """By line what lies beyond its cap."""
    return {line.id: line.over for line in answer.plan if line.over}


def asked(*costs: PlannedCost, meals: tuple[PlannedMeal, ...] = (meal(),), rows: str = JOINT) -> Answer:
    """What a small policy says to these meals and bills."""
    return judge(small(rows), plain(meals=meals, costs=costs))


def test_a_second_bill_of_the_day_counts_to_the_meal() -> None:
    """10 × 80 + 10 × 30 against 10 × 100: the bill for the wine is 100 over, by the ten who dined."""
    answer = asked(wine())
    assert over(answer) == {"cost1": 10000}
    assert codes(answer) == [("reason", "cap", "table")]
    assert {line.id: line.of_cap for line in answer.plan} == {"meal1": 110, "cost1": 110}


@pytest.mark.parametrize(
    "bill",
    [
        pytest.param(wine(on=TUESDAY), id="of another day"),
        pytest.param(wine(item="gift"), id="of another item"),
        pytest.param(wine(price=2000), id="within what is left"),
    ],
)
def test_what_does_not_count_to_it(bill: PlannedCost) -> None:
    assert over(asked(bill)) == {}


def test_a_bill_without_a_day_is_of_the_first() -> None:
    assert over(asked(wine(on=None))) == {"cost1": 10000}
    assert over(asked(wine(on=None), meals=(meal(on=TUESDAY),))) == {}


def test_of_several_meals_it_counts_to_the_dearest() -> None:
    """Nobody orders wine for the breakfast: the bill is held against the meal of the day that cost most a head."""
    cheap = meal(price=2000)
    answer = asked(wine(), meals=(cheap, meal(), cheap))
    assert over(answer) == {"cost1": 10000}
    assert {line.id: line.of_cap for line in answer.plan}["meal2"] == 110


def test_bills_are_of_one_meal_under_a_cap_on_them_alone() -> None:
    """A cap on drinks per meal takes the bottles of the meal and a bill of that day together."""
    rows = '[[cap]]\nitem = "drink"\nper = "meal"\nmost = 300\n'
    table = meal(bottles=2, bottle_price=10000)
    assert over(asked(wine(price=1000), meals=(table,), rows=rows)) == {}
    assert over(asked(wine(price=1500), meals=(table,), rows=rows)) == {"cost1": 5000}


def test_a_meal_on_a_bill_of_its_own_stays_one() -> None:
    assert over(asked(PlannedCost(item="meal", quantity=Decimal(4), price=9000, on=MONDAY))) == {}


@pytest.mark.parametrize(("on", "beyond"), [(MONDAY, 10000), (None, 10000), (TUESDAY, 0)])
def test_paid_without_being_planned(on: date | None, beyond: int) -> None:
    """Settling: a bill that nobody planned counts to the meal of its day, too."""
    spent = [
        Spent(1, "meal1", "meal", 80000, Decimal(10)),
        Spent(2, None, "drink", 30000, Decimal(10), on=on),
    ]
    found = actuals(small(JOINT), plain(meals=(meal(),)), spent)
    assert [each.over for each in found] == [0, beyond]


@pytest.mark.parametrize(
    ("lead", "days", "holds"),
    [
        ("..2w", 14, True), ("..2w", 15, False), ("..2w", 19, False), (">2w..", 14, False), (">2w..", 15, True),
        ("2w..", 13, False), ("..1mo", 30, True), ("..1mo", 31, False), (">1mo..", 31, True), ("1mo..", 29, False),
        ("..1y", 365, True), ("..1y", 366, False), ("..<1w", 6, True), ("..<1w", 7, False), ("..13d", 13, True),
        ("..10wd", 14, True), ("..10wd", 15, False),
    ],
)  # fmt: skip
def test_a_lead_is_compared_exactly(lead: str, days: int, holds: bool) -> None:
    """From Monday 2026-11-02: 19 days are more than two weeks, 31 days more than the month to 2 December."""
    policy = small(f'[[check]]\nid = "hurry"\nwhen = {{ lead = "{lead}" }}\n')
    arrive = datetime(2026, 11, 2, 8) + timedelta(days=days)
    answer = judge(policy, plain(arrive=arrive, depart=arrive + timedelta(hours=5)))
    assert bool(codes(answer)) == holds


@pytest.mark.parametrize(
    ("lead", "minutes", "holds"), [("..24h", 1440, True), ("..24h", 1441, False), ("..30m", 31, False)]
)
def test_a_lead_in_hours_and_minutes(lead: str, minutes: int, holds: bool) -> None:
    policy = small(f'[[check]]\nid = "hurry"\nwhen = {{ lead = "{lead}" }}\n')
    arrive = datetime(2026, 11, 2, 9) + timedelta(minutes=minutes)
    assert bool(codes(judge(policy, plain(arrive=arrive, depart=arrive + timedelta(hours=5))))) == holds


# -- judge hosts -------------------------------------------------------------------------------------------------------
#
# Lead hosts and companions.


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
