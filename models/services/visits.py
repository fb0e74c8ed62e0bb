"""What all verbs on a visit share: find the row, check and bump its version, say what was done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models.errors import Refused
from models.frozen import record
from models.policy.model import Policy
from models.schema.journal import details_of
from models.schema.store import reading
from models.schema.tables import Expense, Journal, JournalDetail, Person, Step, Visit
from models.services import validate
from models.services.session import Session, policy_of
from models.words import Name, Phrase

# -- rows, versions, results ------------------------------------------------------------------------------------------


@record
class Done:
    """What a verb did. `next`: the posts at whom the visit now lies; `message` says it in one sentence."""

    visit: int
    number: str | None
    state: str
    version: int
    next: tuple[str, ...]
    message: Phrase


def visit_row(visit: int) -> Visit:
    """The visit's row; Refused where there is none (any more)."""
    row = Visit.get_or_none(Visit.id == visit)
    if row is None:
        raise Refused("no_visit")
    return row


def expected_row(visit: int, expected: int) -> Visit:
    """The visit's row, if it is still as the caller saw it; else Refused with its new state and who changed it."""
    row = visit_row(visit)
    if row.version != expected:
        raise stale("stale", visit, state=Phrase(f"done.state.{row.state}"))
    return row


def overtaken(visit: int | None, about: tuple[str, int] | None = None) -> Refused:
    """Who changed something last, and what (see `stale`): for whoever still types what they began before that."""
    with reading():
        return stale("overtaken", visit, about)


LOOKED_BACK = 50
"""So many of the newest entries are looked through for who was faster."""


def stale(code: str, visit: int | None, about: tuple[str, int] | None = None, **facts: object) -> Refused:
    """The refusal of what was seen before somebody else changed it, with who that was and what they did: the last entry
    of the visit, or of what belongs to none, `about` the row that its details name so."""
    whose = Journal.visit.is_null() if visit is None else Journal.visit == visit
    rows: Any = Journal.select(Journal.actor_name, Journal.verb, JournalDetail.details)
    rows = rows.left_outer_join(JournalDetail, on=(JournalDetail.entry == Journal.id)).where(whose)
    for who, verb, details in rows.order_by(Journal.id.desc()).limit(LOOKED_BACK).tuples():
        if about is None or (details is not None and details_of(details).get(about[0]) == about[1]):
            return Refused(code, who=who or Phrase("done.somebody"), what=Phrase(f"verbs.{verb}"), **facts)
    return Refused(code, who=Phrase("done.somebody"), what=Phrase("done.something"), **facts)


def bump_version(session: Session, row: Visit) -> None:
    """Save the visit with its version raised by one and the time of the change."""
    row.version += 1
    row.changed_utc = session.now_utc()
    row.save()


def mark_changed(session: Session, row: Visit) -> None:
    """Save when the visit was changed, without a new version: nobody who has it open need look at it again."""
    Visit.update(changed_utc=session.now_utc()).where(Visit.id == row.id).execute()


def done(row: Visit, message: str, **facts: object) -> Done:
    """The result of a verb; `message` is a key of the `done` catalogue, the number is always among its facts."""
    return done_at(row, current_step(row), message, **facts)


def done_at(row: Visit, step: Step | None, message: str, **facts: object) -> Done:
    """`done`, where the step at which the visit lies is known."""
    next_posts = tuple(step.posts) if step else ()
    phrase = Phrase(f"done.{message}", {"number": row.number or "", **facts})
    return Done(row.id, row.number, row.state, row.version, next_posts, phrase)


def current_step(row: Visit) -> Step | None:
    """The step at which the visit now lies, None where it lies at none."""
    if row.state != "submitted":
        return None
    return Step.get_or_none(Step.visit == row.id, Step.round == row.round, Step.state == "current")


def visit_policy(session: Session, row: Visit) -> Policy:
    """The policy by which a visit is named and run: its own. Where that can no longer be read the one in force, so
    that the visit is still seen and received; `judged` refuses to judge it."""
    try:
        return policy_of(session, row)
    except Refused:
        return session.policy


def state_detail(row: Visit) -> dict[str, object]:
    """The visit's state and tier, for the details of a journal entry."""
    return {"standing": {"state": row.state, "tier": tier_now(row)}}


def tier_now(row: Visit) -> str | None:
    """The tier in force: as corrected or confirmed by a decision, else as proposed (A3)."""
    return row.tier or row.proposed_tier


def post_names(policy: Policy, posts: Iterable[str]) -> Name:
    """The names of posts as one name."""
    return validate.joined([policy.name_of(post) for post in posts])


def person_name(person: int | None) -> str:
    """A person's name by id; empty for nobody."""
    row = Person.get_or_none(Person.id == person) if person else None
    return row.name if row else ""


def needed_words(words: str, code: str = "words_needed") -> str:
    """The words cleaned, without blanks around them; Refused where there are none, or too many."""
    text = validate.text("words", words).strip()
    if not text:
        raise Refused(code)
    return text


# -- who pays a line of costs -----------------------------------------------------------------------------------------


def company_share(row: Expense) -> int:
    """What of a line's actual cost the company pays, minor units."""
    if row.payer == "company":
        return row.actual or 0
    return (row.actual or 0) - row.actual_over if row.actual_over else 0
