"""Own requests: who asks does not decide alone (A34)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from models.policy.answer import Finding, Step
from models.policy.case import Case
from models.policy.posts import named
from models.words import Phrase

_DECIDING = frozenset({"decide", "sign"})


def own_requests(case: Case, steps: Iterable[Step]) -> tuple[list[Step], list[Finding]]:
    """The deciding steps that the applicant would take himself, moved one post up or left and flagged, as the
    policy says; at the top they are left and flagged. By person where people are known, else by post."""
    result: list[Step] = []
    findings: list[Finding] = []
    for step in steps:
        own = step.what in _DECIDING and _is_own(case, step.posts)
        moved, finding = _moved(case, step) if own else (step, None)
        result.append(moved)
        if finding:
            findings.append(finding)
    return result, findings


def _moved(case: Case, step: Step) -> tuple[Step, Finding | None]:
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
