"""What a policy answers to a request, typed, and as the JSON of `jiedai try` (the table in the manual)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from models.frozen import record
from models.policy.model import Breach, Policy
from models.words import Name, Phrase, Words, words

# What a policy says to a request: the typed form of the JSON answer of `jiedai try` (`policy.md`).
#
# Money is in minor units. `text`s are said in the reader's language at the edge.

Level = Literal["info", "warn", "reason", "block"]
What = Literal["opinion", "decide", "sign", "report"]
Verdict = Literal["fits", "needs", "blocked"]

BEYOND = Fraction(10**9)
"""Above every percentage of a cap."""


@record
class Tier:
    """`proposed` is the request's tier (by_rule where it gives none); `by_rule` what `propose` says."""

    proposed: str | None
    by_rule: str | None
    why: str | None


@record
class StepAnswer:
    """One stop of the route. `posts`: any one of them acts. `also`: what a merged step does besides (A5).

    `vacant`: no person holds any of the posts (only judged where people are given).
    """

    posts: tuple[str, ...]
    what: What
    why: str | None = None
    lines: tuple[str, ...] = ()
    also: tuple[What, ...] = ()
    vacant: bool = False


@record
class NoticeAnswer:
    """Whether the request is in time (R8, A4): `needed` and `given` in `unit`; none `needed` where no rule asks."""

    needed: int | None
    given: int | float | None
    unit: str | None
    late: bool
    state: Literal["in_time", "late", "refused"]


@record
class LeadHostAnswer:
    """Who is to receive the guests: at least so many of those who hold these posts (R20)."""

    posts: tuple[str, ...]
    at_least: int
    satisfied: bool


@record
class CompanionLine:
    """A planned meal: how many companions may sit there (None: as many as like), and how many do, as they count."""

    line: str
    max: int | None
    given: int


@record
class CompanionsAnswer:
    """Who takes part by rule, how many may sit at a meal of all guests (None: no limit), and each meal (A14, A28)."""

    posts: tuple[str, ...]
    max: int | None
    lines: tuple[CompanionLine, ...]


@record
class CapAnswer:
    """A standard in force for this visit: `most` and `least` in minor units or a grade, a `count`, or in words."""

    id: str | None
    item: tuple[str, ...]
    per: str
    most: int | str | None
    least: int | str | None
    count: int | None
    text: Name | None
    breach: Breach


@record
class PlanLine:
    """One line of the plan; money in minor units, never netted between lines.

    `over` is what exceeds the narrowest cap exceeded, and `payer` who pays it; `of_cap` in percent, `BEYOND` for
    a grade, a count or a 0 exceeded. `counted` is the part of `amount` in the plan's total: not what the guest
    or the applicant pays.
    """

    id: str
    item: str
    on: date | None
    per: str
    quantity: Decimal
    price: int | None
    cap: int | None
    amount: int | None
    of_cap: Fraction | None
    over: int
    payer: str
    rule: str | None
    counted: int = 0


@record
class StageAnswer:
    """A stage of the reception: whether it applies, and when it is by the policy (local time).

    `meal`: of a stage that there is for each meal, the place of its meal in the request, from 0.
    """

    id: str
    applies: bool
    at: datetime | None
    meal: int | None = None


@record
class PartAnswer:
    """A part of a duty that is ticked by itself."""

    text: Name
    may_drop: bool


@record
class DutyAnswer:
    """`party` is a department, a post or a reference as in the policy; `due` local time, or `due_words` instead."""

    id: str
    party: str
    stage: str | None
    text: Name
    parts: tuple[PartAnswer, ...]
    due: datetime | None
    due_words: str | None
    after: tuple[str, ...]
    may_drop: bool
    assignee: bool


@record
class NeedAnswer:
    """Something to be handed in: by when (local time, or in words), and whether it was."""

    id: str
    due: datetime | None
    due_words: str | None
    breach: Breach
    given: bool


@record
class DecisionEffect:
    """What a decision does: approved, or passed on to `next` (A3)."""

    effect: Literal["approved", "passed_on"]
    next: tuple[str, ...]


@record
class HeldAnswer:
    """How long a thing ("car", "room", "person") is held for arrival, departure or a stage, local times."""

    thing: str
    purpose: str
    starts: datetime
    ends: datetime


@record
class BookingsAnswer:
    """What is held when on this visit, and the lowest class of car that its standards allow (None: none is stated)."""

    spans: tuple[HeldAnswer, ...]
    grade: str | None


@record
class Finding:
    """`rule` is the row's id, `line` a plan line's; `reasoned`: a reason for it is given in the request."""

    level: Level
    code: str
    text: Name | Phrase
    rule: str | None = None
    line: str | None = None
    reasoned: bool = False


@record
class Answer:
    """All that a policy says to a request; `total` in minor units, what guest and applicant pay not among it."""

    tier: Tier
    route: tuple[StepAnswer, ...]
    notice: NoticeAnswer
    lead_host: LeadHostAnswer
    companions: CompanionsAnswer
    caps: tuple[CapAnswer, ...]
    plan: tuple[PlanLine, ...]
    total: int
    stages: tuple[StageAnswer, ...]
    duties: tuple[DutyAnswer, ...]
    needs: tuple[NeedAnswer, ...]
    decision: DecisionEffect | None
    bookings: BookingsAnswer
    findings: tuple[Finding, ...]
    verdict: Verdict


def level_of(breach: Breach) -> Level:
    """The level of a finding by its row's consequence: what somebody else pays is only told."""
    return "info" if breach == "guest_pays" or breach == "applicant_pays" else breach


# An answer as the JSON of `jiedai try` (the table in the manual): amounts in minor units, words in one language.


def answer_json(answer: Answer, policy: Policy, lang: str) -> dict[str, Any]:
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


def _step(step: StepAnswer) -> dict[str, Any]:
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


def _effect(effect: DecisionEffect | None) -> dict[str, Any] | None:
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
