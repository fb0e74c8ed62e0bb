"""Verbs of absence: who is away and who acts for them, one request handed to a colleague; and the end of each."""

from __future__ import annotations

from datetime import date

from models.errors import Refused
from models.frozen import record
from models.schema import journal
from models.schema.store import write
from models.schema.tables import Person, StandIn, Step, Visit
from models.services import validate
from models.services.frame import changing
from models.services.person_register import name_of, require_active
from models.services.rights import ActorContext, withheld
from models.services.session import Session
from models.services.step_holders import Voice
from models.services.visits import Done, current_step, needed_words
from models.words import clean


@record
class StandInEntry:
    """Who acts for whom, or that they are away: see the table `StandIn`. `person` None: nobody stands in."""

    for_person: int
    person: int | None
    since: date
    until: date
    posts: tuple[str, ...] = ()
    tier: str | None = None
    away: bool = True
    reason: str = ""


def give_stand_in(session: Session, wanted: StandInEntry) -> int:
    """Enter that somebody is away, or who acts for them; its id. Everybody does so for themselves, who keeps the
    register for anybody.

    Refused: `stands_in_for_self`, `nothing_of_stand_in` (neither away nor anybody to stand in), `until_before_since`,
    `stand_in_over`, `unknown_post`, `unknown_tier`, `stands_in_already`, `inactive_person`.
    """
    with write():
        _allow(session, wanted.for_person)
        _insist(session, wanted)
        row = StandIn.create(
            for_person=wanted.for_person, person=wanted.person, posts=list(wanted.posts), since=wanted.since,
            until=wanted.until, tier=wanted.tier, away=wanted.away, reason=validate.line("reason", wanted.reason),
            made_by=session.actor.person,
        )  # fmt: skip
        journal.record(session, "stand_in.give", None, _told(row), wanted.for_person)
    return int(row.id)


def end_stand_in(session: Session, stand_in: int) -> None:
    """End an absence or that somebody stands in, at once: theirs for whom it is, theirs who stands in, or of who keeps
    the register. It is kept, so that what was done by it stays true. Refused (`no_stand_in`) where it has ended."""
    with write():
        row = StandIn.get_or_none(StandIn.id == stand_in, StandIn.ended_utc.is_null(), StandIn.step.is_null())
        if row is None:
            raise Refused("no_stand_in")
        if session.actor.person != row.person_id:
            _allow(session, row.for_person_id)
        close(session, row)


def close(session: Session, row: StandIn) -> None:
    """Let it end, and write that down; inside a write transaction."""
    StandIn.update(ended_utc=session.now_utc()).where(StandIn.id == row.id).execute()
    visit = Step.get_by_id(row.step_id).visit_id if row.step_id is not None else None
    journal.record(session, "stand_in.end", visit, _told(row), row.for_person_id)


def delegate(session: Session, visit: int, person: int, words: str, *, expected: int) -> Done:
    """Hand the request at the actor's step to a colleague, who decides for them; the actor may still decide, too.

    Refused: `no_passing_on` where the actor is no holder of the post but stands in for one, or is above it;
    `decides_already`; `own_request` where it is the colleague's own (A34); `words_needed`, `inactive_person`.
    """
    with changing(session, visit, "delegate", right="delegate", expected=expected, plain=True) as v:
        context, step = ActorContext(session, (v.row,)), _step(v.row)
        reason = needed_words(words)
        voice = context.voice(v.row, step, session.actor.person)
        if voice is None or voice.of is not None or voice.above:
            raise Refused("no_passing_on")
        _insist_may(context, v.row, step, person)
        StandIn.create(
            for_person=voice.person, person=person, since=session.now().date(), step=step.id, reason=reason,
            made_by=voice.person,
        )  # fmt: skip
        v.details = {"person": person, "words": reason}
    return v.done("delegate", who=name_of(person))


def undo_delegate(session: Session, visit: int, *, expected: int) -> Done:
    """Take back what the actor handed on, while nobody has decided on it."""
    with changing(session, visit, "undo_delegate", right="undo_delegate", expected=expected, plain=True) as v:
        context, step = ActorContext(session, (v.row,)), _step(v.row)
        mine = [row for row in context.stand_ins.handed(step) if row.for_person_id == session.actor.person]
        StandIn.update(ended_utc=session.now_utc()).where(StandIn.id.in_([row.id for row in mine])).execute()
        v.details = {"person": mine[-1].person_id}
    return v.done("undo_delegate")


def _step(row: Visit) -> Step:
    step = current_step(row)
    if step is None:
        raise Refused("nothing_to_decide")
    return step


def _insist_may(context: ActorContext, row: Visit, step: Step, person: int) -> None:
    """Refused where a person cannot be handed a request."""
    require_active(person)
    if person == row.applicant_id and context.policy(row).own_request == "up" and step.what != "opinion":
        raise Refused("own_request")
    known: Voice | None = context.voice(row, step, person)
    if known is not None and not known.above:
        raise Refused("decides_already", who=name_of(person))


def _allow(session: Session, whose: int) -> None:
    refused = withheld(session, "people") if session.actor.person != whose else None
    if refused is not None:
        raise refused


def _insist(session: Session, wanted: StandInEntry) -> None:
    policy, today = session.policy, session.now().date()
    require_active(wanted.for_person)
    if wanted.person is not None:
        require_active(wanted.person)
    if wanted.person == wanted.for_person:
        raise Refused("stands_in_for_self")
    if wanted.person is None and not wanted.away:
        raise Refused("nothing_of_stand_in")
    if wanted.until < wanted.since:
        raise Refused("until_before_since", until=wanted.until.isoformat(), since=wanted.since.isoformat())
    if wanted.until < today:
        raise Refused("stand_in_over", until=wanted.until.isoformat())
    for post in wanted.posts:
        if all(each.id != post for each in policy.posts):
            raise Refused("unknown_post", post=clean(post))
    if wanted.tier is not None and all(each.id != wanted.tier for each in policy.tiers):
        tiers = validate.joined([each.name for each in policy.tiers])
        raise Refused("unknown_tier", tier=clean(wanted.tier), tiers=tiers)
    same = StandIn.person.is_null() if wanted.person is None else StandIn.person == wanted.person
    known = StandIn.select().where(
        StandIn.for_person == wanted.for_person, same, StandIn.step.is_null(), StandIn.ended_utc.is_null(),
        StandIn.since <= wanted.until, StandIn.until >= wanted.since,
    )  # fmt: skip
    if any(not row.posts or not wanted.posts or set(row.posts) & set(wanted.posts) for row in known):
        row = next(iter(known))
        raise Refused("stands_in_already", since=row.since.isoformat(), until=str(row.until))


def _told(row: StandIn) -> dict[str, object]:
    """What the journal keeps of it."""
    who = Person.get_or_none(Person.id == row.person_id) if row.person_id is not None else None
    return {
        "stand_in": row.id, "person": row.person_id, "name": who.name if who else "", "for": row.for_person_id,
        "posts": row.posts, "since": row.since, "until": row.until, "tier": row.tier, "away": row.away,
    }  # fmt: skip
