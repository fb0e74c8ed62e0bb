"""What a policy says to a request, whole (`jiedai try`), and what a decision or a change means under it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from models.policy.answer import Answer, Effect, Finding, Step, Tier, Verdict
from models.policy.caps import caps_in_force
from models.policy.case import Case
from models.policy.duties import duties
from models.policy.holding import booked, bookings
from models.policy.hosts import companions, lead_host
from models.policy.journey import days_of, odd_times
from models.policy.model import Policy
from models.policy.needs import checks, needs
from models.policy.notice import notice
from models.policy.plan import plan
from models.policy.posts import named
from models.policy.programme import programme
from models.policy.request import People, Request
from models.policy.route import effect_of, route
from models.policy.when import holds
from models.words import Phrase


def judge(policy: Policy, request: Request, people: People | None = None) -> Answer:
    """All that `policy` says to `request`; with `people` also by person (A5, A34) and with vacancies.

    Never raises for a valid request; what is missing or wrong in it is among the findings.
    """
    case, tier = _case(policy, request, people)
    notice_answer, late = notice(case)
    lines, over = plan(case)
    host_answer, host = lead_host(case)
    companions_answer, too_many = companions(case)
    steps, own = route(case)
    stages = programme(case)
    needs_answer, missing = needs(case, stages)
    wrong = checks(case)
    duties_answer = duties(case, stages)
    effect, clashing = None, booked(case)
    if request.decision is not None:
        effect = decide(policy, request, (request.decision.by,), request.decision.tier or case.tier, people)
    # last: by now every year that was asked for is known
    odd = _odd(case)
    found = [*late, *host, *too_many, *over, *missing, *wrong, *own, *clashing, *odd]
    findings = tuple(_reasoned(request, finding) for finding in found)
    return Answer(
        tier=tier,
        route=steps,
        notice=notice_answer,
        lead_host=host_answer,
        companions=companions_answer,
        caps=caps_in_force(case),
        plan=lines,
        total=case.total or 0,
        stages=stages,
        duties=duties_answer,
        needs=needs_answer,
        decision=effect,
        bookings=bookings(case, stages),
        findings=findings,
        verdict=verdict_of(findings),
    )


def route_for(policy: Policy, request: Request, people: People | None = None) -> tuple[Step, ...]:
    """The route a request takes, as `judge` gives it."""
    return route(prepared(policy, request, people))[0]


def decide(
    policy: Policy, request: Request, by_posts: Iterable[str], tier: str | None, people: People | None = None
) -> Effect:
    """What it does when the holder of `by_posts` decides for `tier` (A3): raising above own authority passes the
    request on to the posts that have it; lowering keeps authority. `next` is who comes next, when it is passed on
    or a further signature is outstanding."""
    steps = route_for(policy, replace(request, tier=tier), people)
    kept: tuple[Step, ...] = ()
    had = _case(policy, request, people)[0].tier
    if _at_most(policy, tier, had):
        kept = route_for(policy, replace(request, tier=had), people)
    return effect_of(policy, steps, kept, by_posts)


def tier_of(policy: Policy, request: Request) -> Tier:
    """The tier a request proposes, and the one the policy proposes for it."""
    return _case(policy, request, None)[1]


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """`blocked`, `needs` (a reason or a document is missing) or `fits`."""
    open_levels = {finding.level for finding in findings if not finding.reasoned}
    return "blocked" if "block" in open_levels else "needs" if "reason" in open_levels else "fits"


def _case(policy: Policy, request: Request, people: People | None) -> tuple[Case, Tier]:
    """The facts of a request with its tier: its own, else what `propose` says."""
    case = Case(policy, replace(request, tier=None), people)
    proposal = next((row for row in policy.propose if holds(row.when, case)), None)
    by_rule = proposal.tier if proposal else None
    case = Case(policy, replace(request, tier=request.tier or by_rule), people)
    return case, Tier(request.tier or by_rule, by_rule, proposal.id if proposal else None)


def prepared(policy: Policy, request: Request, people: People | None = None) -> Case:
    """The facts of a request, with its tier, whether it is late, and its plan's amounts."""
    case, _ = _case(policy, request, people)
    notice(case)
    plan(case)
    return case


def _at_most(policy: Policy, tier: str | None, had: str | None) -> bool:
    """Whether `tier` is the one the request had, or a lower one."""
    order = [each.id for each in policy.tiers]
    if tier == had:
        return True
    return tier in order and had in order and order.index(tier) > order.index(had)


def _reasoned(request: Request, finding: Finding) -> Finding:
    """A reason given for it leaves the finding at its level and only opens the verdict."""
    given = finding.level == "reason" and request.reasons.get(finding.code, "").strip() != ""
    return replace(finding, reasoned=True) if given else finding


def _odd(case: Case) -> list[Finding]:
    """What is odd in the request itself: A19, R7, times the wrong way round, no tier, a year without a calendar."""
    request = case.request
    found: list[Finding] = []
    names = sum(guest.counts and bool(guest.name.strip()) for guest in request.guests)
    if names > request.headcount:
        found.append(Finding("warn", "input", Phrase("finding.names", {"n": names, "headcount": request.headcount})))
    odd = odd_times(
        request.arrive,
        request.depart,
        [request.lands],
        [request.leaves],
        days_of(case.policy, request.meals, request.lodging),
    )
    found += [Finding("warn", "input", text) for text in odd]
    allowed = [post for kind in case.policy.kinds if kind.id == request.kind for post in kind.applicants]
    if allowed and request.applicant is not None and request.applicant not in allowed:
        facts = {"given": named(case, (request.applicant,)), "posts": named(case, allowed)}
        found.append(Finding("warn", "input", Phrase("finding.applicant", facts)))
    if case.policy.tiers and case.tier is None:
        found.append(Finding("info", "input", Phrase("finding.no_tier")))
    years = (Phrase("finding.calendar", {"year": str(year)}) for year in sorted(case.days.unknown))
    return [*found, *(Finding("info", "input", text) for text in years)]
