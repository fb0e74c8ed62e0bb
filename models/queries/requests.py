"""What became of requests: mine or all, with their state, at whom each lies and since when, and what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from models.queries.common import COMING, sought, tier_marks
from models.schema.store import reading
from models.schema.tables import Client, Decision, Person, Step, Visit
from models.services.people import called_names, person_names
from models.services.rights import refusals
from models.services.session import Session
from models.services.sight import hidden_among
from models.services.standing import Standing
from models.words import Name

RECENT = timedelta(days=90)
"""How long what is over stays in the list."""
OVER = ("closed", "cancelled", "refused", "no_show")
VERBS = {
    "draft": ("edit", "discard"),
    "returned": ("edit",),
    "submitted": ("urge", "withdraw"),
}
"""What the list does to a request, by its state."""
ORDER = ("returned", "draft", "submitted", "under_way", "approved", "done", "no_show", "refused", "cancelled", "closed")


_COLUMNS = (
    Visit.id, Visit.version, Visit.number, Visit.state, Visit.client, Visit.client_name, Visit.headcount, Visit.tier,
    Visit.proposed_tier, Visit.comes, Visit.applicant, Visit.coordinator, Visit.owner, Visit.kind, Visit.policy,
    Visit.round, Visit.late, Visit.before, Visit.changed_utc,
)  # fmt: skip
"""What a line says of a visit, and what the rights ask of one."""


@dataclass(frozen=True, slots=True)
class Said:
    """A decision: when (local time), who, in which post, how (agree, pass_on, return, refuse), at what tier.

    `recorded_by` and `medium` where it was entered for them; `unconfirmed` until they confirm it themselves.
    """

    id: int
    at: datetime
    who: str
    post: str
    what: str
    outcome: str
    tier: str | None
    words: str
    recorded_by: str
    medium: str
    unconfirmed: bool


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request. `at` names the persons at whom it lies, or `posts` where nobody holds them; `since` UTC, naive.

    `changing`: approved, a change of it is being decided. `may`: by verb None, or the code of why the actor may not.
    """

    visit: int
    version: int
    number: str | None
    state: str
    client: str
    find: tuple[str, ...]
    headcount: int | None
    tier: str | None
    mark: Name | None
    arrive: datetime | None
    applicant: str
    mine: bool
    at: tuple[str, ...]
    posts: tuple[str, ...]
    since: datetime | None
    late: bool
    urged: bool
    changing: bool
    may: Mapping[str, str | None]
    said: tuple[Said, ...]


def requests(session: Session) -> tuple[RequestLine, ...]:
    """All requests of the last months: what wants something done first, then by arrival. Of drafts that were never
    submitted only those that the actor may go on with."""
    horizon = session.now() - RECENT
    lines = request_lines(session, Visit.state.not_in(OVER) | (Visit.comes >= horizon))
    return tuple(
        sorted((line for line in lines if line.number or line.may.get("edit", "no_visit") is None), key=_place)
    )


def request_lines(session: Session, wanted: Any) -> list[RequestLine]:
    """The requests for which the condition `wanted` on Visit holds, in no order."""
    with reading():
        return [line for line, _ in lines_standing(session, wanted)[0]]


def lines_standing(session: Session, wanted: Any) -> tuple[list[tuple[RequestLine, Visit]], Standing]:
    """`request_lines` with their rows, and how the actor stands to all of these visits; inside `reading`."""
    found = Visit.select(*_COLUMNS, Client.id, Client.pinyin, Client.initials).left_outer_join(Client)
    rows = list(found.where(wanted))
    unseen = hidden_among(session, (row.id for row in rows))
    rows = [row for row in rows if row.id not in unseen]
    standing = Standing(session, [row for row in rows if row.state in VERBS])
    waits = {row.id: _waits_at(standing, row) for row in rows}
    said = decisions([row.id for row in rows])
    people = [*(row.applicant_id for row in rows), *(who for people in waits.values() for who in people)]
    names, still = person_names(people), called_names(people)
    marks, find = tier_marks(session.policy), sought(rows)
    lines = [
        (
            _line(
                session,
                standing,
                row,
                waits[row.id],
                said.get(row.id, ()),
                still if row.state in COMING else names,
                marks,
                find[row.id],
            ),
            row,
        )
        for row in rows
    ]
    return lines, standing


def _waits_at(standing: Standing, row: Visit) -> tuple[int, ...]:
    step = standing.step(row)
    return standing.step_holders(row, step) if step is not None else ()


def decisions(ids: list[int]) -> dict[int, tuple[Said, ...]]:
    """What was said of these visits, oldest first. To be called inside `reading`."""
    recorder = Person.alias()
    rows = (
        Decision.select(Decision, Step.id, Step.what, recorder.id, recorder.name)
        .join(Step)
        .switch(Decision)
        .left_outer_join(recorder, on=(Decision.recorded_by == recorder.id))
        .where(Decision.visit.in_(ids))
        .order_by(Decision.at, Decision.id)
    )
    found: dict[int, tuple[Said, ...]] = {}
    for row in rows:
        recorded = row.recorded_by
        entry = Said(
            id=row.id,
            at=row.at,
            who=row.person_name,
            post=row.post,
            what=row.step.what,
            outcome=row.outcome,
            tier=row.tier,
            words=row.words,
            recorded_by=recorded.name if recorded else "",
            medium=row.medium,
            unconfirmed=recorded is not None and row.confirmed_utc is None,
        )
        found[row.visit_id] = (*found.get(row.visit_id, ()), entry)
    return found


def signed(session: Session, visit: int) -> tuple[Said, ...]:
    """What others have signed of a request, or of a change, that is being decided, oldest first: taking it back makes
    that void."""
    with reading():
        live = Step.select(Step.id).join(Visit).where(Step.visit == visit, Step.round == Visit.round)
        theirs = Decision.person.is_null() | (Decision.person != session.actor.person)
        ids = {row.id for row in Decision.select(Decision.id).where(Decision.step.in_(live), theirs)}
        return tuple(each for each in decisions([visit]).get(visit, ()) if each.id in ids)


def _line(
    session: Session,
    standing: Standing,
    row: Any,
    waits: tuple[int, ...],
    said: tuple[Said, ...],
    names: dict[int | None, str],
    marks: dict[str, Name],
    find: tuple[str, ...],
) -> RequestLine:
    applicant = names.get(row.applicant_id, "")
    at: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    since: datetime | None = None
    step = standing.step(row)
    if step is not None:
        posts = tuple(step.posts)
        at = tuple(names[person] for person in waits)
        since = step.since_utc
    elif row.state in ("draft", "returned"):
        at = (applicant,) if applicant else ()
        since = row.changed_utc
    tier = row.tier or row.proposed_tier
    return RequestLine(
        visit=row.id,
        version=row.version,
        number=row.number,
        state=row.state,
        client=row.client_name,
        find=find,
        headcount=row.headcount,
        tier=tier,
        mark=marks.get(tier, Name.of(tier[:1])) if tier else None,
        arrive=row.comes,
        applicant=applicant,
        mine=session.actor.person in (row.applicant_id, row.coordinator_id),
        at=at,
        posts=posts,
        since=since,
        late=row.late,
        urged=step is not None and step.urged_utc is not None,
        changing=row.before is not None,
        may=refusals(standing, row, VERBS[row.state]) if row.state in VERBS else {},
        said=said,
    )


def _place(line: RequestLine) -> tuple[int, float, int]:
    """What waits for the applicant, then what waits for others, then the coming ones, then the past, latest first."""
    when = line.arrive.replace(tzinfo=UTC).timestamp() if line.arrive else 0.0
    past = line.state in OVER
    order = ORDER.index(line.state) if line.state in ORDER else len(ORDER)
    return order, -when if past else when, line.visit
