"""Requests that wait for a decision, and all that one needs to decide each in one look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.errors import Refused
from models.form import Form
from models.policy.answer import Answer, Finding
from models.policy.judge import decide
from models.policy.model import Policy
from models.queries.bookings import booked
from models.queries.common import Stop, parts, stops
from models.queries.objections import beside, objections
from models.queries.requests import RequestLine, Said, decisions, lines_standing
from models.schema.store import reading
from models.schema.tables import Step, Visit
from models.services.people import called_names, holders, person_names
from models.services.rights import held_post, refusals, step_holders
from models.services.routing import DECIDING, deciding
from models.services.session import Session
from models.services.sight import sees
from models.services.snapshot import unpacked
from models.services.standing import Standing
from models.services.visit_record import VisitRecord
from models.services.visits import current_step, tier_now


@dataclass(frozen=True, slots=True)
class Pending:
    """A request at a step. `mine`: the actor decides there; `why_not`: the code of why not; `record`: may record it."""

    line: RequestLine
    mine: bool
    why_not: str | None
    record: bool
    what: str


@dataclass(frozen=True, slots=True)
class Competing:
    """A car or room of this request that another visit holds or asks for at the same time (local times)."""

    thing: str
    client: str
    starts: datetime
    until: datetime | None
    firm: bool


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What agreeing with another tier would do: `next` decide instead, where it is above the own authority (A3) or
    where this is only an opinion; `findings` are what the policy would object to then and does not now (R20)."""

    next: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything of one request to decide on. `answer` None: the form lacks something, then `problem` says what.

    `who` may act at the current step (id, name); `offered` are persons for host and companions by post (id, name).
    `findings`: what the policy says and what other visits there are. `ahead`: the stops after this one, those only told
    among them. `comes`, `goes`: when it begins and ends as it is known now. `before`: the form as approved, where this
    is about a change of it; `names` are the persons of both.
    """

    visit: int
    version: int
    number: str
    policy: Policy
    form: Form
    tier: str | None
    what: str
    answer: Answer | None
    problem: Refused | None
    said: tuple[Said, ...]
    applicant: str
    hosts: tuple[tuple[int, str], ...]
    companions: tuple[tuple[int, str], ...]
    diners: tuple[str, ...]
    leads: tuple[tuple[str, str], ...]
    posts: tuple[str, ...]
    who: tuple[tuple[int, str], ...]
    offered: tuple[tuple[int, str], ...]
    findings: tuple[Finding, ...]
    ahead: tuple[Stop, ...] = ()
    before: Form | None = None
    names: Mapping[int | None, str] = field(default_factory=dict)
    what_if: Mapping[str, WhatIf] = field(default_factory=dict)
    comes: datetime | None = None
    goes: datetime | None = None
    competing: tuple[Competing, ...] = ()


def approvals(session: Session) -> tuple[Pending, ...]:
    """Requests that wait: the actor's own to decide first, the soonest arrival first."""
    with reading():
        lines, standing = lines_standing(session, Visit.state == "submitted")
        found = [_pending(standing, line, row) for line, row in lines]
    return tuple(sorted(found, key=lambda each: (not each.mine, str(each.line.arrive), each.line.visit)))


def _pending(standing: Standing, line: RequestLine, row: Visit) -> Pending:
    step = standing.step(row)
    refused = refusals(standing, row, ("decide", "record"))
    why_not = refused["decide"]
    return Pending(line, why_not is None, why_not, refused["record"] is None, step.what if step else "")


def preview(session: Session, visit: int) -> Preview | None:
    """All of one request; None when it is gone, lies at nobody any more, or may not be seen."""
    with reading():
        row = Visit.get_or_none(Visit.id == visit)
        step = current_step(row) if row is not None else None
        if row is None or step is None or not sees(session, row):
            return None
        record = VisitRecord(session, row)
        policy, form = record.policy, record.asked_form
        answer: Answer | None = None
        problem: Refused | None = None
        try:
            answer = record.judged(form)
        except Refused as refused:
            problem = refused
        people = parts([visit]).get(visit, {})
        known = {"host", "companion", "diner"}
        leads = [(role, name) for role, named in people.items() if role not in known for _, name in named]
        who = step_holders(session, row, step)
        before = unpacked(row.before) if row.before is not None else None
        names = called_names([*who, *form.hosts, *(before.hosts if before else ())])
        return Preview(
            visit=visit,
            version=row.version,
            number=row.number or "",
            policy=policy,
            form=form,
            tier=tier_now(row),
            what=step.what,
            answer=answer,
            problem=problem,
            said=decisions([visit]).get(visit, ()),
            applicant=called_names([row.applicant_id]).get(row.applicant_id, ""),
            hosts=tuple(people.get("host", ())),
            companions=tuple(people.get("companion", ())),
            diners=tuple(name for _, name in people.get("diner", ())),
            leads=tuple(leads),
            posts=tuple(step.posts),
            who=tuple((person, names.get(person, "")) for person in who),
            offered=_offered(session, policy),
            findings=objections(answer, beside(session, form, row.id, row.comes, row.goes)),
            ahead=tuple(stop for stop in stops(row.id, row.round) if stop.state == "waiting"),
            before=before,
            comes=row.comes,
            goes=row.goes,
            names=names,
            what_if=_what_if(record, step, answer) if answer is not None else {},
            competing=_competing(record),
        )


def _competing(record: VisitRecord) -> tuple[Competing, ...]:
    """What of the request's bookings others hold then, or ask for, too; those held firmly first."""
    found = [
        Competing(line.name, each.client, line.starts, each.until, each.firm)
        for line in booked(record).lines
        for each in line.clashes
        if each.code == "twice" and each.client and not each.reason
    ]
    return tuple(sorted(found, key=lambda each: (not each.firm, each.starts)))


def _what_if(record: VisitRecord, step: Step, now: Answer) -> Mapping[str, WhatIf]:
    """What another tier would do, for each but the present one."""
    session, row, form, policy = record.session, record.row, record.asked_form, record.policy
    found = dict[str, WhatIf]()
    person = session.actor.person
    post = (held_post(session, row, step, person) if person is not None else None) or step.posts[0]
    known = {(finding.code, finding.rule, finding.line) for finding in now.findings}
    for tier in (each.id for each in policy.tiers if each.id != tier_now(row)):
        answer = record.judged(form, tier)
        if step.what in DECIDING:
            request = record.request(form, tier_now(row))
            effect = decide(policy, request, [post], tier)
            following = effect.next if effect.effect == "passed_on" else ()
        else:
            following = tuple(post for each in deciding(answer) for post in each.posts)
        fresh = [f for f in answer.findings if f.level != "info" and (f.code, f.rule, f.line) not in known]
        found[tier] = WhatIf(following, tuple(fresh))
    return found


def _offered(session: Session, policy: Policy) -> tuple[tuple[int, str], ...]:
    """Everybody who holds a post today, by the policy's order of posts."""
    today = session.now().date()
    ids = tuple(dict.fromkeys(person for post in policy.posts for person in holders(post.id, today)))
    names = person_names(ids)
    return tuple((person, names[person]) for person in ids)
