"""Documents, extra fields and checks: what must be there, and what is wrong besides (A16)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from models.policy.answer import Finding, NeedAnswer, StageAnswer, level_of
from models.policy.case import Case
from models.policy.model import Need
from models.policy.programme import first_times
from models.policy.times import due_of
from models.policy.when import about_a_line, holds
from models.words import Phrase


def needs(case: Case, stages: Iterable[StageAnswer]) -> tuple[tuple[NeedAnswer, ...], list[Finding]]:
    """What is asked for, and a finding for each that is due at the request and missing, or out of bounds."""
    answers: list[NeedAnswer] = []
    findings: list[Finding] = []
    known = first_times(stages)
    for need in case.policy.needs:
        if not holds(need.when, case):
            continue
        due, words = due_of(case, need.due, known)
        given = _given(case, need)
        answers.append(NeedAnswer(need.id, due, words, need.breach, given))
        key = _wrong(case, need) if given else "need" if need.required else None
        if key and (given or (due is not None and due <= case.request.requested_at)):
            findings.append(Finding(level_of(need.breach), "need", _text(need, key), need.id))
    return tuple(answers), findings


def _given(case: Case, need: Need) -> bool:
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
