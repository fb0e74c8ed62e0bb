"""Rights: which visits the actor may see (`kind.see`), how they stand to each, and who may do what to it.

Whoever asked for a visit, looks after it, is named on it or stands on its way has a part in it; of a department that
has one of its tasks its head, and whoever that is given to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any

from peewee import fn

from models.errors import Refused
from models.frozen import NO_ENTRIES, record
from models.policy.model import Policy, Right
from models.policy.right import ANYBODY, OF_THE_HOUSE, holders_of, posts_meant, rows_for
from models.schema.store import reading
from models.schema.tables import Decision, Journal, Person, Step, Task, Visit, VisitPerson
from models.services import validate
from models.services.person_register import all_holders, named_for, posts_of
from models.services.session import Session, stored_policies
from models.services.step_holders import StandIns, Voice, voices
from models.services.visits import current_step, person_name, post_names, visit_policy, visit_row
from models.words import Phrase

if TYPE_CHECKING:
    from models.policy.case import Case
    from models.services.visit_record import VisitRecord

# -- sight of visits --------------------------------------------------------------------------------------------------

FEW = 500
"""So many visits are asked for by their ids; of more, all are read."""


Policies = Mapping[int | None, Policy]
"""Every version that visits are judged by, by id; None: of what is not submitted yet."""


def hidden(
    session: Session, among: Any = None, posts: frozenset[str] | None = None, policies: Policies | None = None
) -> frozenset[int]:
    """The visits that the session's actor may not see, of all or of those for which a condition on Visit holds. `posts`
    that the actor holds, and `policies`: where they are known already."""
    person = session.actor.person
    with reading():
        if posts is None:
            posts = frozenset(posts_of(person, session.now().date()) if person is not None else ())
        restricted = {
            (version, kind.id)
            for version, policy in (policies or _policies(session)).items()
            for kind in policy.kinds
            if kind.see and posts.isdisjoint(kind.see)
        }
        if not restricted:
            return frozenset()
        found: Any = Visit.select(Visit.id, Visit.policy, Visit.kind).where(Visit.kind.in_({k for _, k in restricted}))
        if among is not None:
            found = found.where(among)
        # Which version it is by is looked at here: by that SQLite would look for visits first, and most have one.
        ids = frozenset(visit for visit, version, kind in found.tuples() if (version, kind) in restricted)
        return ids - _with_part(session, ids, person, posts) if person is not None else ids


def hidden_among(
    session: Session, visits: Iterable[int], posts: frozenset[str] | None = None, policies: Policies | None = None
) -> frozenset[int]:
    """Those of these visits that the actor may not see: the work is that of these, however many others there are."""
    asked = frozenset(visits)
    if not asked:
        return asked
    return asked & hidden(session, Visit.id.in_(asked) if len(asked) <= FEW else None, posts, policies)


def sees(session: Session, row: Visit) -> bool:
    """Whether the actor may see a visit at all."""
    return row.id is None or not hidden(session, Visit.id == row.id)


def _policies(session: Session) -> Policies:
    """In place of a version that can no longer be read the one in force says who sees what."""
    found = stored_policies(session)
    return {number: session.policy if isinstance(each, Refused) else each for number, each in found.items()}


def _with_part(session: Session, ids: frozenset[int], person: int, posts: frozenset[str]) -> frozenset[int]:
    """Those of these visits in which a person who holds these posts has a part."""
    parties = [*posts, *(each.id for each in session.policy.departments if each.head in posts)]
    asked: list[Any] = [
        Visit.select(Visit.id).where(Visit.id.in_(ids), (Visit.applicant == person) | (Visit.coordinator == person)),
        VisitPerson.select(VisitPerson.visit).where(VisitPerson.visit.in_(ids), VisitPerson.person == person),
        Decision.select(Decision.visit).where(Decision.visit.in_(ids), Decision.person == person),
        Task.select(Task.visit).where(
            Task.visit.in_(ids), Task.state != "gone", (Task.assignee == person) | Task.party.in_(parties)
        ),
    ]
    found = {visit for query in asked for (visit,) in query.tuples()}
    steps: Any = Step.select(Step.visit, Step.posts).where(Step.visit.in_(ids)).tuples()
    found |= {visit for visit, asked_posts in steps if not posts.isdisjoint(asked_posts)}
    return frozenset(found | _asked_to_act(session, ids - found, person))


def _asked_to_act(session: Session, ids: frozenset[int], person: int) -> set[int]:
    """Those of these visits that lie at a person who stands in for somebody, or is above a vacant post."""
    rows = list(Visit.select().where(Visit.id.in_(ids), Visit.state == "submitted")) if ids else []
    context = ActorContext(session, rows)
    steps = [(row, context.step(row)) for row in rows]
    return {row.id for row, step in steps if step is not None and person in context.step_holders(row, step)}


# -- how the actor stands to a visit ----------------------------------------------------------------------------------

ROLES = ("host", "companion", "diner")
"""Parts in a visit that are no posts."""


class ActorContext:
    """The actor's standing to these visits, or to one; inside `reading` or `write`, and good for as long only.
    `record`: of the only one, where it is read: then nothing of it is read again."""

    def __init__(self, session: Session, rows: Iterable[Visit], record: VisitRecord | None = None) -> None:
        self.session, self.record = session, record
        self.person = session.actor.person
        self.day = session.now().date()
        self.rows: Sequence[Visit] = tuple(rows)
        self._posts: dict[tuple[int | None, str | None], tuple[str, ...]] = {}
        self._cases: dict[int, Case | None] = {}
        self._voices: dict[tuple[int, int], tuple[Voice, ...]] = {}

    @cached_property
    def registered(self) -> bool:
        """Whether the actor is somebody who works here."""
        if self.record is not None:
            known = self.record.register.persons.get(self.person)
            return known is not None and bool(known.active)
        return Person.select(Person.id).where(Person.id == self.person, Person.active).exists()

    @cached_property
    def unseen(self) -> frozenset[int]:
        """Those of these visits that the actor may not see."""
        return self.hidden_among(row.id for row in self.rows if row.id is not None)

    def hidden_among(self, visits: Iterable[int]) -> frozenset[int]:
        """Those of any visits that the actor may not see."""
        return hidden_among(self.session, visits, self.posts, self.policies)

    @cached_property
    def policies(self) -> Policies:
        """Every version that visits are judged by."""
        return self.record.shared.policies if self.record is not None else _policies(self.session)

    @cached_property
    def posts(self) -> frozenset[str]:
        """The posts that the actor holds today."""
        if self.person is None:
            return frozenset()
        known = self.record.register.posts_of if self.record is not None else posts_of
        return frozenset(known(self.person, self.day))

    @cached_property
    def holders(self) -> Mapping[str, tuple[int, ...]]:
        """Who holds each post today, longest first."""
        return self.record.register.holders(self.day) if self.record is not None else all_holders(self.day)

    @cached_property
    def named(self) -> Mapping[tuple[int, str], list[int]]:
        """Who is named on the visits, by visit and role; for no post that the regulation does not give per visit."""
        rows = {row.id: row for row in self.rows}
        found: dict[tuple[int, str], list[int]] = {}
        for visit, role, person in self._parts():
            if role in ROLES or (visit in rows and role in self.policy(rows[visit]).named_posts):
                found.setdefault((visit, role), []).append(person)
        return found

    def _parts(self) -> Iterable[tuple[int, str, int]]:
        if self.record is not None:
            return [
                (each.visit_id, each.role, each.person_id) for each in sorted(self.record.parts, key=lambda p: p.id)
            ]
        columns = (VisitPerson.visit, VisitPerson.role, VisitPerson.person)
        parts: Any = self._of(VisitPerson.select(*columns), VisitPerson).order_by(VisitPerson.id)
        return list(parts.tuples())

    @cached_property
    def takes_part(self) -> frozenset[int]:
        """The visits on which the actor is named."""
        return frozenset(visit for (visit, _), people in self.named.items() if self.person in people)

    @cached_property
    def steps(self) -> Mapping[int, Step]:
        """The step at which each submitted visit lies."""
        rounds = {row.id: row.round for row in self.rows if row.state == "submitted"}
        found = self._of(Step.select().where(Step.state == "current"), Step)
        return {step.visit_id: step for step in found if rounds.get(step.visit_id) == step.round}

    def step(self, row: Visit) -> Step | None:
        """The step at which a visit lies, None where it lies at none."""
        return self.steps.get(row.id)

    def policy(self, row: Visit) -> Policy:
        """The visit's policy."""
        return self.policies.get(row.policy_id, self.session.policy)

    def post_holders(self, row: Visit, post: str) -> tuple[int, ...]:
        """Who holds a post today, or is named for it on this visit (A24)."""
        return tuple(self.named.get((row.id, post), ())) or self.holders.get(post, ())

    def party_holders(self, row: Visit, party: str) -> tuple[int, ...]:
        """The same of any party but a department: also the lead hosts and the applicant."""
        named = {role: people for (visit, role), people in self.named.items() if visit == row.id}
        return named_for(party, row.applicant_id, named) or self.holders.get(party, ())

    @cached_property
    def stand_ins(self) -> StandIns:
        """Who is away today, and who acts for whom."""
        return StandIns(self.day)

    def voices(self, row: Visit, step: Step) -> tuple[Voice, ...]:
        """Who may act at a step, in which post and for whom; see `stand_ins.voices`."""
        key = (row.id, step.id)
        if key not in self._voices:
            asked = partial(self.post_holders, row)
            self._voices[key] = voices(self.stand_ins, self.policy(row), row, step, asked)
        return self._voices[key]

    def voice(self, row: Visit, step: Step, person: int | None) -> Voice | None:
        """As what a person acts at a step: in a post of theirs where they can, else for somebody; None if they may
        not."""
        own = [each for each in self.voices(row, step) if each.person == person]
        return min(own, key=lambda each: (each.of is not None, each.above), default=None)

    def step_holders(self, row: Visit, step: Step) -> tuple[int, ...]:
        """The persons who may act at a step, those who are there first."""
        return tuple(dict.fromkeys(each.person for each in self.voices(row, step)))

    @cached_property
    def last_said(self) -> Mapping[int, Decision]:
        """What was said last of each visit in its present round, and not taken back."""
        rounds = {row.id: row.round for row in self.rows}
        query = Decision.select(Decision, Step).join(Step).where(Decision.outcome != "taken_back")
        found = self._of(query, Decision).order_by(Decision.id)
        return {each.visit_id: each for each in found if each.step.round == rounds.get(each.visit_id)}

    def runs(self, row: Visit) -> bool:
        """Whether the actor is the coordinator or holds a lasting post of the owner department (R17)."""
        if self.person is not None and row.coordinator_id == self.person:
            return True
        policy = self.policy(row)
        department = row.owner or policy.owner(row.kind, row.department)
        return not self.posts.isdisjoint(self._running(row.policy_id, policy, department))

    def coordinates(self, row: Visit) -> bool:
        """Whether the actor looks after the visit (R17): is its coordinator, or one of those who could be named so;
        who else runs it may be one who decides on it."""
        if self.person is not None and row.coordinator_id == self.person:
            return True
        policy = self.policy(row)
        groups = coordinating_posts(policy, row.owner or policy.owner(row.kind, row.department), row.kind)
        held = (group for group in groups if any(self.holders.get(post) for post in group))
        return not self.posts.isdisjoint(next(held, ()))

    def _running(self, version: int | None, policy: Policy, department: str | None) -> tuple[str, ...]:
        """The posts that run a department's visits; where nobody holds any of them those above its head, too: no
        visit lies where no one can move it."""
        key = (version, department)
        if key not in self._posts:
            posts = department_posts(policy, department, lasting=True)
            if not any(self.holders.get(post) for post in posts):
                heads = [each.head for each in policy.departments if each.id == department and each.head]
                posts = (*posts, *(up for head in heads for up in policy.above(head)))
            self._posts[key] = posts
        return self._posts[key]

    def has_part(self, row: Visit) -> bool:
        """Whether the actor applied for the visit, is named on it, or runs it."""
        return row.applicant_id == self.person or row.id in self.takes_part or self.runs(row)

    @cached_property
    def asked(self) -> Mapping[int, frozenset[tuple[str, int | None]]]:
        """Of whom something is asked on the visits: party and assignee of each task, by visit."""
        if self.record is not None:
            return {self.record.row.id: frozenset((each.party, each.assignee_id) for each in self.record.tasks)}
        found: dict[int, set[tuple[str, int | None]]] = {}
        query = Task.select(Task.visit, Task.party, Task.assignee).where(Task.state != "gone")
        for visit, party, assignee in self._of(query, Task).tuples():
            found.setdefault(visit, set()).add((party, assignee))
        return {visit: frozenset(tasks) for visit, tasks in found.items()}

    def has_task(self, row: Visit) -> bool:
        """Whether a task of the visit is given to the actor, or asked of their post or the department they head."""
        headed = {each.id for each in self.policy(row).departments if each.head in self.posts}
        parties = headed | self.posts
        return any(who == self.person or party in parties for party, who in self.asked.get(row.id, ()))

    @cached_property
    def on_route(self) -> frozenset[int]:
        """The visits on whose route the actor is by a post, or decided, or that lie at them now for somebody else."""
        ours = self._of(Decision.select(Decision.visit).where(Decision.person == self.person), Decision)
        found = {visit for (visit,) in ours.tuples()}
        rows = {row.id: row for row in self.rows}
        steps = self._of(Step.select(Step.visit, Step.posts), Step)
        for visit, posts in steps.tuples():
            if visit in rows and any(self.person in self.post_holders(rows[visit], post) for post in posts):
                found.add(visit)
        found |= {at for at, step in self.steps.items() if at in rows and self.voice(rows[at], step, self.person)}
        return frozenset(found)

    def case(self, row: Visit) -> Case | None:
        """The facts of a visit that a condition asks for; None where its form is not complete."""
        from models.services.visit_record import VisitRecord  # which few regulations need for this

        if row.id not in self._cases:
            self._cases[row.id] = VisitRecord(self.session, row).case
        return self._cases[row.id]

    def changed_by(self, row: Visit) -> int | None:
        """Who made the last change to a visit."""
        last = Journal.select().where(Journal.visit == row.id, Journal.verb == "amend")
        found = last.order_by(Journal.id.desc()).first()
        return found.actor if found else None

    def _of(self, query: object, table: type[VisitPerson | Step | Task | Decision]):  # type: ignore[no-untyped-def]  # the stubs have no name for a select
        ids = [row.id for row in self.rows]
        return query.where(table.visit.in_(ids)) if len(ids) <= FEW else query  # type: ignore[attr-defined]  # a select


def department_posts(policy: Policy, department: str | None, *, lasting: bool = False) -> tuple[str, ...]:
    """The posts of a department, its head's among them; with `lasting` without those named per visit."""
    if department is None:
        return ()
    heads = {row.head for row in policy.departments if row.id == department}
    return tuple(
        [
            post.id
            for post in policy.posts
            if (post.department == department or post.id in heads) and not (lasting and post.per_visit)
        ]
    )


def coordinating_posts(policy: Policy, department: str | None, kind: str | None) -> tuple[tuple[str, ...], ...]:
    """Who looks after a department's visits (R17), in groups of posts of which the first that anybody holds counts:
    those below the head that the kind of visitor names as filing or seeing such requests; the head; any of the
    department's lasting posts; those above the head."""
    heads = tuple(each.head for each in policy.departments if each.id == department and each.head)
    named = {post for each in policy.kinds if each.id == kind for post in (*each.applicants, *each.see)}
    posts = department_posts(policy, department, lasting=True)
    below = tuple(post for post in posts if post in named and post not in heads)
    return below, heads, posts, tuple(up for head in heads for up in policy.above(head))


# -- who may do what --------------------------------------------------------------------------------------------------

LIVE = frozenset(["approved", "under_way"])
EDITED = frozenset(["draft", "returned"])
CHANGING = frozenset(["changing"])
"""Submitted, too, but approved before: only a change to it is being decided, what is arranged goes on (R16)."""
DECIDED = CHANGING | {"submitted"}
EVERY = LIVE | EDITED | DECIDED | {"refused", "done", "closed", "cancelled", "no_show"}


@record
class Rule:
    """In which states of a visit a verb is possible. For whom the regulation says (`models.policy.right`) under the
    verb, or in one of the states `instead` under another; `by` says it where that is no matter of rights."""

    states: frozenset[str]
    by: tuple[str, ...] | None = None
    instead: Mapping[str, str] = NO_ENTRIES


_RULES = {
    "read": Rule(EVERY, ()),
    "copy": Rule(EVERY),
    "note": Rule(EVERY - {"draft"}),
    "edit": Rule(EDITED),
    "discard": Rule(EDITED),
    "submit": Rule(EDITED),
    "withdraw": Rule(frozenset(["submitted"])),
    "urge": Rule(DECIDED),
    "decide": Rule(DECIDED, ("approver",)),
    "delegate": Rule(DECIDED, ("approver",)),
    "undo_delegate": Rule(DECIDED, ("delegated",)),
    "undo_agree": Rule(DECIDED, ("agreed",)),
    "record": Rule(DECIDED),
    "amend": Rule(LIVE),
    "take_change_back": Rule(CHANGING),
    "cancel": Rule(LIVE | DECIDED),
    "tell": Rule(LIVE | CHANGING | {"cancelled", "no_show", "draft", "done"}),
    "restore": Rule(frozenset(["cancelled"])),
    "met": Rule(CHANGING | {"approved"}),
    "seen_off": Rule(CHANGING | {"under_way"}),
    "take_back": Rule(CHANGING | {"under_way", "done", "no_show"}, None, {"no_show": "no_show"}),
    "track": Rule(LIVE | CHANGING),
    "stage": Rule(LIVE | CHANGING),
    "arrange": Rule(LIVE | CHANGING),
    "arranged": Rule(LIVE | CHANGING | {"done"}),
    "book": Rule(LIVE | DECIDED),
    "no_show": Rule(CHANGING | {"approved"}),
    "miss": Rule(LIVE | CHANGING | {"no_show"}),
    "hand_over": Rule(LIVE | DECIDED | {"done", "no_show"}),
    "task": Rule(LIVE | CHANGING | {"done"}, ("@anybody",)),
    "settle": Rule(LIVE | {"done", "no_show"}),
    "sign": Rule(LIVE | {"done", "no_show"}, ("@anybody",)),
    "close": Rule(frozenset(["done", "no_show"])),
    "reopen": Rule(frozenset(["closed"])),
    "phones": Rule(EVERY),
}
_UNNAMED = ("people", "things", "journal", "phones", "export")
"""What somebody who is alone with their own file may do before they say who they are."""


def refusal_code(session: Session, verb: str, visit: Visit | int | None = None) -> str | None:
    """None when the actor may do `verb` now, to `visit` where it is done to one; else the reason's code.

    The sentence `refused.<code>` of that code needs no facts. Raises KeyError for a verb there is no rule for.
    """
    if visit is not None and verb not in OF_THE_HOUSE:
        return refusal_codes(session, visit, (verb,))[verb]
    with reading():
        return _of_the_house(ActorContext(session, ()), verb)


def refusal_codes(session: Session, visit: Visit | int, verbs: Iterable[str] = tuple(_RULES)) -> dict[str, str | None]:
    """`refusal_code` for these verbs on a visit, or all of them, at once: for a screen that greys its keys."""
    with reading():
        row = visit_row(visit) if isinstance(visit, int) else visit
        return refusals(ActorContext(session, (row,)), row, verbs)


def refusals(context: ActorContext, row: Visit, verbs: Iterable[str] = tuple(_RULES)) -> dict[str, str | None]:
    """`refusal_codes` for one of the visits of a standing: for a list, whose visits share what is read of the store."""
    is_one = cache(lambda who: _is(context, row, who))
    found: dict[str, str | None] = {}
    for verb in verbs:
        if verb != "read" and not context.registered:
            found[verb] = "nobody_acts"
        elif row.id in context.unseen:
            found[verb] = "restricted"
        else:
            found[verb] = _rule_refusal(context, row, verb, is_one)
    return found


def client_refusal(session: Session, client: int) -> str | None:
    """None when the actor may change the record of a client, by a part in one of its visits, or in the latest of each
    department; else the reason's code. Everybody may read it."""
    person = session.actor.person
    with reading():
        context = ActorContext(session, ())
        if not context.registered:
            return "nobody_acts"
        by = {who for right in rows_for(session.policy, "client") for who in right.by}
        if not context.posts.isdisjoint(holders_of(session.policy, "client", on_visits=True)) or ANYBODY in by:
            return None
        rows = Visit.select().where(Visit.client == client, Visit.number.is_null(False))
        asked, coordinated = Visit.applicant == person, Visit.coordinator == person
        own = [is_so for who, is_so in (("@applicant", asked), ("@coordinator", coordinated)) if who in by]
        if any(rows.where(is_so).exists() for is_so in own):
            return None
        latest = Visit.select().where(Visit.id.in_(rows.select(fn.MAX(Visit.id)).group_by(Visit.owner)))
        found = ActorContext(session, list(latest))
        is_one = any(_is(found, row, who) for row in found.rows for who in by - {"@applicant"})
        return None if is_one else "not_client"


def withheld(session: Session, verb: str) -> Refused | None:
    """Why the actor may not do what is done to no visit, and who may; None where they may."""
    code = refusal_code(session, verb)
    if code is None or code == "nobody_acts":
        return Refused(code) if code else None
    names = [session.policy.name_of(post) for post in holders_of(session.policy, verb)]
    return Refused("right_of_others", what=Phrase(f"listing.verb.{verb}"), who=validate.joined(names))


def _of_the_house(context: ActorContext, verb: str) -> str | None:
    """Who is alone with their own file may do everything that is done to no visit; in an office the regulation says."""
    session = context.session
    rows = rows_for(session.policy, verb)
    if not session.office and verb in _UNNAMED:
        return None
    if not context.registered:
        return "nobody_acts"
    if not session.office or any(ANYBODY in right.by for right in rows if not right.when):
        return None
    return "no_right" if context.posts.isdisjoint(holders_of(session.policy, verb)) else None


def _rule_refusal(context: ActorContext, row: Visit, verb: str, is_one: Callable[[str], bool]) -> str | None:
    """Why neither the state of a visit nor what the actor is to it allows a verb; None where both do."""
    if verb in OF_THE_HOUSE:
        return _of_the_house(context, verb)
    rule = _RULES[verb]
    state = "changing" if row.state == "submitted" and row.before is not None else row.state
    if state not in rule.states:
        return "change_being_decided" if state == "changing" and "submitted" in rule.states else f"state.{row.state}"
    if rule.by and rule.by[0] in _AT_STEP:
        return _AT_STEP[rule.by[0]](context, row)
    asked = rule.instead.get(row.state, verb)
    by = rule.by if rule.by is not None else _by(context, row, asked)
    if any(map(is_one, by)) or rule.by == ():
        return None
    return _CODES.get(asked) or _CODES.get(by[0] if by else "", "no_right")


def _by(context: ActorContext, row: Visit, verb: str) -> tuple[str, ...]:
    """Whom the regulation that is in force today lets do a verb to a visit; the visit's own says nothing of that, or
    a right that was taken away would live on with every visit that is open."""
    rows = rows_for(context.session.policy, verb)
    return tuple(who for right in rows if _holds(context, row, right) for who in right.by)


def _holds(context: ActorContext, row: Visit, right: Right) -> bool:
    if not right.when:
        return True
    from models.policy.case import holds  # as few regulations need

    case = context.case(row)
    return case is not None and holds(right.when, case)


def require(session: Session, verb: str, row: Visit, context: ActorContext | None = None) -> None:
    """Refused unless the actor may do `verb` to the visit now; an approver is told who may instead. `context`: where
    it is known already."""
    code = refusal_code(session, verb, row) if context is None else refusals(context, row, (verb,))[verb]
    if code == "not_approver":
        raise decides_other(session, row)
    if code is not None:
        raise (withheld(session, verb) if verb in OF_THE_HOUSE else None) or Refused(code)


def decides_other(session: Session, row: Visit) -> Refused:
    """The refusal that names the posts which may decide now, and who holds them."""
    step = current_step(row)
    posts = post_names(visit_policy(session, row), step.posts if step else ())
    who = step_holders(session, row, step) if step else ()
    if not who:
        return Refused("decides_vacant", posts=posts)
    return Refused("decides_other", posts=posts, who=", ".join([person_name(person) for person in who]))


def step_holders(session: Session, row: Visit, step: Step) -> tuple[int, ...]:
    """The persons who may act at a step today, see `ActorContext.voices`; those who are there first."""
    return ActorContext(session, (row,)).step_holders(row, step)


def post_holders(session: Session, row: Visit, post: str) -> tuple[int, ...]:
    """Who holds a post today, or is named for it on this visit."""
    return ActorContext(session, (row,)).post_holders(row, post)


def acting_posts(context: ActorContext, row: Visit) -> tuple[str, ...]:
    """The posts in which the actor may speak on a visit: those held today, and those named for on it."""
    named = [
        role
        for (visit, role), people in context.named.items()
        if visit == row.id and context.person in people and role not in ROLES
    ]
    return tuple(dict.fromkeys([*sorted(context.posts), *named]))


def runs(session: Session, row: Visit) -> bool:
    """Whether the actor is the visit's coordinator or holds a lasting post of the owner department (R17)."""
    return ActorContext(session, (row,)).runs(row)


def of_party(context: ActorContext, row: Visit, task: Task) -> bool:
    """Whether the actor belongs to whom a task is asked of: a department, a post, somebody of the visit."""
    policy = context.policy(row)
    if any(department.id == task.party for department in policy.departments):
        return not context.posts.isdisjoint(department_posts(policy, task.party))
    return context.person in context.party_holders(row, task.party)


def _is(context: ActorContext, row: Visit, who: str) -> bool:
    """Whether the actor is one whom a row of rights names: a post, a department, or somebody of the visit."""
    if who in _WHO:
        return _WHO[who](context, row)
    named = context.person is not None and context.person in context.post_holders(row, who)
    return named or not context.posts.isdisjoint(posts_meant(context.session.policy, who))


def _is_applicant(context: ActorContext, row: Visit) -> bool:
    return row.applicant_id in (None, context.person)


def _heads_owner(context: ActorContext, row: Visit) -> bool:
    policy = context.policy(row)
    department = row.owner or policy.owner(row.kind, row.department)
    return any(each.head in context.posts for each in policy.departments if each.id == department)


def _is_in_department(context: ActorContext, row: Visit) -> bool:
    return not context.posts.isdisjoint(department_posts(context.policy(row), row.department, lasting=True))


def _is_changer(context: ActorContext, row: Visit) -> bool:
    return context.changed_by(row) in (None, context.person)


def _is_approver(context: ActorContext, row: Visit) -> str | None:
    """The current step's holders; not for one's own request where own requests go up and another could decide (A34)."""
    step, person = context.step(row), context.person
    who = context.step_holders(row, step) if step else ()
    if person is None or person not in who:
        return "not_approver"
    own = person == row.applicant_id and context.policy(row).own_request == "up"
    return "own_request" if own and step and step.what != "opinion" and len(who) > 1 else None


def _has_delegated(context: ActorContext, row: Visit) -> str | None:
    """Who handed the request on at this step."""
    step = context.step(row)
    handed = context.stand_ins.handed(step) if step is not None else ()
    return None if any(each.for_person_id == context.person for each in handed) else "not_delegated"


def _has_agreed(context: ActorContext, row: Visit) -> str | None:
    """Who agreed last, or entered that for another: nobody has acted at the next step yet."""
    last = context.last_said.get(row.id)
    mine = last is not None and context.person in (last.person_id, last.recorded_by_id)
    return None if mine and last is not None and last.outcome in ("agree", "pass_on") else "nothing_agreed"


_AT_STEP: dict[str, Callable[[ActorContext, Visit], str | None]] = {
    "approver": _is_approver,
    "delegated": _has_delegated,
    "agreed": _has_agreed,
}
"""What somebody is to the step at which a visit lies: None, or the code of why they are not."""
_WHO: dict[str, Callable[[ActorContext, Visit], bool]] = {
    ANYBODY: lambda context, row: True,
    "@applicant": _is_applicant,
    "@coordinator": lambda context, row: context.coordinates(row),
    "@owner": lambda context, row: context.runs(row),
    "@owner_head": _heads_owner,
    "@department": _is_in_department,
    "@lead_host": lambda context, row: context.person in context.named.get((row.id, "host"), ()),
    "@changer": _is_changer,
    "@approver": lambda context, row: row.id in context.on_route,
    "@part": lambda context, row: context.has_part(row),
    "@task": lambda context, row: context.has_task(row),
}
"""Whom a row of rights may name by what they are to a visit; `@top` is a matter of posts alone."""
_CODES = {
    "record": "not_recorder",
    "@applicant": "not_yours",
    "@coordinator": "not_coordinator",
    "@owner": "not_coordinator",
    "@changer": "not_your_change",
    "@part": "no_part",
    "@task": "no_part",
}
"""Why not, by the verb or by whom its first row names."""
