"""An answer as the JSON of `jiedai try` (the table in the manual): amounts in minor units, words in one language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from models.policy.answer import (
    Answer,
    BookingsAnswer,
    CapAnswer,
    DutyAnswer,
    Effect,
    Finding,
    NeedAnswer,
    PlanLine,
    StageAnswer,
    Step,
)
from models.policy.model import Policy
from models.words import Words, words


def as_json(answer: Answer, policy: Policy, lang: str) -> dict[str, Any]:
    """What `jiedai try --json` prints; plain values only, ready for `json.dumps`."""
    w = words(lang)
    tier, notice, host, companions = answer.tier, answer.notice, answer.lead_host, answer.companions
    return {
        "policy": {"effective": policy.effective.isoformat(), "sha256": policy.sha256},
        "currency": {"code": policy.currency.code, "minor": policy.currency.minor},
        "tier": {"proposed": tier.proposed, "by_rule": tier.by_rule, "why": tier.why},
        "route": [_step(step) for step in answer.route],
        "notice": {
            "needed": notice.needed,
            "given": notice.given,
            "unit": notice.unit,
            "late": notice.late,
            "state": notice.state,
        },
        "lead_host": {"posts": list(host.posts), "at_least": host.at_least, "satisfied": host.satisfied},
        "companions": {
            "posts": list(companions.posts),
            "max": companions.max,
            "lines": [{"line": each.line, "max": each.max, "given": each.given} for each in companions.lines],
        },
        "caps": [cap_json(cap, w) for cap in answer.caps],
        "plan": {"lines": [_line(line) for line in answer.plan], "total": answer.total},
        "stages": [_stage(stage) for stage in answer.stages],
        "duties": [_duty(duty, w) for duty in answer.duties],
        "needs": [_need(need) for need in answer.needs],
        "decision": _effect(answer.decision),
        "bookings": _bookings(answer.bookings),
        "findings": [_finding(finding, w) for finding in answer.findings],
        "verdict": answer.verdict,
    }


def cap_json(cap: CapAnswer, w: Words) -> dict[str, Any]:
    """A cap as it holds; `item` is one id, or a list where their sum is limited."""
    return {
        "id": cap.id,
        "item": one_or_list(cap.item),
        "per": cap.per,
        "most": cap.most,
        "least": cap.least,
        "count": cap.count,
        "text": w.name(cap.text) if cap.text else None,
        "breach": cap.breach,
    }


def one_or_list(values: tuple[str, ...]) -> str | list[str]:
    """As the file writes it: one id bare, several as a list."""
    return values[0] if len(values) == 1 else list(values)


def _step(step: Step) -> dict[str, Any]:
    return {
        "posts": list(step.posts),
        "what": step.what,
        "also": list(step.also),
        "why": step.why,
        "lines": list(step.lines),
    }


def _line(line: PlanLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "item": line.item,
        "on": _when(line.on),
        "per": line.per,
        "quantity": _number(line.quantity),
        "price": line.price,
        "cap": line.cap,
        "amount": line.amount,
        "of_cap": _number(line.of_cap),
        "over": line.over,
        "payer": line.payer,
        "rule": line.rule,
    }


def _stage(stage: StageAnswer) -> dict[str, Any]:
    return {"id": stage.id, "applies": stage.applies, "at": _when(stage.at)}


def _duty(duty: DutyAnswer, w: Words) -> dict[str, Any]:
    return {
        "id": duty.id,
        "party": duty.party,
        "stage": duty.stage,
        "text": w.name(duty.text),
        "parts": [{"text": w.name(part.text), "may_drop": part.may_drop} for part in duty.parts],
        "due": _when(duty.due) or duty.due_words,
        "after": list(duty.after),
        "may_drop": duty.may_drop,
        "assignee": duty.assignee,
    }


def _need(need: NeedAnswer) -> dict[str, Any]:
    return {"id": need.id, "due": _when(need.due) or need.due_words, "breach": need.breach, "given": need.given}


def _effect(effect: Effect | None) -> dict[str, Any] | None:
    return {"effect": effect.effect, "next": list(effect.next)} if effect else None


def _bookings(bookings: BookingsAnswer) -> dict[str, Any]:
    spans = [
        {"thing": each.thing, "for": each.purpose, "from": _when(each.starts), "until": _when(each.ends)}
        for each in bookings.spans
    ]
    return {"spans": spans, "grade": bookings.grade}


def _finding(finding: Finding, w: Words) -> dict[str, Any]:
    return {
        "level": finding.level,
        "code": finding.code,
        "rule": finding.rule,
        "line": finding.line,
        "text": w.text(finding.text),
    }


def _when(at: date | datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _number(value: Decimal | Fraction | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == int(value) else round(float(value), 4)
