"""Notice: whether a request is in time, late or too late (R8, A4)."""

from __future__ import annotations

from fractions import Fraction

from models.policy.answer import Finding, NoticeAnswer, level_of
from models.policy.case import Case
from models.policy.model import Notice, Span
from models.policy.spans import measured
from models.policy.when import holds
from models.words import Phrase


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
