"""Requests that wait for a decision, and all that one needs to decide each in one look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.errors import Refused
from models.form import Form
from models.policy.answer import Answer
from models.policy.model import Policy
from models.queries.common import parts, person_names
from models.queries.requests import RequestLine, Said, decisions, requests
from models.schema.store import reading
from models.schema.tables import Visit, VisitPerson
from models.services.desk import Desk
from models.services.forms import read_form
from models.services.people import holders
from models.services.rights import may, step_holders
from models.services.visits import current_step, judged, tier_now, visit_policy


@dataclass(frozen=True, slots=True)
class Pending:
    """A request at a step. `mine`: the actor decides there; `why_not`: the code of why not; `record`: may record it."""

    line: RequestLine
    mine: bool
    why_not: str | None
    record: bool
    what: str


@dataclass(frozen=True, slots=True)
class Clash:
    """A lead host of this request who is host elsewhere the same day: who, of whom, when (local time)."""

    host: str
    client: str
    arrive: datetime | None
    firm: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything of one request to decide on. `answer` None: the form lacks something, then `problem` says what.

    `who` may act at the current step (id, name); `offered` are persons for host and companions by post (id, name).
    """

    visit: int
    version: int
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
    clashes: tuple[Clash, ...]


def approvals(desk: Desk) -> tuple[Pending, ...]:
    """Requests that wait: the actor's own to decide first, the soonest arrival first."""
    lines = [line for line in requests(desk) if line.state == "submitted"]
    with reading():
        found = [_pending(desk, line) for line in lines]
    return tuple(sorted(found, key=lambda each: (not each.mine, str(each.line.arrive), each.line.visit)))


def _pending(desk: Desk, line: RequestLine) -> Pending:
    row = Visit.get_by_id(line.visit)
    step = current_step(row)
    why_not = may(desk, "decide", row)
    return Pending(line, why_not is None, why_not, may(desk, "record", row) is None, step.what if step else "")


def preview(desk: Desk, visit: int) -> Preview | None:
    """All of one request; None when it is gone or lies at nobody any more."""
    with reading():
        row = Visit.get_or_none(Visit.id == visit)
        step = current_step(row) if row is not None else None
        if row is None or step is None:
            return None
        policy = visit_policy(desk, row)
        form = read_form(row)
        answer: Answer | None = None
        problem: Refused | None = None
        try:
            answer = judged(desk, row, form)
        except Refused as refused:
            problem = refused
        people = parts([visit]).get(visit, {})
        known = {"host", "companion", "diner"}
        leads = [(role, name) for role, named in people.items() if role not in known for _, name in named]
        who = step_holders(desk, row, step)
        names = person_names(who)
        return Preview(
            visit=visit,
            version=row.version,
            policy=policy,
            form=form,
            tier=tier_now(row),
            what=step.what,
            answer=answer,
            problem=problem,
            said=decisions([visit]).get(visit, ()),
            applicant=person_names([row.applicant_id]).get(row.applicant_id, ""),
            hosts=tuple(people.get("host", ())),
            companions=tuple(people.get("companion", ())),
            diners=tuple(name for _, name in people.get("diner", ())),
            leads=tuple(leads),
            posts=tuple(step.posts),
            who=tuple((person, names.get(person, "")) for person in who),
            offered=_offered(desk, policy),
            clashes=_clashes(row),
        )


def _offered(desk: Desk, policy: Policy) -> tuple[tuple[int, str], ...]:
    """Everybody who holds a post today, by the policy's order of posts."""
    today = desk.now().date()
    ids = tuple(dict.fromkeys(person for post in policy.posts for person in holders(post.id, today)))
    names = person_names(ids)
    return tuple((person, names[person]) for person in ids)


def _clashes(row: Visit) -> tuple[Clash, ...]:
    if row.arrive is None or row.depart is None:
        return ()
    hosts = [p.person_id for p in VisitPerson.select().where(VisitPerson.visit == row.id, VisitPerson.role == "host")]
    others = list(
        VisitPerson.select(VisitPerson, Visit)
        .join(Visit)
        .where(
            VisitPerson.role == "host",
            VisitPerson.person.in_(hosts),
            Visit.id != row.id,
            Visit.state.in_(("submitted", "approved", "under_way")),
            Visit.arrive < row.depart,
            Visit.depart > row.arrive,
            Visit.arrive > row.arrive - timedelta(days=60),
        )
        .order_by(Visit.arrive)
    )
    names = person_names([each.person_id for each in others])
    return tuple(
        Clash(names.get(each.person_id, ""), each.visit.client_name, each.visit.arrive, each.visit.state != "submitted")
        for each in others
    )
