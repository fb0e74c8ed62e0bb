"""What is to be seen before a request is handed in or decided: one list, for its applicant and for who decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from models.form import Form
from models.policy.answer import Answer, Finding
from models.schema.arrangements import VisitDay
from models.schema.tables import Person, Visit, VisitPerson
from models.services.people import person_names
from models.services.session import Session
from models.services.sight import hidden_among
from models.words import Phrase, alike

ASKED = ("submitted", "approved", "under_way")
"""Visits that are asked for, or take place."""
LONGEST = timedelta(days=60)
"""No visit that began longer ago is looked for."""
HIDDEN = "***"
"""Stands for the client of a visit that the actor may not see."""


def objections(answer: Answer | None, beside: Iterable[Finding]) -> tuple[Finding, ...]:
    """What the policy says of a request and what stands `beside` it. That nobody is lead host yet is more than a
    remark once somebody looks at the whole."""
    said = answer.findings if answer is not None else ()
    nobody = "finding.no_lead_host"
    return (*(replace(each, level="warn") if _key(each) == nobody else each for each in said), *beside)


def beside(
    session: Session, form: Form, visit: int | None = None, comes: datetime | None = None, goes: datetime | None = None
) -> tuple[Finding, ...]:
    """What else matters to a form: who is named on it and switched off since, other visits for which its lead hosts are
    asked for at that time, and what else the same client is to come for on these days. `visit` is its own, `comes` and
    `goes` when that is by now; to be called inside `reading`."""
    comes, goes = comes or form.arrive, goes or form.depart
    gone = _gone(form)
    if comes is None:
        return tuple(gone)
    goes = max(goes or comes, comes)
    return (*gone, *_hosts(session, form, visit, comes, goes), *_same_client(session, form, visit, comes, goes))


def _gone(form: Form) -> list[Finding]:
    """Who is named on the form and switched off in the register since."""
    named = [*form.hosts, *form.companions, *form.diners, *form.per_visit.values()]
    rows = {row.id: row.name for row in Person.select().where(Person.id.in_(named), ~Person.active)} if named else {}
    return [_warned("gone", who=rows[person]) for person in dict.fromkeys(named) if person in rows]


def _hosts(session: Session, form: Form, visit: int | None, comes: datetime, goes: datetime) -> list[Finding]:
    others: list[Any] = list(
        VisitPerson.select(VisitPerson, Visit)
        .join(Visit)
        .where(
            VisitPerson.role == "host",
            VisitPerson.person.in_(form.hosts),
            Visit.id != (visit or 0),
            Visit.state.in_(ASKED),
            Visit.comes < goes,
            Visit.goes > comes,
            Visit.comes > comes - LONGEST,
        )
        .order_by(Visit.comes)
    )
    names = person_names([each.person_id for each in others])
    unseen = hidden_among(session, [each.visit_id for each in others])
    return [
        _warned(
            "clash" if each.visit.state != "submitted" else "clash_asked",
            who=names.get(each.person_id, ""),
            client=HIDDEN if each.visit_id in unseen else each.visit.client_name,
            time=f"{each.visit.comes:%m-%d %H:%M}",
        )
        for each in others
    ]


def _same_client(session: Session, form: Form, visit: int | None, comes: datetime, goes: datetime) -> list[Finding]:
    """Asked for twice, by two colleagues who do not know of each other, or by one who forgot."""
    client = alike.key(form.client)
    if not client:
        return []
    days: Any = VisitDay.select(VisitDay.visit).where(VisitDay.day.between(comes.date(), goes.date())).distinct()
    near = [each for (each,) in days.tuples() if each != visit]
    rows = [
        row
        for row in Visit.select().where(Visit.id.in_(near), Visit.state.in_(ASKED)).order_by(Visit.comes)
        if alike.key(row.client_name) == client
    ]
    unseen = hidden_among(session, [row.id for row in rows])
    names = person_names([row.applicant_id for row in rows])
    return [
        _warned(
            "same_client",
            number=row.number or "",
            state=Phrase(f"done.state.{row.state}"),
            time=f"{row.comes:%m-%d %H:%M}" if row.comes else "",
            who=names.get(row.applicant_id, ""),
        )
        for row in rows
        if row.id not in unseen
    ]


def _warned(key: str, **facts: object) -> Finding:
    return Finding("warn", "booking", Phrase(f"approvals.{key}", facts))


def _key(finding: Finding) -> str:
    return finding.text.key if isinstance(finding.text, Phrase) else ""
