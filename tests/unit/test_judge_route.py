"""Who decides: the route, own requests, vacancies, and what a decision does."""

from __future__ import annotations

import pytest

from models.policy.answer import DecisionEffect, StepAnswer
from models.policy.case import Decided, People
from models.policy.judge import decide, judge, route_for
from models.policy.model import Policy
from tests.unit.asked import EXAMPLE, changed, codes, example, plain, small, with_code

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
