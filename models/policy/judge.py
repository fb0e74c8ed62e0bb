"""What a policy says to a request, whole (`jiedai try`), and what a decision, a change or a bill means under it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from models.frozen import record
from models.policy.answer import (
    Answer,
    CompanionLine,
    CompanionsAnswer,
    DecisionEffect,
    Finding,
    LeadHostAnswer,
    NeedAnswer,
    NoticeAnswer,
    PlanLine,
    StageAnswer,
    StepAnswer,
    Tier,
    Verdict,
    level_of,
)
from models.policy.case import (
    LINE_OWN_AXES,
    Case,
    CaseLine,
    People,
    PlannedMeal,
    Request,
    about_a_line,
    axes,
    holds,
    lead_host_row,
    named,
    one_of,
    resolved,
)
from models.policy.model import (
    MEAL,
    Ask,
    Breach,
    Companions,
    LeadHost,
    Linear,
    Need,
    Notice,
    Policy,
    Sign,
    Span,
    party_name,
)
from models.policy.plan import (
    EXCESS_PAYERS,
    Excess,
    Limits,
    caps_in_force,
    excesses,
    limits_of,
    money_sum,
    percent_of_cap,
    plan,
)
from models.policy.programme import booked, bookings, days_of, due_of, duties, first_times, odd_times, programme
from models.policy.workdays import measured
from models.words import Phrase

# Lead hosts and companions: who receives, who else takes part, how many may (R20 to R25, A15, A28).


def lead_host(case: Case) -> tuple[LeadHostAnswer, list[Finding]]:
    """Who must be lead host, and whether the named hosts satisfy it; nobody named yet is an info."""
    row = lead_host_row(case)
    if row is None:
        return LeadHostAnswer((), 0, True), []
    posts = resolved(case, row.posts)
    hosts = dict.fromkeys(case.request.host)
    by_right = [host for host in hosts if _satisfies(case, row, posts, host)]
    stand_ins = [host for host in hosts if host not in by_right and host in resolved(case, row.instead)]
    satisfied = len(by_right) + len(stand_ins) >= row.at_least
    return LeadHostAnswer(posts, row.at_least, satisfied), _host_findings(case, row, posts, by_right, stand_ins)


def _satisfies(case: Case, row: LeadHost, posts: tuple[str, ...], host: str) -> bool:
    if host in posts:
        return True
    return row.higher and any(case.post(post) and host in case.policy.above(post) for post in posts)


def _host_findings(
    case: Case, row: LeadHost, posts: tuple[str, ...], by_right: list[str], stand_ins: list[str]
) -> list[Finding]:
    if len(by_right) >= row.at_least:
        return []
    facts = {"posts": named(case, posts), "n": row.at_least, "given": named(case, case.request.host)}
    if not case.request.host:
        return [Finding("info", "lead_host", Phrase("finding.no_lead_host", facts), row.id)]
    if len(by_right) + len(stand_ins) >= row.at_least:
        return [Finding("reason", "lead_host", Phrase("finding.lead_host_instead", facts), row.id)]
    return [Finding(level_of(row.breach), "lead_host", Phrase("finding.lead_host", facts), row.id)]


def companions(case: Case) -> tuple[CompanionsAnswer, list[Finding]]:
    """Which companions are offered, how many may come, and the meals where more are planned (A14, A28)."""
    row = _row(case, None)
    lines: list[CompanionLine] = []
    findings: list[Finding] = []
    meals = dict(zip((line.id for line in case.lines if line.id.startswith(MEAL)), case.request.meals, strict=True))
    for line in case.lines:
        if line.id in meals:
            one, found = _at_meal(case, line, meals[line.id])
            lines.append(one)
            findings += found
    posts = resolved(case, row.posts) if row else ()
    most = _most(row, case.request.headcount) if row else None
    return CompanionsAnswer(posts, most, tuple(lines)), findings


def _at_meal(case: Case, line: CaseLine, meal: PlannedMeal) -> tuple[CompanionLine, list[Finding]]:
    row = _row(case, line)
    if row is None:
        return CompanionLine(line.id, None, meal.companions), []
    uncounted = resolved(case, row.not_counted)
    given = max(0, meal.companions - sum(post in uncounted for post in meal.companion_posts))
    findings: list[Finding] = []
    for limit, level in ((row.never, "block"), (row.most, level_of(row.breach))):
        if limit is not None and not findings and given > _figure(limit, meal.guests):
            facts = {"given": given, "most": _figure(limit, meal.guests), "n": meal.guests}
            findings.append(Finding(level, "companions", Phrase("finding.companions", facts), row.id, line.id))  # type: ignore[arg-type] # both are levels
    return CompanionLine(line.id, _most(row, meal.guests), given), findings


def _row(case: Case, line: CaseLine | None) -> Companions | None:
    return next((row for row in case.policy.companions if holds(row.when, case, line, own=True)), None)


def _most(row: Companions, guests: int) -> int | None:
    return min((_figure(limit, guests) for limit in (row.most, row.never) if limit), default=None)


def _figure(limit: Linear, guests: int) -> int:
    return max(0, limit.at(guests))


# The route: who gives an opinion, decides, signs, is informed; and what a decision does (R10 to R15, A3, A5, A34).

_STRENGTH = ("decide", "sign", "opinion", "report")


def route(case: Case) -> tuple[tuple[StepAnswer, ...], list[Finding]]:
    """The steps in order, merged (A5), own requests moved up (A34); and who of them is missing."""
    row = next((row for row in case.policy.routes if holds(row.when, case)), None)
    findings: list[Finding] = []
    steps: list[StepAnswer] = []
    for step in row.steps if row else ():
        posts = resolved(case, step.by)
        if not posts:
            facts = {"post": one_of([party_name(case.policy, by) for by in step.by])}
            findings.append(Finding("warn", "vacancy", Phrase("finding.nobody_named", facts), row.id if row else None))
        steps.append(StepAnswer(posts, step.do, row.id if row else None))
    steps, own = own_requests(case, merged(case, steps))
    signs, own_signs = own_requests(case, _signs(case, steps))
    signs = [step for step in signs if not _decided(steps, step.posts)]
    steps = [_with_vacancy(case, step) for step in merged(case, [*steps, *signs])]
    return tuple(steps), [*findings, *_once([*own, *own_signs]), *_vacancies(case, steps)]


def merged(case: Case, steps: Iterable[StepAnswer]) -> list[StepAnswer]:
    """Adjacent steps of the same single post, or of what the same person holds, made one of the stronger kind."""
    result: list[StepAnswer] = []
    for step in steps:
        if result and _one_actor(case, result[-1], step):
            result[-1] = _joined(result[-1], step)
        else:
            result.append(step)
    return result


def _one_actor(case: Case, first: StepAnswer, second: StepAnswer) -> bool:
    if len(first.posts) == 1 and first.posts == second.posts:
        return True
    if case.people is None:
        return False
    one, other = (case.people.holding(step.posts) for step in (first, second))
    return len(one) == 1 and one == other


def _joined(first: StepAnswer, second: StepAnswer) -> StepAnswer:
    strong, weak = sorted((first, second), key=lambda step: _STRENGTH.index(step.what))
    besides = (*first.also, *second.also, weak.what)
    return replace(
        strong,
        why=strong.why or weak.why,
        lines=tuple(dict.fromkeys((*first.lines, *second.lines))),
        also=tuple(dict.fromkeys(what for what in besides if what != strong.what)),
    )


def _signs(case: Case, steps: list[StepAnswer]) -> list[StepAnswer]:
    """The further signatures, each set of posts once; who decides in the route does not sign again."""
    signs: list[StepAnswer] = []
    for sign in case.policy.signs:
        asked, lines = asked_by(case, sign)
        posts = resolved(case, sign.by)
        if not asked or not posts or _decided(steps, posts):
            continue
        step = StepAnswer(posts, "sign" if sign.do == "decide" else "report", sign.id, lines)
        same = next((number for number, each in enumerate(signs) if _for_both(each, step)), None)
        if same is None:
            signs.append(step)
        else:
            fewer = min(signs[same].posts, posts, key=len)
            signs[same] = replace(_joined(signs[same], step), posts=fewer, also=())
    return signs


def _for_both(one: StepAnswer, other: StepAnswer) -> bool:
    """Whether one signature does for both: the same posts, or one of those of whom any signs anyway."""
    if one.posts == other.posts:
        return True
    signed = one.what == other.what == "sign"
    return signed and (set(one.posts) <= set(other.posts) or set(other.posts) <= set(one.posts))


def _decided(steps: list[StepAnswer], posts: tuple[str, ...]) -> bool:
    """Whether whoever decides in the route is one of these posts."""
    return any(step.what == "decide" and step.posts and set(step.posts) <= set(posts) for step in steps)


def asked_by(case: Case, sign: Sign) -> tuple[bool, tuple[str, ...]]:
    """Whether a signature is asked for, and for which lines where it is about lines."""
    about_lines = tuple(clause for clause in sign.when if about_a_line(clause))
    others = tuple(clause for clause in sign.when if not about_a_line(clause))
    lines = tuple(line.id for line in case.lines if about_lines and holds(about_lines, case, line, own=True))
    if lines or not sign.when or (others and holds(others, case)):
        return True, lines
    own = tuple(clause for clause in others if axes((clause,)) & LINE_OWN_AXES)
    lines = tuple(line.id for line in case.lines if own and holds(own, case, line, own=True))
    return bool(lines), lines


def _with_vacancy(case: Case, step: StepAnswer) -> StepAnswer:
    vacant = case.people is not None and not case.people.holding(step.posts)
    return replace(step, vacant=True) if vacant else step


def _vacancies(case: Case, steps: Iterable[StepAnswer]) -> list[Finding]:
    return _once(
        Finding("warn", "vacancy", Phrase("finding.vacancy", {"posts": named(case, step.posts)}))
        for step in steps
        if step.vacant and step.posts
    )


def _once(findings: Iterable[Finding]) -> list[Finding]:
    return list(dict.fromkeys(findings))


def effect_of(
    policy: Policy, steps: tuple[StepAnswer, ...], kept: tuple[StepAnswer, ...], by: Iterable[str]
) -> DecisionEffect:
    """What a decision by the holder of `by` does: `steps` is the route for the tier it confirms, `kept` the route
    for a tier at least as high that the request already had, if any, whose authority is kept (A3)."""
    posts = tuple(by)
    if not (has_authority(policy, steps, posts) or (kept and has_authority(policy, kept, posts))):
        return DecisionEffect("passed_on", _authority(steps))
    outstanding = [step for step in steps if step.what == "sign" and not set(step.posts) & set(posts)]
    return DecisionEffect("passed_on", outstanding[0].posts) if outstanding else DecisionEffect("approved", ())


def has_authority(policy: Policy, steps: tuple[StepAnswer, ...], posts: Iterable[str]) -> bool:
    """Own authority: holding the last deciding post of a route or one above; true where nobody decides."""
    wanted = _authority(steps)
    known = {post.id for post in policy.posts}
    if not any(step.what == "decide" for step in steps):
        return True
    return any(post == each or (each in known and post in policy.above(each)) for post in posts for each in wanted)


def _authority(steps: tuple[StepAnswer, ...]) -> tuple[str, ...]:
    """The posts of the last deciding step, which confirms the tier."""
    deciding = [step.posts for step in steps if step.what == "decide"]
    return deciding[-1] if deciding else ()


# Own requests: who asks does not decide alone (A34).

_DECIDING = frozenset({"decide", "sign"})


def own_requests(case: Case, steps: Iterable[StepAnswer]) -> tuple[list[StepAnswer], list[Finding]]:
    """The deciding steps that the applicant would take himself, moved one post up or left and flagged, as the
    policy says; at the top they are left and flagged. By person where people are known, else by post."""
    result: list[StepAnswer] = []
    findings: list[Finding] = []
    for step in steps:
        own = step.what in _DECIDING and _is_own(case, step.posts)
        moved, finding = _moved(case, step) if own else (step, None)
        result.append(moved)
        if finding:
            findings.append(finding)
    return result, findings


def _moved(case: Case, step: StepAnswer) -> tuple[StepAnswer, Finding | None]:
    if case.policy.own_request == "flag":
        return step, _finding(case, "flagged", step.posts)
    others = tuple(post for post in step.posts if not _held_alone(case, post))
    if others:
        return replace(step, posts=others), _finding(case, "others", others)
    above = (up for post in step.posts if case.post(post) for up in case.policy.above(post))
    up = next((post for post in above if not _held_alone(case, post)), None)
    if up is None:
        return step, _finding(case, "top", step.posts)
    return replace(step, posts=(up,)), _finding(case, "up", (up,))


def _finding(case: Case, key: str, posts: tuple[str, ...]) -> Finding:
    level = "warn" if key in ("flagged", "top") else "info"
    text = Phrase(f"finding.own_request.{key}", {"posts": named(case, posts)})
    return Finding(level, "own_request", text)  # type: ignore[arg-type] # both are levels


def _is_own(case: Case, posts: tuple[str, ...]) -> bool:
    if case.people is None or case.people.applicant is None:
        return case.request.applicant in posts
    return case.people.applicant in case.people.holding(posts)


def _held_alone(case: Case, post: str) -> bool:
    """Whether nobody but the applicant can act in this post."""
    if case.people is None or case.people.applicant is None:
        return post == case.request.applicant
    return case.people.holding((post,)) == frozenset({case.people.applicant})


# Notice: whether a request is in time, late or too late (R8, A4).


def notice(case: Case) -> tuple[NoticeAnswer, list[Finding]]:
    """What notice is needed and given, and the finding where it is too little; sets the case's `late`."""
    row = next((row for row in case.policy.notices if holds(row.when, case)), None)
    if row is None:
        return NoticeAnswer(None, None, None, False, "in_time"), []
    given = _given(case, row.least)
    late = row.least is not None and given is not None and given < row.least.number
    too_late = row.never is not None and _given_exactly(case, row.never) < row.never.number
    case.late = late
    refused = too_late or (late and row.breach == "block")
    answer = NoticeAnswer(
        needed=row.least.number if row.least else None,
        given=_number(given) if given is not None else None,
        unit=row.least.unit if row.least else None,
        late=late,
        state="refused" if refused else "late" if late else "in_time",
    )
    return answer, _findings(case, row, late, too_late)


def _given(case: Case, span: Span | None) -> Fraction | None:
    return None if span is None else _given_exactly(case, span)


def _given_exactly(case: Case, span: Span) -> Fraction:
    return measured(case.request.requested_at, case.request.arrive, span.unit, case.days)


def _number(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)


def _findings(case: Case, row: Notice, late: bool, too_late: bool) -> list[Finding]:
    if too_late and row.never is not None:
        given = _given_exactly(case, row.never)
        facts = {"given": _said(given, row.never), "never": _said(Fraction(row.never.number), row.never)}
        return [Finding("block", "late", Phrase("finding.too_late", facts), row.id)]
    if late and row.least is not None:
        given = _given_exactly(case, row.least)
        facts = {"given": _said(abs(given), row.least), "needed": _said(Fraction(row.least.number), row.least)}
        key = "finding.late_after" if given < 0 else "finding.late"
        return [Finding(level_of(row.breach), "late", Phrase(key, facts), row.id)]
    return []


def _said(value: Fraction, span: Span) -> Phrase:
    number = _number(value)
    shown = number if isinstance(number, int) else f"{number:.1f}"
    return Phrase(f"finding.span.{span.unit}", {"n": shown})


# Documents, extra fields and checks: what must be there, and what is wrong besides (A16).


def needs(case: Case, stages: Iterable[StageAnswer]) -> tuple[tuple[NeedAnswer, ...], list[Finding]]:
    """What is asked for, and a finding for each that is due at the request and missing, or out of bounds."""
    answers: list[NeedAnswer] = []
    findings: list[Finding] = []
    known = first_times(stages)
    for need in case.policy.needs:
        if not holds(need.when, case):
            continue
        due, words = due_of(case, need.due, known)
        given = _is_given(case, need)
        answers.append(NeedAnswer(need.id, due, words, need.breach, given))
        key = _wrong(case, need) if given else "need" if need.required else None
        if key and (given or (due is not None and due <= case.request.requested_at)):
            findings.append(Finding(level_of(need.breach), "need", _text(need, key), need.id))
    return tuple(answers), findings


def _is_given(case: Case, need: Need) -> bool:
    if need.type == "document" and need.id in case.request.documents:
        return True
    value = case.request.fields.get(need.id)
    return value is not None and str(value).strip() != ""


def _wrong(case: Case, need: Need) -> str | None:
    value = case.request.fields.get(need.id)
    if need.type != "number" or isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    if need.least is not None and Fraction(value) < need.least.base:
        return "need_least"
    if need.most is not None and Fraction(value) > need.most.base:
        return "need_most"
    return None


def _text(need: Need, key: str) -> Phrase:
    limit = {"need_least": need.least, "need_most": need.most}.get(key)
    return Phrase(f"finding.{key}", {"name": need.name, "limit": f"{float(limit.base):g}" if limit else ""})


def checks(case: Case) -> list[Finding]:
    """Everything else the policy calls wrong, named with its line where it is about one."""
    findings: list[Finding] = []
    for check in case.policy.checks:
        if holds(check.when, case):
            clauses = tuple(clause for clause in check.when if about_a_line(clause))
            lines = (line.id for line in case.lines if clauses and holds(clauses, case, line))
            findings.append(Finding(level_of(check.breach), "check", check.text, check.id, next(lines, None)))
    return findings


# What a change after approval asks for: the deciding step again, telling people, or nothing doing.


def change_asks(
    policy: Policy, before: Request, after: Request, now: datetime | None = None
) -> list[tuple[Ask, tuple[str, ...]]]:
    """Every row of the change table that holds for `after`, with those of its fields that changed, as the row writes
    them (`headcount+`: only when raised). `lead` in a row is measured from `now` (local time), else from
    the request."""
    was, case = prepared(policy, before), prepared(policy, after)
    judged = prepared(policy, replace(after, requested_at=now)) if now else case
    asks: list[tuple[Ask, tuple[str, ...]]] = []
    for row in policy.changes:
        changed = tuple(field for field in row.fields if _changed(field, was, case))
        if changed and holds(row.when, judged):
            asks.append((row.ask, changed))
    return asks


def _changed(field: str, before: Case, after: Case) -> bool:
    key = field.removesuffix("+")
    was, new = _value(key, before), _value(key, after)
    if not field.endswith("+"):
        return bool(was != new)
    if key == "tier":
        was, new = _height(before), _height(after)
    return new is not None and (was is None or bool(new > was))


def _value(key: str, case: Case) -> Any:
    match key:
        case "lead_host":
            return frozenset(case.request.host)
        case "total":
            return case.total
        case "tier":
            return case.tier
    value: Any = getattr(case.request, key) if key in _KEYS else case.request.fields.get(key)
    return frozenset(value) if key in _UNORDERED else value


def _height(case: Case) -> int | None:
    """How high the tier is: more is higher."""
    order = [tier.id for tier in reversed(case.policy.tiers)]
    return order.index(case.tier) if case.tier in order else None


_KEYS = frozenset(Request.__dataclass_fields__)
_UNORDERED = frozenset({"purposes", "services", "wants", "host", "documents"})


# What a policy says to a request, whole (`jiedai try`), and what a decision or a change means under it.


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


def route_for(policy: Policy, request: Request, people: People | None = None) -> tuple[StepAnswer, ...]:
    """The route a request takes, as `judge` gives it."""
    return route(prepared(policy, request, people))[0]


def decide(
    policy: Policy, request: Request, by_posts: Iterable[str], tier: str | None, people: People | None = None
) -> DecisionEffect:
    """What it does when the holder of `by_posts` decides for `tier` (A3): raising above own authority passes the
    request on to the posts that have it; lowering keeps authority. `next` is who comes next, when it is passed on
    or a further signature is outstanding."""
    steps = route_for(policy, replace(request, tier=tier), people)
    kept: tuple[StepAnswer, ...] = ()
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


# What was really paid, held against the caps as the plan was: line by line, never netted, and summed where a cap is
# of a sum (A10, A27); and which further signatures it asks for that the plan did not.


@record
class Spent:
    """What one line really cost: `line` is the plan line's id, None for one that nobody planned, which `item` and the
    `meal` it was for and the day describe; `amount` in minor units, None while it is not known."""

    key: int
    line: str | None
    item: str
    amount: int | None
    quantity: Decimal
    meal: str | None = None
    on: date | None = None


@record
class AskedSignature:
    """A further signature that one line wants: any one of these posts, by which row."""

    posts: tuple[str, ...]
    sign: str | None


@record
class Actual:
    """One line as paid. `over` minor units lie beyond its caps, which `payer` pays; `breach` is the consequence.

    `own`: the guest pays all of it. `measured`: some cap on money or on how often could tell. `asks`: signatures.
    """

    key: int
    over: int
    payer: str
    rule: str | None
    breach: Breach | None
    own: bool
    measured: bool
    asks: tuple[AskedSignature, ...] = ()


def actuals(
    policy: Policy, request: Request, spent: Iterable[Spent], people: People | None = None
) -> tuple[Actual, ...]:
    """Each line as paid; a line whose amount is not known yet counts nothing towards a sum."""
    planned = prepared(policy, request, people)
    plan_lines = {line.id: line for line in plan(planned)[0]}
    known = {line.id: line for line in planned.lines}
    rows = tuple(spent)
    case = Case(policy, replace(request, tier=planned.tier), people, _lines(rows, known, request))
    case.late = planned.late
    case.amounts = {str(row.key): row.amount or 0 for row in rows}
    limits: Limits = {line.id: limits_of(case, line) for line in case.lines}
    lines = {line.id: line for line in case.lines}
    found = [_actual(case, limits, lines[str(row.key)], row) for row in rows]
    case.total = sum(_company(case, each) for each in found)
    asks = _asks(planned, case, rows, plan_lines, {each.key: each for each in found})
    return tuple(replace(each, asks=asks.get(each.key, ())) for each in found)


def _lines(rows: Iterable[Spent], known: dict[str, CaseLine], request: Request) -> tuple[CaseLine, ...]:
    """The lines as they were used: the diners of a meal are those who really dined."""
    bases = {row.key: known.get(row.line or "") or _added(row, request) for row in rows}
    diners = {bases[row.key].group: int(row.quantity) for row in rows if row.item == MEAL and row.amount is not None}
    return tuple(_used(bases[row.key], row, diners) for row in rows)


def _used(line: CaseLine, row: Spent, diners: dict[str, int]) -> CaseLine:
    quantity = Fraction(row.quantity)
    times = line.times * quantity / line.quantity if line.item != MEAL and line.quantity else line.times
    persons = diners.get(line.group, line.persons)
    return replace(line, id=str(row.key), quantity=quantity, persons=persons, times=times)


def _added(row: Spent, request: Request) -> CaseLine:
    quantity = Fraction(row.quantity)
    meal = row.item == MEAL
    return CaseLine(
        id=str(row.key),
        item=row.item,
        unit="person_meal" if meal else "",
        quantity=quantity,
        price=None,
        persons=int(quantity) if meal else request.headcount,
        times=Fraction(1) if meal else quantity,
        group=f"added {row.key}",
        on=row.on,
        meal=row.meal,
    )


def _actual(case: Case, limits: Limits, line: CaseLine, row: Spent) -> Actual:
    own = line.payer == "guest"
    if own or row.amount is None:
        return Actual(row.key, 0, line.payer, None, None, own, own)
    found = [each for each in excesses(case, limits, line) if each.code != "least"]
    percent = percent_of_cap(case, limits, line, found)
    if percent is not None:
        case.of_cap[line.id] = percent
    worst: Excess | None = max(found, key=lambda each: each.over, default=None)
    measured = any(each.count is not None or _counts(case, limits, line) for each in limits[line.id])
    if worst is None or not worst.over:
        return Actual(row.key, 0, "company", None, None, own, measured)
    breach = worst.cap.cap.breach
    return Actual(row.key, worst.over, EXCESS_PAYERS.get(breach, "company"), worst.cap.column.id, breach, own, measured)


def _counts(case: Case, limits: Limits, line: CaseLine) -> bool:
    """Whether some cap on money counts in a unit that the line is counted in."""
    return any(limit.money is not None and money_sum(case, limits, limit, line) for limit in limits[line.id])


def _company(case: Case, each: Actual) -> int:
    amount = case.amounts[str(each.key)]
    return 0 if each.own else amount - (each.over if each.payer != "company" else 0)


def _asks(
    planned: Case, case: Case, rows: tuple[Spent, ...], plan_lines: dict[str, PlanLine], found: dict[int, Actual]
) -> dict[int, tuple[AskedSignature, ...]]:
    """By line the signatures that what was paid asks for, where the plan did not ask for them, or where the line went
    further beyond its cap than was agreed to."""
    asks: dict[int, list[AskedSignature]] = {}
    for sign in case.policy.signs:
        if sign.do != "decide":
            continue
        wanted, ids = asked_by(case, sign)
        agreed, agreed_ids = asked_by(planned, sign)
        if ids:
            keys = [row.key for row in rows if str(row.key) in ids and row.amount is not None]
            fresh = [row for row in rows if row.key in keys and not _agreed(row, agreed_ids, plan_lines, found)]
        else:
            fresh = [row for row in rows if _dearer(row, plan_lines)]
            fresh = fresh if wanted and not agreed and "total" in axes(sign.when) else []
        posts = resolved(case, sign.by)
        if fresh and posts:
            step = own_requests(case, [StepAnswer(posts, "sign", sign.id)])[0][0]
            for row in fresh:
                asks.setdefault(row.key, []).append(AskedSignature(step.posts, sign.id))
    return {key: _each_once(wanted) for key, wanted in asks.items()}


def _agreed(row: Spent, agreed: Iterable[str], plan_lines: dict[str, PlanLine], found: dict[int, Actual]) -> bool:
    """Whether who was asked by the plan agreed to no less beyond the cap than there is now."""
    return row.line is not None and row.line in agreed and found[row.key].over <= plan_lines[row.line].over


def _dearer(row: Spent, plan_lines: dict[str, PlanLine]) -> bool:
    """Whether a line cost more than was planned for it."""
    line = plan_lines.get(row.line or "")
    return row.amount is not None and row.amount > ((line.amount or 0) if line else 0)


def _each_once(asks: list[AskedSignature]) -> tuple[AskedSignature, ...]:
    """One signature does for another that any one of the same posts, or of more, may give."""
    kept: list[AskedSignature] = []
    for ask in sorted(asks, key=lambda each: len(each.posts)):
        if not any(set(other.posts) <= set(ask.posts) for other in kept):
            kept.append(ask)
    return tuple(kept)


# Which fields of a request a part of an answer depends on: what waits for a field not filled in yet is not said.
#
# Worked out from what the policy's rows ask about, so that a part waits for no field that could not change it.

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "tier": ("tier",), "of_cap": ("tier",), "amount": ("tier",), "total": ("tier",), "kind": ("kind",),
    "headcount": ("headcount",), "date": ("arrive",), "day": ("arrive",), "lead": ("arrive",), "late": ("arrive",),
    "holiday": ("arrive", "depart"),
}  # fmt: skip
"""The fields that an axis looks at; one that is not here looks at none that a request must have."""
_OF_CODE = {
    "late": "notice", "lead_host": "hosts", "companions": "companions", "cap": "plan", "grade": "plan", "least": "plan",
    "count": "plan", "need": "needs", "check": "checks", "own_request": "route", "vacancy": "route",
}  # fmt: skip
_OF_TEXT = {
    "finding.names": ("headcount",), "finding.depart": ("arrive", "depart"), "finding.applicant": ("kind",),
    "finding.no_tier": ("tier",), "finding.calendar": ("arrive", "depart"),
    "finding.lands_late": ("arrive", "depart"), "finding.leaves_early": ("arrive", "depart"),
    "finding.day_outside": ("arrive", "depart"),
}  # fmt: skip


_OF_ORGANISER = ("route", "hosts", "companions", "tasks")
"""Parts that name posts of the department which owns the visit."""


def waits(policy: Policy, missing: Collection[str]) -> dict[str, tuple[str, ...]]:
    """For each part of an answer (notice route hosts companions plan needs checks tasks) those of the missing fields
    without which it cannot be said."""
    tables: dict[str, tuple[Iterable[Any], ...]] = {
        "notice": (policy.notices,),
        "route": (policy.routes, policy.signs),
        "hosts": (policy.lead_hosts,),
        "companions": (policy.companions,),
        "plan": (policy.caps,),
        "needs": (policy.needs,),
        "checks": (policy.checks,),
        "tasks": (policy.duties, policy.stages),
    }
    tier = _looked_at(policy.propose)
    found = {}
    for part, rows in tables.items():
        asked = _looked_at(row for table in rows for row in table)
        asked |= {cap.by for cap in policy.caps if cap.by} if part == "plan" else set()
        fields = {field for axis in asked for field in _FIELDS.get(axis, ())}
        fields |= {"arrive"} if part == "notice" and policy.notices else set()
        if "tier" in fields and "tier" in missing:
            fields |= {field for axis in tier for field in _FIELDS.get(axis, ())}
        fields |= {"department"} if part in _OF_ORGANISER else set()
        found[part] = tuple([field for field in missing if field in fields])
    return found


def unsaid(finding: Finding, waiting: Mapping[str, tuple[str, ...]], missing: Collection[str]) -> bool:
    """Whether a finding is of a part that waits."""
    key = finding.text.key if isinstance(finding.text, Phrase) else ""
    of_text = _OF_TEXT.get(key)
    if of_text is not None:
        return not set(of_text).isdisjoint(missing)
    return bool(waiting.get(_OF_CODE.get(finding.code, ""), ()))


def _looked_at(rows: Iterable[Any]) -> set[str]:
    return {axis for row in rows for axis in axes(row.when)}
