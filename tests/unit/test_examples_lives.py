"""Other organisations' policies, with other ids and with no tiers: a visit lives under each, from draft to closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from models.form import Form, FormGuest, FormMeal
from models.policy.case import PlannedLodging
from models.policy.model import Kind, Policy
from models.queries import (
    calendar_lists,
    day_lists,
    register_lists,
    request_lists,
    request_preview,
    task_lists,
    visit_detail,
)
from models.schema.store import reading
from models.schema.tables import Expense, Task, Visit
from models.services import cost_check, cost_verbs, day_verbs, decision_verbs, person_verbs, request_verbs, task_verbs
from models.services.arrangement_verbs import amend
from models.services.request_verbs import submit
from models.services.rights import step_holders
from models.services.session import Actor, Session
from models.services.visit_record import VisitRecord
from models.services.visits import Done, current_step
from tests.unit.examples import FILES, policy_of
from tests.unit.stores import fresh_store

REASONS = dict.fromkeys(["late", "lead_host", "companions", "cap", "grade", "least", "count", "need", "check"], "因为")
ASKED, COMES, GOES = datetime(2026, 11, 2, 9), datetime(2026, 12, 14, 10), datetime(2026, 12, 15, 15)


@dataclass
class Office:
    """An organisation with one person for each of its posts."""

    policy: Policy
    by_post: dict[str, int]
    now: datetime = ASKED

    def session(self, person: int | None) -> Session:
        return Session(Actor(person, "", "test"), lambda: self.now.replace(tzinfo=UTC), self.policy)

    def head(self, kind: Kind) -> int:
        """Who heads the department that owns visits of this kind."""
        heads = [each.head for each in self.policy.departments if each.id == kind.owner and each.head]
        return self.by_post[heads[0]]


AT_ONCE = ("authority", "maker", "university")
"""Those of which `test_regulations` does not show every screen in the default run; all of them in the long one."""


@pytest.fixture(params=[name if name in AT_ONCE else pytest.param(name, marks=pytest.mark.long) for name in FILES])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    store = fresh_store(tmp_path / "store.db")
    made = Office(policy_of(request.param), {})
    posts = [post.id for post in made.policy.posts]
    ids = person_verbs.set_up(made.session(None), [(post, "", (post,)) for post in posts], since=date(2020, 1, 1))
    made.by_post = dict(zip(posts, ids, strict=True))
    yield made
    store.close()


def filled(office: Office, kind: Kind) -> Form:
    """A request that asks for everything the policy has, at its highest tier."""
    lists = {key: [entry.id for entry in entries] for key, entries in office.policy.lists.items()}
    return Form(
        kind=kind.id,
        tier=next((tier.id for tier in office.policy.tiers), None),
        client="甲",
        applicant=office.by_post[kind.applicants[0]] if kind.applicants else office.head(kind),
        headcount=3,
        guests=(FormGuest("徐明哲", "董事长", principal=True),),
        arrive=COMES,
        depart=GOES,
        purposes=tuple(lists.get("purpose", ())[:1]),
        services=tuple(lists.get("service", ())),
        wants=tuple(lists.get("want", ())),
        dining=True,
        meals=(FormMeal(COMES.date(), 3, 1, meal=next(iter(lists.get("meal", ())), None)),),
        lodged=True,
        lodging=(PlannedLodging(COMES.date(), 3),),
        documents=tuple(need.id for need in office.policy.needs if need.type == "document"),
        per_visit={post.id: office.by_post[post.id] for post in office.policy.posts if post.per_visit},
    )


def agreed(office: Office, done: Done) -> Done:
    """Everybody on the way agrees, with what they need to see before."""
    while done.state == "submitted":
        with reading():
            row = Visit.get_by_id(done.visit)
            step = current_step(row)
            assert step is not None
            session = office.session(step_holders(office.session(None), row, step)[0])
        preview = request_lists.preview(session, done.visit)
        assert preview is not None
        assert preview.problem is None
        done = decision_verbs.decide(
            session, done.visit, expected=done.version, outcome="agree", words="同意", reasons=REASONS
        )
    return done


def signed(office: Office, done: Done) -> None:
    """Whoever the policy asks to agree to what was paid agrees."""
    with reading():
        row = Visit.get_by_id(done.visit)
        record = VisitRecord(office.session(None), row)
        rows = record.expenses
        found = cost_check.check_costs(record, rows)
    for line in rows:
        for seen, ask in enumerate(found.lines[line.id].asks, line.version):
            cost_verbs.sign_expense(office.session(office.by_post[ask.posts[0]]), line.id, expected=seen)


def looked_at(session: Session, done: Done) -> None:
    """Every list has the visit, or at least opens."""
    assert done.visit in [line.visit for line in request_lists.requests(session)]
    assert done.visit in [line.visit for line in day_lists.today(session, COMES.date()).lines]
    assert calendar_lists.span(session, COMES.date(), GOES.date()).days[0].entries
    assert visit_detail.visit(session, done.visit) is not None
    assert register_lists.register(session).posts
    task_lists.checklist(session)
    task_lists.waiting(session)


def test_a_visit_lives_under_the_policy(office: Office) -> None:
    """Draft, decided, changed, decided again, received, settled and closed; no tier, post or list has a usual id."""
    for kind in office.policy.kinds:
        office.now = ASKED
        form = filled(office, kind)
        own, head = office.session(form.applicant), office.session(office.head(kind))
        request_preview.verdict(own, form)
        saved = request_verbs.new_draft(own, form)
        done = agreed(office, submit(own, saved.visit, expected=saved.version, reasons=REASONS))
        with reading():
            asked = list(Task.select().where(Task.visit == done.visit))
        for task in asked:
            seen = task_verbs.assign(head, task.id, head.actor.person, expected=task.version).version
            task_verbs.tick(head, task.id, expected=seen)
        more = amend(head, done.visit, replace(form, headcount=5), expected=done.version, reasons=REASONS).done
        done = agreed(office, more)
        office.now = COMES
        looked_at(head, done)
        done = day_verbs.met(head, done.visit, expected=done.version)
        office.now = GOES
        done = day_verbs.seen_off(head, done.visit, expected=done.version)
        with reading():
            lines = list(Expense.select().where(Expense.visit == done.visit))
        for line in lines:
            amount = (line.planned or 0) + 1000
            cost_verbs.enter_actual(
                head, line.id, expected=line.version, amount=amount, reason="另付", decided_by="校长"
            )
        signed(office, done)
        assert cost_verbs.close(head, done.visit, expected=done.version).state == "closed"
