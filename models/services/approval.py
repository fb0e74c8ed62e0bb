"""What the last decision starts: tier confirmed, coordinator named, stages, tasks, costs and texts made (R16)."""

from __future__ import annotations

from dataclasses import replace

from models.policy.answer import Answer
from models.schema.tables import Person, Visit
from models.services import displays, form_rows
from models.services.forms import owner_of
from models.services.measure import remeasure
from models.services.people import holders
from models.services.rebooking import settle
from models.services.rebuild import Rebuilt, rebuild
from models.services.retime import following
from models.services.rights import LIVE
from models.services.session import Session
from models.services.snapshot import unpacked
from models.services.standing import coordinating_posts
from models.services.visit_record import VisitRecord
from models.services.visits import tier_now, visit_policy
from models.services.whereabouts import state_of


def approve(record: VisitRecord, answer: Answer, before: Answer | None = None) -> Rebuilt:
    """Turn a request into arrangements. A visit to which a change was decided goes on where its guests are by now."""
    session, row = record.session, record.row
    row.tier = tier_now(row)
    row.before = None
    row.state = state_of(row)
    if row.coordinator_id is None:
        row.coordinator = coordinator(session, row)
    with following(record.renewed()):
        rebuilt = rebuild(row, answer, before)
    record = record.renewed()
    remeasure(record)
    displays.refresh(session, row)
    settle(record)
    return rebuilt


def put_back(record: VisitRecord) -> None:
    """Undo a change that was to be decided: the visit is again what was approved."""
    session, row = record.session, record.row
    asked, old = record.judged(), unpacked(row.before or {})
    with following(record):
        form_rows.save(row, replace(old, tier=row.proposed_tier))
        row.tier = old.tier
        row.owner = owner_of(visit_policy(session, row), old, (row.submitted_at or session.now()).date())
        row.reasons = dict(old.reasons)
        now = record.renewed()
        approve(now, now.judged(), asked)


def coordinator(session: Session, row: Visit) -> Person | None:
    """Who looks after a visit for the owner department (R17): of its lasting posts below the head those that the kind
    of visitor names as filing or seeing such requests, else the head. Who acts, if among them; else whoever has the
    fewest visits now; None where nobody holds any."""
    below, heads, *_ = coordinating_posts(visit_policy(session, row), row.owner, row.kind)
    for group in (below, heads):
        people = sorted({person for post in group for person in holders(post, session.now().date())})
        if people:
            actor = session.actor.person
            return Person.get_by_id(actor if actor in people else min(people, key=_load))
    return None


def _load(person: int) -> int:
    return Visit.select().where(Visit.coordinator == person, Visit.state.in_(LIVE)).count()
