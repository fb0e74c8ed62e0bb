"""The route: who gives an opinion, decides, signs, is informed; and what a decision does (R10 to R15, A3, A5, A34)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from models.policy.answer import Effect, Finding, Step
from models.policy.case import Case
from models.policy.model import Policy, Sign
from models.policy.own import own_requests
from models.policy.parties import party_name
from models.policy.posts import named, one_of, resolved
from models.policy.when import LINE_OWN_AXES, about_a_line, axes, holds
from models.words import Phrase

_STRENGTH = ("decide", "sign", "opinion", "report")


def route(case: Case) -> tuple[tuple[Step, ...], list[Finding]]:
    """The steps in order, merged (A5), own requests moved up (A34); and who of them is missing."""
    row = next((row for row in case.policy.routes if holds(row.when, case)), None)
    findings: list[Finding] = []
    steps: list[Step] = []
    for step in row.steps if row else ():
        posts = resolved(case, step.by)
        if not posts:
            facts = {"post": one_of([party_name(case.policy, by) for by in step.by])}
            findings.append(Finding("warn", "vacancy", Phrase("finding.nobody_named", facts), row.id if row else None))
        steps.append(Step(posts, step.do, row.id if row else None))
    steps, own = own_requests(case, merged(case, steps))
    signs, own_signs = own_requests(case, _signs(case, steps))
    signs = [step for step in signs if not _decided(steps, step.posts)]
    steps = [_with_vacancy(case, step) for step in merged(case, [*steps, *signs])]
    return tuple(steps), [*findings, *_once([*own, *own_signs]), *_vacancies(case, steps)]


def merged(case: Case, steps: Iterable[Step]) -> list[Step]:
    """Adjacent steps of the same single post, or of what the same person holds, made one of the stronger kind."""
    result: list[Step] = []
    for step in steps:
        if result and _one_actor(case, result[-1], step):
            result[-1] = _joined(result[-1], step)
        else:
            result.append(step)
    return result


def _one_actor(case: Case, first: Step, second: Step) -> bool:
    if len(first.posts) == 1 and first.posts == second.posts:
        return True
    if case.people is None:
        return False
    one, other = (case.people.holding(step.posts) for step in (first, second))
    return len(one) == 1 and one == other


def _joined(first: Step, second: Step) -> Step:
    strong, weak = sorted((first, second), key=lambda step: _STRENGTH.index(step.what))
    besides = (*first.also, *second.also, weak.what)
    return replace(
        strong,
        why=strong.why or weak.why,
        lines=tuple(dict.fromkeys((*first.lines, *second.lines))),
        also=tuple(dict.fromkeys(what for what in besides if what != strong.what)),
    )


def _signs(case: Case, steps: list[Step]) -> list[Step]:
    """The further signatures, each set of posts once; who decides in the route does not sign again."""
    signs: list[Step] = []
    for sign in case.policy.signs:
        asked, lines = asked_by(case, sign)
        posts = resolved(case, sign.by)
        if not asked or not posts or _decided(steps, posts):
            continue
        step = Step(posts, "sign" if sign.do == "decide" else "report", sign.id, lines)
        same = next((number for number, each in enumerate(signs) if _for_both(each, step)), None)
        if same is None:
            signs.append(step)
        else:
            fewer = min(signs[same].posts, posts, key=len)
            signs[same] = replace(_joined(signs[same], step), posts=fewer, also=())
    return signs


def _for_both(one: Step, other: Step) -> bool:
    """Whether one signature does for both: the same posts, or one of those of whom any signs anyway."""
    if one.posts == other.posts:
        return True
    signed = one.what == other.what == "sign"
    return signed and (set(one.posts) <= set(other.posts) or set(other.posts) <= set(one.posts))


def _decided(steps: list[Step], posts: tuple[str, ...]) -> bool:
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


def _with_vacancy(case: Case, step: Step) -> Step:
    vacant = case.people is not None and not case.people.holding(step.posts)
    return replace(step, vacant=True) if vacant else step


def _vacancies(case: Case, steps: Iterable[Step]) -> list[Finding]:
    return _once(
        Finding("warn", "vacancy", Phrase("finding.vacancy", {"posts": named(case, step.posts)}))
        for step in steps
        if step.vacant and step.posts
    )


def _once(findings: Iterable[Finding]) -> list[Finding]:
    return list(dict.fromkeys(findings))


def effect_of(policy: Policy, steps: tuple[Step, ...], kept: tuple[Step, ...], by: Iterable[str]) -> Effect:
    """What a decision by the holder of `by` does: `steps` is the route for the tier it confirms, `kept` the route
    for a tier at least as high that the request already had, if any, whose authority is kept (A3)."""
    posts = tuple(by)
    if not (has_authority(policy, steps, posts) or (kept and has_authority(policy, kept, posts))):
        return Effect("passed_on", _authority(steps))
    outstanding = [step for step in steps if step.what == "sign" and not set(step.posts) & set(posts)]
    return Effect("passed_on", outstanding[0].posts) if outstanding else Effect("approved", ())


def has_authority(policy: Policy, steps: tuple[Step, ...], posts: Iterable[str]) -> bool:
    """Own authority: holding the last deciding post of a route or one above; true where nobody decides."""
    wanted = _authority(steps)
    known = {post.id for post in policy.posts}
    if not any(step.what == "decide" for step in steps):
        return True
    return any(post == each or (each in known and post in policy.above(each)) for post in posts for each in wanted)


def _authority(steps: tuple[Step, ...]) -> tuple[str, ...]:
    """The posts of the last deciding step, which confirms the tier."""
    deciding = [step.posts for step in steps if step.what == "decide"]
    return deciding[-1] if deciding else ()
