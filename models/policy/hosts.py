"""Lead hosts and companions: who receives, who else takes part, how many may (R20 to R25, A15, A28)."""

from __future__ import annotations

from models.policy.answer import CompanionLine, CompanionsAnswer, Finding, LeadHostAnswer, level_of
from models.policy.case import Case
from models.policy.lines import Line
from models.policy.model import Companions, LeadHost, Linear
from models.policy.posts import lead_host_row, named, resolved
from models.policy.request import Meal
from models.policy.when import holds
from models.words import Phrase


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
    meals = dict(zip((line.id for line in case.lines if line.id.startswith("meal")), case.request.meals, strict=True))
    for line in case.lines:
        if line.id in meals:
            one, found = _at_meal(case, line, meals[line.id])
            lines.append(one)
            findings += found
    posts = resolved(case, row.posts) if row else ()
    most = _most(row, case.request.headcount) if row else None
    return CompanionsAnswer(posts, most, tuple(lines)), findings


def _at_meal(case: Case, line: Line, meal: Meal) -> tuple[CompanionLine, list[Finding]]:
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


def _row(case: Case, line: Line | None) -> Companions | None:
    return next((row for row in case.policy.companions if holds(row.when, case, line, own=True)), None)


def _most(row: Companions, guests: int) -> int | None:
    return min((_figure(limit, guests) for limit in (row.most, row.never) if limit), default=None)


def _figure(limit: Linear, guests: int) -> int:
    return max(0, limit.at(guests))
