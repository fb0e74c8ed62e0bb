"""Lists of requests: mine or all with their state, those that wait for a decision, and what to see before one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from models.errors import Refused
from models.form import Form
from models.frozen import NO_ENTRIES, record
from models.policy.answer import Answer, Finding
from models.policy.judge import decide
from models.policy.model import Policy
from models.queries.booking_lists import booked
from models.queries.common import COMING, Stop, at_whom, parts, sought, stops, tier_marks
from models.schema.arrangements import VisitDay
from models.schema.store import reading
from models.schema.tables import Client, Decision, Person, Step, Visit, VisitPerson
from models.services.consequences import DECIDING, deciding, lies_at
from models.services.person_register import called_names, holders, person_names
from models.services.phones import Phones
from models.services.rights import ActorContext, hidden_among, refusals, sees
from models.services.session import Session
from models.services.step_holders import Voice
from models.services.visit_form import unpacked
from models.services.visit_record import VisitRecord
from models.services.visits import current_step, tier_now
from models.words import Name, Phrase, acting, alike

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


@record
class DecisionLine:
    """A decision: when (local time), who (with for whom they stood in), in which post, how (agree, pass_on, return,
    refuse, taken_back), at what tier.

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


@record
class RequestLine:
    """One request. `at` names the persons at whom it lies, or `posts` where nobody can act in them; `lies` says what is
    to be known where nobody of the post is there; `since` UTC, naive.

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
    refusals: Mapping[str, str | None]
    said: tuple[DecisionLine, ...]
    lies: Phrase | None = None


def requests(session: Session) -> tuple[RequestLine, ...]:
    """All requests of the last months: what wants something done first, then by arrival. Of drafts that were never
    submitted only those that the actor may go on with."""
    horizon = session.now() - RECENT
    lines = request_lines(session, Visit.state.not_in(OVER) | (Visit.comes >= horizon))
    return tuple(
        sorted((line for line in lines if line.number or line.refusals.get("edit", "no_visit") is None), key=_place)
    )


def request_lines(session: Session, wanted: Any) -> list[RequestLine]:
    """The requests for which the condition `wanted` on Visit holds, in no order."""
    with reading():
        return [line for line, _ in lines_with_context(session, wanted)[0]]


def lines_with_context(session: Session, wanted: Any) -> tuple[list[tuple[RequestLine, Visit]], ActorContext]:
    """`request_lines` with their rows, and how the actor stands to all of these visits; inside `reading`."""
    found = Visit.select(*_COLUMNS, Client.id, Client.pinyin, Client.initials).left_outer_join(Client)
    rows = list(found.where(wanted))
    unseen = hidden_among(session, (row.id for row in rows))
    rows = [row for row in rows if row.id not in unseen]
    context = ActorContext(session, [row for row in rows if row.state in VERBS])
    waits = {row.id: _waits_at(context, row) for row in rows}
    said = decisions([row.id for row in rows])
    people = [
        *(row.applicant_id for row in rows),
        *(who for found in waits.values() for each in found for who in (each.person, each.of)),
    ]
    names, still = person_names(people), called_names(people)
    marks, find = tier_marks(session.policy), sought(rows)
    lines = [
        (
            _line(
                session,
                context,
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
    return lines, context


def _waits_at(context: ActorContext, row: Visit) -> tuple[Voice, ...]:
    step = context.step(row)
    return context.voices(row, step) if step is not None else ()


def decisions(ids: list[int]) -> dict[int, tuple[DecisionLine, ...]]:
    """What was said of these visits, oldest first. To be called inside `reading`."""
    recorder, whom = Person.alias(), Person.alias()
    rows = (
        Decision.select(Decision, Step.id, Step.what, recorder.id, recorder.name, whom.id, whom.name)
        .join(Step)
        .switch(Decision)
        .left_outer_join(recorder, on=(Decision.recorded_by == recorder.id))
        .switch(Decision)
        .left_outer_join(whom, on=(Decision.for_person == whom.id))
        .where(Decision.visit.in_(ids))
        .order_by(Decision.at, Decision.id)
    )
    found: dict[int, tuple[DecisionLine, ...]] = {}
    for row in rows:
        recorded = row.recorded_by
        entry = DecisionLine(
            id=row.id,
            at=row.at,
            who=acting(row.person_name, row.for_person.name if row.for_person else ""),
            post=row.post,
            what=row.step.what,
            outcome=row.outcome,
            tier=row.tier,
            words=row.words,
            recorded_by=recorded.name if recorded else "",
            medium=row.medium,
            unconfirmed=recorded is not None and row.confirmed_utc is None and row.outcome != "taken_back",
        )
        found[row.visit_id] = (*found.get(row.visit_id, ()), entry)
    return found


def signed(session: Session, visit: int) -> tuple[DecisionLine, ...]:
    """What others have signed of a request, or of a change, that is being decided, oldest first: taking it back makes
    that void."""
    with reading():
        live = Step.select(Step.id).join(Visit).where(Step.visit == visit, Step.round == Visit.round)
        theirs = Decision.person.is_null() | (Decision.person != session.actor.person)
        ids = {row.id for row in Decision.select(Decision.id).where(Decision.step.in_(live), theirs)}
        return tuple(each for each in decisions([visit]).get(visit, ()) if each.id in ids)


def _line(
    session: Session,
    context: ActorContext,
    row: Any,
    waits: tuple[Voice, ...],
    said: tuple[DecisionLine, ...],
    names: dict[int | None, str],
    marks: dict[str, Name],
    find: tuple[str, ...],
) -> RequestLine:
    applicant = names.get(row.applicant_id, "")
    at: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    lies: Phrase | None = None
    since: datetime | None = None
    step = context.step(row)
    if step is not None:
        posts = tuple(step.posts)
        at = at_whom(waits, names)
        since = step.since_utc
        lies = lies_at(context, row, step)
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
        refusals=refusals(context, row, VERBS[row.state]) if row.state in VERBS else {},
        said=said,
        lies=lies,
    )


def _place(line: RequestLine) -> tuple[int, float, int]:
    """What waits for the applicant, then what waits for others, then the coming ones, then the past, latest first."""
    when = line.arrive.replace(tzinfo=UTC).timestamp() if line.arrive else 0.0
    past = line.state in OVER
    order = ORDER.index(line.state) if line.state in ORDER else len(ORDER)
    return order, -when if past else when, line.visit


# -- requests that wait for a decision --------------------------------------------------------------------------------


PENDING_VERBS = ("decide", "record", "delegate", "undo_delegate", "undo_agree")
"""What is done to a request that waits."""


@record
class Pending:
    """A request at a step. `mine`: the actor decides there, `of`: for whom they stand in; `record`: may record it.
    `refused`: by verb (decide, record, delegate, undo_delegate, undo_agree) None, or the code of why not."""

    line: RequestLine
    mine: bool
    record: bool
    what: str
    of: str
    refused: Mapping[str, str | None]

    @property
    def why_not(self) -> str | None:
        """The code of why the actor does not decide."""
        return self.refused["decide"]


@record
class Competing:
    """A car or room of this request that another visit holds or asks for at the same time (local times)."""

    thing: str
    client: str
    starts: datetime
    until: datetime | None
    firm: bool


@record
class WhatIf:
    """What agreeing with another tier would do: `next` decide instead, where it is above the own authority (A3) or
    where this is only an opinion; `findings` are what the policy would object to then and does not now (R20)."""

    next: tuple[str, ...]
    findings: tuple[Finding, ...]


@record
class RequestPreview:
    """Everything of one request to decide on. `answer` None: the form lacks something, then `problem` says what.

    `who` may act at the current step (id, name); `offered` are persons for host and companions by post (id, name).
    `of`: for whom the actor stands in there; `lies`: what is to be known where nobody of the post is there.
    `handed`: who handed it to whom, and why.
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
    said: tuple[DecisionLine, ...]
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
    names: Mapping[int | None, str] = NO_ENTRIES
    what_if: Mapping[str, WhatIf] = NO_ENTRIES
    comes: datetime | None = None
    goes: datetime | None = None
    competing: tuple[Competing, ...] = ()
    of: str = ""
    lies: Phrase | None = None
    handed: tuple[tuple[str, str, str], ...] = ()


def approvals(session: Session) -> tuple[Pending, ...]:
    """Requests that wait: the actor's own to decide first, the soonest arrival first."""
    with reading():
        lines, context = lines_with_context(session, Visit.state == "submitted")
        found = [_pending(context, line, row) for line, row in lines]
        whom = person_names(person for _, person in found)
    lines_found = [replace(each, of=whom.get(person, "")) for each, person in found]
    return tuple(sorted(lines_found, key=lambda each: (not each.mine, str(each.line.arrive), each.line.visit)))


def _pending(context: ActorContext, line: RequestLine, row: Visit) -> tuple[Pending, int | None]:
    """A request that waits, and for whom the actor stands in there."""
    step = context.step(row)
    refused = refusals(context, row, PENDING_VERBS)
    mine = refused["decide"] is None
    voice = context.voice(row, step, context.person) if step and mine else None
    waits = Pending(line, mine, refused["record"] is None, step.what if step else "", "", refused)
    return waits, voice.of if voice is not None else None


def preview(session: Session, visit: int) -> RequestPreview | None:
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
        context = ActorContext(session, (row,))
        phones = Phones(context)
        who, voice = context.step_holders(row, step), context.voice(row, step, session.actor.person)
        of = voice.of if voice is not None else None
        before = unpacked(row.before) if row.before is not None else None
        names = called_names([*who, of, *form.hosts, *(before.hosts if before else ())])
        found = RequestPreview(
            visit=visit,
            version=row.version,
            number=row.number or "",
            policy=policy,
            form=phones.form(visit, form),
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
            before=phones.form(visit, before) if before is not None else None,
            comes=row.comes,
            goes=row.goes,
            names=names,
            what_if=_what_if(record, step, answer) if answer is not None else {},
            competing=_competing(record, phones),
            of=names.get(of, "") if of is not None else "",
            lies=lies_at(context, row, step),
            handed=_handed(context, step),
        )
        return phones.about(visit, found)


def _handed(context: ActorContext, step: Step) -> tuple[tuple[str, str, str], ...]:
    rows = context.stand_ins.handed(step)
    names = called_names([who for row in rows for who in (row.for_person_id, row.person_id)])
    return tuple((names.get(row.for_person_id, ""), names.get(row.person_id, ""), row.reason) for row in rows)


def _competing(record: VisitRecord, phones: Phones) -> tuple[Competing, ...]:
    """What of the request's bookings others hold then, or ask for, too; those held firmly first."""
    found = [
        Competing(line.name, each.client, line.starts, each.until, each.firm)
        for line in booked(record, phones).lines
        for each in line.clashes
        if each.code == "twice" and each.client and not each.reason
    ]
    return tuple(sorted(found, key=lambda each: (not each.firm, each.starts)))


def _what_if(record: VisitRecord, step: Step, now: Answer) -> Mapping[str, WhatIf]:
    """What another tier would do, for each but the present one."""
    session, row, form, policy = record.session, record.row, record.asked_form, record.policy
    found = dict[str, WhatIf]()
    voice = ActorContext(session, (row,)).voice(row, step, session.actor.person)
    post = voice.post if voice is not None else step.posts[0]
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


# -- what to see before a decision ------------------------------------------------------------------------------------

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
